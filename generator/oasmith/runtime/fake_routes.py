"""Routes, read backwards: from a path to the parameters in it."""

from __future__ import annotations

from collections.abc import Sequence

from .operations import Parameter, Route
from .semantics import styles


class Pattern:
    """A route, as it is recognised. Those with fewer parameters are tried first."""

    def __init__(self, route: Route, parameters: Sequence[Parameter]) -> None:
        pieces = styles.cut(route.path)
        wanted = {one.wire_name or one.name: one.style for one in parameters}
        self.segments = route.path.split("/")
        self.parameters = len(pieces) // 2
        self._recognizer = styles.recognizer(pieces)
        self._styles: list[tuple[str, styles.Style]] = [
            (name, styles.settle("path", wanted.get(name), None)[0]) for name in pieces[1::2]
        ]

    def match(self, path: str) -> dict[str, str] | None:
        """Give the path parameters; None: it is another path."""
        found = self._recognizer.fullmatch(path)
        if found is None:
            return None
        return {
            name: styles.read_path(name, written, style)
            for (name, style), written in zip(self._styles, found.groups(), strict=True)
        }

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
