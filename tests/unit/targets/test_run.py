"""A run over targets, and what they contribute to the package."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from oasmith.config import Config, Table
from oasmith.diagnostics import Diagnostics
from oasmith.targets.contract import (
    Context,
    ContributionClashError,
    Contributions,
    File,
    ReadmeSection,
    Render,
    Target,
    merged,
)
from oasmith.targets.rendering.markdown import Markdown
from oasmith.targets.rendering.render import renderer
from oasmith.targets.run import Run
from unit.client.api import api


class First(Target[Table, int | None]):
    name = "first"
    settings = Table
    planned = 0

    def plan(self, context: Context[Table]) -> int | None:
        First.planned += 1
        return None

    def files(self, plan: int | None, render: Render) -> Iterable[File]:
        yield File("first.txt", repr(plan))


class Second(Target[Table, str]):
    name = "second"
    needs = (First,)
    settings = Table

    def plan(self, context: Context[Table]) -> str:
        assert not context.is_emitted(First)
        [file] = context.files(First)()
        return f"{context.plan(First)} {file.path} {context.document}"


class Careless(Target[Table, None]):
    name = "careless"
    settings = Table

    def plan(self, context: Context[Table]) -> None:
        context.plan(First)


class Round(Target[Table, None]):
    name = "round"
    settings = Table

    def plan(self, context: Context[Table]) -> None: ...


Round.needs = (Round,)


def run() -> Run:
    config = Config(document=Path("a.yaml"), output=Path("out"))
    return Run(api([]), config, Diagnostics(), bundle=lambda: {"a": 1}, renderer=renderer)


def test_a_target_reads_the_plans_of_those_that_it_needs() -> None:
    First.planned = 0
    over = run()
    assert over.plan(Second) == "None first.txt {'a': 1}"
    assert over.plan(First) is None
    assert First.planned == 1


def test_a_target_reads_no_other_plan() -> None:
    with pytest.raises(LookupError, match="`careless` does not list `first` in `needs`"):
        run().plan(Careless)


def test_a_target_does_not_need_itself() -> None:
    with pytest.raises(RuntimeError, match="the plan of the target `round` depends on itself"):
        run().plan(Round)


def test_contributions_are_merged() -> None:
    section = ReadmeSection(title="A", body=Markdown("a"))
    one = Contributions(
        dependencies=("a>=1",), exports={".x": ("X",)}, readme=(section,), runtime=frozenset("f")
    )
    other = Contributions(
        dependencies=("a>=1", "b"),
        extras={"e": ("c",)},
        scripts={"s": "m:f"},
        exports={".x": ("Y",)},
    )
    assert merged([("one", one), ("other", other)]) == Contributions(
        dependencies=("a>=1", "b"),
        extras={"e": ("c",)},
        scripts={"s": "m:f"},
        exports={".x": ("X", "Y")},
        readme=(section,),
        runtime=frozenset("f"),
    )


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ({"dependencies": ("a_b>=1",)}, {"dependencies": ("A-b[x]>=2",)}, "dependency `a-b`"),
        ({"extras": {"e": ("a",)}}, {"extras": {"e": ("b",)}}, "extra `e`"),
        ({"scripts": {"s": "m:f"}}, {"scripts": {"s": "m:g"}}, "script `s`"),
        ({"exports": {".x": ("X",)}}, {"exports": {".y": ("X",)}}, "export `X`"),
        (
            {"readme": (ReadmeSection(title="A", body=Markdown("a")),)},
            {"readme": (ReadmeSection(title="A", body=Markdown("b")),)},
            "README section `A`",
        ),
    ],
)
def test_contributions_that_clash(one: dict[str, Any], other: dict[str, Any], what: str) -> None:
    parts = [("one", Contributions(**one)), ("other", Contributions(**other))]
    with pytest.raises(ContributionClashError, match=f"`one` and `other` both add the {what}"):
        merged(parts)
