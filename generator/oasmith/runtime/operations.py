"""What an operation is, as data: the generated modules hold one `Operation` per method.

Types are given as thunks (`lambda: models.Thing`), so that a module of operations loads no model;
the first call of an operation resolves its own types and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from .semantics.styles import Place, Style

T = TypeVar("T")

TypeThunk: TypeAlias = Callable[[], Any]
"""Gives a type that pydantic's `TypeAdapter` takes."""


@dataclass(frozen=True, slots=True)
class Route:
    """One path template, `/_inference/{inference_id}`; the braces hold wire names.

    Attributes:
        path: The template.
        others: Templates of other operations with the same method that have a fixed segment where
            this one has a parameter: `/_inference/_all`. A value that makes the path one of them
            is refused, for the server would take the call for another one.
    """

    path: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation.

    Attributes:
        name: The key in the arguments of a call, hence the name that messages use.
        place: Where it is sent.
        type: What it must be. Checked before anything is sent.
        required: Whether a call without it is refused. Path parameters leave this to the routes.
        wire_name: What the server calls it, where that differs from `name`.
        style: Where absent, `simple` in path and header, `form` in query and cookie.
        explode: Where absent, true for `form` and `cookie` styles, else false.
        allow_reserved: Leave reserved characters as they are, in a path or a query.
        media_type: Of the style `content`: JSON, a form, or else a text.
        units: Seconds per unit, for a parameter that also takes a `timedelta`: `{"s": 1}`.
    """

    name: str
    place: Place
    type: TypeThunk
    required: bool = False
    wire_name: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    media_type: str = "application/json"
    units: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one member of a form is written, where not by rule (OpenAPI 3.1, encoding object).

    Attributes:
        field: The wire name of the member.
        content_type: The media type of its part (multipart).
        style: As of a query parameter (urlencoded).
        explode: As of a query parameter (urlencoded).
        allow_reserved: As of a query parameter (urlencoded).
    """

    field: str
    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request.

    Attributes:
        media_type: `application/json` and `…+json` are written as JSON,
            `application/x-www-form-urlencoded` and `multipart/form-data` as forms, `text/…` as
            text; everything else takes bytes or a binary file.
        type: What it must be.
        required: Whether a call without it is refused.
        flattened: The caller gave the members one by one: None says "not given", and the members
            that are None are dropped, save the required ones (whose type may hold null).
        encodings: Of the members of a form.
    """

    media_type: str
    type: TypeThunk
    required: bool = True
    flattened: bool = False
    encodings: tuple[Encoding, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """The event of a stream that reports a failure and ends it.

    Attributes:
        name: What the event is called.
        type: What its data is. None: what the operation answers when it fails at once.
    """

    name: str
    type: TypeThunk | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One documented answer.

    Attributes:
        status: `200`, `4XX` or `default` (OpenAPI 3.1, responses object).
        media_type: None: the answer has no body.
        type: What the body holds; of a stream (`text/event-stream`, `application/jsonl`,
            `application/x-ndjson`) what one event or line holds. None: the bytes as they come.
        end: The data that ends a stream, `[DONE]`; without it the stream counts as cut. None: the
            stream simply ends, though `[DONE]` ends it too.
        error: The event that reports a failure. None: one that is called `error`.
    """

    status: str
    media_type: str | None = None
    type: TypeThunk | None = None
    end: str | None = None
    error: ErrorEvent | None = None


# Compared and hashed by identity: calls look up what was compiled for the operation.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation(Generic[T]):
    """One operation; `T` is what a successful call answers, or one event of its stream.

    Attributes:
        id: The operationId; every error carries it.
        method: Upper case.
        routes: Which one is taken is decided by the set of path parameters that are given.
        parameters: Sent in this order.
        body: None: the operation takes none.
        responses: Successes.
        errors: 4XX, 5XX and `default`.
        idempotent: Whether sending twice does no more than sending once. None: as HTTP says of
            the method (RFC 9110, section 9.2.2).
        security: Alternatives of security schemes that are needed together. None: those of the
            client; empty: none at all, and credentials are not sent.
        server: The server of this operation, where it has one of its own; without a host it is
            on that of the client. A server that the caller names is taken in its stead.
    """

    id: str
    method: str
    routes: tuple[Route, ...]
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    errors: tuple[Response, ...] = ()
    idempotent: bool | None = None
    security: tuple[tuple[str, ...], ...] | None = None
    server: str | None = None
