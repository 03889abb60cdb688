"""Build the model of documents written in a test."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.ir.build import build
from oasmith.ir.passes.merge_routes import merge_routes
from oasmith.ir.passes.usage import usage
from oasmith.ir.types import Api
from oasmith.openapi import load
from oasmith.pipeline import passes
from unit.ir import notation


@dataclass(frozen=True)
class Built:
    """What became of a document."""

    api: Api
    diagnostics: Diagnostics

    @property
    def definitions(self) -> dict[str, str]:
        """The definitions by name, in the notation of these tests."""
        return {str(id_): notation.definition(d) for id_, d in self.api.definitions.items()}

    @property
    def operations(self) -> list[str]:
        """The operations, in the notation of these tests."""
        return [notation.operation(operation) for operation in self.api.operations]

    @property
    def messages(self) -> list[str]:
        """The findings: code and the place's last keys."""
        return [f"{found.code}: {found.message}" for found in self.diagnostics]


def closed(api: Api, diagnostics: Diagnostics) -> Api:
    """Return the model after all passes but those that have tests of their own."""
    for run_pass in passes():
        if run_pass not in (merge_routes, usage):
            api = run_pass(api, diagnostics)
    return api


Build = Callable[..., Built]


@pytest.fixture
def document(tmp_path: Path) -> Build:
    """Build a document given as text; further arguments are files beside it."""

    def built(text: str, **files: str) -> Built:
        path = tmp_path / "openapi.yaml"
        path.write_text(textwrap.dedent(text))
        for name, content in files.items():
            (tmp_path / f"{name}.yaml").write_text(textwrap.dedent(content))
        diagnostics = Diagnostics()
        api = build(load(path, diagnostics), diagnostics)
        return Built(closed(api, diagnostics), diagnostics)

    return built


@pytest.fixture
def schemas(document: Build) -> Build:
    """Build a document that has nothing but the given schemas."""

    def built(text: str, version: str = "3.1.0", **files: str) -> Built:
        head = f"openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n"
        body = textwrap.indent(textwrap.dedent(text).strip("\n"), "    ")
        return document(f"{head}components:\n  schemas:\n{body}\n", **files)

    return built
