"""Generated models, imported and used."""

import ast
import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from conftest import REPO
from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import HasSize, Is, Narrows, RequiresAll, RequiresOneOf, When
from oasmith.targets.contract import File
from oasmith.targets.models.files import emit_models
from oasmith.targets.models.plan import plan_models
from oasmith.targets.python.faces import lay_out
from oasmith.targets.rendering.render import render
from unit.python.api import (
    AT,
    BOTH,
    INTEGER,
    NUMBER,
    REQUEST,
    RESPONSE,
    TEXT,
    Kind,
    alias,
    api,
    by_tag,
    choice,
    enum,
    field,
    list_of,
    map_of,
    nullable,
    one_of,
    record,
    ref,
    required,
    scalar,
)


def files(model: ir.Api, package: str = "made") -> list[File]:
    diagnostics = Diagnostics()
    planned = plan_models(lay_out(model, {}, diagnostics), diagnostics)
    assert [found.message for found in diagnostics] == []
    return list(emit_models(planned, package, render))


Make = Callable[..., ModuleType]


@pytest.fixture
def make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Make]:
    """Give a function that writes and imports `models` of a package."""
    name = "made_" + "".join(c if c.isalnum() else "_" for c in request.node.name).lower()
    monkeypatch.syspath_prepend(tmp_path)

    def made(*definitions: ir.Definition, usage: ir.Usage | None = BOTH) -> ModuleType:
        for file in files(api(*definitions, usage=usage), name):
            path = tmp_path / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")
        (tmp_path / name / "__init__.py").touch()
        shutil.copytree(REPO / "generator/oasmith/runtime", tmp_path / name / "_runtime")
        return importlib.import_module(f"{name}.models")

    yield made
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[module]


def fits(type_: Any, value: object) -> bool:
    try:
        TypeAdapter(type_).validate_python(value)
    except ValidationError:
        return False
    return True


def sent(model: Any) -> object:
    return json.loads(model.model_dump_json(exclude_unset=True))


def test_requests_are_strict_and_responses_lenient(make: Make) -> None:
    models = make(
        record("Thing", required("count", INTEGER), field("color", one_of("red"))),
    )
    assert sent(models.Thing(count=1, color="red")) == {"count": 1, "color": "red"}
    for wrong in (
        {"count": True},
        {"count": "1"},
        {"count": 1.0},
        {"count": 1, "color": "blue"},
        {"count": 1, "color": None},
        {"count": 1, "other": 1},
        {},
    ):
        assert not fits(models.Thing, wrong)
    received = models.ThingResponse.model_validate({"count": 1, "color": "blue", "other": [1]})
    assert received.color == "blue"
    assert received.other == [1]
    assert sent(received) == {"count": 1, "color": "blue", "other": [1]}


def test_what_is_not_given_is_not_sent(make: Make) -> None:
    models = make(
        record(
            "Thing",
            field("optional"),
            field("null", nullable(TEXT)),
            field("default", INTEGER, ir.Default(value=7)),
            field("list", list_of(INTEGER), ir.Default(value=[1])),
            required("constant", one_of("x")),
        )
    )
    thing = models.Thing()
    assert (thing.optional, thing.null, thing.default, thing.list_) == (None, None, 7, [1])
    assert sent(thing) == {"constant": "x"}
    assert sent(models.Thing(null=None)) == {"constant": "x", "null": None}


def test_numbers_keep_their_type(make: Make) -> None:
    models = make(record("Thing", required("n", NUMBER)))
    assert models.Thing(n=1).model_dump_json() == '{"n":1}'
    assert models.Thing(n=1.0).model_dump_json() == '{"n":1.0}'


def test_odd_names_are_sent_as_they_are(make: Make) -> None:
    odd = ["from", "_id", "@type", "type", "json", "model_config", "a b", "date", "Usage", "+1"]
    fields = [field(name, scalar(Kind.DATE) if name == "date" else TEXT) for name in odd]
    models = make(
        record("Usage", *fields[:1]),
        record("Thing", *fields, field("other", scalar(Kind.DATE)), field("u", ref("Usage"))),
    )
    wire = dict.fromkeys(odd, "2020-01-02") | {"other": "2020-01-02", "u": {"from": "a"}}
    thing = models.Thing.model_validate(wire)
    assert sent(thing) == wire
    assert thing.from_ == "2020-01-02"
    by_name = {name: getattr(thing, name) for name in models.Thing.model_fields}
    assert sent(models.Thing(**by_name)) == wire
    assert set(models.ThingDict.__annotations__) == set(wire)


