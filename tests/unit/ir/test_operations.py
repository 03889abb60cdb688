"""Operations: routes, parameters, bodies, responses, authentication."""

from __future__ import annotations

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.ir.passes.merge_routes import merge_routes
from oasmith.ir.types import ApiKeyAuth, Callback, HttpAuth, OAuth2, OpenIdConnect
from oasmith.text import Text
from unit.ir.conftest import Build

HEAD = "openapi: 3.1.0\ninfo: {title: Shop, version: '2', description: Sells.}\n"


def test_the_whole(document: Build) -> None:
    api = document(
        HEAD
        + """
servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu}}}]
tags: [{name: pets, description: All pets.}]
security: [{key: []}, {}]
paths:
  /a: {get: {operationId: a, tags: [pets, x], x-internal: true, responses: {}}}
  /b: {get: {operationId: b, security: [], deprecated: true, responses: {}}}
  /c: {get: {operationId: c, security: [{key: [], oauth: [read]}], responses: {}}}
components:
  securitySchemes:
    key: {type: apiKey, name: X-Key, in: header}
    login: {type: http, scheme: Basic}
    oauth: {type: oauth2, flows: {clientCredentials: {
      tokenUrl: 'https://example.com/token', scopes: {write: w, read: r}}}}
    id: {type: openIdConnect, openIdConnectUrl: 'https://example.com/id'}
"""
    ).api
    assert (api.title, api.version) == (Text("Shop"), Text("2"))
    assert api.doc.description == Text("Sells.")
    assert [
        (s.url, {name: each.default for name, each in s.variables.items()}) for s in api.servers
    ] == [("https://{region}.example.com", {"region": "eu"})]
    assert [(tag.name, tag.doc.description) for tag in api.tags] == [("pets", Text("All pets."))]
    assert [operation.auth for operation in api.operations] == [
        (("key",), ()),
        (),
        (("key", "oauth"),),
    ]
    first, second, _ = api.operations
    assert (first.namespace, first.tags, first.extensions) == (
        "pets",
        ("pets", "x"),
        {"x-internal": True},
    )
    assert (second.namespace, second.doc.deprecated) == (None, True)
    key, login, oauth, openid = api.security
    assert isinstance(key, ApiKeyAuth) and (key.wire_name, key.place) == ("X-Key", "header")
    assert isinstance(login, HttpAuth) and login.scheme == "basic"
    assert isinstance(oauth, OAuth2) and oauth.scopes == ("read", "write")
    assert oauth.token_url == "https://example.com/token"
    assert isinstance(openid, OpenIdConnect) and openid.url == Text("https://example.com/id")


def test_parameters(document: Build) -> None:
    found = document(
        HEAD
        + """
paths:
  /{b}/{a}:
    parameters:
    - {name: a, in: path, required: true, schema: {type: string}}
    - {name: b, in: path, required: true, style: label, schema: {type: string}}
    - {name: limit, in: query, schema: {type: string}}
    get:
      operationId: list
      parameters:
      - {name: limit, in: query, schema: {type: integer, default: 10.0}}
      - {name: ids, in: query, style: pipeDelimited, explode: false, allowReserved: true,
         schema: {type: array, items: {type: integer}}}
      - {name: where, in: query, style: deepObject, explode: true, required: true,
         schema: {type: object, properties: {x: {type: string}}}}
      - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
      - {name: X-Trace, in: header, schema: {type: string}}
      - {name: Accept, in: header, schema: {type: string}}
      - {name: session, in: cookie, schema: {type: string}}
      - {$ref: '#/components/parameters/Page'}
      responses: {}
components:
  parameters:
    Page: {name: page, in: query, schema: {type: object, properties: {n: {type: integer}}}}
"""
    )
    assert found.operations == [
        "list: GET /{b}/{a}\n"
        "path b: string! (label)\n"
        "path a: string! (simple)\n"
        "query limit: integer = 10 (form, exploded)\n"
        "query ids: list[integer] (pipeDelimited, reserved)\n"
        "query where: @ListWhere! (deepObject, exploded)\n"
        "query filter: map[anything] (content)\n"
        "header X-Trace: string (simple)\n"
        "cookie session: string (form, exploded)\n"
        "query page: @PageParameter (form, exploded)"
    ]
    assert found.messages == []


