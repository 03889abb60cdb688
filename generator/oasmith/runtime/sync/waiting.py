# Made from `aio/waiting.py` by oasmith's `.ci/unasync.py`: edit that file.
"""The parts of a call that wait: for the body, for the next attempt."""

from __future__ import annotations

import logging
from typing import Final

from ..errors import ConnectionFailed
from ..retries import Attempts
from ..transport import Response
from .primitives import sleep

_log: Final = logging.getLogger(__name__)

_SMALL: Final = 65536
"""Up to how many bytes an unwanted body is read, so that its connection can be used again."""


def read(response: Response, attempts: Attempts) -> bytes:
    """Read the whole body.

    Raises:
        ConnectionFailed: It breaks off. `TimedOut`: the time of the call is over.
    """
    try:
        chunks: list[bytes] = []
        for chunk in response.body:
            chunks.append(chunk)
            attempts.check()
        return b"".join(chunks)
    finally:
        response.close()


def discard(response: Response) -> None:
    """Close an answer that nobody wants."""
    length = response.headers.get("content-length", "")
    try:
        if length.isdigit() and int(length) <= _SMALL:
            for _ in response.body:
                pass
    except ConnectionFailed:
        # It was of no use anyway.
        pass
    finally:
        response.close()


def pause(attempts: Attempts, seconds: float, reason: object) -> None:
    """Wait before the next attempt, at most until the deadline."""
    _log.debug("%s: trying again in %.2f s after %s", attempts.operation.id, seconds, reason)
    remaining = attempts.check()
    sleep(seconds if remaining is None else min(seconds, remaining))
