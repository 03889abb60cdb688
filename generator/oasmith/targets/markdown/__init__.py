"""The docs as Markdown pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oasmith.targets.client import Client
from oasmith.targets.contract import Context, File, Render, Target
from oasmith.targets.markdown.settings import MarkdownSettings
from oasmith.targets.python import Python

if TYPE_CHECKING:
    from oasmith.targets.markdown.plan import MarkdownPlan


class Markdown(Target[MarkdownSettings, "MarkdownPlan"]):
    """Plans and writes the pages."""

    name = "markdown"
    needs = (Python, Client)
    settings = MarkdownSettings

    def plan(self, context: Context[MarkdownSettings]) -> MarkdownPlan:
        from oasmith.targets.markdown.plan import plan

        return plan(context)

    def files(self, plan: MarkdownPlan, render: Render) -> Iterable[File]:
        from oasmith.targets.markdown.files import emit_docs

        return emit_docs(plan.docs, plan.root, render)
