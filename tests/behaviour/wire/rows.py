"""What elasticsearch-py put on the wire, and how its calls are spelt with our client."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Sent:
    """A request. `body` is None where there is none; numbers keep their spelling."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of `wire.jsonl`. `sent` is None where elasticsearch-py itself refused the call."""

    id: str
    group: str
    method: str
    arguments: Mapping[str, Any]
    sent: Sent | None


def rows(file: Path) -> Iterator[Row]:
    """Give the calls, as our client takes them."""
    for line in file.read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        if "meta" in value:
            continue
        sent = None
        if "method" in value:
            raw = value["body_raw"]
            sent = Sent(
                value["method"],
                value["path"],
                tuple((key, item) for key, item in value["query"]),
                None if raw is None else canonical(raw),
            )
        if value["call"].startswith("es.perform_request("):
            method, arguments = _by_hand(value)
        else:
            method, arguments = _translated(*_call(value["call"]))
        yield Row(value["id"], value["group"], method, arguments, sent)


def canonical(body: str) -> str:
    """Give JSON without regard to white space and the order of members. 1 and 1.0 stay apart."""
    return json.dumps(json.loads(body), sort_keys=True)


# --- from a call as text to a method and its arguments --------------------------------------------

_CONSTRUCTORS = {
    "Decimal": Decimal,
    "UUID": UUID,
    "date": date,
    "datetime": datetime,
    "timedelta": timedelta,
}
_NAMES = {"inf": float("inf"), "nan": float("nan")}


def _call(text: str) -> tuple[str, dict[str, Any]]:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    assert not call.args
    return call.func.attr, {str(item.arg): _value(item.value) for item in call.keywords}


def _value(node: ast.expr) -> Any:
    """Read a literal, or a call of a constructor that is known."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return _CONSTRUCTORS[name](
                *map(_value, node.args), **{str(k.arg): _value(k.value) for k in node.keywords}
            )
        case ast.Name(id=name):
            return _NAMES[name]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id=name)):
            return -_NAMES[name]
        case ast.Dict():
            assert None not in node.keys
            return {
                _value(key): _value(item)
                for key, item in zip(node.keys, node.values, strict=True)
                if key is not None
            }
        case ast.List():
            return [_value(item) for item in node.elts]
        case ast.Tuple():
            return tuple(_value(item) for item in node.elts)
        case ast.Set():
            return {_value(item) for item in node.elts}
        case _:
            return ast.literal_eval(node)


# --- from its spelling to ours --------------------------------------------------------------------

_METHODS = {
    "put_alibabacloud": "put_alibabacloud_ai_search",
    "put_amazonsagemaker": "put_amazon_sagemaker",
    "put_watsonx": "put_watsonxai",
}
"""Methods for one service: ours are named as the service is."""

_WHOLE_BODIES = {"embedding": "embedding", "put": "inference_config", "update": "inference_config"}
"""The argument that is the body there."""


def _translated(method: str, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    arguments: dict[str, Any] = {}
    body: dict[str, Any] = {}
    whole = _WHOLE_BODIES.get(method)
    for name, value in given.items():
        if name in ("body", whole):
            body |= value
        elif name.endswith("_inference_id"):
            arguments["inference_id"] = value
        else:
            arguments[name] = value
    if method == "put":
        if "body" in given or "inference_config" in given:
            arguments["body"] = body
    else:
        arguments |= body
    if method.startswith("put_") and method != "put_region_policy":
        # The method says it.
        arguments.pop("service", None)
    return _METHODS.get(method, method), arguments


def _by_hand(value: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """elasticsearch-py has no method: the arguments are what the request shows."""
    method = value["op"].removeprefix("inference.")
    inference_id = unquote(value["path"].split("/")[3])
    return method, {"inference_id": inference_id, **value["body"]}
