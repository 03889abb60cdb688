"""The picture of how an API is used."""

from __future__ import annotations

from dataclasses import replace

from oasmith.ir import types as ir
from oasmith.targets.markdown.flow import flow
from oasmith.targets.markdown.variants import families
from unit.docs.model import AT, payments, said


def user(id_: str, *paths: tuple[str, ...], title: str | None = None) -> ir.Operation:
    """Give an operation whose paths hold these parameters."""
    _, get = payments().operations
    routes = tuple(
        ir.Route(path="/" + "/".join(f"{{{name}}}" for name in path), parameters=path, at=AT)
        for path in paths
    )
    return replace(get, id=id_, routes=routes, doc=ir.Doc(summary=said(title).description))


def drawn(*users: ir.Operation, method: str = "PUT") -> str | None:
    model = payments()
    put = replace(model.operations[0], method=method)
    model = replace(model, operations=(put, *users))
    return flow(model, families(model))


def test_what_is_created_and_what_uses_it() -> None:
    picture = drawn(
        user("read", ("id",)),
        user("all", ()),
        user("say", ("id",), ("speed", "id"), title="Say | so"),
        method="POST",
    )
    assert picture == (
        "Pay <now>     POST /pay/{speed}/{id}\n"
        "│  kind: one of 2 (card, bank)\n"
        "│\n"
        "▼  id\n"
        "├─ read       GET /{id}\n"
        "└─ Say | so   GET /{speed}/{id}"
    )


def test_no_picture_of_one_user_or_of_what_only_reads() -> None:
    assert drawn(user("read", ("id",))) is None
    two = (user("read", ("id",)), user("drop", ("id",)))
    assert drawn(*two) is not None
    assert drawn(*two, method="GET") is None
    assert drawn(user("a", ("speed",)), user("b", ("speed",))) is None


def test_no_picture_without_a_family() -> None:
    model = payments()
    assert flow(model, ()) is None
