"""Recorded streams against the schemas of their events."""

import json
from dataclasses import dataclass

import pytest

from conftest import SHARED
from spec.document import Json, Node, operations, problems

pytestmark = pytest.mark.shared

_COMPLETION = "/_inference/completion/{inference_id}/_stream"
_CHAT = "/_inference/chat_completion/{inference_id}/_stream"


@dataclass(frozen=True, slots=True)
class Recording:
    """A stream and what it is made of: the values of `event`, and how it ends."""

    path: str
    events: tuple[str, ...]
    complete: bool = True


RECORDINGS = {
    "completion_ok": Recording(_COMPLETION, ("message", "message", "end")),
    "completion_empty": Recording(_COMPLETION, ("end",)),
    "provider_does_not_stream": Recording(_COMPLETION, ("message", "end")),
    "cut_off": Recording(_COMPLETION, ("message",), complete=False),
    "error_mid_stream_completion": Recording(_COMPLETION, ("message", "error")),
    "error_before_stream_completion": Recording(_COMPLETION, ("error",)),
    "streaming_not_supported": Recording(_COMPLETION, ("error",)),
    "chat_ok": Recording(_CHAT, ("message",) * 4 + ("end",)),
    "chat_tool_call": Recording(_CHAT, ("message",) * 3 + ("end",)),
    "error_mid_stream_chat": Recording(_CHAT, ("message", "error")),
    "error_before_stream_chat": Recording(_CHAT, ("error",)),
}


def test_every_recording_is_here() -> None:
    assert {path.stem for path in (SHARED / "facts" / "sse").glob("*.bin")} == set(RECORDINGS)


@pytest.mark.parametrize("name", RECORDINGS)
def test_events(name: str) -> None:
    recording = RECORDINGS[name]
    events, rest = _events(name)
    stream, item = _stream(recording.path, _status(name))

    assert [_kind(stream, event) for event in events] == list(recording.events)
    assert (rest == "") == recording.complete
    wrong = {str(event): found for event in events if (found := _wrong(stream, item, event))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("path", "event"),
    [
        (_COMPLETION, {"event": "message", "data": '{"completion": [{"delta": 1}]}'}),
        (_COMPLETION, {"event": "message", "data": '{"text": "Hi"}'}),
        (_COMPLETION, {"event": "error", "data": '{"error": {"message": "m", "type": "t"}}'}),
        (_COMPLETION, {"event": "delta", "data": "{}"}),
        (_CHAT, {"event": "message", "data": '{"chat_completion": {"choices": []}}'}),
        (_CHAT, {"event": "error", "data": '{"error": {"reason": "r", "type": "t"}}'}),
    ],
)
def test_what_is_no_event(path: str, event: Json) -> None:
    stream, item = _stream(path, 200)

    assert _wrong(stream, item, event) != []


def _status(name: str) -> int:
    index = json.loads((SHARED / "facts" / "sse" / "index.json").read_text("utf-8"))
    [status] = [row["status"] for row in index if row["file"] == f"{name}.bin"]
    return int(status)


def _stream(path: str, status: int) -> tuple[Json, Node]:
    """Give the rules of a stream, and the schema of the events that come with the status."""
    responses = operations()["POST", path]["responses"]
    stream = responses["200"].follow()["content"]["text/event-stream"]
    response = responses[str(status) if str(status) in responses else "default"].follow()
    return stream.value["x-stream"], response["content"]["text/event-stream"]["itemSchema"]


def _events(name: str) -> tuple[list[dict[str, str]], str]:
    """Split a recording into its events and what is left of an unfinished one."""
    text = (SHARED / "facts" / "sse" / f"{name}.bin").read_bytes().decode()
    *whole, rest = text.split("\n\n")
    events = []
    for block in whole:
        lines = block.removeprefix("\ufeff").split("\n")
        events.append(dict(line.split(": ", 1) for line in lines))
    return events, rest


def _kind(stream: Json, event: Json) -> str:
    return "end" if event["data"] == stream["end"] else str(event["event"])


def _wrong(stream: Json, item: Node, event: Json) -> list[str]:
    found = problems(item, event, "response")
    if not found and event["data"] != stream["end"]:
        schema = item.follow()
        if "discriminator" in schema:
            mapping = schema["discriminator"]["mapping"]
            schema = Node(schema.file, (), {"$ref": mapping.value[event["event"]]}).follow()
        data = schema["properties"]["data"]
        assert data.value["contentMediaType"] == "application/json"
        found = problems(data["contentSchema"], json.loads(event["data"]), "response")
    return found
