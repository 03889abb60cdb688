"""What emitters make."""

from __future__ import annotations

from typing import Final, NamedTuple

TERMS: Final = "This file belongs to its user and is not subject to oasmith's licence."
"""What every generated file says, where its format has a place for it."""


class File(NamedTuple):
    """A text file; `path` is relative to the output folder, in POSIX notation."""

    path: str
    text: str
