"""What site generators and other programs read of the docs: `mkdocs.yml`, `llms.txt`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oasmith.config import Table
from oasmith.targets.contract import Context, File, Render, Target
from oasmith.targets.markdown import Markdown

if TYPE_CHECKING:
    from oasmith.targets.site.plan import SitePlan


class Site(Target[Table, "SitePlan"]):
    """Plans and writes the files beside the pages."""

    name = "site"
    needs = (Markdown,)
    settings = Table

    def plan(self, context: Context[Table]) -> SitePlan:
        from oasmith.targets.site.plan import plan

        return plan(context)

    def files(self, plan: SitePlan, render: Render) -> Iterable[File]:
        from oasmith.targets.site.files import emit_site

        return emit_site(plan, render)
