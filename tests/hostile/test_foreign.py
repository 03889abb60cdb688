"""Files of another encoding, and files that are something else than an OpenAPI document.

Each is told with its place; the empty message says that there is nothing to complain of.
"""
# ruff: noqa: E501 - messages stand in full

from pathlib import Path

import pytest

from hostile.running import CANARY, first_line, generate, is_safe_to_print

OK = '{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}'
YAML = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n'
BOM = b"\xef\xbb\xbf"
CASES: dict[str, tuple[str, str | bytes, str]] = {
    "bom_as_json": ("openapi.json", BOM + OK.encode(), ""),
    "bom_yaml": ("openapi.yaml", BOM + YAML.encode(), ""),
    "utf_16": (
        "openapi.yaml",
        YAML.encode("utf-16"),
        "openapi.yaml:1:1: error[unreadable]: this file is UTF-16",
    ),
    "utf_16_json": (
        "openapi.json",
        OK.encode("utf-16"),
        "openapi.json:1:1: error[unreadable]: this file is UTF-16",
    ),
    "utf_16_le": (
        "openapi.yaml",
        YAML.encode("utf-16-le"),
        "openapi.yaml:1:1: error[unreadable]: this file is UTF-16",
    ),
    "utf_16_le_json": (
        "openapi.json",
        OK.encode("utf-16-le"),
        "openapi.json:1:1: error[unreadable]: this file is UTF-16",
    ),
    "utf_16_be": (
        "openapi.yaml",
        YAML.encode("utf-16-be"),
        "openapi.yaml:1:1: error[unreadable]: this file is UTF-16",
    ),
    "utf_16_be_json": (
        "openapi.json",
        OK.encode("utf-16-be"),
        "openapi.json:1:1: error[unreadable]: this file is UTF-16",
    ),
    "utf_32": (
        "openapi.yaml",
        YAML.encode("utf-32"),
        "openapi.yaml:1:1: error[unreadable]: this file is UTF-32",
    ),
    "utf_32_json": (
        "openapi.json",
        OK.encode("utf-32"),
        "openapi.json:1:1: error[unreadable]: this file is UTF-32",
    ),
    "utf_32_le": (
        "openapi.yaml",
        YAML.encode("utf-32-le"),
        "openapi.yaml:1:1: error[unreadable]: this file is UTF-32",
    ),
    "utf_32_le_json": (
        "openapi.json",
        OK.encode("utf-32-le"),
        "openapi.json:1:1: error[unreadable]: this file is UTF-32",
    ),
    "utf_32_be": (
        "openapi.yaml",
        YAML.encode("utf-32-be"),
        "openapi.yaml:1:1: error[unreadable]: this file is UTF-32",
    ),
    "utf_32_be_json": (
        "openapi.json",
        OK.encode("utf-32-be"),
        "openapi.json:1:1: error[unreadable]: this file is UTF-32",
    ),
    "latin1": (
        "openapi.yaml",
        YAML.replace("title: t", "title: \xe9").encode("latin-1"),
        "openapi.yaml:2:15: error[unreadable]: byte 0xE9 is not UTF-8",
    ),
    "nul": (
        "openapi.yaml",
        'openapi: 3.1.0\ninfo: {title: \u0000, version: "1"}\npaths: {}\n',
        "openapi.yaml:2:15: error[unreadable]: there is a NUL character here",
    ),
    "nul_as_json": (
        "openapi.json",
        '{"openapi":"3.1.0","info":{"title":"\\u0000","version":"1"},"paths":{}}',
        "",
    ),
    "surrogate_bytes": (
        "openapi.yaml",
        YAML.replace("title: t", "title: \ud800"),
        "openapi.yaml:2:15: error[unreadable]: byte 0xED is not UTF-8",
    ),
    "bidi_yaml": (
        "openapi.yaml",
        'openapi: 3.1.0\ninfo: {title: a\u202eb, version: "1"}\npaths: {}\n',
        "openapi.yaml:2:16: warning[turned-text]: U+202E shows the text around it in another order than it has",
    ),
    "bidi_as_json_raw": (
        "openapi.json",
        '{"openapi":"3.1.0","info":{"title":"a\u202eb","version":"1"},"paths":{}}',
        "openapi.json:1:38: warning[turned-text]: U+202E shows the text around it in another order than it has",
    ),
    "bidi_comment": (
        "openapi.yaml",
        YAML + "# \u202e foo\n",
        "openapi.yaml:4:3: warning[turned-text]: U+202E shows the text around it in another order than it has",
    ),
    "bidi_isolates_in_key": (
        "openapi.yaml",
        YAML
        + "components:\n  schemas:\n    Thing:\n      type: object\n      properties:\n        'a\u2066b': {type: string}\n",
        "openapi.yaml:9:11: warning[turned-text]: U+2066 shows the text around it in another order than it has",
    ),
    "empty": (
        "openapi.yaml",
        "",
        "openapi.yaml:1:1: error[not-openapi]: the file is empty; an OpenAPI document is an object with a field `openapi`",
    ),
    "empty_as_json": ("openapi.json", "", "openapi.json:1:1: error[unparsable]: the file is empty"),
    "white_space": (
        "openapi.yaml",
        "  \n",
        "openapi.yaml:1:1: error[not-openapi]: the file is empty; an OpenAPI document is an object with a field `openapi`",
    ),
    "comment": (
        "openapi.yaml",
        "# x\n",
        "openapi.yaml:1:1: error[not-openapi]: the file is empty; an OpenAPI document is an object with a field `openapi`",
    ),
    "scalar": (
        "openapi.yaml",
        "hello",
        "openapi.yaml:1:1: error[not-openapi]: the file holds a string; an OpenAPI document is an object with a field `openapi`",
    ),
    "number": (
        "openapi.yaml",
        "7",
        "openapi.yaml:1:1: error[not-openapi]: the file holds an integer; an OpenAPI document is an object with a field `openapi`",
    ),
    "list": (
        "openapi.yaml",
        "- a\n",
        "openapi.yaml:1:1: error[not-openapi]: the file holds a list; an OpenAPI document is an object with a field `openapi`",
    ),
    "null": (
        "openapi.yaml",
        "null",
        "openapi.yaml:1:1: error[not-openapi]: the file is empty; an OpenAPI document is an object with a field `openapi`",
    ),
    "true": (
        "openapi.yaml",
        "true",
        "openapi.yaml:1:1: error[not-openapi]: the file holds a boolean; an OpenAPI document is an object with a field `openapi`",
    ),
    "html": (
        "openapi.yaml",
        "<!doctype html><html></html>",
        "openapi.yaml:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "html_as_json": (
        "openapi.json",
        "<!doctype html><html></html>",
        "openapi.json:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "xml": (
        "openapi.yaml",
        "<?xml version='1.0'?><a/>",
        "openapi.yaml:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "xml_as_json": (
        "openapi.json",
        "<?xml version='1.0'?><a/>",
        "openapi.json:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "graphql": (
        "openapi.yaml",
        "type Query { a: String }\n",
        "openapi.yaml:1:1: error[not-openapi]: this looks like a GraphQL schema, not like an OpenAPI document",
    ),
    "graphqls": (
        "openapi.yaml",
        "schema {\n  query: Query\n}\n\ntype Query {\n  a: String\n}\n",
        "openapi.yaml:1:1: error[not-openapi]: this looks like a GraphQL schema, not like an OpenAPI document",
    ),
    "asyncapi": (
        "openapi.yaml",
        "asyncapi: 2.6.0\ninfo: {title: x, version: '1'}\nchannels: {}\n",
        "openapi.yaml:1:1: error[not-openapi]: this looks like an AsyncAPI document, not like an OpenAPI document",
    ),
    "har": (
        "openapi.yaml",
        '{"log":{"version":"1.2","entries":[]}}',
        "openapi.yaml:1:1: error[not-openapi]: this looks like an HTTP archive (HAR), not like an OpenAPI document",
    ),
    "har_as_json": (
        "openapi.json",
        '{"log":{"version":"1.2","entries":[]}}',
        "openapi.json:1:1: error[not-openapi]: this looks like an HTTP archive (HAR), not like an OpenAPI document",
    ),
    "postman": (
        "openapi.yaml",
        '{"info":{"name":"x","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[]}',
        "openapi.yaml:1:1: error[not-openapi]: this looks like a Postman collection, not like an OpenAPI document",
    ),
    "postman_as_json": (
        "openapi.json",
        '{"info":{"name":"x","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[]}',
        "openapi.json:1:1: error[not-openapi]: this looks like a Postman collection, not like an OpenAPI document",
    ),
    "jsonschema": (
        "openapi.yaml",
        '{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object"}',
        "openapi.yaml:1:1: error[not-openapi]: this looks like a JSON Schema, not like an OpenAPI document",
    ),
    "jsonschema_as_json": (
        "openapi.json",
        '{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object"}',
        "openapi.json:1:1: error[not-openapi]: this looks like a JSON Schema, not like an OpenAPI document",
    ),
    "raml": (
        "openapi.yaml",
        "#%RAML 1.0\ntitle: x\n",
        "openapi.yaml:1:1: error[not-openapi]: this looks like a RAML document, not like an OpenAPI document",
    ),
    "wsdl": (
        "openapi.yaml",
        "<wsdl:definitions/>",
        "openapi.yaml:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "wsdl_as_json": (
        "openapi.json",
        "<wsdl:definitions/>",
        "openapi.json:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "proto": (
        "openapi.yaml",
        'syntax = "proto3";\nmessage A { string a = 1; }\n',
        "openapi.yaml:1:1: error[not-openapi]: this looks like a file of Protocol Buffers, not like an OpenAPI document",
    ),
    "insomnia": (
        "openapi.yaml",
        '{"_type":"export","__export_format":4,"resources":[]}',
        "openapi.yaml:1:1: error[not-openapi]: this looks like an Insomnia collection, not like an OpenAPI document",
    ),
    "insomnia_as_json": (
        "openapi.json",
        '{"_type":"export","__export_format":4,"resources":[]}',
        "openapi.json:1:1: error[not-openapi]: this looks like an Insomnia collection, not like an OpenAPI document",
    ),
    "package": (
        "openapi.yaml",
        '{"name":"x","version":"1.0.0","dependencies":{}}',
        "openapi.yaml:1:1: error[not-openapi]: there is no field `openapi` that says which version of OpenAPI this is",
    ),
    "package_as_json": (
        "openapi.json",
        '{"name":"x","version":"1.0.0","dependencies":{}}',
        "openapi.json:1:1: error[not-openapi]: there is no field `openapi` that says which version of OpenAPI this is",
    ),
    "python": (
        "openapi.yaml",
        "import os\nprint(1)\n",
        "openapi.yaml:1:1: error[not-openapi]: the file holds a string; an OpenAPI document is an object with a field `openapi`",
    ),
    "pdf": (
        "openapi.yaml",
        "%PDF-1.4 \n",
        "openapi.yaml:1:1: error[not-openapi]: this looks like a PDF, not like an OpenAPI document",
    ),
    "zip": (
        "openapi.yaml",
        "PK\u0003\u0004",
        "openapi.yaml:1:1: error[unreadable]: this file is a ZIP archive",
    ),
    "gz": (
        "openapi.yaml",
        "\u001f\u008b\b",
        "openapi.yaml:1:1: error[unparsable]: this control character is not allowed in YAML",
    ),
    "blueprint": (
        "openapi.yaml",
        "FORMAT: 1A\n# My API\n",
        "openapi.yaml:1:1: error[not-openapi]: this looks like an API Blueprint, not like an OpenAPI document",
    ),
    "smithy": (
        "openapi.yaml",
        '$version: "2"\nnamespace a\n',
        "openapi.yaml:1:1: error[not-openapi]: this looks like a Smithy model, not like an OpenAPI document",
    ),
    "typespec": (
        "openapi.yaml",
        'import "@typespec/http";\n',
        "openapi.yaml:1:1: error[not-openapi]: this looks like a TypeSpec program, not like an OpenAPI document",
    ),
    "odata": (
        "openapi.yaml",
        '<edmx:Edmx Version="4.0"/>',
        "openapi.yaml:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "odata_as_json": (
        "openapi.json",
        '<edmx:Edmx Version="4.0"/>',
        "openapi.json:1:1: error[not-openapi]: this is HTML or XML",
    ),
    "discovery": (
        "openapi.yaml",
        '{"kind":"discovery#restDescription","discoveryVersion":"v1"}',
        "openapi.yaml:1:1: error[not-openapi]: this looks like a discovery document of Google, not like an OpenAPI document",
    ),
    "discovery_as_json": (
        "openapi.json",
        '{"kind":"discovery#restDescription","discoveryVersion":"v1"}',
        "openapi.json:1:1: error[not-openapi]: this looks like a discovery document of Google, not like an OpenAPI document",
    ),
    "introspection": (
        "openapi.yaml",
        '{"data":{"__schema":{}}}',
        "openapi.yaml:1:1: error[not-openapi]: this looks like a GraphQL schema, not like an OpenAPI document",
    ),
    "introspection_as_json": (
        "openapi.json",
        '{"data":{"__schema":{}}}',
        "openapi.json:1:1: error[not-openapi]: this looks like a GraphQL schema, not like an OpenAPI document",
    ),
    "openrpc": (
        "openapi.yaml",
        '{"openrpc":"1.2.6","info":{},"methods":[]}',
        "openapi.yaml:1:1: error[not-openapi]: this looks like an OpenRPC document, not like an OpenAPI document",
    ),
    "openrpc_as_json": (
        "openapi.json",
        '{"openrpc":"1.2.6","info":{},"methods":[]}',
        "openapi.json:1:1: error[not-openapi]: this looks like an OpenRPC document, not like an OpenAPI document",
    ),
    "json_named_yaml": ("openapi.yaml", OK, ""),
    "no_ending": ("openapi", YAML, ""),
    "version_float": (
        "openapi.yaml",
        'openapi: 3.1\ninfo: {title: t, version: "1"}\npaths: {}\n',
        "openapi.yaml:1:10: error[unsupported-version]: `openapi` must be a string, not a number",
    ),
    "version_int": (
        "openapi.yaml",
        'openapi: 3\ninfo: {title: t, version: "1"}\npaths: {}\n',
        "openapi.yaml:1:10: error[unsupported-version]: `openapi` must be a string, not an integer",
    ),
    "version_list": (
        "openapi.yaml",
        'openapi: [3]\ninfo: {title: t, version: "1"}\npaths: {}\n',
        "openapi.yaml:1:1: error[unsupported-version]: `openapi` must be a string, not a list",
    ),
    "version_long": ("openapi.yaml", YAML.replace("3.1.0", "3.1." + "1" * 100), ""),
    "version_with_line_feed": (
        "openapi.yaml",
        'openapi: "3.1.0\\n"\ninfo: {title: t, version: "1"}\npaths: {}\n',
        "openapi.yaml:1:10: error[unsupported-version]: `3.1.0\\n` is not a version that is read: 3.0.x, 3.1.x and 3.2.x are",
    ),
    "bomb_keys": (
        "openapi.yaml",
        YAML + "x-a: &a [1]\nx-b: {*a : 1}\n",
        "openapi.yaml:5:7: error[unparsable]: a key must be a text, not a list, an object or an alias",
    ),
}


@pytest.mark.parametrize(("name", "document", "message"), CASES.values(), ids=CASES)
def test_it_is_told(
    name: str,
    document: str | bytes,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = generate(tmp_path, document, monkeypatch, capsys, name=name)
    assert first_line(run) == message
    assert run.code == (1 if "error[" in message else 0)
    assert (tmp_path / "generated").exists() is (run.code == 0)
    assert not (tmp_path / CANARY).exists()
    assert is_safe_to_print(run.out + run.err)
    assert len(run.err) < 20_000
