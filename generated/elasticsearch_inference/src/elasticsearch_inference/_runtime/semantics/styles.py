"""How values become parameters and forms, and how they are read back (OpenAPI 3.2, parameter
object, `style`; encoding object).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, cast
from urllib.parse import quote, unquote

Place: TypeAlias = Literal["path", "query", "header", "cookie", "querystring"]
"""The location of a parameter (`in`)."""

Style: TypeAlias = Literal[
    "simple",
    "label",
    "matrix",
    "form",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
    "cookie",
    "content",
]
"""How a parameter is written; `content` is text in a media type instead of a style."""

STYLES: Final[Mapping[Place, tuple[Style, ...]]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
    "querystring": ("content",),
}
"""The styles of each location, the default first."""

Flat: TypeAlias = "str | list[str] | dict[str, str]"
"""A value as text: a scalar, a list of scalars, or named scalars."""

Text: TypeAlias = Callable[[Any], str]
"""Writes a scalar as text. Raises `ValueError` for what has no such form."""

# A comma or an asterisk stands for itself in a path and in a query (RFC 3986, `sub-delims`).
_SAFE: Final = ",*"
_RESERVED: Final = ":/?@!$'()*,;"
# Neither a slash nor what ends a path (OpenAPI 3.2, parameter object, `allowReserved`).
_RESERVED_IN_PATH: Final = ":@!$&'()*+,;="
# A segment of dots would climb or vanish on the way (RFC 3986, section 5.2.4).
_DOTS: Final = {".": "%2E", "..": "%2E%2E"}
_DELIMITERS: Final[Mapping[Style, str]] = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}
# All that a document may mean by itself: escapes, and what RFC 3986 reserves.
_LITERAL: Final = "%:/?#[]@!$&'()*+,;="
_BRACES: Final = re.compile(r"\{([^{}]+)\}")


def settle(place: Place, style: str | None, explode: bool | None) -> tuple[Style, bool]:
    """Return style and `explode` of a parameter: those that are given, else the defaults. A style
    that the location does not have counts as not given.
    """
    allowed = STYLES[place]
    settled = allowed[allowed.index(style)] if style in allowed else allowed[0]
    return settled, explodes(settled) if explode is None else explode


def explodes(style: Style) -> bool:
    """Return the default of `explode`."""
    return style in ("form", "cookie")


# --- values as text -----------------------------------------------------------------------------


def flat(value: object, text: Text) -> Flat:
    """Return a scalar, a list or an object as text. What is nested in a list or an object, for
    which only `deepObject` has a form, becomes JSON text.

    Raises:
        ValueError: Part of the value has no form as text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {str(key): _item(item, text) for key, item in members.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_item(item, text) for item in cast("Iterable[object]", value)]
    return text(value)


def _item(value: object, text: Text) -> str:
    given: object = value
    return json_text(given) if isinstance(value, Mapping | list | tuple) else text(given)


