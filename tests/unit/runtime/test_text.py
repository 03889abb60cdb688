"""Text forms: what is written is read again, and pydantic writes and reads the same."""

from __future__ import annotations

import enum
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from oasmith.runtime.encoded import Base64
from oasmith.runtime.semantics.text import BASE64, FORMS, TextForm, text

FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.type.__name__)
NUMBERS = (0, 1, 2, 59, 60, 249, 250, 1000, 12345, 2**16 - 1, 2**40)


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
        (time(1, 2, tzinfo=UTC), "01:02:00Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z"),
        (timedelta(), "PT0S"),
        (timedelta(days=400, hours=2, seconds=1, milliseconds=500), "P1Y35DT2H1.5S"),
        (-timedelta(seconds=90), "-PT1M30S"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_text(value: object, expected: str) -> None:
    assert text(value) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"x"])
def test_not_everything_is_text(value: object) -> None:
    with pytest.raises(ValueError, match=r"not a finite number|cannot be written as text"):
        text(value)


def adapter(form: TextForm) -> TypeAdapter[Any]:
    return TypeAdapter(Base64 if form is BASE64 else form.type)


@FORM
def test_an_example_is_read_and_written_alike_everywhere(form: TextForm) -> None:
    examples = [form.example(number) for number in NUMBERS]
    assert len(set(examples[:4])) == 4
    for example in examples:
        value = form.read(example)
        assert type(value) is form.type
        assert form.write(value) == example
        assert adapter(form).validate_python(example) == value
        assert adapter(form).dump_json(value).decode() == f'"{example}"'


TEXTS = ("", "x", "2026-13-01", "25:00:00Z", "P", "PT", "1.5.5", "10.0.0.1/8", "Infinity", "1.5")


@FORM
@pytest.mark.parametrize("written", TEXTS)
def test_what_is_no_text_of_the_form_is_none_for_pydantic(form: TextForm, written: str) -> None:
    try:
        adapter(form).validate_python(written)
    except ValidationError:
        assert not form.fits(written)
    else:
        # Pydantic alone reads seconds since the epoch; requests forbid them (`FromText`).
        is_number = form.type in (date, time, datetime, timedelta) and written == "1.5"
        assert form.fits(written) is not is_number
