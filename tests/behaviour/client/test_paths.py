"""Ids go into the path such that the server gets back what was given."""

from urllib.parse import unquote

import pytest
from elasticsearch_inference import Client, InvalidRequest

from behaviour.client.server import Server


def put(client: Client, id: str, **more: object) -> None:
    client.inference.put_openai(id, service_settings={"model_id": "m", "api_key": "k"}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("id", "segment"),
    [
        ("plain-1.2_3", "plain-1.2_3"),
        ("a/b", "a%2Fb"),
        ("100%", "100%25"),
        ("with space", "with%20space"),
        ("%2F", "%252F"),
        ("q?m", "q%3Fm"),
        ("ha#sh", "ha%23sh"),
        ("semi;colon", "semi%3Bcolon"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
        (".hidden", ".hidden"),
        ("ünïcode-☃", "%C3%BCn%C3%AFcode-%E2%98%83"),
        ("{task_type}", "%7Btask_type%7D"),
    ],
)
def test_an_id_is_one_segment_of_the_path(
    client: Client, server: Server, id: str, segment: str
) -> None:
    put(client, id)
    assert server.last.target == f"/_inference/{segment}"
    assert unquote(segment) == id
    put(client, id, task_type="completion")
    assert server.last.target == f"/_inference/completion/{segment}"


def test_an_empty_id_is_an_error(client: Client, server: Server) -> None:
    with pytest.raises(InvalidRequest, match="inference_id: must not be empty"):
        put(client, "")
    assert server.seen == []


@pytest.mark.parametrize("id", [None, 7, b"x", True, ["a"]])
def test_what_is_no_string_is_no_id(client: Client, server: Server, id: object) -> None:
    with pytest.raises(InvalidRequest, match="inference_id"):
        put(client, id)  # type: ignore[arg-type]
    assert server.seen == []


def test_the_base_url_may_hold_a_path(server: Server) -> None:
    with Client(f"{server.url}/behind/proxy/") as client:
        put(client, "my-id")
    assert server.last.target == "/behind/proxy/_inference/my-id"
