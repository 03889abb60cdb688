"""Calls that keep a rule of the server and calls that break it.

`place` is that of the rule in `facts.json`, the service and the key of its `curated`, or in
`server_facts.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Call:
    """A method of `client.inference` and its arguments beside the id."""

    method: str
    arguments: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that is not sent, and all that is said of it."""

    call: Call
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Calls that keep a rule, and calls that break it."""

    place: str
    taken: tuple[Call, ...]
    refused: tuple[Refused, ...]


def put(service: str, task_type: str, settings: Json = None, **members: Json) -> Call:
    body = {"service": service, "service_settings": settings or {}, **members}
    return Call("put", {"task_type": task_type, "body": body})


def call(method: str, **arguments: Json) -> Call:
    return Call(method, arguments)


def refused(call: Call, *said: str) -> Refused:
    return Refused(call, said)
