"""A small document that has text in every place where OpenAPI lets people write some."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_S = "#/components/schemas/"
_URLS = frozenset(
    ("contact_url", "licence_url", "ext_url", "tag_url", "op_url", "schema_url", "token_url")
)
_PLAIN = {
    "email": "a@b.example",
    "url": "https://terms.example",
    "http_scheme": "bearer",
    "discriminator": "kind",
}


def plain(slot: str) -> str:
    """Return text of the kind that belongs in a slot."""
    if slot in _URLS:
        return f"https://links.example/{slot}"
    return _PLAIN.get(slot, f"the_{slot}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1").replace("%", "%25")


def document(at: Callable[[str], str]) -> dict[str, Any]:
    """Return a document in which every text is what `at` gives for its slot."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": at("title"),
            "summary": at("info_summary"),
            "description": at("info_description"),
            "version": at("version"),
            "termsOfService": at("url"),
            "contact": {"name": at("contact_name"), "url": at("contact_url"), "email": at("email")},
            "license": {"name": at("licence"), "url": at("licence_url")},
            "x-ext": at("ext"),
        },
        "externalDocs": {"url": at("ext_url"), "description": at("ext_description")},
        "servers": [
            {
                "url": "https://{host}.example/" + at("server"),
                "description": at("server_description"),
                "variables": {
                    "host": {
                        "default": at("var_default"),
                        "enum": [at("var_default"), at("var_enum")],
                        "description": at("var_description"),
                    }
                },
            }
        ],
        "tags": [
            {
                "name": at("tag"),
                "description": at("tag_description"),
                "externalDocs": {"url": at("tag_url")},
            }
        ],
        "security": [{at("scheme"): []}],
        "paths": {
            "/things/{id}/" + at("path"): {
                "summary": at("path_summary"),
                "description": at("path_description"),
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                        "description": at("param_description"),
                    }
                ],
                "post": {
                    "operationId": at("operation_id"),
                    "tags": [at("tag")],
                    "summary": at("summary"),
                    "description": at("description"),
                    "externalDocs": {"url": at("op_url"), "description": at("op_ext_description")},
                    "x-op": at("ext"),
                    "parameters": [
                        {
                            "name": at("query"),
                            "in": "query",
                            "schema": {
                                "type": "string",
                                "default": at("param_default"),
                                "enum": [at("param_default"), at("param_enum")],
                            },
                            "description": at("query_description"),
                            "example": at("param_default"),
                        },
                        {
                            "name": at("header"),
                            "in": "header",
                            "schema": {"type": "string"},
                            "description": at("header_description"),
                        },
                        {
                            "name": at("cookie"),
                            "in": "cookie",
                            "schema": {"type": "string"},
                            "examples": {
                                at("example_name"): {
                                    "summary": at("example_summary"),
                                    "value": at("example_value"),
                                }
                            },
                        },
                        {
                            "name": at("deep"),
                            "in": "query",
                            "style": "deepObject",
                            "schema": {
                                "type": "object",
                                "properties": {at("deep_property"): {"type": "string"}},
                            },
                        },
                    ],
                    "requestBody": {
                        "description": at("body_description"),
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {"$ref": _S + "Thing"},
                                "examples": {
                                    at("example_name"): {
                                        "summary": at("example_summary"),
                                        "description": at("example_description"),
                                        "value": {"kind": at("const")},
                                    }
                                },
                            },
                            "application/" + at("media"): {
                                "schema": {"type": "string", "format": "binary"}
                            },
                            "text/plain": {
                                "schema": {"type": "string"},
                                "example": at("text_example"),
                            },
                            "multipart/form-data": {
                                "schema": {
                                    "type": "object",
                                    "properties": {
                                        at("part"): {"type": "string", "format": "binary"},
                                        "b": {"type": "object"},
                                    },
                                },
                                "encoding": {
                                    at("part"): {
                                        "contentType": at("encoding"),
                                        "headers": {at("header"): {"schema": {"type": "string"}}},
                                    }
                                },
                            },
                        },
                    },
                    "responses": {
                        "200": {
                            "description": at("response_description"),
                            "headers": {
                                at("response_header"): {
                                    "schema": {"type": "string"},
                                    "description": at("response_header_description"),
                                }
                            },
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": _S + "Answer"},
                                    "example": {"kind": at("const")},
                                },
                                "text/event-stream": {"schema": {"$ref": _S + "Answer"}},
                            },
                            "links": {
                                at("link"): {
                                    "operationId": at("operation_id"),
                                    "description": at("link_description"),
                                    "parameters": {at("link_param"): at("link_value")},
                                }
                            },
                        },
                        "4XX": {
                            "description": at("error_description"),
                            "content": {
                                "application/problem+json": {
                                    "schema": {
                                        "type": "object",
                                        "title": at("inline_title"),
                                        "properties": {at("error_property"): {"type": "string"}},
                                    }
                                }
                            },
                        },
                        "default": {"description": at("default_description")},
                    },
                    "callbacks": {
                        at("callback"): {
                            "{$request.body#/" + at("expression") + "}": {
                                "post": {
                                    "requestBody": {
                                        "content": {
                                            "application/json": {
                                                "schema": {
                                                    "type": "object",
                                                    "properties": {
                                                        at("callback_property"): {"type": "string"}
                                                    },
                                                }
                                            }
                                        }
                                    },
                                    "responses": {"200": {"description": at("callback_response")}},
                                }
                            }
                        }
                    },
                    "security": [{at("scheme"): []}, {"oauth": [at("scope")]}],
                    "servers": [{"url": "https://op.example/" + at("op_server")}],
                },
            }
        },
        "webhooks": {
            at("webhook"): {
                "post": {
                    "summary": at("webhook_summary"),
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": _S + "Thing"}}}
                    },
                    "responses": {"200": {"description": "ok"}},
                }
            }
        },
        "components": {
            "schemas": {
                "Thing": {
                    "type": "object",
                    "title": at("schema_title"),
                    "description": at("schema_description"),
                    "required": ["kind", at("required_property")],
                    "externalDocs": {"url": at("schema_url")},
                    "properties": {
                        "kind": {"const": at("const")},
                        at("required_property"): {
                            "type": "integer",
                            "description": at("property_description"),
                        },
                        at("property"): {
                            "type": "string",
                            "title": at("property_title"),
                            "description": at("property_description"),
                            "default": at("default"),
                            "examples": [at("default")],
                            "x-e": at("ext"),
                        },
                        "enum": {
                            "enum": [at("enum"), 1, None, True, 1.5, "x"],
                            "description": at("enum_description"),
                            "x-enum-varnames": [at("varname"), "b", "c", "d", "e", "f"],
                            "x-enum-descriptions": [at("varname"), "b", "c", "d", "e", "f"],
                        },
                        "pattern": {"type": "string", "pattern": at("pattern")},
                        "format": {"type": "string", "format": at("format")},
                        "list": {
                            "type": "array",
                            "items": {"type": "string", "enum": [at("enum"), "z"]},
                            "default": [at("enum")],
                        },
                        "object": {
                            "type": "object",
                            "default": {at("default_key"): at("default")},
                            "additionalProperties": {"type": "string"},
                        },
                        "byPattern": {
                            "type": "object",
                            "patternProperties": {at("pattern_property"): {"type": "string"}},
                        },
                        "dep": {
                            "type": "object",
                            "properties": {"a": {"type": "string"}, at("dep"): {"type": "string"}},
                            "dependentRequired": {"a": [at("dep")], at("dep"): ["a"]},
                            "if": {"properties": {"a": {"const": at("const")}}},
                            "then": {"required": [at("dep")]},
                        },
                        "not": {"not": {"const": at("const")}},
                        "media": {
                            "type": "string",
                            "contentMediaType": at("media"),
                            "contentEncoding": at("encoding"),
                        },
                        "comment": {
                            "$comment": at("comment"),
                            "type": "string",
                            "deprecated": True,
                        },
                        "secret": {
                            "type": "string",
                            "format": "password",
                            "description": at("secret_description"),
                        },
                    },
                },
                "Answer": {
                    "oneOf": [{"$ref": _S + "A"}, {"$ref": _S + "B"}],
                    "discriminator": {
                        "propertyName": at("discriminator"),
                        "mapping": {at("mapping"): _S + "A", at("mapping2"): _S + "B"},
                    },
                },
                "A": {
                    "type": "object",
                    "required": [at("discriminator")],
                    "properties": {at("discriminator"): {"type": "string", "const": at("mapping")}},
                },
                "B": {
                    "type": "object",
                    "required": [at("discriminator")],
                    "properties": {
                        at("discriminator"): {"type": "string", "const": at("mapping2")}
                    },
                },
                at("schema_name"): {
                    "type": "object",
                    "properties": {"next": {"$ref": _S + _escaped(at("schema_name"))}},
                },
                at("enum_schema"): {"type": "string", "enum": [at("enum"), "other"]},
                at("alias_schema"): {
                    "type": "array",
                    "items": {"type": "string", "description": at("description")},
                },
            },
            "securitySchemes": {
                at("scheme"): {
                    "type": "apiKey",
                    "in": "header",
                    "name": at("key_name"),
                    "description": at("scheme_description"),
                },
                "oauth": {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": at("token_url"),
                            "refreshUrl": at("token_url"),
                            "scopes": {at("scope"): at("scope_description")},
                        }
                    },
                },
                "http": {"type": "http", "scheme": at("http_scheme"), "bearerFormat": at("bearer")},
            },
        },
    }
