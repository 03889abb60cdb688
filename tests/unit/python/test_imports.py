"""Imports are exact, and in the order and shape that ruff wants."""

import subprocess
import sys
from pathlib import Path

import pytest

from oasmith.targets.python.imports import Name, Scope, sorted_exports

RUFF = str(Path(sys.executable).with_name("ruff"))


@pytest.mark.parametrize(
    ("module", "name", "statement"),
    [
        ("models.a", Name(".models.b", "B"), "from .b import B"),
        ("models.a", Name("._runtime.models", "B"), "from .._runtime.models import B"),
        ("models.x.a", Name(".models.b", "B"), "from ..b import B"),
        ("models.x.a", Name(".models.x.b", "B"), "from .b import B"),
        ("models.x.a", Name(".models.y.b", "B"), "from ..y.b import B"),
        ("sync.a", Name(".", "models"), "from .. import models"),
        ("a", Name(".", "models"), "from . import models"),
        ("a", Name("typing", "Any"), "from typing import Any"),
        ("a", Name("builtins", ""), "import builtins"),
    ],
)
def test_a_statement(module: str, name: Name, statement: str) -> None:
    scope = Scope(module)
    scope.use(name)
    assert str(scope.import_block()) == statement


def test_what_is_used_twice_is_imported_once() -> None:
    scope = Scope("a")
    assert scope.use(Name("typing", "Any")) == scope.use(Name("typing", "Any"))
    assert str(scope.import_block()) == "from typing import Any"


def test_a_name_that_fields_hide_is_imported_under_another() -> None:
    scope = Scope("models.a", hidden={"date"})
    assert str(scope.use(Name("datetime", "date"))) == "_date"
    assert str(scope.import_block()) == "from datetime import date as _date"


def test_what_the_module_defines_keeps_its_name() -> None:
    scope = Scope("models.field", defines={"Field"})
    assert str(scope.use(Name("pydantic", "Field"))) == "_Field"


def test_two_of_one_name_are_told_apart_by_where_they_are() -> None:
    scope = Scope("models.a")
    assert str(scope.use(Name("pydantic", "Field"))) == "Field"
    assert str(scope.use(Name(".models.types.field", "Field"))) == "_TypesField"
    assert str(scope.use(Name(".models.core.types.field", "Field"))) == "_CoreTypesField"


def test_ruff_has_nothing_to_sort(tmp_path: Path) -> None:
    scope = Scope("models.x.a", hidden={"date", "Any"})
    for module, names in {
        "typing": ["TYPE_CHECKING", "Any", "Literal", "NotRequired", "overload"],
        "datetime": ["timedelta", "date", "datetime"],
        "pydantic": ["Field", "StrictInt", "TypeAdapter"],
        "uuid": ["UUID"],
        "builtins": [""],
        "._runtime.models": ["by_tag", "RequestModel", "Omittable", "UnknownModel"],
        ".": ["models"],
        ".models.a2": ["A2", "A10", "a1", "A_B", "AB", "MlGetDatafeedStats", "MlGetDatafeeds"],
        ".models.a10": ["X" * 40, "Y" * 40],
        ".models.foo1": ["Foo1"],
        ".models.foo.bar": ["\u00c9", "\u00c9Dict", "\u0130", "\u1e9eDict", "Bar"],
        ".models.x.b": ["B"],
        ".models.y.long_name": ["C" * 30, "C" * 30 + "Dict"],
    }.items():
        for name in names:
            scope.use(Name(module, name))
    used = ", ".join(str(code) for code in scope.bound())
    exported = sorted_exports(
        [
            "TYPE",
            "models",
            "X0818c",
            "X09e",
            "X640",
            "A2",
            "A10",
            "A_B",
            "AB",
            "MlGetB",
            "MlGeta",
            "b",
            "\u00c9",
            "\u00c9Dict",
        ]
    )
    values = "\n".join(
        f"{name} = 1" for name in exported if name not in ("A2", "A10", "AB", "A_B", "X")
    )
    listed = "".join(f'    "{name}",\n' for name in exported)
    file = tmp_path / "a.py"
    block = str(scope.import_block()).replace(",)", ",\n)").replace("import (", "import (\n    ")
    file.write_text(f"{block}\n\n{values}\nprint({used})\n__all__ = [\n{listed}]\n")
    subprocess.run([RUFF, "format", "--isolated", file], check=True)
    check = [
        RUFF,
        "check",
        "--isolated",
        "--select=I,RUF022,F401",
        "--output-format=concise",
        str(file),
    ]
    result = subprocess.run(check, capture_output=True, text=True)
    assert result.stdout == "All checks passed!\n"
