"""Whether a default fits its schema, and what it is when it does."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from oasmith.ir.build.scalars import same_value
from oasmith.ir.build.shapes import Shape
from oasmith.ir.types import SchemaId
from oasmith.openapi import Node
from oasmith.source import Json

if TYPE_CHECKING:
    from oasmith.ir.build.schemas import Schemas


class Misfit(enum.Enum):
    """The answer for a value that does not fit; null is a value."""

    MISFIT = enum.auto()


MISFIT: Final = Misfit.MISFIT

_NOBODY = SchemaId(name="")


def fitted(
    schemas: Schemas, value: Json, node: Node, within: frozenset[int] = frozenset()
) -> Json | Misfit:
    """Return the value as the schema has it (`64.0` of an integer is `64`), or `MISFIT`.

    Types, constants and choices are looked at, in lists and objects too; bounds are not. `within`
    are the options that are being tried: what is one of its own options fits by another one.
    """
    if id(node.value) in within:
        return MISFIT
    inner, nullable = schemas.peel(node)
    if value is None and nullable:
        return None
    shape = Shape(schemas.flatten(inner, _NOBODY))
    return _fit(schemas, value, shape, within | {id(node.value)})


def _fit(schemas: Schemas, value: Json, shape: Shape, within: frozenset[int]) -> Json | Misfit:
    typed = _typed(value, shape.types)
    if typed is MISFIT:
        return MISFIT
    allowed = schemas.choices.constants(shape)
    if allowed is not None:
        return next((other for other, _ in allowed if same_value(other, typed)), MISFIT)
    group = schemas.choices.group(shape)
    if group is not None:
        for option in group.options:
            found = fitted(schemas, typed, option, within)
            if found is not MISFIT:
                return found
        return MISFIT
    if isinstance(typed, list):
        return _fit_list(schemas, typed, shape)
    if isinstance(typed, dict):
        return _fit_object(schemas, typed, shape)
    return typed


def _fit_list(schemas: Schemas, value: list[Json], shape: Shape) -> Json | Misfit:
    if shape.having("prefixItems"):
        return value
    found: list[Json] = []
    for item in value:
        kept: Json | Misfit = item
        for node in shape.nodes("items"):
            kept = fitted(schemas, item, node)
        if isinstance(kept, Misfit):
            return MISFIT
        found.append(kept)
    return found


def _fit_object(schemas: Schemas, value: dict[str, Json], shape: Shape) -> Json | Misfit:
    members = {name: node for part in shape.parts for name, node in schemas.properties(part)}
    found: dict[str, Json] = {}
    for name, item in value.items():
        kept: Json | Misfit = item
        if name in members:
            kept = fitted(schemas, item, members[name])
        if kept is MISFIT:
            return MISFIT
        found[name] = kept
    return found


def _typed(value: Json, types: tuple[str, ...]) -> Json | Misfit:
    match value:
        case None:
            fits = "null" in types
        case bool():
            fits = "boolean" in types
        case int():
            fits = "integer" in types or "number" in types
        case float():
            if "integer" in types and "number" not in types and value.is_integer():
                return int(value)
            fits = "number" in types
        case str():
            fits = "string" in types
        case list():
            fits = "array" in types
        case dict():
            fits = "object" in types
    return value if fits else MISFIT
