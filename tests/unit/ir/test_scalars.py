"""The table of scalars: every row is complete, and every layer knows it."""

from __future__ import annotations

import dataclasses
import importlib

import jsonschema_rs
import pytest

from oasmith.frozen import field_names
from oasmith.ir.scalars import BY_FORMAT, BY_TYPE, KINDS, Kind, ScalarKind

KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def test_no_column_has_a_default() -> None:
    columns = {field.name: field for field in dataclasses.fields(Kind)}
    assert tuple(columns) == field_names(Kind)
    assert all(field.default is dataclasses.MISSING for field in columns.values())
    with pytest.raises(TypeError, match="example"):
        Kind(**{name: None for name in columns if name != "example"})  # type: ignore[arg-type]


def test_a_name_or_a_format_is_that_of_one_kind() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len(BY_FORMAT) == sum(len(kind.formats) for kind in KINDS)
    assert len(KINDS) == sum(isinstance(each, Kind) for each in vars(ScalarKind).values())


@KIND
def test_a_kind_is_selected_by_its_type_and_its_formats(kind: Kind) -> None:
    assert kind.is_plain == (not kind.formats)
    for format_ in kind.formats:
        assert BY_FORMAT[format_] is kind
    if kind.is_plain:
        assert BY_TYPE[kind.json_type] is kind


@KIND
def test_the_example_is_right(kind: Kind) -> None:
    assert kind.fits(kind.example)
    assert not kind.fits([])
    jsonschema_rs.validate(dict(kind.schema), kind.example, validate_formats=True)


@KIND
def test_python_types_exist(kind: Kind) -> None:
    for module, name in (*kind.request, *kind.response, *kind.input, *kind.checks):
        known = importlib.import_module(
            f"oasmith{module}".replace("._", ".") if module[:1] == "." else module or "builtins"
        )
        assert name == "None" or hasattr(known, name)
