"""From the answer of a server to a value or an error. Pure: nothing is read from a connection."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Generic, TypeAlias, TypeVar

from pydantic import TypeAdapter
from pydantic_core import ValidationError, from_json

from . import checks
from .errors import (
    ApiError,
    InvalidResponse,
    OperationError,
    Problem,
    StreamBroken,
    api_error,
)
from .headers import Headers
from .operations import ErrorEvent, Operation, Response, TypeThunk
from .references import masked
from .semantics.media_types import (
    EVENTS,
    JSON,
    bare,
    is_json,
    is_range,
    is_text,
    notation,
)
from .sse import Event, EventParser, LineSplitter

T = TypeVar("T")

Reader: TypeAlias = Callable[[bytes], Any]


def is_success(operation: Operation[Any], status: int) -> bool:
    """Say whether the status is 2XX, or a redirection that the operation is meant to answer."""
    if 300 <= status < 400:
        return any(response.status[:1] == "3" for response in operation.responses)
    return 200 <= status < 300


def read(
    operation: Operation[T],
    status: int,
    headers: Headers,
    body: bytes,
    *,
    secrets: Iterable[str] = (),
) -> T:
    """Read the body of a success, straight from its bytes.

    Args:
        operation: What was called.
        status: Of the answer.
        headers: Of the answer.
        body: As it came.
        secrets: What the request held; an error does not repeat it.

    Raises:
        InvalidResponse: It is not what the document describes.
    """
    reader = _reader(operation, status, headers.get("content-type", ""))
    try:
        value: T = reader(body)
    except ValidationError as error:
        raise InvalidResponse(
            checks.problems(error, _json(body)),
            status=status,
            headers=headers,
            body=masked(body, secrets),
            operation=operation.id,
        ) from None
    except _Unexpected as error:
        raise InvalidResponse(
            [Problem("", str(error))],
            status=status,
            headers=headers,
            body=masked(body, secrets),
            operation=operation.id,
        ) from None
    return value


def _json(body: bytes) -> Any:
    """Give what a body holds, to tell where in it a problem is; None: it is no JSON."""
    try:
        return from_json(body)
    except ValueError:
        return None


def refusal(
    operation: Operation[Any],
    status: int,
    headers: Headers,
    body: bytes,
    *,
    secrets: Iterable[str] = (),
    request_id_headers: Sequence[str] = (),
    type_: TypeThunk | None = None,
) -> ApiError:
    """Make the error that an answer is; `type_` is what it holds, None: as documented."""
    body = masked(body, secrets)
    if bare(headers.get("content-type", "")) == EVENTS:
        # The error of a stream comes as its first event.
        parser = EventParser()
        events = parser.feed(body + b"\n\n")
        envelope = events[0].data.encode() if events else body
    else:
        envelope = body
    return api_error(
        operation=operation.id,
        status=status,
        headers=headers,
        body=body,
        envelope=envelope,
        parsed=_parsed(type_ or _error_type(operation, status), envelope),
        request_id_headers=request_id_headers,
    )


# --- what is worked out once per operation, status and media type -------------------------------


class _Unexpected(Exception):
    """The answer has a form that the document does not know."""


# Bounded, for a server is free to send a new media type every time.
@functools.lru_cache(maxsize=1024)
def _reader(operation: Operation[Any], status: int, content_type: str) -> Reader:
    response = _choose(operation.responses, status, content_type)
    if response is None or response.media_type is None:
        return _nothing
    if response.type is None:
        return bytes
    if is_json(response.media_type):
        if content_type and not is_json(content_type) and not is_range(response.media_type):
            return _refuse(f"expected {response.media_type}, got {bare(content_type)}")
        return _adapter(response.type).validator.validate_json
    if is_text(response.media_type):
        return _adapter_of_text(_adapter(response.type))
    return bytes


def _choose(responses: Sequence[Response], status: int, content_type: str) -> Response | None:
    """Choose by status, `200` before `2XX` before `default`, then by media type."""
    exact = str(status)
    for wanted in (exact, f"{exact[0]}XX", "default"):
        fitting = [response for response in responses if response.status.upper() == wanted.upper()]
        if fitting:
            break
    else:
        # A success that nobody described: read it as the one that was.
        fitting = [r for r in responses if r.status[:1] == exact[:1] and status != 204]
    if not fitting:
        return None
    got = bare(content_type)
    for response in fitting:
        if response.media_type is not None and bare(response.media_type) == got:
            return response
    for response in fitting:
        if response.media_type is not None and is_json(response.media_type) and is_json(got):
            return response
    return fitting[0]


@functools.cache
def _adapter(type_: TypeThunk) -> TypeAdapter[Any]:
    return checks.adapter(type_)


def _adapter_of_text(adapter: TypeAdapter[Any]) -> Reader:
    return lambda body: adapter.validate_python(body.decode(errors="replace"))


def _nothing(body: bytes) -> None:
    return None


def _refuse(message: str) -> Reader:
    def reader(body: bytes) -> Any:
        raise _Unexpected(message)

    return reader


def _error_type(operation: Operation[Any], status: int) -> TypeThunk | None:
    response = _choose(operation.errors, status, JSON)
    return None if response is None else response.type


def _parsed(type_: TypeThunk | None, body: bytes) -> object:
    if type_ is None:
        return None
    try:
        return _adapter(type_).validator.validate_json(body)
    except ValidationError:
        # What cannot be read as documented can still be read as an envelope.
        return None


# --- streams ------------------------------------------------------------------------------------

DONE = "[DONE]"
"""What ends a stream though the connection stays open. No JSON, hence never mistaken for data."""

_ERROR: Final = ErrorEvent("error")


class Decoder(Generic[T]):
    """Turns the bytes of a stream into typed events.

    Args:
        operation: Whose answer it is.
        status: Of the answer.
        headers: Of the answer.
        secrets: Those of the request.
        request_id_headers: Where the server puts its name of the request.
    """

    def __init__(
        self,
        operation: Operation[T],
        status: int,
        headers: Headers,
        *,
        secrets: Sequence[str] = (),
        request_id_headers: Sequence[str] = (),
    ) -> None:
        self.done = False
        self._operation = operation
        self._status = status
        self._headers = headers
        self._secrets = secrets
        self._request_id_headers = request_id_headers
        content_type = headers.get("content-type", "")
        response = _choose(operation.responses, status, content_type)
        self._end = None if response is None else response.end
        self._error = (response and response.error) or _ERROR
        self._read = _line_reader(None if response is None else response.type)
        self._events: EventParser | None = None
        self._lines: LineSplitter | None = None
        self._whole: list[bytes] | None = None
        match notation(content_type or (response and response.media_type) or EVENTS):
            case "events":
                self._events = EventParser()
            case "lines":
                self._lines = LineSplitter()
            case _:
                # A server that answers with the whole after all.
                self._whole = []

    def feed(self, data: bytes) -> list[T]:
        """Give the events that have become complete. Sets `done` at the end of the stream.

        Raises:
            Interrupted: The server reports an error, or an event is not what was described.
        """
        values: list[T] = []
        try:
            if self._events is not None:
                for event in self._events.feed(data):
                    if event.data == (self._end or DONE):
                        self.done = True
                        break
                    values.append(self._event(event))
            elif self._lines is not None:
                for line in self._lines.feed(data):
                    # RFC 7464 puts a record separator before every text.
                    text = line.removeprefix(b"\x1e").strip()
                    if text:
                        values.append(self._value(text))
            elif self._whole is not None:
                self._whole.append(data)
        except OperationError as error:
            raise Interrupted(values, error) from None
        return values

    def finish(self) -> list[T]:
        """Say that there are no more bytes. Gives what they complete.

        Raises:
            StreamBroken: The stream was cut.
        """
        if self.done:
            return []
        self.done = True
        if self._whole is not None:
            body = b"".join(self._whole)
            return [self._value(body)] if body.strip() else []
        if self._lines is not None:
            rest = self._lines.rest().removeprefix(b"\x1e").strip()
            return [self._value(rest)] if rest else []
        assert self._events is not None
        if self._events.unfinished or self._end is not None:
            raise self.broken("the stream ended before its end")
        return []

    def broken(self, message: str) -> StreamBroken:
        """Make the error of a stream that was cut."""
        return StreamBroken(message, operation=self._operation.id)

    def _event(self, event: Event) -> T:
        data = event.data.encode()
        if event.event == self._error.name:
            raise refusal(
                self._operation,
                self._status,
                Headers(
                    pair for pair in self._headers.pairs() if pair[0].lower() != "content-type"
                ),
                data,
                secrets=self._secrets,
                request_id_headers=self._request_id_headers,
                type_=self._error.type,
            )
        return self._value(data)

    def _value(self, data: bytes) -> T:
        try:
            value: T = self._read(data)
        except ValidationError as error:
            raise InvalidResponse(
                checks.problems(error, _json(data)),
                status=self._status,
                headers=self._headers,
                body=masked(data, self._secrets),
                operation=self._operation.id,
            ) from None
        return value


class Interrupted(Exception):
    """An error came after events that were good and shall be handed out first."""

    def __init__(self, events: list[Any], error: OperationError) -> None:
        super().__init__()
        self.events = events
        self.error = error


def _line_reader(type_: TypeThunk | None) -> Reader:
    if type_ is None:
        return lambda data: data.decode(errors="replace")
    adapter = _adapter(type_)
    if adapter.core_schema["type"] == "str":
        return _adapter_of_text(adapter)
    if adapter.core_schema["type"] == "union":
        return _reader_of_either(adapter)
    return adapter.validator.validate_json


def _reader_of_either(adapter: TypeAdapter[Any]) -> Reader:
    """Read JSON, or text where one kind of event holds text."""

    def read(data: bytes) -> Any:
        try:
            return adapter.validator.validate_json(data)
        except ValidationError:
            try:
                return adapter.validator.validate_python(data.decode(errors="replace"), strict=True)
            except ValidationError:
                pass
            raise

    return read
