"""What is rendered is compared with what was planned: an escape that fails stops the run."""

import ast
from pathlib import Path

import pytest

from conftest import REPO
from oasmith.targets.contract import File
from oasmith.targets.python.code import source
from oasmith.targets.rendering.inspection import Outline, UnplannedError, inspected

OUTLINE = Outline(
    (source("from pydantic import Field"), source("from .a import (\n    A,\n    B,\n)")),
    (source("Thing"), source("_ITEMS"), source("if TYPE_CHECKING")),
)
GOOD = '''\
# It's generated.
"""A module.
import os
"""

from pydantic import Field
from .a import (
    A,
    B,
)

class Thing(A):
    """Open('x') is no call; nor is 'this."""

    a: B = Field("print('x')", pattern='"')

    def print(self) -> None:
        """Print."""
        return self.b.c(A())

_ITEMS: B = (
    A(),
)
"""The "items"."""

if TYPE_CHECKING:
    pass
'''


def test_what_was_planned_passes() -> None:
    file = File("a.py", GOOD)
    assert inspected(file, OUTLINE) is file


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("A module.", 'A module."""\nopen("CANARY", "w")\n"""', "statements"),
        ("A module.", 'A module."""\nimport os\n"""', "import"),
        ("    A,\n", "    A, C,\n", "import"),
        ("from pydantic", "from os", "import"),
        ("Field(", "__import__(", "calls"),
        ("A()", "A(open())", "calls"),
        ("A()", "A(open (A))", "calls"),
        ("A()", "A(open\n(A))", "calls"),
        ("A()", "A((open)(A))", "calls"),
        ("A()", "A([open][0](A))", "calls"),
        ("from pydantic import Field", "from os import Field", "import"),
        ("from pydantic import Field", "from pydantic import Field\nimport os", "import"),
        ("from pydantic import Field", "from pydantic import Field as open", "import"),
        ("from pydantic import Field", "from os  import Field", "import"),
        ("    pass", "    from pydantic import Field", "import"),
        ("self.b.c(", "os.b.c(", "calls"),
        ("'\"')", "'\"'); x", "';'"),
        ('"items"."""', '"items".""""', "outside"),
        ('"""The "items"."""\n', '"""The "items".\n', "outside|statements"),
        ("_ITEMS: B = (", "_OTHER: B = (", "statements"),
        ("class Thing(A):", 'class Thing(A):\n    x = f"{y}"', "outside"),
        ("if TYPE_CHECKING", "if open", "statements"),
        ("    pass", "    pass\nlambda: 1", "statements"),
    ],
)
def test_what_was_not_planned_stops_the_run(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(UnplannedError, match=problem):
        inspected(File("a.py", GOOD.replace(old, new, 1)), OUTLINE)


def test_it_sees_what_the_parser_of_python_sees() -> None:
    """Every expected module of the snapshots passes by an outline that `ast` made of it."""
    paths = sorted(Path(REPO / "tests" / "snapshots").glob("*/expected/*/src/**/*.py"))
    assert len(paths) > 300
    for path in paths:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        imports = [
            source(ast.get_source_segment(text, node) or "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        statements = [source(start) for node in tree.body for start in _starts(node)]
        inspected(File(str(path), text), Outline(tuple(imports), tuple(statements)))


def _starts(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.Assign(targets=[target]):
            return [ast.unparse(target)]
        case ast.AnnAssign(target=target):
            return [ast.unparse(target)]
        case ast.If(test=test):
            return [f"if {ast.unparse(test)}", *(["else"] if node.orelse else [])]
        case ast.Try():
            return ["try", "except ImportError", "else"]
        case _:
            assert isinstance(node, ast.Expr | ast.Import | ast.ImportFrom)
            return []
