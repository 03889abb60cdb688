"""Called with the same arguments, our client sends what elasticsearch-py does, but for its faults.

`wire.jsonl` holds what was seen on the wire, call by call. What is different on purpose stands in
`different.py`, with the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

import pytest
from elasticsearch_inference import AsyncClient, Client
from elasticsearch_inference._runtime.transport import AsyncResponse, Request, Response

from behaviour.wire.different import DIFFERENT, Refused, SentAs
from behaviour.wire.rows import Row, Sent, canonical, rows


class _Recorded(Exception):
    """The request is known; what would come back does not matter."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class _Recorder:
    def send(self, request: Request) -> Response:
        raise _Recorded(request)

    def close(self) -> None:
        pass


class _AsyncRecorder:
    async def send(self, request: Request) -> AsyncResponse:
        raise _Recorded(request)

    async def close(self) -> None:
        pass


def sync_call(row: Row) -> None:
    with Client(transport=_Recorder()) as client:
        answer = getattr(client.inference, row.method)(**row.arguments)
        # A stream is opened by `with`.
        answer.__enter__()


def async_call(row: Row) -> None:
    async def main() -> None:
        async with AsyncClient(transport=_AsyncRecorder()) as client:
            answer = getattr(client.inference, row.method)(**row.arguments)
            if hasattr(answer, "__aenter__"):
                await answer.__aenter__()
            await answer

    asyncio.run(main())


Outcome: TypeAlias = Sent | str
"""What is sent, or why nothing is."""


def outcome(call: Callable[[Row], None], row: Row) -> Outcome:
    try:
        call(row)
    except _Recorded as recorded:
        return sent(recorded.request)
    except (ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("neither sent nor refused")


def sent(request: Request) -> Sent:
    path, _, query = request.target.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")] if query else []
    assert request.content is None or isinstance(request.content, bytes)
    return Sent(
        request.method,
        path,
        tuple((unquote(name), unquote(value)) for name, _, value in pairs),
        None if request.content is None else canonical(request.content.decode()),
    )


def complaint(row: Row, got: Outcome) -> str | None:
    """Say what is wrong with what our client did; None: nothing."""
    match DIFFERENT.get(row.id):
        case None if row.sent is None and isinstance(got, str):
            return None
        case None if got == row.sent:
            return None
        case Refused(words=words) if isinstance(got, str) and words in got:
            return None
        case SentAs(sent=expected) if got == expected and got != row.sent:
            return None
        case _:
            return f"{row.id}: {row.method}: {got} instead of {row.sent}"


@pytest.mark.parametrize("call", [sync_call, async_call])
def test_the_same_calls_send_the_same_requests(
    shared: Path, call: Callable[[Row], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("ELASTICSEARCH_URL", "ELASTICSEARCH_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    found = list(rows(shared / "facts" / "wire.jsonl"))
    assert len(found) >= 213
    complaints = [text for row in found if (text := complaint(row, outcome(call, row)))]
    assert complaints == []


def test_every_difference_is_one(shared: Path) -> None:
    known = {row.id for row in rows(shared / "facts" / "wire.jsonl")}
    assert sorted(set(DIFFERENT) - known) == []


def test_most_is_the_same(shared: Path) -> None:
    """The table of differences is no way out: nine rows of ten are not in it."""
    same = [row for row in rows(shared / "facts" / "wire.jsonl") if row.id not in DIFFERENT]
    assert len(same) > 5 * len(DIFFERENT)
