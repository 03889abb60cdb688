"""Every kind of rule and condition is checked, reported and described; nothing is left out."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args, get_origin

import pytest

from oasmith.runtime.rules import Rule, misfit
from oasmith.runtime.semantics import rules
from oasmith.runtime.semantics.rules import (
    PLAIN,
    AtMost,
    Condition,
    Excludes,
    Given,
    Has,
    HasSize,
    Inside,
    Is,
    Marks,
    Narrows,
    Not,
    ParameterNarrowing,
    Partial,
    RequiresAll,
    RequiresOneOf,
    RequiresWith,
    When,
    clauses,
    is_said,
    misfit_of_parameter,
    narrowed,
    translated,
    violations,
)


class Row(NamedTuple):
    """A rule with an object that violates it and one that does not, and how both are worded."""

    rule: Rule
    wrong: dict[str, object]
    right: dict[str, object]
    message: str
    clause: str
    text: str
    """A text of the document that says the rule."""


X = lambda: Literal["x"]  # noqa: E731
EVERY_RULE = (
    Row(
        RequiresOneOf(("a",), ("b", "c")),
        {"b": 1},
        {"a": 1},
        "give exactly one of these: `a`; `b` and `c`",
        "give exactly one of these: `a`; `b` and `c`",
        "`a`, or `b` with `c`.",
    ),
    Row(RequiresAll(("a",)), {}, {"a": 1}, "give `a`", "`a` is required", "Needs `a`."),
    Row(
        RequiresWith("a", ("b", "c")),
        {"a": 1},
        {"a": 1, "b": 1, "c": 1},
        "`a` needs `b` and `c` beside it",
        "if `a` is given, `b` and `c` are required",
        "Needs `b` and `c`.",
    ),
    Row(
        Excludes(("a", "b")),
        {"a": 1, "b": 1},
        {"a": 1},
        "`a` and `b` cannot be given together",
        "`a` and `b` cannot be given together",
        "Not `a` with `b`.",
    ),
    Row(
        Narrows("a", X),
        {"a": "y"},
        {"a": "x"},
        "`a`: should be 'x'",
        "`a` is x",
        "`a` is x.",
    ),
    Row(
        AtMost("a", "b", 0.5),
        {"a": 2, "b": 2},
        {"a": 1, "b": 2},
        "`a` is at most half of `b`",
        "`a` is at most half of `b`",
        "`a` is small beside `b`.",
    ),
    Row(
        Inside("a", (Excludes(("b",)),)),
        {"a": {"b": 1}},
        {"a": {"c": 1}, "b": 1},
        "`a.b` cannot be given",
        "`a.b` is not allowed",
        "Never `b`.",
    ),
    Row(
        When((Given(("a",)),), (RequiresAll(("b",)),)),
        {"a": 1},
        {"b": 1},
        "give `b` when `a` is given",
        "if `a` is given, `b` is required",
        "More is needed with `a`.",
    ),
    Row(
        ParameterNarrowing("task", X),
        {},
        {},
        "should be 'x', as the body is Thing",
        "the parameter `task` is x",
        "One `task`.",
    ),
    Row(
        HasSize(1, 2),
        {},
        {"a": 1},
        "give at least 1 field and at most 2 fields",
        "give at least 1 field and at most 2 fields",
        "",
    ),
)
EVERY_CONDITION: tuple[tuple[Condition, str, str], ...] = (
    (Is("a", ("x", None)), '`a` is "x" or null', '`a` is not "x" or null'),
    (Given(("a", "b")), "`a` and `b` are given", "`a` and `b` are not all given"),
    (Has("a", (Given(("b",)),)), "`a.b` is given", "`a.b` is not given"),
    (Not(Given(("a",))), "`a` is not given", "`a` is given"),
)
MARKS: Marks[object] = Marks(PLAIN.name, PLAIN.value, lambda _: "is x")


def kind(rule: object) -> str:
    return type(rule).__name__


def test_nothing_is_left_out() -> None:
    every_rule = {get_origin(option) or option for option in get_args(rules.Rule)}
    every_condition = set(get_args(rules.Condition))
    assert {type(row.rule) for row in EVERY_RULE} == every_rule
    assert {type(condition) for condition, _, _ in EVERY_CONDITION} == every_condition


@pytest.mark.parametrize("row", EVERY_RULE, ids=lambda row: kind(row.rule))
def test_every_rule_is_checked_and_reported(row: Row) -> None:
    def messages(value: dict[str, object]) -> list[str | None]:
        subject = Partial(frozenset(value), value)
        if isinstance(row.rule, ParameterNarrowing):
            (asked,) = narrowed((row.rule,), subject)
            return [misfit_of_parameter(asked, "y", misfit, "Thing")]
        return [violation.message for violation in violations((row.rule,), subject, misfit)]

    assert messages(row.wrong) == [row.message]
    if not isinstance(row.rule, ParameterNarrowing):
        assert messages(row.right) == []


@pytest.mark.parametrize("row", EVERY_RULE, ids=lambda row: kind(row.rule))
def test_every_rule_is_described(row: Row) -> None:
    assert clauses((row.rule,), MARKS) == [row.clause]


@pytest.mark.parametrize("row", EVERY_RULE, ids=lambda row: kind(row.rule))
def test_a_text_says_a_rule_if_it_mentions_what_the_rule_is_about(row: Row) -> None:
    assert is_said(row.rule, lambda term: f"`{term}`" in row.text) is bool(row.text)
    assert not is_said(row.rule, lambda _: False)


class Upper:
    """Names in another notation: in capital letters."""

    def of(self, field: str) -> str:
        return field.upper()

    def inside(self, field: str) -> Upper:
        return self


@pytest.mark.parametrize("row", EVERY_RULE, ids=lambda row: kind(row.rule))
def test_every_rule_is_translated(row: Row) -> None:
    there: Rule = translated(row.rule, lambda use: use, lambda message: "Why.", Upper())
    assert type(there) is type(row.rule)
    assert there.message == "Why."
    (clause,) = clauses((there,), MARKS)
    names = [part for index, part in enumerate(clause.split("`")) if index % 2]
    is_parameter = isinstance(row.rule, ParameterNarrowing)
    assert all(name.isupper() is not is_parameter for name in names)


@pytest.mark.parametrize(("condition", "held", "failed"), EVERY_CONDITION, ids=kind)
def test_every_condition_is_worded(condition: Condition, held: str, failed: str) -> None:
    then: tuple[Rule, ...] = (RequiresAll(("z",)),)
    assert clauses((When((condition,), then),), MARKS) == [f"if {held}, `z` is required"]
    assert clauses((When((Not(condition),), then),), MARKS) == [f"if {failed}, `z` is required"]
