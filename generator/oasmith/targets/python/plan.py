"""The names that all Python-facing targets agree on."""

from __future__ import annotations

from oasmith.config import Table
from oasmith.frozen import frozen
from oasmith.targets.contract import Context
from oasmith.targets.python.faces import Layout, lay_out
from oasmith.targets.python.naming import package_name
from oasmith.targets.python.unmatched import check_settings


@frozen
class PythonPlan:
    """The package and the models in it."""

    package: str
    """Name of the importable package, also of the folder that holds all of it."""
    layout: Layout

    @property
    def root(self) -> str:
        """The folder of the importable package."""
        return f"{self.package}/src/{self.package}"


def plan(context: Context[Table]) -> PythonPlan:
    """Decide names and modules.

    Reports names that nothing tells apart, and settings that change nothing.
    """
    api, config, diagnostics = context.api, context.config, context.diagnostics
    check_settings(api, config, diagnostics)
    return PythonPlan(
        package=config.package or package_name(api.title),
        layout=lay_out(api, config.names, diagnostics),
    )
