"""What a use is, by whatever name it goes."""

import pytest

from oasmith.ir import types as ir
from oasmith.ir.query import (
    constants,
    leaves,
    only_value,
    record_of,
    resolved,
    takes_null,
    union_of,
    without_null,
)
from unit.python.api import AT, TEXT, alias, choice, enum, field, one_of, record, ref
from unit.python.api import nullable as null_or

NULL = ir.Scalar(kind=ir.ScalarKind.NULL, at=AT)
TRUE = one_of(True)


def any_of(*options: ir.Use) -> ir.AnyOf:
    return ir.AnyOf(options=options, told_apart=ir.ByTrial(), at=AT)


CAT = record("Cat")
COLOR = enum("Color", "red", None)
PET = choice("Pet", ir.ByTrial(), ref("Cat"), ref("Kitty"), ref("Color"), ref("Pet"), nullable=True)
DEFINITIONS = {
    definition.id: definition
    for definition in (
        CAT,
        COLOR,
        PET,
        alias("Kitty", ref("Cat")),
        alias("Kitten", ref("Kitty")),
        alias("MaybeKitten", null_or(ref("Kitten"))),
        alias("Word", one_of("a", "b")),
        alias("MaybeWord", null_or(ref("Word"))),
        alias("Animal", ref("Pet")),
        alias("Lost", ref("Nowhere")),
        alias("Ring", ref("Round")),
        alias("Round", ref("Ring")),
        alias("MaybeSelf", null_or(ref("MaybeSelf"))),
    )
}


@pytest.mark.parametrize(
    ("use", "found"),
    [
        (TEXT, TEXT),
        (ref("Cat"), CAT),
        (ref("Kitten"), CAT),
        (ref("Color"), COLOR),
        (ref("Animal"), PET),
        (ref("MaybeKitten"), null_or(ref("Kitten"))),
        (ref("Lost"), ref("Nowhere")),
    ],
)
def test_aliases_are_followed(use: ir.Use, found: object) -> None:
    assert resolved(use, DEFINITIONS) == found


@pytest.mark.parametrize(
    ("use", "found"),
    [
        (TEXT, TEXT),
        (null_or(TEXT), TEXT),
        (null_or(null_or(ref("MaybeKitten"))), CAT),
        (null_or(ref("Color")), COLOR),
        (null_or(ref("Lost")), ref("Nowhere")),
    ],
)
def test_null_is_taken_away(use: ir.Use, found: object) -> None:
    assert without_null(use, DEFINITIONS) == found


def test_aliases_that_lead_to_themselves_stay_references() -> None:
    for name in ("Ring", "Round"):
        assert isinstance(resolved(ref(name), DEFINITIONS), ir.Ref)
        assert list(leaves(ref(name), DEFINITIONS)) == []
    itself = ref("MaybeSelf")
    assert without_null(itself, DEFINITIONS) == itself
    assert record_of(itself, DEFINITIONS, besides_null=True) is None
    assert list(leaves(itself, DEFINITIONS)) == [NULL]
    assert constants(itself, DEFINITIONS, besides_null=True) == ()


def test_records_and_unions() -> None:
    assert record_of(ref("Kitten"), DEFINITIONS) is CAT
    assert record_of(ref("MaybeKitten"), DEFINITIONS) is None
    assert record_of(ref("MaybeKitten"), DEFINITIONS, besides_null=True) is CAT
    assert record_of(ref("Color"), DEFINITIONS) is None
    assert union_of(ref("Animal"), DEFINITIONS) is PET
    assert union_of(any_of(TEXT, TRUE), DEFINITIONS) == any_of(TEXT, TRUE)
    assert union_of(ref("Cat"), DEFINITIONS) is None


@pytest.mark.parametrize(
    ("use", "values", "besides_null"),
    [
        (TRUE, (True,), (True,)),
        (ref("Word"), ("a", "b"), ("a", "b")),
        (ref("Color"), ("red", None), ("red", None)),
        (ref("MaybeWord"), (), ("a", "b")),
        (any_of(TRUE, ref("Word")), (), ()),
        (TEXT, (), ()),
        (ref("Cat"), (), ()),
    ],
)
def test_constants(use: ir.Use, values: tuple[object, ...], besides_null: object) -> None:
    assert constants(use, DEFINITIONS) == values
    assert constants(use, DEFINITIONS, besides_null=True) == besides_null


@pytest.mark.parametrize(
    ("use", "presence", "value"),
    [
        (TRUE, ir.Required(), (True,)),
        (TRUE, ir.Optional(), ()),
        (ref("Word"), ir.Required(), ()),
        (one_of(None), ir.Required(), (None,)),
    ],
)
def test_the_only_value(use: ir.Use, presence: ir.Presence, value: object) -> None:
    assert only_value(field("a", use, presence), DEFINITIONS) == value


def test_leaves_are_all_that_a_value_may_be_once() -> None:
    assert list(leaves(ref("Animal"), DEFINITIONS)) == [CAT, COLOR, NULL]
    assert list(leaves(any_of(null_or(TEXT), ref("Word"), ref("Lost")), DEFINITIONS)) == [
        TEXT,
        NULL,
        one_of("a", "b"),
        ir.Anything(at=AT),
    ]


@pytest.mark.parametrize(
    ("use", "takes"),
    [
        (TEXT, False),
        (NULL, True),
        (ref("Cat"), False),
        (ref("Word"), False),
        (ref("MaybeWord"), True),
        (ref("Color"), True),
        (ref("Animal"), True),
        (any_of(TEXT, ref("MaybeKitten")), True),
        (ir.ListOf(item=NULL, at=AT), False),
        (ir.Anything(at=AT), True),
        (ir.Nothing(at=AT), False),
    ],
)
def test_null_is_a_value(use: ir.Use, takes: bool) -> None:
    assert takes_null(use, DEFINITIONS) is takes
