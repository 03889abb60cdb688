"""How scalars and lengths of time are written as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction


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
