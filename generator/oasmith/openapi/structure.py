"""The structure of a document, checked with the official JSON Schemas of OpenAPI.

They come with the packages of openapi-spec-validator, whose own code is too slow to import. Their
findings, which mirror how those schemas are written, are told in terms of OpenAPI instead.
"""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.openapi.node import Node, json_type
from oasmith.openapi.refs import Broken, walk
from oasmith.openapi.versions import Version
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.source import Json, Pointer, Rearranged

_DEFINITIONS = {
    "schema": ("Schema", "schema"),
    "parameter": ("Parameter", "parameter"),
    "response": ("Response", "response"),
    "request body": ("RequestBody", "request-body"),
    "header": ("Header", "header"),
    "path item": ("PathItem", "path-item"),
    "operation": ("Operation", "operation"),
    "example": ("Example", "example"),
    "media type": ("MediaType", "media-type"),
    "security scheme": ("SecurityScheme", "security-scheme"),
    "link": ("Link", "link"),
    "callback": ("Callback", "callbacks"),
}
"""What the official schemas of 3.0 and of 3.1 on call the kinds that references lead to."""

_SWAGGER_DEFINITIONS = {
    "schema": "schema",
    "parameter": "parameter",
    "request body": "bodyParameter",
    "response": "response",
    "header": "header",
    "path item": "pathItem",
    "operation": "operation",
}
"""What that of Swagger 2.0 calls them."""


