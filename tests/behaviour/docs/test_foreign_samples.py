"""Samples of documents that have no fake: each form is the request that Python sends."""

from __future__ import annotations

import csv
import importlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
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
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from oasmith.targets.markdown.settings import MarkdownSettings

HERE = Path(__file__).parent
REFUSED = ": Python: InvalidRequest: "
SPECS = SHARED / "specs"
CASES = SHARED / "cases" / "documents"
SETTINGS = {"markdown": MarkdownSettings(samples=("python", "python-async", "curl", "console"))}


@pytest.mark.parametrize(
    ("document", "least", "select"),
    [
        (HERE / "forms.yaml", 9, ()),
        (HERE / "styles.yaml", 12, ()),
        pytest.param(CASES / "curl_styles.yaml", 1, (), marks=pytest.mark.shared),
        pytest.param(SPECS / "box.json", 200, (), marks=pytest.mark.shared),
        pytest.param(SPECS / "openapitools-petstore.yaml", 15, (), marks=pytest.mark.shared),
        pytest.param(
            SPECS / "oapicodegen-parameters-roundtrip.yaml", 28, (), marks=pytest.mark.shared
        ),
        pytest.param(SPECS / "redocly-museum.yaml", 8, (), marks=pytest.mark.shared),
        pytest.param(
            SPECS / "digitalocean" / "DigitalOcean-public.v2.yaml",
            40,
            ("tag:Droplets", "tag:Apps", "tag:Monitoring"),
            marks=pytest.mark.shared,
        ),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_every_form_of_a_sample_is_the_same_request(
    document: Path,
    least: int,
    select: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count, wrong = compared(document, select, tmp_path, monkeypatch)
    assert wrong == []
    assert count >= least


@pytest.mark.shared
@pytest.mark.skipif("SAMPLES" not in os.environ, reason="takes minutes: `make samples`")
def test_every_form_of_a_sample_of_every_document(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (shared / "specs" / "manifest.tsv").open(encoding="utf-8") as file:
        entries = [row["entry"] for row in csv.DictReader(file, delimiter="\t")]
    found = {}
    refused = set()
    for number, entry in enumerate(entries):
        folder = tmp_path / str(number)
        folder.mkdir()
        count, wrong = compared(shared / "specs" / entry, (), folder, monkeypatch)
        refused |= {each.partition(":")[0] for each in wrong if REFUSED in each}
        found[entry] = count, [each for each in wrong if REFUSED not in each]
    assert {entry: wrong for entry, (_, wrong) in found.items() if wrong} == {}
    # Values to show are a matter of their own; a request that is not sent cannot be compared.
    assert len(refused) <= 14, refused
    assert len(entries) > 20
    assert sum(count for count, _ in found.values()) > 2000


def compared(
    document: Path, select: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, list[str]]:
    """Return how many requests the docs of a document show, and how their forms differ."""
    name = f"samples_of_{re.sub(r'[^a-z0-9]', '_', document.stem.lower())}"
    config = Config(
        document=document,
        output=folder / "out",
        package=name,
        targets=SETTINGS,
        select=select,
        allow_outside=True,
    )
    diagnostics = Diagnostics()
    result = pipeline.generate(config, diagnostics)
    result.write()
    monkeypatch.chdir(folder)
    (folder / "content.bin").write_bytes(b"content")
    sys.path.insert(0, str(folder / "out" / name / "src"))
    wrong = []
    count = 0
    try:
        package = importlib.import_module(name)
        servers = _servers(Path(package.__path__[0]))
        for file in result.files:
            if not file.path.startswith("docs/operations/") or not file.path.endswith(".md"):
                continue
            for group in groups(file.text):
                count += 1
                wrong += [
                    f"{file.path}: {problem}"
                    for problem in differences(group, package, servers, monkeypatch)
                ]
    finally:
        sys.path.pop(0)
        for module in [each for each in sys.modules if each.split(".")[0] == name]:
            del sys.modules[module]
    return count, wrong


def _servers(package: Path) -> list[str]:
    sources = [file.read_text(encoding="utf-8") for file in package.glob("sync/*.py")]
    return [url for text in sources for url in re.findall(r'\bserver="(https?://[^"]+)"', text)]


def differences(
    group: dict[str, str],
    package: ModuleType,
    servers: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Yield how the forms of a sample differ. `servers` are those of single operations: a client
    that is given its transport leaves them aside.
    """
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
    try:
        curl = of_curl(group["curl"], environment, servers=[sync.server, *servers])
    except AssertionError as error:
        yield f"curl: {error}"
        return
    if replace(curl, body=plain(curl.body)) != replace(sync, body=plain(sync.body)):
        yield f"curl: {curl} != {sync}"
    if "Console" in group:
        console = of_console(group["Console"], environment, sync.media_type)
        # A console is signed in: it has no credentials.
        query = tuple(
            pair for pair in sync.query if pair.partition("=")[2] not in environment.values()
        )
        signed_in = replace(sync, query=query, authorization=None, headers=())
        if replace(console, body=plain(console.body)) != replace(signed_in, body=plain(sync.body)):
            yield f"console: {console} != {signed_in}"


def plain(value: Any) -> Any:
    """Return a body in which times are written in one way; clients read and write them."""
    match value:
        case dict():
            return {key: plain(member) for key, member in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case str():
            with suppress(ValueError):
                return datetime.fromisoformat(value).isoformat()
            return value
        case _:
            return value
