"""Patterns of the document in the spelling of Rust's `regex`, which runs them.

JSON Schema patterns are ECMA-262 expressions (JSON Schema core 6.4). pydantic-core runs them with
Rust's `regex`, in time that is linear in the text, but without look-around and back-references. A
pattern that it cannot run is documented and not checked. jsonschema-rs has the same engine: it
tries each pattern out here, so that none fails when a generated package is imported.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from oasmith.frozen import frozen

if TYPE_CHECKING:
    from jsonschema_rs import Validator


@frozen(kw_only=False)
class RustPattern:
    """An expression that Rust's `regex` takes."""

    text: str

    def is_found_in(self, value: str) -> bool:
        """Return whether the pattern matches somewhere in the value."""
        return _compiled(self.text).is_valid(value)


@frozen(kw_only=False)
class UncheckedPattern:
    """Why a pattern cannot be checked, and what its author can do about it."""

    reason: str
    hint: str | None = None


@lru_cache(maxsize=1024)
def translate(pattern: str) -> RustPattern | UncheckedPattern:
    """Return an ECMA-262 expression as Rust's `regex` takes it, or why it cannot be checked.

    The inline flags, named groups and anchors of Python, Java and Go, which ECMA-262 has not or
    spells otherwise, mean what they mean there.
    """
    try:
        text, uncounted = _spelled(pattern)
    except _PatternError as error:
        return error.found
    if _is_compiled(text):
        return RustPattern(text)
    return _TOO_LARGE if _is_compiled(uncounted) else _INVALID


# --- the engine ---------------------------------------------------------------------------------

_SIZE_LIMIT: Final = 8 * 2**20
"""Bytes of a compiled pattern; pydantic-core keeps the 10 MiB that are the default of `regex`."""


@lru_cache(maxsize=16)
def _compiled(text: str) -> Validator:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        {"pattern": text}, pattern_options=jsonschema_rs.RegexOptions(size_limit=_SIZE_LIMIT)
    )


def _is_compiled(text: str) -> bool:
    try:
        _compiled(text)
    except ValueError:
        return False
    return True


# --- the translation ----------------------------------------------------------------------------

_INVALID: Final = UncheckedPattern("the pattern is not a valid regular expression")
_TOO_LARGE: Final = UncheckedPattern(
    "the pattern is too large to compile", "lower its counted repeats, or state `maxLength` instead"
)
_LOOK_AROUND: Final = UncheckedPattern(
    "the pattern has a look-around assertion, which cannot be checked in linear time",
    "write patterns that must all match as one `allOf`, with a pattern in each of its schemas",
)
_BACK_REFERENCE: Final = UncheckedPattern(
    "the pattern has a back-reference, which cannot be checked in linear time",
    "write out what the group may match",
)
_HALF: Final = UncheckedPattern(
    "the pattern matches half of a surrogate pair, which no text holds",
    r"write characters beyond U+FFFF as themselves, or as `\u{...}`",
)


class _PatternError(Exception):
    def __init__(self, found: UncheckedPattern) -> None:
        super().__init__(found.reason)
        self.found = found


