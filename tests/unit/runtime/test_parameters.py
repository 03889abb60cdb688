"""Scalars and lengths of time as text."""

from __future__ import annotations

import enum
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from oasmith.runtime import parameters


class Color(enum.Enum):
    BLUE = "blue"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.0, "1.0"),
        (Decimal("1.50"), "1.50"),
        (None, "null"),
        (Color.BLUE, "blue"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_text(value: object, expected: str) -> None:
    assert parameters.text(value) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"x"])
def test_not_everything_is_text(value: object) -> None:
    with pytest.raises(ValueError, match=r"not a finite number|cannot be written as text"):
        parameters.text(value)


UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001, "micros": 0.000001, "nanos": 1e-9}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (timedelta(days=2), "2d"),
        (timedelta(hours=36), "36h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(seconds=30), "30s"),
        (timedelta(seconds=1.5), "1500ms"),
        (timedelta(microseconds=7), "7micros"),
        (timedelta(0), "0s"),
        (timedelta(seconds=-5), "-5s"),
        (timedelta(days=999999999), "999999999d"),
    ],
)
def test_durations_are_exact(value: timedelta, expected: str) -> None:
    assert parameters.duration(value, UNITS) == expected


def test_a_duration_that_no_unit_divides() -> None:
    with pytest.raises(ValueError, match="not a whole number of s"):
        parameters.duration(timedelta(milliseconds=1), {"m": 60, "s": 1})
