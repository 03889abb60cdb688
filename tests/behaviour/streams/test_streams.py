"""Streams as the server writes them, byte by byte and in pieces of any size, over real sockets."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from elasticsearch_inference import ApiError, AsyncClient, Client, errors, models
from pydantic import BaseModel

from unit.runtime.loopback import Reply, serve

Outcome: TypeAlias = tuple[list[dict[str, Any]], tuple[type[Exception], str] | None]
"""The events, and what ended them early."""

EVENTS: Reply = Reply(headers=(("content-type", "text/event-stream"),), chunked=True)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a recorded stream holds. `words` are found in the message of `error`."""

    operation: str
    events: list[dict[str, Any]]
    error: type[Exception] | None = None
    words: str = ""
    status: int | None = None
    type: str | None = None


def _deltas(*deltas: dict[str, str]) -> dict[str, Any]:
    return {"completion": list(deltas)}


def _chunk(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "choices": [{"delta": delta, "index": 0, **more}],
        "model": "m",
        "object": "chat.completion.chunk",
    }


_MISSING = "Inference endpoint not found [x]"
_UNSUPPORTED = "Streaming is not allowed for service [x] and task [sparse_embedding]."

RECORDED: dict[str, Expected] = {
    "completion_ok": Expected(
        "completion",
        [_deltas({"delta": "Hel"}), _deltas({"delta": "lo"}, {"delta": " ü\n"})],
    ),
    "completion_empty": Expected("completion", []),
    "provider_does_not_stream": Expected("completion", [_deltas({"result": "whole"})]),
    "cut_off": Expected(
        "completion", [_deltas({"delta": "Hel"})], errors.StreamBroken, "ended before its end"
    ),
    "error_before_stream_completion": Expected(
        *("completion", [], errors.NotFound, _MISSING, 404, "resource_not_found_exception")
    ),
    "error_before_stream_chat": Expected(
        *("chat", [], errors.NotFound, _MISSING, 404, "resource_not_found_exception")
    ),
    "streaming_not_supported": Expected(
        *("completion", [], errors.MethodNotAllowed, _UNSUPPORTED, 405, "status_exception")
    ),
    "error_mid_stream_completion": Expected(
        "completion", [_deltas({"delta": "Hel"})], ApiError, "", None, None
    ),
    "error_mid_stream_chat": Expected(
        "chat", [_chunk({"content": "Hi"})], ApiError, "cut", 200, "error"
    ),
    "chat_ok": Expected("chat", []),
    "chat_tool_call": Expected("chat", []),
}
"""Where the events are many, only the errors are said here and the data is compared below."""


def recorded_data(body: bytes) -> list[Any]:
    """Read the data of message events with the means of this test alone."""
    found = []
    for block in body.decode().replace("\ufeff", "").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if lines.get("event") == "message" and lines["data"] != "[DONE]":
            try:
                found.append(json.loads(lines["data"]))
            except ValueError:
                assert not body.endswith(b"\n\n"), "only a cut stream may hold half an event"
    return found


def plain(event: BaseModel) -> dict[str, Any]:
    return event.model_dump(exclude_unset=True, by_alias=True)


MESSAGES: Sequence[models.MessageDict] = [{"role": "user", "content": "hi"}]


def sync_outcome(url: str, operation: str) -> Outcome:
    events: list[dict[str, Any]] = []
    with Client(url, max_retries=0) as client:
        try:
            if operation == "chat":
                with client.inference.chat_completion_unified("x", messages=MESSAGES) as chat:
                    events += map(plain, chat)
            else:
                with client.inference.stream_completion("x", input="i") as stream:
                    for event in stream:
                        events.append(plain(event))
        except errors.OperationError as error:
            return events, (type(error), str(error))
    return events, None


def async_outcome(url: str, operation: str) -> Outcome:
    async def main() -> Outcome:
        events: list[dict[str, Any]] = []
        async with AsyncClient(url, max_retries=0) as client:
            try:
                if operation == "chat":
                    chat = client.inference.chat_completion_unified("x", messages=MESSAGES)
                    async with chat:
                        async for chunk in chat:
                            events.append(plain(chunk))  # noqa: PERF401 (an error may come)
                else:
                    async with client.inference.stream_completion("x", input="i") as stream:
                        async for event in stream:
                            events.append(plain(event))  # noqa: PERF401 (an error may come)
            except errors.OperationError as error:
                return events, (type(error), str(error))
        return events, None

    return asyncio.run(main())


def pieces(body: bytes, seed: int) -> list[bytes]:
    """Cut anywhere: seed 0 into bytes, any other into pieces of 1 to 40 bytes."""
    if seed == 0:
        return [body[at : at + 1] for at in range(len(body))]
    choose = random.Random(seed)
    found, at = [], 0
    while at < len(body):
        size = choose.randint(1, 40)
        found.append(body[at : at + size])
        at += size
    return found


