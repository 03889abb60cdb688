"""Transports over the nodes of an `elastic_transport.Transport`, with their TLS and compression.

Nodes are chosen, and marked as dead or live, as that transport would; its own retries are not used,
for the client has its own. An answer is read whole before it is handed on, streams included: this
is all that its nodes can do. They know one timeout, which is the one for reading: it ends a single
wait, so that a server which sends a byte now and then can make a sync call outlive its deadline.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from .errors import ConnectionFailed, TimedOut
from .headers import Headers
from .transport import AsyncResponse, Request, Response

if TYPE_CHECKING:
    import elastic_transport


class HasNodes(Protocol):
    """`elastic_transport.Transport`."""

    @property
    def node_pool(self) -> Any: ...
    def close(self) -> None: ...


class HasAsyncNodes(Protocol):
    """`elastic_transport.AsyncTransport`."""

    @property
    def node_pool(self) -> Any: ...
    async def close(self) -> None: ...


class TransportOwner(Protocol):
    """A client that is built on `elastic_transport.Transport`, as those of Elastic are."""

    @property
    def transport(self) -> HasNodes: ...


class AsyncTransportOwner(Protocol):
    """A client that is built on `elastic_transport.AsyncTransport`, as those of Elastic are."""

    @property
    def transport(self) -> HasAsyncNodes: ...


class ElasticTransport:
    """Sends over the nodes of an `elastic_transport.Transport`, which stays its owner's to close.

    Args:
        transport: Whose nodes to use.
        headers: Sent with every request that does not have them: credentials.
    """

    def __init__(
        self, transport: elastic_transport.Transport, headers: Mapping[str, str] | None = None
    ) -> None:
        self._pool = transport.node_pool
        self._headers = dict(headers or {})

    @classmethod
    def of(cls, owner: TransportOwner) -> Self:
        """Give a transport over that of a client, with its credentials.

        Raises:
            TypeError: It is not such a client, or an async one.
        """
        import elastic_transport

        transport = getattr(owner, "transport", None)
        if not isinstance(transport, elastic_transport.Transport) or isinstance(
            transport, elastic_transport.AsyncTransport
        ):
            raise TypeError(f"{type(owner).__name__} has no `transport` that is synchronous")
        return cls(transport, _headers_of(owner))

    @property
    def address(self) -> str:
        """One of the nodes."""
        return _address(self._pool)

    def send(self, request: Request) -> Response:
        """Send once and read the answer."""
        import elastic_transport

        node: Any = self._pool.get()
        try:
            answer = node.perform_request(**_arguments(request, self._headers))
        except elastic_transport.TransportError as error:
            self._pool.mark_dead(node)
            raise _failure(error) from error
        _mark(self._pool, node, answer.meta.status)
        headers = Headers(tuple(answer.meta.headers.items()))
        return Response(answer.meta.status, _decoded(headers), (answer.body,), _nothing)

    def close(self) -> None:
        """Do nothing: the connections belong to the transport that was handed over."""


class AsyncElasticTransport:
    """Sends over the nodes of an `elastic_transport.AsyncTransport`, which stays its owner's.

    Args:
        transport: Whose nodes to use.
        headers: Sent with every request that does not have them: credentials.
    """

    def __init__(
        self, transport: elastic_transport.AsyncTransport, headers: Mapping[str, str] | None = None
    ) -> None:
        self._pool = transport.node_pool
        self._headers = dict(headers or {})

    @classmethod
    def of(cls, owner: AsyncTransportOwner) -> Self:
        """Give a transport over that of a client, with its credentials.

        Raises:
            TypeError: It is not such a client, or a synchronous one.
        """
        import elastic_transport

        transport = getattr(owner, "transport", None)
        if not isinstance(transport, elastic_transport.AsyncTransport):
            raise TypeError(f"{type(owner).__name__} has no `transport` that is asynchronous")
        return cls(transport, _headers_of(owner))

    @property
    def address(self) -> str:
        """One of the nodes."""
        return _address(self._pool)

    async def send(self, request: Request) -> AsyncResponse:
        """Send once and read the answer."""
        import elastic_transport

        node: Any = self._pool.get()
        try:
            answer = await node.perform_request(**_arguments(request, self._headers))
        except elastic_transport.TransportError as error:
            self._pool.mark_dead(node)
            raise _failure(error) from error
        _mark(self._pool, node, answer.meta.status)
        headers = Headers(tuple(answer.meta.headers.items()))
        return AsyncResponse(answer.meta.status, _decoded(headers), _once(answer.body), _anothing)

    async def close(self) -> None:
        """Do nothing: the connections belong to the transport that was handed over."""


def _headers_of(owner: object) -> dict[str, str]:
    # There is no public way to the credentials; each of those clients keeps them here.
    headers: Mapping[object, object] = getattr(owner, "_headers", None) or {}
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _address(pool: elastic_transport.NodePool) -> str:
    return str(next(iter(pool.all())).base_url)


def _arguments(request: Request, headers: Mapping[str, str]) -> dict[str, Any]:
    from elastic_transport import HttpHeaders

    content = request.content
    return {
        "method": request.method,
        "target": request.target,
        "body": content
        if content is None or isinstance(content, bytes)
        else b"".join(content.chunks()),
        "headers": HttpHeaders({**headers, **dict(request.headers)}),
        "request_timeout": request.read_timeout,
    }


_OVERLOADED: Final = frozenset({429, 502, 503, 504})


def _mark(pool: elastic_transport.NodePool, node: Any, status: int) -> None:
    if status in _OVERLOADED:
        pool.mark_dead(node)
    else:
        pool.mark_live(node)


def _decoded(headers: Headers) -> Headers:
    # The nodes have undone it already.
    return Headers(tuple(pair for pair in headers.pairs() if pair[0].lower() != "content-encoding"))


# The nodes hide which library they use; what it raised when it could not even connect is known by
# its name alone: urllib3, requests, httpx, aiohttp.
_NEVER_SENT: Final = frozenset(
    {
        "NewConnectionError",
        "ConnectTimeoutError",
        "ConnectTimeout",
        "ConnectError",
        "ClientConnectorError",
    }
)


def _failure(error: elastic_transport.TransportError) -> ConnectionFailed:
    import elastic_transport

    causes = [cause for cause in (*error.errors, error.__cause__) if cause is not None]
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    sent = not isinstance(error, elastic_transport.TlsError) and names.isdisjoint(_NEVER_SENT)
    if isinstance(error, elastic_transport.ConnectionTimeout):
        if sent:
            return TimedOut("no answer in time", phase="read", sent=True)
        return TimedOut("no connection in time", phase="connect", sent=False)
    if sent:
        return ConnectionFailed(f"the connection broke: {error.message}", sent=True)
    return ConnectionFailed(f"cannot connect: {error.message}", sent=False)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _nothing() -> None:
    pass


async def _anothing() -> None:
    pass
