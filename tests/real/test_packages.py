"""What is made of real documents works: complete, importable, tidy, typed, the same every time."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import REPO, SHARED

FEW = (
    "camara-qod/API_definitions/quality-on-demand.yaml",
    "heyapi-31-full/full.yaml",
    "oai-webhook-example.yaml",
    "oapicodegen-naming-conflicts.yaml",
    "opc-baseline-openapi-3.1.yaml",
    "readme30-discriminators.json",
)
"""Documents of `shared/specs` that are tried in every run of the tests."""

BUILDING = REPO / "tests" / "real" / "building.py"
PACKAGE = "real_api"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a document. Texts are those of the tools, empty where nothing is wrong."""

    calls: dict[str, set[tuple[str, str]]]
    models: int
    ruff: str
    mypy: str
    differ: list[str]
    """Files that are not the same under another seed of the hashes."""


def generated(path: Path, folder: Path, seed: str) -> dict[str, bytes]:
    folder.mkdir()
    arguments = ["generate", str(path), "--output", "out", "--package", PACKAGE, "--allow-outside"]
    subprocess.run(
        [sys.executable, "-m", "oasmith", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted((folder / "out").rglob("*"))
        if file.is_file()
    }


def tried(path: Path, folder: Path, cache: Path) -> Tried:
    one = generated(path, folder / "one", "1")
    two = generated(path, folder / "two", "2")
    source = folder / "one" / "out" / PACKAGE / "src"
    built = subprocess.run(
        [sys.executable, str(BUILDING), PACKAGE],
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr.decode()[-2000:]
    found = json.loads(built.stdout)
    return Tried(
        calls={kind: set(map(tuple, calls)) for kind, calls in found["calls"].items()},
        models=found["models"],
        ruff=said(["ruff", "check", "--isolated", "--no-cache", "--quiet", "."], source),
        mypy=said(["mypy", "--strict", f"--cache-dir={cache}", "--package", PACKAGE], source),
        differ=sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name)),
    )


def said(tool: list[str], folder: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-m", *tool], cwd=folder, capture_output=True, check=False
    )
    return (run.stdout + run.stderr).decode()[-2000:] if run.returncode else ""


def described(path: Path) -> set[tuple[str, str]]:
    """Return the methods and paths of a document, read without oasmith."""
    document = read(path)
    calls = set()
    for name, item in document.get("paths", {}).items():
        if name.startswith("/"):
            for method in whole(item, document, path) & set(METHODS):
                calls.add((method.upper(), name))
    return calls


def whole(item: dict[str, Any], document: dict[str, Any], path: Path) -> set[str]:
    """Return the members of a path item and of what it refers to."""
    words = set(item)
    if "$ref" in item:
        file, _, pointer = item["$ref"].partition("#")
        target = read(path.parent / file) if file else document
        inside = target
        for step in pointer.split("/")[1:]:
            inside = inside[step.replace("~1", "/").replace("~0", "~")]
        words |= whole(inside, target, path.parent / file if file else path)
    return words


def read(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    found: dict[str, Any] = (
        json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    )
    return found


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a cache for mypy: the libraries are read once, not once for each document."""
    return tmp_path_factory.mktemp("mypy")


@pytest.mark.shared
@pytest.mark.parametrize("document", FEW)
def test_a_package_works(document: str, tmp_path: Path, cache: Path) -> None:
    path = SHARED / "specs" / document
    found = tried(path, tmp_path, cache)
    assert found.ruff == ""
    assert found.mypy == ""
    assert found.differ == []
    assert found.calls == {"sync": described(path), "aio": described(path)}
    assert found.models > 0


@pytest.mark.shared
@pytest.mark.skipif("REAL" not in os.environ, reason="takes minutes: `make real`")
def test_the_package_of_every_document_works(shared: Path, tmp_path: Path, cache: Path) -> None:
    with (shared / "specs" / "manifest.tsv").open(encoding="utf-8") as file:
        entries = [row["entry"] for row in csv.DictReader(file, delimiter="\t")]
    wrong = {}
    for number, entry in enumerate(entries):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = shared / "specs" / entry
        found = tried(path, folder, cache)
        missing = [described(path) ^ calls for calls in found.calls.values()]
        if found.ruff or found.mypy or found.differ or any(missing):
            wrong[entry] = (found.ruff, found.mypy, found.differ, missing)
    assert wrong == {}
    assert len(entries) > 20
