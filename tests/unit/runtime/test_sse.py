"""The parsers of streams, fed with any split of the bytes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oasmith.runtime.errors import (
    ApiError,
    InternalServerError,
    InvalidResponse,
    OperationError,
    StreamBroken,
)
from oasmith.runtime.headers import Headers
from oasmith.runtime.responses import Decoder, Interrupted, refusal
from oasmith.runtime.sse import Event, EventParser, LineSplitter
from unit.runtime.api import STREAM


def splits(data: bytes) -> Iterator[list[bytes]]:
    """Give the bytes whole, one by one, at every single place, and at random places."""
    yield [data]
    yield [data[i : i + 1] for i in range(len(data))]
    for i in range(len(data) + 1):
        yield [data[:i], data[i:]]
    chance = random.Random(len(data))
    for _ in range(20):
        cuts = sorted(chance.choices(range(len(data) + 1), k=5))
        yield [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def parse(chunks: list[bytes]) -> tuple[list[Event], bool]:
    parser = EventParser()
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return events, parser.unfinished


def event(data: str, name: str = "message", id: str = "", retry: int | None = None) -> Event:
    return Event(name, data, id, retry)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data: a\n\n", [event("a")]),
        ("data: a\r\rdata: b\r\n\r\ndata: c\n\n", [event("a"), event("b"), event("c")]),
        ("data: YHOO\ndata: +2\ndata\ndata:10\n\n", [event("YHOO\n+2\n\n10")]),
        (": comment\n\ndata:  two spaces\n\n", [event(" two spaces")]),
        ("event: error\ndata: x\n\ndata: y\n\n", [event("x", "error"), event("y")]),
        ("event: lost\n\ndata: y\n\n", [event("y")]),
        (
            "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            [event("a", id="1"), event("b", id="1"), event("c")],
        ),
        ("id: a\0b\nretry: 10\nretry: x\nother: 1\ndata: a\n\n", [event("a", retry=10)]),
        ("\ufeffdata: a\n\n\ufeffevent: e\ndata: ü😀\n\n\ufeff", [event("a"), event("ü😀", "e")]),
        ("data: \ufeffkept\n\n", [event("\ufeffkept")]),
        ("data\n\n", [event("")]),
        ("data: \u2028 \x0b \x85\n\n", [event("\u2028 \x0b \x85")]),
    ],
)
def test_events(text: str, expected: list[Event]) -> None:
    for chunks in splits(text.encode()):
        assert parse(chunks) == (expected, False), chunks


@pytest.mark.parametrize(
    "text", ["data: a", "data: a\n", "data: a\n\nda", "event: e\r\n", "\ufeffd"]
)
def test_an_unfinished_event_is_noticed(text: str) -> None:
    for chunks in splits(text.encode()):
        assert parse(chunks)[1], chunks


def test_lines() -> None:
    for chunks in splits(b"a\r\n\r\nb\rc\n\nlast"):
        splitter = LineSplitter()
        lines = [line for chunk in chunks for line in splitter.feed(chunk)]
        assert (lines, splitter.rest()) == ([b"a", b"", b"b", b"c", b""], b"last")


# --- streams that a server really sent ----------------------------------------------------------


def decode(chunks: list[bytes], headers: Headers) -> tuple[list[Any], OperationError | None]:
    """Read a stream as the client does."""
    decoder = Decoder(STREAM, 200, headers)
    events: list[Any] = []
    try:
        for chunk in chunks:
            events += decoder.feed(chunk)
            if decoder.done:
                return events, None
        events += decoder.finish()
    except Interrupted as interrupted:
        return events + interrupted.events, interrupted.error
    except OperationError as error:
        return events, error
    return events, None


EXPECTED: dict[str, tuple[int, type[OperationError] | None, str]] = {
    "completion_ok": (2, None, ""),
    "completion_empty": (0, None, ""),
    "chat_ok": (4, None, ""),
    "chat_tool_call": (3, None, ""),
    "error_mid_stream_completion": (
        1,
        InternalServerError,
        "things.watch: 500 illegal_state_exception: hello there",
    ),
    "error_mid_stream_chat": (1, ApiError, "things.watch: error: cut"),
    "provider_does_not_stream": (1, None, ""),
    "cut_off": (1, StreamBroken, "things.watch: the stream ended before its end"),
}
REFUSED = {
    "error_before_stream_completion": (
        "things.watch: 404 resource_not_found_exception: Inference endpoint not found [x]"
    ),
    "error_before_stream_chat": (
        "things.watch: 404 resource_not_found_exception: Inference endpoint not found [x]"
    ),
    "streaming_not_supported": (
        "things.watch: 405 status_exception: "
        "Streaming is not allowed for service [x] and task [sparse_embedding]."
    ),
}


def test_recorded_streams(shared: Path) -> None:
    index = json.loads((shared / "facts/sse/index.json").read_text())
    assert {Path(entry["file"]).stem for entry in index} == EXPECTED.keys() | REFUSED.keys()
    for entry in index:
        name = Path(entry["file"]).stem
        data = (shared / "facts/sse" / entry["file"]).read_bytes()
        headers = Headers([("content-type", entry["content_type"])])
        if name in REFUSED:
            error = refusal(STREAM, entry["status"], headers, data)
            assert str(error) == REFUSED[name]
            continue
        count, kind, words = EXPECTED[name]
        whole, _ = decode([data], headers)
        assert len(whole) == count
        for chunks in splits(data):
            events, failed = decode(chunks, headers)
            assert events == whole, (name, chunks)
            assert failed is None if kind is None else type(failed) is kind
            assert str(failed or "") == words


def test_the_text_of_recorded_streams(shared: Path) -> None:
    headers = Headers([("content-type", "text/event-stream")])
    events, _ = decode([(shared / "facts/sse/completion_ok.bin").read_bytes()], headers)
    assert events == [
        {"completion": [{"delta": "Hel"}]},
        {"completion": [{"delta": "lo"}, {"delta": " ü\n"}]},
    ]


def test_json_lines() -> None:
    headers = Headers([("content-type", "application/x-ndjson; charset=utf-8")])
    for chunks in splits('{"a":1.0}\n\r\n\x1e{"a":"ü"}\r\n{"a":2}'.encode()):
        assert decode(chunks, headers) == ([{"a": 1.0}, {"a": "ü"}, {"a": 2}], None)
    for chunks in splits(b'{"a":1}\n{"a"\n{"a":3}\n'):
        events, error = decode(chunks, headers)
        assert events == [{"a": 1}]
        assert isinstance(error, InvalidResponse)
        assert error.body == b'{"a"'
    events, error = decode([b'{"a":1}\n{"a"'], headers)
    assert events == [{"a": 1}]
    assert str(error).startswith("things.watch: the answer is not what the API describes")


def test_a_server_that_answers_with_the_whole() -> None:
    headers = Headers([("content-type", "application/json")])
    for chunks in splits(b'{"a":\n1}'):
        assert decode(chunks, headers) == ([{"a": 1}], None)
