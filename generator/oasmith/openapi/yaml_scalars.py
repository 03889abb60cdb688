"""What a plain scalar of YAML is: the core schema of YAML 1.2.2 (10.3.2)."""

from __future__ import annotations

import math
import re
from typing import Final

INT_DIGITS: Final = 1000
"""Digits of the longest integer that is read; beyond, conversion takes quadratic time."""

_PLAIN_START: Final = frozenset("-+.0123456789tTfFnN~")
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMBER = re.compile(f"{_INT.pattern}|{_OCTAL.pattern}|{_HEX.pattern}|{_FLOAT.pattern}")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def plain_scalar(text: str) -> bool | int | float | str | None:
    """Return what an unquoted scalar means (YAML 1.2.2, section 10.3.2, the core schema).

    Raises ValueError for a number that JSON cannot hold.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _PLAIN_START:
        return text
    if len(text) > INT_DIGITS and _NUMBER.fullmatch(text):
        raise ValueError(f"this number has more than {INT_DIGITS} digits")
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        if math.isinf(number := float(text)):
            raise ValueError(f"{text[:40]} is too large for a number")
        return number
    if _OCTAL.fullmatch(text):
        return int(text, 8)
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is no JSON number")
    return text
