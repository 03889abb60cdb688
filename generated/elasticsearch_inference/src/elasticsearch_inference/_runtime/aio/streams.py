"""Streams of typed events, as the caller sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from ..errors import ConnectionFailed
from ..event_queue import EventQueue
from ..transport import AsyncResponse, Opened
from .primitives import aclose_iterator

if TYPE_CHECKING:
    from ..responses import Decoder

T = TypeVar("T")


class AsyncEventStream(Opened[AsyncResponse], Generic[T]):
    """A stream of events, opened by `async with` and closed at its end.

    Iterating raises `ApiError` where the server reports an error and `StreamBroken` where the
    stream is cut. Leaving the `async with` block early closes the connection.
    """

    _what = "stream"

    def __init__(self, connect: Callable[[], Awaitable[tuple[AsyncResponse, Decoder[T]]]]) -> None:
        self._connect = connect
        self._chunks: AsyncIterator[bytes] | None = None
        self._queue: EventQueue[T] | None = None

    async def __aenter__(self) -> Self:
        self._response, decoder = await self._connect()
        self._chunks = aiter(self._response.body)
        self._queue = EventQueue(decoder)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection, whether or not the stream has ended. Can be called again."""
        if self._chunks is not None:
            await aclose_iterator(self._chunks)
        if self._response is not None:
            await self._response.close()

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        queue = self._opened(self._queue)
        chunks = self._opened(self._chunks)
        while not queue.events:
            if queue.error is not None:
                await self.aclose()
                raise queue.error
            if queue.over:
                await self.aclose()
                raise StopAsyncIteration
            try:
                queue.feed(await anext(chunks, None))
            except ConnectionFailed as error:
                queue.cut(error)
        return queue.events.popleft()
