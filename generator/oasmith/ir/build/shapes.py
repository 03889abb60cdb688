"""Schemas taken together: what `$ref`, its siblings and `allOf` ask for at once.

A shape is a conjunction of schema objects, each read for its own keywords alone. Most shapes have
one part; merging is then nothing but reading. Nothing is copied.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TypeAlias

from oasmith.frozen import frozen
from oasmith.ir.types import Context, SchemaId
from oasmith.openapi import Node
from oasmith.source import Json, Location

ANNOTATIONS = frozenset(
    (
        "title",
        "description",
        "summary",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "discriminator",
        "$comment",
        "$id",
        "$schema",
        "$anchor",
        "$dynamicAnchor",
        "$defs",
        "definitions",
    )
)
"""Members of a schema object that ask for nothing (with those that start with `x-`)."""

OBJECT_WORDS = frozenset(
    (
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "unevaluatedProperties",
        "dependentRequired",
        "dependentSchemas",
    )
)
ARRAY_WORDS = frozenset(
    (
        "items",
        "prefixItems",
        "contains",
        "minContains",
        "maxContains",
        "minItems",
        "maxItems",
        "uniqueItems",
        "unevaluatedItems",
    )
)
STRING_WORDS = frozenset(
    (
        "pattern",
        "minLength",
        "maxLength",
        "format",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
    )
)
NUMBER_WORDS = frozenset(
    ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
)
_NUMBER_FORMATS = {
    **dict.fromkeys(("int8", "int16", "int32", "int64"), "integer"),
    **dict.fromkeys(("uint8", "uint16", "uint32", "uint64"), "integer"),
    **dict.fromkeys(("float", "double"), "number"),
}
"""Formats of numbers (the OpenAPI format registry) and their types."""

TYPES = ("null", "boolean", "object", "array", "string", "integer", "number")
"""JSON Schema validation 6.1.1."""


ANNOTATED = ANNOTATIONS | {"type"}
"""Members of a schema object that is of a type and no more."""

COMBINING = frozenset(("$ref", "allOf", "oneOf", "anyOf"))
"""Members of a schema object that bring in other schemas which hold for the same value."""


def asks(value: dict[str, Json]) -> Iterator[str]:
    """Give the members of a schema object that ask for something."""
    return (key for key in value if key not in ANNOTATIONS and not key.startswith("x-"))


@frozen(kw_only=False)
class Part:
    """One schema object of a shape, read for its own keywords, without `$ref` and `allOf`.

    `value` is that of the node; `key` tells apart schema objects; names inside begin with `owner`.
    """

    node: Node
    value: dict[str, Json]
    key: int
    owner: Context


Skip: TypeAlias = frozenset[tuple[int, str]]


class Shape:
    """Parts that hold at once. `skip` are choices (`oneOf`, `anyOf`) already taken care of."""

    __slots__ = ("_order", "only", "parts", "skip")

    def __init__(
        self, parts: tuple[Part, ...], skip: Skip = frozenset(), only: str | None = None
    ) -> None:
        self.parts = parts
        self.skip = skip
        self.only = only
        """One JSON type to which the shape is restricted."""
        self._order: tuple[str, ...] | None = None

    @property
    def key(self) -> Hashable:
        """The identity of the shape: equal for the same parts in any order."""
        if len(self.parts) == 1 and not self.skip and self.only is None:
            return self.parts[0].key
        return (frozenset(part.key for part in self.parts), self.skip, self.only)

    def owned(self, before: Context, owner: SchemaId) -> Shape:
        """Return the shape with names inside that begin with `owner` in place of `before`."""
        parts = tuple(
            replace(part, owner=owner) if part.owner == before else part for part in self.parts
        )
        return Shape(parts, self.skip, self.only)

    @property
    def at(self) -> Location:
        return self.parts[-1].node.at

    def having(self, word: str) -> list[Part]:
        """Return the parts that have a keyword."""
        return [part for part in self.parts if word in part.value]

    def nodes(self, word: str) -> list[Node]:
        """Return the values of a keyword, in the order of the parts."""
        return [part.node[word] for part in self.parts if word in part.value]

    def values(self, word: str) -> list[Json]:
        """Return the values of a keyword, in the order of the parts."""
        return [part.value[word] for part in self.parts if word in part.value]

    def has_any(self, words: frozenset[str]) -> bool:
        """Say whether some part has one of the keywords."""
        return any(not words.isdisjoint(part.value) for part in self.parts)

    def words(self) -> Iterator[str]:
        """Give the keywords of all parts that ask for something."""
        for part in self.parts:
            for word in asks(part.value):
                if word not in ("$ref", "allOf") and (part.key, word) not in self.skip:
                    yield word

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types the shape allows, in the document's order; all of them if it says nothing.

        Empty when the parts contradict each other.
        """
        if self._order is None:
            self._order = self._read_types()
        return self._order

    def _read_types(self) -> tuple[str, ...]:
        found: tuple[str, ...] | None = None
        for part in self.parts:
            declared = declared_types(part.value)
            if declared is None:
                continue
            found = declared if found is None else _intersect(found, declared)
        if found is None:
            found = self._implied_types()
        if self.only is not None:
            found = _intersect(found, (self.only,))
        if "integer" in found and "number" in found:
            found = tuple(type_ for type_ in found if type_ != "integer")
        return found

    def _implied_types(self) -> tuple[str, ...]:
        """Return what the keywords are about where no `type` says it: that is what is meant."""
        words = set(self.words())
        if words & {"const", "enum", "oneOf", "anyOf"}:
            return TYPES
        if "required" in words and not any(isinstance(v, list) for v in self.values("required")):
            words.discard("required")  # the flag of a parameter or of a draft 3 property
        implied: list[str] = []
        numbers = [
            _NUMBER_FORMATS[f]
            for f in self.values("format")
            if isinstance(f, str) and f in _NUMBER_FORMATS
        ]
        if numbers:
            words.discard("format")
            implied.append(numbers[-1])
        if words & OBJECT_WORDS:
            implied.append("object")
        if words & ARRAY_WORDS:
            implied.append("array")
        if words & STRING_WORDS:
            implied.append("string")
        if words & NUMBER_WORDS and not numbers:
            implied.append("number")
        return tuple(implied) or TYPES


def declared_types(value: dict[str, Json]) -> tuple[str, ...] | None:
    """Return what `type` says; None if it says nothing, or nothing that JSON Schema knows."""
    declared = value.get("type")
    if isinstance(declared, str):
        return (declared,) if declared in TYPES else _odd_type(declared)
    if isinstance(declared, list):
        known = tuple(dict.fromkeys(t for t in declared if isinstance(t, str) and t in TYPES))
        return known if known or not declared else None
    return None


def _odd_type(declared: str) -> tuple[str, ...] | None:
    """Return what people mean by the name of a type that JSON does not have."""
    return {
        "file": ("string",),
        "int": ("integer",),
        "long": ("integer",),
        "float": ("number",),
        "double": ("number",),
        "bool": ("boolean",),
        "str": ("string",),
        "date": ("string",),
        "datetime": ("string",),
        "list": ("array",),
        "dict": ("object",),
        "map": ("object",),
    }.get(declared)


def _intersect(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    kept = [type_ for type_ in one if type_ in other or (type_ == "integer" and "number" in other)]
    if "number" in one and "integer" in other and "integer" not in kept:
        kept.append("integer")
    return tuple(kept)
