"""The picture of how an API is used: a thing is created, then called by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oasmith.ir import types as ir
from oasmith.targets.markdown.variants import Family
from oasmith.targets.python.signatures import longest_route
from oasmith.targets.rendering.markdown import drawn

_LEAST = 2
"""Operations that use what another one creates: fewer need no picture."""
_NAMED = 3
"""Variants that the picture names."""


def flow(api: ir.Api, families: Sequence[Family]) -> str | None:
    """Draw the first creation whose path names the thing, and the operations that take the name.

    None: there is none, as in documents without families of bodies.
    """
    for family in families:
        for creation in family.operations:
            key = _key(creation)
            if key is None or creation.method not in ("PUT", "POST"):
                continue
            users = [
                operation
                for operation in api.operations
                if operation is not creation and key in longest_route(operation).parameters
            ]
            if len(users) >= _LEAST:
                return "\n".join(_drawn(family, creation, key, users))
    return None


def _drawn(
    family: Family, creation: ir.Operation, key: str, users: Sequence[ir.Operation]
) -> Iterator[str]:
    titles = {each.id: _title(each) for each in (creation, *users)}
    width = max(map(len, titles.values())) + 2
    tags = [variant.tag for variant in family.variants]
    named = ", ".join(tags[:_NAMED]) + (", …" if len(tags) > _NAMED else "")
    yield f"{titles[creation.id]:<{width + 3}}{_route(creation)}"
    yield f"│  {family.property}: one of {len(tags)} ({named})"
    yield "│"
    yield f"▼  {key}"
    for user in users:
        branch = "└─" if user is users[-1] else "├─"
        yield f"{branch} {titles[user.id]:<{width}}{_route(user)}".rstrip()


def _title(operation: ir.Operation) -> str:
    return drawn(operation.doc.summary or operation.doc.title or operation.id)


def _route(operation: ir.Operation) -> str:
    return f"{operation.method} {longest_route(operation).path}"


def _key(operation: ir.Operation) -> str | None:
    """Return the parameter that every path of an operation has, the last of several."""
    last = None
    for name in longest_route(operation).parameters:
        if all(name in route.parameters for route in operation.routes):
            last = name
    return last
