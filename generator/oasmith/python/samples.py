"""Values to show: what the document gives as an example, else the least that fits the schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from oasmith.ir import types as ir

_TEXTS: Mapping[ir.ScalarKind, str] = {
    ir.ScalarKind.STRING: "text",
    ir.ScalarKind.SECRET: "secret",
    ir.ScalarKind.DATE: "2026-01-31",
    ir.ScalarKind.TIME: "12:30:00Z",
    ir.ScalarKind.DATE_TIME: "2026-01-31T12:30:00Z",
    ir.ScalarKind.DURATION: "PT5M",
    ir.ScalarKind.UUID: "123e4567-e89b-12d3-a456-426614174000",
    ir.ScalarKind.BASE64: "aGVsbG8=",
    ir.ScalarKind.BINARY: "bytes",
    ir.ScalarKind.DECIMAL: "1.5",
}


class Sampler:
    """Makes sample values for the uses of one API."""

    def __init__(self, definitions: Mapping[ir.SchemaId, ir.Definition]) -> None:
        self._definitions = definitions
        self._open: set[ir.SchemaId] = set()
        """Definitions under way: one that comes back into itself is left out."""

    def value(self, use: ir.Use, name: str = "value") -> ir.Json:
        """Return a value of the type; `name` says what a string is about (`my-<name>`)."""
        match use:
            case ir.Scalar():
                return _scalar(use, name)
            case ir.Literal(values=values):
                return values[0]
            case ir.ListOf(item=item):
                return [self.value(item, name)]
            case ir.TupleOf(items=items):
                return [self.value(item, name) for item in items]
            case ir.MapOf(value=value):
                return {"key": self.value(value, name)}
            case ir.Nullable(of=of):
                return self.value(of, name)
            case ir.AnyOf(options=options):
                return self.value(options[0], name)
            case ir.Anything() | ir.Nothing():
                return {}
            case ir.Ref(target=target):
                return self._definition(self._definitions[target], name)
            case _:
                assert_never(use)

    def _definition(self, definition: ir.Definition, name: str) -> ir.Json:
        if definition.doc.examples:
            return definition.doc.examples[0].value
        if definition.id in self._open:
            return {}
        self._open.add(definition.id)
        try:
            match definition:
                case ir.Record():
                    return self._record(definition)
                case ir.Enum(members=members):
                    return members[0].value
                case ir.Alias(type=use):
                    return self.value(use, name)
                case ir.Union(options=options):
                    return self.value(options[0], name)
                case _:
                    assert_never(definition)
        finally:
            self._open.discard(definition.id)

    def _record(self, record: ir.Record) -> dict[str, ir.Json]:
        """Return the least object that keeps the rules which can be read off without search."""
        needed = {f.wire_name for f in record.fields if isinstance(f.presence, ir.Required)}
        for rule in record.rules:
            match rule:
                case ir.RequiresOneOf(groups=groups) if not any(needed >= {*g} for g in groups):
                    needed |= {*groups[0]}
                case ir.RequiresWith(field=field, needs=needs) if field in needed:
                    needed |= {*needs}
                case _:
                    pass
        return {
            field.wire_name: field.doc.examples[0].value
            if field.doc.examples
            else self.value(field.type, field.wire_name)
            for field in record.fields
            if field.wire_name in needed and field.access is not ir.Access.READ
        }


def _scalar(scalar: ir.Scalar, name: str) -> ir.Json:
    match scalar.kind:
        case ir.ScalarKind.INTEGER:
            return int(_least(scalar.bounds))
        case ir.ScalarKind.NUMBER:
            return float(_least(scalar.bounds))
        case ir.ScalarKind.BOOLEAN:
            return True
        case ir.ScalarKind.NULL:
            return None
        case ir.ScalarKind.STRING:
            return f"my-{name.replace('_', '-')}"
        case other:
            return _TEXTS[other]


def _least(bounds: ir.NumberBounds | ir.TextBounds | None) -> float:
    if isinstance(bounds, ir.NumberBounds):
        if bounds.minimum is not None:
            return float(bounds.minimum)
        if bounds.exclusive_minimum is not None:
            return float(bounds.exclusive_minimum) + 1
    return 1.0
