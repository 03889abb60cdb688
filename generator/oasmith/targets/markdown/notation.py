"""Types as people read them: a notation after TypeScript, with integers apart from numbers.

`Notation.definition` writes a block (`type RateLimit = { … }`), `Notation.use` an expression, and
`Notation.cell` the same in words and links for a table. What a type cannot say (bounds, patterns,
formats) is a comment behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from oasmith.ir import types as ir
from oasmith.targets.markdown.common_fields import Common
from oasmith.targets.rendering.markdown import Markdown, code, join

_LONG_PATTERN = 40
"""Characters from which on a pattern says nothing at a glance: it stands with the type alone."""
_WIDTH = 88
"""Columns from which on the options of a type stand on lines of their own."""

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)

Link = Callable[[ir.SchemaId], Markdown]


class Notation:
    """Writes the types of one API. `names` are what its definitions are called for people."""

    def __init__(self, names: Mapping[ir.SchemaId, str]) -> None:
        self._names = names
        self._declared: dict[ir.SchemaId, str] = {}

    # --- expressions -------------------------------------------------------------------------

    def use(self, use: ir.Use) -> str:
        """Return the expression of a type, `string | null`."""
        return " | ".join(self._options(use))

    def _options(self, use: ir.Use) -> list[str]:
        match use:
            case ir.Scalar(kind=kind):
                return [kind.json_type]
            case ir.Literal(values=values):
                return [value_text(value) for value in values]
            case ir.ListOf(item=item):
                return [self._single(item) + "[]"]
            case ir.TupleOf(items=items, rest=rest):
                parts = [self.use(item) for item in items]
                if rest is not None:
                    parts.append(f"...{self._single(rest)}[]")
                return [f"[{', '.join(parts)}]"]
            case ir.MapOf(value=value):
                return [f"{{ [key: string]: {self.use(value)} }}"]
            case ir.Ref(target=target):
                return [self._names[target]]
            case ir.Nullable(of=of):
                return [*self._options(of), "null"]
            case ir.AnyOf(options=options):
                return _distinct(part for option in options for part in self._options(option))
            case ir.Anything():
                return ["any"]
            case ir.Nothing():
                return ["never"]
            case _:
                assert_never(use)

    def _single(self, use: ir.Use) -> str:
        """Return an expression that may stand before `[]`."""
        options = self._options(use)
        return options[0] if len(options) == 1 else f"({' | '.join(options)})"

    # --- blocks ------------------------------------------------------------------------------

    def definition(self, definition: ir.Definition) -> str:
        """Return the declaration of a type, over one or more lines."""
        known = self._declared.get(definition.id)
        if known is None:
            known = self._declared[definition.id] = self._declaration(definition)
        return known

    def _declaration(self, definition: ir.Definition) -> str:
        name = self._names[definition.id]
        match definition:
            case ir.Record():
                return self._record(name, definition)
            case ir.Enum(members=members):
                return self._choice(name, [value_text(member.value) for member in members], [])
            case ir.Alias(type=use):
                return self._choice(name, self._options(use), constraints(use))
            case ir.Union(options=options, nullable=nullable):
                parts = _distinct(part for option in options for part in self._options(option))
                remarks = [r for option in options for r in _named(option, self.use(option))]
                return self._choice(name, [*parts, "null"] if nullable else parts, remarks)
            case _:
                assert_never(definition)

    def common(self, common: Common) -> str:
        """Return the declaration of a union as the one record that most options are like."""
        lines = []
        for field in common.fields:
            options = _distinct(part for use in field.types for part in self._options(use))
            line = f"  {field.name}{'' if field.required else '?'}: {' | '.join(options)}"
            if len(line) > _WIDTH:
                key = line.partition(": ")[0]
                line = "\n    | ".join([f"{key}:", *options])
            lines.append(line)
        return "\n".join([f"type {self._names[common.union.id]} = {{", *lines, "}"])

    def _choice(self, name: str, options: list[str], remarks: list[str]) -> str:
        line = f"type {name} = {' | '.join(options)}"
        if len(line) > _WIDTH and len(options) > 1:
            line = "\n  | ".join([f"type {name} =", *options])
        return _with_comment(line, remarks)

    def _record(self, name: str, record: ir.Record) -> str:
        lines = [self._field(field) for field in record.fields]
        if isinstance(record.extra, ir.Allowed):
            lines.append(f"  [key: string]: {self.use(record.extra.type)}")
        if not lines:
            return f"type {name} = {{}}"
        return "\n".join([f"type {name} = {{", *lines, "}"])

    def _field(self, field: ir.Field) -> str:
        key = field.wire_name
        if not _IDENTIFIER.fullmatch(key):
            key = json.dumps(key, ensure_ascii=False)
        remarks = constraints(field.type)
        match field.presence:
            case ir.Required():
                mark = ""
            case ir.Optional():
                mark = "?"
            case ir.Default(value=value):
                mark = "?"
                remarks.append(f"default {value_text(value)}")
            case _:
                assert_never(field.presence)
        match field.access:
            case ir.Access.READ:
                remarks.append("in responses only")
            case ir.Access.WRITE:
                remarks.append("in requests only")
            case ir.Access.BOTH:
                pass
            case _:
                assert_never(field.access)
        return _with_comment(f"  {key}{mark}: {self.use(field.type)}", remarks)

    # --- tables ------------------------------------------------------------------------------

    def cell(self, use: ir.Use, link: Link) -> Markdown:
        """Return the type in words for a table; definitions are written by `link`."""
        match use:
            case ir.Ref(target=target):
                return link(target)
            case ir.Scalar(kind=kind):
                return code(kind.json_type)
            case _:
                return join(self._parts(use, link), " or ")

    def _parts(self, use: ir.Use, link: Link) -> list[Markdown]:
        match use:
            case ir.Ref(target=target):
                return [link(target)]
            case ir.Nullable(of=of):
                return [*self._parts(of, link), code("null")]
            case ir.AnyOf(options=options):
                parts = [part for option in options for part in self._parts(option, link)]
                return list(dict.fromkeys(parts))
            case ir.Literal(values=values):
                return [code(value_text(value)) for value in values]
            case ir.ListOf(item=item):
                if self._is_flat(item):
                    return [code(self.use(use))]
                return [_of("list of", self._parts(item, link))]
            case ir.MapOf(value=value):
                return [_of("map of string to", self._parts(value, link))]
            case ir.TupleOf(items=items, rest=rest):
                places = [*items] if rest is None else [*items, rest]
                return [_of("tuple of", [self.cell(place, link) for place in places], ", ")]
            case ir.Scalar(kind=kind):
                return [code(kind.json_type)]
            case ir.Anything() | ir.Nothing():
                return [code(self.use(use))]
            case _:
                assert_never(use)

    def _is_flat(self, use: ir.Use) -> bool:
        match use:
            case ir.Scalar() | ir.Anything() | ir.Nothing():
                return True
            case ir.ListOf(item=item):
                return self._is_flat(item)
            case _:
                return False


def _of(words: str, parts: list[Markdown], between: str = " or ") -> Markdown:
    inside = join(parts, between)
    return Markdown(f"{words} {inside}" if len(parts) == 1 else f"{words} ({inside})")


def _distinct(parts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(parts))


def _named(option: ir.Use, name: str) -> list[str]:
    """Return the constraints of one option of a union, with the option they are about."""
    return [f"{name}: {remark}" for remark in constraints(option)]


def _with_comment(line: str, remarks: list[str]) -> str:
    """Return the line with the remarks behind it, or above it where that is too long."""
    remarks = [remark for remark in remarks if not is_long_pattern(remark)]
    if not remarks:
        return line
    comment = f"// {', '.join(remarks)}"
    if "\n" not in line and len(line) + len(comment) < _WIDTH:
        return f"{line}  {comment}"
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}{comment}\n{line}"


def is_long_pattern(remark: str) -> bool:
    """Say whether a remark of `constraints` is a pattern that is too long for a line."""
    begin = remark.find("matches /")
    return begin >= 0 and len(remark) - begin > _LONG_PATTERN


def value_text(value: ir.Json) -> str:
    """Return a value as JSON in one line, in printable characters."""
    if isinstance(value, str) and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    dumped = json.dumps(value, ensure_ascii=False)
    return dumped if dumped.isprintable() else json.dumps(value)


# --- what a type does not say ----------------------------------------------------------------


def constraints(use: ir.Use) -> list[str]:
    """Return what else holds for values of the type, in the shortest words: `>= 1`, `unique`."""
    match use:
        case ir.Ref() | ir.Literal() | ir.Anything() | ir.Nothing():
            return []
        case ir.Scalar(kind=kind, bounds=bounds, format=format_, holds=holds):
            found = [] if kind.is_plain else [kind.name]
            if format_ is not None:
                found.append(_printable(format_))
            if holds is not None:
                found.append("holds JSON")
            return found + _bounds(bounds)
        case ir.ListOf(item=item, size=size, unique=unique):
            found = _size(size, "items") + (["unique"] if unique else [])
            return found + [f"each {remark}" for remark in constraints(item)]
        case ir.MapOf(value=value, keys=keys, size=size):
            found = _size(size, "members")
            if keys is not None:
                found += [f"keys of {length}" for length in lengths(keys)]
                found += [f"keys match /{_printable(pattern)}/" for pattern in keys.patterns]
            return found + [f"each {remark}" for remark in constraints(value)]
        case ir.TupleOf(size=size):
            return _size(size, "items")
        case ir.Nullable(of=of):
            return constraints(of)
        case ir.AnyOf(options=options):
            return _distinct(remark for option in options for remark in constraints(option))
        case _:
            assert_never(use)


def _bounds(bounds: ir.NumberBounds | ir.TextBounds | None) -> list[str]:
    match bounds:
        case None:
            return []
        case ir.NumberBounds():
            limits = (
                (">=", bounds.minimum),
                (">", bounds.exclusive_minimum),
                ("<=", bounds.maximum),
                ("<", bounds.exclusive_maximum),
                ("a multiple of", bounds.multiple_of),
            )
            return [f"{words} {limit}" for words, limit in limits if limit is not None]
        case ir.TextBounds(patterns=patterns):
            return lengths(bounds) + [f"matches /{_printable(pattern)}/" for pattern in patterns]
        case _:
            assert_never(bounds)


def lengths(bounds: ir.TextBounds) -> list[str]:
    """Return how long a text has to be, if that is bounded."""
    return _range(bounds.min_length, bounds.max_length, "characters")


def _size(size: ir.SizeBounds | None, things: str) -> list[str]:
    return [] if size is None else _range(size.minimum, size.maximum, things)


def _range(least: int | None, most: int | None, things: str) -> list[str]:
    if least is None:
        return [] if most is None else [f"at most {_count(most, things)}"]
    if most is None:
        return [f"at least {_count(least, things)}"]
    if least == most:
        return [_count(least, things)]
    return [f"{least} to {_count(most, things)}"]


def _count(number: int, things: str) -> str:
    return f"{number} {things.removesuffix('s') if number == 1 else things}"


def _printable(text: str) -> str:
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
