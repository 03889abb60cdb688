"""Defaults: which of them a Python literal can say, so that it fits the annotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from oasmith.ir import types as ir
from oasmith.source import Json

Definitions = Mapping[ir.SchemaId, ir.Definition]


def is_literal(use: ir.Use, value: Json, definitions: Definitions) -> bool:
    """Say whether the value, written as a literal, is of the annotation of the use."""
    match use:
        case ir.Scalar():
            return use.kind.is_plain and use.kind.fits(value)
        case ir.Literal():
            return _is_one_of(use.values, value)
        case ir.Nullable():
            return value is None or is_literal(use.of, value, definitions)
        case ir.ListOf():
            return isinstance(value, list) and all(
                is_literal(use.item, item, definitions) for item in value
            )
        case ir.MapOf():
            return isinstance(value, dict) and all(
                is_literal(use.value, member, definitions) for member in value.values()
            )
        case ir.AnyOf():
            return any(is_literal(option, value, definitions) for option in use.options)
        case ir.Ref():
            return _is_of(definitions[use.target], value, definitions)
        case ir.Anything():
            return True
        case ir.TupleOf() | ir.Nothing():
            return False
        case _:
            assert_never(use)


def _is_of(definition: ir.Definition, value: Json, definitions: Definitions) -> bool:
    match definition:
        case ir.Enum():
            return _is_one_of([member.value for member in definition.members], value)
        case ir.Alias():
            return is_literal(definition.type, value, definitions)
        case ir.Union():
            if value is None:
                return definition.nullable
            return any(is_literal(option, value, definitions) for option in definition.options)
        case ir.Record():
            return False
        case _:
            assert_never(definition)


def _is_one_of(values: object, value: Json) -> bool:
    assert isinstance(values, list | tuple)
    return any(type(each) is type(value) and each == value for each in values)
