"""The Python that every Python-facing target speaks of: names, modules, annotations, code.

Takes the model, gives names and annotations. As a target it makes no files: its plan is what the
other targets agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oasmith.config import Table
from oasmith.targets.contract import Context, Target

if TYPE_CHECKING:
    from oasmith.targets.python.plan import PythonPlan


class Python(Target[Table, "PythonPlan"]):
    """Plans the names of the package and of its models. It makes no files."""

    name = "python"
    settings = Table

    def plan(self, context: Context[Table]) -> PythonPlan:
        from oasmith.targets.python.plan import plan

        return plan(context)