_HEX: Final = "[0-9A-Fa-f]"
_ESCAPE: Final = (
    rf"\\(?:u[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}}|u\{{{_HEX}{{1,6}}\}}|u{_HEX}{{4}}"
    rf"|x{_HEX}{{2}}|c[A-Za-z]|k<[^>]*>|[pP]\{{[^{{}}]*\}}|[0-9]+|.)"
)
_COUNT: Final = r"\{[0-9]+(?:,[0-9]*)?\}"
_TOKEN: Final = re.compile(
    rf"""
      (?P<look> \(\?<?[=!] )
    | (?P<group> \( (?: \?: | \?P?<[A-Za-z_]\w*> | \?[ims]+\) | \?[ims]*(?:-[ims]+)?: | (?!\?) ) )
    | (?P<class> \[ (?! \^? \[:\^?[a-z]+:\] ) \^? (?: \\. | [^\]\\] )* \] )
    | (?P<escape> {_ESCAPE} )
    | (?P<quantifier> (?: [*+?] | (?P<count> {_COUNT} ) ) \?? (?! [*+?] | {_COUNT} ) )
    | (?P<literal> (?! {_COUNT} ) [^\\(\[*+?] )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_MEMBER: Final = re.compile(rf"{_ESCAPE}|.", re.DOTALL)
_SHARED_ESCAPE: Final = re.compile(
    rf"\\(?:[tnrfv]|x{_HEX}{{2}}|u{_HEX}{{4}}|u\{{.*\}}|[!-/:;=?@[-`{{-~])"
)
"""Escapes of characters that Rust knows; its `\\<` and `\\>` are the ends of words."""
_SETS: Final = {"d": "0-9", "w": "A-Za-z0-9_"}
"""Sets that have ASCII characters in ECMA-262 and those of all scripts in Rust."""
_COMPLEMENTS: Final = {
    "D": r"\x00-/:-\u{10ffff}",
    "W": r"\x00-/:-@\[-\^`{-\u{10ffff}",
}
_ASSERTIONS: Final = {
    "b": r"(?-u:\b)",
    "B": r"(?-u:\B)",
    # Not of ECMA-262, where they would be letters that nobody escapes.
    "A": r"\A",
    "z": r"\z",
    "Z": r"\z",
}
_CONTROLS: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_SURROGATES: Final = range(0xD800, 0xE000)
_BEYOND: Final = r"\u{10000}-\u{10ffff}"


def _spelled(pattern: str) -> tuple[str, str]:
    """Return the pattern as Rust spells it, and the same with `*` for each counted repeat."""
    counted: list[str] = []
    uncounted: list[str] = []
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise _PatternError(_INVALID)
        position = token.end()
        text = token[0]
        match token.lastgroup:
            case "look":
                raise _PatternError(_LOOK_AROUND)
            case "class":
                text = _class(text)
            case "escape":
                text = _escape(text)
            case "literal" if text in "{}]":
                text = "\\" + text
            case "quantifier" if token["count"] and _is_reversed(token["count"]):
                raise _PatternError(_INVALID)
            case _:
                pass
        counted.append(text)
        uncounted.append("*" if token["count"] else text)
    return "".join(counted), "".join(uncounted)


def _is_reversed(count: str) -> bool:
    """Return whether the least number of repeats, as it is written, exceeds the greatest."""
    least, _, most = count.strip("{}").partition(",")
    digits = [number.lstrip("0") for number in (least, most)]
    return most != "" and (len(digits[0]), digits[0]) > (len(digits[1]), digits[1])


def _escape(text: str) -> str:
    """Spell an escape outside of a class."""
    letter = text[1]
    if letter in "k123456789":
        raise _PatternError(_BACK_REFERENCE)
    if letter in _ASSERTIONS:
        return _ASSERTIONS[letter]
    if letter in _SETS:
        return f"[{_SETS[letter]}]"
    if letter in _COMPLEMENTS:
        return f"[^{_SETS[letter.lower()]}]"
    point = _point(text)
    return text if point is None else _character(text, point)


def _class(text: str) -> str:
    r"""Spell a class. Surrogates in it stand for the characters that two of them make up.

    `[]` matches nothing and `[^]` anything; `-` is itself where no range can be.
    """
    is_negated = text.startswith("[^")
    members = _MEMBER.findall(text[2 if is_negated else 1 : -1])
    spelled: list[str] = []
    has_halves = False
    index = 0
    while index < len(members):
        member = members[index]
        low = high = _point(member, in_class=True)
        end = member
        if low is not None and members[index + 1 : index + 2] == ["-"] and index + 2 < len(members):
            bound = _point(members[index + 2], in_class=True)
            if bound is not None:
                high, end = bound, members[index + 2]
                index += 2
        is_edge = index in (0, len(members) - 1)
        index += 1
        if low is None or high is None:
            spelled.append(_set(member))
        elif low > high:
            raise _PatternError(_INVALID)
        elif low in _SURROGATES or high in _SURROGATES:
            has_halves = True
            if low < _SURROGATES.start:
                spelled.append(f"{_member(member, low)}-\\u{{d7ff}}")
            if high >= _SURROGATES.stop:
                spelled.append(f"\\u{{e000}}-{_member(end, high)}")
        elif low != high:
            spelled.append(f"{_member(member, low)}-{_member(end, high)}")
        else:
            spelled.append("-" if member == "-" and is_edge else _member(member, low))
    if has_halves and not is_negated:
        if not spelled:
            raise _PatternError(_HALF)
        spelled.append(_BEYOND)
    if not spelled:
        return r"[\s\S]" if is_negated else r"[^\s\S]"
    return f"[{'^' if is_negated else ''}{''.join(spelled)}]"


def _set(text: str) -> str:
    """Spell an escape for a set of characters inside of a class."""
    letter = text[1]
    return _SETS.get(letter) or _COMPLEMENTS.get(letter) or text


def _member(text: str, point: int) -> str:
    """Spell one character inside of a class."""
    return "\\" + text if text in "[&~-" else _character(text, point)


def _character(text: str, point: int) -> str:
    """Spell one character that is not a surrogate."""
    if point in _SURROGATES:
        raise _PatternError(_HALF)
    if len(text) == 1 or _SHARED_ESCAPE.fullmatch(text):
        return text
    character = chr(point) if point <= 0x10FFFF else ""
    return character if character.isprintable() else f"\\u{{{point:x}}}"


def _point(text: str, *, in_class: bool = False) -> int | None:
    """Return the character that a literal or an escape stands for; None for a set of them.

    Raises:
        _PatternError: The escape has no meaning here.
    """
    if len(text) == 1:
        return ord(text)
    letter, rest = text[1], text[2:]
    match letter:
        case "u" | "x" if rest:
            high, _, low = rest.partition("\\u")
            if low:
                return 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00
            return int(rest.strip("{}"), 16)
        case "c" if rest:
            return ord(rest) % 32
        case "b" if in_class:
            return 8
        case "d" | "D" | "w" | "W" | "s" | "S":
            return None
        case "p" | "P" if rest:
            return None
        case _ if letter in _CONTROLS and not rest:
            return _CONTROLS[letter]
        case _ if not letter.isalnum():
            return ord(letter)
        case _:
            raise _PatternError(_INVALID)
