"""A server on loopback, and a client of the generated package that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch_inference import Client

from behaviour.client.server import ENDPOINT, Server, serve


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for variable in ("ELASTICSEARCH_URL", "ELASTICSEARCH_API_KEY", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with serve() as server:
        server.answers = [ENDPOINT]
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.url, max_retries=0) as client:
        yield client
