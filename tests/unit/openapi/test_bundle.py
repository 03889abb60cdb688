"""The document in one piece: what moves where, and that it stays valid."""

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from conftest import REPO
from oasmith.diagnostics import Diagnostics
from oasmith.openapi import load
from oasmith.openapi.bundle import bundle
from oasmith.openapi.check import check
from oasmith.source import Json

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def bundled(folder: Path, **files: str) -> dict[str, Json]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    diagnostics = Diagnostics()
    document = load(folder / "openapi.yaml", diagnostics)
    check(document, diagnostics)
    made = bundle(document)
    assert made is not None
    diagnostics.stop_if_failed()
    validate(json.loads(json.dumps(made)))
    return made


def test_a_component_that_names_something_elsewhere_becomes_it(tmp_path: Path) -> None:
    made = bundled(
        tmp_path,
        openapi=HEAD
        + "components: {schemas: {Pet: {$ref: 'pets.yaml#/Animal'}, Zoo: {type: array, "
        "items: {$ref: 'pets.yaml#/Animal'}}}}",
        pets="Animal: {type: object, properties: {next: {$ref: '#/Animal'}, "
        "home: {$ref: '#/Home'}}}\n"
        "Home: {type: string}",
    )
    assert made["components"] == {
        "schemas": {
            "Pet": {
                "type": "object",
                "properties": {
                    "next": {"$ref": "#/components/schemas/Pet"},
                    "home": {"$ref": "#/components/schemas/Home"},
                },
            },
            "Zoo": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
            "Home": {"type": "string"},
        }
    }


def test_names_that_are_taken_get_the_name_of_the_file(tmp_path: Path) -> None:
    made = bundled(
        tmp_path,
        openapi=HEAD
        + "components: {schemas: {Home: {type: integer}, A: {$ref: 'a.yaml#/Home', title: x}, "
        "B: {$ref: 'b.yaml', description: y}}}",
        a="Home: {type: string}",
        b="{type: boolean}",
    )
    assert made["components"] == {
        "schemas": {
            "Home": {"type": "integer"},
            "A": {"$ref": "#/components/schemas/a.Home", "title": "x"},
            "B": {"$ref": "#/components/schemas/b", "description": "y"},
            "a.Home": {"type": "string"},
            "b": {"type": "boolean"},
        }
    }


def test_anchors_and_identifiers_become_pointers(tmp_path: Path) -> None:
    made = bundled(
        tmp_path,
        openapi=HEAD
        + """
components:
  schemas:
    Tree:
      $id: https://example.com/tree
      type: object
      properties: {left: {$ref: '#node'}, top: {$ref: '#'}}
      $defs: {N: {$anchor: node, type: string}}
    Use: {type: array, items: {$ref: 'https://example.com/tree#node'}}
""",
    )
    assert made["components"] == {
        "schemas": {
            "Tree": {
                "type": "object",
                "properties": {
                    "left": {"$ref": "#/components/schemas/Tree/$defs/N"},
                    "top": {"$ref": "#/components/schemas/Tree"},
                },
                "$defs": {"N": {"type": "string"}},
            },
            "Use": {"type": "array", "items": {"$ref": "#/components/schemas/Tree/$defs/N"}},
        }
    }


def test_path_items_and_maps_give_way_to_what_they_lead_to(tmp_path: Path) -> None:
    made = bundled(
        tmp_path,
        openapi=HEAD + "paths: {$ref: 'paths.yaml'}",
        paths="/a: {$ref: 'item.yaml', summary: here}",
        item="summary: there\nget: {responses: {'200': {$ref: 'item.yaml#/x-ok'}}}\n"
        "x-ok: {description: ok}",
    )
    assert made["paths"] == {
        "/a": {
            "summary": "here",
            "get": {"responses": {"200": {"$ref": "#/components/responses/x-ok"}}},
            "x-ok": {"description": "ok"},
        }
    }
    assert made["components"] == {"responses": {"x-ok": {"description": "ok"}}}


def test_a_mapping_follows(tmp_path: Path) -> None:
    made = bundled(
        tmp_path,
        openapi=HEAD
        + """
components:
  schemas:
    Pet:
      oneOf: [{$ref: 'pets.yaml#/Cat'}]
      discriminator: {propertyName: kind, mapping: {cat: 'pets.yaml#/Cat'}}
""",
        pets="Cat: {type: object, required: [kind], properties: {kind: {const: cat}}}",
    )
    components = made["components"]
    assert isinstance(components, dict)
    assert components["schemas"]["Pet"] == {  # type: ignore[call-overload, index]
        "oneOf": [{"$ref": "#/components/schemas/Cat"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"cat": "#/components/schemas/Cat"},
        },
    }


def test_what_is_in_one_piece_is_shared() -> None:
    text = REPO / "tests" / "snapshots" / "aliases" / "openapi.yaml"
    diagnostics = Diagnostics()
    document = load(text, diagnostics)
    check(document, diagnostics)
    made = bundle(document)
    assert made == document.root.value
    assert made is not None
    assert isinstance(document.root.value, dict)
    assert made["paths"] is document.root.value["paths"]


def test_swagger_has_no_bundle() -> None:
    diagnostics = Diagnostics()
    document = load(REPO / "tests" / "snapshots" / "swagger_2" / "openapi.yaml", diagnostics)
    assert bundle(document) is None


@pytest.mark.parametrize("name", ["spec", "tests/snapshots/multi_file"])
def test_documents_in_many_files_are_valid_in_one(name: str) -> None:
    diagnostics = Diagnostics()
    document = load(REPO / name / "openapi.yaml", diagnostics)
    check(document, diagnostics)
    text = json.dumps(bundle(document))
    assert {part.partition('"')[0][:2] for part in text.split('"$ref": "')[1:]} == {"#/"}
    validate(json.loads(text))
