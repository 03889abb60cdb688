"""What the sync half is built on. Written by hand, like its twin in `aio`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from ..retries import Attempts

T = TypeVar("T")
P = ParamSpec("P")


class TimeLimit:
    """The part of a call that has a deadline, which the transport keeps. What follows has none."""

    def __init__(self, attempts: Attempts) -> None:
        self._deadline = attempts.deadline

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._deadline.lift()


class Lock:
    """A lock between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextmanager
    def held(self, attempts: Attempts) -> Generator[None]:
        """Hold the lock.

        Raises:
            TimedOut: The deadline comes first.
        """
        remaining = attempts.check()
        seconds = -1.0 if remaining is None else min(remaining, threading.TIMEOUT_MAX)
        if not self._lock.acquire(timeout=seconds):
            raise attempts.out_of_time()
        try:
            yield
        finally:
            self._lock.release()


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def run_blocking(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that waits for the disk."""
    return function(*args, **kwargs)


def close_iterator(iterator: Iterator[Any]) -> None:
    """Do nothing: another thread may be reading, and closing the response ends that."""
