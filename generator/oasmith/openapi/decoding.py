"""Bytes become text: UTF-8 and nothing else."""

from __future__ import annotations

from oasmith.diagnostics import Diagnostics
from oasmith.source import Source, Spot

_SAVE_AS = "save the file as UTF-8"


def decode(source: Source, data: bytes, diagnostics: Diagnostics) -> str | None:
    """Return the text of a source that has none yet; None, with an error, if it is no UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        source.text = data.decode("utf-16", "replace")
        diagnostics.error("unreadable", Spot(source, 0), "this file is UTF-16", _SAVE_AS)
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
