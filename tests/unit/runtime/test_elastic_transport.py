"""Calls over the nodes of another client's transport."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import elastic_transport
import pytest
from elastic_transport.client_utils import url_to_node_config

from oasmith.runtime.auth import Bearer
from oasmith.runtime.elastic_transport import AsyncElasticTransport, ElasticTransport
from oasmith.runtime.errors import ConnectionFailed, NotFound, ServiceUnavailable, TimedOut
from unit.runtime.api import GET, POST, PUT_RED, STREAM, AClient, Client
from unit.runtime.loopback import Reply, serve

OK = Reply(chunks=[b'{"ok":true}'])
HEADERS = {"authorization": "ApiKey theirs", "x-opaque-id": "7"}
BODY = {"service_settings": {"model_id": "m", "api_key": "k"}}


def node(url: str) -> elastic_transport.NodeConfig:
    return url_to_node_config(url)


class AsyncNode(elastic_transport.BaseAsyncNode):
    """The node for urllib3, in a thread: the asynchronous ones need libraries of their own."""

    def __init__(self, config: elastic_transport.NodeConfig) -> None:
        super().__init__(config)
        self._node = elastic_transport.Urllib3HttpNode(config)

    async def perform_request(  # type: ignore[override]
        self, *args: Any, **kwargs: Any
    ) -> Any:
        return await asyncio.to_thread(self._node.perform_request, *args, **kwargs)

    async def close(self) -> None:  # type: ignore[override]
        self._node.close()


def call(url: str, operation: Any, *arguments: Any, **options: Any) -> Any:
    theirs = elastic_transport.Transport([node(url)])
    try:
        transport = ElasticTransport(theirs, HEADERS)
        with Client(transport=transport, max_retries=0, **options) as client:
            return client.call(operation, *arguments)
    finally:
        theirs.close()


def acall(url: str, operation: Any, *arguments: Any, **options: Any) -> Any:
    async def run() -> Any:
        theirs = elastic_transport.AsyncTransport([node(url)], node_class=AsyncNode)
        try:
            transport = AsyncElasticTransport(theirs, HEADERS)
            async with AClient(transport=transport, max_retries=0, **options) as client:
                return await client.call(operation, *arguments)
        finally:
            await theirs.close()

    return asyncio.run(run())


CALLERS = pytest.mark.parametrize("caller", [call, acall])


@CALLERS
def test_a_call_has_the_path_and_the_headers_of_the_other_client(caller: Any) -> None:
    with serve(lambda seen: OK) as server:
        assert caller(server.url + "/prefix", PUT_RED, {"thing_id": ".. /%"}, BODY).ok
        (seen,) = server.requests
        assert (seen.method, seen.target) == ("PUT", "/prefix/things/..%20%2F%25")
        assert seen.headers["authorization"] == "ApiKey theirs"
        assert seen.headers["x-opaque-id"] == "7"
        assert seen.headers["content-type"] == "application/vnd.things+json"
        assert seen.headers["user-agent"] == "things/1"
        assert seen.body.startswith(b'{"service":"red",')
        caller(server.url, GET, {"thing_id": ".."}, auth=Bearer("ours"))
        assert server.requests[1].target == "/things/%2E%2E"
        assert server.requests[1].headers["authorization"] == "Bearer ours"
        assert server.settles()


@CALLERS
def test_errors(caller: Any) -> None:
    replies = iter([Reply(status=404), Reply(status=503), Reply(cut="before"), Reply(delay=1)])
    with serve(lambda seen: next(replies)) as server:
        url = server.url
        with pytest.raises(NotFound):
            caller(url, POST, {}, {})
        with pytest.raises(ServiceUnavailable):
            caller(url, POST, {}, {})
        with pytest.raises(ConnectionFailed, match=r"things.make: the connection broke") as cut:
            caller(url, POST, {}, {})
        assert cut.value.sent
        with pytest.raises(TimedOut) as late:
            caller(url, POST, {}, {}, timeout=0.2)
        assert late.value.sent
    with pytest.raises(ConnectionFailed, match=r"things.make: cannot connect") as refused:
        caller(url, POST, {}, {})
    assert not refused.value.sent


@CALLERS
def test_compressed_answers(caller: Any) -> None:
    headers = [("content-type", "application/json"), ("content-encoding", "gzip")]
    reply = Reply(headers=headers, chunks=[gzip.compress(b'{"ok":true}')])
    with serve(lambda seen: reply) as server:
        assert caller(server.url, GET, {"thing_id": "x"}).ok


def test_dead_nodes_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oasmith.runtime.retries.FIRST_PAUSE", 0.001)
    with serve(lambda seen: OK) as dead:
        pass
    with serve(lambda seen: OK) as server:
        theirs = elastic_transport.Transport(
            [node(dead.url), node(server.url)], randomize_nodes_in_pool=False
        )
        with Client(transport=ElasticTransport(theirs), max_retries=3) as client:
            for _ in range(6):
                assert client.call(GET, {"thing_id": "x"}).ok
        assert len(server.requests) == 6
        assert len(theirs.node_pool) == 2
        theirs.close()


def test_a_stream_comes_whole() -> None:
    events = b'data: {"a":1}\n\ndata: {"a":2}\n\ndata: [DONE]\n\n'
    reply = Reply(headers=[("content-type", "text/event-stream")], chunks=[events], chunked=True)
    with serve(lambda seen: reply) as server:
        theirs = elastic_transport.Transport([node(server.url)])
        with (
            Client(transport=ElasticTransport(theirs)) as client,
            client.stream(STREAM, {}) as stream,
        ):
            assert list(stream) == [{"a": 1}, {"a": 2}]
        theirs.close()
