"""What is sent: what was given, as it was given, and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch_inference import Client, InvalidRequest, models
from pydantic import SecretStr

from behaviour.client.server import Server

SETTINGS: models.OpenAIServiceSettingsDict = {"model_id": "gpt-4o", "api_key": "sk-1"}


@pytest.mark.parametrize(
    ("timeout", "written"),
    [
        ("30s", "30s"),
        ("500micros", "500micros"),
        ("-1", "-1"),
        (-1, "-1"),
        (0, "0"),
        (timedelta(seconds=30), "30s"),
        (timedelta(minutes=2), "2m"),
        (timedelta(seconds=90), "90s"),
        (timedelta(days=2), "2d"),
        (timedelta(milliseconds=1500), "1500ms"),
        (timedelta(0), "0s"),
    ],
)
def test_forms_of_a_timeout(client: Client, server: Server, timeout: Any, written: str) -> None:
    client.inference.put_openai("my-id", service_settings=SETTINGS, timeout=timeout)
    assert server.last.target == f"/_inference/my-id?timeout={written}"


@pytest.mark.parametrize("timeout", [True, False, 1, 30, 1.5, "soon", "30", "2.5m", "", b"30s"])
def test_what_is_no_timeout(client: Client, server: Server, timeout: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^inference\.put: timeout: .*like '30s' \(in d, h,"):
        client.inference.put_openai("my-id", service_settings=SETTINGS, timeout=timeout)
    assert server.seen == []


def test_a_service_that_does_not_know_the_task_is_refused(client: Client, server: Server) -> None:
    with pytest.raises(InvalidRequest, match="task_type: should be 'sparse_embedding'"):
        client.inference.put_elser(
            "my-id",
            task_type="rerank",  # type: ignore[arg-type]
            service_settings={"num_allocations": 1, "num_threads": 1},
        )
    body: Any = {"service": "elser", "service_settings": {"num_allocations": 1, "num_threads": 1}}
    with pytest.raises(InvalidRequest, match="task_type: should be 'sparse_embedding'"):
        client.inference.put("my-id", task_type="rerank", body=body)
    assert server.seen == []
    client.inference.put("my-id", task_type="sparse_embedding", body=body)
    assert server.last.target == "/_inference/sparse_embedding/my-id"


def test_models_and_dicts_give_the_same_bytes(client: Client, server: Server) -> None:
    given = client.inference.put_openai
    given("my-id", service_settings=SETTINGS, task_settings={"user": "u"})
    given(
        "my-id",
        service_settings=models.OpenAIServiceSettings(model_id="gpt-4o", api_key="sk-1"),
        task_settings=models.OpenAITaskSettings(user="u"),
    )
    client.inference.put(
        "my-id",
        body={"service": "openai", "service_settings": SETTINGS, "task_settings": {"user": "u"}},
    )
    client.inference.put(
        "my-id",
        body=models.OpenAIEndpoint(
            service_settings=models.OpenAIServiceSettings(
                model_id="gpt-4o", api_key=SecretStr("sk-1")
            ),
            task_settings=models.OpenAITaskSettings(user="u"),
        ),
    )
    first, *others = server.seen
    assert len(others) == 3
    assert {(seen.method, seen.target, first.body) for seen in server.seen} == {
        ("PUT", "/_inference/my-id", first.body)
    }
    assert [json.loads(seen.body) for seen in server.seen] == [first.json()] * 4
    assert {len(seen.body) for seen in server.seen} == {len(first.body)}


def test_nothing_is_sent_that_was_not_given(client: Client, server: Server) -> None:
    client.inference.put_openai("my-id", service_settings=SETTINGS)
    assert server.last.target == "/_inference/my-id"
    assert server.last.json() == {
        "service": "openai",
        "service_settings": {"model_id": "gpt-4o", "api_key": "sk-1"},
    }
    media_type = "application/vnd.elasticsearch+json; compatible-with=9"
    assert server.last.headers["content-type"] == media_type
    assert server.last.headers["accept"] == media_type
    assert "authorization" not in server.last.headers


def test_integers_stay_integers_and_secrets_arrive(client: Client, server: Server) -> None:
    client.inference.put_openai(
        "my-id",
        task_type="text_embedding",
        service_settings=models.OpenAIServiceSettings(
            model_id="m",
            api_key="sk-1",
            dimensions=1536,
            rate_limit=models.RateLimit(requests_per_minute=100),
        ),
    )
    assert b'"dimensions":1536' in server.last.body
    assert b'"requests_per_minute":100}' in server.last.body
    assert b'"api_key":"sk-1"' in server.last.body


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"api_key": "k"}, "service_settings.model_id: is required"),
        ({"model_id": "m", "api_kee": "k"}, "did you mean `api_key`"),
        ({"model_id": "m", "api_key": None}, "service_settings.api_key: null is not allowed"),
        ({"model_id": 7, "api_key": "k"}, "service_settings.model_id: should be a valid string"),
        ({"model_id": "m", "api_key": "k", "dimensions": "1"}, "service_settings.dimensions"),
        ({"model_id": "m", "api_key": "k", "dimensions": 1.0}, "service_settings.dimensions"),
        ({"model_id": "m", "api_key": "k", "dimensions": True}, "service_settings.dimensions"),
        ({"model_id": "m"}, "api_key"),
    ],
)
def test_a_wrong_body_names_what_is_wrong_and_is_not_sent(
    client: Client, server: Server, settings: Any, message: str
) -> None:
    with pytest.raises(InvalidRequest, match=r"inference\.put") as caught:
        client.inference.put_openai("my-id", service_settings=settings)
    assert message in str(caught.value)
    assert caught.value.operation == "inference.put"
    assert server.seen == []


def test_all_that_is_wrong_is_said_at_once(client: Client, server: Server) -> None:
    settings: Any = {"api_key": "k", "dimensions": 0, "nonsense": 1}
    with pytest.raises(InvalidRequest) as caught:
        client.inference.put_openai("", service_settings=settings, timeout=True)  # type: ignore[arg-type]
    assert {problem.field for problem in caught.value.problems} == {
        "inference_id",
        "timeout",
        "service_settings.model_id",
        "service_settings.dimensions",
        "service_settings.nonsense",
    }
    assert server.seen == []


def test_an_unknown_service_is_refused(client: Client, server: Server) -> None:
    body: Any = {"service": "opnai", "service_settings": {}}
    with pytest.raises(InvalidRequest):
        client.inference.put("my-id", body=body)
    assert server.seen == []
