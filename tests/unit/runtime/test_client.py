"""Calls over a real connection, sync and async."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from oasmith.runtime.auth import ApiKey, Basic, Bearer
from oasmith.runtime.errors import (
    ApiError,
    BadRequest,
    ConnectionFailed,
    InvalidRequest,
    InvalidResponse,
    OperationError,
    TimedOut,
    TooManyRequests,
)
from oasmith.runtime.headers import Headers
from oasmith.runtime.operations import Body, Operation, Response, Route
from oasmith.runtime.options import Settings
from oasmith.runtime.sync.client import SyncClient
from oasmith.runtime.transport import Limits, Network, Request, Timeout
from oasmith.runtime.transport import Response as Answer
from unit.runtime.api import GET, POST, PUT_RED, AClient, Client, Thing
from unit.runtime.loopback import Reply, Seen, Server, serve

OK = Reply(chunks=[b'{"ok":true,"size":1,"more":{"x":1.0}}'])
JSON = (("content-type", "application/json"),)


def always(reply: Reply, seen: Seen) -> Reply:
    return reply


def call(url: str, operation: Operation[Any], *arguments: Any, **options: Any) -> Any:
    with Client(url, **options) as client:
        return client.call(operation, *arguments)


def acall(url: str, operation: Operation[Any], *arguments: Any, **options: Any) -> Any:
    async def run() -> Any:
        async with AClient(url, **options) as client:
            return await client.call(operation, *arguments)

    return asyncio.run(run())


CALLERS = pytest.mark.parametrize("caller", [call, acall])


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oasmith.runtime.retries.FIRST_PAUSE", 0.001)


@CALLERS
def test_a_call(caller: Any) -> None:
    with serve(lambda seen: OK) as server:
        thing = caller(
            server.url + "/base/",
            PUT_RED,
            {"thing_id": "..", "task_type": "rerank"},
            {"service_settings": {"model_id": "ü", "api_key": "sk-1"}},
            auth=ApiKey("key", prefix="ApiKey "),
            headers={"X-More": "1"},
        )
        assert isinstance(thing, Thing)
        assert thing.model_dump_json() == '{"ok":true,"size":1,"more":{"x":1.0}}'
        (seen,) = server.requests
        body = '{"service":"red","service_settings":{"model_id":"ü","api_key":"sk-1"}}'.encode()
        assert seen.method == "PUT"
        assert seen.target == "/base/things/rerank/%2E%2E"
        assert seen.body == body
        assert seen.headers == {
            "host": server.url.removeprefix("http://"),
            "user-agent": "things/1",
            "x-more": "1",
            "content-type": "application/vnd.things+json",
            "accept": "application/vnd.things+json",
            "authorization": "ApiKey key",
            "content-length": str(len(body)),
        }
        assert server.settles()


@CALLERS
def test_nothing_is_sent_when_the_call_is_wrong(caller: Any) -> None:
    with serve(lambda seen: OK) as server:
        with pytest.raises(InvalidRequest):
            caller(server.url, GET, {"thing_id": ""})
        assert server.requests == []


def test_raw_answers() -> None:
    with serve(lambda seen: Reply(chunks=[b"{}"], headers=[*JSON, ("X-A", "b")])) as server:
        with Client(server.url) as client:
            raw = client.call_raw(GET, {"thing_id": "x"})
            assert (raw.status, raw.headers["x-a"], raw.body) == (200, "b", b"{}")
            with pytest.raises(InvalidResponse) as caught:
                raw.parse()
        assert str(caught.value) == (
            "things.get: the answer is not what the API describes: ok: is required"
        )
        assert caught.value.body == b"{}"


@CALLERS
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(chunks=[b"<html>"], headers=[("content-type", "text/html")]), "got text/html"),
        (Reply(chunks=[b'{"ok":']), "invalid JSON"),
        (Reply(chunks=[b""]), "invalid JSON"),
    ],
)
def test_answers_that_cannot_be_read(caller: Any, reply: Reply, words: str) -> None:
    with serve(lambda seen: reply) as server, pytest.raises(InvalidResponse, match=words):
        caller(server.url, GET, {"thing_id": "x"})


def test_answers_without_a_body_and_of_other_media_types() -> None:
    def operation(*responses: Response) -> Operation[Any]:
        return Operation(id="x", method="GET", routes=(Route("/"),), responses=responses)

    replies = iter(
        [
            Reply(status=204, headers=(), chunks=[]),
            Reply(headers=[("content-type", "text/plain")], chunks=["ü".encode()]),
            Reply(headers=[("content-type", "application/octet-stream")], chunks=[b"\xff"]),
            Reply(status=201, headers=[("content-type", "application/vnd.x+json")], chunks=[b"1"]),
        ]
    )
    with serve(lambda seen: next(replies)) as server, Client(server.url) as client:
        assert client.call(operation(Response("204")), {}) is None
        assert client.call(operation(Response("200", "text/plain", lambda: str)), {}) == "ü"
        binary = operation(Response("200", "application/octet-stream"))
        assert client.call(binary, {}) == b"\xff"
        either = operation(
            Response("2XX", "text/csv", lambda: str),
            Response("2XX", "application/json", lambda: int),
        )
        assert client.call(either, {}) == 1


@CALLERS
def test_transient_failures_are_tried_again(caller: Any) -> None:
    replies = iter([Reply(status=503), Reply(cut="before"), Reply(cut="within", chunks=[b"x" * 9])])
    with serve(lambda seen: next(replies, OK)) as server:
        assert caller(server.url, GET, {"thing_id": "x"}, max_retries=3).ok
        assert len(server.requests) == 4
        assert server.settles()


@CALLERS
@pytest.mark.parametrize("reply", [Reply(status=503), Reply(cut="before"), Reply(cut="within")])
def test_what_is_not_idempotent_is_sent_once(caller: Any, reply: Reply) -> None:
    with serve(lambda seen: reply) as server:
        with pytest.raises((ApiError, ConnectionFailed)) as caught:
            caller(server.url, POST, {}, {})
        assert caught.value.operation == "things.make"
        assert len(server.requests) == 1
        assert server.settles()


@CALLERS
def test_the_server_says_when(caller: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("oasmith.runtime.sync.primitives.time.sleep", pauses.append)

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("asyncio.sleep", sleep)
    reply = Reply(status=429, headers=[*JSON, ("retry-after", "30")])
    with serve(lambda seen: reply) as server:
        with pytest.raises(TooManyRequests):
            caller(server.url, GET, {"thing_id": "x"})
        assert len(server.requests) == 3
    assert [30 <= pause <= 33 for pause in pauses] == [True, True]


@CALLERS
def test_no_server(caller: Any) -> None:
    with serve(lambda seen: OK) as server:
        url = server.url
    with pytest.raises(ConnectionFailed, match=r"^things.make: cannot connect: ") as caught:
        caller(url, POST, {}, {})
    assert not caught.value.sent


@CALLERS
@pytest.mark.parametrize(
    ("timeout", "phase"),
    [(Timeout(read=0.1, total=None), "read"), (0.1, None), (Timeout(total=0.1), None)],
)
def test_timeouts(caller: Any, timeout: Timeout | float, phase: str | None) -> None:
    with serve(lambda seen: Reply(delay=0.6)) as server:
        with pytest.raises(TimedOut) as caught:
            caller(server.url, POST, {}, {}, timeout=timeout)
        assert caught.value.operation == "things.make"
        assert caught.value.sent
        assert phase is None or caught.value.phase == phase
        assert server.settles()


@CALLERS
def test_a_body_that_drips_does_not_outlive_the_deadline(caller: Any) -> None:
    reply = Reply(chunks=[b"x"] * 100, chunked=True, pause=0.05)
    with serve(lambda seen: reply) as server:
        with pytest.raises(TimedOut) as caught:
            caller(server.url, GET, {"thing_id": "x"}, timeout=0.3)
        assert caught.value.phase == "total"
        assert server.settles()


@CALLERS
def test_credentials_do_not_follow_a_redirect(caller: Any) -> None:
    with serve(lambda seen: OK) as elsewhere:
        location = ("location", elsewhere.url + "/")
        for status in (301, 302, 307, 308):
            reply = Reply(status=status, headers=[location])
            with serve(partial(always, reply)) as server:
                with pytest.raises(ApiError, match="redirects are not followed") as caught:
                    caller(server.url, GET, {"thing_id": "x"}, auth=Bearer("t"))
                assert caught.value.status == status
        assert elsewhere.requests == []


@CALLERS
def test_secrets_stay_out_of_logs_and_errors(caller: Any, caplog: pytest.LogCaptureFixture) -> None:
    def handler(seen: Seen) -> Reply:
        echo = b'{"error":{"type":"t","reason":"' + seen.body.replace(b'"', b"'") + b'"}}'
        return Reply(status=503 if len(server.requests) == 1 else 400, chunks=[echo])

    settings = {"model_id": "m", "api_key": "sk-secret"}
    with serve(handler) as server, caplog.at_level(logging.DEBUG):
        url = server.url.replace("http://", "http://me:pass-secret@")
        for auth in (
            None,
            ApiKey("key-secret", name="key", place="query"),
            Basic("me", "b-secret"),
        ):
            server.requests.clear()
            with pytest.raises(BadRequest) as caught:
                caller(url, PUT_RED, {"thing_id": "x"}, {"service_settings": settings}, auth=auth)
            assert len(server.requests) == 2
            error = caught.value
            assert "'api_key':'**********'" in str(error)
            assert "secret" not in f"{error} {error!r} {error.__dict__} {error.__cause__!r}"
        assert "things.put: 503" in caplog.text
        assert "secret" not in caplog.text
        with Client(url, auth=Bearer("t-secret")) as client:
            shown = (
                f"{client!r} {client._options!r} {client.with_options(auth=Bearer('x-secret'))!r}"
            )
            assert "secret" not in shown


def test_names_of_users_in_addresses_become_credentials() -> None:
    with (
        serve(lambda seen: OK) as server,
        Client(server.url.replace("http://", "http://me:p%40ss@")) as client,
    ):
        client.call(GET, {"thing_id": "x"})
        assert server.requests[0].headers["authorization"] == "Basic bWU6cEBzcw=="
        assert repr(client) == f"Client('{server.url}')"


def test_options_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    class Api(SyncClient):
        _settings = Settings(
            user_agent="x",
            base_url="http://document.invalid",
            base_url_variable="THINGS_URL",
            credentials=(Bearer("env:THINGS_TOKEN"), ApiKey("env:THINGS_KEY", name="X-Key")),
        )

    assert repr(Api()) == "Api('http://document.invalid')"
    with serve(lambda seen: OK) as server:
        monkeypatch.setenv("THINGS_URL", server.url)
        monkeypatch.setenv("THINGS_KEY", "from env")
        with Api() as client:
            client.call(GET, {"thing_id": "x"})
        with Api(auth=()) as client:
            client.call(GET, {"thing_id": "x"})
        first, second = server.requests
    assert first.headers["x-key"] == "from env"
    assert "authorization" not in first.headers
    assert "x-key" not in second.headers


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "no server is known: give `base_url` or set THINGS_URL"),
        ({"base_url": "localhost:9200"}, "base_url: must be an address"),
        ({"base_url": "ftp://x"}, "base_url: must be an address"),
        ({"base_url": "http://x?y=1"}, "neither a query nor a fragment"),
        ({"base_url": "http://x", "max_retries": -1}, "max_retries: must be 0 or more"),
        ({"base_url": "http://x", "timeout": 0}, "must be more than 0 seconds"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], words: str) -> None:
    for client in (Client, AClient):
        with pytest.raises(ValueError, match=words):
            client(**options)


def test_copies_share_connections() -> None:
    with serve(lambda seen: OK) as server, Client(server.url) as client:
        other = client.with_options(
            headers={"X-A": "1"}, auth=Bearer("t"), max_retries=0, timeout=5.0
        )
        for one in (client, other, client):
            assert one.call(GET, {"thing_id": "x"}).ok
        assert server.open == 1
        assert [seen.headers.get("x-a") for seen in server.requests] == [None, "1", None]
        assert [seen.headers.get("authorization") for seen in server.requests] == [
            None,
            "Bearer t",
            None,
        ]
        other.close()
        assert server.settles()
        with pytest.raises(RuntimeError, match="the client is closed"):
            client.call(GET, {"thing_id": "x"})


def test_many_threads_share_a_client() -> None:
    network = Network(limits=Limits(connections=3))
    with serve(lambda seen: OK) as server, Client(server.url, network=network) as client:
        failures: list[BaseException] = []

        def work() -> None:
            try:
                for _ in range(20):
                    assert client.call(GET, {"thing_id": "x"}).ok
            except BaseException as error:  # noqa: BLE001
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(server.requests) == 160
        assert server.open <= 3


def test_cancellation_leaks_nothing() -> None:
    async def run(server: Server) -> None:
        async with AClient(server.url) as client:
            tasks = [
                asyncio.create_task(client.call(GET, {"thing_id": str(number)}))
                for number in range(20)
            ]
            while len(server.requests) < 20:
                await asyncio.sleep(0.01)
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert {type(result) for result in results} == {asyncio.CancelledError}
            assert await asyncio.to_thread(server.settles)
            slow.clear()
            assert (await client.call(GET, {"thing_id": "x"})).ok

    slow = {"delay": 0.5}
    with serve(lambda seen: Reply(chunks=OK.chunks, delay=slow.get("delay", 0.0))) as server:
        asyncio.run(run(server))


@CALLERS
def test_a_proxy_is_used(caller: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serve(lambda seen: OK) as proxy:
        network = Network(proxy=proxy.url)
        assert caller("http://things.invalid", GET, {"thing_id": ".."}, network=network).ok
        monkeypatch.setenv("http_proxy", proxy.url)
        assert caller("http://things.invalid", GET, {"thing_id": ".."}).ok
        assert [seen.target for seen in proxy.requests] == [
            "http://things.invalid/things/%2E%2E"
        ] * 2
        network = Network(proxy=proxy.url.replace("http://", "http://me:p%40ss@"))
        assert caller("http://things.invalid", GET, {"thing_id": "x"}, network=network).ok
        assert proxy.requests.pop().headers["proxy-authorization"] == "Basic bWU6cEBzcw=="
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with serve(lambda seen: OK) as server:
            assert caller(server.url, GET, {"thing_id": "x"}).ok
            assert len(server.requests) == 1
        assert len(proxy.requests) == 2
    assert "http" not in repr(Network(proxy="http://u:p@x")).replace("http2", "")


def test_tls_is_checked_by_the_context_of_the_caller() -> None:
    with serve(lambda seen: OK) as server:
        url = server.url.replace("http:", "https:")
        network = Network(ssl_context=ssl.create_default_context())
        with pytest.raises(ConnectionFailed, match="cannot connect"):
            call(url, GET, {"thing_id": "x"}, network=network, max_retries=0)


@CALLERS
def test_files_are_streamed_and_sent_again(caller: Any, tmp_path: Any) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(b"0123456789" * 20_000)
    upload: Operation[Thing] = Operation(
        id="things.upload",
        method="PUT",
        routes=(Route("/"),),
        body=Body("application/octet-stream", lambda: Any),
        responses=GET.responses,
    )
    replies = iter([Reply(status=502)])
    with serve(lambda seen: next(replies, OK)) as server:
        assert caller(server.url, upload, {}, path).ok
        assert [len(seen.body) for seen in server.requests] == [200_000, 200_000]
        assert server.requests[1].headers["content-length"] == "200000"


@CALLERS
def test_compressed_answers_are_read(caller: Any) -> None:
    import gzip

    headers = [*JSON, ("content-encoding", "gzip")]
    with serve(
        lambda seen: Reply(headers=headers, chunks=[gzip.compress(b'{"ok":true}')])
    ) as server:
        assert caller(server.url, GET, {"thing_id": "x"}).ok


class Recorder:
    """A transport of one's own."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.closed = 0

    def send(self, request: Request) -> Answer:
        self.requests.append(request)
        headers = Headers([("content-type", "application/json")])
        return Answer(200, headers, [b'{"ok":', b"true}"], lambda: None)

    def close(self) -> None:
        self.closed += 1


