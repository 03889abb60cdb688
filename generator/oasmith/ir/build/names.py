"""Names that the document gives, and what names are made of elsewhere.

A name says what a schema is, never where it stands in a list.
"""

from __future__ import annotations

import re

from oasmith.ir.names import pascal
from oasmith.ir.types import SchemaId
from oasmith.openapi import Node

_DOTTED = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)+")


def component_id(name: str) -> SchemaId:
    """Return the identity of a component: dots part the namespace from the name."""
    if _DOTTED.fullmatch(name):
        *namespace, last = name.split(".")
        return SchemaId(namespace=tuple(namespace), name=last)
    return SchemaId(name=name)


def status_name(status: str) -> str:
    """Return a word for a response status: `404` -> `NotFound`, `5XX` -> `ServerError`."""
    if status.isdigit():
        from http import HTTPStatus  # takes long to make, and few documents need it

        try:
            return pascal(HTTPStatus(int(status)).phrase)
        except ValueError:  # nobody else has given this number a meaning
            return "Status" + status
    families = {
        "1": "Information",
        "2": "Success",
        "3": "Redirection",
        "4": "ClientError",
        "5": "ServerError",
    }
    if status == "default":
        return "Default"
    return families.get(status[:1], "") if status[1:].upper() == "XX" else pascal(status)


_WITH_STATUS = re.compile(r"(?P<stem>.*[A-Za-z].*?)[-_. ]?(?P<status>[1-5]\d\d)")


def component_context(node: Node, role: str) -> SchemaId:
    """Return what names begin with inside a component that several operations share: its own
    name and its role. A status at the end of the name becomes a word; 200 needs none.
    """
    steps = node.pointer
    name = str(steps[-1]) if steps else node.source.path.stem
    if numbered := _WITH_STATUS.fullmatch(name):
        status = "" if numbered["status"] == "200" else status_name(numbered["status"])
        name = numbered["stem"] + " " + status
    base = pascal(name)
    return SchemaId(name=base if base.endswith((role, "Body")) else base + role)


def place_names(tokens: tuple[str, ...]) -> tuple[SchemaId, ...]:
    """Return the names that the way to a schema in another file gives: its last step first, then
    with more and more of the way before it.
    """
    names: list[SchemaId] = []
    name = ""
    for token in reversed(tokens):
        name = token if not name else pascal(token) + pascal(name)
        id_ = component_id(name) if not names else SchemaId(name=name)
        names.append(id_)
    return tuple(names)
