"""Schemas that are one of their own options: `First` is `Second`, which is `First` or a string.

Such an option adds nothing, and whoever checked a value by it would never come to an end. So each
schema of such a cycle is what the options of all of them are that lead out of it. (A reference
back from inside a property, an item or a map value is recursion, which is fine.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from oasmith.diagnostics import Diagnostics
from oasmith.ir.types import (
    Alias,
    AnyOf,
    Api,
    Definition,
    Nullable,
    Ref,
    SchemaId,
    Union,
    Unresolved,
    Use,
)


def break_cycles(api: Api, diagnostics: Diagnostics) -> Api:
    """Take the options out of definitions that lead back to them; report what then has none."""
    definitions = dict(api.definitions)
    meant = {
        id_: {use.target for use in _options(definition) if isinstance(use, Ref)}
        for id_, definition in definitions.items()
        if isinstance(definition, Alias | Union)
    }
    while ends := [id_ for id_, targets in meant.items() if meant.keys().isdisjoint(targets)]:
        for id_ in ends:
            del meant[id_]
    if not meant:
        return api
    reached = {id_: _reached(id_, meant) for id_ in meant}
    for id_ in meant:
        cycle = [each for each in meant if each in reached[id_] and id_ in reached[each]]
        if cycle and cycle[0] == id_:
            _break(cycle, definitions, diagnostics)
    return replace(api, definitions=definitions)


def _reached(start: SchemaId, meant: dict[SchemaId, set[SchemaId]]) -> set[SchemaId]:
    found: set[SchemaId] = set()
    left = [start]
    while left:
        new = (meant.get(left.pop()) or set()) - found
        found |= new
        left += new
    return found


def _break(
    cycle: list[SchemaId], definitions: dict[SchemaId, Definition], diagnostics: Diagnostics
) -> None:
    all_options = [use for id_ in cycle for use in _options(definitions[id_])]
    options = tuple(
        dict.fromkeys(u for u in all_options if not (isinstance(u, Ref) and u.target in cycle))
    )
    nullable = any(_takes_null(definitions[id_]) for id_ in cycle)
    for id_ in cycle:
        old = definitions[id_]
        if not options:
            message = "this schema refers to itself and says nothing else"
            diagnostics.error("cyclic-reference", old.at, message)
            continue
        message = "this schema is one of its own options, which adds nothing"
        diagnostics.warning("cyclic-reference", old.at, message)
        if len(options) > 1:
            told_apart = old.told_apart if isinstance(old, Union) else Unresolved()
            definitions[id_] = Union(
                id=id_,
                options=options,
                told_apart=told_apart,
                nullable=nullable,
                doc=old.doc,
                at=old.at,
            )
        else:
            use = Nullable(of=options[0], at=old.at) if nullable else options[0]
            definitions[id_] = Alias(id=id_, type=use, doc=old.doc, at=old.at)


def _options(definition: Definition) -> Iterator[Use]:
    """Give what a value of the definition may be, with nothing around it."""
    match definition:
        case Alias(type=use):
            yield from _flat(use)
        case Union(options=options):
            for use in options:
                yield from _flat(use)
        case _:
            return


def _flat(use: Use) -> Iterator[Use]:
    match use:
        case Nullable(of=of):
            yield from _flat(of)
        case AnyOf(options=options):
            for option in options:
                yield from _flat(option)
        case _:
            yield use


def _takes_null(definition: Definition) -> bool:
    match definition:
        case Alias(type=Nullable()):
            return True
        case Union():
            return definition.nullable
        case _:
            return False
