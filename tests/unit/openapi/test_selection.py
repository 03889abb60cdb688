"""The part of a document that selectors ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.openapi import Document, Node, check, load
from oasmith.openapi.selection import parse_selector, select
from unit.openapi.documents import messages

HEAD = "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\n"

SHOP = (
    HEAD
    + """
tags: [{name: pets}, {name: shops}]
paths:
  /pets:
    get: {operationId: pets.list, tags: [all, pets], responses: {'200': {description: d, content: {
      application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
  /shops:
    summary: s
    post: {operationId: shops.open, tags: [shops], x-state: beta, requestBody: {content: {
      application/json: {schema: {$ref: '#/components/schemas/Shop'}}}}, responses: {
      '200': {description: d}}}
    get: {responses: {'200': {$ref: '#/components/responses/Open'}}}
webhooks:
  sold: {post: {requestBody: {content: {application/json: {schema: {
    $ref: '#/components/schemas/Unused'}}}}}}
components:
  securitySchemes:
    key: {type: http, scheme: basic}
  responses:
    Open: {description: d, headers: {Left: {$ref: '#/components/headers/Left'}}}
    Closed: {description: d}
  headers:
    Left: {schema: {$ref: '#/components/schemas/Id/items'}}
  schemas:
    Pet: {type: object, properties: {
      owner: {$ref: '#/components/schemas/Owner'},
      secret: {$ref: '#/components/schemas/Secret', writeOnly: true}}}
    Owner: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
    Secret: {type: object, properties: {s: {}}}
    Shop: {type: object, properties: {
      owner: {$ref: '#/components/schemas/Owner'},
      id: {$ref: '#/components/schemas/Id', readOnly: true}}}
    Id: {type: array, items: {type: string}}
    Unused: {type: strign}
"""
)


def narrowed(
    folder: Path,
    text: str,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    **files: str,
) -> tuple[Document, Diagnostics]:
    """Return the selected part of a document of several files, and what was said."""
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    path = folder / "openapi.yaml"
    path.write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    document = load(path, diagnostics)
    select(document, diagnostics, include, exclude)
    return document, diagnostics


def operations(document: Document) -> list[str]:
    return [
        f"{key} {path}"
        for path, item in document.node.members("paths")
        for key, node in item.follow().items()
        if isinstance(node.value, dict)
    ]


def components(document: Document) -> list[str]:
    """Return `shelf/name` of the components, schemas by their name alone."""
    return [
        f"{shelf}/{name}".removeprefix("schemas/")
        for shelf, _ in document.node.members("components")
        for name, _ in document.node["components"].members(shelf)
    ]


PET = ["securitySchemes/key", "Pet", "Owner", "Secret"]
SHOP_ALONE = [*PET, "Shop", "Id"]
OPEN = ["securitySchemes/key", "responses/Open", "headers/Left", "Id"]
ALL = ["get /pets", "post /shops", "get /shops"]


@pytest.mark.parametrize(
    ("include", "exclude", "kept", "reached"),
    [
        (["path:/p*"], [], ["get /pets"], PET),
        (["tag:all"], [], ["get /pets"], PET),
        (["id:shops.*"], [], ["post /shops"], SHOP_ALONE),
        (["id:get /sh*"], [], ["get /shops"], OPEN),
        (["ext:x-state"], [], ["post /shops"], SHOP_ALONE),
        (["ext:x-state=beta"], ["id:shops.*"], [], ["securitySchemes/key"]),
        (["ext:x-state=ga", "path:/pets"], [], ["get /pets"], PET),
        ([], ["tag:pets", "id:get *"], ["post /shops"], SHOP_ALONE),
        (["path:*"], [], ALL, [*OPEN[:-1], *SHOP_ALONE[1:]]),
    ],
)
def test_select(
    tmp_path: Path, include: list[str], exclude: list[str], kept: list[str], reached: list[str]
) -> None:
    document, _ = narrowed(tmp_path, SHOP, include, exclude)
    assert operations(document) == kept
    assert components(document) == reached
    assert "webhooks" not in document.node


def test_nothing_is_said_of_what_was_not_selected(tmp_path: Path) -> None:
    document, diagnostics = narrowed(tmp_path, SHOP, ["path:/shops"])
    check(document, diagnostics)
    assert messages(diagnostics) == []
    diagnostics = Diagnostics()
    check(load(tmp_path / "openapi.yaml", diagnostics), diagnostics)
    assert [found.code for found in diagnostics] == ["unknown-value"]


def test_places_stay_what_they_are(tmp_path: Path) -> None:
    document, _ = narrowed(tmp_path, SHOP, ["path:/shops"])
    id_ = document.node["components"]["schemas"]["Id"]["items"]["type"]
    assert str(id_.at).endswith("openapi.yaml:35:37")


@pytest.mark.parametrize("text", ["pets", "name:pets", "path:"])
def test_what_is_no_selector(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="is not a selector: begin with one of path:, tag:"):
        parse_selector(text)
    document, diagnostics = narrowed(tmp_path, SHOP, ["path:*"], [text])
    assert [(found.code, found.severity.value) for found in diagnostics] == [
        ("wrong-setting", "error")
    ]
    assert operations(document) == ALL


def test_selectors_that_match_nothing(tmp_path: Path) -> None:
    _, diagnostics = narrowed(tmp_path, SHOP, ["tag:pets", "tag:pest"], ["id:x"])
    assert [(found.code, found.severity.value, found.message) for found in diagnostics] == [
        ("unmatched", "warning", "no operation matches 'tag:pest'"),
        ("unmatched", "warning", "no operation matches 'id:x'"),
    ]


@pytest.mark.parametrize(
    ("include", "exclude"), [(["tag:pest"], []), ([], ["path:*"]), (["tag:pets"], ["tag:pets"])]
)
def test_no_operation_is_left(tmp_path: Path, include: list[str], exclude: list[str]) -> None:
    _, diagnostics = narrowed(tmp_path, SHOP, include, exclude)
    message = "no operation is left: the selectors match none, or exclude all"
    assert [found.message for found in diagnostics if found.severity.value == "error"] == [message]


# --- what a schema reaches ------------------------------------------------------------------

ANIMALS = (
    HEAD
    + """
paths:
  /animals: {get: {responses: {'200': {description: d, content: {application/json: {schema: {
    $ref: '#/components/schemas/%s'}}}}}}}
components:
  schemas:
    Base: {type: object, discriminator: {propertyName: kind}}
    Cat: {allOf: [{$ref: '#/components/schemas/Base'}, {$ref: '#/components/schemas/Paws'}]}
    Lion: {allOf: [{$ref: '#/components/schemas/Cat'}]}
    Paws: {type: object}
    Named: {type: object, discriminator: {propertyName: kind, mapping: {
      d: Dog, f: '#/components/schemas/Fox', none: Nothing}}}
    Dog: {type: object}
    Fox: {type: object}
    Choice: {oneOf: [{$ref: '#/components/schemas/Fox'}], discriminator: {propertyName: kind}}
    Heir: {allOf: [{$ref: '#/components/schemas/Choice'}]}
    Plain: {type: object}
    PlainHeir: {allOf: [{$ref: '#/components/schemas/Plain'}]}
"""
)


@pytest.mark.parametrize(
    ("schema", "reached"),
    [
        ("Base", ["Base", "Cat", "Lion", "Paws"]),
        ("Cat", ["Base", "Cat", "Lion", "Paws"]),
        ("Named", ["Named", "Dog", "Fox"]),
        ("Choice", ["Fox", "Choice"]),
        ("Plain", ["Plain"]),
    ],
)
def test_discriminators_reach_their_options(
    tmp_path: Path, schema: str, reached: list[str]
) -> None:
    document, diagnostics = narrowed(tmp_path, ANIMALS % schema, ["path:*"])
    assert components(document) == reached
    assert not list(diagnostics)


# --- several files --------------------------------------------------------------------------


def test_path_items_and_maps_in_other_files(tmp_path: Path) -> None:
    document, diagnostics = narrowed(
        tmp_path,
        HEAD
        + """
paths:
  /a: {$ref: 'items.yaml#/shared'}
  /b: {$ref: 'items.yaml#/other'}
components:
  schemas: {$ref: 'schemas.yaml'}
  responses:
    Fine: {$ref: 'answers.yaml#/Fine'}
    Lost: {$ref: 'nowhere.yaml'}
""",
        ["id:get-a"],
        items="""
shared:
  get: {operationId: get-a, responses: {'200': {$ref: 'answers.yaml#/Fine'}}}
  put: {operationId: put-a, responses: {'200': {$ref: 'nowhere.yaml'}}}
other:
  get: {operationId: get-b}
""",
        answers="""
Fine: {description: d, content: {application/json: {schema: {$ref: 'schemas.yaml#/Pet'}}}}
""",
        schemas="{Pet: {type: object}, Bird: {type: strign}}",
    )
    check(document, diagnostics)
    assert operations(document) == ["get /a"]
    assert components(document) == ["Pet", "responses/Fine"]
    assert not diagnostics.failed
    assert {said.partition(":")[0] for said in messages(diagnostics)} == {"8"}  # the map
    assert sorted(source.path.name for source in document.sources) == [
        "answers.yaml",
        "items.yaml",
        "openapi.yaml",
        "schemas.yaml",
    ]


def test_references_into_what_was_left_out_still_lead_there(tmp_path: Path) -> None:
    document, diagnostics = narrowed(
        tmp_path,
        HEAD
        + """
paths:
  /a: {get: {responses: {'200': {$ref: '#/paths/~1b/get/responses/200'}}}}
  /b: {get: {responses: {'200': {description: from b}}}, put: {responses: {}}}
""",
        ["path:/a"],
    )
    check(document, diagnostics)
    response = document.node["paths"]["/a"]["get"]["responses"]["200"].follow()
    assert operations(document) == ["get /a"]
    assert response["description"].value == "from b"
    assert messages(diagnostics) == []


def test_a_path_item_that_two_paths_share(tmp_path: Path) -> None:
    text = (
        HEAD.replace("3.1", "3.2")
        + """
paths:
  /a: {$ref: '#/components/pathItems/Item'}
  /b: {get: {operationId: b}}
components:
  pathItems:
    Item:
      get: {operationId: read}
      put: {operationId: write}
      additionalOperations: {COPY: {operationId: copy}, MOVE: {operationId: move}}
    Other: {get: {operationId: other}}
"""
    )
    document, _ = narrowed(tmp_path, text, ["id:read", "id:move"])
    item: Node = document.node["paths"]["/a"].follow()
    assert item.value == {
        "get": {"operationId": "read"},
        "additionalOperations": {"MOVE": {"operationId": "move"}},
    }
    assert document.node["components"].value == {"pathItems": {"Item": item.value}}
