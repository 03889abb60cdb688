"""Streams of typed events, as the caller sees them."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from .errors import ConnectionFailed, OperationError
from .transport import AsyncResponse, Opened, Response

if TYPE_CHECKING:
    from .responses import Decoder

T = TypeVar("T")


class _Queue(Generic[T]):
    """What sync and async streams share: events that wait, and the error after them."""

    def __init__(self, decoder: Decoder[T]) -> None:
        self.decoder = decoder
        self.events: deque[T] = deque()
        self.error: OperationError | None = None

    def feed(self, data: bytes | None) -> None:
        """Take bytes; None: there are no more."""
        from .responses import Interrupted

        try:
            self.events.extend(self.decoder.finish() if data is None else self.decoder.feed(data))
        except Interrupted as interrupted:
            self.events.extend(interrupted.events)
            self.error = interrupted.error
        except OperationError as error:
            self.error = error

    def cut(self, error: ConnectionFailed) -> None:
        """Take the news that the connection broke."""
        self.error = self.decoder.broken(f"the stream was cut: {error.message}")
        self.error.__cause__ = error

    @property
    def over(self) -> bool:
        """Whether nothing more is to be read."""
        return self.decoder.done or self.error is not None


class EventStream(Opened[Response], Generic[T]):
    """A stream of events, opened by `with` and closed at its end.

    Iterating raises `ApiError` where the server reports an error and `StreamBroken` where the
    stream is cut. Leaving the `with` block early closes the connection.
    """

    _what = "stream"

    def __init__(self, connect: Callable[[], tuple[Response, Decoder[T]]]) -> None:
        self._connect = connect
        self._chunks: Iterator[bytes] = iter(())
        self._queue: _Queue[T] | None = None

    def __enter__(self) -> Self:
        self._response, decoder = self._connect()
        self._chunks = iter(self._response.body)
        self._queue = _Queue(decoder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, whether or not the stream has ended. Can be called again."""
        if self._response is not None:
            self._response.close()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        queue = self._opened(self._queue)
        while not queue.events:
            if queue.error is not None:
                self.close()
                raise queue.error
            if queue.over:
                self.close()
                raise StopIteration
            try:
                queue.feed(next(self._chunks, None))
            except ConnectionFailed as error:
                queue.cut(error)
        return queue.events.popleft()


class AsyncEventStream(Opened[AsyncResponse], Generic[T]):
    """A stream of events, opened by `async with` and closed at its end.

    Iterating raises `ApiError` where the server reports an error and `StreamBroken` where the
    stream is cut. Leaving the `async with` block early closes the connection.
    """

    _what = "stream"

    def __init__(self, connect: Callable[[], Awaitable[tuple[AsyncResponse, Decoder[T]]]]) -> None:
        self._connect = connect
        self._chunks: AsyncIterator[bytes] | None = None
        self._queue: _Queue[T] | None = None

    async def __aenter__(self) -> Self:
        self._response, decoder = await self._connect()
        self._chunks = aiter(self._response.body)
        self._queue = _Queue(decoder)
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
        chunks: Any = self._chunks
        if chunks is not None and hasattr(chunks, "aclose"):
            await chunks.aclose()
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
