"""Parameters that rules speak of: those of calls with a body, and those that no operation has."""

from __future__ import annotations

from dataclasses import replace

from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import Given, Inside, ParameterNarrowing, When
from oasmith.targets.python.narrowings import check_narrowings, narrowed_types
from unit.client.api import (
    AT,
    STATED,
    api,
    body,
    content,
    one_of,
    operation,
    parameter,
    record,
    ref,
)


def narrowing(name: str, use: ir.Use | None) -> ir.Rule:
    return ParameterNarrowing(name, use, message=STATED)


def conditional(rule: ir.Rule) -> ir.Rule:
    return When((Given(("a",)),), (), (rule,), message=STATED)


LOW = one_of("low")
RULES = (
    narrowing("heat", LOW),
    narrowing("fan", None),
    conditional(narrowing("shelf", LOW)),
    Inside("a", (conditional(narrowing("size", LOW)),), message=STATED),
)


def test_only_what_holds_without_a_condition_changes_the_type_of_a_parameter() -> None:
    thing = replace(record("Thing"), rules=RULES)
    assert narrowed_types(thing) == {"heat": LOW, "fan": ir.Nothing(at=AT)}


def test_parameters_that_no_operation_has_are_reported_wherever_a_rule_speaks_of_them() -> None:
    thing = replace(record("Thing"), rules=RULES)
    parameters = [parameter("fan", "query"), parameter("shelf", "query")]
    call = operation("put", "/", parameters=parameters, body=body(content(ref("Thing"))))
    diagnostics = Diagnostics()
    check_narrowings(api([call], thing), diagnostics)
    assert [(found.code, found.message) for found in diagnostics] == [
        ("unmatched", "`x-parameters`: no operation has a parameter `heat`"),
        ("unmatched", "`x-parameters`: no operation has a parameter `size`"),
    ]