def test_a_tagged_union(make: Make) -> None:
    models = make(
        record("Cat", required("kind", one_of("cat")), required("claws", INTEGER)),
        record("Dog", required("kind", one_of("dog", "hound"))),
        choice("Pet", by_tag("kind", "cat", "dog"), ref("Cat"), ref("Dog"), nullable=True),
    )
    adapter = TypeAdapter[Any](models.Pet)
    assert type(adapter.validate_python({"kind": "cat", "claws": 1})) is models.Cat
    assert type(adapter.validate_python({"kind": "hound"})) is models.Dog
    assert adapter.validate_python(None) is None
    assert not fits(models.Pet, {"kind": "cow"})
    received = TypeAdapter[Any](models.PetResponse)
    assert type(received.validate_python({"kind": "dog"})) is models.DogResponse
    unknown = received.validate_python({"kind": "cow", "milk": True})
    assert type(unknown).__name__ == "UnknownModel"
    assert unknown["milk"] is True


def test_circles_through_records_lists_maps_and_unions(make: Make) -> None:
    models = make(
        record("Node", field("next", ref("Node")), field("tree", ref("Tree"))),
        alias("Tree", map_of(ref("Leaf"))),
        choice("Leaf", ir.ByJsonType(), TEXT, list_of(ref("Leaf")), ref("Node")),
    )
    wire = {"next": {"tree": {"a": ["b", ["c"], {"next": {}}]}}}
    for model in (models.Node, models.NodeResponse):
        assert sent(model.model_validate(wire)) == wire
    assert not fits(models.Node, {"next": {"tree": {"a": [1]}}})
    assert models.Node.__module__ == models.Node.__module__.rpartition(".")[0] + ".leaf"


def test_namespaces(make: Make) -> None:
    models = make(
        alias("_types.Id", TEXT),
        record("inference._types.Thing", required("id", ref("_types.Id"))),
        record("inference.put.Thing", required("of", ref("inference._types.Thing"))),
    )
    assert sent(models.inference.put.Thing(of=models.inference.Thing(id="a"))) == {
        "of": {"id": "a"}
    }
    assert models.types.Id is str
    assert {"inference", "types"} <= set(dir(models))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = models.Nothing


def test_nothing_is_loaded_before_it_is_asked_for(make: Make) -> None:
    models = make(record("A", field("b", ref("B"))), record("B"), record("C"))
    loaded = f"{models.__name__}."
    assert not [name for name in sys.modules if name.startswith(loaded)]
    assert models.A is not None
    assert {name.removeprefix(loaded) for name in sys.modules if name.startswith(loaded)} == {
        "a",
        "b",
    }


def test_sides_of_fields(make: Make) -> None:
    models = make(
        record(
            "Thing",
            field("made", access=ir.Access.READ),
            field("secret", scalar(Kind.SECRET), access=ir.Access.WRITE),
        )
    )
    assert set(models.Thing.model_fields) == {"secret"}
    assert set(models.ThingResponse.model_fields) == {"made"}


def test_one_side_has_one_class(make: Make) -> None:
    models = make(record("Thing", field("a")), usage=RESPONSE)
    assert models.__all__ == ["Thing"]
    assert sent(models.Thing.model_validate({"b": 1})) == {"b": 1}


def test_a_definition_may_be_called_like_another_ones_second_face(make: Make) -> None:
    models = make(record("Thing"), record("ThingResponse", field("a")), record("ThingDict"))
    assert set(models.__all__) == {
        "Thing",
        "ThingAsDict",
        "ThingAsResponse",
        "ThingDict",
        "ThingDictDict",
        "ThingDictResponse",
        "ThingResponse",
        "ThingResponseDict",
        "ThingResponseResponse",
    }


def test_further_members(make: Make) -> None:
    models = make(
        record("Closed", field("a"), extra=ir.Forbidden()),
        record(
            "Open",
            field("a"),
            extra=ir.Allowed(type=INTEGER, keys=ir.TextBounds(patterns=("^x-",))),
        ),
    )
    assert sent(models.Open.model_validate({"a": "b", "x-c": 1})) == {"a": "b", "x-c": 1}
    assert not fits(models.Open, {"x-c": "1"})
    assert not fits(models.Open, {"c": 1})
    assert not fits(models.Closed, {"c": 1})
    assert models.OpenResponse.model_validate({"c": 1}).c == 1


