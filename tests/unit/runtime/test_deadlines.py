"""The total timeout of a call holds, however slowly bytes come."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from oasmith.runtime.auth import ClientCredentials
from oasmith.runtime.errors import ConnectionFailed, ServiceUnavailable, TimedOut
from oasmith.runtime.headers import Headers
from oasmith.runtime.operations import Body, Operation, Route
from oasmith.runtime.transport import Network, Request, Timeout
from oasmith.runtime.transport import Response as Answer
from unit.runtime.api import GET, POST, STREAM, AClient, Client, Thing
from unit.runtime.loopback import Reply, serve

TOTAL = 0.4
"""Seconds for a call. What the servers here do would take a hundred times as long."""

SLACK = 4.0
"""Seconds that a busy machine may add."""

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
DRIP: tuple[bytes | float, ...] = (b"a", 0.05) * 1000
CERTIFICATE = Path(__file__).with_name("localhost.pem")


@contextmanager
def drip(*parts: bytes | float, accepts: bool = True) -> Iterator[str]:
    """Run a server that answers each connection with bytes and pauses, in seconds."""
    over = threading.Event()

    def converse(connection: socket.socket) -> None:
        try:
            with connection:
                if accepts:
                    connection.recv(65536)
                for part in parts:
                    if isinstance(part, float):
                        if over.wait(part):
                            return
                    else:
                        connection.sendall(part)
                over.wait(30)
        except OSError:
            pass

    with listening(converse) as address:
        yield f"http://{address}"
        over.set()


@contextmanager
def listening(converse: Callable[[socket.socket], None]) -> Iterator[str]:
    """Run a server with a thread for each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=converse, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def call(url: str, operation: Operation[Any], *arguments: Any, **options: Any) -> Any:
    with Client(url, **{"timeout": TOTAL, **options}) as client:
        return client.call(operation, *arguments)


def acall(url: str, operation: Operation[Any], *arguments: Any, **options: Any) -> Any:
    async def run() -> Any:
        async with AClient(url, **{"timeout": TOTAL, **options}) as client:
            return await client.call(operation, *arguments)

    return asyncio.run(run())


def stream(url: str, operation: Operation[Any], *arguments: Any, **options: Any) -> Any:
    with (
        Client(url, **{"timeout": TOTAL, **options}) as client,
        client.stream(operation, *arguments) as events,
    ):
        return list(events)


def astream(url: str, operation: Operation[Any], *arguments: Any, **options: Any) -> Any:
    async def run() -> Any:
        async with (
            AClient(url, **{"timeout": TOTAL, **options}) as client,
            client.stream(operation, *arguments) as events,
        ):
            return [event async for event in events]

    return asyncio.run(run())


@contextmanager
def over_in_time(operation: Operation[Any], total: float = TOTAL) -> Iterator[None]:
    """Expect the error of a call that took too long, and that it took no longer than allowed."""
    before = time.monotonic()
    with pytest.raises(TimedOut) as caught:
        yield
    spent = time.monotonic() - before
    assert total - 0.01 <= spent < total + SLACK
    assert caught.value.phase == "total"
    assert caught.value.operation == operation.id
    assert f"no complete answer within {total:g} seconds" in str(caught.value)


CALLERS = pytest.mark.parametrize("caller", [call, acall])
STREAMERS = pytest.mark.parametrize("streamer", [stream, astream])


@CALLERS
@pytest.mark.parametrize(
    "parts",
    [
        [HEAD + b"x: ", *DRIP],
        [b"HTTP/1.1 103 X\r\n\r\n", 0.05] * 1000,
        [HEAD + b"content-length: 60000\r\n\r\n", *DRIP],
        [b"HTTP/1.1 503 X\r\ncontent-length: 60000\r\n\r\n", *DRIP],
        [b"HTTP/1.1 404 X\r\ncontent-length: 60000\r\n\r\n", *DRIP],
        [HEAD + b"transfer-encoding: chunked\r\n\r\n" + b"0" * 20, *[b"0", 0.05] * 1000],
        [],
    ],
    ids=["headers", "early hints", "body", "unwanted body", "error", "chunk size", "nothing"],
)
def test_answers_that_drip(caller: Any, parts: Sequence[bytes | float]) -> None:
    with drip(*parts) as url, over_in_time(GET):
        caller(url, GET, {"thing_id": "x"}, max_retries=9)


