"""Rules in sentences, for the docs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import assert_never

from oasmith.ir import types as ir
from oasmith.python.markdown import Markdown, code, summary, text
from oasmith.python.notation import Notation, constraints, value_text


class Sentences:
    """Says what rules ask for. Types are written in the notation of the API."""

    def __init__(self, notation: Notation) -> None:
        self._notation = notation

    def of(self, rules: Sequence[ir.Rule]) -> tuple[Markdown, ...]:
        """Return a sentence, or a few that belong together, for each rule or group of rules.

        Where the document says a rule in words of its own and names all its fields, its words are
        the sentence; where it does not name them all, the sentence made here follows its words.
        """
        return tuple(self._grouped(rules))

    def _grouped(self, rules: Sequence[ir.Rule]) -> Iterator[Markdown]:
        for words, group in groupby(rules, key=lambda rule: rule.doc.description):
            together = list(group)
            made = [_sentence(clause) for clause in self._clauses(together)]
            if words is None:
                yield from map(Markdown, made)
                continue
            said = summary(words).source
            if all(f"`{name}`" in words for rule in together for name in _fields(rule)):
                yield Markdown(said)
            else:
                yield Markdown(" ".join([said, *made]))

    def _clauses(self, rules: Sequence[ir.Rule]) -> list[str]:
        """Return a clause for each rule, `RequiresWith` of the same needs in one."""
        clauses: list[str] = []
        with_: dict[frozenset[str], list[ir.RequiresWith]] = {}
        for rule in rules:
            if isinstance(rule, ir.RequiresWith):
                whole = frozenset((rule.field, *rule.needs))
                with_.setdefault(whole, []).append(rule)
            else:
                clauses.append(self._clause(rule))
        by_needs: dict[tuple[str, ...], list[str]] = {}
        for whole, members in with_.items():
            if len({rule.field for rule in members}) == len(whole) > 1:
                names = dict.fromkeys(name for r in members for name in (r.field, *r.needs))
                clauses.append(f"give {_all(names)} together or not at all")
            else:
                for rule in members:
                    by_needs.setdefault(rule.needs, []).append(rule.field)
        for needs, fields in by_needs.items():
            clauses.append(f"if {_any(fields)} is given, {_all(needs)} {_be(needs)} required")
        return clauses

    def _clause(self, rule: ir.Rule) -> str:
        match rule:
            case ir.RequiresOneOf(groups=groups, inclusive=inclusive):
                return _one_of(groups, inclusive)
            case ir.RequiresAll(fields=fields):
                return f"{_all(fields)} {_be(fields)} required"
            case ir.RequiresWith(field=field, needs=needs):
                return f"if {_code(field)} is given, {_all(needs)} {_be(needs)} required"
            case ir.Excludes(fields=(only,)):
                return f"{_code(only)} is not allowed"
            case ir.Excludes(fields=fields):
                return f"{_all(fields)} cannot be given together"
            case ir.Narrows(field=field, type=use):
                return f"{_code(field)} is {self._type(use)}"
            case ir.When(conditions=conditions, then=then, otherwise=otherwise):
                held = " and ".join(_condition(condition) for condition in conditions)
                clause = f"if {held}, {self._together(then)}"
                return f"{clause}; otherwise {self._together(otherwise)}" if otherwise else clause
            case _:
                assert_never(rule)

    def _together(self, rules: Sequence[ir.Rule]) -> str:
        never = [field for rule in rules for field in _forbidden(rule)]
        clauses = self._clauses([rule for rule in rules if not _forbidden(rule)])
        if never:
            clauses.append(f"{_all(never)} {_be(never)} not allowed")
        return _series(clauses, "and") if clauses else "nothing else is asked for"

    def _type(self, use: ir.Use) -> str:
        match use:
            case ir.Literal(values=values):
                return _any(value_text(value) for value in values)
            case ir.Scalar(bounds=bounds) if bounds is not None:
                # The field itself says the format.
                limits = constraints(replace(use, format=None))
                return _series([in_words(limit) for limit in limits], "and")
            case _:
                limits = constraints(use)
                remarks = f" ({', '.join(map(in_words, limits))})" if limits else ""
                return f"{_code(self._notation.use(use))}{remarks}"


def _forbidden(rule: ir.Rule) -> tuple[str, ...]:
    """Return the field that the rule forbids on its own, in a tuple; empty for other rules."""
    match rule:
        case ir.Excludes(fields=(field,)):
            return (field,)
        case _:
            return ()


def _one_of(groups: Sequence[Sequence[str]], inclusive: bool) -> str:
    how_many = "at least" if inclusive else "exactly"
    if len(groups) == 1:
        return f"give {_all(groups[0])}"
    if all(len(group) == 1 for group in groups):
        return f"give {how_many} one of {_all(group[0] for group in groups)}"
    return f"give {how_many} one of these: {'; '.join(_all(group) for group in groups)}"


def _condition(condition: ir.Condition) -> str:
    match condition:
        case ir.Is(field=field, values=values, or_absent=or_absent):
            clause = f"{_code(field)} is {_any(value_text(value) for value in values)}"
            return f"{clause} or left out" if or_absent else clause
        case ir.Given(fields=fields):
            return f"{_all(fields)} {_be(fields)} given"
        case _:
            assert_never(condition)


def _fields(rule: ir.Rule) -> Iterator[str]:
    """Yield the names of all fields that a rule is about."""
    match rule:
        case ir.RequiresOneOf(groups=groups):
            for group in groups:
                yield from group
        case ir.RequiresAll(fields=fields) | ir.Excludes(fields=fields):
            yield from fields
        case ir.RequiresWith(field=field, needs=needs):
            yield field
            yield from needs
        case ir.Narrows(field=field):
            yield field
        case ir.When(conditions=conditions, then=then, otherwise=otherwise):
            for condition in conditions:
                match condition:
                    case ir.Is(field=field):
                        yield field
                    case ir.Given(fields=fields):
                        yield from fields
                    case _:
                        assert_never(condition)
            for inner in (*then, *otherwise):
                yield from _fields(inner)
        case _:
            assert_never(rule)


# --- words ---------------------------------------------------------------------------------


def _code(value: str) -> str:
    return code(value).source


def _all(names: Iterable[str]) -> str:
    return _series([_code(name) for name in names], "and")


def _any(names: Iterable[str]) -> str:
    return _series([_code(name) for name in names], "or")


def _series(parts: Sequence[str], last: str) -> str:
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def _be(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


_SIGNS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
_LIMIT = re.compile(r"(>=|>|<=|<)(?= -?[\d.])")


def in_words(limit: str) -> str:
    """Return a remark of `constraints` as Markdown for a sentence."""
    if (found := _LIMIT.match(limit)) is not None:
        return f"{_SIGNS[found[0]]} {limit[found.end() + 1 :]}"
    if limit.startswith("matches /"):
        return f"matches {_code(limit[len('matches /') : -1])}"
    return text(limit).source


def _sentence(clause: str) -> str:
    return clause[0].upper() + clause[1:] + "."
