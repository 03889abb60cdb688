"""Routes, read backwards: from a path to the parameters in it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from .operations import Route


class Pattern:
    """A route, as it is recognised. Those with fewer parameters are tried first."""

    def __init__(self, route: Route) -> None:
        self.segments = route.path.split("/")
        self.parameters = route.path.count("{")

    def match(self, path: str) -> dict[str, str] | None:
        """Give the path parameters; None: it is another path."""
        given = path.split("/")
        if len(given) != len(self.segments):
            return None
        found: dict[str, str] = {}
        for segment, value in zip(self.segments, given, strict=True):
            if segment.startswith("{") and value:
                found[segment[1:-1]] = unquote(value)
            elif segment != value:
                return None
        return found

    def implied(self, other: Pattern, names: Sequence[str]) -> dict[str, str]:
        """Give what the other route says in plain words where this one has parameters."""
        found: dict[str, str] = {}
        if len(other.segments) < len(self.segments):
            return found
        for mine, theirs in zip(self.segments, other.segments, strict=False):
            if mine == theirs:
                continue
            if mine[1:-1] not in names or theirs.startswith("{"):
                return {}
            found[mine[1:-1]] = theirs
        return found
