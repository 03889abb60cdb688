"""`with_raw_response`: status, headers and body, read only when asked."""

from __future__ import annotations

import asyncio

import pytest
from elasticsearch_inference import ApiError, AsyncClient, Client, RawResponse, errors, models

from behaviour.client.server import Answer, Server

NOT_THAT = Answer.of({"endpoints": 5})


def test_the_answer_as_it_came(client: Client, server: Server) -> None:
    server.answers = [Answer.of({"endpoints": []})]
    raw = client.with_raw_response(client.inference.get)(inference_id="my-id")
    assert isinstance(raw, RawResponse)
    assert server.last.target == "/_inference/my-id"
    assert (raw.status, raw.body) == (200, b'{"endpoints": []}')
    assert raw.headers["Content-Type"].startswith("application/json")
    assert raw.parse() == client.inference.get(inference_id="my-id")
    assert repr(raw).startswith("RawResponse(status=200, headers=Headers({")
    assert "endpoints" not in repr(raw)


def test_nothing_is_validated_before_parse(client: Client, server: Server) -> None:
    server.answers = [NOT_THAT]
    raw = client.with_raw_response(client.inference.get)()
    assert raw.body == b'{"endpoints": 5}'
    with pytest.raises(errors.InvalidResponse):
        raw.parse()
    with pytest.raises(errors.InvalidResponse):
        client.inference.get()


def test_errors_are_raised_all_the_same(client: Client, server: Server) -> None:
    server.answers = [Answer.of({"error": "no", "status": 404}, 404)]
    with pytest.raises(ApiError, match="404 no"):
        client.with_raw_response(client.inference.get)()
    with pytest.raises(errors.InvalidRequest, match="must not be empty"):
        client.with_raw_response(client.inference.get)(inference_id="")


def test_asynchronously(server: Server) -> None:
    async def main() -> RawResponse[models.InferenceEndpoints]:
        async with AsyncClient(server.url) as client:
            return await client.with_raw_response(client.inference.get)()

    server.answers = [NOT_THAT]
    assert asyncio.run(main()).body == b'{"endpoints": 5}'


def test_what_is_no_method_of_the_client(client: Client) -> None:
    with pytest.raises(TypeError, match="a method of this client"):
        client.with_raw_response(client.with_options().inference.get)
    with pytest.raises(TypeError, match="a method of this client"):
        client.with_raw_response(len)
    with pytest.raises(TypeError, match="of its own"):
        client.with_raw_response(client.inference.stream_completion)("my-id", input="Hello")
