"""What emitters make."""

from __future__ import annotations

from typing import NamedTuple


class File(NamedTuple):
    """A text file; `path` is relative to the output folder, in POSIX notation."""

    path: str
    text: str