@cache
def _official(version: Version) -> dict[str, Any]:
    """Return the official schema of the version, without its address."""
    spec = importlib.util.find_spec("openapi_spec_validator")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0], "resources", "schemas")
    text = (folder / f"v{version.value}" / "schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    schema.pop("id", None)
    schema.pop("$id", None)
    if version is Version.V3_1:  # which has it as `body`
        schema["$defs"]["link"]["properties"]["server"] = {"$ref": "#/$defs/server"}
    if version in (Version.V3_1, Version.V3_2):
        # It leaves schema objects to their dialect, which is JSON Schema 2020-12 and a few words.
        dialect = "https://json-schema.org/draft/2020-12/schema"
        schema["$defs"] |= {
            "schema": {
                "$dynamicAnchor": "meta",
                "$ref": dialect,
                "properties": {
                    "discriminator": {"$ref": "#/$defs/discriminator"},
                    "externalDocs": {"$ref": "#/$defs/external-documentation"},
                },
            },
            "discriminator": {
                "type": "object",
                "required": ["propertyName"],
                "properties": {
                    "propertyName": {"type": "string"},
                    "mapping": {"type": "object", "additionalProperties": {"type": "string"}},
                },
            },
        }
    return schema


@cache
def _validator(version: Version, kind: str | None) -> jsonschema_rs.Validator:
    """Return the validator of a whole document, or of one kind of object."""
    schema = _official(version)
    if kind is not None:
        definitions = _place_of_definitions(version)
        schema = {
            "$schema": schema["$schema"],
            "allOf": [{"$ref": f"#/{definitions}/{_definition(version, kind)}"}],
            definitions: schema[definitions],
        }
    return jsonschema_rs.validator_for(schema, offline=True)


def _place_of_definitions(version: Version) -> str:
    return "definitions" if version in (Version.V2_0, Version.V3_0) else "$defs"


def _definition(version: Version, kind: str) -> str | None:
    """Return what the official schema calls a kind of object, None if it has no such kind."""
    if version is Version.V2_0:
        return _SWAGGER_DEFINITIONS.get(kind)
    names = _DEFINITIONS.get(kind)
    return None if names is None else names[0 if version is Version.V3_0 else 1]


def check_structure(node: Node, kind: str | None, diagnostics: Diagnostics) -> None:
    """Report where the object at `node` departs from the official schema of its kind.

    Without `kind` it is the whole document.
    """
    version = node.document.version
    if isinstance(node.source, Rearranged):
        version, node = Version.V2_0, _as_written(node, node.source, kind)
    if kind is not None and _definition(version, kind) is None:
        return
    validator = _validator(version, kind)
    if validator.is_valid(node.value):
        return
    seen = set()
    for error in validator.iter_errors(node.value):
        for problem in _problems(error):
            if problem not in seen:
                seen.add(problem)
                _report(node, problem, version, diagnostics)


def _as_written(node: Node, source: Rearranged, kind: str | None) -> Node:
    """Return the node as it was before the conversion, without what was narrowed away."""
    written = Node(node.document, source.written, None, source.written.value)
    if kind is not None:
        for step in source.written_at(node.pointer):
            written = written[step]
        return written
    assert isinstance(written.value, dict)
    left: dict[str, Json] = dict(written.value)
    assert isinstance(node.value, dict)
    components = node.value["components"]
    assert isinstance(components, dict)
    for place, kept in (
        ("paths", node.value.get("paths")),
        ("definitions", components.get("schemas")),
        ("responses", components.get("responses")),
    ):
        whole = left.get(place)
        if isinstance(whole, dict) and isinstance(kept, dict):
            left[place] = {key: child for key, child in whole.items() if key in kept}
    return Node(node.document, source.written, None, left)


# --- what the errors of the validator mean ----------------------------------------------------


@frozen
class _Problem:
    """One thing that is wrong. `words` are field names, permitted values or types, by `keyword`."""

    keyword: str
    path: Pointer
    words: tuple[str, ...]
    definition: str | None
    """The object of the official schema that says so."""


def _problems(error: jsonschema_rs.ValidationError) -> list[_Problem]:
    """Return what an error is about; of alternatives, what the nearest one lacks."""
    kind: Any = error.kind
    path = tuple(error.instance_path)
    schema_path = [str(step) for step in error.schema_path]
    owner = schema_path[1] if schema_path[:1] in (["definitions"], ["$defs"]) else None
    words: tuple[str, ...] = ()
    match kind.name:
        case "oneOf" | "anyOf" if any(kind.context):
            branches = [[p for e in branch for p in _problems(e)] for branch in kind.context]
            return _nearest(error, path, owner, [branch for branch in branches if branch])
        case "required":
            words = (kind.property,)
        case "additionalProperties" | "unevaluatedProperties":
            words = tuple(kind.unexpected)
        case "enum":
            words = tuple(str(option) for option in kind.options)
        case "const":
            words = (json.dumps(kind.expected_value),)
        case "type":
            words = tuple(kind.types)
        case "not":
            words = tuple(kind.schema.get("required", ()))
        case "pattern":
            words = (kind.pattern,)
        case "propertyNames":
            words = (str(kind.error.instance),)
        case _:
            pass
    return [_Problem(keyword=kind.name, path=path, words=words, definition=owner)]


def _nearest(
    error: jsonschema_rs.ValidationError,
    path: Pointer,
    owner: str | None,
    branches: list[list[_Problem]],
) -> list[_Problem]:
    """Return the problems of the alternative that was most likely meant."""
    is_reference = isinstance(error.instance, dict) and "$ref" in error.instance
    # "An object of some kind, or a reference": which one it is shows in `$ref`.
    chosen = [branch for branch in branches if is_reference == _wants_reference(branch, path)]
    branches = chosen or branches
    branches = _tagged_so(branches, path)
    if len(branches) == 1:
        return branches[0]
    for keyword in ("enum", "required", "type"):
        alike = [
            [p for p in branch if p.keyword == keyword and p.path[: len(path)] == path]
            for branch in branches
        ]
        paths = {p.path for found in alike for p in found}
        if all(alike) and len(paths) == 1:
            words = tuple(dict.fromkeys(word for found in alike for p in found for word in p.words))
            first = alike[0][0]
            keyword = "required one" if keyword == "required" else keyword
            return [
                _Problem(keyword=keyword, path=first.path, words=words, definition=first.definition)
            ]
    # The alternative that goes wrong latest is the nearest; `type: text` is no list of types.
    return max(
        branches, key=lambda b: (max(len(p.path) for p in b), b[0].keyword != "type", -len(b))
    )


def _wants_reference(branch: list[_Problem], path: Pointer) -> bool:
    return any(p.keyword == "required" and p.words == ("$ref",) and p.path == path for p in branch)


def _tagged_so(branches: list[list[_Problem]], path: Pointer) -> list[list[_Problem]]:
    """Return the alternatives for the value that a member has, of those that permit only one."""
    failing = [
        {p.path[-1] for p in b if p.keyword == "enum" and len(p.words) == 1 and p.path[:-1] == path}
        for b in branches
    ]
    counts = Counter(key for keys in failing for key in keys)
    for key, _ in reversed(counts.most_common()):  # what most permit tells least
        fitting = [i for i, keys in enumerate(failing) if key not in keys]
        if fitting:
            branches = [branches[i] for i in fitting]
            failing = [failing[i] for i in fitting]
    return branches


# --- telling them ---------------------------------------------------------------------------

_CLEAR_WORDS = {
    "string": "a string",
    "object": "an object",
    "array": "a list",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "null": "null",
}


def _report(top: Node, problem: _Problem, version: Version, diagnostics: Diagnostics) -> None:
    node = _descend(top, problem.path)
    at = node.at
    name = "this" if node.key is None or isinstance(node.key, int) else f"`{node.key}`"
    if node.reference is not None and problem.keyword != "type":
        message = "a reference is not foreseen here; it is followed all the same"
        diagnostics.warning("schema-structure", at / "$ref", message)
        return
    owner = _kind_name(problem.definition)
    match problem.keyword:
        case "additionalProperties" | "unevaluatedProperties":
            known = _known_fields(version, problem.definition)
            for field in problem.words:
                if field not in known:
                    hint = did_you_mean(field, known) or _ON_FIELDS.get(field)
                    message = _UNKNOWN_KEYS.get(owner, "`{}` is not a field of the " + owner)
                    message = message.format(field)
                    diagnostics.warning("schema-structure", (at / field).key(), message, hint)
        case "required":
            message = f"the {owner} needs `{problem.words[0]}`"
            decisive = problem.words[0] in ("name", "in")
            report = diagnostics.error if decisive else diagnostics.warning
            report("schema-structure", at, message)
        case "required one":
            message = f"the {owner} needs {_either(problem.words)}"
            diagnostics.warning("schema-structure", at, message)
        case "enum" if not isinstance(node.value, str) and json.dumps(node.value) in problem.words:
            _report_type(node, name, ("string",), diagnostics)
        case "enum":
            written = node.value if isinstance(node.value, str) else json.dumps(node.value)
            message = f"{name} cannot be `{written}`: it is {_either(problem.words)}"
            report = diagnostics.error if node.key in ("type", "in") else diagnostics.warning
            hint = _ON_TYPES.get(written) if node.key == "type" else None
            report("unknown-value", at, message, hint or did_you_mean(written, problem.words))
        case "const":
            message = f"{name} must be {problem.words[0]}"
            diagnostics.warning("schema-structure", at, message)
        case "type":
            _report_type(node, name, problem.words, diagnostics)
        case "not" if problem.words:
            fields = " and ".join(f"`{word}`" for word in problem.words)
            diagnostics.warning("schema-structure", at, f"{fields} exclude each other")
        case "not" if node.value == {}:
            pass  # told as the emptiness that it is
        case "propertyNames":
            message = f"the name `{problem.words[0]}` may only have letters, digits, `.`, `_`, `-`"
            diagnostics.warning("schema-structure", (at / problem.words[0]).key(), message)
        case "pattern":
            _report_pattern(node, name, problem.words[0], diagnostics)
        case "minimum" | "exclusiveMinimum":
            pass  # a negative size is told as the contradiction that it is
        case "minProperties" | "minItems" | "minLength":
            diagnostics.warning("schema-structure", at, f"{name} must not be empty")
        case "maxProperties":
            diagnostics.warning("schema-structure", at, f"{name} must have one entry only")
        case "uniqueItems":
            diagnostics.warning("schema-structure", at, f"{name} holds the same item twice")
        case "oneOf" | "anyOf":
            fields = next(
                (f"`{a}` and `{b}`" for a, b in _EXCLUDING if a in node and b in node), ""
            )
            message = f"{fields or f'some fields of {name}'} exclude each other"
            diagnostics.warning("schema-structure", at, message)
        case keyword:
            message = f"{name} does not fit what OpenAPI prescribes here (`{keyword}`)"
            diagnostics.warning("schema-structure", at, message)


def _report_type(node: Node, name: str, types: tuple[str, ...], diagnostics: Diagnostics) -> None:
    """Report a wrong JSON type: an error if it is unclear what is meant."""
    expected = " or ".join(_CLEAR_WORDS[word] for word in types)
    message = f"{name} must be {expected}, not {json_type(node.value)}"
    value = node.value
    is_scalar = value is None or isinstance(value, bool | int | float | str)
    wants_scalar = not {"object", "array"}.intersection(types)
    is_reference = node.reference is not None or node.key == "$ref"
    is_clear = value is None or is_reference or (is_scalar and wants_scalar)
    # A boolean `required` in a property is how drafts before the fourth wrote it.
    is_clear = is_clear or (node.key == "required" and isinstance(value, bool | str))
    is_clear = is_clear or (node.key == "items" and isinstance(value, list))
    report = diagnostics.warning if is_clear else diagnostics.error
    is_bare = isinstance(value, bool | int | float) or (value is None and node.key == "type")
    quotes = types == ("string",) and is_bare
    hint = "put it in quotes" if quotes else None
    if node.key == "required" and types == ("array",):
        hint = "list the names of the properties that are required, beside `properties`"
    if node.key == "items" and isinstance(value, list):
        hint = "since OpenAPI 3.1, the first items are described by `prefixItems`"
    report("wrong-type", node.at, message, hint)


def _report_pattern(node: Node, name: str, pattern: str, diagnostics: Diagnostics) -> None:
    if node.key == "openapi":
        message = f"`{node.value}` is no version of OpenAPI; it is read as its nearest one"
    elif node.key == "host":
        message = (
            "`host` is the name of a machine, such as `api.example.com`, or with `:` and a port"
        )
    elif pattern.startswith("^/"):
        message = f"{name} must start with `/`"
    else:
        message = f"{name} does not match `{pattern}`"
    diagnostics.warning("schema-structure", node.at, message)


_UNKNOWN_KEYS = {
    "paths object": "the path `{}` must start with `/`",
    "responses object": "`{}` is no status: a response has a status, or is the `default`",
}
"""What to say of a key that does not belong, by the object that has it."""

_EXCLUDING = (("schema", "content"), ("example", "examples"), ("operationId", "operationRef"))

_ON_TYPES = {
    "any": "leave `type` out: then anything is allowed",
    "date": "write `type: string` and `format: date`",
    "date-time": "write `type: string` and `format: date-time`",
    "datetime": "write `type: string` and `format: date-time`",
    "dict": "did you mean `object`?",
    "file": "write `type: string` and `format: binary`",
    "float": "did you mean `number`?",
    "list": "did you mean `array`?",
    "map": "write `type: object` and `additionalProperties`",
    "uuid": "write `type: string` and `format: uuid`",
}
"""Hints on what is no type of JSON Schema, although other languages have it."""


_ON_FIELDS = {
    "4xx": "write `4XX`, in capitals",
    "5xx": "write `5XX`, in capitals",
    "2xx": "write `2XX`, in capitals",
}


def _either(words: tuple[str, ...]) -> str:
    *most, last = (f"`{word}`" for word in words)
    return f"{', '.join(most)} or {last}" if most else last


def _descend(node: Node, path: Pointer) -> Node:
    """Go down a path in which the validator takes every number for an index and drops empty keys.

    Where nothing has that path, stay.
    """
    return _followed(node, path) or node


def _followed(node: Node, path: Pointer) -> Node | None:
    if not path:
        return node
    step, *rest = path
    if isinstance(node.value, list):
        fits = isinstance(step, int) and step < len(node.value)
        return _followed(node[step], tuple(rest)) if fits else None
    inner = node.get(str(step))
    found = None if inner is None else _followed(inner, tuple(rest))
    if found is None and (unnamed := node.get("")) is not None:
        found = _followed(unnamed, path)
    return found


_COMMON_NAMES = {
    "XOR": "parameter or header",
    "Flow": "OAuth flow",
    "oauth-flows": "OAuth flow",
    "SecurityScheme": "security scheme",
    "AuthenticationSecurity": "security scheme",
    "KeySecurity": "security scheme",
    "oauth2": "security scheme",
    "ParameterLocation": "parameter",
    "nonBodyParameter": "parameter",
    "primitivesItems": "items",
    "externalDocs": "external documentation",
}
"""What OpenAPI calls the objects of which the official schemas define parts, by a part's name."""


def _kind_name(definition: str | None) -> str:
    """Return how OpenAPI calls an object of the official schema: `MediaType`, `media-type`."""
    if definition is None:
        return "OpenAPI object"
    for part, name in _COMMON_NAMES.items():
        if part in definition:
            return f"{name} object"
    definition = definition.removesuffix("SubSchema")
    words = "".join(f" {char.lower()}" if char.isupper() else char for char in definition)
    return " ".join(words.replace("-", " ").split()) + " object"


@cache
def _known_fields(version: Version, definition: str | None) -> frozenset[str]:
    """Return the fields of an object: those of its own and those that others make possible."""
    whole = _official(version)
    schema = whole
    if definition is not None:
        schema = whole[_place_of_definitions(version)][definition]
    return frozenset(_property_names(schema, whole))


def _property_names(schema: Any, whole: Any) -> Iterator[str]:
    yield from schema.get("properties", ())
    parts = [schema[word] for word in ("if", "then", "else") if word in schema]
    parts += [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, ())]
    parts += schema.get("dependentSchemas", {}).values()
    if schema.get("$ref", "").startswith("#/"):
        found = walk(whole, tuple(schema["$ref"].split("/")[1:]), "")
        parts += [] if isinstance(found, Broken) else [found[1]]
    for part in parts:
        if isinstance(part, dict):
            yield from _property_names(part, whole)
