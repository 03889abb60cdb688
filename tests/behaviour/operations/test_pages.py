"""Going through all pages of a list, in every way in which pages follow each other."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from behaviour.operations.package import generated
from oasmith import config, pipeline
from oasmith.diagnostics import Diagnostics, GenerationError
from oasmith.targets.registry import TargetTables
from unit.runtime.loopback import Reply, Seen, Server, serve

SETTINGS = """
[pagination.cursor]
style = "cursor"
parameter = "cursor"
next = "meta.next-cursor"
items = "data"

[pagination.offset]
style = "offset"
parameter = "offset"
size = "limit"

[operations.search.pagination]
style = "cursor"
parameter = "after"
next = "after"
more = "more"

[operations.link.pagination]
style = "link"
next = "next"

[operations.header.pagination]
style = "link-header"

[operations.single]
name = "things.one"
"""

ALL = [0, 1, 2, 3, 4, 5, 6]
CURSOR = '[operations.cursor.pagination]\nstyle = "cursor"\n'


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with generated("pages.yaml", tmp_path_factory.mktemp("pages"), SETTINGS) as module:
        yield module


def answer(seen: Seen) -> Reply:
    """Three pages of two numbers, then one of one; `kind=loop` never ends."""
    parts = urlsplit(seen.target)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    body = json.loads(seen.body) if seen.body else {}
    headers: list[tuple[str, str]] = [("content-type", "application/json")]
    loops = "loop" in (query.get("kind"), body.get("query"))
    limit = int(query.get("limit", "2"))
    value: Any
    match parts.path.removeprefix("/base"):
        case "/cursor":
            at = int(query.get("cursor", "0"))
            following = "0" if loops else None if at >= 6 else str(at + 2)
            value = {"data": [{"id": n} for n in _numbers(at)], "meta": {"next-cursor": following}}
            if at == 6:
                value = {"data": None}
        case "/search":
            at = int(body.get("after", "0"))
            value = {"hits": [str(n) for n in _numbers(at)], "after": str(at + 2), "more": at < 4}
        case "/link":
            at = int(query.get("at", "0"))
            value = {"items": _numbers(at)}
            if at < 6:
                # Another host and path: only the query is obeyed.
                value["next"] = f"http://127.0.0.1:1/elsewhere?at={at + 2}&token=x"
        case "/header":
            at = int(query.get("at", "0"))
            value = _numbers(at)
            link = f'</header?at=0>; rel="first", </header?at={at + 2}>; title="a,b"; rel="next"'
            if at < 6:
                headers.append(("link", link))
        case "/offset":
            value = [] if loops else list(range(7))[int(query.get("offset", "0")) :][:limit]
        case "/page":
            first = (int(query.get("page", "1")) - 1) * limit
            value = {"result": {"items": list(range(7))[first:][:limit]}}
        case _:
            at = int(query.get("from", "0"))
            value = {"list": _numbers(at), "next": "" if at >= 6 else str(at + 2)}
    return Reply(headers=headers, chunks=(json.dumps(value).encode(),))


def _numbers(at: int) -> list[int]:
    return list(range(7))[at : at + 2]


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(answer) as running:
        yield running


@pytest.mark.parametrize(
    ("method", "arguments", "items", "targets"),
    [
        ("header_iter", {}, ALL, ["/header", *(f"/header?at={at}" for at in (2, 4, 6))]),
        (
            "link_iter",
            {"kind": "a"},
            ALL,
            ["/link?kind=a", *(f"/link?at={at}&token=x&kind=a" for at in (2, 4, 6))],
        ),
        (
            "offset_iter",
            {},
            ALL,
            ["/offset", *(f"/offset?offset={at}" for at in (2, 4, 6, 7))],
        ),
        (
            "offset_iter",
            {"limit": 3, "offset": 1},
            [1, 2, 3, 4, 5, 6],
            [f"/offset?offset={at}&limit=3" for at in (1, 4, 7)],
        ),
        (
            "list_of_pages_iter",
            {"limit": 4},
            ALL,
            ["/page?limit=4", "/page?page=2&limit=4"],
        ),
        ("fern_iter", {}, ALL, ["/fern", *(f"/fern?from={at}" for at in (2, 4, 6))]),
    ],
)  # fmt: skip
def test_pages_follow_each_other(
    package: ModuleType,
    server: Server,
    method: str,
    arguments: dict[str, Any],
    items: list[int],
    targets: list[str],
) -> None:
    with package.Client(f"{server.url}") as client:
        assert list(getattr(client.things, method)(**arguments)) == items
    assert [seen.target for seen in server.requests] == targets


def test_items_are_models_and_pages_are_read_when_needed(
    package: ModuleType, server: Server
) -> None:
    with package.Client(server.url) as client:
        things = client.things.cursor_iter(kind="a")
        assert server.requests == []
        assert [next(things).id, next(things).id] == [0, 1]
        assert len(server.requests) == 1
        assert [thing.id for thing in things] == [2, 3, 4, 5]
    assert server.requests[-1].target == "/cursor?cursor=6&kind=a"


def test_a_cursor_in_the_body(package: ModuleType, server: Server) -> None:
    async def run() -> list[str]:
        async with package.AsyncClient(server.url) as client:
            return [hit async for hit in client.things.search_iter(query="q")]

    assert asyncio.run(run()) == ["0", "1", "2", "3", "4", "5"]
    assert [json.loads(seen.body) for seen in server.requests] == [
        {"query": "q"},
        {"query": "q", "after": "2"},
        {"query": "q", "after": "4"},
    ]


def test_an_endless_loop_is_refused(package: ModuleType, server: Server) -> None:
    with package.Client(server.url) as client:
        things = client.things.cursor_iter(kind="loop")
        with pytest.raises(package.errors.InvalidResponse, match="was there before"):
            list(things)
    assert len(server.requests) == 2


def test_what_is_wrong_is_said_before_anything_is_sent(package: ModuleType, server: Server) -> None:
    with package.Client(server.url) as client, pytest.raises(package.InvalidRequest):
        client.things.cursor_iter(kind=5)
    assert server.requests == []


def test_a_method_and_its_namespace_can_be_pinned(package: ModuleType) -> None:
    client = package.Client("http://localhost")
    assert hasattr(client.things, "one")
    assert not hasattr(client, "other")
    assert not hasattr(client.things, "one_iter")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            f'{CURSOR}parameter = "cursr"\nnext = "meta.x"\n',
            "oasmith.toml:1:1: error[wrong-setting]: "
            "pagination of `cursor`: there is no parameter `cursr` (`parameter`)",
        ),
        (
            f'{CURSOR}parameter = "cursor"\nnext = "meta.x"\n',
            "pagination of `cursor`: there is no field `meta.x` (`next`)",
        ),
        (
            '[operations.single.pagination]\nstyle = "link-header"\n',
            "pagination of `single`: the answer is no list, and has not just one (`items`)",
        ),
        ('[pagination.a]\nstyle = "cursor"\n', "`a` of the style `cursor` needs `parameter`"),
        ('[pagination.a]\nstyle = "curser"\n', "`style` must be one of cursor, link"),
        ('[pagination.a]\nnext = "b"\n', "`a` needs `style`"),
        (
            '[pagination.a]\nstyle = "offset"\nparameter = "nowhere"\n',
            "oasmith.toml:1:1: warning[unmatched]: pagination.a: no operation has what it names",
        ),
        (
            "[operations.single]\nsplit = true\n",
            "`split` changes nothing: the body of `single` is no tagged union of objects",
        ),
        ('[operations.single]\nname = "A.b.c"\n', "`name` must be the name of a method"),
        (
            '[operations.single]\nname = "things.link"\n[operations.link]\nname = "link"\n',
            "2 operations would become the method `link`",
        ),
    ],
)
def test_settings_that_name_what_is_not_there(tmp_path: Path, settings: str, message: str) -> None:
    file = tmp_path / "oasmith.toml"
    file.write_text(settings)
    diagnostics = Diagnostics()
    [options] = config.read(file, diagnostics, TargetTables())
    document = Path(__file__).with_name("pages.yaml")
    with contextlib.suppress(GenerationError):
        pipeline.generate(
            config.Config(document=document, output=tmp_path, emit=("client",), **options),
            diagnostics,
        )
    assert message in diagnostics.render()
