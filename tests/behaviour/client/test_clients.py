"""How clients are made, changed and closed, for either colour."""

from __future__ import annotations

import asyncio
import base64
import subprocess
import sys
from typing import Any

import elasticsearch_inference
import pytest
from elasticsearch_inference import AsyncClient, Client, InvalidRequest, errors, models
from elasticsearch_inference._runtime import errors as runtime_errors

from behaviour.client.server import Server

SETTINGS: models.OpenAIServiceSettingsDict = {"model_id": "gpt-4o", "api_key": "sk-1"}


def put(client: Client) -> None:
    client.inference.put_openai("my-id", service_settings=SETTINGS)


@pytest.mark.parametrize(
    ("arguments", "header"),
    [
        ({"api_key": "c2VjcmV0"}, "ApiKey c2VjcmV0"),
        ({"basic_auth": ("me", "päss")}, "Basic " + base64.b64encode("me:päss".encode()).decode()),
        ({"bearer_auth": "token"}, "Bearer token"),
    ],
)
def test_credentials(server: Server, arguments: dict[str, Any], header: str) -> None:
    with Client(server.url, **arguments) as client:
        put(client)
        assert header.split()[1] not in repr(client)
    assert server.last.headers["authorization"] == header


def test_the_environment_says_where_and_who(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELASTICSEARCH_URL", server.url)
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", "from-env")
    with Client() as client:
        put(client)
    assert server.last.headers["authorization"] == "ApiKey from-env"
    with Client(api_key="given") as client:
        put(client)
    assert server.last.headers["authorization"] == "ApiKey given"


@pytest.mark.parametrize(
    "url",
    ["localhost:9200", "ftp://x", "http://", "http://h/?a=1", "", "http://h:port", "http://[::1"],
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Client(url)


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"timeout": "30s"}, TypeError, "timeout: must be a number of seconds"),
        ({"timeout": True}, TypeError, "timeout: must be a number of seconds"),
        ({"timeout": 0}, ValueError, "timeout: `connect` must be more than 0 seconds"),
        ({"max_retries": "2"}, TypeError, "max_retries: must be an integer"),
        ({"max_retries": -1}, ValueError, "max_retries: must be 0 or more"),
        ({"headers": {"x-a": "a\nb"}}, ValueError, "headers: the value of 'x-a' must be"),
        ({"headers": {"x-a": 5}}, ValueError, "headers: the value of 'x-a' must be"),
        ({"api_key": "a", "bearer_auth": "b"}, ValueError, "several credentials"),
        ({"api_key": "a", "basic_auth": ("b", "c")}, ValueError, "several credentials"),
    ],
)
def test_options_that_make_no_sense(
    arguments: dict[str, Any], kind: type[Exception], words: str
) -> None:
    for client in (Client, AsyncClient):
        with pytest.raises(kind, match=words):
            client("http://localhost:9200", **arguments)


def test_other_options_share_the_connections(server: Server) -> None:
    with Client(server.url, headers={"x-a": "1"}) as client:
        other = client.with_options(headers={"x-b": "2"})
        assert type(other) is Client
        put(other)
        assert {server.last.headers.get(name) for name in ("x-a", "x-b")} == {"1", "2"}
        put(client)
        assert "x-b" not in server.last.headers
        assert other.inference is not client.inference
        assert client.inference is client.inference
    with pytest.raises(RuntimeError, match="closed"):
        put(other)


def test_the_client_says_who_it_is(client: Client, server: Server) -> None:
    put(client)
    assert server.last.headers["user-agent"].startswith("elasticsearch-inference/")


def test_async_calls_are_the_same(server: Server) -> None:
    async def main() -> models.OpenAIEndpointInfo:
        async with AsyncClient(server.url, api_key="k") as client:
            with pytest.raises(InvalidRequest, match="must not be empty"):
                await client.inference.put_openai("", service_settings=SETTINGS)
            assert server.seen == []
            await asyncio.gather(
                *(
                    client.inference.put_openai(
                        "my-id", service_settings=SETTINGS, task_type="completion"
                    )
                    for _ in range(5)
                )
            )
            return await client.inference.put(
                "my-id", body={"service": "openai", "service_settings": SETTINGS}, timeout=-1
            )

    info = asyncio.run(main())
    assert isinstance(info, models.OpenAIEndpointInfo)
    assert [seen.target for seen in server.seen] == [
        *["/_inference/completion/my-id"] * 5,
        "/_inference/my-id?timeout=-1",
    ]
    assert {seen.body for seen in server.seen} == {server.last.body}
    assert server.last.headers["authorization"] == "ApiKey k"


def test_the_package_is_lazy() -> None:
    program = (
        "import sys\n"
        "import elasticsearch_inference as package\n"
        "client = package.Client('http://localhost:9200')\n"
        "print([name for name in ('pydantic', 'httpx2', 'asyncio') if name in sys.modules])\n"
        "client.inference\n"
        "print([name for name in sys.modules if name.startswith(package.__name__ + '.models.')])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert told.stdout == "[]\n[]\n"


def test_the_package_says_what_it_has() -> None:
    for name in elasticsearch_inference.__all__:
        assert getattr(elasticsearch_inference, name) is not None
    assert {name for name in dir(elasticsearch_inference) if not name.startswith("__")} == set(
        elasticsearch_inference.__all__
    )
    with pytest.raises(AttributeError, match="no attribute 'Clint'"):
        elasticsearch_inference.Clint  # type: ignore[attr-defined]  # noqa: B018


def test_every_error_of_the_runtime_is_offered() -> None:
    raised = {
        name
        for name, value in vars(runtime_errors).items()
        if isinstance(value, type) and issubclass(value, Exception) and not name.startswith("_")
    }
    assert raised <= set(errors.__all__)
    assert all(getattr(errors, name) is getattr(runtime_errors, name) for name in errors.__all__)
