"""Defaults: which of them a Python literal can say, so that it fits the annotation."""

from __future__ import annotations

from typing import assert_never

from oasmith.ir import types as ir
from oasmith.ir.query import Definitions, resolved
from oasmith.source import Json


def is_literal(use: ir.Use, value: Json, definitions: Definitions) -> bool:
    """Say whether the value, written as a literal, is of the annotation of the use."""
    match resolved(use, definitions):
        case ir.Scalar(kind=kind):
            return kind.is_plain and kind.fits(value)
        case ir.Literal(values=values):
            return _is_one_of(values, value)
        case ir.Enum(members=members):
            return _is_one_of([member.value for member in members], value)
        case ir.Nullable(of=of):
            return value is None or is_literal(of, value, definitions)
        case ir.ListOf(item=item):
            return isinstance(value, list) and all(
                is_literal(item, each, definitions) for each in value
            )
        case ir.MapOf(value=member):
            return isinstance(value, dict) and all(
                is_literal(member, each, definitions) for each in value.values()
            )
        case ir.Union(nullable=nullable) if value is None:
            return nullable
        case ir.AnyOf(options=options) | ir.Union(options=options):
            return any(is_literal(option, value, definitions) for option in options)
        case ir.Anything():
            return True
        case ir.TupleOf() | ir.Nothing() | ir.Record() | ir.Ref():
            return False
        case other:
            assert_never(other)


def _is_one_of(values: object, value: Json) -> bool:
    assert isinstance(values, list | tuple)
    return any(type(each) is type(value) and each == value for each in values)
