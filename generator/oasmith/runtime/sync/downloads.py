# Made from `aio/downloads.py` by oasmith's `.ci/unasync.py`: edit that file.
"""Answers that are read bit by bit, for what is too large to hold in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ..transport import Opened, Response
from .primitives import run_blocking


class Download(Opened[Response]):
    """A success whose body is not read yet, opened by `with`; leaving it closes the
    connection.
    """

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
        total = 0
        # Writing a file waits for the disk.
        file = run_blocking(Path(path).open, "wb")
        try:
            for chunk in self:
                total += run_blocking(file.write, chunk)
        finally:
            run_blocking(file.close)
        return total
