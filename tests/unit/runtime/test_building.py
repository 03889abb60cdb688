"""Models are built in an order of our own: each schema once, and what comes out is pydantic's."""

import itertools
import random
import re
import sys
import threading
import types
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import core_schema

from conftest import REPO
from oasmith.runtime import building

HEAD = """
from __future__ import annotations
from typing import Annotated, Any, Literal
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from typing_extensions import TypeAliasType
from oasmith.runtime.models import RequestModel, ResponseModel, UnknownModel, by_tag
"""

_number = itertools.count()


class Counted:
    """Metadata of a field that counts how often a schema is generated for it."""

    def __init__(self, name: str, seen: Counter[str]) -> None:
        self.name = name
        self.seen = seen

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        self.seen[self.name] += 1
        return handler(source)


def adapter(model: Any) -> TypeAdapter[Any]:
    """Make an adapter of lists of the model."""
    of_lists: Any = list.__class_getitem__(model)
    return TypeAdapter(of_lists)


Module = Callable[[str], Any]


@pytest.fixture
def module() -> Iterator[Module]:
    """Make modules from text. `{}` in the text of one stands for the number of the modules."""
    made: list[str] = []

    def make(text: str, **names: Any) -> Any:
        name = f"built_{next(_number)}"
        made.append(name)
        new = types.ModuleType(name)
        new.__dict__.update(names)
        sys.modules[name] = new
        exec(compile(HEAD + text, name, "exec"), new.__dict__)
        return new

    yield make
    for name in made:
        del sys.modules[name]


def chain(module: Any, length: int, base: str, seen: Counter[str]) -> list[Any]:
    """Make modules with one model each: the first refers to nothing, each to the one before."""
    models: list[Any] = []
    for at in range(length):
        fields = [f"own: Annotated[int, Counted('M{at}', seen)] = 0"]
        names: dict[str, Any] = {"Counted": Counted, "seen": seen}
        if models:
            names[models[-1].__name__] = models[-1]
            fields += [f"next: {models[-1].__name__} | None = None"]
            fields += [f"all: list[{models[-1].__name__}] | None = None"]
        body = "".join(f"    {each}\n" for each in fields)
        models.append(
            getattr(module(f"class M{at}({base}):\n{body}", **names), f"M{at}"),
        )
    return models


@pytest.mark.parametrize("base", ["RequestModel", "ResponseModel"])
@pytest.mark.parametrize("first", [0, 3, 7])
def test_a_chain_is_generated_once(module: Any, base: str, first: int) -> None:
    seen: Counter[str] = Counter()
    models = chain(module, 8, base, seen)
    models[first].model_validate({"own": 1})
    assert seen == {f"M{at}": 1 for at in range(first + 1)}
    for model in models:
        model.model_validate({"own": 1})
    adapter(models[7]).validate_python([{"own": 2}])
    assert seen == {f"M{at}": 1 for at in range(8)}


def test_a_chain_may_be_longer_than_the_stack(module: Any) -> None:
    seen: Counter[str] = Counter()
    last = chain(module, 150, "ResponseModel", seen)[-1]
    assert last.model_validate({"next": {"next": {"own": 3}}}).next.next.own == 3
    assert seen.keys() == {f"M{at}" for at in range(150)}


CIRCLE = """
class Query({base}):
    own: Annotated[int, Counted("Query", seen)] = 0
    both: Both | None = None
    other: Not | None = None
    deep: dict[str, Kind] | None = None

class Both({base}):
    own: Annotated[int, Counted("Both", seen)] = 0
    queries: list[Query] = []

class Not({base}):
    own: Annotated[int, Counted("Not", seen)] = 0
    query: Query
    kind: Kind | None = None

class Text({base}):
    own: Annotated[int, Counted("Text", seen)] = 0
    kind: Literal["text"]
    parts: list[Kind] = []

class Tree({base}):
    own: Annotated[int, Counted("Tree", seen)] = 0
    kind: Literal["tree"]
    query: Query | None = None

Kind = TypeAliasType("Kind", "Annotated[Text | Tree, Field(discriminator='kind')]")
"""

