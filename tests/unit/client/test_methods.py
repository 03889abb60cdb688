"""Where operations go and what their methods are called."""

from dataclasses import replace
from pathlib import Path

import pytest

from oasmith.ir import types as ir
from oasmith.source import Location, Source
from oasmith.targets.client.method_docs import method_doc
from oasmith.targets.client.methods import method_names, namespace_name
from oasmith.text import Text

AT = Location(Source(Path("api.yaml"), ""))


def operation(
    id: str, tag: str | None = None, method: str = "GET", path: str = "/x"
) -> ir.Operation:
    return ir.Operation(
        id=id,
        namespace=tag,
        method=method,
        routes=(ir.Route(path=path, parameters=(), at=AT),),
        parameters=(),
        body=None,
        responses=(),
        errors=(),
        auth=(),
        at=AT,
    )


@pytest.mark.parametrize(
    ("tag", "id", "name"),
    [
        ("inference", "inference.put", "put"),
        ("inference", "inference-put-openai", "put_openai"),
        ("inference", "inference", "inference"),
        ("data stream", "dataStreamDelete", "delete"),
        ("Pets", "listPets", "list_pets"),
        ("Pets", "pets/list", "list"),
        ("droplets", "droplet_delete_all", "delete_all"),
        ("tasks", "tasks-import", "import_"),
        (None, "getStatus", "get_status"),
    ],
)
def test_a_method_is_named_without_what_its_namespace_says(
    tag: str | None, id: str, name: str
) -> None:
    assert method_names([operation(id, tag)]) == {id: name}


def test_an_operation_without_id_is_named_by_method_and_path() -> None:
    by_id = operation("GET /users/{id}", "users", path="/users/{id}")
    every = operation("GET /users", "users", path="/users")
    names = method_names([by_id, every])
    assert names == {by_id.id: "get_users_by_id", every.id: "get_users"}


def test_clashes_are_told_apart_by_context_whatever_the_order() -> None:
    read = operation("users.status", "users", "GET", "/status")
    write = operation("users-status", "users", "PUT", "/status")
    expected = {read.id: "get_status", write.id: "put_status"}
    assert method_names([read, write]) == expected
    assert method_names([write, read]) == expected


def test_a_clash_within_one_http_method_is_told_apart_by_the_path() -> None:
    one = operation("get_thing", "things", path="/a/thing")
    two = operation("getThing", "things", path="/b/thing")
    names = method_names([one, two])
    assert names == {one.id: "get_thing_a_thing", two.id: "get_thing_b_thing"}


def test_a_slash_at_the_end_is_said_where_it_alone_tells_apart() -> None:
    one, two = operation("GET /a", path="/a"), operation("GET /a/", path="/a/")
    names = method_names([one, two])
    assert names == {one.id: "get_a_without_slash", two.id: "get_a_with_slash"}


def test_what_no_context_tells_apart_ends_in_a_digest() -> None:
    one = operation("get_thing", path="/a-b")
    two = operation("getThing", path="/a_b")
    names = method_names([one, two])
    assert names == {one.id: "get_a_b_be74ad97", two.id: "get_a_b_02bfe290"}


def test_names_that_the_client_needs_stay_free() -> None:
    close = operation("close", method="POST")
    assert method_names([close], frozenset({"close"})) == {"close": "post_close"}


@pytest.mark.parametrize(
    ("tag", "name"),
    [("inference", "inference"), ("ML data frame", "ml_data_frame"), ("stream", "stream_")],
)
def test_namespaces_are_named_by_their_tag(tag: str, name: str) -> None:
    assert namespace_name(tag) == name


def test_a_docstring_says_since_when_there_is_an_operation() -> None:
    listed = replace(operation("list"), availability=Text("Beta since 3.1"))
    lines = method_doc(listed, (), (), {}).raw.splitlines()
    assert lines[1:3] == ["", "Availability: Beta since 3.1."]
    of_variant = method_doc(listed, (), (), {}, opening=Text("Go through all."))
    assert "Beta" not in of_variant
