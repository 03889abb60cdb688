"""One line on a terminal that says what a long run is at."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, TextIO, TypeAlias

if TYPE_CHECKING:
    from threading import Event, Thread

Stage: TypeAlias = Callable[[str], None]
"""Takes what the run begins with now."""

PATIENCE = 1.0
"""Seconds of a run before it says anything; short ones say nothing."""

_REFRESH = 0.5
"""Seconds between two looks at what the run is at."""

_ERASE = "\r\x1b[K"


def silent(stage: str) -> None:
    """Say nothing."""


class Progress:
    """Shows the stage of a run while the block lasts; nothing where `stream` is no terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._shown = False
        self._over: Event | None = None
        self._thread: Thread | None = None

    def __call__(self, stage: str) -> None:
        """Note what the run begins with now."""
        self._stage = stage

    def __enter__(self) -> Progress:
        if self._stream.isatty():
            from threading import Event, Thread

            self._over = Event()
            self._thread = Thread(target=self._show, args=(self._over,), daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._over is None or self._thread is None:
            return
        self._over.set()
        self._thread.join()
        if self._shown:
            self._write(_ERASE)

    def _show(self, over: Event) -> None:
        begun = time.monotonic()
        wait = PATIENCE
        while not over.wait(wait):
            self._shown = True
            self._write(f"{_ERASE}{self._stage}, {time.monotonic() - begun:.0f} s")
            wait = _REFRESH

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # the terminal has gone
            pass
