"""Docs of whole documents: every link leads somewhere, every page can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from conftest import REPO
from oasmith import pipeline
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from unit.docs.links import broken_links

LARGEST = 300_000
"""Bytes of the largest page."""


def docs(config: Config) -> dict[str, str]:
    result = pipeline.generate(structs.replace(config, emit=("docs",)), Diagnostics())
    return {
        file.path.removeprefix("docs/"): file.text
        for file in result.files
        if file.path.endswith(".md")
    }


@pytest.fixture(scope="module")
def serverless(shared: Path) -> dict[str, str]:
    document = shared / "specs" / "es-serverless.json"
    return docs(Config(document=document, output=Path("unused"), package="serverless"))


def test_links_of_the_flagship() -> None:
    pages = docs(Config(document=REPO / "spec" / "openapi.yaml", output=Path("unused")))
    assert len([page for page in pages if page.startswith("services/")]) == 27
    assert broken_links(pages) == []


def test_links_of_a_large_document(serverless: dict[str, str]) -> None:
    assert len([page for page in serverless if page.startswith("operations/")]) > 300
    assert broken_links(serverless) == []


def test_no_page_is_too_long(serverless: dict[str, str]) -> None:
    too_long = {path: len(p.encode()) for path, p in serverless.items() if len(p) > LARGEST // 2}
    assert all(size < LARGEST for size in too_long.values()), too_long
    listed = sum(page.count("\n| [") for path, page in serverless.items() if "types/index-" in path)
    assert listed > 1_800


def test_notation_of_a_foreign_document(serverless: dict[str, str]) -> None:
    assert 'type Duration = string | "-1" | "0"\n' in serverless["types/types/d.md"]
