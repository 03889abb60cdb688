"""A small edit of a document changes few files, and what changes with every edit stands once."""

import json
from pathlib import Path

import pytest

from conftest import REPO
from oasmith import __version__, cli
from oasmith.output import MANIFEST, TERMS

DOCUMENT = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
tags: [{name: animals}, {name: keepers}]
paths:
  /animals:
    get:
      operationId: listAnimals
      tags: [animals]
      responses:
        "200":
          description: Some.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Animal"}}
  /keepers:
    post:
      operationId: addKeeper
      tags: [keepers]
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Keeper"}}}
      responses: {"204": {description: Added.}}
components:
  schemas:
    Animal:
      type: object
      description: A creature of the zoo.
      properties: {name: {type: string}, legs: {type: integer}}
    Keeper:
      type: object
      description: A person of the zoo.
      properties: {name: {type: string}, likes: {$ref: "#/components/schemas/Animal"}}
"""
MODELS = "zoo/src/zoo/models/"
WHOLE = {"docs/llms-full.txt", "openapi.bundled.json"}
"""Files that hold every page, and the document."""


def changed(tmp_path: Path, old: str, new: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the files that differ after an edit, as `--check` lists them."""
    document = tmp_path / "zoo.yaml"
    arguments = ["generate", str(document), "--package", "zoo", "--output", str(tmp_path / "out")]
    assert old in DOCUMENT
    document.write_text(DOCUMENT, encoding="utf-8")
    assert cli.main(arguments) == 0
    document.write_text(DOCUMENT.replace(old, new), encoding="utf-8")
    capsys.readouterr()
    assert cli.main([*arguments, "--check"]) == 1
    return {line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()} - {MANIFEST}


@pytest.mark.parametrize("blank", ["\n\n", "\n# a comment\n", " \n"])
def test_a_blank_changes_the_manifest_alone(
    blank: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert changed(tmp_path, "openapi: 3.1.0\n", f"openapi: 3.1.0{blank}", capsys) == set()


def test_the_description_of_a_type_changes_where_it_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert changed(tmp_path, "A creature of", "A being of", capsys) == {
        MODELS + "animal.py",
        MODELS + "animal_response.py",
        # The body is flattened: `likes` is an argument, described by its type.
        "zoo/src/zoo/aio/keepers.py",
        "zoo/src/zoo/sync/keepers.py",
        "docs/types/shared.md",
        *WHOLE,
    }


def test_the_description_of_a_response_changes_method_and_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert changed(tmp_path, "Some.", "All of them.", capsys) == {
        "zoo/src/zoo/aio/animals.py",
        "zoo/src/zoo/sync/animals.py",
        "docs/operations/animals/list-animals.md",
        *WHOLE,
    }


def test_a_diff_leaves_the_manifest_out_and_shows_code_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(tmp_path, "A creature of", "A being of", capsys)
    arguments = ["generate", str(tmp_path / "zoo.yaml"), "--package", "zoo"]
    assert cli.main([*arguments, "--output", str(tmp_path / "out"), "--diff"]) == 1
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("--- ")]
    assert f"--- a/{MANIFEST}" not in heads
    is_code = [head.endswith(".py") for head in heads]
    assert is_code == sorted(is_code, reverse=True)
    assert 0 < sum(is_code) < len(heads)


def test_a_diff_of_the_manifest_alone_is_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(tmp_path, "openapi: 3.1.0\n", "openapi: 3.1.0\n\n", capsys)
    arguments = ["generate", str(tmp_path / "zoo.yaml"), "--package", "zoo"]
    assert cli.main([*arguments, "--output", str(tmp_path / "out"), "--diff"]) == 1
    assert capsys.readouterr().out == ""


def test_digests_version_and_terms_stand_in_the_manifest_alone() -> None:
    folder = REPO / "generated"
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["generator"] == f"oasmith {__version__}"
    assert manifest["terms"] == TERMS
    assert "openapi.yaml" in manifest["inputs"]
    for path in manifest["files"]:
        text = (folder / path).read_text(encoding="utf-8")
        assert "sha256" not in text, path
        assert f"oasmith {__version__}" not in text, path
        # The package's README says it for the package.
        assert ("oasmith's licence" in text) == path.endswith("/README.md"), path
