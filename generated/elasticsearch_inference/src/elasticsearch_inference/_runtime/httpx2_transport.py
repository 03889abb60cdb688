"""The default transports, over httpx2."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final

import httpx2

from .errors import ConnectionFailed, TimedOut
from .headers import Headers
from .transport import AsyncResponse, Content, Network, Request, Response


class Httpx2Transport:
    """Sends over one connection pool.

    Args:
        base_url: The server; decides whether TLS and which proxy is needed.
        network: How to reach it.
    """

    def __init__(self, base_url: str, network: Network) -> None:
        self._url = httpx2.URL(base_url)
        self._base = _Base(self._url)
        self._pool = httpx2.HTTPTransport(**_pool_options(self._url, network))

    def send(self, request: Request) -> Response:
        """Send once and wait for status and headers."""
        sending = self._base.request(request, _SyncStream)
        try:
            response = self._pool.handle_request(sending)
        except httpx2.RequestError as error:
            raise _failure(error) from error
        return Response(
            response.status_code, Headers(response.headers.raw), _read(response), response.close
        )

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
        self._url = httpx2.URL(base_url)
        self._base = _Base(self._url)
        self._pool = httpx2.AsyncHTTPTransport(**_pool_options(self._url, network))

    async def send(self, request: Request) -> AsyncResponse:
        """Send once and wait for status and headers."""
        sending = self._base.request(request, _AsyncStream)
        try:
            response = await self._pool.handle_async_request(sending)
        except httpx2.RequestError as error:
            raise _failure(error) from error
        return AsyncResponse(
            response.status_code, Headers(response.headers.raw), _aread(response), response.aclose
        )

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

    def request(self, request: Request, stream: type[_SyncStream | _AsyncStream]) -> httpx2.Request:
        headers = [self._host, *request.headers]
        content = request.content
        body: httpx2.SyncByteStream | httpx2.AsyncByteStream
        if content is None or isinstance(content, bytes):
            if content is not None or request.method in ("POST", "PUT", "PATCH"):
                headers.append(("content-length", str(len(content or b""))))
            body = httpx2.ByteStream(content or b"")
        else:
            length = content.length
            headers.append(
                ("transfer-encoding", "chunked")
                if length is None
                else ("content-length", str(length))
            )
            body = stream(content)
        connect, read = request.connect_timeout, request.read_timeout
        return httpx2.Request(
            request.method,
            self._url,
            headers=headers,
            stream=body,
            extensions={
                "timeout": {"connect": connect, "pool": connect, "read": read, "write": read},
                # As it is: a parsed and rebuilt URL would not be to the byte what was meant.
                "target": (self._prefix + request.target).encode("ascii"),
            },
        )


class _SyncStream(httpx2.SyncByteStream):
    def __init__(self, content: Content) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        return self._content.chunks()


class _AsyncStream(httpx2.AsyncByteStream):
    def __init__(self, content: Content) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        import asyncio

        chunks = self._content.chunks()
        # Reading a file waits for the disk.
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            yield chunk


# --- answers ------------------------------------------------------------------------------------


def _read(response: httpx2.Response) -> Iterator[bytes]:
    try:
        if "content-encoding" in response.headers:
            yield from response.iter_bytes()
        else:
            assert isinstance(response.stream, httpx2.SyncByteStream)
            yield from response.stream
    except (httpx2.RequestError, httpx2.StreamError) as error:
        raise _failure(error) from error


async def _aread(response: httpx2.Response) -> AsyncIterator[bytes]:
    try:
        if "content-encoding" in response.headers:
            async for chunk in response.aiter_bytes():
                yield chunk
        else:
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            async for chunk in response.stream:
                yield chunk
    except (httpx2.RequestError, httpx2.StreamError) as error:
        raise _failure(error) from error


_NEVER_SENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)


def _failure(error: httpx2.RequestError | httpx2.StreamError) -> ConnectionFailed:
    sent = not isinstance(error, _NEVER_SENT)
    words = str(error)
    match error:
        case httpx2.PoolTimeout():
            return TimedOut("no connection became free in time", phase="connect", sent=sent)
        case httpx2.ConnectTimeout():
            return TimedOut("no connection in time", phase="connect", sent=sent)
        case httpx2.WriteTimeout():
            return TimedOut("the server took no bytes in time", phase="write", sent=sent)
        case httpx2.TimeoutException():
            return TimedOut("no answer in time", phase="read", sent=sent)
        case httpx2.ConnectError():
            return ConnectionFailed(f"cannot connect: {words}", sent=sent)
        case _:
            said = f": {words}" if words else ""
            return ConnectionFailed(f"the connection broke{said}", sent=sent)


# --- settings -----------------------------------------------------------------------------------


def _pool_options(url: httpx2.URL, network: Network) -> Mapping[str, Any]:
    proxy = network.proxy or _proxy_of_environment(url)
    context = network.ssl_context
    if context is None and url.scheme == "http" and proxy is None:
        # To load the authorities takes a while, and nothing here will ask them.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return {
        "verify": True if context is None else context,
        "http2": network.http2,
        "proxy": proxy,
        "limits": httpx2.Limits(
            max_connections=network.limits.connections,
            max_keepalive_connections=network.limits.idle_connections,
            keepalive_expiry=network.limits.idle_seconds,
        ),
    }


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
