"""Which engine runs a pattern of the document.

JSON Schema patterns are ECMA-262 expressions. pydantic-core runs them with Rust's `regex`, in
linear time, but without lookaround and back references; Python's `re` has these. A pattern is given
to Rust only if it is made of nothing but constructs that both languages write alike and mean alike;
otherwise to `re`, in its spelling, which is tried out here; otherwise it is only documented, and so
is one with which `re` may take for ever.
"""

from __future__ import annotations

import enum
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


class Engine(enum.Enum):
    """What runs a pattern."""

    RUST = "rust"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in the spelling of its engine."""

    engine: Engine
    text: str


_QUANTITY: Final = r"(?:[*+?]|\{(?P<least>[0-9]+)(?P<to>,(?P<most>[0-9]*))?\})\??"
_ESCAPE: Final = (
    r"\\(?:[dDwWsS]|[tnrfv]|x[0-9A-Fa-f]{2}|u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}"
    r"|[-!\"#$%&'()*+,./:;=?@\[\\\]^_`{|}~])"
)
_PROPERTY: Final = (
    r"\\[pP]\{(?:L[ulmto]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfon]?"
    r"|Alphabetic|Lowercase|Uppercase|White_Space|(?:Script=)?(?:Latin|Greek|Cyrillic|Han))\}"
)
"""The properties that the engines surely share: general categories and the commonest others."""
_TOKEN: Final = re.compile(
    rf"""
      (?P<open> \( (?: \?: | \?<[A-Za-z][A-Za-z0-9]*> )? )
    | (?P<close> \) )
    | (?P<atom> {_ESCAPE} | {_PROPERTY} | [^\\()\[\]{{}}*+?|^$] )
    | (?P<class> \[ \^? (?: {_ESCAPE} | {_PROPERTY} | [^\\\]\[&~^] )+ \] )
    | (?P<anchor> [|^$] | \\[bB] )
    """,
    re.VERBOSE,
)
_QUANTIFIER: Final = re.compile(_QUANTITY)
_MOST_STATES: Final = 180_000
"""Rust unrolls counted repeats and limits the size of the whole, of which a letter is one part."""
_DEEPEST: Final = 100
"""Rust takes 250 groups within each other."""
_NOBODY: Final = "no engine at hand understands the pattern"
_ENDLESS: Final = "a short text can keep the pattern busy for ever: its loops match in several ways"
_WIDE: Final = re.compile(r"\\[wWpP]|\\[dDsS]|\.|\[\^")
_MEMBER: Final = re.compile(rf"{_ESCAPE}|{_PROPERTY}|[^\\]", re.DOTALL)


@lru_cache(maxsize=1024)
def translate(pattern: str) -> Pattern | str:
    """Return the pattern for the engine that understands it, or why none checks it."""
    if _means_the_same(pattern):
        return Pattern(Engine.RUST, pattern)
    if _SURROGATE.search(_CLASS.sub("", pattern)) or _PAIR_OF_CLASSES.search(pattern):
        return _NOBODY  # a character beyond U+FFFF as two units: both engines know it as one
    compiled = expression(pattern)
    return compiled if isinstance(compiled, str) else Pattern(Engine.PYTHON, compiled.pattern)


@lru_cache(maxsize=1024)
def expression(pattern: str) -> re.Pattern[str] | str:
    """Return the pattern as an expression of Python's `re`, or why it is none to run."""
    from oasmith.python.backtracking import may_explode

    text = _for_python(pattern)
    try:
        with warnings.catch_warnings():
            # What Python warns of will mean something else one day.
            warnings.simplefilter("error")
            compiled = re.compile(text)
        return _ENDLESS if may_explode(text) else compiled
    except (re.error, OverflowError, RecursionError, ValueError, Warning):
        return _NOBODY


def _means_the_same(pattern: str) -> bool:
    """Say whether the pattern is made of what Rust's `regex` and ECMA-262 have in common."""
    position = 0
    states = 0
    groups: list[int] = []  # what came before each group that is open
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None or not _is_class(token["class"]):
            return False
        position = token.end()
        if token["open"]:
            groups.append(states)
            if len(groups) > _DEEPEST:
                return False
            continue
        if token["close"] and not groups:
            return False
        if token["anchor"]:
            continue
        quantifier = _QUANTIFIER.match(pattern, position)
        count = 1
        if quantifier:
            position = quantifier.end()
            digits = [quantifier[name] or "1" for name in ("least", "most")]
            if max(map(len, digits)) > 6:
                return False
            bounds = [*map(int, digits)]
            if quantifier["most"] and bounds[0] > bounds[1]:
                return False
            count = max(1, *bounds)
        before = groups.pop() if token["close"] else states
        states = before + (states - before if token["close"] else _states(token[0])) * count
    return not groups and states <= _MOST_STATES


def _states(text: str) -> int:
    """Estimate the size of what Rust makes of one atom or class."""
    wide = _WIDE.findall(text)
    return 1 + sum(1500 if found[-1] in "wWpP" else 160 for found in wide) + len(text)


def _is_class(text: str | None) -> bool:
    """Say whether the ranges of a class lead from a character to one that comes later."""
    if text is None:
        return True
    if "--" in text:
        return False
    members = _MEMBER.findall(text[2:-1] if text.startswith("[^") else text[1:-1])
    for start, dash, end in zip(members, members[1:], members[2:], strict=False):
        if dash == "-" and (len(start) > 1 or len(end) > 1 or start > end):
            return False  # an escape at an end is left to Python, which knows them all
    return True


_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F][0-9A-Fa-f]{2}")
_CLASS: Final = re.compile(r"\[(?:\\.|[^\]\\])*\]", re.DOTALL)
_PAIR_OF_CLASSES: Final = re.compile(
    rf"{_SURROGATE.pattern}(?:\\.|[^\]\\])*\]\[(?:\\.|[^\]\\])*{_SURROGATE.pattern}"
)
_PYTHON: Final = re.compile(
    r"(?P<escape>\\u\{(?P<point>[0-9A-Fa-f]{1,6})\}|\\u[0-9A-Fa-f]{4}|\\k<(?P<back>[A-Za-z_]\w*)>|\\/|\\.)"
    r"|(?P<class>\[\^?\]?|\])|(?P<set>&&|~~|\|\|)|(?P<named>\(\?<(?=[A-Za-z_]))|(?P<end>\$)",
    re.DOTALL,
)


def _for_python(pattern: str) -> str:
    """Spell an ECMA-262 expression as Python's `re` wants it."""
    in_class = has_surrogates = False

    def spell(match: re.Match[str]) -> str:
        nonlocal in_class, has_surrogates
        text = match[0]
        if in_class and _SURROGATE.match(text):
            has_surrogates = True
        if match["point"]:
            point = int(match["point"], 16)
            return f"\\U{point:08x}" if point < 0x110000 else text
        if match["back"]:
            return f"(?P={match['back']})"
        if text == "\\/":
            return "/"
        if match["class"]:
            if text == "]":
                in_class = False
                if has_surrogates:  # halves of characters stand for the whole ones
                    return r"\U00010000-\U0010ffff]"
            elif in_class:
                return "\\" + text
            else:
                in_class, has_surrogates = True, False
                # An empty class matches nothing, a negated one anything.
                if text in ("[]", "[^]"):
                    in_class = False
                    return "(?!)" if text == "[]" else r"[\s\S]"
            return text
        if match["set"]:
            return f"{text[0]}\\{text[0]}" if in_class else text
        if match["named"] and not in_class:
            return "(?P<"
        if match["end"] and not in_class:
            return r"\Z"
        return text

    return _PYTHON.sub(spell, pattern)
