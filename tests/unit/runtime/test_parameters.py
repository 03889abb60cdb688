"""Scalars and lengths of time as text."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oasmith.runtime import parameters

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
