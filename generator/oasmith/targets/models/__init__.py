"""Pydantic models: the modules of `models/` and their lazy packages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oasmith.config import Table
from oasmith.targets.contract import Context, Contributions, File, Render, Target
from oasmith.targets.python import Python

if TYPE_CHECKING:
    from oasmith.targets.models.plan import ModelsPlan


class Models(Target[Table, "ModelsPlan"]):
    """Plans and writes `models/`."""

    name = "models"
    needs = (Python,)
    settings = Table

    def plan(self, context: Context[Table]) -> ModelsPlan:
        from oasmith.targets.models.plan import plan

        return plan(context)

    def contributions(self, plan: ModelsPlan) -> Contributions:
        return Contributions(dependencies=plan.dependencies)

    def files(self, plan: ModelsPlan, render: Render) -> Iterable[File]:
        from oasmith.targets.models.files import emit_models

        return emit_models(plan.models, plan.root, render)