def test_a_path_parameter_nobody_declares_is_a_text(document: Build) -> None:
    found = document(HEAD + "paths: {'/{id}': {get: {operationId: one, responses: {}}}}")
    assert found.operations == ["one: GET /{id}\npath id: string! (simple)"]


def test_a_parameter_that_is_in_the_path_twice_is_one(document: Build) -> None:
    found = document(HEAD + "paths: {'/a/{x}/{y}/{x}': {get: {responses: {}}}}")
    (operation,) = found.api.operations
    assert [parameter.wire_name for parameter in operation.parameters] == ["x", "y"]
    assert operation.routes[0].parameters == ("x", "y")


def test_bodies_and_responses(document: Build) -> None:
    found = document(
        HEAD
        + """
paths:
  /pets:
    post:
      operationId: create-pet
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, properties: {name: {type: string}}}}
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {name: {type: string}}}
      responses:
        '201': {description: d, content: {application/json: {schema: {properties: {id: {}}}}}}
        '204': {description: d}
        '404': {$ref: '#/components/responses/gone-404'}
        4XX: {description: d, content: {application/json: {schema: {properties: {e: {}}}}}}
        default: {description: d, content: {text/plain: {}}}
    put:
      operationId: replace
      requestBody: {$ref: '#/components/requestBodies/Pet'}
      responses:
        '200': {description: d, content: {application/json: {schema: {properties: {a: {}}}}}}
        '202': {description: d, content: {application/json: {schema: {properties: {b: {}}}}}}
    patch:
      operationId: only-default
      requestBody: {content: {image/png: {}, application/json: {}, multipart/form-data: {schema: {
        type: object, properties: {file: {type: string, format: binary}}}}}}
      responses: {default: {description: d, content: {application/json: {schema: {type: string}}}}}
components:
  requestBodies:
    Pet: {content: {application/json: {schema: {properties: {p: {}}}}}}
  responses:
    gone-404: {description: d, content: {application/json: {schema: {properties: {g: {}}}}}}
"""
    )
    assert found.operations == [
        "create-pet: POST /pets\n"
        "body!: application/json @CreatePetRequest, "
        "application/x-www-form-urlencoded @CreatePetRequest\n"
        "201: application/json @CreatePetResponse\n"
        "204: \n"
        "error 404: application/json @GoneNotFoundResponse\n"
        "error 4XX: application/json @CreatePetClientErrorResponse\n"
        "error default: text/plain string",
        "replace: PUT /pets\n"
        "body: application/json @PetRequest\n"
        "200: application/json @ReplaceOKResponse\n"
        "202: application/json @ReplaceAcceptedResponse",
        "only-default: PATCH /pets\n"
        "body: image/png binary, application/json anything, "
        "multipart/form-data @OnlyDefaultRequest\n"
        "default: application/json string\n"
        "error default: application/json string",
    ]


def test_streams(document: Build) -> None:
    found = document(
        "openapi: 3.2.0\ninfo: {title: t, version: '1'}\n"
        """
paths:
  /events:
    get:
      operationId: events
      responses:
        '200':
          description: d
          content:
            text/event-stream: {itemSchema: {type: object, properties: {data: {type: string}}}}
            application/x-ndjson: {schema: {type: array, items: {type: integer}}}
            application/jsonl: {schema: {type: string}}
"""
    )
    assert found.operations == [
        "events: GET /events\n"
        "200: text/event-stream list[string] of string, "
        "application/x-ndjson list[integer] of integer, "
        "application/jsonl list[string] of string"
    ]


