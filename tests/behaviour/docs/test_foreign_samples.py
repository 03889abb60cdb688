"""Samples of documents that have no fake: each form is the request that Python sends."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.docs.samples import Recorder, groups, of_console, of_curl, run, variables
from conftest import SHARED
from oasmith import pipeline
from oasmith.config import Config, MarkdownSettings, Targets
from oasmith.diagnostics import Diagnostics

HERE = Path(__file__).parent
SETTINGS = Targets(markdown=MarkdownSettings(samples=("python", "python-async", "curl", "console")))


@pytest.mark.parametrize(
    ("document", "least"),
    [
        (HERE / "forms.yaml", 9),
        pytest.param(SHARED / "specs" / "box.json", 200, marks=pytest.mark.shared),
        pytest.param(SHARED / "specs" / "openapitools-petstore.yaml", 15, marks=pytest.mark.shared),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_every_form_of_a_sample_is_the_same_request(
    document: Path, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"samples_of_{document.stem.replace('-', '_')}"
    config = Config(document=document, output=tmp_path / "out", package=name, targets=SETTINGS)
    diagnostics = Diagnostics()
    result = pipeline.generate(config, diagnostics)
    pipeline.write(config, result, diagnostics, force=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content.bin").write_bytes(b"content")
    sys.path.insert(0, str(tmp_path / "out" / name / "src"))
    wrong = []
    count = 0
    try:
        package = importlib.import_module(name)
        for file in result.files:
            if not file.path.startswith("docs/operations/") or not file.path.endswith(".md"):
                continue
            for group in groups(file.text):
                count += 1
                wrong += [
                    f"{file.path}: {problem}"
                    for problem in differences(group, package, monkeypatch)
                ]
    finally:
        sys.path.pop(0)
        for module in [each for each in sys.modules if each.split(".")[0] == name]:
            del sys.modules[module]
    assert wrong == []
    assert count >= least


def differences(
    group: dict[str, str], package: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Yield how the forms of a sample differ."""
    environment = variables(group)
    environment["BASE_URL"] = "http://server.test"
    requests = []
    for form in ("Python", "Python, async"):
        with monkeypatch.context() as patch:
            for key, value in environment.items():
                patch.setenv(key, value)
            try:
                requests.append(run(group[form], package, patch, Recorder()))
            except (ValueError, TypeError, AssertionError) as error:
                yield f"{form}: {type(error).__name__}: {str(error)[:300]}"
                return
    sync, aio = requests
    if aio != sync:
        yield f"async: {aio} != {sync}"
    curl = of_curl(group["curl"], environment, server=requests[0].server)
    if replace(curl, body=plain(curl.body)) != replace(sync, body=plain(sync.body)):
        yield f"curl: {curl} != {sync}"
    if "Console" in group:
        console = of_console(group["Console"], environment, sync.media_type)
        # A console is signed in: it has no credentials in the query.
        query = tuple(pair for pair in sync.query if pair[1] not in environment.values())
        if (console.method, console.path, console.query, plain(console.body)) != (
            sync.method,
            sync.path,
            query,
            plain(sync.body),
        ):
            yield f"console: {console} != {sync}"


def plain(value: Any) -> Any:
    """Return a body in which times and JSON in forms are written in one way."""
    match value:
        case dict():
            return {key: plain(member) for key, member in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case str():
            with suppress(ValueError):
                return json.loads(value)
            with suppress(ValueError):
                return datetime.fromisoformat(value)
            return value
        case _:
            return value
