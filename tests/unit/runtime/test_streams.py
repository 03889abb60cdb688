"""Streams over a real connection, sync and async."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from oasmith.runtime.errors import (
    ApiError,
    InternalServerError,
    InvalidResponse,
    MethodNotAllowed,
    OperationError,
    StreamBroken,
    TimedOut,
)
from oasmith.runtime.headers import Headers
from oasmith.runtime.models import ResponseModel
from oasmith.runtime.operations import ErrorEvent, Operation, Response, Route
from oasmith.runtime.responses import Decoder, Interrupted
from oasmith.runtime.transport import Timeout
from unit.runtime.api import STREAM, AClient, Client
from unit.runtime.loopback import Reply, serve

SSE = (("content-type", "text/event-stream"),)
GOOD = ('\ufeffevent: message\ndata: {"text":"Hü"}\n\n' * 2).encode()
DONE = "\ufeffevent: message\ndata: [DONE]\n\n".encode()
FAILED = b'event: error\ndata: {"error":{"type":"t","reason":"r"},"status":500}\n\n'
EVENT = {"text": "Hü"}


def bytewise(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


def read(url: str, **options: Any) -> tuple[list[Any], OperationError | None]:
    events: list[Any] = []
    with Client(url, **options) as client:
        try:
            with client.stream(STREAM, {}) as stream:
                assert stream.status == 200
                assert stream.headers["content-type"] == "text/event-stream"
                for event in stream:
                    events.append(event)  # noqa: PERF402
        except OperationError as error:
            return events, error
        return events, None


def aread(url: str, **options: Any) -> tuple[list[Any], OperationError | None]:
    async def run() -> tuple[list[Any], OperationError | None]:
        events: list[Any] = []
        async with AClient(url, **options) as client:
            try:
                async with client.stream(STREAM, {}) as stream:
                    assert stream.status == 200
                    assert stream.headers["content-type"] == "text/event-stream"
                    async for event in stream:
                        events.append(event)  # noqa: PERF401
            except OperationError as error:
                return events, error
            return events, None

    return asyncio.run(run())


READERS = pytest.mark.parametrize("reader", [read, aread])


@READERS
@pytest.mark.parametrize("chunks", [[GOOD + DONE], bytewise(GOOD + DONE)], ids=["whole", "bytes"])
def test_a_stream_to_its_end(reader: Any, chunks: list[bytes]) -> None:
    with serve(lambda seen: Reply(headers=SSE, chunks=chunks, chunked=True)) as server:
        assert reader(server.url) == ([EVENT, EVENT], None)
        assert server.settles()


@READERS
@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (
            Reply(headers=SSE, chunks=[GOOD], chunked=True),
            StreamBroken,
            "things.watch: the stream ended before its end",
        ),
        (
            Reply(headers=SSE, chunks=[GOOD, b"data: {"], chunked=True, cut="after"),
            StreamBroken,
            "things.watch: the stream was cut: the connection broke",
        ),
        (
            Reply(headers=SSE, chunks=[GOOD + FAILED + GOOD], chunked=True),
            InternalServerError,
            "things.watch: 500 t: r",
        ),
        (
            Reply(headers=SSE, chunks=[GOOD, b"data: {]\n\n"], chunked=True),
            InvalidResponse,
            "things.watch: the answer is not what the API describes",
        ),
    ],
    ids=["no end", "cut", "error event", "no JSON"],
)
def test_what_came_before_an_error_is_handed_out(
    reader: Any, reply: Reply, kind: type[OperationError], words: str
) -> None:
    with serve(lambda seen: reply) as server:
        events, error = reader(server.url)
        assert events == [EVENT, EVENT]
        assert type(error) is kind
        assert str(error).startswith(words)
        assert server.settles()


@READERS
def test_an_error_status_with_an_event_for_a_body(reader: Any) -> None:
    body = b'event: error\ndata: {"error":{"type":"t","reason":"r"},"status":405}\n\n'
    with serve(lambda seen: Reply(status=405, headers=SSE, chunks=[body])) as server:
        events, error = reader(server.url)
        assert events == []
        assert type(error) is MethodNotAllowed
        assert isinstance(error, ApiError)
        assert (error.status, error.type, error.reason) == (405, "t", "r")
        assert server.settles()


@READERS
def test_a_silent_stream_is_cut(reader: Any) -> None:
    reply = Reply(headers=SSE, chunks=[GOOD, GOOD], chunked=True, pause=1.0)
    with serve(lambda seen: reply) as server:
        timeout = Timeout(read=0.2, total=None)
        events, error = reader(server.url, timeout=timeout)
        assert events == [EVENT, EVENT]
        assert type(error) is StreamBroken
        assert isinstance(error.__cause__, TimedOut)


def test_leaving_early_closes_the_connection() -> None:
    reply = Reply(headers=SSE, chunks=[GOOD] * 50, chunked=True, pause=0.05)
    with serve(lambda seen: reply) as server, Client(server.url) as client:
        with client.stream(STREAM, {}) as stream:
            assert next(stream) == EVENT
        assert server.settles(0)
        with pytest.raises(KeyError), client.stream(STREAM, {}) as stream:
            raise KeyError
        assert server.settles(0)


def test_leaving_early_closes_the_connection_async() -> None:
    reply = Reply(headers=SSE, chunks=[GOOD] * 50, chunked=True, pause=0.05)

    async def run(url: str) -> None:
        async with AClient(url) as client:
            async with client.stream(STREAM, {}) as stream:
                assert await anext(stream) == EVENT
            assert await asyncio.to_thread(server.settles, 0)

            async def watch() -> None:
                async with client.stream(STREAM, {}) as stream:
                    async for _ in stream:
                        started.set()

            started = asyncio.Event()
            task = asyncio.create_task(watch())
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(server.settles, 0)

    with serve(lambda seen: reply) as server:
        asyncio.run(run(server.url))


def test_a_stream_needs_a_with_statement() -> None:
    with serve(lambda seen: Reply()) as server, Client(server.url) as client:
        stream = client.stream(STREAM, {})
        with pytest.raises(RuntimeError, match="use it in a `with` statement"):
            next(stream)
        stream.close()
        assert server.requests == []


class Trouble(ResponseModel):
    why: str


NAMED: Operation[int | str] = Operation(
    id="things.watch",
    method="POST",
    routes=(Route("/things/_stream"),),
    responses=(
        Response(
            "200",
            "text/event-stream",
            lambda: int | str,
            end="over",
            error=ErrorEvent("trouble", lambda: Trouble),
        ),
    ),
)


def decode(data: bytes) -> list[int | str]:
    decoder = Decoder(NAMED, 200, Headers(SSE))
    return [*decoder.feed(data), *decoder.finish()]


def test_a_stream_ends_and_fails_as_the_document_says() -> None:
    assert decode(b"event: error\ndata: 1\n\ndata: [DONE]\n\ndata: over\n\ndata: 2\n\n") == [
        1,
        "[DONE]",
    ]
    with pytest.raises(Interrupted) as caught:
        decode(b'data: 1\n\nevent: trouble\ndata: {"why": "rain"}\n\n')
    assert caught.value.events == [1]
    error = caught.value.error
    assert isinstance(error, ApiError)
    assert error.parsed == Trouble(why="rain")
    with pytest.raises(StreamBroken):
        decode(b"data: 1\n\n")


def test_data_is_json_or_text_where_it_may_be_either() -> None:
    assert decode(b"data: 1\n\ndata: rain\n\ndata: over\n\n") == [1, "rain"]
