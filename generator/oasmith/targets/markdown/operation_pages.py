"""Pages of operations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from oasmith.ir import types as ir
from oasmith.ir.walk import targets
from oasmith.targets.markdown.addresses import INDEX, Addresses, relative, value_anchor, weight
from oasmith.targets.markdown.common_fields import common
from oasmith.targets.markdown.example_requests import ExampleRequest
from oasmith.targets.markdown.notation import Link
from oasmith.targets.markdown.samples import CodeSample, Methods, Samples
from oasmith.targets.markdown.schemes import scheme_anchor, sent_as
from oasmith.targets.markdown.sections import Section, Sections, Table, document
from oasmith.targets.markdown.variants import Family, Matrix, matrices
from oasmith.targets.python.view import view
from oasmith.targets.rendering.markdown import (
    NOTHING,
    Markdown,
    code,
    fence,
    join,
    link,
    prose,
    summary,
    text,
)
from oasmith.text import NO_TEXT, Text


@view
class Sample:
    title: Markdown
    text: Markdown
    is_open: bool
    """Shown at once, not folded."""


@view
class ShownExample:
    title: Markdown
    """Empty: it has none."""
    doc: Markdown
    text: Markdown


@view
class CommonView:
    """What most options of a union have."""

    tables: tuple[Table, ...]
    notation: Markdown
    """Of the union, if it is described elsewhere, and of what they have."""


@view
class ContentView:
    media_type: Markdown
    type: Markdown
    notation: Markdown
    """Empty where the same page has it in another place."""
    tables: tuple[Table, ...]
    """Of a record that is described in full on another page; one or none."""
    rules: tuple[Markdown, ...]
    common: tuple[CommonView, ...]
    """One or none."""
    examples: tuple[ShownExample, ...]


@view
class VariantRow:
    link: Markdown
    narrowed: tuple[Markdown, ...]
    """The values of each narrowed parameter."""
    text: Markdown


@view
class RequestView:
    required: bool
    doc: Markdown
    contents: tuple[ContentView, ...]
    tag: Markdown
    """What tells the variants apart; empty: there are no pages of variants."""
    anchor: Markdown
    """Of the union of the variants; empty: it is described elsewhere."""
    narrowed: tuple[Markdown, ...]
    """The parameters that variants narrow: heads of columns."""
    variants: tuple[VariantRow, ...]
    notation: Markdown
    """Of the union of the variants; empty: the contents have it."""
    sections: tuple[Section, ...]


@view
class ResponseView:
    status: Markdown
    doc: Markdown
    contents: tuple[ContentView, ...]
    headers: tuple[Table, ...]
    """One or none."""


@view
class ParameterGroup:
    title: Markdown
    tables: tuple[Table, ...]
    notation: Markdown


@view
class OperationPage:
    title: Markdown
    doc: Markdown
    sent: Markdown
    """Who sends it to whom; empty: the usual case, a caller to the API."""
    availability: Markdown
    id: Markdown
    call: Markdown
    """The method of the generated client; empty: it has none."""
    others: tuple[Markdown, ...]
    """The methods beside it: for other media types, a stream, all pages."""
    routes: Markdown
    auth: tuple[Markdown, ...]
    """Security schemes, alternatives of those that go together."""
    has_alternatives: bool
    parameters: tuple[ParameterGroup, ...]
    requests: tuple[RequestView, ...]
    """One or none."""
    responses: tuple[ResponseView, ...]
    errors: tuple[ResponseView, ...]
    sections: tuple[Section, ...]
    """Of the types that the body does not lead to."""
    samples: tuple[Sample, ...]
    callbacks: tuple[Markdown, ...]
    """Links to what the API sends in the course of the operation."""


_SMALL = 3_000
"""Estimated bytes up to which a shared type is described again where a body is of it."""
_FEW_OPTIONS = 3
"""Options of a union that one reads as quickly as what they have in common."""

_PLACES = (
    ("path", "Path parameters"),
    ("query", "Query parameters"),
    ("querystring", "Query"),
    ("header", "Headers"),
    ("cookie", "Cookies"),
)


class OperationPages:
    """Makes the pages of the operations of one API."""

    def __init__(
        self,
        api: ir.Api,
        addresses: Addresses,
        sections: Sections,
        families: Sequence[Family],
        methods: Methods,
        others: Mapping[str, Sequence[str]],
        samples: Samples,
    ) -> None:
        self._api = api
        self._addresses = addresses
        self._sections = sections
        self._family = {op.id: family for family in families for op in family.operations}
        self._methods = methods
        self._others = others
        self._requests = samples.requests
        self._samples = samples
        self._schemes = {scheme.name: scheme for scheme in api.security}

    def page(self, operation: ir.Operation) -> OperationPage:
        """Return the page of the operation."""
        path = self._addresses.operations[operation.id]
        method = self._methods.get((operation.id, None))
        family = self._family.get(operation.id)
        return replace(
            self._page(operation, path, family),
            call=NOTHING if method is None else code(f"client.{method.path}"),
            others=tuple(code(f"client.{other}") for other in self._others.get(operation.id, ())),
            auth=tuple(
                join([self._scheme(scheme, path) for scheme in schemes], " and ")
                or Markdown("none")
                for schemes in operation.auth
            ),
            has_alternatives=len(operation.auth) > 1,
            samples=shown_samples(self._samples.of(self._example(operation, family))),
            callbacks=tuple(self._callbacks(operation, path)),
        )

    def incoming(self, incoming: ir.Incoming, path: str) -> OperationPage:
        """Return the page of a webhook or a callback."""
        return replace(
            self._page(incoming.operation, path, None),
            title=text(plain_title(incoming)),
            sent=self._sent(incoming, path),
        )

    def _page(self, operation: ir.Operation, path: str, family: Family | None) -> OperationPage:
        """Return what a page says of a request, whoever sends it."""
        to = self._sections.link(path)
        residents = self._addresses.residents.get(path, ())
        contents = operation.body.contents if operation.body is not None else ()
        asked = self._order(targets(content.type for content in contents), residents)
        order = self._order([*asked, *reversed(self._addresses.starts[path])], residents)
        level = 3
        below = {
            target: self._sections.section(self._api.definitions[target], to, level)
            for target in order
            if family is None or target != family.union.id
        }
        shown: set[ir.SchemaId] = set()
        return OperationPage(
            title=title(operation),
            # The title has said the summary.
            doc=document(replace(operation.doc, summary=None, title=None), 2),
            sent=NOTHING,
            availability=text(operation.availability or NO_TEXT),
            id=code(operation.id),
            call=NOTHING,
            others=(),
            routes=fence(
                "\n".join(f"{operation.method} {route.path}" for route in operation.routes)
                or operation.method,
                "http",
            ),
            auth=(),
            has_alternatives=False,
            parameters=tuple(self._parameters(operation, to, shown)),
            requests=self._request(
                operation, path, to, family, tuple(s for t, s in below.items() if t in asked), shown
            ),
            responses=tuple(
                self._response(r, path, to, shown, in_full=True) for r in operation.responses
            ),
            errors=tuple(
                self._response(r, path, to, shown, in_full=False) for r in operation.errors
            ),
            sections=tuple(s for t, s in below.items() if t not in asked),
            samples=(),
            callbacks=(),
        )

    def _sent(self, incoming: ir.Incoming, path: str) -> Markdown:
        match incoming:
            case ir.Webhook():
                where = "an address that was agreed on elsewhere"
            case ir.Callback(of=ids):
                where = "the address that this expression gives"
                asked = [
                    link(title(each), relative(path, self._addresses.operations[each.id]))
                    for each in self._api.operations
                    if each.id in ids
                ]
                if asked:
                    where += f", in the course of {join(asked, ' or ')}"
            case _:
                assert_never(incoming)
        return Markdown(f"The API sends this request to {where}. The receiver responds.")

    def _callbacks(self, operation: ir.Operation, path: str) -> Iterator[Markdown]:
        for each, page in zip(self._api.incoming, self._addresses.incoming, strict=True):
            if isinstance(each, ir.Callback) and operation.id in each.of:
                where = code(f"{each.operation.method} {each.operation.routes[0].path}")
                yield Markdown(f"{link(text(plain_title(each)), relative(path, page))}: {where}")

    def _scheme(self, name: str, path: str) -> Markdown:
        label = code(name)
        scheme = self._schemes.get(name)
        if scheme is None:
            return label
        href = f"{relative(path, INDEX)}#{scheme_anchor(name)}"
        return Markdown(f"{link(label, href)}: {sent_as(scheme)}")

    def _order(
        self, starts: Iterable[ir.SchemaId], residents: Iterable[ir.SchemaId]
    ) -> dict[ir.SchemaId, None]:
        """Return what is described on a page, level by level from where one starts to read.

        What only this page leads to, it leads to by nothing else.
        """
        here = frozenset(residents)
        waiting = [target for target in starts if target in here]
        order: dict[ir.SchemaId, None] = {}
        for target in waiting:
            if target not in order:
                order[target] = None
                waiting += [t for t in self._addresses.leads_to[target] if t in here]
        return order

    def _example(self, operation: ir.Operation, family: Family | None) -> ExampleRequest:
        if family is None:
            return self._requests.of(operation)
        first = family.variants[0]
        request = self._requests.of_variant(operation, first.record, first.tag)
        # This page shows the method of the whole operation, not that of one variant.
        return replace(request, variant=None)

    def _parameters(
        self, operation: ir.Operation, to: Link, shown: set[ir.SchemaId]
    ) -> Iterator[ParameterGroup]:
        for place, heading in _PLACES:
            parameters = [p for p in operation.parameters if p.place is place]
            if parameters:
                yield ParameterGroup(
                    title=Markdown(heading),
                    tables=(self._sections.parameters(parameters, to),),
                    notation=self._declared(parameters, shown),
                )

    def _declared(self, parameters: Sequence[ir.Parameter], shown: set[ir.SchemaId]) -> Markdown:
        """Return the declarations of the types that parameters are of."""
        named = dict.fromkeys(targets(parameter.type for parameter in parameters))
        named = {target: None for target in named if target not in shown}
        shown |= named.keys()
        lines = [
            self._sections.notation.definition(self._api.definitions[target]) for target in named
        ]
        return fence("\n".join(lines), "ts") if lines else NOTHING

    def _request(
        self,
        operation: ir.Operation,
        path: str,
        to: Link,
        family: Family | None,
        sections: tuple[Section, ...],
        shown: set[ir.SchemaId],
    ) -> tuple[RequestView, ...]:
        body = operation.body
        if body is None:
            return ()
        narrowings = [] if family is None else [*matrices(self._api, family)]
        home = None if family is None else self._addresses.homes[family.union.id]
        view = RequestView(
            required=body.required,
            doc=prose(body.doc.description, 3),
            contents=tuple(
                self._content(content, path, to, shown, in_full=True) for content in body.contents
            ),
            tag=NOTHING if family is None else code(family.property),
            anchor=Markdown(home.anchor) if home is not None and home.page == path else NOTHING,
            narrowed=tuple(code(matrix.parameter.wire_name) for matrix in narrowings),
            variants=()
            if family is None
            else tuple(variant_rows(family, narrowings, self._addresses, path)),
            notation=NOTHING
            if family is None
            else fence(self._sections.notation.definition(family.union), "ts"),
            sections=sections,
        )
        return (view,)

    def _response(
        self,
        response: ir.Response,
        path: str,
        to: Link,
        shown: set[ir.SchemaId],
        *,
        in_full: bool,
    ) -> ResponseView:
        headers = response.headers
        is_default = response.status == "default"
        return ResponseView(
            status=Markdown("Any other status") if is_default else text(response.status),
            doc=prose(response.doc.description, 4),
            contents=tuple(
                self._content(content, path, to, shown, in_full=in_full)
                for content in response.contents
            ),
            headers=(self._sections.headers(headers, to),) if headers else (),
        )

    def _content(
        self,
        content: ir.Content,
        path: str,
        to: Link,
        shown: set[ir.SchemaId],
        *,
        in_full: bool,
    ) -> ContentView:
        """Describe a body; what is described elsewhere is repeated once, and in full if small."""
        stream = content.stream
        use = content.type if stream is None else stream.item
        words = self._sections.notation.cell(use, to)
        notation = NOTHING
        again: Section | None = None
        if isinstance(use, ir.Ref) and use.target not in shown:
            shown.add(use.target)
            definition = self._api.definitions[use.target]
            is_family = any(family.union.id == use.target for family in self._family.values())
            if self._addresses.homes[use.target].page != path and not is_family:
                notation = fence(self._sections.notation.definition(definition), "ts")
                if in_full and isinstance(definition, ir.Record) and weight(definition) <= _SMALL:
                    again = self._sections.section(definition, to, 4)
        shared = self._common(use, to, notation)
        return ContentView(
            media_type=code(content.media_type),
            type=words if stream is None else Markdown(f"a stream of {words}{_ending(stream)}"),
            notation=NOTHING if shared else notation,
            tables=() if again is None else again.tables,
            rules=() if again is None else again.rules,
            common=shared,
            examples=tuple(shown_examples(content.examples)),
        )

    def _common(self, use: ir.Use, to: Link, notation: Markdown) -> tuple[CommonView, ...]:
        found = common(use, self._api.definitions)
        if found is None or not found.fields or found.count <= _FEW_OPTIONS:
            return ()
        view = CommonView(
            tables=(self._sections.common(found, to),),
            notation=join(
                [
                    *([notation] if notation else []),
                    fence(self._sections.notation.common(found), "ts"),
                ],
                "\n\n",
            ),
        )
        return (view,)


def _ending(stream: ir.Stream) -> str:
    """Say how a stream ends, and how it tells of errors."""
    said = []
    if stream.end is not None:
        said.append(f"ends with {code(stream.end)}")
    if stream.error is not None:
        said.append(f"an event {code(stream.error.name)} reports an error")
    return f" ({'; '.join(said)})" if said else ""


def shown_samples(samples: Iterable[CodeSample]) -> tuple[Sample, ...]:
    """Return samples as they are shown: the first at once, the others at a click."""
    return tuple(
        Sample(
            title=Markdown(sample.title),
            text=fence(sample.source, sample.language),
            is_open=number == 0,
        )
        for number, sample in enumerate(samples)
    )


def title(operation: ir.Operation) -> Markdown:
    """Return what an operation is called for people."""
    return text(plain_title(operation))


def plain_title(named: ir.Operation | ir.Incoming) -> Text:
    """Return the same as plain text, also for webhooks and callbacks."""
    match named:
        case ir.Operation():
            return named.doc.summary or named.doc.title or Text(named.id)
        case ir.Webhook() | ir.Callback():
            return named.operation.doc.summary or named.operation.doc.title or Text(named.name)
        case _:
            assert_never(named)


def variant_rows(
    family: Family, matrices: Sequence[Matrix], addresses: Addresses, path: str
) -> Iterator[VariantRow]:
    """Yield a row with a link to the page of each variant."""
    for number, variant in enumerate(family.variants):
        page = relative(path, addresses.variants[variant.record.id])
        yield VariantRow(
            link=link(code(variant.tag), page),
            narrowed=tuple(
                join(
                    [
                        link(
                            code(str(value)),
                            f"{page}#{value_anchor(matrix.parameter.wire_name, value)}",
                        )
                        for value in matrix.values
                        if value in matrix.allowed[number]
                    ],
                    ", ",
                )
                for matrix in matrices
            ),
            text=summary(variant.record.doc.description or variant.record.doc.title),
        )


def shown_examples(examples: Sequence[ir.Example]) -> Iterator[ShownExample]:
    """Yield the examples that the document gives."""
    for example in examples:
        yield ShownExample(
            title=text(example.summary or example.name or ""),
            doc=prose(example.description, 5),
            text=_shown(example.value),
        )


def _shown(value: ir.Json) -> Markdown:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return fence(str(value), "text")
    return fence(json.dumps(value, indent=2, ensure_ascii=False), "json")
