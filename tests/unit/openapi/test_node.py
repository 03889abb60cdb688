"""The cursor: members, reads by type, references, and one dialect for all versions."""

from pathlib import Path

import pytest

from oasmith.openapi.versions import Version, modern
from oasmith.source import Json
from unit.openapi.documents import document, messages

TEXT = """\
x-a: {text: t, number: 2, real: 3.0, yes: true, none: null, list: [a, 1], version: 1.5}
x-ref: {$ref: '#/x-b/0'}
x-b: [{$ref: 'owner.yaml#/a~1b/%C3%A9'}, {$ref: '#/x-b/2'}, {$ref: '#/x-b/1'}, {$ref: '#/x-a/no'}]
"""
OWNER = "a/b: {é: {here: 1}}\nback: {$ref: 'openapi.yaml#/x-a'}\n"


def test_reads_by_type(tmp_path: Path) -> None:
    doc = document(tmp_path, TEXT, owner=OWNER)
    node = doc.node["x-a"]
    assert node.string("text") == "t"
    assert node.string("none") is None
    assert node.string("missing") is None
    assert (node.boolean("yes"), node.boolean("missing")) == (True, False)
    assert messages(doc.diagnostics) == []
    assert node.strings("list") == ("a",)
    assert node.string("version") == "1.5"
    assert node.boolean("text") is False
    assert [name for name, _ in node.members("list")] == []
    assert messages(doc.diagnostics) == [
        "4:13 error[wrong-type] `text` must be a boolean, not a string",
        "4:61 error[wrong-type] `list` must be an object, not a list",
        "4:71 error[wrong-type] this must be a string, not an integer",
        "4:84 warning[wrong-type] `version` must be a string, not a number",
    ]


def test_references_lead_through_files(tmp_path: Path) -> None:
    doc = document(tmp_path, TEXT, owner=OWNER)
    end = doc.node["x-ref"].follow()
    assert end.value == {"here": 1}
    assert (end.source.path.name, end.pointer) == ("owner.yaml", ("a/b", "é"))
    assert doc.node["x-ref"].target() == doc.node["x-b"][0]
    assert doc.node["x-a"].follow() == doc.node["x-a"]
    back = document(tmp_path, "x-c: {$ref: 'owner.yaml#/back'}\n" + TEXT).node["x-c"].follow()
    assert back.pointer == ("x-a",)
    assert [source.path.name for source in doc.sources] == ["openapi.yaml", "owner.yaml"]


def test_references_that_lead_nowhere(tmp_path: Path) -> None:
    doc = document(tmp_path, TEXT, owner=OWNER)
    circle, lost = doc.node["x-b"][1], doc.node["x-b"][3]
    assert (circle.follow().value, lost.follow().value, lost.target()) == ({}, {}, None)
    assert lost.follow() == lost
    assert messages(doc.diagnostics) == [
        "6:49 error[cyclic-reference] this reference leads back to itself without reaching"
        " a definition",
        "6:87 error[unresolved-reference] `#/x-a/no` does not exist: there is no `no` in #/x-a",
    ]


def test_a_link_out_of_the_folder_is_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("a: 1\n")
    inside = tmp_path / "spec"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    doc = document(inside, "x: {$ref: link.yaml}\n")
    assert doc.node["x"].target() is None
    assert [found.code for found in doc.diagnostics] == ["reference-outside"]


def test_nodes_are_equal_by_place(tmp_path: Path) -> None:
    doc = document(tmp_path, TEXT, owner=OWNER)
    assert len({doc.node["x-a"], doc.node["x-a"], doc.node["x-b"][0], doc.node["x-b"][0]}) == 2
    assert "x-a" in doc.node
    assert doc.node.get("nope") is None
    with pytest.raises(KeyError):
        doc.node["nope"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string"}, {"type": "string"}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({"nullable": True, "properties": {}}, {"type": ["object", "null"], "properties": {}}),
        (
            {"nullable": True, "description": "d", "allOf": [{"$ref": "#/a"}]},
            {"description": "d", "anyOf": [{"allOf": [{"$ref": "#/a"}]}, {"type": "null"}]},
        ),
        (
            {"nullable": True, "oneOf": [{"type": "string"}]},
            {"oneOf": [{"type": "string"}, {"type": "null"}]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"example": 1}, {"examples": [1]}),
        (
            {"$ref": "#/a", "nullable": True, "description": "d", "minimum": 1},
            {"description": "d", "anyOf": [{"$ref": "#/a"}, {"type": "null"}]},
        ),
        (
            {"type": ["string", "integer"], "x-nullable": True},
            {"type": ["string", "integer", "null"]},
        ),
        (
            {"const": 1, "nullable": True},
            {"anyOf": [{"const": 1}, {"type": "null"}]},
        ),
        ({"type": "string", "required": True}, {"type": "string"}),
    ],
)
def test_old_keywords_become_new_ones(old: dict[str, Json], new: dict[str, Json]) -> None:
    before = repr(old)
    assert modern(old, Version.V3_0) == new
    assert repr(old) == before


def test_new_documents_are_taken_as_they_are(tmp_path: Path) -> None:
    schema: dict[str, Json] = {"$ref": "#/a", "minimum": 1, "example": 1}
    assert modern(schema, Version.V3_1) is schema
    text = "x: {type: number, minimum: 1, exclusiveMinimum: 3}\n"
    assert document(tmp_path, text).node["x"].as_schema().value == {
        "type": "number",
        "minimum": 1,
        "exclusiveMinimum": 3,
    }


def test_nullable_is_understood_in_every_version(tmp_path: Path) -> None:
    for version in ("3.0.3", "3.1.0", "3.2.0"):
        text = "x: {type: string, nullable: true}\n"
        read = document(tmp_path, text, version=version).node["x"].as_schema()
        assert read.value == {"type": ["string", "null"]}
    assert read.pointer == ("x",)
