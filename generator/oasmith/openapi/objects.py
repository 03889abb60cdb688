"""Which object of OpenAPI stands where: the fields that hold further objects, by kind.

The kinds are those of OpenAPI 3.0 to 3.2 together; an object that a version does not know yet is
reported by that version's official schema.
"""

from __future__ import annotations

import enum
from typing import TypeAlias


class Shape(enum.Enum):
    """How a field holds objects: itself, in a list, or in a map whose keys are free."""

    ONE = "one"
    LIST = "list"
    MAP = "map"


Field: TypeAlias = tuple[Shape, str]


def _fields(one: str = "", lists: str = "", maps: str = "") -> dict[str, Field]:
    """Read `field:kind` pairs."""
    texts = ((Shape.ONE, one), (Shape.LIST, lists), (Shape.MAP, maps))
    pairs = ((shape, pair.split(":")) for shape, text in texts for pair in text.split())
    return {field: (shape, kind.replace("_", " ")) for shape, (field, kind) in pairs}


METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

FIELDS: dict[str, dict[str, Field]] = {
    "document": _fields(
        one="info:info components:components externalDocs:external_documentation",
        lists="tags:tag servers:server",
        maps="paths:path_item webhooks:path_item",
    ),
    "info": {},
    "external documentation": {},
    "tag": {},
    "server": {},
    "components": _fields(
        maps="schemas:schema responses:response parameters:parameter examples:example "
        "requestBodies:request_body headers:header securitySchemes:security_scheme links:link "
        "callbacks:callback pathItems:path_item mediaTypes:media_type"
    ),
    "path item": _fields(
        one=" ".join(f"{method}:operation" for method in METHODS),
        lists="parameters:parameter",
        maps="additionalOperations:operation",
    ),
    "operation": _fields(
        one="requestBody:request_body",
        lists="parameters:parameter",
        maps="responses:response callbacks:callback",
    ),
    "parameter": _fields(one="schema:schema", maps="content:media_type examples:example"),
    "header": _fields(one="schema:schema", maps="content:media_type examples:example"),
    "request body": _fields(maps="content:media_type"),
    "response": _fields(maps="headers:header content:media_type links:link"),
    "media type": _fields(
        one="schema:schema itemSchema:schema itemEncoding:encoding",
        lists="prefixEncoding:encoding",
        maps="examples:example encoding:encoding",
    ),
    "encoding": _fields(maps="headers:header encoding:encoding"),
    "example": {},
    "link": {},
    "security scheme": {},
    "schema": _fields(
        one="items:schema additionalProperties:schema not:schema if:schema then:schema "
        "else:schema contains:schema propertyNames:schema unevaluatedItems:schema "
        "unevaluatedProperties:schema contentSchema:schema",
        lists="allOf:schema anyOf:schema oneOf:schema prefixItems:schema",
        maps="properties:schema patternProperties:schema dependentSchemas:schema $defs:schema "
        "definitions:schema",
    ),
}
"""Fields that hold objects, by the kind of the object that has them."""

CALLBACK = "callback"
"""The one kind that has no fields but is itself a map, from expressions to path items."""

BOUNDS = (
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
)
"""What bounds numbers, texts and lists (JSON Schema validation 6.2 to 6.4), in any version."""

SCHEMA_KEYWORDS = frozenset(FIELDS["schema"]) | frozenset(
    [
        *BOUNDS,
        "$schema",
        "$id",
        "$ref",
        "$anchor",
        "$dynamicRef",
        "$dynamicAnchor",
        "$vocabulary",
        "$comment",
        "type",
        "enum",
        "const",
        "multipleOf",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "required",
        "dependentRequired",
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "examples",
        "format",
        "contentEncoding",
        "contentMediaType",
        "discriminator",
        "xml",
        "externalDocs",
        "example",
        "nullable",
        "dependencies",
        "additionalItems",
    ]
)
"""Every keyword of the schema object, in any version."""

HARMLESS_SIBLINGS = frozenset(
    (
        "$ref",
        "$comment",
        "title",
        "description",
        "deprecated",
        "example",
        "examples",
        "externalDocs",
        "nullable",
        "readOnly",
        "writeOnly",
        "default",
        "xml",
    )
)
"""What may stand beside `$ref` in a schema of 3.0 without anybody being misled."""
