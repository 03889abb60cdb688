"""Equality of what nodes say, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable

from oasmith.frozen import field_names
from oasmith.ir.types import SchemaId

_NOT_SAID = frozenset(("at", "doc", "id", "examples", "message"))


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
    if names := field_names(type(one)) or tuple(getattr(one, "__dataclass_fields__", ())):
        return all(
            equal(getattr(one, name), getattr(other, name), same_definition)
            for name in names
            if name not in _NOT_SAID
        )
    return one == other
