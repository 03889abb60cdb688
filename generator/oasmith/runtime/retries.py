"""When a call is tried again, and after how long a pause. Pure: it neither sleeps nor sends."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

from .errors import ConnectionFailed, TimedOut
from .headers import Headers
from .operations import Operation
from .transport import Deadline, Timeout

IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})
"""RFC 9110, section 9.2.2, and QUERY."""

TRANSIENT: Final = frozenset({429, 502, 503, 504})
"""Statuses that may be different the next time."""

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
"""Bounds of the pauses that we choose, in seconds."""

LONGEST_RETRY_AFTER: Final = 120.0
"""A server that asks for a longer pause gets none: the caller hears of it at once. Seconds."""


def is_idempotent(operation: Operation[Any]) -> bool:
    """Say whether sending the operation twice does no more than sending it once."""
    if operation.idempotent is not None:
        return operation.idempotent
    return operation.method in IDEMPOTENT


class Attempts:
    """The attempts of one call.

    Args:
        operation: What is called.
        timeout: Of the call.
        max_retries: How many attempts there are after the first.
        repeatable: Whether the body can be sent again.
    """

    __slots__ = ("_left", "_number", "deadline", "operation", "timeout")

    def __init__(
        self, operation: Operation[Any], timeout: Timeout, max_retries: int, repeatable: bool
    ) -> None:
        self.operation = operation
        self.timeout = timeout
        self.deadline = Deadline(timeout.total)
        self._left = max_retries if repeatable else 0
        self._number = 0

    def check(self) -> float | None:
        """Return the seconds left; None: there is no deadline.

        Raises:
            TimedOut: The deadline has passed.
        """
        remaining = self.deadline.remaining()
        if remaining is not None and remaining <= 0:
            raise self.out_of_time()
        return remaining

    def out_of_time(self) -> TimedOut:
        """Make the error of a call that took too long."""
        return TimedOut(
            f"no complete answer within {self.timeout.total:g} seconds",
            phase="total",
            sent=True,
            operation=self.operation.id,
        )

    def after_error(self, error: ConnectionFailed) -> float:
        """Give the pause before the next attempt, in seconds.

        Raises:
            ConnectionFailed: `error`, when there is none. `TimedOut` if the deadline has passed.
        """
        # What never left can be sent again, whatever it does.
        again = is_idempotent(self.operation) or not error.sent
        if again and self._left > 0:
            pause = self._pause()
            if self._fits(pause):
                return self._next(pause)
        self.give_up(error)

    def give_up(self, error: ConnectionFailed) -> NoReturn:
        """Raise `error`, or `TimedOut` of the whole call if that is the reason for it."""
        error.operation = self.operation.id
        remaining = self.deadline.remaining()
        if isinstance(error, TimedOut) and remaining is not None and remaining <= 0:
            # The attempt was given what was left of the whole.
            raise self.out_of_time() from error
        raise error

    def after_status(self, status: int, headers: Headers) -> float | None:
        """Give the pause before the next attempt, in seconds; None: the answer stands."""
        if status not in TRANSIENT or self._left <= 0 or not is_idempotent(self.operation):
            return None
        asked = retry_after(headers)
        if asked is not None and asked > LONGEST_RETRY_AFTER:
            return None
        # Some jitter here too: everybody was told the same.
        pause = self._pause() if asked is None else asked * random.uniform(1, 1.1)
        return self._next(pause) if self._fits(pause) else None

    def _pause(self) -> float:
        longest: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._number)
        return random.uniform(longest / 2, longest)

    def _next(self, pause: float) -> float:
        self._left -= 1
        self._number += 1
        return pause

    def _fits(self, pause: float) -> bool:
        remaining = self.deadline.remaining()
        return remaining is None or pause < remaining


def retry_after(
    headers: Headers, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> float | None:
    """Read `Retry-After`: seconds or a date (RFC 9110, section 10.2.3). Answers seconds."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    if not value:
        return None
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now()).total_seconds())
