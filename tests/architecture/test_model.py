"""What holds for the modules of the intermediate model."""

import ast
from pathlib import Path

import pytest

from conftest import REPO

IR = REPO / "generator" / "oasmith" / "ir"
MOST_LINES = 200


@pytest.mark.parametrize("module", sorted(IR.rglob("*.py")), ids=lambda p: str(p.relative_to(IR)))
def test_nothing_is_known_by_identity_and_classes_are_short(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "id", f"line {node.lineno}"
        if isinstance(node, ast.ClassDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < MOST_LINES, node.name
