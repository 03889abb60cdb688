"""No keyword of a schema is forgotten: each changes the model, or somebody says that it does not.

A case is a schema and a keyword that is added to it. Wherever the schema stands, the model with
the keyword has to differ from the model without, or a message has to name the place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.ir.build import build
from oasmith.ir.json import to_json
from oasmith.openapi import check, load
from oasmith.openapi.objects import SCHEMA_KEYWORDS
from oasmith.source import Json
from unit.ir.conftest import closed

Schema = dict[str, Json]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
LIST: Schema = {"type": "array"}
NUMBERS: Schema = {"type": "array", "items": {"type": "number"}}
PAIR: Schema = {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}
OBJECT: Schema = {"type": "object"}
RECORD: Schema = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
}
MAP: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
CHOICE: Schema = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
ANY: Schema = {}

CASES: dict[str, list[tuple[Schema, Json]]] = {
    # JSON Schema core and applicators
    "$ref": [(ANY, "#/components/schemas/Other")],
    "$dynamicRef": [(ANY, "#node"), (OBJECT, "#node"), (TEXT, "#node")],
    "allOf": [
        (ANY, [{"type": "string"}]),
        (RECORD, [{"properties": {"c": {"type": "string"}}}]),
        (RECORD, [{"required": ["a"]}]),
        (TEXT, [{"minLength": 3}]),
    ],
    "anyOf": [
        (ANY, [{"type": "string"}, {"type": "integer"}]),
        (RECORD, [{"required": ["a"]}, {"required": ["b"]}]),
        (RECORD, [{"properties": {"c": TEXT}}, {"properties": {"d": TEXT}}]),
        (MAP, [{"required": ["a"]}, {"required": ["b"]}]),
        (OBJECT, [{"required": ["a"]}, {"required": ["b"]}]),
    ],
    "oneOf": [
        (ANY, [{"type": "string"}, {"type": "integer"}]),
        (RECORD, [{"required": ["a"]}, {"required": ["b"]}]),
        (MAP, [{"required": ["a"]}, {"required": ["b"]}]),
        (ANY, [{"const": [1]}, {"const": [2]}]),
    ],
    "not": [
        (ANY, {"type": "string"}),
        (TEXT, {"const": ""}),
        (WHOLE, {"minimum": 3}),
        (NUMBERS, {"minItems": 3}),
        (RECORD, {"required": ["a"]}),
        (RECORD, {"properties": {"a": {"minLength": 3}}}),
        (MAP, {"required": ["a"]}),
        ({"enum": ["a", "b"]}, {"const": "a"}),
        ({"enum": ["a", "b"]}, {"pattern": "a"}),
        ({"type": "boolean"}, {"const": True}),
        (CHOICE, {"const": 1}),
        ({"type": ["string", "integer"]}, {"const": 1}),
    ],
    "dependentSchemas": [
        (RECORD, {"a": {"required": ["b"]}}),
        (RECORD, {"a": {"properties": {"b": {"minimum": 1}}}}),
        (RECORD, {"a": {"minProperties": 2}}),
        (MAP, {"a": {"required": ["b"]}}),
        (ANY, {"a": {"required": ["b"]}}),
    ],
    "prefixItems": [(LIST, [{"type": "string"}]), (ANY, [{"type": "string"}])],
    "items": [(LIST, {"type": "string"}), (ANY, {"type": "string"}), (PAIR, {"type": "number"})],
    "contains": [(LIST, {"const": 1}), (NUMBERS, {"minimum": 1}), (ANY, {"const": 1})],
    "properties": [(OBJECT, {"a": {"type": "string"}}), (ANY, {"a": {"type": "string"}})],
    "patternProperties": [
        (OBJECT, {"^x-": {"type": "string"}}),
        (RECORD, {"^x-": {"type": "string"}}),
        (MAP, {"^x-": {"type": "integer"}}),
        (ANY, {"^x-": {"type": "string"}}),
        (
            {"type": "object", "additionalProperties": False},
            {"^x-": {"type": "string"}, "^y-": {"type": "integer"}},
        ),
    ],
    "additionalProperties": [
        (OBJECT, False),
        (OBJECT, {"type": "string"}),
        (RECORD, False),
        (RECORD, {"type": "string"}),
        (ANY, {"type": "string"}),
    ],
    "propertyNames": [
        (OBJECT, {"pattern": "^a"}),
        (MAP, {"pattern": "^a", "maxLength": 4}),
        (MAP, {"enum": ["a", "b"]}),
        (MAP, {"format": "uuid"}),
        (RECORD, {"pattern": "^a"}),
        (ANY, {"pattern": "^a"}),
    ],
    "unevaluatedItems": [(LIST, {"type": "string"}), (PAIR, False)],
    "unevaluatedProperties": [(OBJECT, False), (RECORD, False), (RECORD, {"type": "string"})],
    # validation
    "type": [(ANY, "string"), (ANY, ["string", "null"]), (ANY, ["string", "integer"]), (ANY, [])],
    "enum": [
        (TEXT, ["a", "b"]),
        (ANY, ["a", 1, None, True, 1.5]),
        (ANY, [None]),
        (ANY, [["a"], {"b": 1}]),
        (LIST, [[1], [2]]),
        (RECORD, [{"a": "x"}]),
        (ANY, []),
        (NUMBERS, ["EU", "US"]),
    ],
    "const": [
        (ANY, "a"),
        (ANY, 1),
        (ANY, 1.5),
        (ANY, True),
        (ANY, None),
        (ANY, [1]),
        (ANY, {"a": 1}),
        (RECORD, {"a": "x"}),
        (NUMBERS, [1]),
    ],
    "multipleOf": [(WHOLE, 5), (NUMBER, 0.01), (ANY, 5)],
    "maximum": [(WHOLE, 5), (NUMBER, 0.5), (ANY, 5)],
    "exclusiveMaximum": [(WHOLE, 5), (NUMBER, 0.5)],
    "minimum": [(WHOLE, 5), ({"type": ["integer", "string"]}, 5), (ANY, 5)],
    "exclusiveMinimum": [(WHOLE, 5), (NUMBER, 0.5)],
    "maxLength": [(TEXT, 5), ({"type": "string", "format": "date-time"}, 30), (ANY, 5)],
    "minLength": [(TEXT, 5), ({"type": "string", "format": "byte"}, 5), (ANY, 5)],
    "pattern": [
        (TEXT, "^a"),
        ({"type": ["string", "null"]}, "^a"),
        ({"type": "string", "format": "uuid"}, "^a"),
        ({"type": "string", "format": "password"}, "^a"),
        (ANY, "^a"),
    ],
    "maxItems": [(LIST, 5), (NUMBERS, 5), (PAIR, 5), (ANY, 5)],
    "minItems": [(LIST, 5), (NUMBERS, 5), (PAIR, 5), (ANY, 5)],
    "uniqueItems": [(LIST, True), (NUMBERS, True), (PAIR, True), (ANY, True)],
    "maxProperties": [(OBJECT, 5), (RECORD, 1), (MAP, 5), (ANY, 5)],
    "minProperties": [(OBJECT, 5), (RECORD, 1), (MAP, 5), (ANY, 5)],
    "required": [(RECORD, ["a"]), (OBJECT, ["a"]), (MAP, ["a"]), (ANY, ["a"])],
    "dependentRequired": [(RECORD, {"a": ["b"]}), (MAP, {"a": ["b"]}), (ANY, {"a": ["b"]})],
    "format": [
        (TEXT, "date-time"),
        (TEXT, "email"),
        (TEXT, "x-of-our-own"),
        (WHOLE, "int64"),
        (ANY, "int64"),
        (ANY, "uuid"),
    ],
    "contentEncoding": [(TEXT, "base64")],
    "contentMediaType": [(TEXT, "application/json"), (TEXT, "image/png")],
    "contentSchema": [
        ({"type": "string", "contentMediaType": "application/json"}, {"type": "integer"})
    ],
    # OpenAPI
    "nullable": [(TEXT, True), (RECORD, True), ({"$ref": "#/components/schemas/Other"}, True)],
    "x-nullable": [(TEXT, True)],
    "discriminator": [
        (
            {
                "oneOf": [
                    {"$ref": "#/components/schemas/Other"},
                    {"$ref": "#/components/schemas/Another"},
                ]
            },
            {"propertyName": "kind"},
        )
    ],
    # drafts before 2020-12
    "dependencies": [(RECORD, {"a": ["b"]}), (MAP, {"a": ["b"]})],
    "additionalItems": [({"type": "array", "items": [{"type": "string"}]}, False)],
}
"""For each keyword schemas to which it is added, and its value there."""

CONDITIONS: dict[str, list[Schema]] = {
    "if": [
        {"if": {"properties": {"a": {"const": "x"}}}, "then": {"required": ["b"]}},
        {"if": {"minProperties": 2}, "then": {"required": ["b"]}},
    ],
    "then": [{"if": {"required": ["a"]}, "then": {"properties": {"b": {"minimum": 3}}}}],
    "else": [{"if": {"required": ["a"]}, "else": {"required": ["b"]}}],
    "minContains": [{"contains": {"const": 1}, "minContains": 2}],
    "maxContains": [{"contains": {"const": 1}, "maxContains": 2}],
}
"""Keywords that say something together alone; added to several types."""

OF_FIELDS = frozenset(("default", "readOnly", "writeOnly"))
"""Keywords that are about the property that a schema describes."""

WORDS = frozenset(("title", "description", "deprecated", "examples", "example", "externalDocs"))
"""Keywords for people, which models and docs show where a thing has a name."""

SILENT = frozenset(
    "$schema $id $anchor $dynamicAnchor $vocabulary $comment $defs definitions xml".split()  # noqa: SIM905
)
"""Keywords that ask for nothing: they name, hold or comment (`xml`: bodies of XML are text)."""


POSITIONS: dict[str, Callable[[Schema], Schema]] = {
    "top": lambda schema: schema,
    "property": lambda schema: {"type": "object", "properties": {"it": schema}},
    "required property": lambda schema: {
        "type": "object",
        "properties": {"it": schema},
        "required": ["it"],
    },
    "item": lambda schema: {"type": "array", "items": schema},
    "map value": lambda schema: {"type": "object", "additionalProperties": schema},
    "allOf branch": lambda schema: {"allOf": [schema, {"description": "In words."}]},
    "allOf branch of two": lambda schema: {
        "type": "object",
        "properties": {
            "it": {"allOf": [schema, {"$ref": "#/components/schemas/Anything"}]},
        },
    },
    "oneOf option": lambda schema: {"oneOf": [{"type": "boolean", "x-a": 1}, schema]},
    "beside null": lambda schema: {"anyOf": [schema, {"type": "null"}]},
}


def _document(schema: Schema, *, parameter: bool) -> Json:
    paths: Json = {}
    schemas: dict[str, Json] = {
        "Other": {"type": "object", "properties": {"kind": {"const": "o"}}, "required": ["kind"]},
        "Another": {"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"]},
        "Anything": {},
    }
    if parameter:
        it: Json = {"name": "it", "in": "query", "schema": schema}
        responses: Json = {"204": {"description": "Done."}}
        paths = {"/it": {"get": {"parameters": [it], "responses": responses}}}
    else:
        schemas["It"] = schema
        schemas["User"] = {"type": "array", "items": {"$ref": "#/components/schemas/It"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _model(path: Path, document: Json) -> tuple[Json, set[str]]:
    """Return the model without places, and what is said."""
    path.write_text(json.dumps(document), encoding="utf-8")
    diagnostics = Diagnostics()
    loaded = load(path, diagnostics)
    check(loaded, diagnostics)
    api = closed(build(loaded, diagnostics), diagnostics)
    return _without_places(to_json(api)), {f"{each.code}: {each.message}" for each in diagnostics}


def _without_places(value: Json) -> Json:
    match value:
        case dict():
            hidden = ("at", "digest")
            return {key: _without_places(each) for key, each in value.items() if key not in hidden}
        case list():
            return [_without_places(each) for each in value]
        case _:
            return value


def _all() -> list[tuple[str, Schema, Schema]]:
    cases = [
        (word, base, {**base, word: value})
        for word, listed in CASES.items()
        for base, value in listed
    ]
    cases += [
        (word, base, {**base, **added})
        for word, listed in CONDITIONS.items()
        for added in listed
        for base in ((LIST, NUMBERS, ANY) if "contains" in added else (RECORD, MAP, ANY))
    ]
    return cases


def test_every_keyword_has_cases() -> None:
    assert CASES.keys() | CONDITIONS.keys() | OF_FIELDS | WORDS | SILENT == SCHEMA_KEYWORDS | {
        "x-nullable"
    }


@pytest.mark.parametrize("position", [*POSITIONS, "parameter"])
@pytest.mark.parametrize(
    ("word", "without", "added"),
    [pytest.param(*case, id=f"{case[0]}-{json.dumps(case[2])}") for case in _all()],
)
def test_no_keyword_is_forgotten(
    tmp_path: Path, position: str, word: str, without: Schema, added: Schema
) -> None:
    if position == "beside null" and "nullable" in word:
        pytest.skip("null is there already")
    parameter = position == "parameter"
    place = POSITIONS.get(position, POSITIONS["top"])
    path = tmp_path / "openapi.json"
    before, said_before = _model(path, _document(place(without), parameter=parameter))
    after, said = _model(path, _document(place(added), parameter=parameter))
    assert after != before or said - said_before
