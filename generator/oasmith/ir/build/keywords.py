"""Which keywords the building of each kind of schema reads; what else asks for something is told.

A keyword about another type than the schema's asks for nothing (JSON Schema validation 6), nor does
one that JSON Schema and OpenAPI do not know.
"""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.ir.build.forms import Form
from oasmith.ir.build.scalars import refused_constants
from oasmith.ir.build.shapes import ARRAY_WORDS, NUMBER_WORDS, OBJECT_WORDS, STRING_WORDS, Shape
from oasmith.openapi import Node

_ANY_TYPE = frozenset(
    ("$dynamicRef", "allOf", "anyOf", "const", "else", "enum", "if", "not", "oneOf", "then")
)
"""Keywords that ask for something of a value of any type."""

_ABOUT = {
    Form.OBJECT: OBJECT_WORDS | {"dependencies"},
    Form.RECORD: OBJECT_WORDS | {"dependencies"},
    Form.ARRAY: ARRAY_WORDS | {"additionalItems"},
    Form.STRING: STRING_WORDS,
    Form.INTEGER: NUMBER_WORDS,
    Form.NUMBER: NUMBER_WORDS,
}
"""Keywords by the type that they are about."""

_RULES = frozenset(
    ("not", "if", "then", "else", "dependentRequired", "dependentSchemas", "oneOf", "anyOf")
)
_CHOICES = frozenset(("allOf", "oneOf", "anyOf"))
"""Choices between types are taken apart before; between rules, they are about objects alone."""

_READ = {
    Form.RECORD: OBJECT_WORDS | _RULES | {"allOf"},
    Form.OBJECT: frozenset(
        (
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "unevaluatedProperties",
            "allOf",
        )
    ),
    Form.ARRAY: (ARRAY_WORDS - {"contains", "minContains", "maxContains"}) | _CHOICES,
    Form.STRING: STRING_WORDS | _CHOICES,
    Form.INTEGER: NUMBER_WORDS | _CHOICES,
    Form.NUMBER: NUMBER_WORDS | _CHOICES,
    Form.BOOLEAN: _CHOICES,
    Form.NULL: _CHOICES,
    Form.ENUM: _CHOICES | {"const", "enum"},
}
"""Keywords that the building of each kind reads."""

KNOWN = _ANY_TYPE | frozenset(word for words in _ABOUT.values() for word in words)
"""Keywords that ask for something."""

_NEEDS = {"minContains": "contains", "maxContains": "contains", "then": "if", "else": "if"}
"""Keywords that ask for nothing without another one."""

_UNREAD = {kind: (_ANY_TYPE | _ABOUT.get(kind, frozenset())) - read for kind, read in _READ.items()}


def unread(shape: Shape, kind: Form) -> Iterator[tuple[str, Node]]:
    """Give the keywords of a shape that its building as this kind does not read."""
    words = _UNREAD.get(kind)
    if words is None:
        return
    for part in shape.parts:
        value = part.value
        if words.isdisjoint(value):
            continue
        for word in value:
            if word not in words or (part.key, word) in shape.skip:
                continue
            if word == "not" and kind is Form.ENUM and refused_constants(value) is not None:
                continue
            if word in _NEEDS and (_NEEDS[word] in words or _NEEDS[word] not in value):
                continue  # told with the other one
            yield word, part.node[word]