EVENTS = """
openapi: 3.2.0
info: {title: t, version: '1'}
paths:
  /events:
    get:
      operationId: events
      responses:
        '200':
          description: d
          content:
            text/event-stream:
              itemSchema: ITEM
              x-stream: {end: over, error: trouble}
components:
  schemas:
    Event:
      oneOf: [{$ref: '#/components/schemas/Good'}, {$ref: '#/components/schemas/Bad'}]
    Good: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {event: {const: good}}}]}
    Base:
      type: object
      required: [event]
      properties: {event: {}, data: {type: string, contentSchema: CHUNK}}
    Bad:
      type: object
      required: [event]
      properties:
        event: {const: trouble}
        data: {type: string, contentMediaType: application/json, contentSchema: FAILURE}
    Chunk: {type: object, properties: {text: {type: string}}}
    Failure: {type: object, properties: {reason: {type: string}}}
""".replace("CHUNK", "{$ref: '#/components/schemas/Chunk'}").replace(
    "FAILURE", "{$ref: '#/components/schemas/Failure'}"
)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("{$ref: '#/components/schemas/Event'}", "@Chunk until 'over' or trouble: @Failure"),
        ("{$ref: '#/components/schemas/Good'}", "@Chunk until 'over' or trouble"),
        ("{$ref: '#/components/schemas/Bad'}", "@Failure until 'over' or trouble: @Failure"),
        (
            "{type: object, properties: {event: {}, retry: {}, data: {type: string}}, oneOf: "
            "[{properties: {event: {const: a}}}, {properties: {event: {const: b}, data: "
            "{contentMediaType: application/json, contentSchema: {type: integer}}}}, "
            "{properties: {event: {const: trouble}, data: {contentMediaType: application/json}}}]}",
            "(string | integer; by type) until 'over' or trouble: anything",
        ),
        ("{$ref: '#/components/schemas/Chunk'}", "@Chunk until 'over' or trouble"),
        (
            "{type: object, properties: {data: {type: object}}}",
            "@EventsResponseItem until 'over' or trouble",
        ),
    ],
)
def test_a_stream_of_events_is_one_of_their_data(document: Build, item: str, expected: str) -> None:
    found = document(EVENTS.replace("ITEM", item))
    (line,) = [line for line in found.operations[0].splitlines() if line.startswith("200")]
    assert line.partition(" of ")[2] == expected
    assert found.messages == []


def test_whole_events_of_streams_are_no_definitions(document: Build) -> None:
    found = document(EVENTS.replace("ITEM", "{$ref: '#/components/schemas/Event'}"))
    assert sorted(found.definitions) == ["Chunk", "Failure"]


def test_operations_without_an_id_of_their_own(document: Build) -> None:
    found = document(
        HEAD
        + """
paths:
  /a/{id}: {get: {responses: {'200': {description: d, content: {application/json: {schema: {
    properties: {a: {}}}}}}}}}
  /b: {get: {operationId: same, responses: {}}}
  /c: {get: {operationId: same, responses: {}}}
"""
    )
    assert [operation.id for operation in found.api.operations] == [
        "get /a/{id}",
        "get /b",
        "get /c",
    ]
    assert list(found.definitions) == ["GetAIdResponse"]


def test_schemas_of_operations_whose_ids_are_alike_are_named_after_their_paths_too(
    document: Build,
) -> None:
    answer = "responses: {'200': {description: d, content: {application/json: {schema: "
    definitions = document(
        HEAD
        + f"""
paths:
  /a: {{get: {{operationId: getThing, {answer}{{type: object, properties: {{a: {{}}}}}}}}}}}}}}}}}}
  /b: {{get: {{operationId: get_thing, {answer}{{type: object, properties: {{b: {{}}}}}}}}}}}}}}}}}}
  /c: {{get: {{operationId: getOther, {answer}{{type: object, properties: {{c: {{}}}}}}}}}}}}}}}}}}
"""
    ).api.definitions
    names = [each.name for each in definitions]
    assert names == ["GetThingAResponse", "GetThingBResponse", "GetOtherResponse"]


def test_webhooks_and_callbacks_are_types(document: Build) -> None:
    found = document(
        HEAD
        + """
paths:
  /subscribe:
    post:
      operationId: subscribe
      responses: {}
      callbacks:
        onEvent: {'{$request.body#/url}': {post: {requestBody: {content: {application/json: {
          schema: {properties: {e: {}}}}}}, responses: {}}}}
webhooks:
  newPet: {post: {requestBody: {content: {application/json: {schema: {properties: {n: {}}}}}}}}
"""
    )
    assert found.definitions == {
        "NewPetPostRequest": "record\nn: anything",
        "OnEventPostRequest": "record\ne: anything",
    }


