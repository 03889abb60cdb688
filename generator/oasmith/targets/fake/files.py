"""The file of the fake: `testing.py`."""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.targets.contract import File, Render
from oasmith.targets.fake.plan import FakeView
from oasmith.targets.python.code import source
from oasmith.targets.python.imports import statements_of
from oasmith.targets.rendering.inspection import Outline, inspected


def emit_fake(fake: FakeView, root: str, render: Render) -> Iterator[File]:
    """Give the module; `root` is the folder of the importable package."""
    text = render("package/testing.py.jinja", module=fake)
    yield inspected(File(f"{root}/testing.py", text), _outline(fake))


def _outline(fake: FakeView) -> Outline:
    imports = [*statements_of(fake.imports)]
    statements = [source("_DESCRIPTION"), source("FakeService")]
    if fake.fixture is not None:
        imports.append(source("import pytest"))
        statements += [source("try"), source("except ImportError"), source("else")]
    return Outline(tuple(imports), tuple(statements))
