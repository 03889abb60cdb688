"""The parts of a call that wait: for bytes, for the next attempt, for a deadline."""

from __future__ import annotations

import logging
import time
from types import TracebackType
from typing import Any, Final

from .errors import ConnectionFailed
from .headers import Headers
from .operations import Operation
from .retries import Attempts
from .transport import AsyncResponse, Response

_log: Final = logging.getLogger(__name__)


def read(response: Response, attempts: Attempts) -> bytes:
    """Read the whole body.

    Raises:
        ConnectionFailed: It breaks off. `TimedOut`: the time of the call is over.
    """
    try:
        chunks = []
        for chunk in response.body:
            chunks.append(chunk)
            attempts.check()
        return b"".join(chunks)
    finally:
        response.close()


async def aread(response: AsyncResponse) -> bytes:
    """Read the whole body.

    Raises:
        ConnectionFailed: It breaks off.
    """
    try:
        return b"".join([chunk async for chunk in response.body])
    finally:
        await response.close()


_SMALL: Final = 65536
"""Up to how many bytes an unwanted body is read, so that its connection can be used again."""


def _is_small(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isdigit() and int(length) <= _SMALL


def discard(response: Response) -> None:
    """Close an answer that nobody wants."""
    try:
        if _is_small(response.headers):
            for _ in response.body:
                pass
    except ConnectionFailed:
        # It was of no use anyway.
        pass
    finally:
        response.close()


async def adiscard(response: AsyncResponse) -> None:
    """Close an answer that nobody wants."""
    try:
        if _is_small(response.headers):
            async for _ in response.body:
                pass
    except ConnectionFailed:
        # It was of no use anyway.
        pass
    finally:
        await response.close()


class Deadline:
    """Ends what is inside when the time of the call is over."""

    def __init__(self, attempts: Attempts) -> None:
        import asyncio

        self._attempts = attempts
        self._timeout = asyncio.timeout(attempts.remaining())

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError:
            raise self._attempts.out_of_time() from None


def pause(operation: Operation[Any], seconds: float, why: object) -> None:
    """Wait before the next attempt."""
    _log.debug("%s: trying again in %.2f s after %s", operation.id, seconds, why)
    time.sleep(seconds)


async def apause(operation: Operation[Any], seconds: float, why: object) -> None:
    """Wait before the next attempt."""
    import asyncio

    _log.debug("%s: trying again in %.2f s after %s", operation.id, seconds, why)
    await asyncio.sleep(seconds)
