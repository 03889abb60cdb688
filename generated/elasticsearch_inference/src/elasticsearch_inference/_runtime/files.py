"""Files in the arguments of a call."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, cast


@dataclass(frozen=True, slots=True, init=False)
class File:
    """What is uploaded. Files, paths and iterators are read as they are sent, never held in memory.

    Attributes:
        content: The bytes, a file opened for reading bytes, the path of one, or an iterator over
            pieces (a request with that is not tried again).
        name: What the server is told the file is called. None: its own name, where it has one.
        media_type: None: as the document says, else `application/octet-stream`.
        headers: Further headers of its part, in a multipart body.
    """

    content: bytes | BinaryIO | os.PathLike[str] | Iterator[bytes]
    name: str | None
    media_type: str | None
    headers: Mapping[str, str]

    def __init__(
        self,
        content: bytes | bytearray | BinaryIO | os.PathLike[str] | Iterator[bytes],
        name: str | None = None,
        media_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if name is None:
            own: object = getattr(content, "name", None)
            if isinstance(content, os.PathLike):
                own = content
            if isinstance(own, str | os.PathLike):
                name = PurePath(cast("str | os.PathLike[str]", own)).name
        object.__setattr__(
            self, "content", bytes(content) if isinstance(content, bytearray) else content
        )
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "media_type", media_type)
        object.__setattr__(self, "headers", dict(headers or {}))
