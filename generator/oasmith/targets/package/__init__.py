"""The files that make the output a package: `pyproject.toml`, `README.md`, the runtime."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oasmith.config import Table
from oasmith.targets.client import Client
from oasmith.targets.contract import Context, File, Render, Target
from oasmith.targets.markdown import Markdown
from oasmith.targets.python import Python

if TYPE_CHECKING:
    from oasmith.targets.package.plan import PackageView


class Package(Target[Table, "PackageView"]):
    """Plans and writes what is around the modules, and collects what other targets contribute."""

    name = "package"
    needs = (Python, Client, Markdown)
    settings = Table

    def plan(self, context: Context[Table]) -> PackageView:
        from oasmith.targets.package.plan import plan

        return plan(context)

    def files(self, plan: PackageView, render: Render) -> Iterable[File]:
        from oasmith.targets.package.files import emit_package

        return emit_package(plan, render)
