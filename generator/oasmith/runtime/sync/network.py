"""Connections of the sync client that keep a deadline: a network backend for httpcore2.

A timeout of httpcore2 is the longest wait for one read or write, so that a server which sends a
byte now and then can make a call last for ever. Here each wait is as long as the call has left.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpcore2

from ..transport import Deadline

_RECORD: Final = 16384
"""The most bytes of one TLS record (RFC 8446, section 5.1)."""


class Patience(float):
    """A timeout in seconds that ends with a deadline, if that comes first.

    httpcore2 hands timeouts on to its backend as they are. Other backends take it for a number.
    """

    __slots__ = ("deadline",)

    deadline: Deadline

    @classmethod
    def of(cls, seconds: float | None, deadline: Deadline) -> Patience:
        """Return the timeout; `seconds` is None if there is only a deadline."""
        patience = cls("inf" if seconds is None else seconds)
        patience.deadline = deadline
        return patience


def _left(timeout: float | None, error: type[httpcore2.TimeoutException]) -> float | None:
    """Return how long to wait now, in seconds; None: without end. Raises `error` if no time is
    left.
    """
    if isinstance(timeout, Patience):
        seconds = float(timeout)
        timeout = timeout.deadline.within(None if seconds == float("inf") else seconds)
        if timeout is not None and timeout <= 0:
            raise error("no time is left")
    return timeout


class Backend(httpcore2.NetworkBackend):
    """Opens connections."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of a host that can be reached.

        Raises:
            httpcore2.ConnectError: The host is unknown, or takes no connection.
            httpcore2.ConnectTimeout: No address was reached in time.
        """
        source = None if local_address is None else (local_address, 0)
        failure: OSError | None = None
        addresses = _resolve(host, port, timeout)
        for index, address in enumerate(addresses):
            seconds = _left(timeout, httpcore2.ConnectTimeout)
            if isinstance(timeout, Patience) and seconds is not None:
                # An address that nobody answers for leaves time for the others.
                remaining = timeout.deadline.within(None)
                if remaining is not None:
                    seconds = min(seconds, remaining / (len(addresses) - index))
            try:
                opened = socket.create_connection(address, seconds, source)
            except OSError as error:
                failure = error
                continue
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            set_option: Callable[..., None] = opened.setsockopt
            for option in socket_options or ():
                set_option(*option)
            return _Stream(opened)
        if isinstance(failure, TimeoutError):
            raise httpcore2.ConnectTimeout(str(failure)) from failure
        raise httpcore2.ConnectError(str(failure)) from failure


def _resolve(host: str, port: int, timeout: float | None) -> list[tuple[str, int]]:
    """Return the addresses of a host.

    Raises:
        httpcore2.ConnectError: It is unknown.
        httpcore2.ConnectTimeout: Nobody said so in time.
    """
    found: list[Any] = []

    def look_up() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    seconds = _left(timeout, httpcore2.ConnectTimeout)
    if seconds is None or _is_address(host):
        look_up()
    else:
        # The resolver of the system knows no timeout. A thread is left behind if it takes longer.
        thread = threading.Thread(target=look_up, name="getaddrinfo", daemon=True)
        thread.start()
        thread.join(min(seconds, threading.TIMEOUT_MAX))
    match found:
        case []:
            raise httpcore2.ConnectTimeout(f"no address of {host} in time")
        case [Exception() as error]:
            raise httpcore2.ConnectError(str(error)) from error
        case [answers]:
            return [_address(answer[4]) for answer in answers]
        case _:
            raise AssertionError


def _address(found: tuple[Any, ...]) -> tuple[str, int]:
    """Return host and port of a socket address; the host names the scope of a link-local one."""
    host, port = found[:2]
    return (f"{host}%{found[3]}" if len(found) > 3 and found[3] else host), port


def _is_address(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit()


class _Stream(httpcore2.NetworkStream):
    """A connection, with or without TLS."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, at least one byte; nothing at the end."""
        seconds = _left(timeout, httpcore2.ReadTimeout)
        try:
            self._socket.settimeout(seconds)
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore2.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes."""
        left = memoryview(buffer)
        while left:
            seconds = _left(timeout, httpcore2.WriteTimeout)
            try:
                self._socket.settimeout(seconds)
                left = left[self._socket.send(left) :]
            except TimeoutError as error:
                raise httpcore2.WriteTimeout(str(error)) from error
            except OSError as error:
                raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Return the connection with TLS."""
        try:
            if isinstance(self._socket, ssl.SSLSocket):
                return _TlsInTls(self, ssl_context, server_hostname, timeout)
            # The handshake as a whole takes no longer than this.
            self._socket.settimeout(_left(timeout, httpcore2.ConnectTimeout))
            return _Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname))
        except (TimeoutError, httpcore2.TimeoutException) as error:
            self.close()
            raise httpcore2.ConnectTimeout(str(error)) from error
        except (OSError, httpcore2.NetworkError) as error:
            self.close()
            raise httpcore2.ConnectError(str(error)) from error

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore2 asks of a connection."""
        match info:
            case "ssl_object":
                return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
            case "client_addr":
                return self._socket.getsockname()
            case "server_addr":
                return self._socket.getpeername()
            case "socket":
                return self._socket
            case "is_readable":
                return _is_readable(self._socket)
            case _:
                return None


class _TlsInTls(httpcore2.NetworkStream):
    """TLS with a server, inside of TLS with a proxy; a socket can be wrapped only once."""

    def __init__(
        self,
        outer: _Stream,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None,
        timeout: float | None,
    ) -> None:
        self._outer = outer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = ssl_context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname
        )
        self._run(self._tls.do_handshake, timeout)

    def _run(self, step: Callable[[], Any], timeout: float | None) -> Any:
        """Run a step of the protocol, with the reads and writes that it needs."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                self._outer.write(self._outgoing.read(), timeout)
                data = self._outer.read(_RECORD, timeout)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                self._outer.write(self._outgoing.read(), timeout)
                return result

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, at least one byte; nothing at the end."""
        try:
            data: bytes = self._run(lambda: self._tls.read(max_bytes), timeout)
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes."""
        left = memoryview(buffer)
        while left:
            try:
                left = left[self._run(lambda: self._tls.write(left), timeout) :]  # noqa: B023
            except OSError as error:
                raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore2 asks of a connection."""
        return self._tls if info == "ssl_object" else self._outer.get_extra_info(info)


def _is_readable(opened: socket.socket) -> bool:
    """Return whether a read would return at once: of an idle connection, whether it is closed."""
    import select

    if opened.fileno() < 0:
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([opened], [], [], 0)[0])
    poll = select.poll()
    poll.register(opened, select.POLLIN)
    return bool(poll.poll(0))
