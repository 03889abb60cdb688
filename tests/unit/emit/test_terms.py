"""Every generated file says under which terms it may be used."""

import json
import re
from pathlib import Path

import pytest

from conftest import REPO
from oasmith import cli
from oasmith.emit.files import TERMS

SNAPSHOT = REPO / "tests" / "snapshots" / "streams" / "expected"
KINDS = {".json", ".md", ".py", ".toml", ".txt", ".yml"}
SENTENCE = TERMS.removeprefix("This file ")
IN_RUNTIME = "oasmith copies this file into packages. There it " + SENTENCE


def words(text: str) -> str:
    """Return the words of a text, of comments too, in one line."""
    return " ".join(re.sub(r"^#", "", text, flags=re.MULTILINE).split())


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terms")
    document = REPO / "spec" / "openapi.yaml"
    assert cli.main(["generate", str(document), "--output", str(folder)]) == 0
    return folder


def kinds(folder: Path) -> set[str]:
    """Check each file, and return their kinds."""
    found = set()
    for path in sorted(folder.rglob("*")):
        # Of what git ignores nothing is handed on, and what marks a typed package is empty.
        if path.is_dir() or ".oasmith-cache" in path.parts or path.name == "py.typed":
            continue
        said = words(path.read_text(encoding="utf-8"))
        if "_runtime" in path.parts:
            assert IN_RUNTIME in said, path
        else:
            assert SENTENCE in said, path
        found.add(path.suffix)
    return found


def test_all_files_of_a_run(generated: Path) -> None:
    assert kinds(generated) == KINDS


def test_all_files_of_a_snapshot() -> None:
    assert kinds(SNAPSHOT) == KINDS


def test_json_says_so_in_members(generated: Path) -> None:
    bundle = json.loads((generated / "openapi.bundled.json").read_text(encoding="utf-8"))
    manifest = json.loads((generated / ".oasmith.json").read_text(encoding="utf-8"))
    assert bundle["x-terms-of-this-file"] == manifest["terms"] == TERMS


def test_the_readme_says_so() -> None:
    said = words((REPO / "README.md").read_text(encoding="utf-8"))
    assert "What was generated " + SENTENCE in said
