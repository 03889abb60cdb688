# oasmith copies this file into packages. There it belongs to its user and is not subject to
# oasmith's licence.
"""How the values of parameters are written (OpenAPI 3.1, parameter object, `style`)."""

from __future__ import annotations

import enum
import json
import math
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias, cast
from urllib.parse import quote

Primitive: TypeAlias = "str | list[str] | dict[str, str]"
"""A value as text, a list of texts, or named texts."""

# A comma or an asterisk stands for itself in a path and in a query (RFC 3986, `sub-delims`).
_SAFE: Final = ",*"
_RESERVED: Final = ":/?@!$'()*,;"
# Neither a slash nor what ends a path (OpenAPI 3.2, parameter object, `allowReserved`).
_RESERVED_IN_PATH: Final = ":@!$&'()*+,;="


def text(value: object) -> str:
    """Write one scalar.

    Raises:
        ValueError: It has no form as text.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case enum.Enum():
            return text(value.value)
        case float() if not math.isfinite(value):
            raise ValueError("is not a finite number")
        case int() | float() | Decimal() | uuid.UUID():
            return str(value)
        case datetime():
            written = value.isoformat()
            return written.removesuffix("+00:00") + "Z" if written.endswith("+00:00") else written
        case date() | time():
            return value.isoformat()
        case None:
            return "null"
        case _:
            raise ValueError(f"cannot be written as text: {type(value).__name__}")


def primitive(value: object) -> Primitive:
    """Write a scalar, a list or an object. What is in a list or an object and is no scalar, for
    which no style has a form, becomes JSON text.

    Raises:
        ValueError: A member has no form as text.
    """
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {str(key): _member(item) for key, item in members.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_member(item) for item in cast("Iterable[object]", value)]
    return text(value)


def _member(value: object) -> str:
    if isinstance(value, Mapping | list | tuple):
        try:
            return json_text(value)
        except TypeError as error:
            raise ValueError(f"cannot be written as text: {error}") from None
    return text(value)


def duration(value: timedelta, units: Mapping[str, float]) -> str:
    """Write a duration in the largest unit that divides it.

    Args:
        value: The duration.
        units: Seconds per unit.

    Raises:
        ValueError: No unit divides it.
    """
    seconds = Fraction(value // timedelta(microseconds=1), 1_000_000)
    exact = sorted(((Fraction(str(size)), unit) for unit, size in units.items()), reverse=True)
    if not seconds:
        # Nothing at all, in the unit in which people think.
        return "0" + min(exact, key=lambda pair: abs(pair[0] - 1))[1]
    for size, unit in exact:
        amount = seconds / size
        if amount.denominator == 1:
            return f"{amount.numerator}{unit}"
    raise ValueError(f"is not a whole number of {exact[-1][1]}")


def length_in_words(units: Mapping[str, float]) -> str:
    """Say what the text of a length of time looks like."""
    base = min(units, key=lambda unit: abs(units[unit] - 1))
    return f"should be a length of time like '30{base}' (in {', '.join(units)})"


def path(
    name: str, value: Primitive, style: str, explode: bool, allow_reserved: bool = False
) -> str:
    """Write a path parameter, escaped."""
    # A comma within an item would cut it in two.
    safe_item = _RESERVED_IN_PATH if allow_reserved else "*"
    match value:
        case str():
            items, pairs = [quote(value, safe=f"{safe_item},")], None
        case list():
            items, pairs = [quote(item, safe=safe_item) for item in value], None
        case dict():
            items = []
            pairs = [(quote(k, safe="*"), quote(v, safe=safe_item)) for k, v in value.items()]
    key = quote(name, safe="")
    match style:
        case "matrix":
            if pairs is not None:
                if explode:
                    return "".join(f";{k}={v}" for k, v in pairs)
                return f";{key}={_flat(pairs)}"
            if explode:
                return "".join(f";{key}={item}" for item in items)
            return f";{key}={','.join(items)}"
        case "label":
            if pairs is not None:
                return "." + (".".join(f"{k}={v}" for k, v in pairs) if explode else _flat(pairs))
            return "." + (".".join(items) if explode else ",".join(items))
        case _:
            return _simple(items, pairs, explode)


def query(
    name: str, value: Primitive, style: str, explode: bool, allow_reserved: bool
) -> list[str]:
    """Write a query parameter, escaped, as `name=value` pairs. An empty list or object is none
    (RFC 6570, section 2.3).
    """
    if not value and not isinstance(value, str):
        return []
    key = quote(name, safe="")

    def one(item: str) -> str:
        return quote(item, safe=_RESERVED if allow_reserved else "*")

    match value:
        case str():
            return [f"{key}={quote(value, safe=_RESERVED if allow_reserved else _SAFE)}"]
        case list():
            if explode:
                return [f"{key}={one(item)}" for item in value]
            return [f"{key}={_delimiter(style).join(map(one, value))}"]
        case dict():
            if explode:
                return [f"{quote(k, safe='')}={one(v)}" for k, v in value.items()]
            flat = [one(part) for pair in value.items() for part in pair]
            return [f"{key}={_delimiter(style).join(flat)}"]


def deep(name: str, value: object, allow_reserved: bool) -> list[str]:
    """Write a query parameter as `deepObject`, escaped, as `name[key]=value` pairs.

    OpenAPI says nothing of objects and lists in the object. As `qs`, PHP and Rails read them,
    they are `name[key][inner]=value` and `name[key][0]=value`.

    Raises:
        ValueError: A member has no form as text.
    """
    return list(_deep(quote(name, safe=""), value, allow_reserved))


def _deep(key: str, value: object, allow_reserved: bool) -> Iterator[str]:
    members: Iterable[tuple[object, object]]
    match value:
        case Mapping():
            members = cast("Mapping[object, object]", value).items()
        case list() | tuple():
            members = enumerate(cast("Iterable[object]", value))
        case _:
            yield f"{key}={quote(text(value), safe=_RESERVED if allow_reserved else '*')}"
            return
    for inner, member in members:
        yield from _deep(f"{key}%5B{quote(str(inner), safe='')}%5D", member, allow_reserved)


def header(value: Primitive, explode: bool) -> str:
    """Write the value of a header (always `simple`).

    Raises:
        ValueError: A header cannot hold it.
    """
    match value:
        case str():
            written = value
        case list():
            written = ",".join(value)
        case dict():
            written = _simple([], list(value.items()), explode)
    if not written.isascii() or not all(char.isprintable() or char == "\t" for char in written):
        raise ValueError("a header holds only printable ASCII")
    return written


def cookie(name: str, value: Primitive, style: str, explode: bool) -> list[str]:
    """Write a cookie, as `name=value` pairs: escaped, or as it is in the style `cookie` of 3.2.

    Raises:
        ValueError: A cookie cannot hold it.
    """
    if style != "cookie":
        return query(name, value, "form", explode, False)
    match value:
        case str():
            pairs = [(name, value)]
        case list():
            pairs = [(name, item) for item in (value if explode else [",".join(value)])]
        case dict() if explode:
            pairs = list(value.items())
        case dict():
            pairs = [(name, _flat(list(value.items())))]
    written = [f"{key}={item}" for key, item in pairs]
    if any(";" in pair or not (pair.isascii() and pair.isprintable()) for pair in written):
        raise ValueError("a cookie holds only printable ASCII without `;`")
    return written if value or isinstance(value, str) else []


def json_text(value: Any) -> str:
    """Write a parameter that the document gives a media type instead of a style."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _simple(items: list[str], pairs: list[tuple[str, str]] | None, explode: bool) -> str:
    if pairs is None:
        return ",".join(items)
    return ",".join(f"{k}={v}" for k, v in pairs) if explode else _flat(pairs)


def _flat(pairs: list[tuple[str, str]]) -> str:
    return ",".join(part for pair in pairs for part in pair)


def _delimiter(style: str) -> str:
    match style:
        case "spaceDelimited":
            return "%20"
        case "pipeDelimited":
            return "%7C"
        case _:
            return ","
