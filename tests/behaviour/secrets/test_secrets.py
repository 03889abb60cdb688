"""A secret that was put in shows up on the wire and nowhere else."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch_inference import (
    ApiError,
    ApiKey,
    AsyncClient,
    Client,
    InvalidRequest,
    Network,
    errors,
    models,
)
from pydantic import SecretStr, ValidationError

from behaviour.client.server import ENDPOINT, Answer, Server, serve

KEY = "sk-9f8e7d6c5b4a"
PASSWORD = "hunter2-hunter2"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for variable in ("ELASTICSEARCH_URL", "ELASTICSEARCH_API_KEY", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with serve() as server:
        server.answers = [ENDPOINT]
        yield server


def shown(value: object) -> str:
    """Give all that can be seen of a value without asking for its secrets."""
    parts = [repr(value), str(value), f"{value}"]
    if isinstance(value, BaseException):
        parts += traceback.format_exception(value)
        parts += [repr(value.args), repr(vars(value))]
    else:
        parts.append(repr(getattr(value, "__rich_repr__", lambda: ())()))
    return "\n".join(map(str, parts))


# --- models -------------------------------------------------------------------------------------

MODELS: list[Any] = [
    models.OpenAIServiceSettings(model_id="m", api_key=KEY),
    models.OpenAIServiceSettings(model_id="m", api_key=SecretStr(KEY)),
    models.OpenAIEndpoint(service_settings=models.OpenAIServiceSettings(model_id="m", api_key=KEY)),
    models.AmazonBedrockServiceSettings(
        access_key=KEY, secret_key=KEY, region="r", provider="cohere", model="m"
    ),
    models.GoogleVertexAIServiceSettings(
        service_account_json=KEY, model_id="m", location="l", project_id="p"
    ),
    models.CustomServiceSettings.model_validate(
        {
            "secret_parameters": {"api_key": KEY},
            "url": "http://u",
            "request": "{}",
            "response": {"json_parser": {"relevance_score": "$.a"}},
        }
    ),
    models.ServiceSettingsUpdate(api_key=KEY),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_models_do_not_show_it(model: Any) -> None:
    for value in (model, copy.copy(model), copy.deepcopy(model), model.model_copy()):
        assert KEY not in shown(value)
    assert KEY not in repr(model.model_dump())
    assert KEY not in repr(model.model_dump(mode="json"))
    assert KEY not in model.model_dump_json()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.model_dump_json(warnings=True)
    assert KEY not in repr([str(warning.message) for warning in caught])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_pickles_do_not_hold_it(model: Any) -> None:
    assert KEY.encode() not in pickle.dumps(model)


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_key": KEY},
        {"api_key": KEY, "model_id": 7},
        {"api_key": [KEY], "model_id": "m"},
        {"api_key": KEY.encode(), "model_id": "m", "nonsense": KEY},
        {"api_kye": KEY, "model_id": "m"},
        {"api_key": KEY, "client_secret": KEY, "model_id": "m"},
        KEY,
    ],
)
def test_errors_of_models_do_not_show_it(wrong: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        models.OpenAIServiceSettings.model_validate(wrong)
    # pydantic keeps the input of its own checks: `errors()` hands it out to who asks for it.
    assert KEY not in shown(caught.value)
    assert KEY not in repr(caught.value.errors(include_input=False))


# --- clients ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize(
    "credentials",
    [
        {"api_key": KEY},
        {"api_key": SecretStr(KEY)},
        {"basic_auth": ("me", KEY)},
        {"bearer_auth": KEY},
    ],
)
def test_clients_do_not_show_it(kind: Any, credentials: Any) -> None:
    client = kind("http://localhost:9200", **credentials)
    options = client.with_options(auth=ApiKey(KEY), headers={"authorization": KEY})
    for value in (client, options, client.inference, client._options, options._options):
        assert KEY not in shown(value)


def test_what_stands_in_addresses_is_not_shown() -> None:
    client = Client(f"http://me:{PASSWORD}@localhost:9200")
    assert PASSWORD not in shown(client)
    assert PASSWORD not in shown(client._options)
    assert PASSWORD not in shown(Network(proxy=f"http://me:{PASSWORD}@proxy:3128"))
    assert KEY not in shown(ApiKey(KEY))


# --- calls --------------------------------------------------------------------------------------

ECHO = json.dumps(
    {"error": {"type": "t", "reason": f"bad key {KEY} of {PASSWORD}"}, "status": 400}
).encode()
"""An answer of a server that repeats what it was sent."""

ANSWERS: dict[str, tuple[Answer, type[Exception] | None]] = {
    "success": (ENDPOINT, None),
    "error": (Answer(400, ECHO), errors.BadRequest),
    "page": (Answer(502, f"<h1>{KEY} {PASSWORD}</h1>".encode(), "text/html"), errors.BadGateway),
    "broken": (Answer(200, b'{"inference_id": 1}'), errors.InvalidResponse),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_calls_do_not_show_it(server: Server, caplog: pytest.LogCaptureFixture, name: str) -> None:
    answer, kind = ANSWERS[name]
    server.answers = [answer]
    raised: list[Exception] = []
    with (
        caplog.at_level(logging.DEBUG),
        Client(server.url, basic_auth=("me", PASSWORD), max_retries=1) as client,
    ):
        try:
            client.inference.put_openai(
                "e", task_type="completion", service_settings={"model_id": "m", "api_key": KEY}
            )
        except errors.OperationError as error:
            raised.append(error)
    assert [type(error) for error in raised] == ([] if kind is None else [kind])
    assert KEY in server.last.body.decode()
    assert caplog.records, "nothing was logged, so nothing was proved"
    for record in caplog.records:
        assert KEY not in record.getMessage()
        assert PASSWORD not in record.getMessage()
    for found in raised:
        for secret in (KEY, PASSWORD):
            assert secret not in shown(found)
            assert secret.encode() not in pickle.dumps(found)
        if isinstance(found, ApiError):
            assert KEY.encode() not in found.body


def test_nobody_there(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        Client("http://127.0.0.1:9", api_key=KEY, max_retries=1) as client,
        pytest.raises(errors.ConnectionFailed) as caught,
    ):
        client.inference.put_openai(
            "e", task_type="completion", service_settings={"model_id": "m", "api_key": KEY}
        )
    assert KEY not in shown(caught.value)
    assert KEY not in caplog.text


def test_calls_that_are_refused_do_not_show_it(server: Server) -> None:
    wrong: list[Any] = [
        {"api_key": KEY},
        {"api_key": KEY, "model_id": "m", "dimensions": KEY},
        {"api_key": KEY, "model_id": "m", KEY: 1} | {"api_kee": KEY},
        {"api_key": [KEY], "model_id": "m"},
        [KEY],
        KEY,
    ]
    with Client(server.url, api_key=KEY) as client:
        for settings in wrong:
            with pytest.raises(InvalidRequest) as caught:
                client.inference.put_openai("e", service_settings=settings)
            text = shown(caught.value)
            # A key in place of a name is a name: `{"sk-...": 1}` is told as unknown.
            assert KEY not in text.replace(f"unknown key `{KEY}`", "").replace(
                f"service_settings.{KEY}", ""
            )
    assert server.seen == []


def test_references_are_resolved_when_they_are_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = models.OpenAIServiceSettings(model_id="m", api_key="env:MY_OPENAI_KEY")
    with Client(server.url) as client:
        with pytest.raises(InvalidRequest, match="MY_OPENAI_KEY"):
            client.inference.put_openai("e", service_settings=settings)
        assert server.seen == []
        monkeypatch.setenv("MY_OPENAI_KEY", KEY)
        client.inference.put_openai("e", service_settings=settings)
    assert server.last.json()["service_settings"]["api_key"] == KEY
    assert KEY not in shown(settings)


def test_credentials_do_not_follow_a_redirect(server: Server) -> None:
    with serve() as other:
        server.answers = [Answer(307, b"", headers={"location": f"{other.url}/_inference"})]
        with Client(server.url, api_key=KEY) as client, pytest.raises(ApiError) as caught:
            client.inference.get()
        assert caught.value.status == 307
        assert other.seen == []
