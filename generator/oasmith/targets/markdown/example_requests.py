"""Example requests: what a call of an operation sends, made from the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import constants, record_of, without_null
from oasmith.runtime.semantics.media_types import Notation, concrete, is_json, notation
from oasmith.targets.markdown.example_choice import Meaning, chosen
from oasmith.targets.markdown.example_values import ExampleValues, FromFile, Shown, narrowings
from oasmith.targets.python.media_types import sent
from oasmith.targets.python.signatures import longest_route
from oasmith.text import NO_TEXT, Text


@frozen
class ExampleBody:
    """A body to show. `notation` is how it is written; `encodings` say more of a form."""

    media_type: str
    notation: Notation
    value: Shown
    encodings: tuple[ir.Encoding, ...] = ()


@frozen
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
        self._known: dict[str, ExampleRequest] = {}

    def of(self, operation: ir.Operation) -> ExampleRequest:
        """Return a request with the least parameters and an example of the body."""
        known = self._known.get(operation.id)
        if known is None:
            known = self._known[operation.id] = self._of(operation)
        return known

    def _of(self, operation: ir.Operation) -> ExampleRequest:
        content = _main_content(operation.body)
        if content is None:
            return self._request(operation, None, None, {})
        if content.stream is not None:
            lines = [self._values.value(content.stream.item, "body", content.examples)]
            return self._request(operation, None, self._body(content, "", lines), {})
        examples = (*content.examples, *_examples(self._definitions, content.type))
        value = self._values.value(content.type, "body", examples)
        words = self._words(value, content.type, examples)
        meant = {
            parameter.wire_name: _mentioned(
                words, constants(parameter.type, self._definitions, besides_null=True)
            )
            for parameter in operation.parameters
            if isinstance(parameter.presence, ir.Required) and not parameter.doc.examples
        }
        record = record_of(content.type, self._definitions)
        if record is not None:
            meant |= self._narrowed(record, value, words)
        assert operation.body is not None, "it has contents"
        # A body that need not be there and says nothing is left out, as the client does.
        is_left_out = value == {} and not operation.body.required
        body = None if is_left_out else self._body(content, "", value)
        return self._request(operation, None, body, meant)

    def of_variant(
        self,
        operation: ir.Operation,
        variant: ir.Record,
        tag: str,
        meaning: Meaning | None = None,
    ) -> ExampleRequest:
        """Return a request whose body is this option of a union, with parameters to match.

        `meaning` is the value that one of them is to have.
        """
        content = json_content(operation.body)
        assert content is not None, "only a body has variants"
        use = ir.Ref(target=variant.id, at=variant.at)
        examples = (*content.examples, *variant.doc.examples)
        value = self._values.value(use, tag, examples)
        if meaning is not None:
            documented = [*self._values.documented(examples, use)] or [value]
            value = chosen(variant, documented, meaning, self._definitions, self._values)
        words = self._words(value, use, examples)
        narrowed = self._narrowed(variant, value, words)
        if meaning is not None:
            narrowed[meaning.parameter] = meaning.value
        body = self._body(replace(content, type=use), tag, value)
        return self._request(operation, variant.id, body, narrowed)

    def is_sent(
        self, example: ir.Example, variant: ir.Record, tag: str, sent: Sequence[Shown]
    ) -> bool:
        """Say whether an example of an option of a union is among the bodies of requests."""
        use = ir.Ref(target=variant.id, at=variant.at)
        values = [*self._values.documented((example,), use)]
        return bool(values) and all(
            self._values.without_secrets(value, use, tag) in sent for value in values
        )

    def _words(self, value: ir.Json, use: ir.Use, examples: Sequence[ir.Example]) -> list[str]:
        """Return the words about a body: only they can say which parameters it is meant for."""
        words = [
            word
            for example in examples
            if value in (example.value, *self._values.documented((example,), use))
            for text in (example.name, example.summary, example.description)
            for word in (text or NO_TEXT).words()
        ]
        return words + [name for said in self._said_of(value, use) for name in said.names()]

    def _narrowed(
        self, record: ir.Record, value: ir.Json, words: Sequence[str]
    ) -> dict[str, ir.Json]:
        """Return values of parameters that go with a body; of several the one in the words."""
        allowed: dict[str, tuple[ir.LiteralValue, ...]] = {}
        for parameter, use in narrowings(record, value):
            few = () if use is None else constants(use, self._definitions, besides_null=True)
            known = allowed.get(parameter, few)
            allowed[parameter] = tuple(each for each in known if each in few)
        return {name: _mentioned(words, values) for name, values in allowed.items()}

    def _body(self, content: ir.Content, prefix: str, value: ir.Json) -> ExampleBody:
        written = "lines" if content.stream is not None else notation(content.media_type)
        if content.stream is not None:
            item = content.stream.item
            lines = value if isinstance(value, list) else [value]
            shown: Shown = [self._values.without_secrets(one, item, prefix) for one in lines]
        else:
            shown = self._values.without_secrets(value, content.type, prefix)
        if written in ("urlencoded", "multipart", "text", "binary"):
            shown = self._with_files(shown, content.type)
        return ExampleBody(
            media_type=concrete(content.media_type),
            notation=written,
            value=shown,
            encodings=content.encodings,
        )

    def _with_files(self, shown: Shown, use: ir.Use) -> Shown:
        """Put a file wherever bytes are asked for: the body, its parts, and lists of them."""
        match without_null(use, self._definitions):
            case ir.Scalar(kind=ir.ScalarKind.BINARY):
                return FromFile("content.bin")
            case ir.ListOf(item=item) if isinstance(shown, list):
                return [self._with_files(one, item) for one in shown]
            case ir.Record(fields=fields) if isinstance(shown, dict):
                types = {field.wire_name: field.type for field in fields}
                return {
                    key: self._with_files(one, types[key]) if key in types else one
                    for key, one in shown.items()
                }
            case _:
                return shown

    def _request(
        self,
        operation: ir.Operation,
        variant: ir.SchemaId | None,
        body: ExampleBody | None,
        narrowed: Mapping[str, ir.Json],
    ) -> ExampleRequest:
        # The longest path says most; where a shorter one is enough, the parameters tell.
        route = longest_route(operation)
        chosen: list[tuple[ir.Parameter, Shown]] = []
        for parameter in operation.parameters:
            name = parameter.wire_name
            is_in_path = parameter.place == "path" and name in route.parameters
            if narrowed.get(name) is not None:
                value = narrowed[name]
            elif is_in_path or isinstance(parameter.presence, ir.Required):
                value = self._values.value(parameter.type, name, parameter.doc.examples)
            else:
                continue
            shown = self._values.without_secrets(value, parameter.type, "", name)
            chosen.append((parameter, shown))
        return ExampleRequest(
            operation=operation,
            variant=variant,
            route=route,
            parameters=tuple(chosen),
            body=body,
        )

    def _said_of(self, value: ir.Json, use: ir.Use) -> Iterator[Text]:
        """Yield the descriptions of the fields that are there in a value."""
        record = record_of(use, self._definitions, besides_null=True)
        if record is not None and isinstance(value, dict):
            for field in record.fields:
                if field.wire_name in value:
                    yield field.doc.description or NO_TEXT
                    yield from self._said_of(value[field.wire_name], field.type)


def _main_content(body: ir.Body | None) -> ir.Content | None:
    """Return the content that the main method of an operation sends."""
    contents = sorted(body.contents if body else (), key=lambda c: not is_json(c.media_type))
    return sent(contents[0]) if contents else None


def json_content(body: ir.Body | None) -> ir.Content | None:
    """Return the first content of a body that is JSON."""
    if body is None:
        return None
    for content in body.contents:
        if content.stream is None and is_json(content.media_type):
            return content
    return None


def _examples(
    definitions: Mapping[ir.SchemaId, ir.Definition], use: ir.Use
) -> tuple[ir.Example, ...]:
    return definitions[use.target].doc.examples if isinstance(use, ir.Ref) else ()


def _mentioned(words: Sequence[str], values: Sequence[ir.LiteralValue]) -> ir.Json:
    """Return the value that is among the words most often, else the first."""
    return max(values, key=lambda value: words.count(str(value)), default=None)
