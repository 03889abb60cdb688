"""Rules between the fields of a record, as the objects of the runtime that check them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from oasmith.ir import types as ir
from oasmith.python.code import Code, fill, joined, literal, source
from oasmith.python.imports import Name

RULES: Final = "._runtime.rules"


@dataclass(frozen=True, slots=True)
class RuleWriter:
    """Writes the rules of one record. `fields` leads from wire names to Python names."""

    use: Callable[[Name], Code]
    annotate: Callable[[ir.Use], Code]
    fields: Mapping[str, str]

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
                arguments = [literal(self.fields.get(rule.field, rule.field))]
                arguments.append(self._names(rule.needs))
            case ir.Narrows():
                arguments = [literal(self.fields.get(rule.field, rule.field))]
                arguments.append(fill("lambda: {}", self.annotate(rule.type)))
            case ir.When():
                arguments = [_tuple(self._condition(condition) for condition in rule.conditions)]
                arguments.append(_tuple(self.write(inner) for inner in rule.then))
                if rule.otherwise:
                    arguments.append(_tuple(self.write(inner) for inner in rule.otherwise))
            case _:
                assert_never(rule)
        message = rule.doc.description or rule.doc.summary or rule.doc.title
        if message:
            arguments.append(fill("message={}", literal(" ".join(message.split()))))
        return self._call(type(rule).__name__, arguments)

    def _condition(self, condition: ir.Condition) -> Code:
        match condition:
            case ir.Is():
                arguments = [literal(self.fields.get(condition.field, condition.field))]
                arguments.append(literal(condition.values))
                if condition.or_absent:
                    arguments.append(source("or_absent=True"))
            case ir.Given():
                arguments = [self._names(condition.fields)]
            case _:
                assert_never(condition)
        return self._call(type(condition).__name__, arguments)

    def _names(self, wire_names: Iterable[str]) -> Code:
        return literal(tuple([self.fields.get(name, name) for name in wire_names]))

    def _call(self, name: str, arguments: Iterable[Code]) -> Code:
        return fill("{}({})", self.use(Name(RULES, name)), joined(", ", arguments))


def _tuple(parts: Iterable[Code]) -> Code:
    listed = list(parts)
    return fill("({},)" if len(listed) == 1 else "({})", joined(", ", listed))
