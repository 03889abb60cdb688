"""The transports of a client and of the copies that `with_options` makes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from .transport import AsyncTransport, Network, Transport

TTransport = TypeVar("TTransport")


class Connections(Generic[TTransport]):
    """One transport for each server, made when it is first needed; or the one that was given."""

    def __init__(
        self,
        transport: TTransport | None,
        make: Callable[[str, Network], TTransport],
        network: Network,
    ) -> None:
        self._given = transport
        self._make = make
        self._network = network
        self._made: dict[str, TTransport] = {}
        self._closed = False
        self._lock = threading.Lock()

    def get(self, base_url: str) -> TTransport:
        """Give the transport for a server."""
        if self._given is not None and not self._closed:
            return self._given
        return self.own(base_url)

    def own(self, base_url: str) -> TTransport:
        """Give a transport of our own for a server, even where another one was given."""
        transport = self._made.get(base_url)
        if transport is None or self._closed:
            with self._lock:
                if self._closed:
                    raise RuntimeError("the client is closed")
                transport = self._made.get(base_url)
                if transport is None:
                    transport = self._made[base_url] = self._make(base_url, self._network)
        return transport

    def close(self) -> list[TTransport]:
        """Give what is to be closed; there are no connections from now on."""
        with self._lock:
            self._closed = True
            left = [*([] if self._given is None else [self._given]), *self._made.values()]
            self._given = None
            self._made.clear()
            return left


def address_of(server: str, base_url: str) -> str:
    """Give the address of a server that may be relative to the host of another one."""
    if "://" in server or not base_url:
        return server
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}/{server.strip('/')}".rstrip("/")


def default_transport(base_url: str, network: Network) -> Transport:
    """Make a transport."""
    from .httpx2_transport import Httpx2Transport

    return Httpx2Transport(base_url, network)


def default_async_transport(base_url: str, network: Network) -> AsyncTransport:
    """Make a transport."""
    from .httpx2_transport import AsyncHttpx2Transport

    return AsyncHttpx2Transport(base_url, network)
