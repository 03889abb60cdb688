"""What rules say of an example, a value of JSON."""

from __future__ import annotations

import pytest

from oasmith.ir import types as ir
from oasmith.python.docs.conditions import holds, narrowings
from unit.docs.model import AT, literal

GIVEN_X = ir.Given(fields=("x",))


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        (ir.Is(field="a", values=(1,)), [{"a": 1}], [{}, {"a": True}, {"a": 2}]),
        (ir.Is(field="a", values=(1,), or_absent=True), [{}, {"a": 1}], [{"a": 2}]),
        (GIVEN_X, [{"x": None}, 5], [{}]),
        (ir.Has(field="a", conditions=(GIVEN_X,)), [{"a": {"x": 1}}], [{}, {"a": {}}]),
        (ir.Has(field="a", conditions=(GIVEN_X,), or_absent=True), [{}], [{"a": {}}]),
        (ir.Not(condition=GIVEN_X), [{}], [{"x": 1}, 5]),
    ],
)
def test_conditions(condition: ir.Condition, true: list[ir.Json], false: list[ir.Json]) -> None:
    assert [value for value in true if not holds(condition, value)] == []
    assert [value for value in false if holds(condition, value)] == []


def test_parameters_that_an_example_goes_with() -> None:
    def narrows(value: str) -> ir.ParameterNarrowing:
        return ir.ParameterNarrowing(parameter=value, type=literal(value), at=AT)

    rules = (
        ir.When(
            conditions=(ir.Given(fields=("a",)),),
            then=(narrows("then"),),
            otherwise=(narrows("else"),),
            at=AT,
        ),
        ir.Inside(
            field="a",
            rules=(ir.When(conditions=(GIVEN_X,), then=(narrows("inside"),), at=AT),),
            at=AT,
        ),
        ir.Excludes(fields=("a",), at=AT),
    )

    def told(value: ir.Json) -> list[str]:
        return [each.parameter for each in narrowings(rules, value)]

    assert told({}) == ["else"]
    assert told({"a": {}}) == ["then"]
    assert told({"a": {"x": 1}}) == ["then", "inside"]
