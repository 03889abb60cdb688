"""The checks that pydantic has not."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, StrictFloat, StrictInt, TypeAdapter, ValidationError

from oasmith.runtime.constraints import Exact, FromText, MultipleOf, Pattern, TextLength
from oasmith.runtime.encoded import Base64

FRACTION = Annotated[StrictInt | StrictFloat, MultipleOf(0.05)]
FLAG = Annotated[Literal["A4", 105, True], Exact()]
LEVEL = Annotated[Literal[-1, 0, 1], Exact()]
NAME = Annotated[str, Field(pattern="^[a-z]+$"), Pattern("o"), Pattern("k")]
INSTANT = Annotated[datetime, FromText(), TextLength(20, 25)]


@pytest.mark.parametrize(
    ("type_", "json", "value"),
    [
        (Annotated[date, FromText()], '"2026-01-02"', date(2026, 1, 2)),
        (Annotated[time, FromText()], '"04:05:06"', time(4, 5, 6)),
        (Annotated[timedelta, FromText()], '"PT1M"', timedelta(minutes=1)),
        (
            Annotated[datetime, FromText()],
            '"2026-01-02T00:00:00Z"',
            datetime(2026, 1, 2, tzinfo=UTC),
        ),
        (FRACTION, "0.15", 0.15),
        (FRACTION, "3", 3),
        (NAME, '"book"', "book"),
        (FRACTION, "1e300", 1e300),
        (FLAG, "true", True),
        (FLAG, "105", 105),
        (LEVEL, "1", 1),
        (INSTANT, '"2026-01-02T00:00:00Z"', datetime(2026, 1, 2, tzinfo=UTC)),
        (Annotated[Base64, TextLength(0, 4)], '"YWJj"', b"abc"),
    ],
)
def test_it_takes(type_: Any, json: str, value: object) -> None:
    read = TypeAdapter(type_).validate_json(json)
    assert (read, type(read)) == (value, type(value))
    assert TypeAdapter(type_).validate_python(value) == value


@pytest.mark.parametrize(
    ("type_", "json", "message"),
    [
        (Annotated[datetime, FromText()], "1", "Input should be text, not a number"),
        (Annotated[datetime, FromText()], '"1.5"', "Input should be text, not a number"),
        (Annotated[timedelta, FromText()], "true", "Input should be text, not a number"),
        (FRACTION, "0.17", "Input should be a multiple of 0.05"),
        (FLAG, "1", "true and false are not 1 and 0"),
        (LEVEL, "true", "true and false are not 1 and 0"),
        (LEVEL, "2", "Input should be -1, 0 or 1"),
        (NAME, '"BOOK"', "String should match pattern '^[a-z]+$'"),
        (NAME, '"bark"', "String should match pattern 'o'"),
        (NAME, '"boot"', "String should match pattern 'k'"),
        (INSTANT, '"2026-01-02T00:00Z"', "Text should have at least 20 characters"),
        (INSTANT, '"2026-01-02T00:00:00.123456Z"', "Text should have at most 25 characters"),
    ],
)
def test_it_refuses(type_: Any, json: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(type_).validate_json(json)
    assert [detail["msg"] for detail in caught.value.errors()] == [message]


def test_lengths_are_those_of_the_text_that_is_written() -> None:
    instants: TypeAdapter[datetime] = TypeAdapter(INSTANT)
    assert instants.validate_python(datetime(2026, 1, 2, tzinfo=UTC)).year == 2026
    with pytest.raises(ValidationError, match="at most 25 characters"):
        instants.validate_python(datetime(2026, 1, 2, 0, 0, 0, 5, tzinfo=UTC))
    with pytest.raises(ValidationError, match="at most 4 characters"):
        TypeAdapter(Annotated[Base64, TextLength(0, 4)]).validate_python(b"abcd")
