"""Equality of what nodes say, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache

from oasmith.ir.types import SchemaId

_NOT_SAID = frozenset(("at", "doc", "id", "examples"))


@cache
def _said(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in _NOT_SAID)


def equal(
    one: object, other: object, same_definition: Callable[[SchemaId, SchemaId], bool] | None = None
) -> bool:
    """Compare two nodes of the model, or tuples of them, without places, words and own names.

    `1`, `1.0` and `true` differ. `same_definition` may say that two references mean the same.
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, SchemaId) and isinstance(other, SchemaId):
        return one == other or (same_definition is not None and same_definition(one, other))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(
            equal(a, b, same_definition) for a, b in zip(one, other, strict=True)
        )
    if is_dataclass(one) and not isinstance(one, type):
        return all(
            equal(getattr(one, name), getattr(other, name), same_definition)
            for name in _said(type(one))
        )
    return one == other
