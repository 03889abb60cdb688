"""Rules between fields: which are broken, and in which words."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from oasmith.runtime.rules import (
    Excludes,
    Given,
    HasSize,
    Is,
    Narrows,
    RequiresAll,
    RequiresOneOf,
    RequiresWith,
    Rule,
    When,
    broken,
)


class Subject(BaseModel):
    a: Any = None
    b: Any = None
    c: Any = None
    mode: Any = "word"


def said(rule: Rule, **given: object) -> list[str]:
    return [problem.message for problem in broken((rule,), Subject(**given))]


ONE = RequiresOneOf(("a",), ("b", "c"))
WORD = Is("mode", ("word",))


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        (ONE, {}, ["give exactly one of `a` and `b` with `c`"]),
        (ONE, {"a": 1}, []),
        (ONE, {"b": 1}, ["give exactly one of `a` and `b` with `c`"]),
        (ONE, {"b": 1, "c": 1}, []),
        (ONE, {"a": 1, "b": 1}, []),
        (ONE, {"a": 1, "b": 1, "c": 1}, ["give exactly one of `a` and `b` with `c`"]),
        (RequiresOneOf(("a",), ("b",), inclusive=True), {"a": 1, "b": 1}, []),
        (
            RequiresOneOf(("a",), ("b",), ("c",), inclusive=True),
            {},
            ["give at least one of `a`, `b` and `c`"],
        ),
        (RequiresOneOf(("a",), message="Say who you are."), {}, ["Say who you are: give `a`"]),
        (RequiresAll(("a", "b")), {"a": None}, ["give `b`"]),
        (RequiresAll(("a", "b", "c")), {}, ["give `a`, `b` and `c`"]),
        (RequiresWith("a", ("b", "c")), {}, []),
        (RequiresWith("a", ("b", "c")), {"a": 1, "b": 1}, ["`a` needs `c` beside it"]),
        (RequiresWith("a", ("b",)), {"a": 1, "b": 1}, []),
        (Excludes(("a", "b")), {"a": 1}, []),
        (Excludes(("a", "b")), {"a": 1, "b": 1}, ["`a` and `b` cannot be given together"]),
        (Excludes(("a",)), {"a": 1}, ["`a` cannot be given"]),
        (HasSize(1, None), {}, ["give at least 1 member"]),
        (HasSize(1, 2), {"a": None, "b": 1}, []),
        (HasSize(None, 2), {"a": 1, "b": 1, "c": 1}, ["give at most 2 members"]),
        (Narrows("a", lambda: Annotated[int, Field(le=1)]), {}, []),
        (Narrows("a", lambda: Annotated[int, Field(le=1)]), {"a": 1}, []),
        (
            Narrows("a", lambda: Annotated[int, Field(le=1)]),
            {"a": 2},
            ["`a`: should be less than or equal to 1"],
        ),
        (When((WORD,), (Excludes(("a",)),)), {"a": 1}, []),
        (
            When((WORD,), (Excludes(("a",)),)),
            {"a": 1, "mode": "word"},
            ['`a` cannot be given when `mode` is "word"'],
        ),
        (
            When((Is("mode", ("word",), or_absent=True),), (Excludes(("a",)),)),
            {"a": 1},
            ['`a` cannot be given when `mode` is "word" or left out'],
        ),
        (
            When((Given(("a",)),), (), (RequiresAll(("b",)),)),
            {},
            ["give `b` unless `a` is given"],
        ),
        (When((Given(("a",)),), (), (RequiresAll(("b",)),)), {"a": 1}, []),
        (
            When((Is("mode", (1, None, True)),), (RequiresAll(("a", "b")), RequiresAll(("c",)))),
            {"mode": True},
            [
                "give `a` and `b` when `mode` is 1 or null or true",
                "give `c` when `mode` is 1 or null or true",
            ],
        ),
        (When((Is("mode", (1,)),), (RequiresAll(("a",)),)), {"mode": True}, []),
        (
            When((WORD,), (RequiresAll(("a", "b")),), message="A word needs both."),
            {"mode": "word"},
            ['A word needs both: give `a` and `b` when `mode` is "word"'],
        ),
        (
            When((WORD, Given(("c",))), (RequiresAll(("a",)),)),
            {"mode": "word", "c": 1},
            ['give `a` when `mode` is "word" and `c` is given'],
        ),
    ],
)
def test_rules(rule: Rule, given: dict[str, object], expected: list[str]) -> None:
    assert said(rule, **given) == expected
