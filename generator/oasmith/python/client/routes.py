"""Which paths of an API hide others: `/things/_all` is not `/things/{id}` with the id `_all`.

OpenAPI 3.1, paths object: a path without templates matches before one with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from oasmith.ir import types as ir


class Routes:
    """All paths of an API, by method and number of segments."""

    def __init__(self, operations: Iterable[ir.Operation]) -> None:
        self._paths: defaultdict[tuple[str, int], dict[str, list[str]]] = defaultdict(dict)
        for operation in operations:
            for route in operation.routes:
                segments = route.path.split("/")
                self._paths[operation.method, len(segments)][route.path] = segments

    def others(self, operation: ir.Operation, route: ir.Route) -> tuple[str, ...]:
        """Return the paths of other operations that a value of a parameter could make of this."""
        if not route.parameters:
            return ()
        own = route.path.split("/")
        mine = {each.path for each in operation.routes}
        return tuple(
            path
            for path, segments in self._paths[operation.method, len(own)].items()
            if path not in mine and _hides(segments, own)
        )


def _hides(one: list[str], other: list[str]) -> bool:
    """Say whether the first path is the second one with fixed segments in place of parameters."""
    fixed = False
    for segment, of_other in zip(one, other, strict=True):
        if segment == of_other or ("{" in segment and "{" in of_other):
            continue
        if "{" in segment or not (of_other.startswith("{") and of_other.endswith("}")):
            return False
        fixed = True
    return fixed
