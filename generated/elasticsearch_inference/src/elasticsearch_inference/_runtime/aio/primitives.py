"""What the async half is built on. Written by hand, like its twin in `sync`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from ..retries import Attempts

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
P = ParamSpec("P")


class TimeLimit:
    """Ends what is inside when the time of the call is over. What follows has no deadline.

    Raises:
        TimedOut: The time is over.
    """

    def __init__(self, attempts: Attempts) -> None:
        import asyncio

        self._attempts = attempts
        self._timeout = asyncio.timeout(attempts.deadline.remaining())

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._attempts.deadline.lift()
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError:
            raise self._attempts.out_of_time() from None


class Lock:
    """A lock between the tasks of one event loop."""

    def __init__(self) -> None:
        self._lock: asyncio.Lock | None = None

    @asynccontextmanager
    async def held(self, attempts: Attempts) -> AsyncGenerator[None]:
        """Hold the lock. `TimeLimit` ends the wait for it."""
        if self._lock is None:
            import asyncio

            self._lock = asyncio.Lock()
        async with self._lock:
            yield


async def sleep(seconds: float) -> None:
    """Wait."""
    import asyncio

    await asyncio.sleep(seconds)


async def run_blocking(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that waits for the disk, in a thread."""
    import asyncio

    return await asyncio.to_thread(function, *args, **kwargs)


async def aclose_iterator(iterator: AsyncIterator[Any]) -> None:
    """Finish a generator that is left early; else the event loop does so at some later time."""
    aclose = getattr(iterator, "aclose", None)
    if aclose is not None:
        await aclose()
