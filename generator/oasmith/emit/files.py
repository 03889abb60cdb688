"""What emitters make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class File:
    """A text file; `path` is relative to the output folder."""

    path: PurePosixPath
    text: str
