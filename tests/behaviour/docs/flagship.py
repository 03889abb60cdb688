"""The docs of the flagship as the generator makes them now."""

from __future__ import annotations

from functools import cache

from msgspec import structs

from conftest import REPO
from oasmith import config, pipeline
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from oasmith.targets.registry import TargetTables


@cache
def pages() -> dict[str, str]:
    """Return the pages, by their path in the docs."""
    diagnostics = Diagnostics()
    settings = Config(**config.read(REPO / "pyproject.toml", diagnostics, TargetTables())[0])
    return docs(settings)


def docs(settings: Config) -> dict[str, str]:
    """Return the pages that the generator makes with these settings."""
    diagnostics = Diagnostics()
    result = pipeline.generate(structs.replace(settings, emit=("docs",)), diagnostics)
    return {file.path.removeprefix("docs/"): file.text for file in result.files}
