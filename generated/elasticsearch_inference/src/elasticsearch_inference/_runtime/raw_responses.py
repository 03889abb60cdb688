"""Answers as they came, for callers who want more than what is in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

from .headers import Headers
from .operations import Operation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RawResponse(Generic[T]):
    """A success as it came. `parse()` reads the body as the document describes it."""

    operation: Operation[T] = field(repr=False)
    status: int
    headers: Headers
    body: bytes = field(repr=False)

    def parse(self) -> T:
        """Read the body.

        Raises:
            InvalidResponse: It is not what the document describes.
        """
        from . import responses

        return responses.read(self.operation, self.status, self.headers, self.body)


def bound_to(
    twin: Any, method: Callable[..., Any], client: object, call: Callable[..., Any]
) -> Any:
    """Bind a method of a client, or of a namespace of it, to a twin that calls otherwise.

    Raises:
        TypeError: It is no such method.
    """
    twin.__dict__.update(call=call, stream=_refuse)
    owner: Any = getattr(method, "__self__", None)
    if owner is client:
        return getattr(twin, method.__name__)
    if getattr(owner, "_client", None) is client:
        return getattr(type(owner)(twin), method.__name__)
    raise TypeError("give a method of this client that calls an operation")


def _refuse(*arguments: object) -> NoReturn:
    raise TypeError("with_raw_response: a stream has `status` and `headers` of its own")