def test_a_transport_of_ones_own_needs_no_address() -> None:
    transport = Recorder()
    with Client(transport=transport, auth=Bearer("t-secret")) as client:
        assert client.call(GET, {"thing_id": "x"}).ok
    (request,) = transport.requests
    assert (request.method, request.base_url, request.target) == ("GET", "", "/things/x")
    assert request.connect_timeout == 10.0
    assert "t-secret" not in repr(request)
    assert transport.closed == 1


def _storm(seen: Seen, number: int) -> Reply:
    """One call in ten meets with something bad."""
    match number % 50:
        case 3:
            return Reply(cut="before")
        case 13:
            return Reply(cut="within", chunks=OK.chunks)
        case 23:
            return Reply(status=429, headers=[*JSON, ("retry-after", "0")])
        case 33:
            return Reply(status=503)
        case 43:
            return Reply(delay=0.05, chunks=OK.chunks)
        case _:
            return OK


def _handler() -> Callable[[Seen], Reply]:
    lock = threading.Lock()
    count = 0

    def handler(seen: Seen) -> Reply:
        nonlocal count
        with lock:
            count += 1
            number = count
        return _storm(seen, number)

    return handler


def test_a_thousand_calls_over_a_bad_connection() -> None:
    """Every idempotent call succeeds, nothing else is sent twice, no connection stays open."""

    async def run(url: str) -> list[Any]:
        async with AClient(url, max_retries=4) as client:
            gate = asyncio.Semaphore(20)

            async def one(number: int) -> Any:
                async with gate:
                    try:
                        if number % 2:
                            return await client.call(GET, {"thing_id": f"get-{number}"})
                        return await client.call(POST, {}, {"number": number})
                    except OperationError as error:
                        return error

            return await asyncio.gather(*(one(number) for number in range(1000)))

    with serve(_handler()) as server:
        results = asyncio.run(run(server.url))
        assert server.settles()
        assert all(isinstance(result, Thing) for result in results[1::2])
        posts = results[::2]
        refused = [result for result in posts if not isinstance(result, Thing)]
        assert refused
        assert all(isinstance(result, ApiError | ConnectionFailed) for result in refused)
        sent = [seen.body for seen in server.requests if seen.method == "POST"]
        assert len(sent) == len(set(sent)) == 500
