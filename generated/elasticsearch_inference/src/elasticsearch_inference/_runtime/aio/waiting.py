"""The parts of a call that wait: for the body, for the next attempt."""

from __future__ import annotations

import logging
from typing import Final

from ..errors import ConnectionFailed
from ..retries import Attempts
from ..transport import AsyncResponse
from .primitives import sleep

_log: Final = logging.getLogger(__name__)

_SMALL: Final = 65536
"""Up to how many bytes an unwanted body is read, so that its connection can be used again."""


async def read(response: AsyncResponse, attempts: Attempts) -> bytes:
    """Read the whole body.

    Raises:
        ConnectionFailed: It breaks off. `TimedOut`: the time of the call is over.
    """
    try:
        chunks: list[bytes] = []
        async for chunk in response.body:
            chunks.append(chunk)
            attempts.check()
        return b"".join(chunks)
    finally:
        await response.close()


async def discard(response: AsyncResponse) -> None:
    """Close an answer that nobody wants."""
    length = response.headers.get("content-length", "")
    try:
        if length.isdigit() and int(length) <= _SMALL:
            async for _ in response.body:
                pass
    except ConnectionFailed:
        # It was of no use anyway.
        pass
    finally:
        await response.close()


async def pause(attempts: Attempts, seconds: float, reason: object) -> None:
    """Wait before the next attempt, at most until the deadline."""
    _log.debug("%s: trying again in %.2f s after %s", attempts.operation.id, seconds, reason)
    remaining = attempts.check()
    await sleep(seconds if remaining is None else min(seconds, remaining))
