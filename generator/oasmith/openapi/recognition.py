"""Whether a file is an OpenAPI document, of which version, and what else it may be."""

from __future__ import annotations

import re

from oasmith.diagnostics import Diagnostics
from oasmith.openapi.node import json_type
from oasmith.openapi.versions import Version
from oasmith.runtime.semantics.suggest import nearest
from oasmith.source import Json, Location, Source

_LANGUAGES = (
    ("a RAML document", re.compile(r"#%RAML\b")),
    ("a PDF", re.compile(r"%PDF-")),
    ("an API Blueprint", re.compile(r"FORMAT:[ \t]*1A\b")),
    ("a file of Protocol Buffers", re.compile(r"(?:\s|//.*)*syntax\s*=\s*[\"']proto")),
    ("a Smithy model", re.compile(r"(?:\s|//.*)*\$version:")),
    ("a TypeSpec program", re.compile(r"(?:\s|//.*)*import\s+\"@typespec/")),
    (
        "a GraphQL schema",
        re.compile(
            r"(?:\s|\#.*\n|\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\")*"
            r"(?:(?:extend\s+)?(?:type|interface|input|enum|schema)\b[^:\n{]*\{"
            r"|(?:scalar|directive)\s+@?\w+|union\s+\w+\s*=)"
        ),
    ),
)
"""Descriptions of interfaces, and other files, that are neither JSON nor YAML."""

_VERSION = re.compile(r"(3\.[012])\.\d+(-.+)?")


def language_of(text: str) -> str | None:
    """Return what a text is written in by how it begins, if that is no JSON or YAML."""
    head = text[:4096]
    return next((name for name, begins in _LANGUAGES if begins.match(head)), None)


def recognize(source: Source, diagnostics: Diagnostics) -> Version | None:
    """Return the version of the document, or None after reporting that it is none we can read."""
    top = Location(source)
    value = source.value
    if not isinstance(value, dict):
        empty = "the file is empty" if value is None else f"the file holds {json_type(value)}"
        message = f"{empty}; an OpenAPI document is an object with a field `openapi`"
        diagnostics.error("not-openapi", top, message)
        return None
    if "openapi" in value:
        return _version(source, value["openapi"], diagnostics)
    if "swagger" in value:
        return _swagger(source, value["swagger"], diagnostics)
    if (kind := _looks_like(value)) is not None:
        message = f"this looks like {kind}, not like an OpenAPI document"
        diagnostics.error("not-openapi", top, message)
    else:
        message = "there is no field `openapi` that says which version of OpenAPI this is"
        close = nearest("openapi", value)
        hint = f"`{close}` is spelt `openapi`" if close else "add `openapi: 3.1.0` at the top"
        diagnostics.error("not-openapi", top, message, hint)
    return None


def _version(source: Source, written: Json, diagnostics: Diagnostics) -> Version | None:
    at = Location(source) / "openapi"
    if not isinstance(written, str):
        message = f"`openapi` must be a string, not {json_type(written)}"
        hint = f'write "{written}.0"' if isinstance(written, float) else 'write "3.1.0"'
        diagnostics.error("unsupported-version", at, message, hint)
        return None
    match = _VERSION.fullmatch(written)
    if match is None:
        message = f"`{written}` is not a version that is read: 3.0.x, 3.1.x and 3.2.x are"
        full = f"{written}.0"
        fix = f'write "{full}"' if _VERSION.fullmatch(full) else None
        diagnostics.error("unsupported-version", at, message, fix)
        return None
    return Version(match[1])


def _swagger(source: Source, written: Json, diagnostics: Diagnostics) -> Version | None:
    if written in ("2.0", 2, 2.0):  # without quotes it is a number, and nothing else is meant
        return Version.V2_0
    message = f"`{written}` is not a version of Swagger that is read: 2.0 is"
    diagnostics.error("unsupported-version", Location(source) / "swagger", message)
    return None


def _looks_like(value: dict[str, Json]) -> str | None:
    info = value.get("info")
    match value:
        case {"asyncapi": _}:
            return "an AsyncAPI document"
        case {"arazzo": _}:
            return "an Arazzo workflow"
        case {"overlay": _}:
            return "an OpenAPI overlay"
        case {"info": {"_postman_id": _}} | {"item": list(), "info": _}:
            return "a Postman collection"
        case {"log": {"entries": _}}:
            return "an HTTP archive (HAR)"
        case {"openrpc": _}:
            return "an OpenRPC document"
        case {"_type": "export", "resources": list()}:
            return "an Insomnia collection"
        case {"discoveryVersion": _}:
            return "a discovery document of Google"
        case {"swaggerVersion": _}:
            return "a Swagger 1 resource"
        case {"apiVersion": _, "kind": _}:
            return "a Kubernetes object"
        case {"__schema": _} | {"data": {"__schema": _}}:
            return "a GraphQL schema"
        case {"$schema": _} | {"$id": _} | {"$defs": _} | {"definitions": _}:
            return "a JSON Schema"
        case {"type": str()} if info is None:
            return "a JSON Schema"
        case _:
            return None
