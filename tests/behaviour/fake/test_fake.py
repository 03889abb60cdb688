"""The service in memory: what it keeps, what it refuses, what it makes up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from elasticsearch_inference import Client, InvalidRequest, errors, models
from elasticsearch_inference._runtime.headers import Headers
from elasticsearch_inference._runtime.transport import Request
from elasticsearch_inference.testing import FakeService, fake_inference

__all__ = ["fake_inference"]

KEY = "sk-very-secret"
OPENAI: models.OpenAIServiceSettingsDict = {"model_id": "m", "api_key": KEY}
ELSER: models.ElserServiceSettingsDict = {"num_allocations": 1, "num_threads": 1}


@pytest.fixture
def client(fake_inference: FakeService) -> Client:
    return fake_inference.client()


def refused(kind: type[errors.ApiError], call: Any, *args: Any, **kwargs: Any) -> errors.ApiError:
    with pytest.raises(errors.ApiError) as caught:
        call(*args, **kwargs)
    assert type(caught.value) is kind
    return caught.value


# --- endpoints ----------------------------------------------------------------------------------


def test_what_was_put_comes_back_without_secrets_and_with_defaults(
    client: Client, fake_inference: FakeService
) -> None:
    settings: models.OpenAIServiceSettingsDict = {**OPENAI, "dimensions": 5}
    put = client.inference.put_openai("e", task_type="text_embedding", service_settings=settings)
    [got] = client.inference.get(inference_id="e").endpoints
    assert isinstance(got, models.OpenAIEndpointInfo)
    assert got == put
    assert got.model_dump(exclude_unset=True) == {
        "inference_id": "e",
        "task_type": "text_embedding",
        "service": "openai",
        "service_settings": {"model_id": "m", "dimensions": 5, "similarity": "dot_product"},
    }
    assert KEY not in repr(vars(fake_inference))
    assert fake_inference.calls[0].body["service_settings"]["api_key"] == KEY


def test_secrets_that_stand_deep_are_not_kept(client: Client) -> None:
    client.inference.put_custom(
        "custom",
        task_type="rerank",
        service_settings={
            "secret_parameters": {"api_key": KEY},
            "url": "http://u",
            "request": "{}",
            "response": {"json_parser": {"relevance_score": "$.a"}},
        },
    )
    [got] = client.inference.get(inference_id="custom").endpoints
    settings = got.model_dump(exclude_unset=True)["service_settings"]
    assert settings["response"]["json_parser"]["relevance_score"] == "$.a"
    assert "secret_parameters" not in settings


def test_endpoints_are_listed_by_task_type(client: Client) -> None:
    client.inference.put_openai("b", task_type="completion", service_settings=OPENAI)
    client.inference.put_elser("a", task_type="sparse_embedding", service_settings=ELSER)

    def ids(**which: Any) -> list[Any]:
        endpoints = client.inference.get(**which).endpoints
        return [one.model_dump()["inference_id"] for one in endpoints]

    assert ids() == ids(inference_id="_all") == ids(inference_id="*") == ["a", "b"]
    assert ids(task_type="completion") == ["b"]
    assert ids(task_type="rerank") == []


def test_an_unknown_endpoint(client: Client) -> None:
    error = refused(errors.NotFound, client.inference.get, inference_id="inference_to_get")
    assert error.type == "resource_not_found_exception"
    assert error.reason == "Inference endpoint not found [inference_to_get]"
    assert error.root_cause[0].type == "resource_not_found_exception"
    assert isinstance(error.parsed, models.ErrorResponse)
    assert error.parsed.status == 404


def test_an_endpoint_is_created_once_and_with_a_task_type(client: Client) -> None:
    put = client.inference.put_openai
    put("e", task_type="completion", service_settings=OPENAI)
    again = refused(errors.BadRequest, put, "e", task_type="completion", service_settings=OPENAI)
    assert again.type == "resource_already_exists_exception"
    without = refused(errors.BadRequest, put, "other", service_settings=OPENAI)
    assert "task_type" in str(without.reason)


def test_the_wrong_task_type(client: Client) -> None:
    client.inference.put_elser("s", task_type="sparse_embedding", service_settings=ELSER)
    words = r"Requested task type \[text_embedding\] does not match"
    for call in (client.inference.get, client.inference.delete):
        with pytest.raises(errors.BadRequest, match=words):
            call(inference_id="s", task_type="text_embedding")
    with pytest.raises(errors.BadRequest, match=words):
        client.inference.text_embedding("s", input="a")


def test_an_endpoint_is_changed(client: Client) -> None:
    client.inference.put_openai("c", task_type="completion", service_settings=OPENAI)
    info = client.inference.update(
        "c",
        task_type="completion",
        service_settings={"api_key": "sk-new"},
        task_settings={"user": "me"},
    )
    assert isinstance(info, models.OpenAIEndpointInfo)
    assert info.service_settings.model_id == "m"
    assert info.task_settings is not None
    assert info.task_settings.user == "me"
    [got] = client.inference.get(inference_id="c").endpoints
    assert got == info
    assert "sk-new" not in got.model_dump_json()


def test_an_endpoint_is_deleted_unless_it_is_in_use(
    client: Client, fake_inference: FakeService
) -> None:
    client.inference.put_openai("e", task_type="completion", service_settings=OPENAI)
    fake_inference.hold("e", pipelines=["p"])
    asked = client.inference.delete("e", dry_run=True)
    assert (asked.acknowledged, asked.pipelines, asked.indexes) == (False, ["p"], [])
    error = refused(errors.Conflict, client.inference.delete, "e")
    assert "referenced by pipelines: ['p']" in str(error.reason)
    assert client.inference.delete("e", force=True).acknowledged is True
    refused(errors.NotFound, client.inference.delete, "e")
    assert client.inference.get().endpoints == []


# --- the region policy --------------------------------------------------------------------------


def test_the_region_policy(client: Client) -> None:
    words = "No region policy is configured for this deployment"
    for call in (client.inference.get_region_policy, client.inference.delete_region_policy):
        assert refused(errors.NotFound, call).reason == words
    first = client.inference.put_region_policy(region_policy={"allowed_geos": ["us", "eu"]})
    assert first.region_policy.allowed_geos == ["us", "eu"]
    assert first.model_fields_set == {"region_policy", "created_at"}
    assert client.inference.get_region_policy() == first
    regions: list[models.RegionDict] = [
        {"csp": "aws", "region": "us-east-1"},
        {"csp": "aws", "region": "eu-west-1"},
    ]
    client.inference.put_region_policy(
        region_policy={"allowed_regions": regions, "fallback_region": regions[0]}
    )
    got = client.inference.get_region_policy()
    assert got.region_policy.allowed_geos is None
    assert [region.region for region in got.region_policy.allowed_regions or ()] == [
        "us-east-1",
        "eu-west-1",
    ]
    assert got.updated_at is not None
    assert got.created_by is None
    assert client.inference.delete_region_policy().acknowledged is True
    refused(errors.NotFound, client.inference.get_region_policy)


# --- what the document forbids, sent by someone else ----------------------------------------------


def raw(fake: FakeService, method: str, target: str, body: bytes | None = None) -> Any:
    response = fake.transport.send(Request(method, "", target, (), body))
    assert isinstance(response.headers, Headers)
    return response.status, b"".join(response.body).decode()


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "words"),
    [
        ("PUT", "/_inference/bad/e", b'{"service": "elser"}', 400, "task_type"),
        ("PUT", "/_inference/rerank/e", b'{"service": "elser"}', 400, "service_settings"),
        ("PUT", "/_inference/rerank/e", b"{", 400, "body"),
        ("PUT", "/_inference/rerank/e", None, 400, "body"),
        ("GET", "/_inference?foo=1", None, 400, "foo: unknown parameter"),
        ("GET", "/_nothing", None, 404, "no_route"),
        (
            *("PUT", "/_inference/_region_policy", b'{"allowed_geos": ["us"]}', 400),
            "unknown key `allowed_geos`",
        ),
        (
            *("PUT", "/_inference/_region_policy", b'{"region_policy": {}}', 400),
            "allowed_regions",
        ),
        (
            *("PUT", "/_inference/_region_policy", b'{"region_policy": {"allowed_geos": []}}'),
            *(400, "region_policy.allowed_geos"),
        ),
    ],
)
def test_what_the_document_forbids_is_refused(
    fake_inference: FakeService,
    method: str,
    target: str,
    body: bytes | None,
    status: int,
    words: str,
) -> None:
    got, text = raw(fake_inference, method, target, body)
    assert got == status
    assert words in text


def test_the_client_refuses_it_before(client: Client, fake_inference: FakeService) -> None:
    with pytest.raises(InvalidRequest):
        client.inference.put_region_policy(region_policy={"allowed_geos": []})
    assert fake_inference.calls == []


# --- what is made up ----------------------------------------------------------------------------


def test_equal_texts_get_equal_embeddings_of_the_length_that_was_asked_for(client: Client) -> None:
    client.inference.put_openai(
        "e", task_type="text_embedding", service_settings={**OPENAI, "dimensions": 5}
    )
    first = client.inference.text_embedding("e", input=["a", "b"]).text_embedding or []
    second = client.inference.text_embedding("e", input="b").text_embedding or []
    assert [len(one.embedding) for one in first] == [5, 5]
    assert first[1] == second[0]
    assert first[0] != first[1]


def test_every_task_has_its_answer(client: Client) -> None:
    client.inference.put_openai("c", task_type="completion", service_settings=OPENAI)
    client.inference.put_elser("s", task_type="sparse_embedding", service_settings=ELSER)
    client.inference.put_cohere(
        "r", task_type="rerank", service_settings={"model_id": "m", "api_key": KEY}
    )
    assert len(client.inference.completion("c", input="hello").completion) == 1
    sparse = client.inference.sparse_embedding("s", input="the quick fox").sparse_embedding
    assert list(sparse[0].embedding) == ["the", "quick", "fox"]
    ranked = client.inference.rerank("r", query="q", input=["a", "b", "c"]).rerank
    assert [one.index for one in ranked] == [0, 1, 2]
    scores = [one.relevance_score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    whatever = client.inference.inference("s", input="the quick fox")
    assert whatever.sparse_embedding == sparse
    assert whatever.model_fields_set == {"sparse_embedding"}


def test_streams(client: Client) -> None:
    client.inference.put_openai("c", task_type="completion", service_settings=OPENAI)
    with client.inference.stream_completion("c", input="hello") as stream:
        events = list(stream)
    assert len(events) == 3
    with client.inference.stream_completion("c", input="hello") as stream:
        assert list(stream) == events
    with (
        pytest.raises(errors.NotFound, match=r"not found \[missing\]"),
        client.inference.stream_completion("missing", input="hello"),
    ):
        pass


def test_a_call_that_is_told_to_fail(client: Client, fake_inference: FakeService) -> None:
    fake_inference.refuse("inference.get", 429, "too_many", "slow down")
    error = refused(errors.TooManyRequests, client.inference.get)
    assert (error.type, error.reason) == ("too_many", "slow down")
    assert client.inference.get().endpoints == []
    with pytest.raises(ValueError, match="there is no operation"):
        fake_inference.refuse("inference.got", 429, "too_many", "slow down")


def test_both_clients_see_the_same_service(fake_inference: FakeService) -> None:
    fake_inference.client().inference.put_openai(
        "c", task_type="completion", service_settings=OPENAI
    )

    async def main() -> int:
        async with fake_inference.async_client() as client:
            async with client.inference.stream_completion("c", input="hello") as stream:
                events = [event async for event in stream]
            assert (await client.inference.delete("c")).acknowledged
            return len(events)

    assert asyncio.run(main()) == 3
    assert fake_inference.client().inference.get().endpoints == []
