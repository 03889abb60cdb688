"""Whether a default fits its schema, and what it is when it does."""

from __future__ import annotations

import enum
from typing import Final

from oasmith.ir.build.choices import constants_of, group_of
from oasmith.ir.build.context import Build
from oasmith.ir.build.scalars import same_value
from oasmith.ir.build.shapes import Shape
from oasmith.ir.types import SchemaId
from oasmith.openapi import Node
from oasmith.source import Json


class Misfit(enum.Enum):
    """The answer for a value that does not fit; null is a value."""

    MISFIT = enum.auto()


MISFIT: Final = Misfit.MISFIT

_NOBODY = SchemaId(name="")


def fitted(
    build: Build, value: Json, node: Node, within: frozenset[int] = frozenset()
) -> Json | Misfit:
    """Return the value as the schema has it (`64.0` of an integer is `64`), or `MISFIT`.

    Types, constants and choices are looked at, in lists and objects too; bounds are not. `within`
    are the options that are being tried: what is one of its own options fits by another one.
    """
    if node.identity in within:
        return MISFIT
    inner, nullable = build.peel(node)
    if value is None and nullable:
        return None
    shape = Shape(build.flatten(inner, _NOBODY))
    return _fit(build, value, shape, within | {node.identity})


def _fit(build: Build, value: Json, shape: Shape, within: frozenset[int]) -> Json | Misfit:
    typed = _typed(value, shape.types)
    if typed is MISFIT:
        return MISFIT
    allowed = constants_of(build, shape)
    if allowed is not None:
        return next((other for other, _ in allowed if same_value(other, typed)), MISFIT)
    group = group_of(build, shape)
    if group is not None:
        for option in group.options:
            found = fitted(build, typed, option, within)
            if found is not MISFIT:
                return found
        return MISFIT
    if isinstance(typed, list):
        return _fit_list(build, typed, shape)
    if isinstance(typed, dict):
        return _fit_object(build, typed, shape)
    return typed


def _fit_list(build: Build, value: list[Json], shape: Shape) -> Json | Misfit:
    if shape.having("prefixItems"):
        return value
    found: list[Json] = []
    for item in value:
        kept: Json | Misfit = item
        for node in shape.nodes("items"):
            kept = fitted(build, item, node)
        if isinstance(kept, Misfit):
            return MISFIT
        found.append(kept)
    return found


def _fit_object(build: Build, value: dict[str, Json], shape: Shape) -> Json | Misfit:
    members = {name: node for part in shape.parts for name, node in build.properties(part)}
    found: dict[str, Json] = {}
    for name, item in value.items():
        kept: Json | Misfit = item
        if name in members:
            kept = fitted(build, item, members[name])
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
