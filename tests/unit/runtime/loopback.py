"""A server on loopback that does what a test tells it, bad manners included."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer.

    `cut`: "before" closes without a word, "within" after half of the body, "after" breaks off a
    chunked body without its end.
    """

    status: int = 200
    headers: Sequence[tuple[str, str]] = (("content-type", "application/json"),)
    chunks: Sequence[bytes] = (b"{}",)
    delay: float = 0.0
    pause: float = 0.0
    cut: str | None = None
    chunked: bool = False


@dataclass
class Server:
    """The running server."""

    url: str
    requests: list[Seen] = field(default_factory=list)
    open: int = 0
    """Connections that the other side has not closed."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def settles(self, count: int = 0, within: float = 5.0) -> bool:
        """Wait until only so many connections are open."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if self.open == count:
                return True
            time.sleep(0.01)
        return self.open == count


@contextmanager
def serve(handler: Callable[[Seen], Reply]) -> Iterator[Server]:
    """Run a server while the block runs."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = Server(f"http://127.0.0.1:{listener.getsockname()[1]}")
    threads: list[threading.Thread] = []
    connections: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(20)
            # Else small answers wait for the other side's delayed acknowledgement.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connections.append(connection)
            thread = threading.Thread(target=converse, args=(connection,), daemon=True)
            threads.append(thread)
            thread.start()

    def converse(connection: socket.socket) -> None:
        with server.lock:
            server.open += 1
        try:
            with connection, connection.makefile("rb") as stream:
                if stream.peek(1)[:1] == b"\x16":
                    connection.sendall(b"TLS is not spoken here\r\n")
                    return
                while _exchange(connection, stream, server, handler):
                    pass
        except OSError:
            pass
        finally:
            with server.lock:
                server.open -= 1

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        # Wakes the thread that waits in `accept`.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                connection.close()
        for thread in (acceptor, *threads):
            thread.join(5)


def _exchange(
    connection: socket.socket, stream: IO[bytes], server: Server, handler: Callable[[Seen], Reply]
) -> bool:
    seen = _receive(stream)
    if seen is None:
        return False
    with server.lock:
        server.requests.append(seen)
    reply = handler(seen)
    if reply.delay:
        time.sleep(reply.delay)
    if reply.cut == "before":
        return False
    return _send(connection, reply)


def _receive(stream: IO[bytes]) -> Seen | None:
    readline = stream.readline
    line = readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ")
    headers: dict[str, str] = {}
    while (line := readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    read = stream.read
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(readline(), 16):
            body += read(size)
            readline()
        readline()
    else:
        body = read(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body)


def _send(connection: socket.socket, reply: Reply) -> bool:
    chunks = list(reply.chunks)
    head = f"HTTP/1.1 {reply.status} X\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in reply.headers)
    if reply.chunked:
        connection.sendall(f"{head}transfer-encoding: chunked\r\n\r\n".encode())
        for chunk in chunks:
            connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            if reply.pause:
                time.sleep(reply.pause)
        if reply.cut == "after":
            return False
        connection.sendall(b"0\r\n\r\n")
        return True
    body = b"".join(chunks)
    connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode())
    if reply.cut == "within":
        connection.sendall(body[: len(body) // 2])
        return False
    connection.sendall(body)
    return True
