"""`oasmith.lock`: what remote references led to, so that a change of it does not go unnoticed.

One line for each address: the SHA-256 of what was there, two spaces, the address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from oasmith.diagnostics import Diagnostics
from oasmith.source import Source, Spot, resolved, start_of

NAME = "oasmith.lock"

_HEAD = "# What remote references led to. Delete a line to accept what is there now.\n"
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<url>\S+)")


def path_of(document: Path) -> Path:
    """Return where the lock of a document is: beside it."""
    return resolved(document).parent / NAME


def read_lock(file: Path, diagnostics: Diagnostics) -> dict[str, str]:
    """Return the digests by address, none if there is no such file; report lines that are none."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        diagnostics.error("unreadable", start_of(file), f"cannot read this: {error.strerror}")
        return {}
    except UnicodeDecodeError:
        diagnostics.error("unreadable", start_of(file), "cannot read this: it is not UTF-8")
        return {}
    source = Source(file, text)
    found: dict[str, str] = {}
    offset = 0
    for line in text.splitlines(keepends=True):
        entry = _LINE.fullmatch(line.rstrip())
        if entry is not None:
            found[entry["url"]] = entry["digest"]
        elif line.strip() and not line.startswith("#"):
            message = "a line is a SHA-256, two spaces and an address"
            diagnostics.error("unparsable", Spot(source, offset), message)
        offset += len(line)
    return found


def rendered(digests: Mapping[str, str]) -> str:
    """Return the text of a lock."""
    return _HEAD + "".join(f"{digest}  {url}\n" for url, digest in sorted(digests.items()))
