"""What the options of a union have in common."""

from __future__ import annotations

from collections.abc import Sequence

from oasmith.ir import types as ir
from oasmith.targets.markdown.common_fields import Common, common
from unit.docs.model import AT, INTEGER, OPTIONAL, STRING, field, literal, name, ref, said


def found(*records: Sequence[ir.Field]) -> Common | None:
    """Give what records with these fields have in common, told apart by `kind`."""
    made = [
        ir.Record(id=name(f"R{n}"), fields=(field("kind", literal(f"k{n}")), *fields), at=AT)
        for n, fields in enumerate(records)
    ]
    union = ir.Union(
        id=name("U"),
        options=tuple(ref(record.id.name) for record in made),
        told_apart=ir.ByTag(
            property="kind", tags=tuple((f"k{n}",) for n in range(len(made))), declared=True
        ),
        at=AT,
    )
    definitions: dict[ir.SchemaId, ir.Definition] = {record.id: record for record in made}
    return common(ref("U"), {**definitions, union.id: union})


def summary(made: Common | None) -> list[tuple[str, int, bool, list[str]]]:
    assert made is not None
    return [
        (each.name, each.count, each.required, [type(use).__name__ for use in each.types])
        for each in made.fields
    ]


def test_more_than_half_of_the_options_have_it() -> None:
    made = found(
        [field("a", STRING), field("b", STRING), field("c", STRING)],
        [field("a", STRING), field("b", STRING)],
        [field("a", STRING)],
    )
    assert summary(made) == [
        ("kind", 3, True, ["Literal"]),
        ("a", 3, True, ["Scalar"]),
        ("b", 2, False, ["Scalar"]),
    ]


def test_values_of_the_tag_are_one_type() -> None:
    made = found([], [], [])
    assert made is not None
    assert made.tag == "kind"
    [kind] = made.fields
    [values] = kind.types
    assert isinstance(values, ir.Literal)
    assert values.values == ("k0", "k1", "k2")


def test_it_is_required_where_each_option_needs_it() -> None:
    made = found([field("a", STRING)], [field("a", INTEGER, OPTIONAL)], [field("a", STRING)])
    assert summary(made)[1] == ("a", 3, False, ["Scalar", "Scalar"])


def test_each_type_is_named_once() -> None:
    made = found(
        [field("a", ref("R0"))],
        [field("a", ref("R0"))],
        [field("a", ir.Nullable(of=STRING, at=AT))],
    )
    assert summary(made)[1] == ("a", 3, True, ["Ref", "Nullable"])


def test_what_most_options_say_of_it() -> None:
    made = found(
        [field("a", STRING, description="Rare.")],
        [field("a", STRING, description="Usual.")],
        [field("a", STRING, description="Usual.")],
    )
    assert made is not None
    assert made.fields[1].description == said("Usual.").description


def test_only_unions_of_records_with_a_tag() -> None:
    by_trial = ir.Union(id=name("T"), options=(STRING, INTEGER), told_apart=ir.ByTrial(), at=AT)
    assert common(ref("T"), {by_trial.id: by_trial}) is None
    assert common(STRING, {}) is None
