"""Parameters that a body narrows by `x-parameters`."""

from __future__ import annotations

from collections.abc import Mapping

from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import ParameterNarrowing, deep_rules


def narrowed_types(record: ir.Record) -> Mapping[str, ir.Use]:
    """Return the types that parameters have in every call with such a body, by wire name."""
    return {
        rule.parameter: ir.Nothing(at=rule.message.at) if rule.type is None else rule.type
        for rule in record.rules
        if isinstance(rule, ParameterNarrowing)
    }


def check_narrowings(api: ir.Api, diagnostics: Diagnostics) -> None:
    """Report `x-parameters` that speak of a parameter which no operation has."""
    known = {p.wire_name for operation in api.operations for p in operation.parameters}
    for definition in api.definitions.values():
        if isinstance(definition, ir.Record):
            for rule in deep_rules(definition.rules):
                if isinstance(rule, ParameterNarrowing) and rule.parameter not in known:
                    message = f"`x-parameters`: no operation has a parameter `{rule.parameter}`"
                    diagnostics.warning("unmatched", rule.message.at, message)