NAMES = ("Query", "Both", "Not", "Text", "Tree")

VALUES: dict[str, dict[str, Any]] = {
    "Query": {"own": 1, "both": {"queries": [{"own": 2}, {"other": {"query": {"own": 3}}}]}},
    "Both": {"queries": [{"deep": {"a": {"kind": "text", "parts": [{"kind": "tree"}]}}}]},
    "Not": {"query": {"both": {"own": 1}}, "kind": {"kind": "tree", "query": {"own": 4}}},
    "Text": {"kind": "text", "parts": [{"kind": "tree", "query": {"own": 1}}, {"kind": "text"}]},
    "Tree": {"kind": "tree", "query": {"deep": {"b": {"kind": "tree", "own": 7}}}},
}


def circle(module: Any, base: str, seen: Counter[str]) -> Any:
    return module(CIRCLE.replace("{base}", base), Counted=Counted, seen=seen)


@pytest.mark.parametrize("base", ["RequestModel", "ResponseModel"])
@pytest.mark.parametrize("many", [0, 1, 100], ids=["all-shared", "some-shared", "none-shared"])
@pytest.mark.parametrize("first", NAMES)
def test_a_circle_is_generated_once(
    module: Any, base: str, first: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_MANY", many)
    seen: Counter[str] = Counter()
    made = circle(module, base, seen)
    for name in (first, *NAMES):
        value = getattr(made, name).model_validate(VALUES[name])
        assert value.model_dump(exclude_unset=True) == VALUES[name]
        assert getattr(made, name).model_validate_json(value.model_dump_json()) == value
    assert seen == dict.fromkeys(NAMES, 1)


def written_out(schema: dict[str, Any]) -> dict[str, Any]:
    """Put a definition in the place of the reference that is all of a JSON schema."""
    if schema.keys() != {"$ref", "$defs"}:
        return schema
    return {**schema["$defs"][schema["$ref"].rpartition("/")[2]], "$defs": schema["$defs"]}


@pytest.mark.parametrize("base", ["RequestModel", "ResponseModel"])
@pytest.mark.parametrize("first", NAMES)
def test_json_schemas_are_those_of_pydantic(module: Any, base: str, first: str) -> None:
    made = circle(module, base, Counter())
    extra = {"RequestModel": "forbid", "ResponseModel": "allow"}[base]
    plain = module(
        f"class Plain(BaseModel):\n    model_config = ConfigDict(extra='{extra}')\n"
        + CIRCLE.replace("{base}", "Plain"),
        Counted=Counted,
        seen=Counter(),
    )
    for name in (first, *NAMES):
        expected = written_out(getattr(plain, name).model_json_schema())
        assert written_out(getattr(made, name).model_json_schema()) == expected
        both = adapter(getattr(plain, name)).json_schema()
        assert adapter(getattr(made, name)).json_schema() == both


def graph(rng: random.Random, size: int, base: str) -> tuple[str, list[str]]:
    """Write models that refer to each other at random, through lists, maps and unions."""
    names = [f"G{at}" for at in range(size)]
    lines = []
    for name in names:
        lines.append(
            f"class {name}({base}):\n    kind: Literal['{name}'] = '{name}'\n    n: int = 0"
        )
        for at, target in enumerate(rng.sample(names, rng.randint(0, 3))):
            shape = rng.choice(
                ["{0}", "list[{0}]", "dict[str, {0}]", "{0} | list[{1}]", "{0} | {1} | int"]
            ).format(target, rng.choice(names))
            lines.append(f"    f{at}: {shape} | None = None")
        lines.append("    u: Alias | None = None" if rng.random() < 0.4 else "    v: str = ''")
    tagged = ", ".join(f"Annotated[{name}, Tag('{name}')]" for name in names[:4])
    lines.append(
        f"Alias = TypeAliasType('Alias', \"Annotated[{tagged.replace('], ', '] | ')}, "
        'Discriminator(kind_of)]")'
    )
    return "\n".join(lines), names


def kind_of(value: Any) -> Any:
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)