def json_text(value: object) -> str:
    """Return compact JSON.

    Raises:
        ValueError: JSON has no form for the value.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except TypeError as error:
        raise ValueError(f"cannot be written as text: {error}") from None


# --- paths --------------------------------------------------------------------------------------


def cut(route: str) -> list[str]:
    """Return the literal text, escaped, and the parameter names of a path template, in turns."""
    pieces = _BRACES.split(route)
    pieces[::2] = [quote(piece, safe=_LITERAL) for piece in pieces[::2]]
    return pieces


def fill(pieces: Sequence[str], segments: Mapping[str, str]) -> str:
    """Return a path from the pieces of its template and its escaped parameters."""
    filled = "".join(
        [segments[piece] if index % 2 else piece for index, piece in enumerate(pieces)]
    )
    if "/." in filled:
        filled = "/".join(_DOTS.get(segment, segment) for segment in filled.split("/"))
    return filled


def path(name: str, value: Flat, style: Style, explode: bool, allow_reserved: bool = False) -> str:
    """Return a path parameter, escaped."""
    # A comma within an item would cut it in two.
    safe = _RESERVED_IN_PATH if allow_reserved else "*"
    key = quote(name, safe="")
    match value:
        case str():
            items = [quote(value, safe=f"{safe},")]
        case list():
            items = [quote(item, safe=safe) for item in value]
        case dict():
            items = _members(
                [(quote(k, safe="*"), quote(v, safe=safe)) for k, v in value.items()], explode
            )
    match style:
        case "matrix" if explode:
            named = isinstance(value, dict)
            return "".join(f";{item}" if named else f";{key}={item}" for item in items)
        case "matrix":
            return f";{key}={','.join(items)}"
        case "label":
            return "." + ("." if explode else ",").join(items)
        case _:
            return ",".join(items)


# --- queries ------------------------------------------------------------------------------------


def pairs(
    name: str, value: object, style: Style, explode: bool, allow_reserved: bool, text: Text
) -> list[str]:
    """Return a query parameter, escaped, as `name=value` pairs.

    Raises:
        ValueError: Part of the value has no form as text.
    """
    if style == "deepObject":
        return deep(name, value, allow_reserved, text)
    return query(name, flat(value, text), style, explode, allow_reserved)


def query(name: str, value: Flat, style: Style, explode: bool, allow_reserved: bool) -> list[str]:
    """Return a query parameter of any style but `deepObject`, escaped, as `name=value` pairs.
    An empty list or object has none (RFC 6570, section 2.3).
    """
    key = quote(name, safe="")
    if isinstance(value, str):
        return [f"{key}={quote(value, safe=_RESERVED if allow_reserved else _SAFE)}"]
    safe = _RESERVED if allow_reserved else "*"
    if explode:
        named = value.items() if isinstance(value, dict) else ((name, item) for item in value)
        return [f"{quote(k, safe='')}={quote(v, safe=safe)}" for k, v in named]
    items = _members(value.items(), False) if isinstance(value, dict) else value
    joined = _DELIMITERS.get(style, ",").join([quote(item, safe=safe) for item in items])
    return [f"{key}={joined}"] if items else []


def deep(name: str, value: object, allow_reserved: bool, text: Text) -> list[str]:
    """Return a query parameter of the style `deepObject`, escaped, as `name[key]=value` pairs.

    OpenAPI leaves lists and objects in the object open. As `qs`, PHP and Rails read them, they
    are `name[key][inner]=value` and `name[key][0]=value`.

    Raises:
        ValueError: Part of the value has no form as text.
    """
    return list(_deep(quote(name, safe=""), value, _RESERVED if allow_reserved else "*", text))


def _deep(key: str, value: object, safe: str, text: Text) -> Iterator[str]:
    members: Iterable[tuple[object, object]]
    match value:
        case Mapping():
            members = cast("Mapping[object, object]", value).items()
        case list() | tuple():
            members = enumerate(cast("Iterable[object]", value))
        case _:
            yield f"{key}={quote(text(value), safe=safe)}"
            return
    for inner, member in members:
        yield from _deep(f"{key}%5B{quote(str(inner), safe='')}%5D", member, safe, text)


# --- headers and cookies ------------------------------------------------------------------------


def header(value: Flat, explode: bool) -> str:
    """Return the value of a header (always `simple`)."""
    match value:
        case str():
            return value
        case list():
            return ",".join(value)
        case dict():
            return ",".join(_members(value.items(), explode))


def check_header(written: str) -> None:
    """Check the value of a header.

    Raises:
        ValueError: A header cannot hold it.
    """
    if not written.isascii() or not all(char.isprintable() or char == "\t" for char in written):
        raise ValueError("a header holds only printable ASCII")


def cookie(name: str, value: Flat, style: Style, explode: bool) -> list[str]:
    """Return a cookie as `name=value` pairs: escaped, or verbatim in the style `cookie` of 3.2."""
    if style != "cookie":
        return query(name, value, "form", explode, False)
    if not value and not isinstance(value, str):
        return []
    match value:
        case str():
            items = [value]
        case list():
            items = value
        case dict():
            items = _members(value.items(), explode)
    if isinstance(value, dict) and explode:
        return items
    return [f"{name}={item}" for item in (items if explode else [",".join(items)])]


def check_cookies(pairs: Iterable[str]) -> None:
    """Check the pairs of a cookie.

    Raises:
        ValueError: A cookie cannot hold one of them.
    """
    if any(";" in pair or not (pair.isascii() and pair.isprintable()) for pair in pairs):
        raise ValueError("a cookie holds only printable ASCII without `;`")


def _members(pairs: Iterable[tuple[str, str]], explode: bool) -> list[str]:
    """Return the items that an object is written as: `key=value`, else keys and values in turns."""
    if explode:
        return [f"{key}={value}" for key, value in pairs]
    return [part for pair in pairs for part in pair]


# --- forms --------------------------------------------------------------------------------------


def form_pairs(
    name: str,
    value: object,
    style: Style | None,
    explode: bool | None,
    allow_reserved: bool,
    text: Text,
) -> list[str]:
    """Return a property of `application/x-www-form-urlencoded`, escaped, as `name=value` pairs.

    Raises:
        ValueError: Part of the value has no form as text.
    """
    given: object = value
    if isinstance(value, Mapping) and style is None and explode is None:
        # Without a style an object is JSON (OpenAPI 3.1.1, encoding object).
        given = json_text(given)
    settled, explode = settle("query", style, explode)
    return pairs(name, given, settled, explode, allow_reserved, text)


def form_parts(
    name: str, value: Any, style: Style | None, explode: bool | None, text: Text
) -> list[tuple[str, Any]]:
    """Return the parts of a property of `multipart/form-data`, by name: as its style says, else
    one for each item of a list (RFC 7578, section 4.3).

    Raises:
        ValueError: Part of a value with a style has no form as text.
    """
    if style is None and explode is None:
        given: object = value
        items = cast("Iterable[Any]", given) if isinstance(given, list) else [value]
        return [(name, item) for item in items]
    settled, explode = settle("query", style, explode)
    written = pairs(name, value, settled, explode, False, text)
    # A part has its name and its text as they are.
    return [unescaped(pair) for pair in written]


# --- and back -----------------------------------------------------------------------------------


def recognizer(pieces: Sequence[str]) -> re.Pattern[str]:
    """Return what matches the paths of a template; its groups are the parameters, in turns."""
    return re.compile(
        "".join("([^/]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    )


def read_path(name: str, written: str, style: Style) -> str:
    """Return a path parameter as text, without what its style puts before it."""
    match style:
        case "label":
            written = written.removeprefix(".")
        case "matrix":
            written = written.removeprefix(f";{quote(name, safe='')}=")
        case _:
            pass
    return unquote(written)


def read_query(query: str) -> dict[str, str]:
    """Return the values of a query by name, several of one name joined by commas."""
    found: dict[str, str] = {}
    for name, value in (unescaped(pair) for pair in query.split("&") if pair):
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def parameter_of(name: str) -> str:
    """Return the name of the parameter that a pair of a query belongs to, if it is one of a
    `deepObject`.
    """
    return name.partition("[")[0]


def readings(text: str) -> Iterator[Any]:
    """Yield the values that a text may stand for: itself, a scalar, a list of texts or scalars."""
    yield text
    yield _scalar(text)
    yield text.split(",")
    yield [_scalar(item) for item in text.split(",")]


def _scalar(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def unescaped(pair: str) -> tuple[str, str]:
    """Return name and value of a `name=value` pair."""
    name, _, value = pair.partition("=")
    return unquote(name), unquote(value)
