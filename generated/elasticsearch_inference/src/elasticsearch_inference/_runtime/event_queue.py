"""The events of a stream between their decoder and the caller."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from .errors import ConnectionFailed, OperationError

if TYPE_CHECKING:
    from .responses import Decoder

T = TypeVar("T")


class EventQueue(Generic[T]):
    """Events that wait to be taken, and the error after them."""

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
