"""Generates a package from a document of this folder and imports it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from oasmith import config, pipeline
from oasmith.diagnostics import Diagnostics
from oasmith.targets.registry import TargetTables

HERE = Path(__file__).resolve().parent


@contextmanager
def generated(document: str, folder: Path, settings: str = "") -> Iterator[ModuleType]:
    """Give the package that `document`, with `settings` in TOML, becomes; afterwards forget it."""
    name = f"{Path(document).stem}_package"
    file = folder / "oasmith.toml"
    file.write_text(settings)
    diagnostics = Diagnostics()
    [options] = config.read(file, diagnostics, TargetTables())
    run = config.Config(
        document=HERE / document, output=folder / "out", package=name, emit=("client",), **options
    )
    result = pipeline.generate(run, diagnostics)
    result.write()
    assert not diagnostics.failed, diagnostics.render()
    root = str(folder / "out" / name / "src")
    sys.path.insert(0, root)
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(root)
        for module in [each for each in sys.modules if each.split(".")[0] == name]:
            del sys.modules[module]
