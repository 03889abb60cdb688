"""What a shape is: a record, an enumeration, a union, or a value of one JSON type."""

from __future__ import annotations

import enum

from oasmith.ir.build.choices import combinations, constants_of, deserves_name, group_of
from oasmith.ir.build.context import Build
from oasmith.ir.build.shapes import TYPES, Shape
from oasmith.source import Json

_MOST_COMBINATIONS = 64
"""Of options of different choices; each is a class, and twenty choices between two give a million.
"""


class Form(enum.Enum):
    """What a shape is; of one JSON type, the value is its name."""

    NOTHING = "no value"
    ANYTHING = "any value"
    RECORD = "record"
    ENUM = "enum"
    UNION = "union"
    """A composition that gets a name of its own."""
    CHOICE = "choice"
    """A composition without a name."""
    COMBINATIONS = "combinations"
    """Several compositions at once, with more combinations than there can be classes for."""
    TYPES = "types"
    """Several JSON types."""
    NULL = "null"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"


def form_of(build: Build, shape: Shape) -> Form:
    """Return what a shape is."""
    types = shape.types
    if not types:
        return Form.NOTHING
    group = group_of(build, shape)
    if group is not None:
        if combinations(build, shape) > _MOST_COMBINATIONS:
            return Form.COMBINATIONS
        return Form.UNION if deserves_name(build, group) else Form.CHOICE
    constants = constants_of(build, shape)
    if constants is not None and not any(isinstance(c, (list, dict)) for c, _ in constants):
        return Form.ENUM
    real = [type_ for type_ in types if type_ != "null"]
    if not real:
        return Form.NULL
    if len(types) == len(TYPES) - 1:  # number takes integer in
        return Form.ANYTHING
    if len(real) > 1:
        return Form.TYPES
    if real[0] == "object" and _is_record(shape):
        return Form.RECORD
    return Form(real[0])


def _is_record(shape: Shape) -> bool:
    """Say whether an object has members of its own, or may have none at all."""
    for part in shape.parts:
        value = part.value
        if value.get("properties") or has_required(value):
            return True
        if value.get("additionalProperties") is False and not value.get("patternProperties"):
            return True
    return False


def has_required(value: dict[str, Json]) -> bool:
    """Say whether a schema requires something: an empty list does not."""
    return isinstance(required := value.get("required"), list) and bool(required)
