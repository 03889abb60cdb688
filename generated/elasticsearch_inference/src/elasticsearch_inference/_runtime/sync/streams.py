# Made from `aio/streams.py` by oasmith's `.ci/unasync.py`: edit that file.
"""Streams of typed events, as the caller sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from ..errors import ConnectionFailed
from ..event_queue import EventQueue
from ..transport import Opened, Response
from .primitives import close_iterator

if TYPE_CHECKING:
    from ..responses import Decoder

T = TypeVar("T")


class EventStream(Opened[Response], Generic[T]):
    """A stream of events, opened by `with` and closed at its end.

    Iterating raises `ApiError` where the server reports an error and `StreamBroken` where the
    stream is cut. Leaving the `with` block early closes the connection.
    """

    _what = "stream"

    def __init__(self, connect: Callable[[], tuple[Response, Decoder[T]]]) -> None:
        self._connect = connect
        self._chunks: Iterator[bytes] | None = None
        self._queue: EventQueue[T] | None = None

    def __enter__(self) -> Self:
        self._response, decoder = self._connect()
        self._chunks = iter(self._response.body)
        self._queue = EventQueue(decoder)
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
        if self._chunks is not None:
            close_iterator(self._chunks)
        if self._response is not None:
            self._response.close()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        queue = self._opened(self._queue)
        chunks = self._opened(self._chunks)
        while not queue.events:
            if queue.error is not None:
                self.close()
                raise queue.error
            if queue.over:
                self.close()
                raise StopIteration
            try:
                queue.feed(next(chunks, None))
            except ConnectionFailed as error:
                queue.cut(error)
        return queue.events.popleft()
