"""Schemas that ask for what cannot be: found in one schema object, without its references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeGuard

from oasmith.diagnostics import Diagnostics
from oasmith.openapi.node import Node, json_type
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.source import Json, Location

_RANGES = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
)
_SIZES = tuple(word for pair in _RANGES[4:] for word in pair)

BOUNDS = frozenset(word for pair in _RANGES for word in pair)
_MEASURES = BOUNDS | {"multipleOf"}
_VALUES = frozenset(("enum", "const"))

LOOKED_AT = _MEASURES | _VALUES | {"required"}
"""Keywords without which there is nothing to check."""


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


_IS_TYPE: dict[str, Callable[[Json], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value % 1 == 0,
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def check_schema(node: Node, diagnostics: Diagnostics) -> None:
    """Report what contradicts itself in a schema object, and what does not fit together.

    Bounds that no value keeps are errors. Values that are of another type, and names that are
    required but not allowed, are found in documents in daily use, whose meaning is plain: warnings.
    """
    schema: Any = node.as_schema().value
    at = node.at
    if not _MEASURES.isdisjoint(schema):
        _check_ranges(schema, at, diagnostics)
    if "required" in schema:
        _check_required(schema, at, diagnostics)
    if not _VALUES.isdisjoint(schema):
        if schema.get("enum") == []:
            diagnostics.warning("contradiction", at / "enum", "`enum` is empty: no value fits")
        if types := _types(schema):
            _check_values(schema, at, types, diagnostics)
        if not _MEASURES.isdisjoint(schema):
            _check_bounds_of_values(schema, at, diagnostics)


def _types(schema: dict[str, Any]) -> list[str]:
    """Return the types that the schema allows; nothing if it leaves them open."""
    types = schema.get("type")
    names = [types] if isinstance(types, str) else types if isinstance(types, list) else []
    known = [name for name in names if isinstance(name, str) and name in _IS_TYPE]
    return known if len(known) == len(names) else []


def _check_ranges(schema: dict[str, Any], at: Location, diagnostics: Diagnostics) -> None:
    for low, high in _RANGES:
        if low not in schema or high not in schema:
            continue
        least, most = schema[low], schema[high]
        exclusive = "exclusiveM" in low + high
        if not (_is_number(least) and _is_number(most)):
            continue
        if least > most or (exclusive and least == most):
            relation = "not below" if exclusive else "above"
            diagnostics.error(
                "contradiction",
                at / low,
                f"`{low}` {least} is {relation} `{high}` {most}: no value fits",
                related=[(high, at / high)],
            )
    for word in _SIZES:
        size = schema.get(word)
        if _is_number(size) and size < 0:
            message = f"`{word}` counts something and cannot be {size}"
            diagnostics.warning("contradiction", at / word, message)
    step = schema.get("multipleOf")
    if _is_number(step) and step <= 0:
        message = f"`multipleOf` must be above 0, not {step}"
        diagnostics.warning("contradiction", at / "multipleOf", message)


def _check_required(schema: dict[str, Any], at: Location, diagnostics: Diagnostics) -> None:
    required, properties = schema.get("required"), schema.get("properties")
    if not isinstance(required, list) or not isinstance(properties, dict):
        return
    if schema.get("additionalProperties") is not False or "patternProperties" in schema:
        return
    for index, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            message = f"`{name}` is required, but further properties are forbidden: no value fits"
            place = at / "required" / index
            diagnostics.warning("contradiction", place, message, did_you_mean(name, properties))


def _check_values(
    schema: dict[str, Any], at: Location, types: list[str], diagnostics: Diagnostics
) -> None:
    """Report values of `enum` and `const` that are not of the schema's own type."""
    kind = " or ".join(types)
    if "const" in schema and not _has_type(schema["const"], types):
        message = f"`const` is {json_type(schema['const'])}, the type is {kind}: no value fits"
        diagnostics.error("contradiction", at / "const", message)
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    texts = _texts(values)
    if len(set(texts)) < len(texts):
        for text in (text for text, count in Counter(texts).items() if count > 1):
            message = f"`{text}` is in `enum` twice"
            diagnostics.warning("schema-structure", at / "enum" / values.index(text), message)
    odd = [index for index, value in enumerate(values) if not _has_type(value, types)]
    if values and len(odd) == len(values):
        message = f"no value of `enum` is of the type {kind}"
        hint = "write the values without quotes" if isinstance(values[0], str) else None
        hint = "put the values in quotes" if types == ["string"] else hint
        diagnostics.warning("contradiction", at / "enum", message, hint)
    else:
        for index in odd:
            message = f"this value is {json_type(values[index])}, the type is {kind}"
            diagnostics.warning("invalid-default", at / "enum" / index, message)


def _check_bounds_of_values(schema: dict[str, Any], at: Location, diagnostics: Diagnostics) -> None:
    """Report values of `enum` that do not keep the bounds beside it: they are left out."""
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    broken = {
        index: bound
        for index, value in enumerate(values)
        if (bound := broken_bound(schema, value)) is not None
    }
    if broken and len(broken) == len(values):
        bound = broken[0]
        message = f"no value of `enum` keeps `{bound}` {schema[bound]}: bounds do not count here"
        diagnostics.warning("contradiction", at / bound, message)
    else:
        for index, bound in broken.items():
            message = f"this value does not keep `{bound}` {schema[bound]}: it is left out"
            diagnostics.warning("invalid-default", at / "enum" / index, message)


def _texts(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _has_type(value: Json, types: list[str]) -> bool:
    return any(_IS_TYPE[name](value) for name in types)


def broken_bound(schema: dict[str, Any], value: Any) -> str | None:
    """Return the first bound that the value does not keep."""
    measures: list[tuple[str, str, float]] = []
    if _is_number(value):
        measures = [("minimum", "maximum", value)]
        least, most = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        if _is_number(least) and value <= least:
            return "exclusiveMinimum"
        if _is_number(most) and value >= most:
            return "exclusiveMaximum"
    elif isinstance(value, str):
        measures = [("minLength", "maxLength", len(value))]
    elif isinstance(value, list):
        measures = [("minItems", "maxItems", len(value))]
    elif isinstance(value, dict):
        measures = [("minProperties", "maxProperties", len(value))]
    for low, high, measure in measures:
        if _is_number(bound := schema.get(low)) and measure < bound:
            return low
        if _is_number(bound := schema.get(high)) and measure > bound:
            return high
    return None
