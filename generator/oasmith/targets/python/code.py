"""Python source as a type of its own.

The text of a document is hostile. In templates of Python only `Code` is printed, and this module is
the only place where it is made: from checked names, from literals, and from fragments that stand
in our own source. A plain `str` never becomes source without passing through one of them.
"""

import keyword
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, LiteralString, Self

from oasmith.text import Text


class Code(str):
    """A piece of Python source.

    A `str`, since a run makes hundreds of thousands. Whatever a method of `str` makes of it is
    plain text again: only the functions of this module answer `Code`.
    """

    __slots__ = ()

    def __new__(cls, *_: object) -> Self:
        raise TypeError("Code is made by the functions of oasmith.targets.python.code")


class _Union(Code):
    __slots__ = ("options",)
    options: tuple[str, ...]


def _code(text: str) -> Code:
    return str.__new__(Code, text)


def source(text: LiteralString) -> Code:
    """Make source of a literal that stands in our own code; a test checks that it does."""
    return _code(text)


def fill(template: LiteralString, *parts: Code) -> Code:
    """Put parts in the place of each `{}` of a template that stands in our own code."""
    return _code(template.format(*parts))


def joined(separator: LiteralString, parts: Iterable[Code]) -> Code:
    """Join parts."""
    return _code(separator.join(parts))


_TEXT_OR_NAME: Final = re.compile(r"""\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[\w.]+""")


def renamed(code: Code, name: str, other: Code) -> Code:
    """Write another name wherever the name stands by itself, strings left alone."""
    return _code(_TEXT_OR_NAME.sub(lambda m: other if m[0] == name else m[0], code))


def union(parts: Iterable[Code]) -> Code:
    """Return the annotation `A | B`: each part once, None last."""
    distinct: dict[str, None] = {}
    for part in parts:
        if isinstance(part, _Union):
            for option in part.options:
                distinct[option] = None
        else:
            distinct[part] = None
    if "None" in distinct:
        del distinct["None"]
        distinct["None"] = None
    made = str.__new__(_Union, " | ".join(distinct))
    made.options = tuple(distinct)
    return made


def quoted(code: Code) -> Code:
    """Put an annotation in quotes, for names that are defined further down the module."""
    return _code(_text_literal(code))


@lru_cache(maxsize=65536)
def identifier(name: str) -> Code:
    """Make source of a name.

    Raises:
        ValueError: `name` is no identifier, or is a keyword.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"not an identifier: {name!a}")
    return _code(name)


@lru_cache(maxsize=65536)
def dotted(name: str) -> Code:
    """Make source of names joined by dots; leading dots (a relative import) are allowed.

    Raises:
        ValueError: some part is no identifier.
    """
    rest = name.lstrip(".")
    if not rest and name:
        return _code(name)
    for part in rest.split("."):
        identifier(part)
    return _code(name)


# --- literals --------------------------------------------------------------------------------

_LONG_INTEGER: Final = 10_000
"""Bits from which on an integer is written in base 16: Python limits the digits of base 10."""


def literal(value: object) -> Code:
    """Write a JSON value, or text, as a Python literal of ASCII characters.

    Raises:
        ValueError: a number is infinite or not a number.
        TypeError: the value is not one that JSON can hold.
    """
    return _code(_literal(value))


def _literal(value: object) -> str:
    # The order matters: bool is an int.
    if isinstance(value, str):
        return _text_literal(value)
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, int):
        return hex(value) if value.bit_length() > _LONG_INTEGER else repr(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"no literal for {value!r}")
        return repr(value)
    if isinstance(value, tuple):
        inner = ", ".join([_literal(item) for item in value])
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, Sequence):
        return f"[{', '.join([_literal(item) for item in value])}]"
    if isinstance(value, Mapping):
        pairs = [f"{_literal(key)}: {_literal(member)}" for key, member in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, Text):
        return _text_literal(value.raw)
    raise TypeError(f"no literal for {type(value).__name__}")


@lru_cache(maxsize=4096)
def _text_literal(value: str) -> str:
    text = ascii(value)
    # As the formatter would: double quotes wherever they need no escape.
    if text[0] == "'" and '"' not in text:
        return f'"{text[1:-1]}"'.replace("\\'", "'")
    return text


# --- docstrings ------------------------------------------------------------------------------

_DANGEROUS: Final = re.compile(
    "["
    r"\\"
    r"\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters but the line feed; NEL
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # invisible, bidirectional
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e0fff"  # surrogates, annotations, tags
    "]"
)


_QUOTE: Final = re.compile(r'\A"|"(?="|\Z)')
"""Quotes that could end or lengthen the quotes around the text."""


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character == "\\":
        return "\\\\"
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def docstring(words: Text, indent: int) -> Code:
    """Write lines as a docstring whose statement stands `indent` columns from the left."""
    text = words.raw
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _DANGEROUS.search(text):
        text = _DANGEROUS.sub(_escape, text)
    if '"' in text:
        text = _QUOTE.sub(r"\"", text)
    if "\n" not in text:
        return _code(f'"""{text}"""')
    margin = " " * indent
    rest = [margin + line if line else "" for line in text.split("\n")[1:]]
    first = text[: text.index("\n")]
    return _code("\n".join([f'"""{first}', *rest, f'{margin}"""']))
