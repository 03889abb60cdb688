"""openapi-spec-validator is the referee: over real documents our verdict is its verdict."""

import csv
from pathlib import Path

import pytest

from oasmith.diagnostics import Diagnostics, Severity
from oasmith.openapi import check, load

DIFFERENCES = {
    "airflow-v2": "requirements of a security scheme that nothing describes: it does not look",
    "discord": "two empty enums: it takes a schema that nothing fits",
    "apisguru-amazonaws-com-dynamodb": "a pattern in Java's dialect: the model that is to run a "
    "pattern judges it, not the reader",
    "oapicodegen-parameters-roundtrip": "operators of RFC 6570 in path templates, `{;id*}`: "
    "it takes them for part of the name",
}
"""Documents on which we differ from its verdict, and why. It does not look at examples."""


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> dict[str, tuple[str, Diagnostics]]:
    specs: Path = request.getfixturevalue("shared") / "specs"
    found = {}
    with (specs / "manifest.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            diagnostics = Diagnostics()
            path = specs / row["entry"]
            # One document keeps what it shares beside its folder.
            check(load(path, diagnostics, allow_outside=True), diagnostics)
            found[row["name"]] = (row["validator"], diagnostics)
    return found


def test_the_verdict_is_that_of_openapi_spec_validator(
    verdicts: dict[str, tuple[str, Diagnostics]],
) -> None:
    assert len(verdicts) == 30
    differing = {
        name
        for name, (verdict, diagnostics) in verdicts.items()
        if (verdict == "valid") != all(found.code == "example" for found in diagnostics)
    }
    assert differing == set(DIFFERENCES)


def test_documents_in_daily_use_go_through(
    verdicts: dict[str, tuple[str, Diagnostics]],
) -> None:
    stopped = {
        name: diagnostics.render()
        for name, (_, diagnostics) in verdicts.items()
        if diagnostics.failed
    }
    assert stopped == {}


def test_what_is_found_in_elasticsearch(verdicts: dict[str, tuple[str, Diagnostics]]) -> None:
    _, diagnostics = verdicts["es-serverless"]
    codes = [found.code for found in diagnostics if found.severity is Severity.WARNING]
    assert codes.count("invalid-default") == 44  # as many as openapi-spec-validator has
