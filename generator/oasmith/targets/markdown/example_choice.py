"""Which example of a body goes with a value of a parameter, such as a service with a task type.

Documents seldom say it, but their words do: a field is described as being for `rerank`, a model is
called `rerank-v3.5`. Of several examples the one is taken that the words speak for; what they say
is for other values is left out of it, or made anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import constants, record_of, without_null
from oasmith.runtime.semantics.rules import Condition, Has, Is, When
from oasmith.targets.markdown.example_values import ExampleValues, narrowings
from oasmith.text import NO_TEXT, Text

_WORD = re.compile(r"[a-z]{5,}")
_STEM = 5
"""Letters by which a word is known again: `embedding` in `embed-v4.0`."""
_UNFIT = -1000


@frozen
class Meaning:
    """A value of a parameter, among all that it may have."""

    parameter: str
    value: ir.LiteralValue
    all: tuple[ir.LiteralValue, ...]

    def mentioned(self, description: Text | None) -> frozenset[str]:
        """Return the values that a description names as code."""
        names = {str(value) for value in self.all}
        return frozenset(names.intersection((description or NO_TEXT).names()))

    def excludes(self, description: Text | None) -> bool:
        """Say whether a description names other values and not this one."""
        mentioned = self.mentioned(description)
        return bool(mentioned) and str(self.value) not in mentioned

    def affinity(self, text: str) -> int:
        """Return how many words of the value a text has, less those of other values alone."""
        own = _stems(str(self.value))
        foreign = {stem for other in self.all for stem in _stems(str(other))} - own
        lower = text.lower()
        return sum(stem in lower for stem in own) - sum(stem in lower for stem in foreign)


def _stems(value: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(value.lower())}


def chosen(
    record: ir.Record,
    examples: Iterable[ir.Json],
    meaning: Meaning,
    definitions: Mapping[ir.SchemaId, ir.Definition],
    values: ExampleValues,
) -> ir.Json:
    """Return the example of the record that goes best with a value, made to fit."""
    fitting = _Fitting(meaning, definitions, values)
    use = ir.Ref(target=record.id, at=record.at)
    best: tuple[int, ir.Json] | None = None
    for example in examples:
        score, found = fitting.fit(example, use, record.doc, "body")
        fitted = next(filter(fitting.allows(record), fitting.repaired(found, record)), None)
        if fitted is None or not values.fits(fitted, use):
            score, fitted = _UNFIT, found
        if best is None or score > best[0]:
            best = score, fitted
    assert best is not None, "there is at least one example"
    return best[1]


@frozen(kw_only=False)
class _Fitting:
    meaning: Meaning
    definitions: Mapping[ir.SchemaId, ir.Definition]
    values: ExampleValues

    def allows(self, record: ir.Record) -> Callable[[ir.Json], bool]:
        """Return whether the rules of a record let a body go with the value."""
        return lambda body: all(
            use is not None and self.values.fits(self.meaning.value, use)
            for parameter, use in narrowings(record, body)
            if parameter == self.meaning.parameter
        )

    def repaired(self, value: ir.Json, record: ir.Record) -> Iterator[ir.Json]:
        """Yield the value, then as it is with another choice where rules ask what was chosen."""
        yield value
        for rule in record.rules:
            if isinstance(rule, When):
                for condition in rule.conditions:
                    yield from self._otherwise(value, condition, record)

    def _otherwise(
        self, value: ir.Json, condition: Condition, record: ir.Record
    ) -> Iterator[ir.Json]:
        if not isinstance(condition, Is | Has) or not isinstance(value, dict):
            return
        types = {field.wire_name: field.type for field in record.fields}
        use = types.get(condition.field)
        if use is None or condition.field not in value:
            return
        if isinstance(condition, Is):
            for other in constants(use, self.definitions, besides_null=True):
                yield {**value, condition.field: other}
        elif (inner := record_of(use, self.definitions)) is not None:
            for each in condition.conditions:
                for changed in self._otherwise(value[condition.field], each, inner):
                    yield {**value, condition.field: changed}

    def fit(self, value: ir.Json, use: ir.Use, doc: ir.Doc, name: str) -> tuple[int, ir.Json]:
        """Return how well a value goes with what is meant, and the value without what does not."""
        match without_null(use, self.definitions):
            case ir.Record() as record if isinstance(value, dict):
                return self._members(value, record)
            case ir.Record() | ir.Enum() | ir.Union():
                return 0, value
            case ir.Scalar(kind=ir.ScalarKind.STRING) as scalar if isinstance(value, str):
                return self._text(value, scalar, doc, name)
            case _:
                return self.meaning.affinity(str(value)), value

    def _members(self, value: dict[str, ir.Json], record: ir.Record) -> tuple[int, ir.Json]:
        fields = {field.wire_name: field for field in record.fields}
        score = 0
        kept: dict[str, ir.Json] = {}
        for key, member in value.items():
            field = fields.get(key)
            if field is None:
                kept[key] = member
                score += self.meaning.affinity(f"{key} {member}")
                continue
            required = isinstance(field.presence, ir.Required)
            if self.meaning.excludes(field.doc.description):
                score -= 2
                if not required:
                    continue
            elif mentioned := self.meaning.mentioned(field.doc.description):
                score += 2 if len(mentioned) == 1 else 1
            found, fitted = self.fit(member, field.type, field.doc, key)
            score += found
            if fitted == {} and member != {} and not required:
                continue
            kept[key] = fitted
        return score, kept

    def _text(self, value: str, use: ir.Scalar, doc: ir.Doc, name: str) -> tuple[int, ir.Json]:
        score = self.meaning.affinity(value)
        if score >= 0:
            # Addresses of one form often lead to models of any kind.
            return 0 if "://" in value else score, value
        known = [e for e in doc.examples if isinstance(e.value, str)]
        best = max(known, key=lambda e: self.meaning.affinity(str(e.value)), default=None)
        if best is not None and self.meaning.affinity(str(best.value)) >= 0:
            return score, best.value
        return score, self.values.value(use, name)
