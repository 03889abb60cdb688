"""Bounds as pydantic takes them: those that say nothing are left out."""

from __future__ import annotations

import math
from decimal import Decimal

from oasmith.ir import types as ir


def sizes(size: ir.SizeBounds | None) -> dict[str, object]:
    """Return how many items or members there may be."""
    found: dict[str, object] = {}
    if size is not None and size.minimum:
        found["min_length"] = size.minimum
    if size is not None and size.maximum is not None:
        found["max_length"] = size.maximum
    return found


def limit(name: str, bound: int | float | Decimal, whole: bool) -> int | float | None:
    """Return the bound as pydantic takes it; None where it says nothing."""
    if isinstance(bound, float) and not math.isfinite(bound):
        return None
    if bound == int(bound):
        number: int | float = int(bound)
    elif not whole:
        number = float(bound)
    else:
        # The next whole number says the same of whole numbers.
        match name:
            case "ge" | "lt":
                number = math.ceil(bound)
            case "le" | "gt":
                number = math.floor(bound)
            case _:
                number = 0
    return None if name == "multiple_of" and number <= 0 else number
