"""Values that would make the path of one operation that of another."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from behaviour.operations.package import generated
from unit.runtime.loopback import Reply, Server, serve


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with generated("routes.yaml", tmp_path_factory.mktemp("routes")) as module:
        yield module


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(lambda _: Reply(status=204, chunks=())) as running:
        yield running


def test_a_value_leads_to_no_other_operation(package: ModuleType, server: Server) -> None:
    with package.Client(server.url) as client:
        with pytest.raises(package.InvalidRequest, match="id: must not be '_all': /things/_all"):
            client.get_thing("_all")
        with pytest.raises(package.InvalidRequest, match="id: must not be 'mine'"):
            client.get_part("mine", "x")
        assert server.requests == []


def test_where_there_is_no_other_operation_any_value_will_do(
    package: ModuleType, server: Server
) -> None:
    with package.Client(server.url) as client:
        client.get_thing("mine")
        client.delete_thing("_all")
        client.get_part("_all", "mine")
        client.get_mine("parts")
    assert [seen.target for seen in server.requests] == [
        "/things/mine",
        "/things/_all",
        "/things/_all/parts/mine",
        "/things/mine/parts/parts",
    ]


def test_a_value_that_the_parameter_lists_is_meant(package: ModuleType, server: Server) -> None:
    with package.Client(server.url) as client:
        client.get_of_kind("wide", "x")
    assert [seen.target for seen in server.requests] == ["/kinds/wide/x"]
