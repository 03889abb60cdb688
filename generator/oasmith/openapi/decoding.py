"""Bytes become text: UTF-8 and nothing else."""

from __future__ import annotations

from oasmith.diagnostics import Diagnostics
from oasmith.source import Source, Spot

_ARCHIVES = {b"PK\x03\x04": "a ZIP archive", b"\x1f\x8b": "compressed by gzip"}
_SAVE_AS = "save the file as UTF-8"


def decode(source: Source, data: bytes, diagnostics: Diagnostics) -> str | None:
    """Return the text of a source that has none yet; None, with an error, if it is no UTF-8."""
    for start, what in _ARCHIVES.items():
        if data.startswith(start):
            message = f"this file is {what}"
            diagnostics.error("unreadable", Spot(source, 0), message, "unpack it first")
            return None
    if (encoding := _other_encoding(data)) is not None:
        source.text = data.decode(encoding, "replace").removeprefix("\ufeff")
        message = f"this file is {encoding.upper()[:6]}"
        diagnostics.error("unreadable", Spot(source, 0), message, _SAVE_AS)
        return None
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        data = data.removeprefix(b"\xef\xbb\xbf")
        before = len(data[: error.start].decode())
        source.text = data.decode("utf-8", "replace")
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        diagnostics.error("unreadable", Spot(source, before), message, _SAVE_AS)
        return None
    if (nul := text.find("\0")) >= 0:
        source.text = text
        message = "there is a NUL character here"
        diagnostics.error("unreadable", Spot(source, nul), message)
        return None
    return text


def _other_encoding(data: bytes) -> str | None:
    """Return the encoding that the mark or the first character tells; None if that is UTF-8.

    The first character is ASCII, whatever the document: the zeros around it tell (RFC 4627, 3).
    """
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    match [byte == 0 for byte in data[:4]]:
        case [True, True, True, False]:
            return "utf-32-be"
        case [False, True, True, True]:
            return "utf-32-le"
        case [True, False, True, False]:
            return "utf-16-be"
        case [False, True, False, True]:
            return "utf-16-le"
        case _:
            return None
