"""The samples of the docs do what they show, and Python sends what curl sends."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from behaviour.client.server import Answer, Server, serve
from conftest import REPO

DOCS = REPO / "generated" / "docs"
PAGES = [*sorted((DOCS / "services").glob("*.md")), DOCS / "operations/inference/put.md"]
WITH_SAMPLES = [page for page in PAGES if page.name != "index.md"]

# Shows how the shell calls curl: each argument and what is fed in, ended by NUL.
SHOWING_CURL = "curl() { printf '%s\\0' \"$@\"; cat; }\n"


def block(page: Path, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)\n```$", page.read_text(), re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


def test_every_service_has_samples() -> None:
    index = (DOCS / "services/index.md").read_text()
    services = {*re.findall(r"^\| \[`([\w-]+)`\]", index, re.MULTILINE)}
    assert len(services) == len(WITH_SAMPLES) - 1 == 26


@pytest.mark.parametrize("page", WITH_SAMPLES, ids=lambda page: page.stem)
def test_python_sends_what_curl_sends(
    page: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, command = block(page, "python"), block(page, "bash")
    variables = {name: f"the {name}" for name in re.findall(r'environ\["(\w+)"\]', program)}
    variables |= {"ELASTICSEARCH_URL": server.url, "ELASTICSEARCH_API_KEY": "key-of-the-test"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    shell = ["sh", "-c", SHOWING_CURL + command]
    shown = subprocess.run(shell, env=variables, capture_output=True, text=True, check=True).stdout
    *arguments, body = shown.split("\0")
    endpoint = {"inference_id": "my-inference-id", "task_type": "rerank", **json.loads(body)}
    server.answers = [Answer.of(endpoint)]

    names: dict[str, Any] = {}
    exec(compile(program, str(page), "exec"), names)
    names["client"].close()

    assert len(server.seen) == 1
    sent = server.last
    assert arguments[:3] == ["-X", sent.method, f"{server.url}{sent.target}"]
    assert f"Authorization: {sent.headers['authorization']}" in arguments
    assert sent.json() == json.loads(body)
