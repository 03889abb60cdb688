"""Example values: documented ones where they fit, else the least; secrets never shown."""

from __future__ import annotations

import pytest

from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import Given, RequiresAll, RequiresOneOf, RequiresWith, When
from oasmith.targets.markdown.example_values import ExampleValues, FromEnvironment
from unit.docs.model import (
    AT,
    INTEGER,
    OPTIONAL,
    SECRET,
    STATED,
    STRING,
    api,
    field,
    literal,
    name,
    ref,
    scalar,
)


def values(*definitions: ir.Definition) -> ExampleValues:
    return ExampleValues(api(list(definitions), ()).definitions)


def number(kind: ir.Kind, bounds: ir.NumberBounds) -> ir.Scalar:
    return scalar(kind, bounds)


@pytest.mark.parametrize(
    ("use", "value"),
    [
        (STRING, "my-model-id"),
        (literal("b", "a"), "b"),
        (ir.ListOf(item=INTEGER, size=ir.SizeBounds(minimum=2), at=AT), [1, 1]),
        (ir.MapOf(value=INTEGER, at=AT), {"key": 1}),
        (ir.Nullable(of=INTEGER, at=AT), 1),
        (ir.TupleOf(items=(INTEGER, STRING), rest=None, at=AT), [1, "my-model-id"]),
        (number(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=20)), 20),
        (number(ir.ScalarKind.INTEGER, ir.NumberBounds(exclusive_minimum=5)), 6),
        (number(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=5, multiple_of=4)), 8),
        (number(ir.ScalarKind.NUMBER, ir.NumberBounds(exclusive_minimum=0, maximum=0.5)), 0.5),
        (number(ir.ScalarKind.INTEGER, ir.NumberBounds(maximum=0)), 0),
        (scalar(ir.ScalarKind.STRING, ir.TextBounds(patterns=("^[0-9]+s$",))), "30s"),
        (scalar(ir.ScalarKind.STRING, ir.TextBounds(max_length=4)), "my-m"),
        (scalar(ir.ScalarKind.UUID), "123e4567-e89b-12d3-a456-426614174000"),
    ],
)
def test_least(use: ir.Use, value: ir.Json) -> None:
    made = values().value(use, "model_id")
    assert made == value
    assert values().fits(made, use)


def test_rules_are_kept() -> None:
    record = ir.Record(
        id=name("R"),
        fields=tuple(field(n, STRING, OPTIONAL) for n in "abcd"),
        rules=(
            RequiresOneOf(("a",), ("b",), message=STATED),
            RequiresWith("a", ("c",), message=STATED),
            When(
                (Given(("c",)),),
                (RequiresAll(("d",), message=STATED),),
                message=STATED,
            ),
        ),
        at=AT,
    )
    made = values(record).value(ref("R"), "r")
    assert made == {"a": "my-a", "c": "my-c", "d": "my-d"}


def test_read_only_fields_are_not_sent() -> None:
    only_read = ir.Field(
        wire_name="id", type=STRING, presence=ir.Required(), access=ir.Access.READ, at=AT
    )
    record = ir.Record(id=name("R"), fields=(only_read, field("a", STRING)), at=AT)
    assert values(record).value(ref("R"), "r") == {"a": "my-a"}
    assert not values(record).fits({"a": "x", "id": "y"}, ref("R"))


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"a": 1}, True),
        ({"a": True}, False),
        ({"a": 0}, False),
        ({"a": "1"}, False),
        ({}, False),
        ({"a": 1, "unknown": 1}, False),
        ([], False),
    ],
)
def test_fits(value: ir.Json, fits: bool) -> None:
    at_least_one = number(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=1))
    record = ir.Record(id=name("R"), fields=(field("a", at_least_one),), at=AT)
    assert values(record).fits(value, ref("R")) is fits


def test_an_example_that_fits_is_taken() -> None:
    examples = tuple(
        ir.Example(value=value, at=AT) for value in ('{"a": "no"}', '{"a": 7}', '{"a": 8}')
    )
    record = ir.Record(id=name("R"), fields=(field("a", INTEGER),), at=AT)
    assert values(record).value(ref("R"), "r", examples) == {"a": 7}


def test_recursion_ends() -> None:
    tree = ir.Record(
        id=name("Tree"), fields=(field("children", ir.ListOf(item=ref("Tree"), at=AT)),), at=AT
    )
    assert isinstance(values(tree).value(ref("Tree"), "tree"), dict)


def test_secrets_are_variables_wherever_they_are() -> None:
    inner = ir.Record(
        id=name("Inner"), fields=(field("api_key", SECRET), field("n", INTEGER)), at=AT
    )
    choice = ir.Union(
        id=name("Choice"), options=(STRING, ref("Inner")), told_apart=ir.ByJsonType(), at=AT
    )
    outer = ir.Record(
        id=name("Outer"),
        fields=(
            field("choice", ref("Choice")),
            field("keys", ir.ListOf(item=SECRET, at=AT)),
            field("headers", ir.MapOf(value=ir.Nullable(of=SECRET, at=AT), at=AT)),
        ),
        at=AT,
    )
    shown = values(inner, choice, outer).without_secrets(
        {
            "choice": {"api_key": "hush", "n": 1},
            "keys": ["hush"],
            "headers": {"x-token": "hush", "none": None},
        },
        ref("Outer"),
        "azure-ai",
    )
    assert shown == {
        "choice": {"api_key": FromEnvironment("AZURE_AI_API_KEY"), "n": 1},
        "keys": [FromEnvironment("AZURE_AI_KEYS")],
        "headers": {"x-token": FromEnvironment("AZURE_AI_X_TOKEN"), "none": None},
    }
