"""Schemas that are one of their own options: `First` is `Second`, which is `First` or a string.

Such an option adds nothing, and whoever checked a value by it would never come to an end. So each
schema of such a circle is what the options of all of them are that lead out of it. (A reference
back from inside a property, an item or a map value is recursion, which is fine.)
"""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.ir.build.choices import UNDECIDED
from oasmith.ir.build.schemas import Schemas
from oasmith.ir.types import Alias, AnyOf, Definition, Nullable, Ref, SchemaId, Union, Use


def dissolve_cycles(schemas: Schemas) -> None:
    """Take the options out of definitions that lead back to them; report what then has none."""
    definitions = schemas.definitions
    meant = {
        id_: {use.target for use in _options(definition) if isinstance(use, Ref)}
        for id_, definition in definitions.items()
        if isinstance(definition, Alias | Union)
    }
    while ends := [id_ for id_, targets in meant.items() if meant.keys().isdisjoint(targets)]:
        for id_ in ends:
            del meant[id_]
    reached = {id_: _reached(id_, meant) for id_ in meant}
    for id_ in meant:
        circle = [each for each in meant if each in reached[id_] and id_ in reached[each]]
        if circle and circle[0] == id_:
            _dissolve(circle, schemas)


def _reached(start: SchemaId, meant: dict[SchemaId, set[SchemaId]]) -> set[SchemaId]:
    found: set[SchemaId] = set()
    left = [start]
    while left:
        new = (meant.get(left.pop()) or set()) - found
        found |= new
        left += new
    return found


def _dissolve(circle: list[SchemaId], schemas: Schemas) -> None:
    definitions = schemas.definitions
    all_options = [use for id_ in circle for use in _options(definitions[id_])]
    options = tuple(
        dict.fromkeys(u for u in all_options if not (isinstance(u, Ref) and u.target in circle))
    )
    nullable = any(_takes_null(definitions[id_]) for id_ in circle)
    for id_ in circle:
        old = definitions[id_]
        if not options:
            message = "this schema refers to itself and says nothing else"
            schemas.diagnostics.error("cyclic-reference", old.at, message)
            continue
        message = "this schema is one of its own options, which adds nothing"
        schemas.diagnostics.warning("cyclic-reference", old.at, message)
        if len(options) > 1:
            told_apart = old.told_apart if isinstance(old, Union) else UNDECIDED
            definitions[id_] = Union(
                id=id_,
                options=options,
                told_apart=told_apart,
                nullable=nullable,
                doc=old.doc,
                at=old.at,
            )
            schemas.undecided.add(id_)
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
