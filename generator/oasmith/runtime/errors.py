"""What a call can raise. Every error names the operation, can be pickled and holds no secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, cast

from .headers import Headers

_NO_HEADERS: Final = Headers()


def _restore(cls: type[OperationError], args: tuple[Any, ...]) -> OperationError:
    return cls.__new__(cls, *args)


class OperationError(Exception):
    """The base of all errors of calls.

    Attributes:
        operation: The operationId; empty before the client has filled it in.
        message: What happened, without the operation.
    """

    def __init__(self, message: str, *, operation: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation

    def __str__(self) -> str:
        return f"{self.operation}: {self.message}" if self.operation else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), self.args), self.__dict__)


# --- before anything is sent --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `field` is a path like `rate_limit.size`; it may be empty."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


def _listed(problems: Sequence[Problem]) -> str:
    if len(problems) == 1:
        return str(problems[0])
    return "".join(f"\n  {problem}" for problem in problems)


class InvalidRequest(OperationError, ValueError):
    """The call is wrong; nothing was sent. `problems` are all that was found."""

    def __init__(self, problems: Iterable[Problem], *, operation: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__(_listed(self.problems), operation=operation)


# --- no answer ----------------------------------------------------------------------------------


class ConnectionFailed(OperationError):
    """There is no answer, or only a part of one.

    Attributes:
        sent: Whether the server may have got the request.
    """

    def __init__(self, message: str, *, sent: bool, operation: str = "") -> None:
        super().__init__(message, operation=operation)
        self.sent = sent


TimeoutPhase: TypeAlias = Literal["connect", "read", "write", "total"]


class TimedOut(ConnectionFailed, TimeoutError):
    """Time ran out. `phase` says which of the timeouts it was."""

    def __init__(
        self, message: str, *, phase: TimeoutPhase, sent: bool, operation: str = ""
    ) -> None:
        super().__init__(message, sent=sent, operation=operation)
        self.phase = phase


class StreamBroken(ConnectionFailed):
    """A stream ended before its end."""

    def __init__(self, message: str, *, operation: str = "") -> None:
        super().__init__(message, sent=True, operation=operation)


# --- an answer that cannot be read --------------------------------------------------------------


class InvalidResponse(OperationError):
    """The server says that all is well, and its answer is not what the document describes.

    Attributes:
        status: Of the answer.
        headers: Of the answer.
        body: As it came.
        problems: What does not fit, and where.
    """

    def __init__(
        self,
        problems: Iterable[Problem],
        *,
        status: int,
        headers: Headers = _NO_HEADERS,
        body: bytes = b"",
        operation: str = "",
    ) -> None:
        self.problems = tuple(problems)
        self.status = status
        self.headers = headers
        self.body = body
        super().__init__(
            f"the answer is not what the API describes: {_listed(self.problems)}",
            operation=operation,
        )


# --- an answer that says no ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cause:
    """What a server says about an error: a kind and words."""

    type: str | None
    reason: str | None


class ApiError(OperationError):
    """The server refuses, or fails.

    Attributes:
        status: The HTTP status; of an error within a stream the status that it states, if it does.
        type: The kind of error in the server's own terms.
        reason: The server's words.
        root_cause: What lies behind it, where the server says.
        request_id: What the server calls this request, where it says.
        headers: Of the answer.
        body: As it came; secrets that the request held are masked.
        parsed: The body as the document describes it, where it does and the body fits.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        type: str | None = None,
        reason: str | None = None,
        root_cause: tuple[Cause, ...] = (),
        request_id: str | None = None,
        headers: Headers = _NO_HEADERS,
        body: bytes = b"",
        parsed: object = None,
        operation: str = "",
    ) -> None:
        super().__init__(message, operation=operation)
        self.status = status
        self.type = type
        self.reason = reason
        self.root_cause = root_cause
        self.request_id = request_id
        self.headers = headers
        self.body = body
        self.parsed = parsed


class BadRequest(ApiError):
    """400."""


class Unauthorized(ApiError):
    """401."""


class Forbidden(ApiError):
    """403."""


class NotFound(ApiError):
    """404."""


class MethodNotAllowed(ApiError):
    """405."""


class RequestTimeout(ApiError):
    """408."""


class Conflict(ApiError):
    """409."""


class ContentTooLarge(ApiError):
    """413."""


class UnprocessableContent(ApiError):
    """422."""


class TooManyRequests(ApiError):
    """429."""


class ServerError(ApiError):
    """5XX."""