@STREAMERS
@pytest.mark.parametrize(
    "parts",
    [
        [HEAD + b"x: ", *DRIP],
        [b"HTTP/1.1 404 X\r\ncontent-length: 60000\r\n\r\n", *DRIP],
    ],
    ids=["headers", "error"],
)
def test_streams_that_do_not_begin(streamer: Any, parts: Sequence[bytes | float]) -> None:
    with drip(*parts) as url, over_in_time(STREAM):
        streamer(url, STREAM, {})


EVENT = b'data: {"text":"x"}\n\n'


@STREAMERS
def test_a_stream_that_has_begun_has_no_deadline(
    streamer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oasmith.runtime.retries.FIRST_PAUSE", 0.001)
    replies = iter([Reply(status=503, delay=1.0)])
    good = Reply(
        headers=[("content-type", "text/event-stream")],
        chunks=[EVENT, EVENT, b"data: [DONE]\n\n"],
        chunked=True,
        pause=1.2,
    )
    idempotent: Operation[Any] = Operation(
        id="x", method="GET", routes=STREAM.routes, responses=STREAM.responses, errors=STREAM.errors
    )
    with serve(lambda seen: next(replies, good)) as server:
        # The second attempt is given what is left; the pauses between events are longer.
        timeout = Timeout(read=5, total=2)
        assert len(streamer(server.url, idempotent, {}, timeout=timeout)) == 2


@CALLERS
def test_attempts_end_at_the_deadline(caller: Any) -> None:
    with drip(b"HTTP/1.1 503 X\r\ncontent-length: 0\r\nretry-after: 0\r\n\r\n") as url:
        before = time.monotonic()
        # The last answer, if the deadline comes before the next attempt.
        with pytest.raises((TimedOut, ServiceUnavailable)):
            caller(url, GET, {"thing_id": "x"}, max_retries=10**6)
        assert time.monotonic() - before < TOTAL + SLACK


UPLOAD: Operation[Thing] = Operation(
    id="things.upload",
    method="PUT",
    routes=(Route("/"),),
    body=Body("application/octet-stream", lambda: Any),
    responses=GET.responses,
)


@CALLERS
@pytest.mark.parametrize("pace", [None, 0.02])
def test_servers_that_take_bytes_slowly(caller: Any, pace: float | None) -> None:
    over = threading.Event()

    def converse(connection: socket.socket) -> None:
        with connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            while not over.wait(30 if pace is None else pace):
                connection.recv(2048)

    with listening(converse) as address, over_in_time(UPLOAD):
        caller(f"http://{address}", UPLOAD, {}, b"x" * 8_000_000)
    over.set()


def test_servers_that_do_not_speak_tls() -> None:
    network = Network(ssl_context=ssl.create_default_context())
    # The start of a record that never ends.
    with drip(b"\x16\x03\x03\x40\x00", *DRIP) as url:
        before = time.monotonic()
        with pytest.raises(TimedOut):
            call(
                url.replace("http", "https"),
                GET,
                {"thing_id": "x"},
                network=network,
                timeout=Timeout(connect=30, total=TOTAL),
            )
        assert time.monotonic() - before < TOTAL + SLACK


def test_names_that_are_not_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def getaddrinfo(*arguments: Any, **options: Any) -> Any:
        over.wait(30)
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    with over_in_time(POST):
        call("http://things.invalid", POST, {}, {}, timeout=Timeout(connect=None, total=TOTAL))
    over.set()


def test_an_unknown_name_is_reported_at_once() -> None:
    with pytest.raises(Exception, match=r"cannot connect: \[Errno"):
        call("http://things.invalid", POST, {}, {}, timeout=30)


def test_an_address_that_nobody_answers_for_leaves_time_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve = socket.getaddrinfo
    reply = Reply(chunks=[b'{"ok":true}'])
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        serve(lambda seen: reply) as server,
    ):
        waiting = []
        for _ in range(5):
            # Nobody accepts, so that the queue is full at some time.
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(full.getsockname())
            waiting.append(one)
        port = int(server.url.rpartition(":")[2])

        def getaddrinfo(host: str, *arguments: Any, **options: Any) -> Any:
            if host != "things.invalid":
                return resolve(host, *arguments, **options)
            kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
            return [(*kind, full.getsockname()), (*kind, ("127.0.0.1", port))]

        monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
        before = time.monotonic()
        assert call("http://things.invalid", GET, {"thing_id": "x"}, timeout=4).ok
        assert 1.9 < time.monotonic() - before < 4
        for one in waiting:
            one.close()


