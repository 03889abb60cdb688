"""Rules in sentences, for the docs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import assert_never

from oasmith.ir import types as ir
from oasmith.python.docs.markdown import Markdown, code, summary, text
from oasmith.python.docs.notation import Notation, constraints, value_text
from oasmith.text import Text


class Sentences:
    """Says what rules ask for. Types are written in the notation of the API."""

    def __init__(self, notation: Notation) -> None:
        self._notation = notation

    def of(self, rules: Sequence[ir.Rule]) -> tuple[Markdown, ...]:
        """Return a sentence, or a few that belong together, for each rule or group of rules.

        Where the document says a rule in words of its own and names what it is about, its words are
        the sentence; where it does not, the sentence made here follows its words.
        """
        return tuple(self._grouped(rules))

    def _grouped(self, rules: Sequence[ir.Rule]) -> Iterator[Markdown]:
        for words, group in groupby(rules, key=lambda rule: rule.doc.description):
            together = list(group)
            made = [_sentence(clause) for clause in self._clauses(together)]
            if words is None:
                yield from map(Markdown, made)
                continue
            said = summary(words)
            if all(_says(words, rule) for rule in together):
                yield Markdown(said)
            else:
                yield Markdown(" ".join([said, *made]))

    def _clauses(self, rules: Sequence[ir.Rule], path: str = "") -> list[str]:
        """Return a clause for each rule, `RequiresWith` of the same needs in one.

        `path` leads to the object whose members the rules are about, with a dot at its end.
        """
        clauses: list[str] = []
        with_: dict[frozenset[str], list[ir.RequiresWith]] = {}
        for rule in rules:
            if isinstance(rule, ir.RequiresWith):
                rule = _below(rule, path)
                whole = frozenset((rule.field, *rule.needs))
                with_.setdefault(whole, []).append(rule)
            else:
                clauses.append(self._clause(rule, path))
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

    def _clause(self, rule: ir.Rule, path: str) -> str:
        match rule:
            case ir.RequiresOneOf(groups=groups, inclusive=inclusive):
                return _one_of([_under(path, group) for group in groups], inclusive)
            case ir.RequiresAll(fields=fields):
                return f"{_all(_under(path, fields))} {_be(fields)} required"
            case ir.RequiresWith(field=field, needs=needs):
                needed = _all(_under(path, needs))
                return f"if {_code(path + field)} is given, {needed} {_be(needs)} required"
            case ir.Excludes(fields=(only,)):
                return f"{_code(path + only)} is not allowed"
            case ir.Excludes(fields=fields):
                return f"{_all(_under(path, fields))} cannot be given together"
            case ir.Narrows(field=field, type=use):
                return f"{_code(path + field)} {self._being(use)}"
            case ir.AtMost(field=field, of=of, times=times):
                return f"{_code(path + field)} is at most {_times(times)}{_code(path + of)}"
            case ir.Inside(field=field, rules=rules):
                return self._together(rules, f"{path}{field}.")
            case ir.ParameterNarrowing(parameter=parameter, type=ir.Nothing()):
                return f"the parameter {_code(parameter)} is not allowed"
            case ir.ParameterNarrowing(parameter=parameter, type=use):
                return f"the parameter {_code(parameter)} {self._being(use)}"
            case ir.When(conditions=conditions, then=then, otherwise=otherwise):
                held = " and ".join(_condition(condition, path) for condition in conditions)
                if not then:
                    return f"unless {held}, {self._together(otherwise, path)}"
                clause = f"if {held}, {self._together(then, path)}"
                if not otherwise:
                    return clause
                return f"{clause}; otherwise {self._together(otherwise, path)}"
            case _:
                assert_never(rule)

    def _together(self, rules: Sequence[ir.Rule], path: str) -> str:
        never = [path + name for rule in rules if (name := _only_forbidden(rule)) is not None]
        clauses = self._clauses([rule for rule in rules if _only_forbidden(rule) is None], path)
        if never:
            clauses.append(f"{_all(never)} {_be(never)} not allowed")
        return _series(clauses, "and") if clauses else "nothing else is asked for"

    def _being(self, use: ir.Use) -> str:
        """Say what something is: `is at least 3 and matches x`."""
        match use:
            case ir.Literal(values=values):
                return f"is {_any(value_text(value) for value in values)}"
            case ir.Scalar(bounds=bounds) if bounds is not None:
                # The field itself says the format.
                limits = [in_words(limit) for limit in constraints(replace(use, format=None))]
                is_ = [limit for limit in limits if not limit.startswith("matches ")]
                does = [limit for limit in limits if limit.startswith("matches ")]
                return " and ".join([f"is {_series(is_, 'and')}", *does] if is_ else does)
            case _:
                limits = constraints(use)
                remarks = f" ({', '.join(map(in_words, limits))})" if limits else ""
                return f"is {_code(self._notation.use(use))}{remarks}"


def _only_forbidden(rule: ir.Rule) -> str | None:
    """Return the one field that a rule forbids."""
    match rule:
        case ir.Excludes(fields=(only,)):
            return only
        case _:
            return None


def _under(path: str, names: Iterable[str]) -> list[str]:
    return [path + name for name in names]


def _below(rule: ir.RequiresWith, path: str) -> ir.RequiresWith:
    if not path:
        return rule
    return replace(rule, field=path + rule.field, needs=tuple(_under(path, rule.needs)))


def _times(times: float) -> str:
    match times:
        case 1:
            return ""
        case 0.5:
            return "half of "
        case _:
            return f"{times:g} times "


def _one_of(groups: Sequence[Sequence[str]], inclusive: bool) -> str:
    how_many = "at least" if inclusive else "exactly"
    if len(groups) == 1:
        return f"give {_all(groups[0])}"
    if all(len(group) == 1 for group in groups):
        return f"give {how_many} one of {_all(group[0] for group in groups)}"
    return f"give {how_many} one of these: {'; '.join(_all(group) for group in groups)}"


def _condition(condition: ir.Condition, path: str, *, refused: bool = False) -> str:
    """Say a condition, or its opposite."""
    no = "not " if refused else ""
    match condition:
        case ir.Is(field=field, values=values, or_absent=or_absent):
            name, listed = _code(path + field), _any(value_text(value) for value in values)
            if refused and or_absent:
                return f"{name} is given and not {listed}"
            return f"{name} is {no}{listed}{' or left out' if or_absent else ''}"
        case ir.Given(fields=fields):
            names = _all(_under(path, fields))
            if len(fields) == 1:
                return f"{names} is {no}given"
            return f"{names} are {'not all ' if refused else ''}given"
        case ir.Has(field=field, conditions=conditions, or_absent=or_absent):
            inner = f"{path}{field}."
            clauses = [_condition(each, inner, refused=refused) for each in conditions]
            said = (" or " if refused else " and ").join(clauses)
            if refused or not or_absent:
                return said
            return f"{said} or {_code(path + field)} is left out"
        case ir.Not(condition=other):
            return _condition(other, path, refused=not refused)
        case _:
            assert_never(condition)


def _tested(condition: ir.Condition) -> Iterator[str]:
    """Yield the names of all fields that a condition is about."""
    match condition:
        case ir.Is(field=field):
            yield field
        case ir.Given(fields=fields):
            yield from fields
        case ir.Has(conditions=conditions):
            for each in conditions:
                yield from _tested(each)
        case ir.Not(condition=other):
            yield from _tested(other)
        case _:
            assert_never(condition)


def _says(words: Text, rule: ir.Rule) -> bool:
    """Say whether words name what a rule is about.

    For an `if` that is its conditions, for what goes with other fields these; else all its fields.
    """
    match rule:
        case ir.When(conditions=conditions):
            return all(
                any(f"`{term}`" in words for term in _terms(condition))
                for condition in conditions
                if not _goes_without_saying(condition, rule)
            )
        case ir.RequiresWith(needs=needs):
            return all(f"`{name}`" in words for name in needs)
        case _:
            return all(f"`{name}`" in words for name in _fields(rule))


def _goes_without_saying(condition: ir.Condition, rule: ir.When) -> bool:
    """Say whether it is only that there is what the rule is about the members of."""
    match condition:
        case ir.Given(fields=(only,)):
            return all(isinstance(then, ir.Inside) and then.field == only for then in rule.then)
        case _:
            return False


def _terms(condition: ir.Condition) -> Iterator[str]:
    """Yield the fields that a condition is about, and the values it asks for."""
    match condition:
        case ir.Is(field=field, values=values):
            yield field
            yield from map(str, values)
        case ir.Given(fields=fields):
            yield from fields
        case ir.Has(field=field, conditions=conditions):
            yield field
            for each in conditions:
                yield from _terms(each)
        case ir.Not(condition=other):
            yield from _terms(other)
        case _:
            assert_never(condition)


def _fields(rule: ir.Rule) -> Iterator[str]:
    """Yield the names of all fields and parameters that a rule is about."""
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
        case ir.AtMost(field=field, of=of):
            yield field
            yield of
        case ir.Inside(rules=rules):
            for inner in rules:
                yield from _fields(inner)
        case ir.ParameterNarrowing(parameter=parameter):
            yield parameter
        case ir.When(conditions=conditions, then=then, otherwise=otherwise):
            for condition in conditions:
                yield from _tested(condition)
            for inner in (*then, *otherwise):
                yield from _fields(inner)
        case _:
            assert_never(rule)


# --- words ---------------------------------------------------------------------------------


def _code(value: str) -> str:
    return code(value)


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
    return text(limit)


def _sentence(clause: str) -> str:
    return clause[0].upper() + clause[1:] + "."
