"""The module `testing`: the service in memory, for tests of users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oasmith.targets.client import Client
from oasmith.targets.contract import Context, Contributions, File, Render, Target
from oasmith.targets.fake.settings import FakeSettings
from oasmith.targets.python import Python

if TYPE_CHECKING:
    from oasmith.targets.fake.plan import FakePlan


class Fake(Target[FakeSettings, "FakePlan"]):
    """Plans and writes `testing.py`, if the settings ask for it."""

    name = "fake"
    needs = (Python, Client)
    settings = FakeSettings
    on_request = True

    def plan(self, context: Context[FakeSettings]) -> FakePlan:
        from oasmith.targets.fake.plan import plan

        return plan(context)

    def contributions(self, plan: FakePlan) -> Contributions:
        from oasmith.targets.fake.plan import contributions

        return contributions(plan)

    def files(self, plan: FakePlan, render: Render) -> Iterable[File]:
        from oasmith.targets.fake.files import emit_fake

        return emit_fake(plan.module, plan.root, render)
