"""Rules between fields: which are broken, and in which words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from oasmith.runtime.rules import Rule, misfit
from oasmith.runtime.semantics.rules import (
    AtMost,
    Condition,
    Excludes,
    Given,
    Has,
    HasSize,
    Inside,
    Is,
    Narrows,
    Not,
    ParameterNarrowing,
    Partial,
    RequiresAll,
    RequiresOneOf,
    RequiresWith,
    When,
    misfit_of_parameter,
    narrowed,
    needed,
    object_of,
    violations,
)


class Subject(BaseModel):
    a: Any = None
    b: Any = None
    c: Any = None
    mode: Any = "word"


def said(rule: Rule, **given: object) -> list[str]:
    return [problem.message for problem in violations((rule,), Subject(**given), misfit)]


ONE: Rule = RequiresOneOf(("a",), ("b", "c"))
WORD = Is("mode", ("word",))


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        (ONE, {}, ["give exactly one of these: `a`; `b` and `c`"]),
        (ONE, {"a": 1}, []),
        (ONE, {"b": 1}, ["give exactly one of these: `a`; `b` and `c`"]),
        (ONE, {"b": 1, "c": 1}, []),
        (ONE, {"a": 1, "b": 1}, []),
        (ONE, {"a": 1, "b": 1, "c": 1}, ["give exactly one of these: `a`; `b` and `c`"]),
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
        (HasSize(1, None), {}, ["give at least 1 field"]),
        (HasSize(1, 2), {"a": None, "b": 1}, []),
        (HasSize(2, 2), {"a": 1}, ["give exactly 2 fields"]),
        (HasSize(None, 2), {"a": 1, "b": 1, "c": 1}, ["give at most 2 fields"]),
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
                "give `a` and `b` when `mode` is 1, null or true",
                "give `c` when `mode` is 1, null or true",
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


class Inner(BaseModel):
    x: Any = None
    y: Any = None


HAS_X = Has("a", (Given(("x",)),))


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        (AtMost("a", "b"), {"a": 2, "b": 2}, []),
        (AtMost("a", "b"), {"a": 3, "b": 2}, ["`a` is at most `b`"]),
        (AtMost("a", "b"), {"a": 3}, []),
        (AtMost("a", "b"), {"a": 3, "b": None}, []),
        (AtMost("a", "b"), {"a": True, "b": 0}, []),
        (AtMost("a", "b", 0.5), {"a": 6, "b": 11}, ["`a` is at most half of `b`"]),
        (AtMost("a", "b", 0.5), {"a": 5, "b": 11}, []),
        # Exact, though no float is a tenth.
        (AtMost("a", "b", 0.1), {"a": 0.3, "b": 3}, []),
        (AtMost("a", "b", 3), {"a": 4, "b": 1}, ["`a` is at most 3 times `b`"]),
        (Inside("a", (RequiresAll(("x",)),)), {}, []),
        (Inside("a", (RequiresAll(("x",)),)), {"a": None}, []),
        (Inside("a", (RequiresAll(("x",)),)), {"a": Inner(x=1)}, []),
        (Inside("a", (RequiresAll(("x",)),)), {"a": Inner()}, ["give `a.x`"]),
        (Inside("a", (RequiresAll(("x",)),)), {"a": {"y": 1}}, ["give `a.x`"]),
        (
            Inside("a", (Inside("x", (Excludes(("y",)),)),)),
            {"a": {"x": Inner(y=1)}},
            ["`a.x.y` cannot be given"],
        ),
        (When((HAS_X,), (Excludes(("b",)),)), {"b": 1}, []),
        (When((HAS_X,), (Excludes(("b",)),)), {"b": 1, "a": Inner()}, []),
        (
            When((HAS_X,), (Excludes(("b",)),)),
            {"b": 1, "a": Inner(x=None)},
            ["`b` cannot be given when `a.x` is given"],
        ),
        # No object: what JSON Schema asks of its members is true.
        (
            When((HAS_X,), (Excludes(("b",)),)),
            {"b": 1, "a": 5},
            ["`b` cannot be given when `a.x` is given"],
        ),
        (
            When((Has("a", (Is("x", (1,)),), or_absent=True),), (Excludes(("b",)),)),
            {"b": 1},
            ["`b` cannot be given when `a.x` is 1 or `a` is left out"],
        ),
        (
            When((Given(("a",)), Not(Has("a", (Given(("x", "y")),)))), (Excludes(("b",)),)),
            {"b": 1, "a": Inner(x=1)},
            ["`b` cannot be given when `a` is given and `a.x` and `a.y` are not all given"],
        ),
        (
            When((Not(Is("mode", ("word",))),), (Excludes(("b",)),)),
            {"b": 1},
            ['`b` cannot be given when `mode` is not "word"'],
        ),
        (
            When((Not(Is("mode", ("word",), or_absent=True)),), (Excludes(("b",)),)),
            {"b": 1, "mode": "line"},
            ['`b` cannot be given when `mode` is given and not "word"'],
        ),
        (ParameterNarrowing("task", None), {}, []),
        (
            Excludes(("a", "b"), message="Not `a` and `b`."),
            {"a": 1, "b": 1},
            ["Not `a` and `b`"],
        ),
        (
            Inside("a", (Narrows("x", lambda: Literal[1]),), message="The `x` of an `a` is one."),
            {"a": Inner(x=2)},
            ["The `x` of an `a` is one"],
        ),
    ],
)
def test_rules_of_values_and_members(
    rule: Rule, given: dict[str, object], expected: list[str]
) -> None:
    assert said(rule, **given) == expected


def test_rules_of_the_same_words_are_said_once() -> None:
    words = "Say `mode` too."
    rules: tuple[Rule, ...] = tuple(
        RequiresWith(name, ("mode",), message=words) for name in ("a", "b", "c")
    )
    (problem,) = violations(rules, Subject(a=1, b=1), misfit)
    assert problem.fields == ("a", "mode", "b")
    assert problem.message == (
        "Say `mode` too: `a` needs `mode` beside it; `b` needs `mode` beside it"
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (RequiresAll(("a", "b")), ["give `b`"]),
        (Excludes(("a",)), ["`a` cannot be given"]),
        (Narrows("a", lambda: Literal[1]), []),
        (AtMost("a", "c"), []),
        (Inside("a", (RequiresAll(("x",)),)), []),
        (When((Is("a", (1,)),), (), (RequiresAll(("b",)),)), []),
        (When((Not(HAS_X),), (RequiresAll(("b",)),), (RequiresAll(("b",)),)), []),
        # What is known decides.
        (When((Is("a", (1,)), Given(("b",))), (), (RequiresAll(("b",)),)), ["give `b`"]),
    ],
)
def test_the_value_of_a_wrong_field_is_not_known(rule: Rule, expected: list[str]) -> None:
    partial = Partial({"a", "c"}, {"c": 1})
    found = [problem.message for problem in violations((rule,), partial, misfit)]
    assert [message.partition(" unless")[0] for message in found] == expected


def test_parameters_are_narrowed_by_what_holds() -> None:
    rules: tuple[Rule, ...] = (
        When(
            (Given(("a",)),),
            (ParameterNarrowing("task", lambda: Literal["t"]),),
            (ParameterNarrowing("task", None),),
        ),
        Inside("a", (When((Given(("x",)),), (ParameterNarrowing("size", None),)),)),
        When((Given(("b",)),), (ParameterNarrowing("size", None),), message="No `size` with `b`."),
    )

    def told(value: object, **given: object) -> list[str | None]:
        asked = narrowed(rules, Subject(**given))
        return [misfit_of_parameter(each, value, misfit, "Subject") for each in asked]

    assert told("t") == ["cannot be given unless `a` is given"]
    assert told("t", a=1) == [None]
    assert told("u", a=1) == ["should be 't' when `a` is given"]
    assert told("t", a=Inner(x=1), b=1) == [
        None,
        "cannot be given when `a.x` is given",
        "No `size` with `b`",
    ]


def test_a_parameter_is_narrowed_by_every_body_of_a_class() -> None:
    rules: tuple[Rule, ...] = (ParameterNarrowing("task", lambda: Literal["t"]),)
    (asked,) = narrowed(rules, Subject())
    assert misfit_of_parameter(asked, "t", misfit, "Subject") is None
    assert misfit_of_parameter(asked, "u", misfit, "Subject") == (
        "should be 't', as the body is Subject"
    )


def test_conditions_inside_of_a_field_name_the_whole_path() -> None:
    rule: Rule = Inside("a", (When((Given(("x",)),), (Excludes(("y",), message="No `y`."),)),))
    assert said(rule, a={"x": 1, "y": 2}) == ["No `a.y` when `a.x` is given"]


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        (Is("a", (1,)), [{"a": 1}], [{}, {"a": True}, {"a": 2}]),
        (Is("a", (1,), or_absent=True), [{}, {"a": 1}], [{"a": 2}]),
        (Given(("x",)), [{"x": None}], [{}]),
        (Has("a", (Given(("x",)),)), [{"a": {"x": 1}}, {"a": 5}], [{}, {"a": {}}]),
        (Has("a", (Given(("x",)),), or_absent=True), [{}], [{"a": {}}]),
        (Not(Given(("x",))), [{}], [{"x": 1}]),
        (Has("a", (Not(Given(("x",))),)), [{"a": {}}], [{"a": 5}]),
    ],
)
def test_conditions_of_json_objects(
    condition: Condition, true: list[dict[str, object]], false: list[dict[str, object]]
) -> None:
    rule: Rule = When((condition,), (RequiresAll(("then",)),), (RequiresAll(("else",)),))

    def concluded(value: dict[str, object]) -> list[str]:
        subject = object_of(value)
        assert subject is not None
        return list(needed((rule,), subject))

    assert [concluded(value) for value in true] == [["then"]] * len(true)
    assert [concluded(value) for value in false] == [["else"]] * len(false)


@pytest.mark.parametrize("value", [None, 5, "text", [{"a": 1}]])
def test_what_is_not_an_object(value: object) -> None:
    assert object_of(value) is None
