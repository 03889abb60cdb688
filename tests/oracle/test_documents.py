"""Our models against JSON Schema and datamodel-code-generator, over many documents.

Each schema of a document, in requests and in responses, is asked about instances that are right and
about instances with one thing wrong. Where ours differs from JSON Schema, one of `REASONS` explains
it. In continuous integration that is done for a few documents and a part of their schemas, by
`make oracle` for every document of `shared/` too big or too slow for that.
"""

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from conftest import REPO, SHARED
from oracle.compare import Report, beside, compare
from oracle.document import Document, Json, Place
from oracle.reasons import REASONS, Name

SNAPSHOTS = REPO / "tests" / "snapshots"

OWN = (
    *("access", "additional_properties", "all_of", "arrays_and_maps", "constraints", "enums"),
    *("formats", "nullable", "objects", "recursion", "rules", "tagged_union", "tuples"),
    *("union_by_keys", "union_by_trial", "union_by_type"),
)
"""Folders of `tests/snapshots`."""

FEW = (
    "oai-tictactoe.yaml",
    "openapitools-petstore.yaml",
    "readme30-discriminators.json",
    "redocly-museum.yaml",
)
"""Documents of `shared/specs` that are compared in every run of the tests."""


def places_of(document: Document, most: int) -> list[Place]:
    every = list(document.schemas())
    draw = random.Random(document.entry.name)
    return sorted(draw.sample(every, min(len(every), most)))


def reported(path: Path, scratch: Path, name: str, *, schemas: int, instances: int) -> Report:
    folder = beside(path, scratch)
    document = Document(folder / path.name)
    return compare(document, places_of(document, schemas), folder, name, instances=instances)


def check(report: Report) -> None:
    unexplained = [str(each) for each in report.differences if not each.reasons]
    assert unexplained == [], "\n".join([f"{len(unexplained)} differences", *unexplained[:5]])
    assert report.counts["request right"] >= 10
    assert report.counts["request wrong"] >= 20
    assert report.counts["no right instance"] <= report.counts["schemas"] / 6


@pytest.mark.parametrize("feature", OWN)
def test_own_documents(feature: str, tmp_path: Path) -> None:
    path = SNAPSHOTS / feature / "openapi.yaml"
    report = reported(path, tmp_path, f"own_{feature}", schemas=10, instances=30)
    check(report)
    assert report.peer == "" or "email-validator" in report.peer


@pytest.mark.shared
@pytest.mark.parametrize("name", FEW)
def test_documents_of_others(name: str, tmp_path: Path) -> None:
    package = "shared_" + name.partition(".")[0].replace("-", "_")
    check(reported(SHARED / "specs" / name, tmp_path, package, schemas=20, instances=30))


@pytest.mark.shared
def test_every_document(every_document: Sequence[Path], tmp_path: Path) -> None:
    failed = []
    counts: Counter[str] = Counter()
    for number, path in enumerate(every_document):
        folder = tmp_path / str(number)
        folder.mkdir()
        report = reported(path, folder, f"every_{number}", schemas=500, instances=60)
        counts += report.counts
        failed += [str(each) for each in report.differences if not each.reasons]
    assert failed == [], "\n".join([f"{len(failed)} differences", *failed[:20]])
    assert counts["request right"] >= 10_000


@pytest.fixture
def every_document(request: pytest.FixtureRequest) -> list[Path]:
    """Give the entry of each document of `shared/specs`, where `--every-document` asks for that."""
    if not request.config.getoption("--every-document"):
        pytest.skip("takes minutes: `make oracle`")
    rows = (SHARED / "specs" / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    head, *rest = [row.split("\t") for row in rows]
    return [SHARED / "specs" / row[head.index("entry")] for row in rest]


# --- the reasons ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[Name, set[tuple[Name, ...]]]:
    """Give for each reason what explains the differences about its own schema."""
    folder = tmp_path_factory.mktemp("reasons")
    names: dict[str, Name] = {f"Case{at}": name for at, name in enumerate(REASONS)}
    side = {"type": "object", "required": ["side"], "properties": {"side": {"type": "string"}}}
    schemas: dict[str, Json] = {name: REASONS[names[name]].schema for name in names}
    schemas |= {"Left": side, "Right": side}
    for name, schema in schemas.items():
        if name in names:
            schemas[name] = {**schema, "examples": [REASONS[names[name]].instance]}
    content = {
        "openapi": "3.1.0",
        "info": {"title": "Reasons", "version": "1"},
        "components": {"schemas": schemas},
    }
    entry = folder / "openapi.json"
    entry.write_text(json.dumps(content), encoding="utf-8")
    document = Document(entry)
    places = [place for place in document.schemas() if place.keys[-1] in names]
    report = compare(document, places, folder, "reasons", instances=60, peer=False)
    found: dict[Name, set[tuple[Name, ...]]] = {name: set() for name in REASONS}
    for each in report.differences:
        reason = names[each.place.rpartition("/")[2]]
        if each.instance == REASONS[reason].instance:
            found[reason].add(each.reasons)
    return found


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_still_needed(reason: Name, shown: dict[Name, set[tuple[Name, ...]]]) -> None:
    assert shown[reason] == {(reason,)}
