"""What sends requests, as the client sees it. No HTTP library's type crosses this line.

A transport sends one request once. Retries, credentials, redirects (none is followed) and errors by
status are the client's.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from .headers import Headers

if TYPE_CHECKING:
    import ssl

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """How long to wait, in seconds; None: for ever.

    Attributes:
        connect: For a connection, a free place in the pool included.
        read: For the next bytes of the answer, and for the server to take bytes of ours.
        total: For the whole call: name resolution, access tokens, all attempts, the pauses between
            them, the body. Of a stream: until it begins. However slowly bytes come, `TimedOut` is
            raised a fraction of a second later at most. A sync call cannot be interrupted in code
            of the caller (a generator of a body, a `Transport` that ignores `Request.deadline`),
            nor over HTTP/2 while another call reads from the same connection.
    """

    connect: float | None = 10.0
    read: float | None = 120.0
    total: float | None = 600.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"timeout: `{name}` must be more than 0 seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of the connection pool. `idle_seconds`: how long an unused connection is kept."""

    connections: int | None = 100
    idle_connections: int | None = 20
    idle_seconds: float | None = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How the default transport reaches the server.

    Attributes:
        ssl_context: None: the usual authorities.
        proxy: The address of a proxy. None: as the environment says (`HTTPS_PROXY`, `NO_PROXY`, …).
        limits: Bounds of the connection pool.
        http2: Offer HTTP/2 (needs the package h2).
    """

    ssl_context: ssl.SSLContext | None = None
    proxy: str | None = None
    limits: Limits = Limits()
    http2: bool = False

    def __repr__(self) -> str:
        # The address of a proxy may hold a password.
        return f"Network(limits={self.limits!r}, http2={self.http2!r})"


class Content(Protocol):
    """A body that is not held in memory."""

    @property
    def length(self) -> int | None:
        """How many bytes it has, where that is known."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether `chunks` can be asked for again."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Give the bytes from the start."""
        ...


class Deadline:
    """The time at which a call has to be over, shared by its attempts.

    Args:
        seconds: From now. None: there is no deadline.
    """

    __slots__ = ("_end",)

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def remaining(self) -> float | None:
        """Return the seconds left, negative after the deadline; None: there is no deadline."""
        return None if self._end is None else self._end - time.monotonic()

    def within(self, seconds: float | None) -> float | None:
        """Return `seconds`, or what is left if that is less, at least 0; None: no limit."""
        if self._end is None:
            return seconds
        remaining = max(self._end - time.monotonic(), 0.0)
        return remaining if seconds is None else min(seconds, remaining)

    def lift(self) -> None:
        """Remove the deadline: a stream has begun, which may take as long as it likes."""
        self._end = None


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        method: Upper case.
        base_url: Scheme, host, and the path below which the API lies; no trailing slash. A
            transport with nodes of its own does not look at it.
        target: Path and query, escaped. Must be sent as it is.
        headers: Names in lower case. `host`, and what frames the body, are the transport's.
        content: The body.
        timeout: The timeouts of the call.
        deadline: When the call, of which this is one attempt, has to be over.
    """

    method: str
    base_url: str
    target: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | Content | None
    timeout: Timeout = Timeout()
    deadline: Deadline = field(default_factory=Deadline)

    @property
    def connect_timeout(self) -> float | None:
        """How long to wait for a connection, in seconds: at most until the deadline."""
        return self.deadline.within(self.timeout.connect)

    @property
    def read_timeout(self) -> float | None:
        """How long to wait for the next bytes, in seconds: at most until the deadline."""
        return self.deadline.within(self.timeout.read)

    def __repr__(self) -> str:
        # Not the headers, the query or the body: they hold secrets.
        return f"<Request {self.method} {self.target.partition('?')[0]}>"


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, its body not read yet. Who got it closes it."""

    status: int
    headers: Headers
    body: Iterable[bytes]
    """Raises `ConnectionFailed` or `TimedOut` when the connection breaks."""
    close: Callable[[], None]


@dataclass(frozen=True, slots=True)
class AsyncResponse:
    """One answer, its body not read yet. Who got it closes it."""

    status: int
    headers: Headers
    body: AsyncIterable[bytes]
    """Raises `ConnectionFailed` or `TimedOut` when the connection breaks."""
    close: Callable[[], Awaitable[None]]


R = TypeVar("R", Response, AsyncResponse)


class Opened(Generic[R]):
    """An answer that a `with` statement opens, and what is known before its body is read."""

    _what: ClassVar[str] = "answer"
    _response: R | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._opened(self._response).status

    @property
    def headers(self) -> Headers:
        """The headers of the answer."""
        return self._opened(self._response).headers

    def _opened(self, part: T | None) -> T:
        """Give what is there once the statement has begun."""
        if part is None:
            raise RuntimeError(f"the {self._what} is not open: use it in a `with` statement")
        return part


class Transport(Protocol):
    """Sends requests, from any thread.

    Nothing can interrupt it from outside: to keep the total timeout of a call it must read
    `Request.connect_timeout` and `Request.read_timeout` anew before each wait. The client itself
    looks at the deadline between attempts and between the chunks of a body.
    """

    def send(self, request: Request) -> Response:
        """Send once and wait for status and headers.

        Raises:
            ConnectionFailed: There is no answer. `sent` says whether the server may have it.
            TimedOut: The same, because time ran out.
        """
        ...

    def close(self) -> None:
        """Close all connections. Can be called again."""
        ...


class AsyncTransport(Protocol):
    """Sends requests, from the tasks of one event loop. Its tasks are cancelled at the deadline."""

    async def send(self, request: Request) -> AsyncResponse:
        """Send once and wait for status and headers.

        Raises:
            ConnectionFailed: There is no answer. `sent` says whether the server may have it.
            TimedOut: The same, because time ran out.
        """
        ...

    async def close(self) -> None:
        """Close all connections. Can be called again."""
        ...
