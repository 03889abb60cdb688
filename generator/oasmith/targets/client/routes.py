"""Which paths of an API hide others: `/things/_all` is not `/things/{id}` with the id `_all`.

OpenAPI 3.1, paths object: a path without templates matches before one with them. A value that an
enum of the parameter lists is meant all the same: the description offers it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from oasmith.ir import types as ir
from oasmith.ir.query import constants


class Routes:
    """All paths of an API, by method and number of segments."""

    def __init__(self, api: ir.Api) -> None:
        self._definitions = api.definitions
        self._paths: defaultdict[tuple[str, int], dict[str, list[str]]] = defaultdict(dict)
        for operation in api.operations:
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
            if path not in mine
            and _hides(segments, own)
            and not self._offered(operation, _fixed(segments, own))
        )

    def _offered(self, operation: ir.Operation, fixed: Iterable[tuple[str, str]]) -> bool:
        """Say whether the parameters of these names list these values."""
        types = {each.wire_name: each.type for each in operation.parameters}
        return all(
            name in types and value in constants(types[name], self._definitions)
            for name, value in fixed
        )


def _fixed(segments: list[str], own: list[str]) -> Iterator[tuple[str, str]]:
    """Give the parameters of a path for which another path has a value, and the values."""
    for segment, of_own in zip(segments, own, strict=True):
        if "{" in of_own and "{" not in segment:
            yield of_own[1:-1], segment


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
