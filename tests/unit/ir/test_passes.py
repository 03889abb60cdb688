"""The passes: merge_routes, usage."""

from __future__ import annotations

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.ir.passes.merge_routes import merge_routes
from oasmith.ir.passes.usage import usage
from oasmith.ir.types import Api
from unit.ir import notation
from unit.ir.conftest import Build

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"


def operations(api: Api) -> list[str]:
    return [notation.operation(operation) for operation in api.operations]


ROUTES = """
paths:
  /things:
    get: {operationId: get-1, responses: {'200': {description: d, content: {application/json: {
      schema: {type: object, properties: {a: {type: string}}}, example: {a: x}}}}}}
  /things/{kind}/_all:
    get:
      operationId: get-3
      parameters: [{name: kind, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: other words, content: {application/json: {
        schema: {type: object, properties: {a: {type: string}}}, example: {a: y}}}}}
  /things/{kind}/{id}:
    get:
      operationId: get-2
      parameters:
      - {name: kind, in: path, required: true, schema: {type: string}}
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: verbose, in: query, required: true, schema: {type: boolean}}
      responses: {'200': {description: d, content: {application/json: {
        schema: {type: object, properties: {a: {type: string}}}, example: {a: x}}}}}
"""


def test_routes_of_one_operation_are_merged(document: Build) -> None:
    api = merge_routes(document(HEAD + ROUTES).api, Diagnostics())
    assert operations(api) == [
        "get: GET /things /things/{kind}/_all /things/{kind}/{id}\n"
        "path kind: string (simple)\n"
        "path id: integer (simple)\n"
        "query verbose: boolean (form, exploded)\n"
        "200: application/json @Get1Response"
    ]
    (operation,) = api.operations
    assert [route.parameters for route in operation.routes] == [(), ("kind",), ("kind", "id")]
    examples = operation.responses[0].contents[0].examples
    assert [example.value for example in examples] == [{"a": "x"}, {"a": "y"}]
    assert [str(id_) for id_ in api.definitions] == ["Get1Response"]


@pytest.mark.parametrize(
    ("paths", "why"),
    [
        ("/v1/x: {get: {operationId: get-v-1}}\n/v2/x: {get: {operationId: get-v-2}}", "path"),
        (
            "/a/{x}: {get: {operationId: list-1}}\n/b/{y}: {get: {operationId: list-2}}",
            "fixed parts",
        ),
        ("/a: {get: {operationId: do}}\n/a/{x}: {post: {operationId: do-1}}", "method"),
        (
            "/a: {get: {operationId: do, deprecated: true}}\n/a/{x}: {get: {operationId: do-1}}",
            "deprecation",
        ),
        (
            "/a: {get: {operationId: do, responses: {'200': {description: d, content: {"
            "application/json: {schema: {type: string}}}}}}}\n/a/{x}: {get: {operationId: do-1}}",
            "responses",
        ),
        (
            "/a: {put: {operationId: do, requestBody: {content: {application/json: {"
            "schema: {type: string}}}}}}\n/a/{x}: {put: {operationId: do-1}}",
            "body",
        ),
        (
            "/a: {get: {operationId: do, parameters: [{name: q, in: query, schema: "
            "{type: string}}]}}\n"
            "/a/{x}: {get: {operationId: do-1, parameters: [{name: q, in: query, "
            "schema: {type: integer}}]}}",
            "type of a parameter",
        ),
        ("/a: {get: {operationId: do}}\n/a/{x}: {get: {operationId: do1}}", "id"),
    ],
)
def test_what_differs_stays_apart(document: Build, paths: str, why: str) -> None:
    lines = "".join(f"  {line}\n" for line in paths.splitlines())
    api = document(f"{HEAD}paths:\n{lines}").api
    assert merge_routes(api, Diagnostics()) is api, why


def test_a_default_stays_where_all_routes_have_it(document: Build) -> None:
    api = merge_routes(
        document(
            HEAD
            + """
paths:
  /a: {get: {operationId: do, parameters: [{$ref: '#/components/parameters/T'}]}}
  /a/{x}: {get: {operationId: do-1, parameters: [{$ref: '#/components/parameters/T'}]}}
components:
  parameters: {T: {name: t, in: query, schema: {type: integer, default: 3}}}
"""
        ).api,
        Diagnostics(),
    )
    assert operations(api) == [
        "do: GET /a /a/{x}\npath x: string (simple)\nquery t: integer = 3 (form, exploded)"
    ]


SHOP = """
paths:
  /pets:
    get: {operationId: pets.list, responses: {'200': {description: d, content: {
      application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
  /shops:
    post: {operationId: shops.open, requestBody: {content: {
      application/json: {schema: {$ref: '#/components/schemas/Shop'}}}}, responses: {}}
components:
  schemas:
    Pet: {type: object, properties: {
      owner: {$ref: '#/components/schemas/Owner'},
      secret: {$ref: '#/components/schemas/Secret', writeOnly: true}}}
    Owner: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
    Secret: {type: object, properties: {s: {}}}
    Shop: {type: object, properties: {
      owner: {$ref: '#/components/schemas/Owner'},
      id: {$ref: '#/components/schemas/Id', readOnly: true}}}
    Id: {type: string}
    Unused: {type: string}
"""


def test_usage(document: Build) -> None:
    api = usage(document(HEAD + SHOP).api, Diagnostics())
    sides = {str(id_): (used.request, used.response) for id_, used in api.usage.items()}
    assert sides == {
        "Pet": (True, True),
        "Owner": (True, True),
        "Secret": (True, False),
        "Shop": (True, False),
        "Id": (False, False),
        "Unused": (False, False),
    }
