"""A client over the connections of an `Elasticsearch` object."""

from __future__ import annotations

import asyncio
from typing import Any

import elastic_transport
import pytest
from elastic_transport.client_utils import url_to_node_config
from elasticsearch_inference import AsyncClient, Client, errors

from behaviour.client.server import Answer, Server

HEADERS = elastic_transport.HttpHeaders({"Authorization": "ApiKey theirs", "X-Opaque-Id": "7"})


class Elasticsearch:
    """As much of elasticsearch-py's class as matters: what it holds, and under which names."""

    def __init__(self, url: str) -> None:
        self.transport = elastic_transport.Transport([url_to_node_config(url)])
        self._headers = HEADERS


class Node(elastic_transport.BaseAsyncNode):
    """The node for urllib3, in a thread: the asynchronous ones need libraries of their own."""

    def __init__(self, config: elastic_transport.NodeConfig) -> None:
        super().__init__(config)
        self._node = elastic_transport.Urllib3HttpNode(config)

    async def perform_request(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return await asyncio.to_thread(self._node.perform_request, *args, **kwargs)

    async def close(self) -> None:  # type: ignore[override]
        self._node.close()


class AsyncElasticsearch:
    """The same, asynchronous."""

    def __init__(self, url: str) -> None:
        self.transport = elastic_transport.AsyncTransport(
            [url_to_node_config(url)], node_class=Node
        )
        self._headers = HEADERS


@pytest.fixture(autouse=True)
def _misleading(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setenv("ELASTICSEARCH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", "not-this-one")
    server.answers = [Answer.of({"endpoints": []})]


def check(server: Server) -> None:
    assert server.last.target == "/_inference"
    assert server.last.headers["authorization"] == "ApiKey theirs"
    assert server.last.headers["x-opaque-id"] == "7"
    assert server.last.headers["x-mine"] == "1"


def test_calls_go_over_its_nodes_with_its_credentials(server: Server) -> None:
    es = Elasticsearch(server.url)
    with Client.from_elasticsearch(es, headers={"x-mine": "1"}) as client:
        assert client.inference.get().endpoints == []
        assert server.url in repr(client)
        assert "theirs" not in repr(client)
    check(server)
    # Closing the client leaves the connections to their owner.
    assert Client.from_elasticsearch(es).inference.get().endpoints == []
    es.transport.close()


def test_the_same_asynchronously(server: Server) -> None:
    async def main() -> None:
        es = AsyncElasticsearch(server.url)
        async with AsyncClient.from_elasticsearch(es, headers={"x-mine": "1"}) as client:
            assert (await client.inference.get()).endpoints == []
        await es.transport.close()

    asyncio.run(main())
    check(server)


def test_errors_are_ours(server: Server) -> None:
    server.answers = [Answer.of({"error": {"type": "t", "reason": "r"}, "status": 404}, 404)]
    es = Elasticsearch(server.url)
    with pytest.raises(errors.NotFound, match="404 t: r"):
        Client.from_elasticsearch(es).inference.get(inference_id="x")
    es.transport.close()


def test_objects_of_another_kind_are_refused(server: Server) -> None:
    es = Elasticsearch(server.url)
    wrong: Any = AsyncElasticsearch(server.url)
    with pytest.raises(TypeError, match="no `transport` that is synchronous"):
        Client.from_elasticsearch(wrong)
    for other in (es, object()):
        anything: Any = other
        with pytest.raises(TypeError, match="no `transport` that is asynchronous"):
            AsyncClient.from_elasticsearch(anything)
    es.transport.close()
