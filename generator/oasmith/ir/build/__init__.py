"""Build the intermediate model of a document."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from oasmith.diagnostics import Diagnostics
from oasmith.ir.build.api import security_schemes, servers, tags
from oasmith.ir.build.context import Build
from oasmith.ir.build.definitions import add_components, define_all
from oasmith.ir.build.operations import Operations
from oasmith.ir.build.words import doc_of
from oasmith.ir.scalars import OwnKinds
from oasmith.ir.types import Api
from oasmith.openapi import Document
from oasmith.text import Text

__all__ = ["build"]


def build(
    document: Document,
    diagnostics: Diagnostics,
    *,
    sensitive: Collection[str] = (),
    types: OwnKinds = MappingProxyType({}),
) -> Api:
    """Return the API that a document describes; what is wrong with it goes to `diagnostics`.

    `sensitive` are names of fields that are secrets although the document does not say so,
    `types` kinds of scalar that the settings add. The passes have still to be run.
    """
    root = document.node
    state = Build(document, sensitive, types)
    add_components(state, root.get("components"))
    define_all(state)
    built = Operations(state)
    operations = built.run()
    incoming = built.incoming()
    define_all(state)
    info = root.get("info")
    return Api(
        title=Text((None if info is None else info.string("title")) or ""),
        version=Text((None if info is None else info.string("version")) or ""),
        doc=doc_of(root if info is None else info),
        servers=servers(root),
        tags=tags(root),
        definitions=state.definitions,
        operations=tuple(operations),
        incoming=tuple(incoming),
        security=security_schemes(root),
        usage={},
        unnamed=tuple(state.unnamed),
        event_wrappers=frozenset(state.named(built.responses.contents.streams.events)),
        schemas=state.named_by_document,
        at=root.at,
    )
