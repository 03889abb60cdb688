"""Load an OpenAPI document from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oasmith.diagnostics import Diagnostics, Stop
from oasmith.openapi.document import Document
from oasmith.openapi.reading import Limits, read
from oasmith.openapi.recognition import recognize
from oasmith.openapi.versions import Version
from oasmith.source import resolved, start_of

if TYPE_CHECKING:
    from oasmith.openapi.remote import Remote


def load(
    path: Path,
    diagnostics: Diagnostics,
    limits: Limits | None = None,
    *,
    allow_outside: bool = False,
    remote: Remote | None = None,
) -> Document:
    """Read the document at `path` and see which version of OpenAPI it is.

    Files that it refers to are read when a reference to them is followed, those on the web by
    `remote` if there is one. Raises Stop if there is no document to go on with; `diagnostics` then
    says why.
    """
    limits = limits or Limits()
    root = read(resolved(path), diagnostics, limits, start_of(path), "not-openapi")
    if root is None:
        raise Stop
    version = recognize(root, diagnostics)
    if version is None:
        raise Stop
    if version is not Version.V2_0:
        return Document(
            root, version, diagnostics, limits=limits, allow_outside=allow_outside, remote=remote
        )
    from oasmith.openapi.swagger import convert, rearrangeable

    document = Document(
        rearrangeable(root),
        Version.V3_0,
        diagnostics,
        limits=limits,
        allow_outside=allow_outside,
        remote=remote,
        prepare=rearrangeable,
    )
    convert(document)
    return document