def test_rules(make: Make) -> None:
    rules: tuple[ir.Rule, ...] = (
        RequiresOneOf(("from",), ("b",), message=ir.Statement(at=AT)),
        When(
            (Is("b", ("x",)),),
            (
                RequiresAll(("c",), message=ir.Statement(at=AT)),
                Narrows("c", LOW, message=ir.Statement(at=AT)),
            ),
            message=ir.Statement(at=AT),
        ),
    )
    models = make(
        record("Thing", field("from"), field("b"), field("c", INTEGER), rules=rules),
        record(
            "Small", field("a"), field("b"), rules=(HasSize(1, 1, message=ir.Statement(at=AT)),)
        ),
    )
    assert fits(models.Thing, {"from": "a"})
    assert fits(models.Thing, {"b": "x", "c": 1})
    for wrong in ({}, {"from": "a", "b": "y"}, {"b": "x"}, {"b": "x", "c": 3}):
        assert not fits(models.Thing, wrong)
        assert fits(models.ThingResponse, wrong)
    assert [fits(models.Small, dict.fromkeys(keys, "v")) for keys in ("", "a", "ab")] == [
        False,
        True,
        False,
    ]


LOW = scalar(Kind.INTEGER, ir.NumberBounds(maximum=2))


def test_values(make: Make) -> None:
    models = make(
        record(
            "Thing",
            field("half", one_of(0.5, 1.5)),
            field("data", scalar(Kind.BASE64)),
            field("when", scalar(Kind.DATE_TIME)),
            field("unique", list_of(INTEGER, unique=True)),
            field("slug", scalar(Kind.STRING, ir.TextBounds(patterns=("^[a-z]+$", "^[^x]")))),
            field("never", ir.Nothing(at=AT)),
            field("any", ir.Anything(at=AT)),
            field("pair", ir.TupleOf(items=(TEXT, INTEGER), rest=None, size=TWO, at=AT)),
        ),
        enum("Color", "red", "green"),
    )
    wire = {
        "half": 1.5,
        "data": "cmF3",
        "when": "2020-01-02T03:04:05Z",
        "unique": [1, 2],
        "slug": "abc",
        "any": None,
        "pair": ["a", 1],
    }
    thing = models.Thing.model_validate(wire)
    assert sent(thing) == wire
    assert thing.data == b"raw"
    for name, value in {
        "half": 2.0,
        "data": "?",
        "unique": [1, 1],
        "slug": "xyz",
        "never": 1,
        "pair": ["a"],
    }.items():
        assert not fits(models.Thing, {name: value})
    assert fits(models.Color, "red")
    assert not fits(models.Color, "blue")
    assert fits(models.ColorResponse, "blue")


TWO = ir.SizeBounds(minimum=2, maximum=2)


def test_words_of_the_document_stay_words(make: Make) -> None:
    text = '"""\nraise SystemExit\n"""\\'
    models = make(record("Thing", field("a", doc=text), doc=text), usage=REQUEST)
    assert models.Thing.__doc__.split() == text.split()


def test_the_heads_of_files() -> None:
    made = {file.path: file.text for file in files(api(record("Thing"), usage=REQUEST))}
    assert list(made) == ["made/models/thing.py", "made/models/__init__.py"]
    for text in made.values():
        assert text.startswith("# Generated by oasmith. Do not edit.\n")
        ast.parse(text)


def test_the_order_of_definitions_changes_no_module() -> None:
    definitions: list[ir.Definition] = [
        record("A", field("c", ref("C")), field("b", ref("b.B"))),
        record("b.B", field("a", ref("A"))),
        choice("C", ir.ByJsonType(), TEXT, ref("A")),
        record("error"),
        record("Error", field("x")),
    ]
    forth = {str(f.path) for f in files(api(*definitions, usage=BOTH))}
    back = {str(f.path) for f in files(api(*reversed(definitions), usage=BOTH))}
    assert forth == back


SCRIPT = """
from unit.targets.test_models import *
many = [record(f"R{n}", field("a", ref(f"R{n * 7 % 20}")), field("b", ref("U"))) for n in range(20)]
union = choice("U", ir.ByTrial(), *[ref(f"R{n}") for n in range(20)])
for file in files(api(*many, union, usage=BOTH)):
    print(file.path, file.text)
"""


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    outputs = set()
    for seed in ("0", "1", "4242"):
        result = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=REPO / "tests",
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{REPO / 'generator'}:{REPO / 'tests'}"},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.add(result.stdout)
    assert len(outputs) == 1
    assert "class R19Response" in outputs.pop()


def test_namesakes_in_a_circle_are_told_apart_by_where_they_are_from(make: Make) -> None:
    models = make(
        record("Dispute", field("other", ref("issuing.Dispute"))),
        record("issuing.Dispute", field("other", ref("Dispute"))),
    )
    wire: dict[str, object] = {"other": {"other": {}}}
    assert sent(models.Dispute.model_validate(wire)) == wire
    assert models.issuing.IssuingDispute.__module__ == models.Dispute.__module__
    assert models.issuing.IssuingDispute is not models.Dispute
