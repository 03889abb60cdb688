"""How scalars and lengths of time are written as text."""

from __future__ import annotations

import enum
import math
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction


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
