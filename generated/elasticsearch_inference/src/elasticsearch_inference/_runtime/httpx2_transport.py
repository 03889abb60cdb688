"""The default transports, over httpx2."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Any, Final

import httpcore2
import httpx2

from .errors import ConnectionFailed, TimedOut
from .headers import Headers
from .transport import AsyncResponse, Content, Network, Request, Response


class Httpx2Transport:
    """Sends over one connection pool. No wait is longer than the call has left.

    Args:
        base_url: The server; decides whether TLS and which proxy is needed.
        network: How to reach it.
    """

    def __init__(self, base_url: str, network: Network) -> None:
        from .sync.network import Backend

        url = httpx2.URL(base_url)
        self._base = _Base(url)
        self._pool = httpcore2.ConnectionPool(
            **_pool_options(url, network), network_backend=Backend()
        )

    def send(self, request: Request) -> Response:
        """Send once and wait for status and headers."""
        try:
            response = self._pool.handle_request(self._base.request(request, _patience, _stream))
        except _FAILURES as error:
            raise _failure(error) from error
        headers = Headers(response.headers)
        return Response(response.status, headers, _read(response, headers), response.close)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class AsyncHttpx2Transport:
    """Sends over one connection pool, from the tasks of one event loop.

    Args:
        base_url: The server; decides whether TLS and which proxy is needed.
        network: How to reach it.
    """

    def __init__(self, base_url: str, network: Network) -> None:
        url = httpx2.URL(base_url)
        self._base = _Base(url)
        self._pool = httpcore2.AsyncConnectionPool(**_pool_options(url, network))

    async def send(self, request: Request) -> AsyncResponse:
        """Send once and wait for status and headers."""
        try:
            response = await self._pool.handle_async_request(
                self._base.request(request, _as_set, _AsyncStream)
            )
        except _FAILURES as error:
            raise _failure(error) from error
        headers = Headers(response.headers)
        return AsyncResponse(response.status, headers, _aread(response, headers), response.aclose)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


# --- requests -----------------------------------------------------------------------------------


class _Base:
    """What all requests to one server have in common."""

    def __init__(self, url: httpx2.URL) -> None:
        self._url = url
        self._host = ("host", url.netloc.decode("ascii"))
        self._prefix = url.raw_path.decode("ascii").rstrip("/")

    def request(
        self,
        request: Request,
        limit: Callable[[float | None, Request], float | None],
        stream: Callable[[Content], Iterable[bytes] | AsyncIterable[bytes]],
    ) -> httpcore2.Request:
        headers = [self._host, *request.headers]
        content = request.content
        body: bytes | Iterable[bytes] | AsyncIterable[bytes]
        if content is None or isinstance(content, bytes):
            if content is not None or request.method in ("POST", "PUT", "PATCH"):
                headers.append(("content-length", str(len(content or b""))))
            body = content or b""
        else:
            length = content.length
            headers.append(
                ("transfer-encoding", "chunked")
                if length is None
                else ("content-length", str(length))
            )
            body = stream(content)
        read = limit(request.timeout.read, request)
        return httpcore2.Request(
            request.method,
            # As it is: a parsed and rebuilt target would not be to the byte what was meant.
            _url(self._url, (self._prefix + request.target).encode("ascii")),
            headers=headers,
            content=body,
            extensions={
                "timeout": {
                    "connect": limit(request.timeout.connect, request),
                    "pool": request.connect_timeout,
                    "read": read,
                    "write": read,
                }
            },
        )


def _url(url: httpx2.URL, target: bytes) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=target)


def _patience(seconds: float | None, request: Request) -> float | None:
    from .sync.network import Patience

    return Patience.of(seconds, request.deadline)


def _as_set(seconds: float | None, request: Request) -> float | None:
    """Return the timeout as it is: the task of the call is cancelled at its deadline."""
    return seconds


def _stream(content: Content) -> Iterator[bytes]:
    return content.chunks()


class _AsyncStream:
    def __init__(self, content: Content) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        import asyncio

        chunks = self._content.chunks()
        # Reading a file waits for the disk.
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            yield chunk


# --- answers ------------------------------------------------------------------------------------


class _Encoded(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that httpx2 decodes."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._body)


def _read(response: httpcore2.Response, headers: Headers) -> Iterator[bytes]:
    try:
        if "content-encoding" in headers:
            yield from _decoding(response).iter_bytes()
        else:
            assert isinstance(response.stream, Iterable)
            yield from response.stream
    except _FAILURES as error:
        raise _failure(error) from error


async def _aread(response: httpcore2.Response, headers: Headers) -> AsyncIterator[bytes]:
    try:
        if "content-encoding" in headers:
            async for chunk in _decoding(response).aiter_bytes():
                yield chunk
        else:
            assert isinstance(response.stream, AsyncIterable)
            async for chunk in response.stream:
                yield chunk
    except _FAILURES as error:
        raise _failure(error) from error


def _decoding(response: httpcore2.Response) -> httpx2.Response:
    return httpx2.Response(
        response.status, headers=response.headers, stream=_Encoded(response.stream)
    )


_FAILURES: Final = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
    httpx2.DecodingError,
)

_NEVER_SENT: Final = (
    httpcore2.ConnectError,
    httpcore2.ConnectTimeout,
    httpcore2.PoolTimeout,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
)


def _failure(error: Exception) -> ConnectionFailed:
    sent = not isinstance(error, _NEVER_SENT)
    words = str(error)
    match error:
        case httpcore2.PoolTimeout():
            return TimedOut("no connection became free in time", phase="connect", sent=sent)
        case httpcore2.ConnectTimeout():
            return TimedOut("no connection in time", phase="connect", sent=sent)
        case httpcore2.WriteTimeout():
            return TimedOut("the server took no bytes in time", phase="write", sent=sent)
        case httpcore2.TimeoutException():
            return TimedOut("no answer in time", phase="read", sent=sent)
        case httpcore2.ConnectError():
            return ConnectionFailed(f"cannot connect: {words}", sent=sent)
        case _:
            said = f": {words}" if words else ""
            return ConnectionFailed(f"the connection broke{said}", sent=sent)


# --- settings -----------------------------------------------------------------------------------


def _pool_options(url: httpx2.URL, network: Network) -> dict[str, Any]:
    proxy = network.proxy or _proxy_of_environment(url)
    context = network.ssl_context
    if context is None and url.scheme == "http" and proxy is None:
        # To load the authorities takes a while, and nothing here will ask them.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return {
        "ssl_context": context or httpx2.create_ssl_context(),
        "proxy": None if proxy is None else _proxy(proxy),
        "max_connections": network.limits.connections,
        "max_keepalive_connections": network.limits.idle_connections,
        "keepalive_expiry": network.limits.idle_seconds,
        "http2": network.http2,
    }


def _proxy(address: str) -> httpcore2.Proxy:
    proxy = httpx2.Proxy(address)
    return httpcore2.Proxy(_url(proxy.url, proxy.url.raw_path), auth=proxy.raw_auth)


def _proxy_of_environment(url: httpx2.URL) -> str | None:
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    # Only then: it costs as much to load as all the rest of this package.
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    if proxy_bypass(url.netloc.decode("ascii")):
        return None
    proxy: str | None = proxies.get(url.scheme) or proxies.get("all")
    if proxy is not None and "://" not in proxy:
        proxy = f"http://{proxy}"
    return proxy
