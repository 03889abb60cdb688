"""The clients that generated packages build on: options, calls, streams.

Sync and async share all that thinks (`requests`, `responses`, `retries`); what is here twice is
only what waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from types import TracebackType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Generic,
    ParamSpec,
    Self,
    TypeVar,
)

from .auth import Auth
from .errors import ConnectionFailed
from .headers import Headers
from .operations import Operation
from .options import Options, Settings, changed, initial
from .raw_responses import RawResponse, bound_to
from .retries import Attempts
from .streams import AsyncEventStream, EventStream
from .transport import (
    AsyncResponse,
    AsyncTransport,
    Network,
    Request,
    Response,
    Timeout,
    Transport,
)

if TYPE_CHECKING:
    from .requests import Prepared
    from .responses import Decoder

T = TypeVar("T")
P = ParamSpec("P")

_log: Final = logging.getLogger(__name__)


class _Client:
    """What both clients share."""

    _settings: ClassVar[Settings]
    _options: Options

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._options.base_url!r})"

    def _prepare(
        self, operation: Operation[Any], arguments: Mapping[str, Any], body: Any
    ) -> Prepared:
        from . import requests

        return requests.prepare(
            operation,
            arguments,
            body,
            credentials=self._options.credentials,
            media_types=self._settings.media_types,
        )

    def _request(
        self, operation: Operation[Any], prepared: Prepared, attempts: Attempts
    ) -> Request:
        return Request(
            operation.method,
            self._options.base_url,
            prepared.target,
            tuple({**dict(self._options.headers), **prepared.headers}.items()),
            prepared.content,
            attempts.connect_timeout(),
            attempts.read_timeout(),
        )

    def _attempts(self, operation: Operation[Any], prepared: Prepared) -> Attempts:
        options = self._options
        return Attempts(operation, options.timeout, options.max_retries, prepared.repeatable)

    def _decoder(
        self, operation: Operation[T], prepared: Prepared, status: int, headers: Headers
    ) -> Decoder[T]:
        from . import responses

        return responses.Decoder(
            operation,
            status,
            headers,
            secrets=prepared.secrets,
            request_id_headers=self._settings.request_id_headers,
        )

    def _raw(
        self,
        operation: Operation[T],
        prepared: Prepared,
        status: int,
        headers: Headers,
        body: bytes,
    ) -> RawResponse[T]:
        """Give a success; raise anything else."""
        from . import responses

        if responses.is_success(operation, status):
            return RawResponse(operation, status, headers, body)
        raise responses.refusal(
            operation,
            status,
            headers,
            body,
            secrets=prepared.secrets,
            request_id_headers=self._settings.request_id_headers,
        )

    def _read(self, prepared: Prepared, raw: RawResponse[T]) -> T:
        from . import responses

        return responses.read(
            raw.operation, raw.status, raw.headers, raw.body, secrets=prepared.secrets
        )


class SyncClient(_Client):
    """The base of generated clients. Can be used from several threads.

    Args:
        base_url: The server. None: as the environment says, else as the document does.
        auth: Credentials. None: as the environment says.
        timeout: Seconds for the whole call, or one by one. None: the defaults of `Timeout`.
        max_retries: How often a call that may be repeated is tried again.
        headers: Sent with every request.
        network: TLS, proxy and limits of the default transport.
        transport: In place of the default one. It is closed with the client.

    Raises:
        ValueError: No server is known, or an argument makes no sense.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        auth: Auth | None = None,
        timeout: Timeout | float | None = None,
        max_retries: int = 2,
        headers: Mapping[str, str] | None = None,
        network: Network | None = None,
        transport: Transport | None = None,
    ) -> None:
        self._options = initial(
            self._settings, base_url, auth, timeout, max_retries, headers, transport is not None
        )
        self._shared: _Shared[Transport] = _Shared(
            transport, lambda: _default_transport(self._options.base_url, network or Network())
        )

    def with_options(
        self,
        *,
        auth: Auth | None = None,
        timeout: Timeout | float | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Give a client with other options that shares the connections of this one."""
        copy = object.__new__(type(self))
        copy._options = changed(self._options, auth, timeout, max_retries, headers)
        copy._shared = self._shared
        return copy

    def with_raw_response(self, method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
        """Give a method of this client that answers with what came, not read yet.

        `client.with_raw_response(client.things.get)("my-id")` has `status`, `headers` and `body`;
        its `parse()` is what the method itself answers. Errors are raised as ever. A stream has
        `status` and `headers` of its own.

        Raises:
            TypeError: It is not a method of this client that calls an operation.
        """
        raw: Callable[P, RawResponse[T]] = bound_to(self.with_options(), method, self)
        return raw

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], body: Any = None) -> T:
        """Call an operation and read its answer.

        Args:
            operation: What to call.
            arguments: Values of its parameters by name; None: not given.
            body: A model, a dict, or what else the operation takes.

        Raises:
            InvalidRequest: The arguments are wrong; nothing was sent.
            ApiError: The server refuses, or fails.
            ConnectionFailed: There is no answer. `TimedOut`: not in time.
            InvalidResponse: The answer is not what the document describes.
        """
        prepared = self._prepare(operation, arguments, body)
        return self._read(prepared, self._receive(operation, prepared))

    def call_raw(
        self, operation: Operation[T], arguments: Mapping[str, Any], body: Any = None
    ) -> RawResponse[T]:
        """Call an operation and give its answer as it came. Raises as `call` does."""
        return self._receive(operation, self._prepare(operation, arguments, body))

    def _receive(self, operation: Operation[T], prepared: Prepared) -> RawResponse[T]:
        attempts = self._attempts(operation, prepared)
        while True:
            response = self._open(operation, prepared, attempts)
            try:
                content = _read(response, attempts)
            except ConnectionFailed as error:
                error.operation = operation.id
                _pause(operation, attempts.after_error(error), error)
            else:
                return self._raw(operation, prepared, response.status, response.headers, content)

    def stream(
        self, operation: Operation[T], arguments: Mapping[str, Any], body: Any = None
    ) -> EventStream[T]:
        """Call an operation whose answer is a stream; `with` opens it.

        Raises:
            InvalidRequest: The arguments are wrong; nothing was sent.
        """
        prepared = self._prepare(operation, arguments, body)

        def connect() -> tuple[Response, Decoder[T]]:
            attempts = self._attempts(operation, prepared)
            response = self._open(operation, prepared, attempts)
            if not 200 <= response.status < 300:
                content = _read(response, attempts)
                self._raw(operation, prepared, response.status, response.headers, content)
            decoder = self._decoder(operation, prepared, response.status, response.headers)
            return response, decoder

        return EventStream(connect)

    def close(self) -> None:
        """Close all connections, those of clients made by `with_options` too."""
        transport = self._shared.close()
        if transport is not None:
            transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self, operation: Operation[Any], prepared: Prepared, attempts: Attempts) -> Response:
        transport = self._shared.get()
        while True:
            try:
                response = transport.send(self._request(operation, prepared, attempts))
            except ConnectionFailed as error:
                error.operation = operation.id
                _pause(operation, attempts.after_error(error), error)
                continue
            _log.debug("%s: %d", operation.id, response.status)
            pause = attempts.after_status(response.status, response.headers)
            if pause is None:
                return response
            _discard(response)
            _pause(operation, pause, response.status)


class AsyncClient(_Client):
    """The base of generated async clients. One belongs to one event loop (of asyncio).

    Args:
        base_url: The server. None: as the environment says, else as the document does.
        auth: Credentials. None: as the environment says.
        timeout: Seconds for the whole call, or one by one. None: the defaults of `Timeout`.
        max_retries: How often a call that may be repeated is tried again.
        headers: Sent with every request.
        network: TLS, proxy and limits of the default transport.
        transport: In place of the default one. It is closed with the client.

    Raises:
        ValueError: No server is known, or an argument makes no sense.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        auth: Auth | None = None,
        timeout: Timeout | float | None = None,
        max_retries: int = 2,
        headers: Mapping[str, str] | None = None,
        network: Network | None = None,
        transport: AsyncTransport | None = None,
    ) -> None:
        self._options = initial(
            self._settings, base_url, auth, timeout, max_retries, headers, transport is not None
        )
        self._shared: _Shared[AsyncTransport] = _Shared(
            transport,
            lambda: _default_async_transport(self._options.base_url, network or Network()),
        )

    def with_options(
        self,
        *,
        auth: Auth | None = None,
        timeout: Timeout | float | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Give a client with other options that shares the connections of this one."""
        copy = object.__new__(type(self))
        copy._options = changed(self._options, auth, timeout, max_retries, headers)
        copy._shared = self._shared
        return copy

    def with_raw_response(
        self, method: Callable[P, Coroutine[Any, Any, T]]
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[T]]]:
        """Give a method of this client that answers with what came, not read yet.

        `await client.with_raw_response(client.things.get)("my-id")` has `status`, `headers` and
        `body`; its `parse()` is what the method itself answers. Errors are raised as ever. A
        stream has `status` and `headers` of its own.

        Raises:
            TypeError: It is not a method of this client that calls an operation.
        """
        raw: Callable[P, Coroutine[Any, Any, RawResponse[T]]] = bound_to(
            self.with_options(), method, self
        )
        return raw

    async def call(
        self, operation: Operation[T], arguments: Mapping[str, Any], body: Any = None
    ) -> T:
        """Call an operation and read its answer.

        Args:
            operation: What to call.
            arguments: Values of its parameters by name; None: not given.
            body: A model, a dict, or what else the operation takes.

        Raises:
            InvalidRequest: The arguments are wrong; nothing was sent.
            ApiError: The server refuses, or fails.
            ConnectionFailed: There is no answer. `TimedOut`: not in time.
            InvalidResponse: The answer is not what the document describes.
        """
        prepared = self._prepare(operation, arguments, body)
        return self._read(prepared, await self._receive(operation, prepared))

    async def call_raw(
        self, operation: Operation[T], arguments: Mapping[str, Any], body: Any = None
    ) -> RawResponse[T]:
        """Call an operation and give its answer as it came. Raises as `call` does."""
        return await self._receive(operation, self._prepare(operation, arguments, body))

    async def _receive(self, operation: Operation[T], prepared: Prepared) -> RawResponse[T]:
        attempts = self._attempts(operation, prepared)
        async with _Deadline(attempts):
            while True:
                response = await self._open(operation, prepared, attempts)
                try:
                    content = await _aread(response)
                except ConnectionFailed as error:
                    error.operation = operation.id
                    await _apause(operation, attempts.after_error(error), error)
                else:
                    return self._raw(
                        operation, prepared, response.status, response.headers, content
                    )

    def stream(
        self, operation: Operation[T], arguments: Mapping[str, Any], body: Any = None
    ) -> AsyncEventStream[T]:
        """Call an operation whose answer is a stream; `async with` opens it.

        Raises:
            InvalidRequest: The arguments are wrong; nothing was sent.
        """
        prepared = self._prepare(operation, arguments, body)

        async def connect() -> tuple[AsyncResponse, Decoder[T]]:
            attempts = self._attempts(operation, prepared)
            async with _Deadline(attempts):
                response = await self._open(operation, prepared, attempts)
                if not 200 <= response.status < 300:
                    content = await _aread(response)
                    self._raw(operation, prepared, response.status, response.headers, content)
            decoder = self._decoder(operation, prepared, response.status, response.headers)
            return response, decoder

        return AsyncEventStream(connect)

    async def aclose(self) -> None:
        """Close all connections, those of clients made by `with_options` too."""
        transport = self._shared.close()
        if transport is not None:
            await transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _open(
        self, operation: Operation[Any], prepared: Prepared, attempts: Attempts
    ) -> AsyncResponse:
        transport = self._shared.get()
        while True:
            try:
                response = await transport.send(self._request(operation, prepared, attempts))
            except ConnectionFailed as error:
                error.operation = operation.id
                await _apause(operation, attempts.after_error(error), error)
                continue
            _log.debug("%s: %d", operation.id, response.status)
            pause = attempts.after_status(response.status, response.headers)
            if pause is None:
                return response
            await _adiscard(response)
            await _apause(operation, pause, response.status)


# --- waiting ------------------------------------------------------------------------------------


def _read(response: Response, attempts: Attempts) -> bytes:
    try:
        chunks = []
        for chunk in response.body:
            chunks.append(chunk)
            attempts.check()
        return b"".join(chunks)
    finally:
        response.close()


async def _aread(response: AsyncResponse) -> bytes:
    try:
        return b"".join([chunk async for chunk in response.body])
    finally:
        await response.close()


_SMALL: Final = 65536
"""Up to how many bytes an unwanted body is read, so that its connection can be used again."""


def _is_small(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isdigit() and int(length) <= _SMALL


def _discard(response: Response) -> None:
    try:
        if _is_small(response.headers):
            for _ in response.body:
                pass
    except ConnectionFailed:
        # It was of no use anyway.
        pass
    finally:
        response.close()


async def _adiscard(response: AsyncResponse) -> None:
    try:
        if _is_small(response.headers):
            async for _ in response.body:
                pass
    except ConnectionFailed:
        # It was of no use anyway.
        pass
    finally:
        await response.close()


class _Deadline:
    """Ends what is inside when the time of the call is over."""

    def __init__(self, attempts: Attempts) -> None:
        import asyncio

        self._attempts = attempts
        self._timeout = asyncio.timeout(attempts.remaining())

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError:
            raise self._attempts.out_of_time() from None


def _pause(operation: Operation[Any], seconds: float, why: object) -> None:
    _log.debug("%s: trying again in %.2f s after %s", operation.id, seconds, why)
    time.sleep(seconds)


async def _apause(operation: Operation[Any], seconds: float, why: object) -> None:
    import asyncio

    _log.debug("%s: trying again in %.2f s after %s", operation.id, seconds, why)
    await asyncio.sleep(seconds)


# --- transports ---------------------------------------------------------------------------------

TTransport = TypeVar("TTransport")


class _Shared(Generic[TTransport]):
    """The transport of a client and its copies, made when it is first needed."""

    def __init__(self, transport: TTransport | None, make: Callable[[], TTransport]) -> None:
        self._transport = transport
        self._make = make
        self._closed = False
        self._lock = threading.Lock()

    def get(self) -> TTransport:
        transport = self._transport
        if transport is None or self._closed:
            with self._lock:
                if self._closed:
                    raise RuntimeError("the client is closed")
                if self._transport is None:
                    self._transport = self._make()
                transport = self._transport
        return transport

    def close(self) -> TTransport | None:
        with self._lock:
            transport, self._transport = self._transport, None
            self._closed = True
            return transport


def _default_transport(base_url: str, network: Network) -> Transport:
    from .httpx2_transport import Httpx2Transport

    return Httpx2Transport(base_url, network)


def _default_async_transport(base_url: str, network: Network) -> AsyncTransport:
    from .httpx2_transport import AsyncHttpx2Transport

    return AsyncHttpx2Transport(base_url, network)
