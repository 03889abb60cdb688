"""Text in which a pattern is found, as short as it gets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_SAMPLES = "a0A-_ .:/" + "".join(map(chr, range(33, 127))) + "é\n"


def text_for(pattern: str, least: int = 0) -> str | None:
    """Give text that fits, if possible of `least` characters; None if none was found."""
    pattern = re.sub(r"\\p\{\w+\}|\\p\w", "a", pattern)
    try:
        tree = parser.parse(pattern)
        for repeats in (0, 1, least):
            text = _sequence(tree, repeats)
            if len(text) >= least and re.search(pattern, text):
                return text
    except (re.error, ValueError, OverflowError):
        return None
    return None


def _sequence(tree: Iterable[Any], repeats: int) -> str:
    return "".join(_one(kind, argument, repeats) for kind, argument in tree)


def _one(kind: Any, argument: Any, repeats: int) -> str:
    if kind is kinds.LITERAL:
        return chr(argument)
    if kind is kinds.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if kind is kinds.ANY:
        return "a"
    if kind is kinds.IN:
        return next(each for each in _SAMPLES if _within(each, argument))
    if kind is kinds.BRANCH:
        return _sequence(argument[1][0], repeats)
    if kind is kinds.SUBPATTERN:
        return _sequence(argument[3], repeats)
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
        least, most, inner = argument
        times: int = min(max(least, repeats), most if most is not kinds.MAXREPEAT else 1000)
        return _sequence(inner, repeats) * times
    if kind in (kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT):
        return ""
    raise ValueError(kind)


def _within(each: str, choices: Iterable[Any]) -> bool:
    negated = found = False
    for kind, argument in choices:
        if kind is kinds.NEGATE:
            negated = True
        elif kind is kinds.LITERAL:
            found = found or ord(each) == argument
        elif kind is kinds.RANGE:
            found = found or argument[0] <= ord(each) <= argument[1]
        elif kind is kinds.CATEGORY:
            found = found or _in_category(each, argument)
    return found != negated


def _in_category(each: str, category: Any) -> bool:
    word = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[str(category).split("_")[-1]]
    word = word.upper() if "_NOT_" in str(category) else word
    return re.match(word, each) is not None
