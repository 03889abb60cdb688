"""Settings that speak of what the document does not have: most likely they are misspelt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.ir.query import without_null
from oasmith.ir.walk import deep, uses_in_definition, uses_in_operation
from oasmith.runtime.semantics.suggest import did_you_mean


def check_settings(api: ir.Api, config: Config, diagnostics: Diagnostics) -> None:
    """Report as `unmatched` each setting that changes nothing, and what `sensitive` cannot hide."""
    _check_hidden(api, config, diagnostics)
    report_unmatched(_mentions(api, config), config, diagnostics)


Mentions: TypeAlias = Iterable[tuple[str, str, Collection[str], Collection[str]]]
"""Tables of settings: what each speaks of, what there is of that, and what it names."""


def report_unmatched(mentions: Mentions, config: Config, diagnostics: Diagnostics) -> None:
    """Report the names that settings mention and the document does not have.

    Of a part of a document (`select`, `exclude`) nothing is said: the rest may have what is meant.
    """
    if config.select or config.exclude:
        return
    for table, kind, known, wanted in mentions:
        for name in wanted:
            if name not in known:
                diagnostics.warning(
                    "unmatched",
                    None,
                    f"{table}: the document has no {kind} `{name}`",
                    did_you_mean(name, known),
                )


def _check_hidden(api: ir.Api, config: Config, diagnostics: Diagnostics) -> None:
    for definition in api.definitions.values():
        fields = definition.fields if isinstance(definition, ir.Record) else ()
        for field in fields:
            if field.wire_name in config.sensitive and not _is_secret(field.type, api):
                diagnostics.warning(
                    "degraded",
                    field.at,
                    f"`{field.wire_name}` is not hidden, although it is `sensitive`: it is no "
                    "plain string",
                    "say `format: password` where the string is defined",
                )


def _is_secret(use: ir.Use, api: ir.Api) -> bool:
    found = without_null(use, api.definitions)
    return isinstance(found, ir.Scalar) and found.kind is ir.ScalarKind.SECRET


def _mentions(
    api: ir.Api, config: Config
) -> Iterator[tuple[str, str, Collection[str], Collection[str]]]:
    """Give each table of settings, what it speaks of, what there is of that, and what it names."""
    schemas = {str(id) for id in api.definitions}
    yield "names", "schema", schemas, config.names
    yield "durations", "schema", schemas, config.durations
    if config.types:
        formats = {f"format:{each}" for kind in _kinds(api) for each in kind.formats}
        yield "types", "schema of", formats, config.types
    operations = {operation.id for operation in api.operations}
    yield "operations", "operation", operations, config.operations
    if config.sensitive:
        fields = {
            field.wire_name
            for definition in api.definitions.values()
            if isinstance(definition, ir.Record)
            for field in definition.fields
        }
        yield "sensitive", "property", fields, config.sensitive


def _kinds(api: ir.Api) -> Iterator[ir.Kind]:
    uses = [use for each in api.definitions.values() for use in uses_in_definition(each)]
    for operation in (*api.operations, *(each.operation for each in api.incoming)):
        uses += uses_in_operation(operation)
    for use in uses:
        for part in deep(use):
            if isinstance(part, ir.Scalar):
                yield part.kind
