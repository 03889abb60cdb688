"""The client that generated packages build on: options, calls, streams."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar

from ..auth import Auth
from ..caller import Caller
from ..connections import Connections, default_async_transport
from ..errors import ConnectionFailed
from ..operations import Operation
from ..options import Settings, changed, elsewhere, initial
from ..raw_responses import RawResponse, bound_to
from ..retries import Attempts
from ..transport import AsyncResponse, AsyncTransport, Network, Timeout
from .downloads import AsyncDownload
from .primitives import TimeLimit
from .streams import AsyncEventStream
from .tokens import AsyncTokens
from .waiting import discard, pause, read

if TYPE_CHECKING:
    from ..pages import Pages, Turn
    from ..requests import Prepared
    from ..responses import Decoder

T = TypeVar("T")
P = ParamSpec("P")

_log: Final = logging.getLogger(__name__)


class AsyncClient(Caller):
    """The base of generated async clients. One belongs to one event loop (of asyncio).

    Args:
        base_url: The server. None: as the environment says, else as the document does.
        auth: Credentials. None: as the environment says.
        timeout: Seconds for the whole call, or one by one. None: the defaults of `Timeout`.
        max_retries: How often a call that may be repeated is tried again.
        headers: Sent with every request.
        network: TLS, proxy and limits of the default transport.
        transport: In place of the default one. It is closed with the client.
        server_variables: Of the address that the document names.

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
        server_variables: Mapping[str, str] | None = None,
    ) -> None:
        self._options = initial(
            self._settings,
            base_url,
            auth,
            timeout,
            max_retries,
            headers,
            transport is not None,
            server_variables or {},
        )
        self._connections: Connections[AsyncTransport] = Connections(
            transport, default_async_transport, network or Network()
        )
        self._tokens = AsyncTokens(self._token_client)

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
        copy._connections = self._connections
        copy._tokens = self._tokens
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
        twin = self.with_options()
        raw: Callable[P, Coroutine[Any, Any, RawResponse[T]]] = bound_to(
            twin, method, self, twin.call_raw
        )
        return raw

    def with_streamed_response(
        self, method: Callable[P, Coroutine[Any, Any, Any]]
    ) -> Callable[P, Coroutine[Any, Any, AsyncDownload]]:
        """Give a method of this client whose answer is not held in memory.

        `async with await client.with_streamed_response(client.files.get)("my-id") as answer:` has
        `status` and `headers`, gives the body in pieces when iterated, and writes it by
        `await answer.save(path)`. Errors are raised as ever, when the `with` block begins.

        Raises:
            TypeError: It is not a method of this client that calls an operation.
        """
        twin = self.with_options()
        streamed: Callable[P, Coroutine[Any, Any, AsyncDownload]] = bound_to(
            twin, method, self, twin.call_streamed
        )
        return streamed

    async def call_streamed(
        self, operation: Operation[Any], arguments: Mapping[str, Any], body: Any = None
    ) -> AsyncDownload:
        """Call an operation when the answer is opened by `async with`. Raises as `call` does."""
        prepared = self._prepare(operation, arguments, body)

        async def connect() -> AsyncResponse:
            attempts = self._attempts(operation, prepared)
            async with TimeLimit(attempts):
                response = await self._open(operation, prepared, attempts)
                if not 200 <= response.status < 300:
                    await self._refuse(operation, prepared, response, attempts)
            return response

        return AsyncDownload(connect)

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
        async with TimeLimit(attempts):
            while True:
                response = await self._open(operation, prepared, attempts)
                try:
                    content = await read(response, attempts)
                except ConnectionFailed as error:
                    await pause(attempts, attempts.after_error(error), error)
                else:
                    return self._raw(
                        operation, prepared, response.status, response.headers, content
                    )

    def iterate(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        body: Any = None,
        *,
        pages: Pages,
    ) -> AsyncIterator[Any]:
        """Go through the items of all pages, which are asked for one by one, as items are needed.

        Raises:
            InvalidRequest: The arguments are wrong; nothing was sent.
        """
        from ..pages import Turn

        turn = Turn(pages, arguments, body)
        return self._items(operation, turn, self._prepare(operation, arguments, body))

    async def _items(
        self, operation: Operation[Any], turn: Turn, prepared: Prepared
    ) -> AsyncIterator[Any]:
        while True:
            raw = await self._receive(operation, prepared)
            for item in turn.take(raw, self._read(prepared, raw)):
                yield item
            if turn.done:
                return
            prepared = turn.readdress(self._prepare(operation, turn.arguments, turn.body))

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
            async with TimeLimit(attempts):
                response = await self._open(operation, prepared, attempts)
                if not 200 <= response.status < 300:
                    await self._refuse(operation, prepared, response, attempts)
            decoder = self._decoder(operation, prepared, response.status, response.headers)
            return response, decoder

        return AsyncEventStream(connect)

    async def aclose(self) -> None:
        """Close all connections, those of clients made by `with_options` too."""
        for transport in self._connections.close():
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

    def _token_client(self, base_url: str, auth: Auth, total: float | None) -> AsyncClient:
        """Return a client for a token server, with the settings of this one and `total` seconds
        for each call.
        """
        client = object.__new__(AsyncClient)
        client._settings = Settings(user_agent=self._settings.user_agent)
        client._options = elsewhere(self._options, base_url, auth, total)
        client._connections = Connections(
            self._connections.own(base_url), default_async_transport, Network()
        )
        return client

    async def _refuse(
        self,
        operation: Operation[Any],
        prepared: Prepared,
        response: AsyncResponse,
        attempts: Attempts,
    ) -> None:
        """Read the body of a response that is no success, and raise its error."""
        try:
            content = await read(response, attempts)
        except ConnectionFailed as error:
            attempts.give_up(error)
        self._raw(operation, prepared, response.status, response.headers, content)

    async def _open(
        self, operation: Operation[Any], prepared: Prepared, attempts: Attempts
    ) -> AsyncResponse:
        transport = self._connections.get(self._address(operation))
        grant, token, renewed = prepared.grant, None, False
        while True:
            if grant is not None:
                token = await self._tokens.fetch(grant, self._options.base_url, attempts)
            request = self._request(operation, prepared, attempts, token)
            try:
                response = await transport.send(request)
            except ConnectionFailed as error:
                await pause(attempts, attempts.after_error(error), error)
                continue
            _log.debug("%s: %d", operation.id, response.status)
            if response.status == 401 and grant and token and prepared.repeatable and not renewed:
                # It was revoked, or the clocks differ: one more attempt with a new one.
                renewed = True
                self._tokens.forget(grant, token)
                await discard(response)
                continue
            seconds = attempts.after_status(response.status, response.headers)
            if seconds is None:
                return response
            await discard(response)
            await pause(attempts, seconds, response.status)
