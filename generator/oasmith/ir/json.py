"""The intermediate model as JSON, for `oasmith ir` and for other tools."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal

from oasmith.ir.scalars import Kind
from oasmith.ir.types import NO_DOC, Api, SchemaId, Statement
from oasmith.source import Json, Location, render_pointer
from oasmith.text import Text


def to_json(api: Api) -> Json:
    """Return the model as JSON values.

    A node is an object whose `kind` is the name of its class and whose members are its fields,
    without those that are at their default. The kind of a scalar is under `scalar`.
    A place is `file#/json/pointer`; definitions are keyed by their dotted names.
    """
    return _json(api)


def _json(value: object) -> Json:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Text():
            return value.raw
        case Decimal():
            return float(value)
        case Kind():
            return value.name
        case enum.Enum():
            return _json(value.value)
        case SchemaId():
            return str(value)
        case Location():
            return f"{value.source}{render_pointer(value.pointer)}"
        case Mapping():
            return {str(key): _json(item) for key, item in value.items()}
        case tuple() | list() | frozenset():
            return [_json(item) for item in value]
        case _ if is_dataclass(value):
            node: dict[str, Json] = {"kind": type(value).__name__}
            for field in fields(value):
                item = getattr(value, field.name)
                if isinstance(item, Statement):
                    node |= {"doc": _json(item.doc)} if item.doc != NO_DOC else {}
                    node["at"] = _json(item.at)
                elif field.default is MISSING or item != field.default:
                    key = "scalar" if field.name == "kind" else field.name
                    node[key] = _json(item)
            return node
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")
