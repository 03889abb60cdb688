"""Example requests: what a call of an operation sends, made from the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from oasmith.ir import types as ir
from oasmith.python.client.signatures import record_of
from oasmith.python.docs.conditions import narrowings
from oasmith.python.docs.example_values import ExampleValues, Shown

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleBody:
    media_type: str
    value: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRequest:
    """A request as a user would think of it; `variant` is the option its body is of."""

    operation: ir.Operation
    variant: ir.SchemaId | None
    route: ir.Route
    parameters: tuple[tuple[ir.Parameter, Shown], ...]
    body: ExampleBody | None


class ExampleRequests:
    """Makes example requests of one API."""

    def __init__(self, definitions: Mapping[ir.SchemaId, ir.Definition]) -> None:
        self._definitions = definitions
        self._values = ExampleValues(definitions)

    def of(self, operation: ir.Operation) -> ExampleRequest:
        """Return a request with the least parameters and an example of the body."""
        content = json_content(operation.body)
        if content is None:
            return self._request(operation, None, None, {})
        examples = (*content.examples, *_examples(self._definitions, content.type))
        value = self._values.value(content.type, "body", examples)
        words = self._words(value, content.type, examples)
        meant = {
            parameter.wire_name: _mentioned(words, literals(parameter.type, self._definitions))
            for parameter in operation.parameters
            if isinstance(parameter.presence, ir.Required) and not parameter.doc.examples
        }
        record = record_of(content.type, self._definitions)
        if record is not None:
            meant |= self._narrowed(record, value, words)
        return self._request(operation, None, self._body(content, content.type, "", value), meant)

    def of_variant(self, operation: ir.Operation, variant: ir.Record, tag: str) -> ExampleRequest:
        """Return a request whose body is this option of a union, with parameters to match."""
        content = json_content(operation.body)
        assert content is not None, "only a body has variants"
        use = ir.Ref(target=variant.id, at=variant.at)
        examples = (*content.examples, *variant.doc.examples)
        value = self._values.value(use, tag, examples)
        words = self._words(value, use, examples)
        narrowed = self._narrowed(variant, value, words)
        body = self._body(content, use, tag, value)
        return self._request(operation, variant.id, body, narrowed)

    def _words(self, value: ir.Json, use: ir.Use, examples: Sequence[ir.Example]) -> list[str]:
        """Return the words about a body: only they can say which parameters it is meant for."""
        words = [
            word
            for example in examples
            if value in (example.value, *self._values.documented((example,), use))
            for text in (example.name, example.summary, example.description)
            for word in re.findall(r"[\w-]+", text or "")
        ]
        return words + [word for said in self._said_of(value, use) for word in _CODE.findall(said)]

    def _narrowed(
        self, record: ir.Record, value: ir.Json, words: Sequence[str]
    ) -> dict[str, ir.Json]:
        """Return values of parameters that go with a body; of several the one in the words."""
        allowed: dict[str, tuple[ir.LiteralValue, ...]] = {}
        for narrowing in (*record.narrows, *narrowings(record.rules, value)):
            few = literals(narrowing.type, self._definitions)
            known = allowed.get(narrowing.parameter, few)
            allowed[narrowing.parameter] = tuple(each for each in known if each in few)
        return {name: _mentioned(words, values) for name, values in allowed.items()}

    def _body(self, content: ir.Content, use: ir.Use, prefix: str, value: ir.Json) -> ExampleBody:
        shown = self._values.without_secrets(value, use, prefix)
        return ExampleBody(media_type=content.media_type, value=shown)

    def _request(
        self,
        operation: ir.Operation,
        variant: ir.SchemaId | None,
        body: ExampleBody | None,
        narrowed: Mapping[str, ir.Json],
    ) -> ExampleRequest:
        chosen: list[tuple[ir.Parameter, Shown]] = []
        for parameter in operation.parameters:
            if narrowed.get(parameter.wire_name) is not None:
                value = narrowed[parameter.wire_name]
            elif isinstance(parameter.presence, ir.Required):
                name = parameter.wire_name
                value = self._values.value(parameter.type, name, parameter.doc.examples)
            else:
                continue
            shown = self._values.without_secrets(value, parameter.type, "", parameter.wire_name)
            chosen.append((parameter, shown))
        given = {parameter.wire_name for parameter, _ in chosen}
        routes = [route for route in operation.routes if given >= {*route.parameters}]
        return ExampleRequest(
            operation=operation,
            variant=variant,
            route=max(routes or operation.routes, key=lambda route: len(route.parameters)),
            parameters=tuple(chosen),
            body=body,
        )

    def _said_of(self, value: ir.Json, use: ir.Use) -> Iterator[str]:
        """Yield the descriptions of the fields that are there in a value."""
        match use:
            case ir.Nullable(of=of):
                yield from self._said_of(value, of)
            case ir.Ref(target=target):
                definition = self._definitions[target]
                if isinstance(definition, ir.Record) and isinstance(value, dict):
                    for field in definition.fields:
                        if field.wire_name in value:
                            yield field.doc.description or ""
                            yield from self._said_of(value[field.wire_name], field.type)
            case _:
                return


def literals(
    use: ir.Use, definitions: Mapping[ir.SchemaId, ir.Definition]
) -> tuple[ir.LiteralValue, ...]:
    """Return the values of a type that has only a few, in the document's order; else none."""
    match use:
        case ir.Literal(values=values):
            return values
        case ir.Nullable(of=of):
            return literals(of, definitions)
        case ir.Ref(target=target):
            match definitions[target]:
                case ir.Enum(members=members):
                    return tuple(member.value for member in members)
                case ir.Alias(type=of):
                    return literals(of, definitions)
                case ir.Record() | ir.Union():
                    return ()
                case other:
                    assert_never(other)
        case _:
            return ()


def json_content(body: ir.Body | None) -> ir.Content | None:
    """Return the first content of a body that is JSON."""
    if body is None:
        return None
    for content in body.contents:
        kind = content.media_type.partition(";")[0].strip().lower()
        if content.stream is None and (kind == "application/json" or kind.endswith("+json")):
            return content
    return None


def _examples(
    definitions: Mapping[ir.SchemaId, ir.Definition], use: ir.Use
) -> tuple[ir.Example, ...]:
    return definitions[use.target].doc.examples if isinstance(use, ir.Ref) else ()


def _mentioned(words: Sequence[str], values: Sequence[ir.LiteralValue]) -> ir.Json:
    """Return the value that is among the words most often, else the first."""
    return max(values, key=lambda value: words.count(str(value)), default=None)
