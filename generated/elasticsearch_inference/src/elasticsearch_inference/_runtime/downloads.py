"""Answers that are read bit by bit, for what is too large to hold in memory."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from .transport import AsyncResponse, Opened, Response


class Download(Opened[Response]):
    """A success whose body is not read yet, opened by `with`; leaving it closes the connection."""

    def __init__(self, connect: Callable[[], Response]) -> None:
        self._connect = connect

    def __enter__(self) -> Self:
        self._response = self._connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._response is not None:
            self._response.close()

    def __iter__(self) -> Iterator[bytes]:
        """Give the body as it comes. Raises `ConnectionFailed` where it breaks off."""
        return iter(self._opened(self._response).body)

    def save(self, path: str | os.PathLike[str]) -> int:
        """Write the body to a file and give how many bytes there were."""
        with Path(path).open("wb") as file:
            return sum(map(file.write, self))


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
        import asyncio

        total = 0
        # Writing a file waits for the disk.
        file = await asyncio.to_thread(Path(path).open, "wb")
        try:
            async for chunk in self:
                total += await asyncio.to_thread(file.write, chunk)
        finally:
            await asyncio.to_thread(file.close)
        return total
