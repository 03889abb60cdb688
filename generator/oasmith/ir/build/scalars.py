"""Scalars, constants and bounds of a shape."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from fractions import Fraction
from math import gcd, inf, lcm

from oasmith.ir.build.shapes import Shape
from oasmith.ir.scalars import BY_FORMAT, BY_TYPE, Kind, OwnKinds
from oasmith.ir.types import (
    LiteralValue,
    NumberBounds,
    Scalar,
    ScalarKind,
    SizeBounds,
    TextBounds,
    Use,
)
from oasmith.openapi import Node
from oasmith.openapi.contradictions import broken_bound
from oasmith.runtime.semantics.media_types import is_media
from oasmith.source import Json

_SCALAR_WORDS = frozenset(
    (
        "format",
        "x-sensitive",
        "pattern",
        "minLength",
        "maxLength",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    )
)


def plain_scalar(type_: Json, node: Node) -> Scalar | None:
    """Return the scalar of a schema object that is of a type and no more."""
    kind = BY_TYPE.get(type_) if isinstance(type_, str) else None
    return None if kind is None else Scalar(kind=kind, at=node.at)


def scalar(shape: Shape, type_: str, holds: Callable[[Node], Use], types: OwnKinds) -> Scalar:
    """Return the scalar of a JSON type that a shape describes.

    `holds` reads `contentSchema`; `types` are the kinds that the settings add.
    """
    kind = BY_TYPE[type_]
    if not shape.has_any(_SCALAR_WORDS):
        return Scalar(kind=kind, at=shape.at)
    formats = [f for f in shape.values("format") if isinstance(f, str)]
    format_ = formats[-1] if formats else None
    own = types.get((type_, format_ or ""))
    if type_ == "string":
        return _text(shape, format_, holds, own)
    if own is not None:
        return Scalar(kind=own, bounds=number_bounds(shape), at=shape.at)
    bounds = number_bounds(shape) if type_ in ("integer", "number") else None
    return Scalar(kind=kind, bounds=bounds, format=format_, at=shape.at)


def _text(
    shape: Shape, format_: str | None, holds: Callable[[Node], Use], own: Kind | None
) -> Scalar:
    kind = own or BY_FORMAT.get(format_ or "", ScalarKind.STRING)
    if kind is not ScalarKind.STRING:
        format_ = None
    if True in shape.values("x-sensitive"):
        kind = ScalarKind.SECRET
    held = None
    if kind is ScalarKind.STRING:
        encodings = [e for e in shape.values("contentEncoding") if isinstance(e, str)]
        media = [m for m in shape.values("contentMediaType") if isinstance(m, str)]
        if encodings and encodings[-1].lower() == "base64":
            kind = ScalarKind.BASE64
        elif media and not encodings and is_media(media[-1]):
            kind = ScalarKind.BINARY
        elif media:
            format_ = format_ or media[-1]
        for node in shape.nodes("contentSchema")[-1:]:
            held = holds(node)
    return Scalar(kind=kind, bounds=text_bounds(shape), format=format_, holds=held, at=shape.at)


def unchecked(found: Scalar) -> str | None:
    """Return which bounds nobody can check, once a value is no `str` or number any more."""
    bounds = found.bounds
    if bounds is None or found.kind.is_plain:
        return None
    words: dict[str, object]
    if isinstance(bounds, NumberBounds):
        words = {
            "minimum": bounds.minimum,
            "maximum": bounds.maximum,
            "exclusiveMinimum": bounds.exclusive_minimum,
            "exclusiveMaximum": bounds.exclusive_maximum,
            "multipleOf": bounds.multiple_of,
        }
    else:
        words = {"pattern": bounds.patterns or None}
        if found.kind is ScalarKind.BINARY:
            words |= {"minLength": bounds.min_length, "maxLength": bounds.max_length}
    said = [f"`{word}`" for word, bound in words.items() if bound is not None]
    return f"{' and '.join(said)} of a value that is read as {found.kind.name}" if said else None


def number_bounds(shape: Shape) -> NumberBounds | None:
    """Return the bounds of a number, the tightest of each kind."""
    bounds = NumberBounds(
        minimum=_most(shape, "minimum", max),
        maximum=_most(shape, "maximum", min),
        exclusive_minimum=_most(shape, "exclusiveMinimum", max),
        exclusive_maximum=_most(shape, "exclusiveMaximum", min),
        multiple_of=_most(shape, "multipleOf", _common_multiple),
    )
    return bounds if bounds != _NO_NUMBER_BOUNDS else None


def text_bounds(shape: Shape) -> TextBounds | None:
    """Return the bounds of a string, the tightest of each kind; patterns must all be found."""
    bounds = TextBounds(
        min_length=_count(_most(shape, "minLength", max)),
        max_length=_count(_most(shape, "maxLength", min)),
        patterns=tuple(dict.fromkeys(p for p in shape.values("pattern") if isinstance(p, str))),
    )
    return bounds if bounds != _NO_TEXT_BOUNDS else None


def _common_multiple(steps: list[int | float]) -> int | float:
    """Return the least number that is a multiple of all the steps."""
    distinct = list(dict.fromkeys(steps))
    if len(distinct) == 1 or not all(0 < step < inf for step in distinct):
        return max(distinct)  # a step of 0 is a contradiction that is told elsewhere
    fractions = [Fraction(str(step)) for step in distinct]
    top, bottom = lcm(*(f.numerator for f in fractions)), gcd(*(f.denominator for f in fractions))
    return top if bottom == 1 else top / bottom


def size_bounds(shape: Shape, least: str, greatest: str) -> SizeBounds | None:
    """Return the least and greatest number of items or members."""
    bounds = SizeBounds(
        minimum=_count(_most(shape, least, max)), maximum=_count(_most(shape, greatest, min))
    )
    return bounds if bounds != _NO_SIZE_BOUNDS else None


_NO_NUMBER_BOUNDS = NumberBounds()
_NO_TEXT_BOUNDS = TextBounds()
_NO_SIZE_BOUNDS = SizeBounds()


def _most(
    shape: Shape, word: str, choose: Callable[[list[int | float]], int | float]
) -> int | float | None:
    values = [
        value
        for value in shape.values(word)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]
    return choose(values) if values else None


_LONGEST = 2**63 - 1
"""No text or list is longer: machines count no further."""


def _count(value: int | float | Decimal | None) -> int | None:
    # A negative count is told as a contradiction, and says nothing.
    return None if value is None or value < 0 else min(int(value), _LONGEST)


def constants(shape: Shape) -> list[Json] | None:
    """Return the values that `const` and `enum` leave; None where the shape has neither.

    Values of another type than the shape's are left out, unless all are: then they are what is
    meant, and the type is not. `1.0` counts as an integer and is read as one.
    """
    found: list[Json] | None = None
    for part in shape.parts:
        value = part.value
        options: Json = [value["const"]] if "const" in value else value.get("enum")
        if isinstance(options, list) and options:  # an empty `enum` is reported, and says nothing
            if found is None:
                found = _distinct(options)
            else:
                known = {_comparable(option) for option in options}
                found = [value for value in found if _comparable(value) in known]
    if not found:
        return found
    refused = {
        _comparable(value) for part in shape.parts for value in refused_constants(part.value) or ()
    }
    found = [value for value in found if _comparable(value) not in refused]
    types = shape.types
    typed = [_as_typed(value, types) for value in found if _fits(value, types)]
    if not typed and types and _HOLDERS.issuperset(types):
        return None  # most likely they are meant for the items; `check` tells of it
    meant = typed or found
    kept = [
        value
        for value in meant
        if all(broken_bound(part.value, value) is None for part in shape.parts)
    ]
    return kept or meant  # bounds that no value keeps are not meant; `check` tells of both


_HOLDERS = frozenset(("array", "object", "null"))


def refused_constants(value: dict[str, Json]) -> list[Json] | None:
    """Return the values that `not` refuses where it refuses constants and no more."""
    refused = value.get("not")
    if not isinstance(refused, dict) or not refused or not refused.keys() <= {"const", "enum"}:
        return None
    listed = [refused["const"]] if "const" in refused else refused["enum"]
    return listed if isinstance(listed, list) else None


def _distinct(values: list[Json]) -> list[Json]:
    kept: dict[tuple[str, str], Json] = {}
    for value in values:
        kept.setdefault((type(value).__name__, repr(value)), value)
    return list(kept.values())


def same_value(one: Json, other: Json) -> bool:
    """Compare as JSON Schema does: `1` and `1.0` are equal, `1` and `true` are not."""
    return _comparable(one) == _comparable(other)


def _comparable(value: Json) -> Hashable:
    match value:
        case bool():
            return bool, value
        case list():
            return list, *map(_comparable, value)
        case dict():
            return frozenset((key, _comparable(member)) for key, member in value.items())
        case _:
            return value


def _fits(value: Json, types: tuple[str, ...]) -> bool:
    match value:
        case None:
            return "null" in types
        case bool():
            return "boolean" in types
        case int():
            return "integer" in types or "number" in types
        case float():
            return "number" in types or ("integer" in types and value.is_integer())
        case str():
            return "string" in types
        case list():
            return "array" in types
        case dict():
            return "object" in types


def _as_typed(value: Json, types: tuple[str, ...]) -> Json:
    if isinstance(value, float) and "number" not in types:
        return int(value)
    return value


def literal_values(values: Iterable[Json]) -> tuple[LiteralValue, ...]:
    """Return scalar constants as a literal holds them."""
    return tuple(value for value in values if not isinstance(value, (list, dict)))
