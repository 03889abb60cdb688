"""What a parameter takes besides what its schema says, because all of it becomes text.

In a path, a query, a header or a cookie the constant `"-1"` and the integer -1 are the same, so the
integer is taken too. Strings that the configuration calls durations also take a `timedelta`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from oasmith.ir import types as ir
from oasmith.ir.query import Definitions, leaves, values_of
from oasmith.targets.python.code import Code, union
from oasmith.targets.python.imports import Name

_NUMBERS = (ir.ScalarKind.INTEGER, ir.ScalarKind.NUMBER)
_TIMEDELTA = Name("datetime", "timedelta")


class TextValues:
    """Widens the annotations of parameters. `durations` are the units by schema, in seconds."""

    def __init__(
        self,
        definitions: Definitions,
        durations: Mapping[str, Mapping[str, float]],
    ) -> None:
        self._definitions = definitions
        self._durations = durations
        self._spelled: dict[ir.SchemaId, list[int]] = {}

    def annotation(
        self, use: ir.Use, annotate: Callable[[ir.Use], Code], bind: Callable[[Name], Code]
    ) -> Code:
        """Return the annotation of the use with what a parameter of that type also takes."""
        integers = self._spelled_by(use)
        options = [annotate(_with_integers(use, tuple(integers)) if integers else use)]
        if self.duration(use) is not None:
            options.append(bind(_TIMEDELTA))
        return union(options)

    def duration(self, use: ir.Use) -> tuple[ir.SchemaId, Mapping[str, float]] | None:
        """Return the schema that the configuration calls a duration, and seconds per unit."""
        match use:
            case ir.Ref(target=target):
                if not self._durations:
                    return None
                if units := self._durations.get(str(target)):
                    return target, units
                definition = self._definitions[target]
                return self.duration(definition.type) if isinstance(definition, ir.Alias) else None
            case ir.Nullable(of=of):
                return self.duration(of)
            case _:
                return None

    def _spelled_by(self, use: ir.Use) -> list[int]:
        if not isinstance(use, ir.Ref):
            return self._integers(use)
        found = self._spelled.get(use.target)
        if found is None:
            found = self._spelled[use.target] = self._integers(use)
        return found

    def _integers(self, use: ir.Use) -> list[int]:
        """Return the integers that constants of a type spell, if it takes no integers itself."""
        found: dict[int, None] = {}
        for leaf in leaves(use, self._definitions):
            if isinstance(leaf, ir.Scalar) and leaf.kind in _NUMBERS:
                return []
            for value in values_of(leaf):
                if isinstance(value, str) and _spells_integer(value):
                    found[int(value)] = None
        return list(found)


def _with_integers(use: ir.Use, integers: tuple[int, ...]) -> ir.Use:
    """Return the use that takes the integers too, in a `Literal` that is there already."""
    more = ir.Literal(values=integers, at=use.at)
    match use:
        case ir.Literal(values=values):
            return ir.Literal(values=(*values, *integers), at=use.at)
        case ir.Nullable(of=of):
            return ir.Nullable(of=_with_integers(of, integers), at=use.at)
        case ir.AnyOf(options=options, told_apart=ir.ByJsonType() | ir.ByTrial()):
            for index, option in enumerate(options):
                if isinstance(option, ir.Literal):
                    widened = _with_integers(option, integers)
                    options = (*options[:index], widened, *options[index + 1 :])
                    return ir.AnyOf(options=options, told_apart=use.told_apart, at=use.at)
            return ir.AnyOf(options=(*options, more), told_apart=use.told_apart, at=use.at)
        case _:
            return ir.AnyOf(options=(use, more), told_apart=ir.ByJsonType(), at=use.at)


def _spells_integer(text: str) -> bool:
    return re.fullmatch(r"0|-?[1-9][0-9]{0,18}", text) is not None