def some_value(rng: random.Random, names: list[str], depth: int) -> Any:
    """Give a value that may or may not be right."""
    value: dict[str, Any] = {"n": rng.choice([1, 2, "3", "x"] if rng.random() < 0.1 else [1, 2])}
    if rng.random() < 0.6:
        value["kind"] = rng.choice(names)
    for key in ("f0", "f1", "f2", "u"):
        if depth and rng.random() < 0.5:
            inner = some_value(rng, names, depth - 1)
            value[key] = rng.choice([inner, inner, [inner], {"k": inner}])
    return value


def outcome(model: Any, value: Any) -> Any:
    try:
        made = model.model_validate(value)
    except ValidationError as error:
        return sorted(
            str((each["type"], each["loc"], each["msg"]))
            for each in error.errors(include_url=False)
        )
    return made.model_dump(), made.model_dump(exclude_unset=True, mode="json"), repr(made)


@pytest.mark.parametrize("seed", range(60))
def test_random_circles_behave_as_in_pydantic(
    module: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(building, "_MANY", rng.choice([0, 2, 5, 10]))
    text, names = graph(rng, rng.randint(4, 9), "{base}")
    ours = module(text.replace("{base}", "ResponseModel"), kind_of=kind_of)
    plain = module(
        "class Plain(BaseModel):\n    model_config = ConfigDict(extra='allow')\n"
        + text.replace("{base}", "Plain"),
        kind_of=kind_of,
    )
    for name in names:
        getattr(plain, name).model_rebuild()
    for _ in range(40):
        name = rng.choice(names)
        value = some_value(rng, names, 3)
        assert outcome(getattr(ours, name), value) == outcome(getattr(plain, name), value)


def test_threads_that_use_models_first_all_get_them(module: Any) -> None:
    for turn in range(10):
        made = circle(module, "RequestModel", Counter())
        order = [*NAMES, *NAMES]
        random.Random(turn).shuffle(order)
        start = threading.Barrier(len(order))
        found: list[bool] = []

        def use(name: str, made: Any = made, found: Any = found, start: Any = start) -> None:
            start.wait()
            value = getattr(made, name).model_validate(VALUES[name])
            found.append(value.model_dump(exclude_unset=True) == VALUES[name])

        threads = [threading.Thread(target=use, args=(name,)) for name in order]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [True] * len(order)


RULES = """
from collections.abc import Callable
from pydantic import model_validator

class Inner(RequestModel):
    n: int = 0

    @model_validator(mode="after")
    def _seen(self):
        calls.append(self.n)
        return self
"""


def test_the_validators_of_a_model_inside_another_run_once(module: Any) -> None:
    calls: list[int] = []
    inner = module(RULES, calls=calls).Inner
    outer = module("class Outer(RequestModel):\n    one: Inner\n    all: list[Inner]", Inner=inner)
    outer.Outer.model_validate({"one": {"n": 1}, "all": [{"n": 2}, {"n": 3}]})
    assert calls == [1, 2, 3]
    calls.clear()
    plain = module("class Mine(BaseModel):\n    one: Inner", Inner=inner).Mine
    plain.model_validate({"one": {"n": 4}})
    adapter(inner).validate_python([{"n": 5}])
    assert calls == [4, 5]


def test_a_forced_build_takes_what_is_inside(module: Any) -> None:
    first, second = chain(module, 2, "RequestModel", Counter())
    assert second.model_rebuild() is True
    assert second.model_rebuild() is None
    assert second.model_rebuild(force=True) is True
    value = {"own": 1, "next": {"own": 2}, "all": [{"own": 3}]}
    assert second.model_validate(value).model_dump(exclude_unset=True) == value
    assert isinstance(second.model_validate(value).next, first)


def test_models_of_a_function_are_found_by_their_names() -> None:
    from oasmith.runtime.models import ResponseModel

    class Outer(ResponseModel):
        inner: "Inner"

    class Inner(ResponseModel):
        n: int

    Outer.model_rebuild()
    assert Outer.model_validate({"inner": {"n": 1}}).inner == Inner(n=1)


ALIASED = """
class Item(RequestModel):
    ref: Page | None = None
    type: Page | None = None

class Page(RequestModel):
    item: "Created | None" = None

Created = TypeAliasType("Created", Item)
"""


ORDERS = list(itertools.permutations(("Item", "Page", "Created")))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_model_of_a_circle_that_has_another_name(module: Any, order: tuple[str, ...]) -> None:
    made = module(ALIASED)
    values = {
        "Item": {"ref": {"item": {"type": {}}}},
        "Page": {"item": {"ref": {"item": {}}}},
        "Created": {"type": {"item": {}}},
    }
    for name in order:
        checks: TypeAdapter[Any] = TypeAdapter(getattr(made, name))
        value = checks.validate_python(values[name])
        assert checks.dump_python(value, exclude_unset=True) == values[name]


def test_models_in_a_circle_of_two_modules(module: Any) -> None:
    left = module("class Left(ResponseModel):\n    right: Right | None = None\n    n: int = 0")
    right = module("class Right(ResponseModel):\n    left: Left | None = None", Left=left.Left)
    left.Right = right.Right
    value = {"right": {"left": {"n": 1}}}
    assert left.Left.model_validate(value).model_dump(exclude_unset=True) == value
    assert right.Right.model_validate(value["right"]).left.n == 1


def test_a_subclass_of_a_user(module: Any) -> None:
    first, second = chain(module, 2, "ResponseModel", Counter())
    second.model_rebuild()
    mine = module("class Mine(Base):\n    more: Other | None = None", Base=second, Other=first).Mine
    value = {"own": 1, "next": {"own": 2}, "more": {"own": 3}}
    assert mine.model_validate(value).model_dump(exclude_unset=True) == value
    assert issubclass(mine, BaseModel)


# --- a pydantic that is not as expected ---------------------------------------------------------


def validators_are_not_reused(monkeypatch: pytest.MonkeyPatch) -> None:
    from pydantic._internal import _model_construction as construction

    for name in ("create_schema_validator", "SchemaSerializer"):
        make = getattr(construction, name)

        def anew(*arguments: Any, make: Any = make, **options: Any) -> Any:
            return make(*arguments, **{**options, "_use_prebuilt": False})

        monkeypatch.setattr(construction, name, anew)


def schemas_have_other_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def parts(schema: Any) -> Any:
        raise KeyError("schema")

    monkeypatch.setattr(building, "_parts", parts)


def metadata_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    make = core_schema.model_schema

    def without(*arguments: Any, metadata: Any = None, **options: Any) -> Any:
        return make(*arguments, **options)

    monkeypatch.setattr(core_schema, "model_schema", without)


@pytest.fixture(
    params=[validators_are_not_reused, schemas_have_other_names, metadata_has_other_keys]
)
def changed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Change what pydantic is relied on for."""
    request.param(monkeypatch)
    monkeypatch.setattr(building, "_TESTED", ())
    building._is_as_expected.cache_clear()
    yield
    building._is_as_expected.cache_clear()


def test_the_pinned_version_is_known() -> None:
    pins = (REPO / ".ci" / "constraints.txt").read_text()
    (pinned,) = re.findall(r"^pydantic==([\d.]+)", pins, re.MULTILINE)
    assert pinned.startswith(building._TESTED)


def test_the_installed_version_is_as_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_TESTED", ())
    building._is_as_expected.cache_clear()
    assert building._is_as_expected()


@pytest.mark.usefixtures("changed")
def test_a_changed_pydantic_builds_the_same_models(
    module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not building._is_as_expected()
    for seed in range(5):
        test_random_circles_behave_as_in_pydantic(module, seed, monkeypatch)
    for base in ("RequestModel", "ResponseModel"):
        test_json_schemas_are_those_of_pydantic(module, base, "Text")
    test_the_validators_of_a_model_inside_another_run_once(module)
    test_a_forced_build_takes_what_is_inside(module)
    test_models_of_a_function_are_found_by_their_names()
    test_models_in_a_circle_of_two_modules(module)
    seen: Counter[str] = Counter()
    for model in reversed(chain(module, 4, "ResponseModel", seen)):
        model.model_validate({"own": 1})
    # By pydantic alone: the first model again for each.
    assert seen["M0"] > 1
