"""What the conditions of rules say of an example, a value of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from oasmith.ir import types as ir


def same(value: ir.Json, other: ir.Json) -> bool:
    """Say whether values are equal (JSON Schema core 4.2.2: true is not 1)."""
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def holds(condition: ir.Condition, value: ir.Json) -> bool:
    """Say whether a condition holds; for what is no object, all but `Not` do."""
    if isinstance(condition, ir.Not):
        return not holds(condition.condition, value)
    if not isinstance(value, dict):
        return True
    match condition:
        case ir.Is(field=field, values=values, or_absent=or_absent):
            if field not in value:
                return or_absent
            return any(same(value[field], other) for other in values)
        case ir.Given(fields=fields):
            return all(name in value for name in fields)
        case ir.Has(field=field, conditions=conditions, or_absent=or_absent):
            if field not in value:
                return or_absent
            return all(holds(each, value[field]) for each in conditions)
        case _:
            assert_never(condition)


def concluded(rule: ir.When, value: ir.Json) -> tuple[ir.Rule, ...]:
    """Return the rules that an `if` makes hold for the value."""
    held = all(holds(condition, value) for condition in rule.conditions)
    return rule.then if held else rule.otherwise


def narrowings(rules: Iterable[ir.Rule], value: ir.Json) -> Iterator[ir.ParameterNarrowing]:
    """Yield what rules ask of the parameters of a call whose body is the value."""
    for rule in rules:
        match rule:
            case ir.ParameterNarrowing():
                yield rule
            case ir.When():
                yield from narrowings(concluded(rule, value), value)
            case ir.Inside(field=field, rules=inner) if isinstance(value, dict) and field in value:
                yield from narrowings(inner, value[field])
            case _:
                pass
