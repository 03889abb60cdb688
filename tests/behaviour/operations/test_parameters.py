"""What parameters of each style look like when they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from behaviour.operations.package import generated
from unit.runtime.loopback import Reply, Seen, Server, serve

POINT = {"x": 1, "y": -2}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with generated("parameters.yaml", tmp_path_factory.mktemp("parameters")) as module:
        yield module


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(lambda _: Reply(status=204, chunks=())) as running:
        yield running


@pytest.fixture(scope="module")
def client(package: ModuleType, server: Server) -> Iterator[Any]:
    with package.Client(server.url) as made:
        yield made


def arrived(server: Server) -> Seen:
    return server.requests[-1]


def test_simple(client: Any, server: Server) -> None:
    client.simple("a/b ü", ["x,y", "z"], POINT, POINT)
    assert arrived(server).target == "/path/a%2Fb%20%C3%BC/x%2Cy,z/x=1,y=-2/x,1,y,-2"


def test_label(client: Any, server: Server) -> None:
    client.label(5, [1, 2], [3, 4], POINT, POINT)
    assert arrived(server).target == "/label/.5/.1,2/.3.4/.x,1,y,-2/.x=1.y=-2"


def test_matrix(client: Any, server: Server) -> None:
    client.matrix(True, [1, 2], [3, 4], POINT, POINT)
    assert (
        arrived(server).target
        == "/matrix/;text=true/;list=1,2/;spread=3;spread=4/;object=x,1,y,-2/;x=1;y=-2"
    )


def test_reserved(client: Any, server: Server) -> None:
    client.reserved("a:b/c", to="/d?e=f&g", plain="/d?")
    assert arrived(server).target == "/reserved/a:b%2Fc?to=/d?e%3Df%26g&plain=%2Fd%3F"


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({"text": "a b&c,d"}, "text=a%20b%26c,d"),
        ({"text": ""}, "text="),
        ({"number": 2}, "number=2"),
        ({"number": 2.5}, "number=2.5"),
        ({"day": date(2026, 1, 2)}, "day=2026-01-02"),
        ({"form": ["a,b", "c"]}, "form=a%2Cb&form=c"),
        ({"form": []}, ""),
        ({"comma": ["a,b", "c"]}, "comma=a%2Cb,c"),
        ({"comma": []}, ""),
        ({"space": ["a", "b c"]}, "space=a%20b%20c"),
        ({"pipe": ["a", "b"]}, "pipe=a%7Cb"),
        ({"pipes": ["a", "b"]}, "pipes=a&pipes=b"),
        ({"members": POINT}, "x=1&y=-2"),
        ({"members": {}}, ""),
        ({"flat": POINT}, "flat=x,1,y,-2"),
        ({"pipe_object": POINT}, "pipe_object=x%7C1%7Cy%7C-2"),
        (
            {"deep": {"name": "n", "at": {"x": 1}, "tags": ["a", "b"]}},
            "deep%5Bname%5D=n&deep%5Bat%5D%5Bx%5D=1&deep%5Btags%5D%5B0%5D=a&deep%5Btags%5D%5B1%5D=b",
        ),
        ({"deep_list": ["a"]}, "deep_list%5B0%5D=a"),
        ({"objects": [POINT]}, "objects=%7B%22x%22%3A1%2C%22y%22%3A-2%7D"),
        ({"json": {"tags": ["a"]}}, "json=%7B%22tags%22:%5B%22a%22%5D%7D".replace(":", "%3A")),
        ({"raw": 'a"b'}, "raw=a%22b"),
        ({"empty": ""}, "empty="),
        ({"empty": 4}, "empty=4"),
        ({"maybe": ["a", None]}, "maybe=a&maybe=null"),
        ({"text": None, "form": None}, ""),
    ],
)
def test_query(client: Any, server: Server, arguments: dict[str, Any], query: str) -> None:
    client.query(**arguments)
    assert arrived(server).target == (f"/query?{query}" if query else "/query")


def test_headers_and_cookies(client: Any, server: Server) -> None:
    client.headers(
        x_text="a, b",
        x_list=[1, 2],
        x_flat=POINT,
        x_pairs=POINT,
        x_json=POINT,
        session="a b",
        list_=[1, 2],
        plain="a/b",
        spread=[3, 4],
    )
    headers = arrived(server).headers
    assert headers["x-text"] == "a, b"
    assert headers["x-list"] == "1,2"
    assert headers["x-flat"] == "x,1,y,-2"
    assert headers["x-pairs"] == "x=1,y=-2"
    assert headers["x-json"] == '{"x":1,"y":-2}'
    assert headers["cookie"] == "session=a%20b; list=1,2; plain=a/b; spread=3; spread=4"


def test_whole_query_strings(client: Any, server: Server) -> None:
    client.whole(q={"name": "a&b", "tags": ["c", "d"]})
    assert arrived(server).target == "/whole?name=a%26b&tags=c&tags=d"
    client.path_query(q=POINT)
    assert arrived(server).target == "/path-query?%7B%22x%22%3A1%2C%22y%22%3A-2%7D"


@pytest.mark.parametrize(
    ("method", "name", "body"),
    [
        ("QUERY", "search", b'{"x":1}'),
        ("GET", "get_with_body", b'{"x":1}'),
        ("HEAD", "is_there", b""),
        ("OPTIONS", "choices", b""),
        ("TRACE", "trace", b""),
        ("PURGE", "purge", b""),
    ],
)
def test_methods(client: Any, server: Server, method: str, name: str, body: bytes) -> None:
    assert getattr(client, name)(**({"x": 1} if body else {})) is None
    assert arrived(server).method == method
    assert arrived(server).body == body