@pytest.mark.shared
@pytest.mark.parametrize("outcome", [sync_outcome, async_outcome])
@pytest.mark.parametrize("name", sorted(RECORDED))
def test_recorded_streams(shared: Path, name: str, outcome: Callable[[str, str], Outcome]) -> None:
    body = (shared / "facts" / "sse" / f"{name}.bin").read_bytes()
    index = json.loads((shared / "facts" / "sse" / "index.json").read_text())
    [about] = [one for one in index if one["file"] == f"{name}.bin"]
    expected = RECORDED[name]
    data = recorded_data(body)
    if expected.events:
        assert data == expected.events
    for seed in range(6):
        reply = Reply(
            status=about["status"],
            headers=(("content-type", about["content_type"]),),
            chunks=pieces(body, seed),
            chunked=True,
        )
        with serve(lambda seen, reply=reply: reply) as server:  # type: ignore[misc]
            events, error = outcome(server.url, expected.operation)
            assert server.settles()
        assert events == data
        if expected.error is None:
            assert error is None
        else:
            assert error is not None
            assert issubclass(error[0], expected.error)
            assert expected.words in error[1]
            assert error[1].startswith("inference.")


@pytest.mark.shared
def test_every_recorded_stream_is_tried(shared: Path) -> None:
    index = json.loads((shared / "facts" / "sse" / "index.json").read_text())
    assert {one["file"] for one in index} == {f"{name}.bin" for name in RECORDED}


def test_errors_of_streams_say_all(shared: Path) -> None:
    for name in ("error_before_stream_completion", "error_before_stream_chat"):
        body = (shared / "facts" / "sse" / f"{name}.bin").read_bytes()
        expected = RECORDED[name]
        reply = Reply(status=404, headers=EVENTS.headers, chunks=[body])
        with (
            serve(lambda seen, reply=reply: reply) as server,  # type: ignore[misc]
            Client(server.url, max_retries=0) as client,
            pytest.raises(errors.NotFound) as caught,
            client.inference.stream_completion("x", input="i"),
        ):
            pass
        assert (caught.value.status, caught.value.type) == (expected.status, expected.type)
        assert caught.value.reason == expected.words


DELTA = b'data: {"completion":[{"delta":"%d"}]}\n\n'


def test_events_come_while_the_server_still_writes() -> None:
    """Nothing is held back until the end: the first event is there long before the last."""
    chunks = [DELTA % number for number in range(5)] + [b"data: [DONE]\n\n"]
    reply = Reply(headers=EVENTS.headers, chunks=chunks, chunked=True, pause=0.2)
    with serve(lambda seen: reply) as server, Client(server.url) as client:
        with client.inference.stream_completion("x", input="i") as stream:
            first = next(stream)
            assert isinstance(first, models.CompletionChunk)
            assert first.completion[0].delta == "0"
            assert server.open == 1
        # Left early: the connection is closed, not drained.
        assert server.settles()


def test_leaving_early_closes_the_connection_asynchronously() -> None:
    chunks = [DELTA % number for number in range(50)]
    reply = Reply(headers=EVENTS.headers, chunks=chunks, chunked=True, pause=0.05)

    async def main(url: str) -> str | None:
        async with (
            AsyncClient(url) as client,
            client.inference.stream_completion("x", input="i") as stream,
        ):
            async for chunk in stream:
                return chunk.completion[0].delta
        return None

    with serve(lambda seen: reply) as server:
        assert asyncio.run(main(server.url)) == "0"
        assert server.settles()


@pytest.mark.parametrize("cut", ["after", None])
def test_a_stream_without_its_end_was_cut(cut: str | None) -> None:
    reply = Reply(headers=EVENTS.headers, chunks=[DELTA % 0], chunked=True, cut=cut)
    with serve(lambda seen: reply) as server:
        events, error = sync_outcome(server.url, "completion")
        assert async_outcome(server.url, "completion") == (events, error)
    assert [event["completion"][0]["delta"] for event in events] == ["0"]
    assert error is not None
    assert error[0] is errors.StreamBroken


def test_a_stream_is_no_string() -> None:
    """A peer hands the whole stream out as one string."""
    chunks = [b"\xef\xbb\xbfevent: message\n" + DELTA % number for number in range(3)]
    body = b"".join(chunks) + b"data: [DONE]\n\n"
    with serve(lambda seen: Reply(headers=EVENTS.headers, chunks=[body])) as server:
        events, error = sync_outcome(server.url, "completion")
    assert error is None
    assert [event["completion"][0]["delta"] for event in events] == ["0", "1", "2"]
