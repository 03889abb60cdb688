"""Values to show: the document's examples where they fit, else the least that fits the schema.

A secret is never shown: in its place stands the environment variable to take it from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import resolved, values_of
from oasmith.ir.scalars import EXAMPLES
from oasmith.runtime.semantics import samples
from oasmith.runtime.semantics.rules import HasSize, Partial, narrowed, needed, object_of, same
from oasmith.runtime.semantics.text import TextForm
from oasmith.targets.python.naming import snake_case
from oasmith.targets.python.patterns import RustPattern, translate


@frozen(kw_only=False)
class FromEnvironment:
    """The place of a secret in a shown value: the environment variable that holds it."""

    name: str


@frozen(kw_only=False)
class FromFile:
    """The place of a file in a shown value."""

    name: str


class TextOfType(str):
    """The text of a value that samples construct, such as `UUID("…")`."""

    __slots__ = ("constructor",)
    constructor: str

    def __new__(cls, text: str, constructor: str) -> TextOfType:
        made = super().__new__(cls, text)
        made.constructor = constructor
        return made


Shown: TypeAlias = (
    "bool | int | float | str | list[Shown] | dict[str, Shown] | FromEnvironment | FromFile | None"
)
"""A JSON value without its secrets, or a form with its files."""


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
        source: _Source = use
        made: ir.Json = samples.sample(source, self._shape, _Least(name))
        return made

    # --- making ------------------------------------------------------------------------------

    def _shape(self, source: _Source) -> samples.Shape[_Source]:
        """Return the shape of what requests hold; what has a documented value is that value."""
        match source:
            case ir.Field(type=use, doc=doc):
                for found in self.documented(doc.examples, use):
                    return samples.Constants((found,))
                return self._shape(use)
            case ir.Scalar():
                return _scalar(source)
            case ir.Literal(values=values):
                return samples.Constants(values)
            case ir.ListOf(item=item, size=size, unique=unique):
                least, most = _sizes(size)
                return samples.Items(rest=item, least=least, most=most, is_unique=unique)
            case ir.TupleOf(items=items, rest=rest, size=size):
                least, _ = _sizes(size)
                further = rest if least > len(items) else None
                return samples.Items(first=items, rest=further, least=least)
            case ir.MapOf(value=value, keys=keys, size=size):
                return samples.Map(value=value, key=_text(keys), least=_sizes(size)[0])
            case ir.Ref(target=target):
                return self._shape_of(self._definitions[target])
            case ir.Nullable(of=of):
                return samples.Options((of,), is_nullable=True)
            case ir.AnyOf(options=options):
                return samples.Options(options)
            case ir.Anything():
                return samples.Anything()
            case ir.Nothing():
                return samples.Constants((None,))
            case _:
                assert_never(source)

    def _shape_of(self, definition: ir.Definition) -> samples.Shape[_Source]:
        use = ir.Ref(target=definition.id, at=definition.at)
        for found in self.documented(definition.doc.examples, use):
            return samples.Constants((found,))
        match definition:
            case ir.Record(fields=fields, rules=rules):
                return samples.Record(
                    members=[
                        samples.Member(field.wire_name, field, _is_required(field))
                        for field in fields
                        if field.access is not ir.Access.READ
                    ],
                    least=max([r.minimum or 0 for r in rules if isinstance(r, HasSize)], default=0),
                    asks_for=lambda chosen: needed(rules, Partial(frozenset(chosen), chosen)),
                )
            case ir.Enum(members=members):
                return samples.Constants([member.value for member in members])
            case ir.Alias(type=of):
                return self._shape(of)
            case ir.Union(options=options, nullable=nullable):
                return samples.Options(options, is_nullable=nullable)
            case _:
                assert_never(definition)

    # --- hiding ------------------------------------------------------------------------------

    def without_secrets(self, value: ir.Json, use: ir.Use, prefix: str, name: str = "") -> Shown:
        """Return the value with each secret replaced by a variable, `<PREFIX>_<FIELD>`."""
        match resolved(use, self._definitions):
            case ir.Scalar(kind=ir.ScalarKind.SECRET) if value is not None:
                words = [snake_case(part).strip("_").upper() for part in (prefix, name) if part]
                return FromEnvironment("_".join(words) or "SECRET")
            case ir.Scalar(kind=kind) if kind.is_constructed and isinstance(value, str):
                if kind.form is None or not kind.form.fits(value):
                    return value
                return TextOfType(value, type(kind.form.read(value)).__name__)
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
    if not scalar.kind.fits(value):
        return False
    return not isinstance(value, int | float) or _number(scalar).fits(value)


_Source: TypeAlias = "ir.Use | ir.Field"


@frozen(kw_only=False)
class _Least:
    """Chooses the least: the first option, one item, no more members than are needed."""

    name: str
    series: int = 0
    """The number of an item among those that must differ."""

    def member(self, name: str) -> _Least:
        return _Least(name, self.series)

    def entry(self, name: str) -> _Least:
        return self

    def distinct(self, number: int) -> _Least:
        return _Least(self.name, number)

    def items(self, item: samples.Shape[Any], least: int) -> list[_Least]:
        return [self] * max(1, least)

    def keys(self) -> tuple[str, ...]:
        return ("key",)

    def members(self, names: Sequence[str]) -> tuple[str, ...]:
        return ()

    def option(self, options: Sequence[samples.Shape[Any]]) -> int:
        return 0

    def constant(self, values: Sequence[ir.Json]) -> ir.Json:
        return values[self.series % len(values)]

    def number(self, shape: samples.Number) -> float:
        return samples.least(shape, self.series)

    def text(self) -> str:
        words = snake_case(self.name).strip("_").split("_")
        text = "https://example.com" if words[-1] in ("url", "uri") else f"my-{'-'.join(words)}"
        return f"{text}{'/' if '://' in text else '-'}{self.series + 1}" if self.series else text

    def form(self, form: TextForm) -> str:
        return form.example(self.series)


def _scalar(scalar: ir.Scalar) -> samples.Shape[_Source]:
    kind, bounds = scalar.kind, scalar.bounds
    match kind.json_type:
        case "integer" | "number":
            return _number(scalar)
        case "boolean":
            return samples.Constants((True, False))
        case "null":
            return samples.Constants((None,))
        case "string" if kind.form is not None:
            return samples.Text(form=kind.form)
        case "string" if kind is ir.ScalarKind.BINARY:
            return samples.Constants((kind.example,))
        case "string":
            example = EXAMPLES.get(scalar.format or "")
            examples = () if example is None else (example,)
            return _text(bounds if isinstance(bounds, ir.TextBounds) else None, examples)
        case _:
            assert_never(kind.json_type)


def _text(bounds: ir.TextBounds | None, examples: Sequence[str] = ()) -> samples.Text:
    if bounds is None:
        return samples.Text(examples=examples)
    return samples.Text(
        least=bounds.min_length or 0,
        most=bounds.max_length,
        matches=_matcher(bounds.patterns),
        examples=examples,
    )


def _number(scalar: ir.Scalar) -> samples.Number:
    is_whole, bounds = scalar.kind.json_type == "integer", scalar.bounds
    if not isinstance(bounds, ir.NumberBounds):
        return samples.Number(is_whole=is_whole)
    return samples.Number(
        is_whole=is_whole,
        minimum=bounds.minimum,
        maximum=bounds.maximum,
        exclusive_minimum=bounds.exclusive_minimum,
        exclusive_maximum=bounds.exclusive_maximum,
        multiple_of=bounds.multiple_of,
    )


_LONGEST_TRIED = 200
"""Characters of a text that a pattern is tried on."""


def _matcher(patterns: Sequence[str]) -> Callable[[str], bool] | None:
    """Return what tries patterns of the document on a text; None if none of them can be run."""
    found = [each for each in map(translate, patterns) if isinstance(each, RustPattern)]
    if not found:
        return None
    return lambda text: (
        len(text) <= _LONGEST_TRIED and all(pattern.is_found_in(text) for pattern in found)
    )


def _sizes(size: ir.SizeBounds | None) -> tuple[int, int | None]:
    return (0, None) if size is None else (size.minimum or 0, size.maximum)


def _is_required(field: ir.Field) -> bool:
    return isinstance(field.presence, ir.Required)


def narrowings(record: ir.Record, body: ir.Json) -> Iterator[tuple[str, ir.Use | None]]:
    """Yield the types that parameters have in a call with a body; None: they are not allowed."""
    subject = object_of(body)
    if subject is not None:
        for asked in narrowed(record.rules, subject):
            yield asked.parameter, asked.type