@CALLERS
def test_servers_of_tokens(caller: Any) -> None:
    with drip(HEAD + b"x: ", *DRIP) as url, over_in_time(GET):
        auth = ClientCredentials("me", "secret", f"{url}/token")
        caller("http://things.invalid", GET, {"thing_id": "x"}, auth=auth)


def test_a_call_does_not_wait_for_the_token_of_another_one() -> None:
    with drip(HEAD + b"x: ", *DRIP) as url:
        auth = ClientCredentials("me", "secret", f"{url}/token")
        client = Client("http://things.invalid", auth=auth, timeout=30.0)

        def wait() -> None:
            with pytest.raises(ConnectionFailed):
                client.call(GET, {"thing_id": "x"})

        other = threading.Thread(target=wait)
        other.start()
        time.sleep(0.3)
        with over_in_time(GET):
            client.with_options(timeout=TOTAL).call(GET, {"thing_id": "x"})
        assert other.is_alive()
    # The server is gone.
    other.join()
    client.close()


class Slow:
    """A transport of one's own that takes its time, as long as it may."""

    def __init__(self) -> None:
        self.waits: list[float | None] = []

    def send(self, request: Request) -> Answer:
        wait = request.read_timeout
        self.waits.append(wait)
        assert wait is not None
        time.sleep(min(0.3, wait))
        return Answer(503, Headers([("retry-after", "0")]), [], lambda: None)

    def close(self) -> None:
        pass


def test_a_transport_of_ones_own_is_told_what_is_left() -> None:
    transport = Slow()
    with pytest.raises((TimedOut, ServiceUnavailable)):
        call("http://x", GET, {"thing_id": "x"}, transport=transport, max_retries=9, timeout=0.8)
    waits = [wait or 0 for wait in transport.waits]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 0.7
    assert waits[-1] < 0.3


# --- through a proxy that speaks TLS ------------------------------------------------------------


def relay(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def tls_proxy(url: str, *, drips: bool = False) -> Iterator[str]:
    """Run a proxy that leads to the server, or to one that drips a TLS record."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inner.load_cert_chain(CERTIFICATE)
    over = threading.Event()

    def converse(connection: socket.socket) -> None:
        with connection, context.wrap_socket(connection, server_side=True) as outer:
            asked = outer.recv(65536)
            assert asked.startswith(b"CONNECT "), asked
            outer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            if drips:
                outer.sendall(b"\x16\x03\x03\x40\x00")
                while not over.wait(0.05):
                    outer.sendall(b"a")
                return
            host, _, port = url.removeprefix("https://").partition(":")
            with socket.create_connection((host, int(port))) as onward:
                threading.Thread(target=relay, args=(onward, outer), daemon=True).start()
                relay(outer, onward)

    with listening(converse) as address:
        yield f"https://localhost:{address.rpartition(':')[2]}"
        over.set()


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


@contextmanager
def tls_server() -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    body = b'{"ok":true,"more":"' + b"x" * 100_000 + b'"}'
    head = HEAD + b"content-length: %d\r\n\r\n" % len(body)

    def converse(connection: socket.socket) -> None:
        with connection, context.wrap_socket(connection, server_side=True) as secured:
            data = b""
            while chunk := secured.recv(65536):
                data += chunk
                if data.endswith((b"}", b"\r\n\r\n")) and b"\r\n\r\n" in data:
                    secured.sendall(head + body)
                    data = b""

    with listening(converse) as address:
        yield f"https://{address}"


def test_tls() -> None:
    with tls_server() as url, Client(url, network=Network(ssl_context=trusting())) as client:
        for _ in range(3):
            assert client.call(GET, {"thing_id": "x"}).model_extra == {"more": "x" * 100_000}


def test_tls_inside_of_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with tls_server() as url, tls_proxy(url) as proxy:
        network = Network(proxy=proxy, ssl_context=trusting())
        with Client(url, network=network, max_retries=0) as client:
            for _ in range(3):
                large = {"name": "y" * 300_000}
                assert client.call(POST, {}, large).model_extra == {"more": "x" * 100_000}


def test_tls_inside_of_tls_that_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with tls_proxy("", drips=True) as proxy:
        network = Network(proxy=proxy, ssl_context=trusting())
        timeout = Timeout(connect=30, total=TOTAL)
        with over_in_time(POST):
            call("https://127.0.0.1:1", POST, {}, {}, network=network, timeout=timeout)
