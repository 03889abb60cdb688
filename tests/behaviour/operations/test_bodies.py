"""What bodies of each media type look like when they arrive, and what answers become."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.operations.package import generated
from unit.runtime.loopback import Reply, Seen, Server, serve

POINT = {"x": 1, "y": -2}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with generated("bodies.yaml", tmp_path_factory.mktemp("bodies")) as module:
        yield module


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    def answer(seen: Seen) -> Reply:
        if not seen.body:
            return ANSWERS[seen.headers.get("accept", "")]
        return Reply(headers=(("content-type", seen.headers["content-type"]),), chunks=(seen.body,))

    with serve(answer) as running:
        yield running


@pytest.fixture(scope="module")
def client(package: ModuleType, server: Server) -> Iterator[Any]:
    with package.Client(server.url) as made:
        yield made


PICTURES = "image/png, image/jpeg"
ANSWERS = {
    "application/json": Reply(
        headers=(("content-type", "application/json"), ("x-left", "7")), chunks=(b'{"x":1}',)
    ),
    "text/plain, application/json": Reply(
        headers=(("content-type", "text/plain"),), chunks=(b"t",)
    ),
    f"{PICTURES}, application/json": Reply(
        headers=(("content-type", "image/jpeg"),), chunks=(b"\xff\xd8",)
    ),
    "": Reply(status=302, headers=(("location", "/there"),), chunks=()),
}


def parts(seen: Seen) -> list[tuple[Any, ...]]:
    head = f"content-type: {seen.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + seen.body, policy=HTTP)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part["content-type"],
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


def test_forms(client: Any, server: Server) -> None:
    client.form(
        text="a b",
        list_=["x", "y,z"],
        comma=["p", "q"],
        object_=POINT,
        deep={"near": POINT},
        flag=True,
    )
    assert server.requests[-1].body == (
        b"text=a%20b&list=x&list=y%2Cz&comma=p,q&object=%7B%22x%22%3A1,%22y%22%3A-2%7D"
        b"&deep%5Bnear%5D%5Bx%5D=1&deep%5Bnear%5D%5By%5D=-2&flag=true"
    )


def test_multipart(client: Any, server: Server, package: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"from disk")
    client.multipart(
        title="t",
        count=3,
        about=POINT,
        table="a,b",
        photo=package.File(io.BytesIO(b"\xff"), name="me.jpeg", headers={"X-Own": "1"}),
        pages=[b"one", page],
        points=[POINT, {}],
        comma=[1, 2],
        deep=POINT,
    )
    seen = server.requests[-1]
    assert parts(seen) == [
        ("title", None, None, b"t"),
        ("count", None, None, b"3"),
        ("about", None, "application/json", b'{"x":1,"y":-2}'),
        ("table", None, "text/csv", b"a,b"),
        ("photo", "me.jpeg", "image/jpeg", b"\xff"),
        ("pages", "pages", "application/octet-stream", b"one"),
        ("pages", "page.txt", "application/octet-stream", b"from disk"),
        ("points", None, "application/json", b'{"x":1,"y":-2}'),
        ("points", None, "application/json", b"{}"),
        ("comma", None, None, b"1,2"),
        ("deep[x]", None, None, b"1"),
        ("deep[y]", None, None, b"-2"),
    ]
    assert b"X-Own: 1\r\n" in seen.body


def test_parts_without_names(client: Any, server: Server) -> None:
    client.mixed(body=[POINT, {"x": 5}])
    seen = server.requests[-1]
    assert seen.headers["content-type"].startswith("multipart/mixed; boundary=")
    assert parts(seen) == [
        (None, None, "application/json", b'{"x":1,"y":-2}'),
        (None, None, "application/json", b'{"x":5}'),
    ]


def test_an_iterator_is_sent_as_it_comes(client: Any, server: Server, package: ModuleType) -> None:
    pieces = (bytes([number]) * 10 for number in range(3))
    assert client.send_bytes(body=package.File(pieces)) == b"".join(
        bytes([number]) * 10 for number in range(3)
    )
    assert server.requests[-1].headers["transfer-encoding"] == "chunked"


def test_the_media_type_of_a_file(client: Any, server: Server, package: ModuleType) -> None:
    client.send_image(body=package.File(b"x", media_type="image/webp"))
    assert server.requests[-1].headers["content-type"] == "image/webp"
    client.send_image(body=b"x")
    assert server.requests[-1].headers["content-type"] == "application/octet-stream"


def test_what_is_not_read_is_handed_over(client: Any, server: Server) -> None:
    assert client.send_xml(body="<p/>") == b"<p/>"
    assert server.requests[-1].headers["content-type"] == "application/xml"
    assert client.send_text(body=5) == 5
    assert server.requests[-1].body == b"5"


def test_any_media_type_is_json(client: Any, server: Server) -> None:
    assert client.send_anything(x=1).x == 1
    assert server.requests[-1].headers["content-type"] == "application/json"


def test_a_method_for_each_media_type(client: Any, server: Server) -> None:
    client.several(x=1)
    assert (server.requests[-1].headers["content-type"], server.requests[-1].body) == (
        "application/json",
        b'{"x":1}',
    )
    client.several_csv(body="a,b")
    assert server.requests[-1].headers["content-type"] == "text/csv"
    client.several_multipart(file=b"x")
    assert parts(server.requests[-1]) == [("file", "file", "application/octet-stream", b"x")]


def test_a_method_for_each_answer(client: Any, server: Server) -> None:
    assert client.answers().x == 1
    assert client.answers_as_text() == "t"
    assert client.answers_as_png() == b"\xff\xd8"
    assert server.requests[-1].headers["accept"] == f"{PICTURES}, application/json"


def test_a_redirection_that_is_described_is_an_answer(client: Any) -> None:
    assert client.moved() is None
    raw = client.with_raw_response(client.moved)()
    assert (raw.status, raw.headers["location"]) == (302, "/there")


def test_lines(client: Any, server: Server) -> None:
    with client.lines(body=[POINT, {"x": 2}]) as stream:
        assert [(point.x, point.y) for point in stream] == [(1, -2), (2, None)]
    assert server.requests[-1].body == b'{"x":1,"y":-2}\n{"x":2}\n'


def test_an_answer_that_is_not_held_in_memory(
    client: Any, server: Server, package: ModuleType, tmp_path: Path
) -> None:
    with client.with_streamed_response(client.answers_as_png)() as answer:
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.save(tmp_path / "picture") == 2
    assert (tmp_path / "picture").read_bytes() == b"\xff\xd8"

    async def run() -> bytes:
        async with package.AsyncClient(server.url) as other:
            method = other.with_streamed_response(other.answers_as_png)
            async with await method() as answer:
                return b"".join([piece async for piece in answer])

    assert asyncio.run(run()) == b"\xff\xd8"
