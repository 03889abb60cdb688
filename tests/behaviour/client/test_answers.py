"""What comes back: models, with all that the server said; errors of the right class."""

from __future__ import annotations

import pytest
from elasticsearch_inference import ApiError, Client, errors, models

from behaviour.client.server import Answer, Server

SETTINGS: models.OpenAIServiceSettingsDict = {"model_id": "gpt-4o", "api_key": "sk-very-secret"}


def test_an_answer_is_a_model_that_keeps_what_it_does_not_know(client: Client) -> None:
    info = client.inference.put_openai("my-id", service_settings=SETTINGS)
    assert isinstance(info, models.OpenAIEndpointInfo)
    assert (info.inference_id, info.task_type, info.service) == ("my-id", "completion", "openai")
    assert info.service_settings.model_id == "gpt-4o"
    assert info.service_settings.rate_limit is not None
    assert info.service_settings.rate_limit.requests_per_minute == 500
    assert info.model_dump(exclude_unset=True)["added_later"] is True
    written = info.model_dump_json(exclude_unset=True)
    assert '"since_tomorrow":{"a":[1,2.0,null]}' in written


def test_the_general_method_tells_answers_apart(client: Client) -> None:
    info = client.inference.put("my-id", body={"service": "openai", "service_settings": SETTINGS})
    assert isinstance(info, models.OpenAIEndpointInfo)


def test_an_unknown_service_and_task_type_can_be_read(client: Client, server: Server) -> None:
    server.answers = [
        Answer.of(
            {"inference_id": "x", "task_type": "dream", "service": "new", "service_settings": {}}
        )
    ]
    info = client.inference.put("my-id", body={"service": "openai", "service_settings": SETTINGS})
    assert info.model_dump()["service"] == "new"
    assert info.model_dump()["task_type"] == "dream"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequest),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (429, errors.TooManyRequests),
        (500, errors.InternalServerError),
        (503, errors.ServiceUnavailable),
        (418, errors.ApiError),
    ],
)
def test_each_status_has_its_error(
    client: Client, server: Server, status: int, kind: type[ApiError]
) -> None:
    server.answers = [
        Answer.of(
            {
                "error": {
                    "type": "status_exception",
                    "reason": "it is so",
                    "root_cause": [{"type": "status_exception", "reason": "it is so"}],
                },
                "status": status,
            },
            status=status,
        )
    ]
    with pytest.raises(ApiError) as caught:
        client.inference.put_openai("my-id", service_settings=SETTINGS)
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.type, error.reason) == (status, "status_exception", "it is so")
    assert error.operation == "inference.put"
    assert isinstance(error.parsed, models.ErrorResponse)
    assert "sk-very-secret" not in f"{error!r}{error}{error.body!r}"
    assert len(server.seen) == 1


def test_an_error_page_of_a_proxy_is_an_api_error(client: Client, server: Server) -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head></html>"
    server.answers = [Answer(502, page, "text/html")]
    with pytest.raises(errors.BadGateway, match="502 Bad Gateway") as caught:
        client.inference.put_openai("my-id", service_settings=SETTINGS)
    assert caught.value.body == page
    assert str(caught.value) == "inference.put: 502 Bad Gateway"


def test_an_answer_that_is_not_what_was_promised_is_an_error(
    client: Client, server: Server
) -> None:
    server.answers = [Answer(200, b"[1, 2]")]
    with pytest.raises(errors.InvalidResponse) as caught:
        client.inference.put_openai("my-id", service_settings=SETTINGS)
    assert caught.value.body == b"[1, 2]"


def test_nobody_there() -> None:
    with (
        Client("http://127.0.0.1:9", max_retries=0) as client,
        pytest.raises(errors.ConnectionFailed) as caught,
    ):
        client.inference.put_openai("my-id", service_settings=SETTINGS)
    assert caught.value.operation == "inference.put"
    assert caught.value.sent is False


def test_an_unfit_answer_says_where_and_hides_what_it_echoes(
    client: Client, server: Server
) -> None:
    server.answers = [Answer.of({"endpoints": {"key": "sk-very-secret"}})]
    with pytest.raises(errors.InvalidResponse, match=r"describes: endpoints: should be") as caught:
        client.inference.get()
    assert [problem.field for problem in caught.value.problems] == ["endpoints"]
    server.answers = [Answer.of({"echo": "sk-very-secret"})]
    with pytest.raises(errors.InvalidResponse) as caught:
        client.inference.put_openai("my-id", service_settings=SETTINGS)
    assert caught.value.body == b'{"echo": "**********"}'
