"""Parameters that a body narrows by `x-parameters`: do operations have them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir


def check_narrowings(api: ir.Api, diagnostics: Diagnostics) -> None:
    """Report `x-parameters` that speak of a parameter which no operation has."""
    known = {p.wire_name for operation in api.operations for p in operation.parameters}
    for definition in api.definitions.values():
        if isinstance(definition, ir.Record):
            for narrowing in (*definition.narrows, *_concluded(definition.rules)):
                if narrowing.parameter not in known:
                    message = (
                        f"`x-parameters`: no operation has a parameter `{narrowing.parameter}`"
                    )
                    diagnostics.warning("unmatched", narrowing.at, message)


def _concluded(rules: Iterable[ir.Rule]) -> Iterator[ir.ParameterNarrowing]:
    for rule in rules:
        match rule:
            case ir.ParameterNarrowing():
                yield rule
            case ir.When(then=then, otherwise=otherwise):
                yield from _concluded((*then, *otherwise))
            case _:
                pass
