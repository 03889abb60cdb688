"""Answers that are read bit by bit, for what is too large to hold in memory."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from ..transport import AsyncResponse, Opened
from .primitives import run_blocking


class AsyncDownload(Opened[AsyncResponse]):
    """A success whose body is not read yet, opened by `async with`; leaving it closes the
    connection.
    """

    def __init__(self, connect: Callable[[], Awaitable[AsyncResponse]]) -> None:
        self._connect = connect

    async def __aenter__(self) -> Self:
        self._response = await self._connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._response is not None:
            await self._response.close()

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body as it comes. Raises `ConnectionFailed` where it breaks off."""
        return aiter(self._opened(self._response).body)

    async def save(self, path: str | os.PathLike[str]) -> int:
        """Write the body to a file and give how many bytes there were."""
        total = 0
        # Writing a file waits for the disk.
        file = await run_blocking(Path(path).open, "wb")
        try:
            async for chunk in self:
                total += await run_blocking(file.write, chunk)
        finally:
            await run_blocking(file.close)
        return total