def test_webhooks_and_callbacks_are_in_the_model(document: Build) -> None:
    api = document(
        HEAD
        + """
paths:
  /things: {get: {operationId: list, responses: {}, callbacks: {done: &done {
    '{$url}/done': {post: {operationId: done, responses: {'204': {description: d}}}}}}}}
  /things/{id}: {get: {operationId: list-1, responses: {}, callbacks: {
    done: {$ref: '#/components/callbacks/Done'}}}}
  /others: {get: {operationId: others, x-state: Beta, responses: {}, callbacks: {
    done: {$ref: '#/components/callbacks/Done'}}}}
webhooks:
  newPet: {$ref: '#/components/pathItems/NewPet'}
components:
  callbacks:
    Done: {'{$url}': {post: {responses: {default: {description: d}}}}}
    Unused: {'{$url}': {post: {responses: {}}}}
  pathItems:
    NewPet: {post: {parameters: [{name: at, in: query, schema: {type: integer}}], responses: {}}}
    Unused: {put: {responses: {}}}
"""
    ).api
    assert [
        (
            type(each).__name__,
            each.name,
            each.operation.id,
            [route.path for route in each.operation.routes],
            each.of if isinstance(each, Callback) else None,
        )
        for each in api.incoming
    ] == [
        ("Webhook", "newPet", "newPet post", [], None),
        ("Webhook", "Unused", "Unused put", [], None),
        ("Callback", "done", "done", ["{$url}/done"], ("list",)),
        ("Callback", "done", "done post", ["{$url}"], ("list-1", "others")),
        ("Callback", "Unused", "Unused post", ["{$url}"], ()),
    ]
    assert [p.wire_name for p in api.incoming[0].operation.parameters] == ["at"]
    assert [r.status for r in api.incoming[3].operation.responses] == ["default"]
    merged = merge_routes(api, Diagnostics())
    assert [each.of for each in merged.incoming if isinstance(each, Callback)] == [
        ("list",),
        ("list", "others"),
        (),
    ]
    assert [operation.availability for operation in merged.operations] == [
        None,
        Text("Beta"),
    ]


def test_examples(document: Build) -> None:
    found = document(
        HEAD
        + """
paths:
  /a:
    post:
      operationId: a
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {x: {type: integer}}}
            examples:
              one: {summary: First, value: '{"x": 1}'}
              two: {$ref: '#/components/examples/Two'}
              far: {externalValue: 'https://example.com/x.json'}
      responses: {'200': {description: d, content: {text/plain: {
        schema: {type: string}, example: '{"x": 1}'}}}}
components:
  examples: {Two: {value: {x: 2}, description: Second}}
"""
    )
    (operation,) = found.api.operations
    assert operation.body is not None
    examples = operation.body.contents[0].examples
    assert [(e.name, e.summary, e.description, e.value) for e in examples] == [
        (Text("one"), Text("First"), None, {"x": 1}),
        (Text("two"), None, Text("Second"), {"x": 2}),
    ]
    assert [e.value for e in operation.responses[0].contents[0].examples] == ['{"x": 1}']


def test_headers_and_encodings(document: Build) -> None:
    found = document(
        HEAD
        + """
paths:
  /a:
    post:
      operationId: a
      requestBody: {content: {multipart/form-data: {
        schema: {type: object, properties: {f: {type: string}}},
        encoding: {f: {contentType: image/png, style: form, explode: true}}}}}
      responses: {'200': {description: d, headers: {
        X-Left: {required: true, schema: {type: integer}}, X-At: {schema: {type: string}}}}}
"""
    )
    (operation,) = found.api.operations
    assert operation.body is not None
    (encoding,) = operation.body.contents[0].encodings
    assert (encoding.field, encoding.content_type, encoding.style, encoding.explode) == (
        "f",
        "image/png",
        "form",
        True,
    )
    headers = operation.responses[0].headers
    assert [(h.wire_name, type(h.presence).__name__) for h in headers] == [
        ("X-Left", "Required"),
        ("X-At", "Optional"),
    ]
