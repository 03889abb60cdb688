"""Rules between the fields of a record, as the objects of the runtime that check them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, assert_never

from oasmith.ir import types as ir
from oasmith.ir.query import record_of
from oasmith.python.code import Code, fill, joined, literal, source
from oasmith.python.faces import Layout
from oasmith.python.imports import Name

RULES: Final = "._runtime.rules"


@dataclass(frozen=True, slots=True)
class RuleWriter:
    """Writes the rules of one record, or of what stands in a field that is none (`record` None)."""

    use: Callable[[Name], Code]
    annotate: Callable[[ir.Use], Code]
    layout: Layout
    record: ir.Record | None

    def write(self, rule: ir.Rule) -> Code:
        """Return the expression that makes the rule."""
        match rule:
            case ir.RequiresOneOf():
                arguments = [self._names(group) for group in rule.groups]
                if rule.inclusive:
                    arguments.append(source("inclusive=True"))
            case ir.RequiresAll() | ir.Excludes():
                arguments = [self._names(rule.fields)]
            case ir.RequiresWith():
                arguments = [self._name(rule.field), self._names(rule.needs)]
            case ir.Narrows():
                arguments = [self._name(rule.field), self._thunk(rule.type)]
            case ir.AtMost():
                arguments = [self._name(rule.field), self._name(rule.of)]
                if rule.times != 1:
                    arguments.append(literal(rule.times))
            case ir.Inside():
                inside = self._inside(rule.field)
                arguments = [self._name(rule.field)]
                arguments.append(_tuple(inside.write(inner) for inner in rule.rules))
            case ir.ParameterNarrowing():
                never = isinstance(rule.type, ir.Nothing)
                arguments = [literal(rule.parameter)]
                arguments.append(source("None") if never else self._thunk(rule.type))
            case ir.When():
                arguments = [_tuple(self._condition(condition) for condition in rule.conditions)]
                arguments.append(_tuple(self.write(inner) for inner in rule.then))
                if rule.otherwise:
                    arguments.append(_tuple(self.write(inner) for inner in rule.otherwise))
            case _:
                assert_never(rule)
        message = rule.doc.description or rule.doc.summary or rule.doc.title
        if message:
            arguments.append(fill("message={}", literal(message.line())))
        return self._call(type(rule).__name__, arguments)

    def _condition(self, condition: ir.Condition) -> Code:
        match condition:
            case ir.Is():
                arguments = [self._name(condition.field), literal(condition.values)]
                if condition.or_absent:
                    arguments.append(source("or_absent=True"))
            case ir.Given():
                arguments = [self._names(condition.fields)]
            case ir.Has():
                inside = self._inside(condition.field)
                arguments = [self._name(condition.field)]
                arguments.append(_tuple(inside._condition(each) for each in condition.conditions))
                if condition.or_absent:
                    arguments.append(source("or_absent=True"))
            case ir.Not():
                arguments = [self._condition(condition.condition)]
            case _:
                assert_never(condition)
        return self._call(type(condition).__name__, arguments)

    def _inside(self, field: str) -> RuleWriter:
        """Return the writer for the members of a field."""
        use = next((each.type for each in self._fields() if each.wire_name == field), None)
        if use is None:
            return replace(self, record=None)
        record = record_of(use, self.layout.definitions, besides_null=True)
        return replace(self, record=record)

    def _fields(self) -> tuple[ir.Field, ...]:
        return () if self.record is None else self.record.fields

    def _name(self, wire_name: str) -> Code:
        return literal(self._python(wire_name))

    def _names(self, wire_names: Iterable[str]) -> Code:
        return literal(tuple([self._python(name) for name in wire_names]))

    def _python(self, wire_name: str) -> str:
        names = {} if self.record is None else self.layout.fields[self.record.id]
        return names.get(wire_name, wire_name)

    def _thunk(self, use: ir.Use) -> Code:
        return fill("lambda: {}", self.annotate(use))

    def _call(self, name: str, arguments: Iterable[Code]) -> Code:
        return fill("{}({})", self.use(Name(RULES, name)), joined(", ", arguments))


def _tuple(parts: Iterable[Code]) -> Code:
    listed = list(parts)
    return fill("({},)" if len(listed) == 1 else "({})", joined(", ", listed))
