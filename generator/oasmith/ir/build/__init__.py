"""Build the intermediate model of a document."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from types import MappingProxyType

from oasmith.diagnostics import Diagnostics
from oasmith.ir.build.api import security_schemes, servers, tags
from oasmith.ir.build.cycles import dissolve_cycles
from oasmith.ir.build.deciding import Decisions
from oasmith.ir.build.names import Names, Words
from oasmith.ir.build.operations import Decided, Operations
from oasmith.ir.build.schemas import Schemas
from oasmith.ir.build.words import doc_of
from oasmith.ir.scalars import OwnKinds
from oasmith.ir.types import Api, Operation
from oasmith.ir.walk import reachable, uses_in_definition, uses_in_operation
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
    `types` kinds of scalar that the settings add. The pass `usage` has still to be run.
    """
    contested: set[Words] = set()
    while True:
        names = Names(contested)
        api = _build(document, names, sensitive, types)
        if names.clashes <= contested:
            break
        contested |= names.settle()
    return api


def _build(document: Document, names: Names, sensitive: Collection[str], types: OwnKinds) -> Api:
    root = document.node
    schemas = Schemas(document, names, sensitive, types)
    schemas.add_components(root.get("components"))
    schemas.run()
    built = Operations(schemas)
    operations = built.run()
    incoming = built.incoming()
    schemas.run()
    everything = [*operations, *(each.operation for each in incoming)]
    _drop_events(schemas, built.contents.streams.events, everything)
    dissolve_cycles(schemas)
    decisions = Decisions(schemas)
    decisions.definitions()
    decided = Decided(decisions.deep)
    info = root.get("info")
    return Api(
        title=Text((None if info is None else info.string("title")) or ""),
        version=Text((None if info is None else info.string("version")) or ""),
        doc=doc_of(root if info is None else info),
        servers=servers(root),
        tags=tags(root),
        definitions=schemas.definitions,
        operations=tuple(map(decided.operation, operations)),
        incoming=tuple(
            replace(each, operation=decided.operation(each.operation)) for each in incoming
        ),
        security=security_schemes(root),
        usage={},
        schemas=schemas.named_by_document,
        at=root.at,
    )


def _drop_events(
    schemas: Schemas, events: Collection[int], operations: Iterable[Operation]
) -> None:
    """Drop the definitions that are whole events of streams and nothing else."""
    whole = schemas.named(events)
    if not whole:
        return
    others = {id_: each for id_, each in schemas.definitions.items() if id_ not in whole}
    starts = [use for each in others.values() for use in uses_in_definition(each)]
    starts += [use for operation in operations for use in uses_in_operation(operation)]
    for id_ in whole - reachable(schemas.definitions, starts):
        schemas.definitions.pop(id_, None)
