"""When a call is tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from oasmith.runtime import retries
from oasmith.runtime.errors import ConnectionFailed, TimedOut
from oasmith.runtime.headers import Headers
from oasmith.runtime.operations import Operation, Route
from oasmith.runtime.retries import Attempts, is_idempotent, retry_after
from oasmith.runtime.transport import Request, Timeout


def operation(method: str, idempotent: bool | None = None) -> Operation[None]:
    return Operation(id="x", method=method, routes=(Route("/"),), idempotent=idempotent)


def attempts(
    method: str = "GET",
    *,
    max_retries: int = 2,
    repeatable: bool = True,
    total: float | None = None,
    idempotent: bool | None = None,
) -> Attempts:
    timeout = Timeout(connect=3, read=5, total=total)
    return Attempts(operation(method, idempotent), timeout, max_retries, repeatable)


@pytest.mark.parametrize(
    ("method", "said", "expected"),
    [
        ("GET", None, True),
        ("HEAD", None, True),
        ("PUT", None, True),
        ("DELETE", None, True),
        ("OPTIONS", None, True),
        ("POST", None, False),
        ("PATCH", None, False),
        ("POST", True, True),
        ("PUT", False, False),
    ],
)
def test_methods(method: str, said: bool | None, expected: bool) -> None:
    assert is_idempotent(operation(method, said)) is expected


def test_there_are_as_many_attempts_as_allowed_and_pauses_grow() -> None:
    many = attempts(max_retries=3)
    error = ConnectionFailed("x", sent=True)
    pauses = [many.after_error(error) for _ in range(3)]
    for pause, longest in zip(pauses, (0.5, 1.0, 2.0), strict=True):
        assert longest / 2 <= pause <= longest
    with pytest.raises(ConnectionFailed) as caught:
        many.after_error(error)
    assert caught.value is error
    assert many.after_status(503, Headers()) is None


def test_pauses_have_a_bound() -> None:
    many = attempts(max_retries=100)
    pauses = [many.after_error(ConnectionFailed("x", sent=True)) for _ in range(100)]
    assert retries.LONGEST_PAUSE / 2 <= pauses[-1] <= retries.LONGEST_PAUSE


def test_what_may_have_arrived_is_not_sent_twice() -> None:
    sent = ConnectionFailed("x", sent=True)
    with pytest.raises(ConnectionFailed):
        attempts("POST").after_error(sent)
    with pytest.raises(ConnectionFailed):
        attempts("PUT", idempotent=False).after_error(sent)
    with pytest.raises(ConnectionFailed):
        attempts("PUT", repeatable=False).after_error(sent)
    assert attempts("POST").after_error(ConnectionFailed("x", sent=False)) > 0
    assert attempts("POST", idempotent=True).after_error(sent) > 0


@pytest.mark.parametrize("status", [200, 400, 404, 408, 409, 500, 501])
def test_final_statuses(status: int) -> None:
    assert attempts().after_status(status, Headers()) is None


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_transient_statuses(status: int) -> None:
    assert attempts().after_status(status, Headers()) is not None
    assert attempts("POST").after_status(status, Headers()) is None
    asked = attempts().after_status(status, Headers([("Retry-After", "7")]))
    assert asked is not None
    assert 7 <= asked <= 7.7
    assert attempts().after_status(status, Headers([("retry-after", "100000")])) is None


def test_a_pause_beyond_the_deadline_is_not_made() -> None:
    assert attempts(total=1).after_status(503, Headers([("retry-after", "7")])) is None
    error = ConnectionFailed("x", sent=True)
    with pytest.raises(ConnectionFailed) as caught:
        attempts(total=0.1).after_error(error)
    assert caught.value is error


def request(one: Attempts) -> Request:
    return Request("GET", "", "/", (), None, one.timeout, one.deadline)


def test_timeouts_end_at_the_deadline() -> None:
    endless = attempts()
    assert request(endless).connect_timeout == 3
    assert request(endless).read_timeout == 5
    assert endless.check() is None
    short = attempts(total=1)
    connect, read = request(short).connect_timeout, request(short).read_timeout
    assert connect is not None
    assert read is not None
    assert 0 < connect <= 1
    assert 0 < read <= 1
    short.deadline.lift()
    assert request(short).read_timeout == 5
    over = attempts(total=1e-9)
    assert request(over).connect_timeout == 0
    with pytest.raises(TimedOut, match="x: no complete answer within 1e-09 seconds") as caught:
        over.check()
    assert caught.value.phase == "total"
    left = attempts(total=60).check()
    assert left is not None
    assert 59 < left <= 60


def test_a_wait_cut_short_by_the_deadline_is_an_end_of_the_whole() -> None:
    waited = TimedOut("no answer in time", phase="read", sent=True)
    with pytest.raises(TimedOut) as caught:
        attempts(total=1e-9).after_error(waited)
    assert (caught.value.phase, caught.value.__cause__) == ("total", waited)
    with pytest.raises(TimedOut) as caught:
        attempts("POST", total=60).after_error(waited)
    assert caught.value is waited


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    def now() -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    assert retry_after(Headers([("Retry-After", value)]), now) == seconds


@pytest.mark.parametrize("name", ["connect", "read", "total"])
def test_a_timeout_is_positive(name: str) -> None:
    for wrong in (0, -1):
        with pytest.raises(ValueError, match=f"timeout: `{name}` must be more than 0 seconds"):
            Timeout(**{name: wrong})
