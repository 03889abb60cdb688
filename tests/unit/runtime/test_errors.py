"""Errors: their classes, what they say, and that they travel."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from oasmith.runtime import errors
from oasmith.runtime.errors import (
    ApiError,
    Cause,
    ConnectionFailed,
    Envelope,
    InvalidRequest,
    InvalidResponse,
    OperationError,
    Problem,
    StreamBroken,
    TimedOut,
    read_envelope,
)
from oasmith.runtime.headers import Headers
from oasmith.runtime.responses import refusal
from unit.runtime.api import GET, Refusal


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {
                "error": {
                    "root_cause": [{"type": "a", "reason": "b"}, {"type": "c"}],
                    "type": "a",
                    "reason": "b",
                },
                "status": 404,
            },
            Envelope(
                type="a", reason="b", root_cause=(Cause("a", "b"), Cause("c", None)), status=404
            ),
        ),
        ({"error": "no handler", "status": 405}, Envelope(reason="no handler", status=405)),
        (
            {"error": {"code": "not_found", "message": "gone", "type": "resource"}},
            Envelope(type="resource", reason="gone"),
        ),
        ({"error": {"code": "x", "message": "m"}}, Envelope(type="x", reason="m")),
        ({"error": {"code": 503, "message": "m"}}, Envelope(reason="m", status=503)),
        (
            {"error": "invalid_client", "error_description": "who?"},
            Envelope(type="invalid_client", reason="who?"),
        ),
        (
            {"type": "https://x/y", "title": "t", "detail": "d", "status": 422},
            Envelope(type="https://x/y", reason="d", status=422),
        ),
        ({"message": "m"}, Envelope(reason="m")),
        ({"odd": 1}, Envelope(reason='{"odd": 1}')),
        ([1], Envelope(reason="[1]")),
        ("words", Envelope(reason="words")),
    ],
)
def test_envelopes(body: Any, expected: Envelope) -> None:
    assert read_envelope(json.dumps(body).encode()) == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", None),
        (b"  plain\n words ", "plain words"),
        (
            b"<html><head><TITLE>\n502 Bad &amp; Gateway</TITLE></head><body>x</body></html>",
            "502 Bad & Gateway",
        ),
        (b"<html><h1>Oh no</h1></html>", "Oh no"),
        (b"x" * 1000, "x" * 300 + "…"),
        (b"\xff", "\ufffd"),
        (b"{", "{"),
    ],
)
def test_bodies_without_structure(body: bytes, reason: str | None) -> None:
    assert read_envelope(body) == Envelope(reason=reason)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (302, ApiError),
        (400, errors.BadRequest),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (405, errors.MethodNotAllowed),
        (408, errors.RequestTimeout),
        (409, errors.Conflict),
        (413, errors.ContentTooLarge),
        (418, ApiError),
        (422, errors.UnprocessableContent),
        (429, errors.TooManyRequests),
        (500, errors.InternalServerError),
        (502, errors.BadGateway),
        (503, errors.ServiceUnavailable),
        (504, errors.GatewayTimeout),
        (599, errors.ServerError),
    ],
)
def test_every_status_has_its_class(status: int, expected: type[ApiError]) -> None:
    error = refusal(GET, status, Headers(), b"{}")
    assert type(error) is expected
    assert error.status == status
    assert issubclass(expected, errors.ServerError) == (status >= 500)


def test_an_api_error_says_it_all() -> None:
    body = b'{"error":{"type":"missing","reason":"no [x]"},"status":404}'
    headers = Headers([("X-Request-Id", "r-1"), ("content-type", "application/json")])
    error = refusal(GET, 404, headers, body, request_id_headers=("x-other", "x-request-id"))
    assert str(error) == "things.get: 404 missing: no [x] (request r-1)"
    assert (error.type, error.reason, error.request_id) == ("missing", "no [x]", "r-1")
    assert error.body == body
    assert error.headers["X-REQUEST-ID"] == "r-1"
    assert isinstance(error.parsed, Refusal)
    assert error.parsed.model_dump(exclude_unset=True) == json.loads(body)
    assert refusal(GET, 502, Headers(), b"<h1>x</h1>").parsed is None


def test_an_echo_of_a_secret_is_masked() -> None:
    body = b'{"error":{"type":"auth","reason":"bad key sk-secret"}}'
    error = refusal(GET, 401, Headers(), body, secrets=["sk-secret", "a"])
    assert "sk-secret" not in f"{error} {error!r} {error.__dict__}"
    assert error.reason == "bad key **********"
    assert error.type == "auth"


def test_redirects_are_refused() -> None:
    error = refusal(GET, 302, Headers([("location", "https://elsewhere/")]), b"<h1>Found</h1>")
    assert str(error) == "things.get: 302 redirects are not followed"


@pytest.mark.parametrize(
    "error",
    [
        refusal(GET, 404, Headers([(b"a", b"b")]), b'{"error":"x","status":404}'),
        InvalidRequest([Problem("a.b", "is required"), Problem("", "no")], operation="op"),
        InvalidResponse([Problem("a", "x")], status=200, body=b"{}", operation="op"),
        ConnectionFailed("cut", sent=True, operation="op"),
        TimedOut("late", phase="read", sent=True, operation="op"),
        StreamBroken("cut", operation="op"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_can_be_pickled(error: OperationError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.operation == error.operation
    assert {k: v for k, v in copy.__dict__.items() if k != "headers"} == {
        k: v for k, v in error.__dict__.items() if k != "headers"
    }
    if isinstance(error, ApiError | InvalidResponse):
        assert isinstance(copy, type(error))
        assert dict(copy.headers) == dict(error.headers)


def test_errors_are_what_python_calls_them() -> None:
    assert issubclass(InvalidRequest, ValueError)
    assert issubclass(TimedOut, TimeoutError)
    assert issubclass(TimedOut, ConnectionFailed)
    assert issubclass(StreamBroken, ConnectionFailed)


def test_headers_join_values_of_one_name() -> None:
    headers = Headers([(b"A", b"1"), ("a", "2"), ("B", "\xfc")])
    assert dict(headers) == {"a": "1, 2", "b": "ü"}
    assert len(headers) == 2
    assert headers.pairs() == (("A", "1"), ("a", "2"), ("B", "ü"))
    assert "C" not in headers
