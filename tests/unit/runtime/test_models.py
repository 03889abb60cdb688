"""The base classes and annotations of generated models."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import pytest
from pydantic import Field, Tag, TypeAdapter, ValidationError

from oasmith.runtime.models import (
    UNKNOWN,
    Json,
    Omittable,
    OneOf,
    RequestModel,
    ResponseModel,
    Unique,
    UnknownModel,
    by_key,
    by_tag,
)
from oasmith.runtime.rules import Rule
from oasmith.runtime.semantics.rules import HasSize
from unit.runtime.api import Blue, RateLimit, Red, Settings1


class Bool(RequestModel):
    """Refers to what stands below it, and is first used inside of that."""

    _rules: ClassVar[tuple[Rule, ...]] = (HasSize(None, 1),)

    never: Omittable[Query] = None
    boost: Omittable[int] = None


class Query(RequestModel):
    bool: Omittable[Bool] = None


def messages(error: ValidationError) -> dict[tuple[int | str, ...], str]:
    return {detail["loc"]: detail["msg"] for detail in error.errors()}


def test_all_problems_are_told_at_once_and_in_words() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings1.model_validate(
            {"modle_id": "m", "api_key": 1, "share": None, "rate_limit": {"sise": 1}, "zzz": 1}
        )
    assert messages(caught.value) == {
        ("model_id",): "is required",
        ("api_key",): "Input should be a valid string",
        ("share",): "null is not allowed here; leave it out instead",
        ("rate_limit", "size"): "is required",
        ("rate_limit", "sise"): "unknown key `sise`, did you mean `size`?",
        ("modle_id",): "unknown key `modle_id`, did you mean `model_id`?",
        ("zzz",): (
            "unknown key `zzz`; known are `model_id`, `api_key`, `client_secret`, `rate_limit`, "
            "`share`, `extra`, `from_`"
        ),
    }


def test_problems_do_not_hold_what_was_given() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings1.model_validate({"api_key": "sk-secret", "client_secret": 5})
    error = caught.value
    assert "sk-secret" not in repr(error) + str(error) + repr(error.errors()) + error.json()
    assert error.__context__ is None
    assert error.__cause__ is None


def test_names_and_aliases_are_taken_and_aliases_are_written() -> None:
    by_name = Settings1(model_id="m", api_key="k", from_="here")
    by_alias = Settings1.model_validate({"model_id": "m", "api_key": "k", "from": "here"})
    assert by_name == by_alias
    assert by_name.model_dump(exclude_unset=True, mode="json") == {
        "model_id": "m",
        "api_key": "**********",
        "from": "here",
    }


def test_only_what_was_set_is_written_and_constants_always() -> None:
    assert Blue(note=None).model_dump_json(exclude_unset=True) == '{"service":"blue","note":null}'


def test_int_and_float_stay_apart() -> None:
    assert Settings1(model_id="m", api_key="k", share=1).share.__class__ is float
    with pytest.raises(ValidationError):
        RateLimit.model_validate({"size": 1.0})
    with pytest.raises(ValidationError):
        RateLimit.model_validate({"size": True})


def test_a_failed_assignment_changes_nothing() -> None:
    model = Settings1(model_id="m", api_key="k")
    with pytest.raises(ValidationError, match="give exactly one of `api_key` and `client_secret`"):
        model.client_secret = "other"
    assert model.client_secret is None
    assert model.model_fields_set == {"model_id", "api_key"}
    with pytest.raises(ValidationError, match="null is not allowed"):
        model.share = None
    with pytest.raises(ValidationError, match="unknown key `modle_id`, did you mean `model_id`"):
        model.modle_id = "x"  # type: ignore[attr-defined]
    model.share = 2
    assert model.share == 2.0
    assert model.model_fields_set == {"model_id", "api_key", "share"}


def test_models_are_taken_as_they_are() -> None:
    settings = Settings1(model_id="m", api_key="k")
    assert Red(service_settings=settings).service_settings is settings


class KnownA(ResponseModel):
    kind: Literal["a"] | str
    size: int | None = None


class KnownB(ResponseModel):
    kind: Literal["b", "bb"] | str


OpenUnion = Annotated[
    Annotated[KnownA, Tag("a")]
    | Annotated[KnownB, Tag("b")]
    | Annotated[UnknownModel, Tag(UNKNOWN)],
    by_tag("kind", {"a": "a", "b": "b", "bb": "b"}),
]


def test_open_unions_keep_what_they_do_not_know() -> None:
    adapter = TypeAdapter[list[Any]](list[OpenUnion])
    text = b'[{"kind":"a","more":[1]},{"kind":"bb"},{"kind":"new","x":{"y":1.0}},{"kind":7},{}]'
    first, second, third, fourth, fifth = adapter.validate_json(text)
    assert isinstance(first, KnownA)
    assert isinstance(second, KnownB)
    assert isinstance(third, UnknownModel)
    assert isinstance(fourth, UnknownModel)
    assert isinstance(fifth, UnknownModel)
    assert third["x"] == {"y": 1.0}
    assert third.get("kind") == "new"
    assert third.get("nothing", 5) == 5
    assert "x" in third
    assert dict(third.items()) == {"kind": "new", "x": {"y": 1.0}}
    assert len(third) == 2
    assert list(third.keys()) == ["kind", "x"]
    assert adapter.dump_json([first, second, third, fourth, fifth], exclude_unset=True) == text


class WithText(RequestModel):
    text: str


class WithImage(RequestModel):
    image_url: str = Field(validation_alias="imageUrl", serialization_alias="imageUrl")


ByKey = Annotated[
    Annotated[WithText, Tag("text")] | Annotated[WithImage, Tag("image")],
    by_key({"text": "text", "imageUrl": "image", "image_url": "image"}),
]


def test_a_variant_that_may_do_without_the_tag() -> None:
    class Whole(RequestModel):
        type: Omittable[Literal["whole"]] = None

    class Part(RequestModel):
        type: Literal["part"]

    tags = by_tag("type", {"whole": "whole", "part": "part"}, absent="whole", closed=True)
    union: TypeAdapter[Any] = TypeAdapter(
        Annotated[Annotated[Whole, Tag("whole")] | Annotated[Part, Tag("part")], tags]
    )
    assert type(union.validate_python({})) is Whole
    assert type(union.validate_python(Whole())) is Whole
    assert type(union.validate_json('{"type": "part"}')) is Part

    class Holder(RequestModel):
        of: Annotated[Annotated[Whole, Tag("whole")] | Annotated[Part, Tag("part")], tags]

    with pytest.raises(ValidationError) as caught:
        Holder.model_validate({"of": {"type": "parts"}})
    assert messages(caught.value) == {("of",): "`type` cannot be 'parts', did you mean 'part'?"}


def test_variants_are_told_apart_by_the_member_that_only_one_has() -> None:
    adapter = TypeAdapter[Any](ByKey)
    assert adapter.validate_python({"text": "a"}) == WithText(text="a")
    assert adapter.validate_python({"imageUrl": "a"}) == WithImage(image_url="a")
    assert adapter.validate_python(WithImage(image_url="a")) == WithImage(image_url="a")
    assert adapter.dump_json(WithImage(image_url="a")) == b'{"imageUrl":"a"}'
    with pytest.raises(ValidationError, match="one of the members `text` or `imageUrl`"):
        adapter.validate_python({})


@pytest.mark.parametrize(
    ("items", "unique"),
    [
        ([1, 2], True),
        ([1, 1.0], False),
        ([1, True], True),
        ([0, False, None, ""], True),
        ([{"a": 1}, {"a": 1.0}], False),
        ([[1], [1]], False),
        ([[1], [2]], True),
    ],
)
def test_unique_is_what_json_calls_equal(items: list[Any], unique: bool) -> None:
    adapter = TypeAdapter[list[Any]](Annotated[list[Any], Unique()])
    if unique:
        assert adapter.validate_python(items) == items
    else:
        with pytest.raises(ValidationError, match="should be unique; item 1"):
            adapter.validate_python(items)


def test_one_of_holds_fractions() -> None:
    adapter = TypeAdapter[Any](Annotated[Any, OneOf(0.5, 1, None)])
    assert adapter.validate_python(0.5) == 0.5
    assert adapter.validate_python(1.0) == 1.0
    assert adapter.validate_python(None) is None
    for wrong in (True, 0.25, "1"):
        with pytest.raises(ValidationError, match=r"one of 0\.5, 1, null"):
            adapter.validate_python(wrong)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.5"), "1.5"),
        (Decimal(3), "3"),
        (Decimal("3.0"), "3.0"),
        ({"a": (1, 1.0, None, True)}, '{"a":[1,1.0,null,true]}'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (UUID(int=0), '"00000000-0000-0000-0000-000000000000"'),
        ([RateLimit(size=1)], '[{"size":1}]'),
    ],
)
def test_anything_that_json_can_hold(value: Any, written: str) -> None:
    adapter = TypeAdapter[Any](Json)
    assert adapter.dump_json(adapter.validate_python(value)).decode() == written


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "nan is no JSON number"),
        ({"a": [1, Decimal("Infinity")]}, r"a\[1\]: Infinity is no JSON number"),
        ({"a": {"b": {1}}}, r"a\.b: set is nothing that JSON can hold"),
        ([{1: 2}], r"\[0\]: the key 1 is not text"),
    ],
)
def test_what_json_cannot_hold(value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TypeAdapter[Any](Json).validate_python(value)


class Tree(RequestModel):
    value: int
    left: Omittable[Tree] = None
    others: Omittable[list[Tree]] = None


def test_models_that_hold_themselves() -> None:
    tree = Tree.model_validate({"value": 1, "left": {"value": 2}, "others": [{"value": 3}]})
    assert tree.model_dump(exclude_unset=True) == {
        "value": 1,
        "left": {"value": 2},
        "others": [{"value": 3}],
    }
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate({"value": 1, "others": [{"value": 1, "left": None, "lefd": 1}]})
    assert messages(caught.value) == {
        ("others", 0, "left"): "null is not allowed here; leave it out instead",
        ("others", 0, "lefd"): "unknown key `lefd`, did you mean `left`?",
    }


def test_what_is_no_object_is_not_called_null() -> None:
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate({"value": 1, "left": {"value": 1, "left": "text"}})
    (message,) = messages(caught.value).values()
    assert message == "Input should be a valid dictionary or instance of Tree"


class Trunk(RequestModel):
    tree: Tree
    name: str


def test_a_null_of_a_required_field_is_not_to_be_left_out() -> None:
    with pytest.raises(ValidationError) as caught:
        Trunk.model_validate({"tree": None, "name": None})
    assert messages(caught.value) == {
        ("tree",): "null is not allowed here",
        ("name",): "null is not allowed here",
    }


def test_rules_are_checked_beside_mistakes_in_what_refers_to_what_stands_below() -> None:
    with pytest.raises(ValidationError) as caught:
        Query.model_validate({"bool": {"never": {}, "boost": "x"}})
    assert messages(caught.value) == {
        ("bool", "boost"): "Input should be a valid integer, unable to parse string as an integer",
        ("bool",): "give at most 1 field",
    }
