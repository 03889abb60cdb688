"""`runtime/semantics` serves the generator and generated packages alike; it depends on neither."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPO

SEMANTICS = REPO / "generator" / "oasmith" / "runtime" / "semantics"
MODULES = sorted(SEMANTICS.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_imports_the_standard_library_and_its_neighbours_only(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            roots = {alias.name.partition(".")[0] for alias in node.names}
            assert roots <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module is not None
            assert node.module.partition(".")[0] in sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom):
            assert node.level < 2, "leaves the folder"


def test_is_not_loaded_before_a_call() -> None:
    program = (
        "import sys, elasticsearch_inference as package\n"
        "package.Client('http://localhost', api_key='x').inference\n"
        "package.AsyncClient('http://localhost', api_key='x').inference\n"
        "print([name for name in sys.modules if '.semantics' in name])"
    )
    source = REPO / "generated" / "elasticsearch_inference" / "src"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=source, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"
