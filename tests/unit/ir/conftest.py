"""Documents written in a test, lowered."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.ir.lower import lower
from oasmith.ir.types import Api
from oasmith.openapi import load
from unit.ir import notation


@dataclass(frozen=True)
class Lowered:
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


Lower = Callable[..., Lowered]


@pytest.fixture
def document(tmp_path: Path) -> Lower:
    """Lower a document given as text; further arguments are files beside it."""

    def lowered(text: str, **files: str) -> Lowered:
        path = tmp_path / "openapi.yaml"
        path.write_text(textwrap.dedent(text))
        for name, content in files.items():
            (tmp_path / f"{name}.yaml").write_text(textwrap.dedent(content))
        diagnostics = Diagnostics()
        return Lowered(lower(load(path, diagnostics), diagnostics), diagnostics)

    return lowered


@pytest.fixture
def schemas(document: Lower) -> Lower:
    """Lower a document that has nothing but the given schemas."""

    def lowered(text: str, version: str = "3.1.0", **files: str) -> Lowered:
        head = f"openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n"
        body = textwrap.indent(textwrap.dedent(text).strip("\n"), "    ")
        return document(f"{head}components:\n  schemas:\n{body}\n", **files)

    return lowered
