"""Which engine runs a pattern of the document.

JSON Schema patterns are ECMA-262 expressions. pydantic-core runs them with Rust's `regex`, in
linear time, but without lookaround and back references; Python's `re` has these. A pattern is given
to Rust only if it is made of nothing but constructs that both languages write alike and mean alike;
otherwise to `re`, in its spelling, which is tried out here; otherwise it is only documented.
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
_MOST_REPEATS: Final = 1000
"""Rust unrolls counted repeats and limits the size of the whole."""


@lru_cache(maxsize=1024)
def translate(pattern: str) -> Pattern | None:
    """Return the pattern for the engine that understands it; None if none does."""
    if _means_the_same(pattern):
        return Pattern(Engine.RUST, pattern)
    if _SURROGATE.search(_CLASS.sub("", pattern)) or _PAIR_OF_CLASSES.search(pattern):
        return None  # a character beyond U+FFFF as two units: both engines know it as one
    text = _for_python(pattern)
    try:
        with warnings.catch_warnings():
            # What Python warns of will mean something else one day.
            warnings.simplefilter("error")
            re.compile(text)
    except (re.error, OverflowError, RecursionError, Warning):
        return None
    return Pattern(Engine.PYTHON, text)


def _means_the_same(pattern: str) -> bool:
    """Say whether the pattern is made of what Rust's `regex` and ECMA-262 have in common."""
    position = depth = 0
    repeats = 1
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None or "--" in (token["class"] or ""):
            return False
        position = token.end()
        if token["open"]:
            depth += 1
            continue
        if token["close"]:
            depth -= 1
            if depth < 0:
                return False
        if token["anchor"]:
            continue
        quantifier = _QUANTIFIER.match(pattern, position)
        if quantifier:
            position = quantifier.end()
            repeats *= max(1, *(int(quantifier[name] or 1) for name in ("least", "most")))
            if repeats > _MOST_REPEATS:
                return False
    return depth == 0


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
