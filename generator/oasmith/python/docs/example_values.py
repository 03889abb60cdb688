"""Values to show: the document's examples where they fit, else the least that fits the schema.

A secret is never shown: in its place stands the environment variable to take it from.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, assert_never

from oasmith.ir import types as ir
from oasmith.ir.query import resolved, values_of
from oasmith.python.docs.conditions import concluded, same
from oasmith.python.naming import snake_case
from oasmith.python.patterns import UncheckedPattern, translate


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """The place of a secret in a shown value: the environment variable that holds it."""

    name: str


@dataclass(frozen=True, slots=True)
class FromFile:
    """The place of a file in a shown value."""

    name: str


class UuidText(str):
    """The text of a UUID, which is an object of its own in Python."""

    __slots__ = ()


Shown: TypeAlias = (
    "bool | int | float | str | list[Shown] | dict[str, Shown] | FromEnvironment | FromFile | None"
)
"""A JSON value without its secrets, or a form with its files."""

_FORMATS: Mapping[str, str] = {
    "uri": "https://example.com",
    "url": "https://example.com",
    "email": "jane@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
_KINDS: Mapping[ir.ScalarKind, str] = {
    ir.ScalarKind.DATE: "2026-01-31",
    ir.ScalarKind.TIME: "12:30:00Z",
    ir.ScalarKind.DATE_TIME: "2026-01-31T12:30:00Z",
    ir.ScalarKind.DURATION: "PT5M",
    ir.ScalarKind.UUID: "123e4567-e89b-12d3-a456-426614174000",
    ir.ScalarKind.BASE64: "aGVsbG8=",
    ir.ScalarKind.BINARY: "content",
    ir.ScalarKind.DECIMAL: "1.5",
}
_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CANDIDATES = ("1", "a", "A", "30s", "0.1", "2026-01-31", "/a", "a/b", "#000000", "*", "")
"""Texts to try, in this order, where a pattern is asked for."""

_DEPTH = 12
"""Levels down to which values are made; only a schema that no finite value fits goes deeper."""


class ExampleValues:
    """Finds and makes values for the uses of one API, as requests hold them."""

    def __init__(self, definitions: Mapping[ir.SchemaId, ir.Definition]) -> None:
        self._definitions = definitions

    # --- checking ----------------------------------------------------------------------------

    def fits(self, value: ir.Json, use: ir.Use) -> bool:
        """Whether a request may hold the value. Rules and bounds of texts are taken on trust."""
        match found := resolved(use, self._definitions):
            case ir.Scalar():
                return _fits_scalar(value, found)
            case ir.Record():
                return isinstance(value, dict) and self._fits_record(value, found)
            case ir.Literal() | ir.Enum():
                return any(same(value, allowed) for allowed in values_of(found))
            case ir.ListOf(item=item):
                return isinstance(value, list) and all(self.fits(one, item) for one in value)
            case ir.TupleOf(items=items, rest=rest):
                if not isinstance(value, list) or len(value) < len(items):
                    return False
                if rest is None and len(value) > len(items):
                    return False
                places = [*items, *([] if rest is None else [rest] * (len(value) - len(items)))]
                return all(self.fits(one, at) for one, at in zip(value, places, strict=True))
            case ir.MapOf(value=member):
                return isinstance(value, dict) and all(
                    self.fits(one, member) for one in value.values()
                )
            case ir.Nullable(of=of):
                return value is None or self.fits(value, of)
            case ir.Union(nullable=True) if value is None:
                return True
            case ir.AnyOf(options=options) | ir.Union(options=options):
                return any(self.fits(value, option) for option in options)
            case ir.Anything():
                return True
            case ir.Nothing() | ir.Ref():
                return False
            case _:
                assert_never(found)

    def _fits_record(self, value: dict[str, ir.Json], record: ir.Record) -> bool:
        fields = {field.wire_name: field for field in record.fields}
        for name, field in fields.items():
            if name not in value:
                if isinstance(field.presence, ir.Required) and field.access is not ir.Access.READ:
                    return False
            elif field.access is ir.Access.READ or not self.fits(value[name], field.type):
                return False
        rest = [member for name, member in value.items() if name not in fields]
        if not isinstance(record.extra, ir.Allowed):
            return not rest
        extra = record.extra.type
        return all(self.fits(member, extra) for member in rest)

    # --- finding -----------------------------------------------------------------------------

    def documented(self, examples: tuple[ir.Example, ...], use: ir.Use) -> Iterator[ir.Json]:
        """Yield the values of the examples that fit; those of a JSON text are read."""
        for example in examples:
            value = example.value
            if isinstance(value, str) and not self.fits(value, use):
                try:
                    value = json.loads(value)
                except ValueError:
                    continue
            if self.fits(value, use):
                yield value

    def value(self, use: ir.Use, name: str, examples: tuple[ir.Example, ...] = ()) -> ir.Json:
        """Return a documented value, else the least. `name` says what a text is about."""
        for found in self.documented(examples, use):
            return found
        return self._least(use, name, 0)

    # --- making ------------------------------------------------------------------------------

    def _least(self, use: ir.Use, name: str, depth: int) -> ir.Json:
        if depth > _DEPTH:
            return None
        match use:
            case ir.Scalar():
                return _scalar(use, name)
            case ir.Literal(values=values):
                return values[0]
            case ir.ListOf(item=item, size=size):
                least = size.minimum if size is not None and size.minimum else 0
                if isinstance(item, ir.Literal):
                    return [*item.values[: max(1, least)]]
                return [self._least(item, name, depth + 1)] * max(1, min(least, 3))
            case ir.TupleOf(items=items):
                return [self._least(item, name, depth + 1) for item in items]
            case ir.MapOf(value=value):
                return {"key": self._least(value, name, depth + 1)}
            case ir.Ref(target=target):
                return self._least_of(self._definitions[target], name, depth + 1)
            case ir.Nullable(of=of):
                return self._least(of, name, depth)
            case ir.AnyOf(options=options):
                return self._least(options[0], name, depth)
            case ir.Anything():
                return {}
            case ir.Nothing():
                return None
            case _:
                assert_never(use)

    def _least_of(self, definition: ir.Definition, name: str, depth: int) -> ir.Json:
        for found in self.documented(
            definition.doc.examples, ir.Ref(target=definition.id, at=definition.at)
        ):
            return found
        match definition:
            case ir.Record():
                return self._least_record(definition, depth)
            case ir.Enum(members=members):
                return members[0].value
            case ir.Alias(type=use):
                return self._least(use, name, depth)
            case ir.Union(options=options):
                return self._least(options[0], name, depth)
            case _:
                assert_never(definition)

    def _least_record(self, record: ir.Record, depth: int) -> dict[str, ir.Json]:
        fields = {field.wire_name: field for field in record.fields}
        chosen = {
            name: self._field(field, depth)
            for name, field in fields.items()
            if isinstance(field.presence, ir.Required) and field.access is not ir.Access.READ
        }
        # A field that one rule asks for may make another rule ask for more.
        while missing := [
            name for rule in record.rules for name in _asks_for(rule, chosen) if name in fields
        ]:
            for name in missing:
                chosen[name] = self._field(fields[name], depth)
        return {name: chosen[name] for name in fields if name in chosen}

    def _field(self, field: ir.Field, depth: int) -> ir.Json:
        for found in self.documented(field.doc.examples, field.type):
            return found
        return self._least(field.type, field.wire_name, depth + 1)

    # --- hiding ------------------------------------------------------------------------------

    def without_secrets(self, value: ir.Json, use: ir.Use, prefix: str, name: str = "") -> Shown:
        """Return the value with each secret replaced by a variable, `<PREFIX>_<FIELD>`."""
        match resolved(use, self._definitions):
            case ir.Scalar(kind=ir.ScalarKind.SECRET) if value is not None:
                words = [snake_case(part).strip("_").upper() for part in (prefix, name) if part]
                return FromEnvironment("_".join(words) or "SECRET")
            case ir.Scalar(kind=ir.ScalarKind.UUID) if isinstance(value, str):
                return UuidText(value)
            case ir.Nullable(of=of):
                return self.without_secrets(value, of, prefix, name)
            case ir.ListOf(item=item) if isinstance(value, list):
                return [self.without_secrets(one, item, prefix, name) for one in value]
            case ir.TupleOf(items=items, rest=rest) if isinstance(value, list):
                places = [*items, *([] if rest is None else [rest] * len(value))]
                return [
                    self.without_secrets(one, at, prefix, name)
                    for one, at in zip(value, places, strict=False)
                ]
            case ir.MapOf(value=member) if isinstance(value, dict):
                return {
                    key: self.without_secrets(one, member, prefix, key)
                    for key, one in value.items()
                }
            case ir.AnyOf(options=options) | ir.Union(options=options):
                return self._hide_in_option(value, options, prefix, name)
            case ir.Record(fields=fields) if isinstance(value, dict):
                types = {field.wire_name: field.type for field in fields}
                return {
                    key: self.without_secrets(one, types[key], prefix, key)
                    if key in types
                    else _shown(one)
                    for key, one in value.items()
                }
            case _:
                return _shown(value)

    def _hide_in_option(
        self, value: ir.Json, options: tuple[ir.Use, ...], prefix: str, name: str
    ) -> Shown:
        for option in options:
            if self.fits(value, option):
                return self.without_secrets(value, option, prefix, name)
        return _shown(value)


def _shown(value: ir.Json) -> Shown:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    return value


def _fits_scalar(value: ir.Json, scalar: ir.Scalar) -> bool:
    match scalar.kind:
        case ir.ScalarKind.NULL:
            return value is None
        case ir.ScalarKind.BOOLEAN:
            return isinstance(value, bool)
        case ir.ScalarKind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool) and _within(value, scalar)
        case ir.ScalarKind.NUMBER:
            return (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and _within(value, scalar)
            )
        case ir.ScalarKind.DECIMAL:
            return isinstance(value, int | float | str) and not isinstance(value, bool)
        case ir.ScalarKind.UUID:
            return isinstance(value, str) and _UUID.fullmatch(value) is not None
        case _:
            return isinstance(value, str)


def _within(value: float, scalar: ir.Scalar) -> bool:
    bounds = scalar.bounds
    if not isinstance(bounds, ir.NumberBounds):
        return True
    return (
        (bounds.minimum is None or value >= bounds.minimum)
        and (bounds.maximum is None or value <= bounds.maximum)
        and (bounds.exclusive_minimum is None or value > bounds.exclusive_minimum)
        and (bounds.exclusive_maximum is None or value < bounds.exclusive_maximum)
    )


def _scalar(scalar: ir.Scalar, name: str) -> ir.Json:
    match scalar.kind:
        case ir.ScalarKind.NULL:
            return None
        case ir.ScalarKind.BOOLEAN:
            return True
        case ir.ScalarKind.INTEGER:
            return math.ceil(_least_number(scalar.bounds))
        case ir.ScalarKind.NUMBER:
            return _least_number(scalar.bounds)
        case ir.ScalarKind.STRING | ir.ScalarKind.SECRET:
            return _text(scalar, name)
        case other:
            return _KINDS[other]


def _least_number(bounds: ir.NumberBounds | ir.TextBounds | None) -> int | float:
    if not isinstance(bounds, ir.NumberBounds):
        return 1
    number = Fraction(1)
    if bounds.minimum is not None:
        number = _exact(bounds.minimum)
    elif bounds.exclusive_minimum is not None:
        number = _exact(bounds.exclusive_minimum) + 1
    if bounds.multiple_of:
        step = _exact(bounds.multiple_of)
        number = math.ceil(number / step) * step
    if bounds.maximum is not None:
        number = min(number, _exact(bounds.maximum))
    elif bounds.exclusive_maximum is not None and number >= bounds.exclusive_maximum:
        most = _exact(bounds.exclusive_maximum)
        least = bounds.exclusive_minimum
        number = (most + (number - 2 if least is None else _exact(least))) / 2
    return int(number) if number.denominator == 1 else float(number)


def _exact(number: int | float | Decimal) -> Fraction:
    # The number as it is written: no float is exactly 0.1, and none holds 10 to the power of 400.
    return Fraction(str(number))


_LONGEST_TEXT = 1000
"""Characters that an example is filled up to."""
_LONGEST_TRIED = 200
"""Characters of a text that a pattern is tried on."""


def _text(scalar: ir.Scalar, name: str) -> str:
    if scalar.format is not None and scalar.format in _FORMATS:
        return _FORMATS[scalar.format]
    text = f"my-{snake_case(name).strip('_').replace('_', '-')}"
    if snake_case(name).strip("_").split("_")[-1] in ("url", "uri"):
        text = "https://example.com"
    bounds = scalar.bounds
    if not isinstance(bounds, ir.TextBounds):
        return text
    least, most = bounds.min_length or 0, bounds.max_length
    if bounds.patterns:
        patterns = [translate(pattern) for pattern in bounds.patterns]
        most = _LONGEST_TRIED if most is None else min(most, _LONGEST_TRIED)
        for candidate in (text, *_CANDIDATES):
            if least <= len(candidate) <= most and all(
                isinstance(pattern, UncheckedPattern) or pattern.is_found_in(candidate)
                for pattern in patterns
            ):
                return candidate
        return text
    return text.ljust(min(least, _LONGEST_TEXT), "x")[:most]


def _asks_for(rule: ir.Rule, chosen: Mapping[str, ir.Json]) -> list[str]:
    """Return the fields that a rule asks for and that are not chosen yet."""
    match rule:
        case ir.RequiresOneOf(groups=groups):
            given = any(all(name in chosen for name in group) for group in groups)
            return [] if given else [name for name in groups[0] if name not in chosen]
        case ir.RequiresAll(fields=fields):
            return [name for name in fields if name not in chosen]
        case ir.RequiresWith(field=field, needs=needs):
            return [name for name in needs if name not in chosen] if field in chosen else []
        case ir.When():
            inside = concluded(rule, dict(chosen))
            return [name for inner in inside for name in _asks_for(inner, chosen)]
        case ir.Excludes() | ir.Narrows() | ir.AtMost() | ir.Inside() | ir.ParameterNarrowing():
            return []
        case _:
            assert_never(rule)
