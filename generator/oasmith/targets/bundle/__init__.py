"""The document in one file, with the samples of each operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oasmith.config import Table
from oasmith.targets.contract import Context, File, Render, Target
from oasmith.targets.markdown import Markdown

if TYPE_CHECKING:
    from oasmith.targets.bundle.plan import BundlePlan


class Bundle(Target[Table, "BundlePlan"]):
    """Plans and writes `openapi.bundled.json`."""

    name = "bundle"
    needs = (Markdown,)
    settings = Table

    def plan(self, context: Context[Table]) -> BundlePlan:
        from oasmith.targets.bundle.plan import plan

        return plan(context)

    def files(self, plan: BundlePlan, render: Render) -> Iterable[File]:
        from oasmith.targets.bundle.files import emit_bundle

        return () if plan.document is None else (emit_bundle(plan.document, plan.samples),)
