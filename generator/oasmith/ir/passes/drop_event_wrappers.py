"""Drop the definitions of whole events: what callers get of a stream is their data."""

from __future__ import annotations

from dataclasses import replace

from oasmith.diagnostics import Diagnostics
from oasmith.ir.types import Api
from oasmith.ir.walk import reachable, uses_in_definition, uses_in_operation


def drop_event_wrappers(api: Api, _diagnostics: Diagnostics) -> Api:
    """Drop the definitions that are whole events of streams and nothing else."""
    whole = api.event_wrappers
    if not whole:
        return api
    others = {id_: each for id_, each in api.definitions.items() if id_ not in whole}
    starts = [use for each in others.values() for use in uses_in_definition(each)]
    operations = [*api.operations, *(each.operation for each in api.incoming)]
    starts += [use for operation in operations for use in uses_in_operation(operation)]
    dropped = whole - reachable(api.definitions, starts)
    definitions = {id_: each for id_, each in api.definitions.items() if id_ not in dropped}
    return replace(api, definitions=definitions, event_wrappers=frozenset())
