"""Known ways in which other clients go wrong on this API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch_inference import Client, InvalidRequest, errors, models

from behaviour.client.server import Answer, Server, serve

OPENAI: models.OpenAIServiceSettingsDict = {"model_id": "m", "api_key": "k"}


ANSWER = {
    "inference_id": "x",
    "task_type": "completion",
    "service": "of tomorrow",
    "service_settings": {"model_id": "m"},
    "task_settings": {"max_tokens": 5},
    "endpoints": [],
    "acknowledged": True,
    "pipelines": [],
}
"""What creation, reading and deletion can all be answered with."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for variable in ("ELASTICSEARCH_URL", "ELASTICSEARCH_API_KEY", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with serve() as server:
        server.answers = [Answer.of(ANSWER)]
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.url, max_retries=0) as client:
        yield client


@pytest.mark.parametrize(
    ("inference_id", "segment"),
    [("..", "%2E%2E"), (".", "%2E"), ("../_security/role/x", "..%2F_security%2Frole%2Fx")],
)
def test_an_id_of_dots_does_not_climb_the_path(
    client: Client, server: Server, inference_id: str, segment: str
) -> None:
    client.inference.get(inference_id=inference_id)
    client.inference.get(task_type="rerank", inference_id=inference_id)
    client.inference.delete(inference_id)
    assert [seen.target for seen in server.seen] == [
        f"/_inference/{segment}",
        f"/_inference/rerank/{segment}",
        f"/_inference/{segment}",
    ]


def test_an_empty_id_does_not_become_all(client: Client, server: Server) -> None:
    calls: list[Any] = [client.inference.get, client.inference.delete]
    for call in calls:
        with pytest.raises(InvalidRequest, match="inference_id: must not be empty"):
            call(inference_id="")
        with pytest.raises(InvalidRequest, match="inference_id: must not be empty"):
            call(inference_id="", task_type="rerank")
        with pytest.raises(InvalidRequest, match="task_type"):
            call(inference_id="x", task_type="")
    assert server.seen == []


def test_settings_of_an_answer_are_typed_and_complete(client: Client, server: Server) -> None:
    settings = {
        "model_id": "m",
        "dimensions": 3,
        "rate_limit": {"requests_per_minute": 5},
        "new": [1],
    }
    stored = {
        "inference_id": "x",
        "task_type": "text_embedding",
        "service": "openai",
        "service_settings": settings,
    }
    server.answers = [Answer.of({"endpoints": [stored]})]
    [got] = client.inference.get(inference_id="x").endpoints
    assert isinstance(got, models.OpenAIEndpointInfo)
    assert got.service_settings.rate_limit is not None
    assert got.service_settings.rate_limit.requests_per_minute == 5
    assert got.service_settings.dimensions == 3
    assert got.model_dump(exclude_unset=True) == stored


def test_defaults_are_not_sent(client: Client, server: Server) -> None:
    """Elasticsearch refuses `sentence_overlap` beside the strategy `word`."""
    client.inference.put_openai(
        "x",
        task_type="text_embedding",
        service_settings=OPENAI,
        chunking_settings=models.ChunkingSettings(strategy="word", max_chunk_size=100, overlap=50),
    )
    assert server.last.json() == {
        "service": "openai",
        "service_settings": OPENAI,
        "chunking_settings": {"strategy": "word", "max_chunk_size": 100, "overlap": 50},
    }


def test_integers_are_written_as_integers(client: Client, server: Server) -> None:
    client.inference.put_openai(
        "x",
        task_type="completion",
        service_settings={**OPENAI, "rate_limit": {"requests_per_minute": 100}},
    )
    assert b'"requests_per_minute":100}' in server.last.body


def test_floats_are_written_as_floats(client: Client, server: Server) -> None:
    """The server refuses the integer `1` where it wants a `Double`."""
    client.inference.put_anthropic(
        "x",
        task_type="completion",
        service_settings={"model_id": "m", "api_key": "k"},
        task_settings={"max_tokens": 5, "temperature": 1.0},
    )
    assert b'"temperature":1.0' in server.last.body
    assert b'"max_tokens":5' in server.last.body


def test_a_timeout_is_what_the_server_takes(client: Client, server: Server) -> None:
    client.inference.put_openai("x", task_type="completion", service_settings=OPENAI, timeout="30s")
    assert server.last.target == "/_inference/completion/x?timeout=30s"


def test_a_missing_member_is_missing_and_not_wrong(client: Client, server: Server) -> None:
    wrong: Any = {"service": "openai", "service_settings": {"api_key": "k"}}
    for call in (
        lambda: client.inference.put("x", task_type="completion", body=wrong),
        lambda: client.inference.put_openai("x", service_settings=wrong["service_settings"]),
    ):
        with pytest.raises(InvalidRequest) as caught:
            call()
        assert [str(problem) for problem in caught.value.problems] == [
            "service_settings.model_id: is required"
        ]
    assert server.seen == []


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda i: i.put_openai("x", service_settings={**OPENAI, "dimension": 3}),
            "service_settings.dimension: unknown key `dimension`, did you mean `dimensions`?",
        ),
        (
            lambda i: i.put_openai(
                "x",
                task_type="text_embedding",
                service_settings=OPENAI,
                chunking_settings={"strategi": "word"},
            ),
            "did you mean `strategy`?",
        ),
        (
            lambda i: i.put_region_policy(region_policy={"allowed_geo": ["us"]}),
            "did you mean `allowed_geos`?",
        ),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_one(
    client: Client, server: Server, call: Any, words: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        call(client.inference)
    assert words in str(caught.value)
    assert server.seen == []


ENVELOPES = {
    "object": (b'{"error":{"type":"t","reason":"r","root_cause":[]},"status":400}', "t", "r"),
    "string": (b'{"error":"r","status":400}', None, "r"),
    "chat": (b'{"error":{"code":"bad_request","message":"r","type":"t"}}', "t", "r"),
    "page": (b"<html><body><h1>r</h1></body></html>", None, "r"),
    "empty": (b"", None, None),
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_form_of_an_error_is_read(client: Client, server: Server, name: str) -> None:
    body, kind, reason = ENVELOPES[name]
    server.answers = [Answer(400, body, "text/html" if name == "page" else "application/json")]
    with pytest.raises(errors.BadRequest) as caught:
        client.inference.completion("x", input="i")
    assert (caught.value.type, caught.value.reason) == (kind, reason)
    assert caught.value.operation == "inference.completion"
    assert caught.value.body == body
