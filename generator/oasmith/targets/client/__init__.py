"""The client: `_client.py` and the methods in `sync/` and `aio/`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oasmith.targets.client.settings import ClientSettings
from oasmith.targets.contract import Context, Contributions, File, Render, Target
from oasmith.targets.python import Python

if TYPE_CHECKING:
    from oasmith.targets.client.plan import ClientPlan


class Client(Target[ClientSettings, "ClientPlan"]):
    """Plans and writes the client."""

    name = "client"
    needs = (Python,)
    settings = ClientSettings

    def plan(self, context: Context[ClientSettings]) -> ClientPlan:
        from oasmith.targets.client.plan import plan

        return plan(context)

    def contributions(self, plan: ClientPlan) -> Contributions:
        from oasmith.targets.client.plan import contributions

        return contributions(plan)

    def files(self, plan: ClientPlan, render: Render) -> Iterable[File]:
        from oasmith.targets.client.files import emit_client

        return emit_client(plan.module, plan.operations, plan.root, render)
