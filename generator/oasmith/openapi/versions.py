"""What the versions of OpenAPI say differently is made one: the schema object of 3.1 and 3.2.

In 3.0 a schema object is a dialect of its own. Reading it through `modern` turns its keywords into
those of JSON Schema 2020-12, one object at a time, so that whoever reads schemas knows one dialect.
"""

from __future__ import annotations

import enum

from oasmith.source import Json


class Version(enum.Enum):
    """The versions that are read; fixes (3.0.3, 3.1.1) change nothing in a document."""

    V2_0 = "2.0"
    """Swagger; it is converted to 3.0 when it is read."""
    V3_0 = "3.0"
    V3_1 = "3.1"
    V3_2 = "3.2"


_OLD_KEYWORDS = frozenset(("example", "exclusiveMinimum", "exclusiveMaximum", "$ref"))

NULLABLE = ("nullable", "x-nullable")
"""How null was allowed before JSON Schema could say it, and how people still write it."""

_OLD_ITEMS = ("items", "additionalItems", "prefixItems")

_ANNOTATIONS = (
    "title",
    "description",
    "deprecated",
    "default",
    "examples",
    "example",
    "externalDocs",
    "readOnly",
    "writeOnly",
)


def is_dated(schema: dict[str, Json]) -> bool:
    """Say whether `modern` changes a schema object of any version."""
    return (
        "nullable" in schema
        or "x-nullable" in schema
        or type(schema.get("required")) in (bool, str)
        or type(schema.get("items")) is list
    )


def modern(schema: dict[str, Json], version: Version) -> dict[str, Json]:
    """Return a schema object in the words of JSON Schema 2020-12; itself if they are the same.

    Parts that need no change are shared with `schema`, which is left as it is.
    """
    if type(schema.get("required")) is bool:
        # Drafts before the fourth said it of a property; it never meant anything in OpenAPI 3.
        schema = {key: value for key, value in schema.items() if key != "required"}
    elif type(schema.get("required")) is str:
        schema = {**schema, "required": [schema["required"]]}
    if type(schema.get("items")) is list:
        # Drafts before 2020-12 had one word for all items and for the first few.
        rest = {key: value for key, value in schema.items() if key not in _OLD_ITEMS}
        further = schema.get("additionalItems", True)
        schema = {**rest, "prefixItems": schema["items"], "items": further}
    if "nullable" in schema or "x-nullable" in schema:
        takes_null = any(schema.get(word) is True for word in NULLABLE)
        schema = {key: value for key, value in schema.items() if key not in NULLABLE}
        schema = modern(schema, version)
        return _nullable(dict(schema)) if takes_null else schema
    if version is not Version.V3_0 or _OLD_KEYWORDS.isdisjoint(schema):
        return schema
    if "$ref" in schema:
        return _reference(schema)
    changed = dict(schema)
    for bound, exclusive in (
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ):
        if isinstance(schema.get(exclusive), bool):
            del changed[exclusive]
            if schema[exclusive] and bound in schema:
                changed[exclusive] = changed.pop(bound)
    if "example" in schema:
        example = changed.pop("example")
        changed.setdefault("examples", [example])
    return changed


def _reference(schema: dict[str, Json]) -> dict[str, Json]:
    """Drop the siblings of `$ref`, which 3.0 says to ignore; words for people do no harm."""
    if len(schema) == 1:
        return schema
    kept = ("$ref", "summary", "description", "deprecated")
    return {key: schema[key] for key in kept if key in schema}


_CLOSED = frozenset(("$ref", "allOf", "const"))
"""Keywords of which each would have to take null for the whole to take it."""


def _nullable(schema: dict[str, Json]) -> dict[str, Json]:
    """Add null to what the schema takes.

    3.0.3 says that `nullable` counts beside `type` only, and that an `enum` has to list null too.
    Documents mean it in any place, so it counts in any place.
    """
    null: Json = {"type": "null"}
    if isinstance(schema.get("enum"), list):
        values = schema["enum"]
        assert isinstance(values, list)
        schema["enum"] = values if None in values else [*values, None]
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
    elif isinstance(kind, list):
        schema["type"] = kind if "null" in kind else [*kind, "null"]
    elif "properties" in schema or "additionalProperties" in schema:
        schema["type"] = ["object", "null"]
    elif "items" in schema:
        schema["type"] = ["array", "null"]
    is_one_of_several = "oneOf" in schema and "anyOf" in schema
    if is_one_of_several or not _CLOSED.isdisjoint(schema):
        # All the branches would have to take null: the whole becomes one option instead.
        words = {key: schema[key] for key in _ANNOTATIONS if key in schema}
        rest = {key: value for key, value in schema.items() if key not in words}
        if kind is not None:
            rest["type"] = kind
        return {**words, "anyOf": [rest, null]}
    for keyword in ("oneOf", "anyOf"):
        options = schema.get(keyword)
        if isinstance(options, list) and null not in options:
            schema[keyword] = [*options, null]
    return schema