class InternalServerError(ServerError):
    """500."""


class BadGateway(ServerError):
    """502."""


class ServiceUnavailable(ServerError):
    """503."""


class GatewayTimeout(ServerError):
    """504."""


_BY_STATUS: Final[dict[int, type[ApiError]]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    408: RequestTimeout,
    409: Conflict,
    413: ContentTooLarge,
    422: UnprocessableContent,
    429: TooManyRequests,
    500: InternalServerError,
    502: BadGateway,
    503: ServiceUnavailable,
    504: GatewayTimeout,
}


def api_error(
    *,
    operation: str,
    status: int,
    headers: Headers,
    body: bytes,
    envelope: bytes,
    parsed: object = None,
    request_id_headers: Sequence[str] = (),
) -> ApiError:
    """Make the error of the class that belongs to the status.

    Args:
        operation: The operationId.
        status: Of the answer.
        headers: Of the answer.
        body: As it came.
        envelope: The part of the body that speaks of the error.
        parsed: The envelope as the document describes it.
        request_id_headers: Where the server puts its name of the request.
    """
    said = read_envelope(envelope)
    if status < 400 and said.status is not None:
        # An error within a stream, whose own status was sent long before.
        status = said.status
    if 300 <= status < 400:
        said = Envelope(reason="redirects are not followed")
    request_id = next((headers[name] for name in request_id_headers if name in headers), None)
    words = ": ".join(part for part in (said.type, said.reason) if part)
    if status < 300 or words.startswith(str(status)):
        # A status that says that all is well, or that an error page says itself.
        message = words or str(status)
    else:
        message = f"{status} {words}".rstrip()
    if request_id is not None:
        message += f" (request {request_id})"
    cls = _BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    return cls(
        message,
        status=status,
        type=said.type,
        reason=said.reason,
        root_cause=said.root_cause,
        request_id=request_id,
        headers=headers,
        body=body,
        parsed=parsed,
        operation=operation,
    )


# --- the envelopes in which servers put errors --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What could be read out of the body of an error."""

    type: str | None = None
    reason: str | None = None
    root_cause: tuple[Cause, ...] = ()
    status: int | None = None


_TITLE: Final = re.compile(rb"<(title|h1)[^>]*>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_LONGEST: Final = 300
"""How much of a body without any structure goes into a message, in characters."""


def read_envelope(body: bytes) -> Envelope:
    """Read the body of an error, whatever it is.

    Known are: `{"error": {"type", "reason" or "message", "root_cause", "code"}, "status"}`,
    `{"error": "words", "error_description"}` (RFC 6749), problem details (RFC 9457), `{"message"}`,
    a page of HTML, and text.
    """
    try:
        value = json.loads(body)
    except ValueError:
        return Envelope(reason=_words(body))
    if isinstance(value, str):
        return Envelope(reason=value)
    whole = _object(value)
    if whole is None:
        return Envelope(reason=_words(body))
    error = whole.get("error")
    status = whole.get("status")
    inner = _object(error)
    if inner is not None:
        cause = _cause(inner)
        causes = inner.get("root_cause")
        items = cast("list[object]", causes) if isinstance(causes, list) else []
        return Envelope(
            type=cause.type or _string(inner.get("code")),
            reason=cause.reason,
            root_cause=tuple(_cause(one) for one in map(_object, items) if one is not None),
            status=_status(status) or _status(inner.get("status")) or _status(inner.get("code")),
        )
    if isinstance(error, str):
        description = _string(whole.get("error_description")) or _string(whole.get("message"))
        return Envelope(
            type=error if description else None,
            reason=description or error,
            status=_status(status),
        )
    cause = _cause(whole)
    return Envelope(type=cause.type, reason=cause.reason or _words(body), status=_status(status))


def _object(value: object) -> dict[str, object] | None:
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _cause(value: dict[str, object]) -> Cause:
    words = (_string(value.get(key)) for key in ("reason", "message", "detail", "title"))
    return Cause(_string(value.get("type")), next((word for word in words if word), None))


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _status(value: object) -> int | None:
    return value if isinstance(value, int) and 400 <= value < 600 else None


def _words(body: bytes) -> str | None:
    title = _TITLE.search(body[:65536])
    text = (title[2] if title else body[: 4 * _LONGEST]).decode(errors="replace")
    if title:
        from html import unescape

        text = unescape(text)
    words = " ".join(text.split())
    if len(words) > _LONGEST:
        words = words[:_LONGEST] + "…"
    return words or None
