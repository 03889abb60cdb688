"""References that are more than a place: with something beside them, or through other files."""

from pathlib import Path

from oasmith.diagnostics import Diagnostics
from oasmith.ir.build import build
from oasmith.ir.types import Api
from oasmith.openapi import load
from oasmith.openapi.check import check
from oasmith.openapi.selection import select
from oasmith.text import Text
from unit.ir.conftest import closed

HEAD = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\n"

BESIDE = """paths:
  /pets:
    $ref: "#/components/pathItems/Pets"
    get: {operationId: own_get, responses: {"200": {description: Done.}}}
    post: {operationId: own_post, responses: {"200": {description: Done.}}}
components:
  pathItems:
    Pets:
      get: {operationId: other_get, responses: {"200": {description: Done.}}}
      put: {operationId: other_put, responses: {"200": {description: Done.}}}
"""

WORDS = """paths:
  /a:
    get:
      operationId: a
      parameters: [{$ref: "#/components/parameters/P", description: Own words.}]
      responses: {"200": {$ref: "#/components/responses/R", description: Own answer.}}
  /b:
    get:
      operationId: b
      parameters: [{$ref: "#/components/parameters/P"}]
      responses: {"200": {$ref: "#/components/responses/R"}}
components:
  parameters: {P: {name: p, in: query, description: Shared words., schema: {type: string}}}
  responses: {R: {description: Shared answer.}}
"""


def built(folder: Path, text: str, *selectors: str, head: str = HEAD, **files: str) -> Api:
    path = folder / "openapi.yaml"
    path.write_text(head + text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    diagnostics = Diagnostics()
    document = load(path, diagnostics)
    if selectors:
        select(document, diagnostics, selectors, ())
    check(document, diagnostics)
    api = closed(build(document, diagnostics), diagnostics)
    assert not diagnostics.failed, diagnostics.render()
    return api


def test_operations_beside_the_reference_of_a_path_item_come_first(tmp_path: Path) -> None:
    api = built(tmp_path, BESIDE)
    assert [o.id for o in api.operations] == ["own_get", "own_post", "other_put"]


def test_operations_beside_a_reference_and_behind_it_can_be_selected(tmp_path: Path) -> None:
    assert [o.id for o in built(tmp_path, BESIDE, "id:own_post").operations] == ["own_post"]
    assert [o.id for o in built(tmp_path, BESIDE, "id:other_put").operations] == ["other_put"]


def test_words_of_a_reference_object_go_before_those_of_what_it_leads_to(tmp_path: Path) -> None:
    first, second = built(tmp_path, WORDS).operations
    assert first.parameters[0].doc.description == Text("Own words.")
    assert first.responses[0].doc.description == Text("Own answer.")
    assert second.parameters[0].doc.description == Text("Shared words.")
    assert second.responses[0].doc.description == Text("Shared answer.")


def test_the_places_of_swagger_are_those_of_its_text(tmp_path: Path) -> None:
    text = """paths:
  /pets:
    post:
      operationId: add
      parameters:
      - {name: pet, in: body, schema: {type: object, properties: {name: {type: string}}}}
      - {name: tags, in: query, type: array, items: {type: string}}
      responses:
        200: {description: Done., schema: {type: array, items: {type: integer}}}
"""
    head = "swagger: '2.0'\ninfo: {title: Pets, version: '1'}\n"
    (operation,) = built(tmp_path, text, head=head).operations
    (parameter,) = operation.parameters
    assert operation.body is not None
    (content,) = operation.body.contents
    (answer,) = operation.responses[0].contents
    at = [parameter.type.at, content.type.at, answer.type.at]
    assert [(place.position().line, place.position().column) for place in at] == [
        (9, 9),
        (8, 31),
        (11, 35),
    ]
    assert at[0].pointer == ("paths", "/pets", "post", "parameters", 1)


def test_files_may_refer_to_each_other(tmp_path: Path) -> None:
    api = built(
        tmp_path,
        "paths: {}\ncomponents: {schemas: {Cat: {$ref: cat.yaml}}}\n",
        cat="type: object\nproperties: {enemy: {$ref: dog.yaml}}\n",
        dog="type: object\nproperties: {enemy: {$ref: cat.yaml}}\n",
    )
    assert sorted(str(id_) for id_ in api.definitions) == ["Cat", "dog"]
