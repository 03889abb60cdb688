"""Incremental parsers of streams: bytes in, cut anywhere; events or lines out. They do no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_BOM: Final = b"\xef\xbb\xbf"


class LineSplitter:
    """Cuts bytes into lines at LF, CR or CRLF.

    A CR or LF byte is never part of another character in UTF-8, so that whole lines can be decoded
    and a character cut in two needs no care.
    """

    __slots__ = ("_after_cr", "_parts")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """Give the lines that have become complete, without their ends."""
        if self._after_cr and data:
            # The second half of a CRLF that was cut in two.
            if data[:1] == b"\n":
                data = data[1:]
            self._after_cr = False
        if not data:
            return []
        lines = data.splitlines(keepends=True)
        last = lines.pop()
        if last.endswith((b"\n", b"\r")):
            self._after_cr = last.endswith(b"\r")
            lines.append(last)
            rest = b""
        else:
            rest = last
        if lines and self._parts:
            lines[0] = b"".join((*self._parts, lines[0]))
            self._parts.clear()
        if rest:
            self._parts.append(rest)
        return [line.rstrip(b"\r\n") for line in lines]

    def rest(self) -> bytes:
        """Give what came after the last end of a line."""
        return b"".join(self._parts)


@dataclass(frozen=True, slots=True)
class Event:
    """One Server-Sent Event. `retry` is in milliseconds."""

    event: str
    data: str
    id: str
    retry: int | None = None


class EventParser:
    """Parses `text/event-stream` (WHATWG HTML, 9.2.6), with a U+FEFF before any event skipped."""

    __slots__ = ("_data", "_event", "_fresh", "_id", "_lines", "_retry")

    def __init__(self) -> None:
        self._lines = LineSplitter()
        self._data: list[str] = []
        self._event = ""
        self._id = ""
        self._retry: int | None = None
        self._fresh = True

    def feed(self, data: bytes) -> list[Event]:
        """Give the events that have become complete."""
        events: list[Event] = []
        for raw in self._lines.feed(data):
            if self._fresh:
                # By the book only the first may come; some servers send one before every event.
                raw = raw.removeprefix(_BOM)
            if not raw:
                self._fresh = True
                if self._data:
                    events.append(
                        Event(
                            self._event or "message", "\n".join(self._data), self._id, self._retry
                        )
                    )
                self._data = []
                self._event = ""
                continue
            self._fresh = False
            self._field(raw)
        return events

    @property
    def unfinished(self) -> bool:
        """Whether an event has begun that has not ended."""
        rest = self._lines.rest()
        return not self._fresh or rest not in (b"", _BOM)

    def _field(self, line: bytes) -> None:
        name, _, value = line.decode(errors="replace").partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._data.append(value)
            case "event":
                self._event = value
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdigit():
                self._retry = int(value)
            case _:
                # A comment (an empty name) or a field that nobody knows.
                pass
