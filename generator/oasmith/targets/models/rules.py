"""Rules between the fields of a record, as the objects of the runtime that check them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any, Final

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import record_of
from oasmith.runtime.semantics.rules import RequiresOneOf, translated
from oasmith.targets.python.code import Code, fill, identifier, joined, literal
from oasmith.targets.python.faces import Layout
from oasmith.targets.python.imports import Name
from oasmith.text import Text

RULES: Final = "._runtime.semantics.rules"


@frozen(kw_only=False)
class RuleWriter:
    """Writes the rules of one record."""

    use: Callable[[Name], Code]
    annotate: Callable[[ir.Use], Code]
    layout: Layout
    record: ir.Record

    def write(self, rule: ir.Rule) -> Code:
        """Return the expression that makes the rule."""
        names = _PythonNames(self.layout, self.record)
        return self._written(translated(rule, self.annotate, _message, names))

    def _written(self, value: object) -> Code:
        """Return the expression of a rule, a condition, or what they hold."""
        match value:
            case Code():
                return fill("lambda: {}", value)
            case (first, *_) if is_dataclass(first):
                return _tuple(map(self._written, value))
            case _ if is_dataclass(value):
                constructor = self.use(Name(RULES, type(value).__name__))
                return fill("{}({})", constructor, joined(", ", self._arguments(value)))
            case _:
                return literal(value)

    def _arguments(self, node: Any) -> Iterable[Code]:
        """Yield the arguments that are not at their defaults."""
        for field in sorted(
            fields(node), key=lambda field: (field.kw_only, field.name == "message")
        ):
            value = getattr(node, field.name)
            if value == field.default:
                continue
            if isinstance(node, RequiresOneOf) and field.name == "groups":
                yield from map(literal, value)
            elif field.kw_only:
                yield fill("{}={}", identifier(field.name), literal(value))
            else:
                yield self._written(value)


@frozen(kw_only=False)
class _PythonNames:
    """The names of the attributes of a model; wire names where no record is known."""

    layout: Layout
    record: ir.Record | None

    def of(self, field: str) -> str:
        names = {} if self.record is None else self.layout.fields[self.record.id]
        return names.get(field, field)

    def inside(self, field: str) -> _PythonNames:
        described = () if self.record is None else self.record.fields
        use = next((each.type for each in described if each.wire_name == field), None)
        record = None
        if use is not None:
            record = record_of(use, self.layout.definitions, besides_null=True)
        return _PythonNames(self.layout, record)


def _message(statement: ir.Statement) -> Text | None:
    doc = statement.doc
    message = doc.description or doc.summary or doc.title
    return message.line() if message else None


def _tuple(parts: Iterable[Code]) -> Code:
    listed = list(parts)
    return fill("({},)" if len(listed) == 1 else "({})", joined(", ", listed))
