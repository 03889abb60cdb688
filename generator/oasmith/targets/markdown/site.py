"""What a site around the pages needs to know: their order, their titles, and samples by route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from oasmith.ir import types as ir
from oasmith.targets.markdown.addresses import TYPE_INDEX, Addresses, operations_by_tag
from oasmith.targets.markdown.example_requests import ExampleRequest
from oasmith.targets.markdown.operation_pages import plain_title
from oasmith.targets.markdown.samples import CodeSample, Samples
from oasmith.targets.markdown.variant_pages import heading
from oasmith.targets.markdown.variants import Family
from oasmith.targets.python.view import view
from oasmith.targets.rendering.markdown import NOTHING, Markdown, prose, summary
from oasmith.text import NO_TEXT, Text


@view
class Entry:
    """A page: its title, and what it is about in one line of Markdown, if known."""

    title: Text
    path: str
    about: Markdown


@view
class Chapter:
    """Pages that belong together; `titles` lead to it, outermost first."""

    titles: tuple[Text, ...]
    entries: tuple[Entry, ...]


@view
class Site:
    """`chapters` have every page but the start page, in reading order."""

    title: Text
    about: Markdown
    """The first paragraph of the document's description."""
    chapters: tuple[Chapter, ...]
    samples: Mapping[tuple[str, str], tuple[CodeSample, ...]]
    """By method and path, both as the document has them, the method in upper case."""


def plan_site(
    api: ir.Api, families: tuple[Family, ...], addresses: Addresses, samples: Samples
) -> Site:
    """Plan what surrounds the pages."""
    description, _ = (api.doc.description or NO_TEXT).strip().opening()
    return Site(
        title=api.title,
        about=prose(description, 2),
        chapters=tuple(
            chapter
            for chapter in (
                *_operations(api, addresses),
                *_incoming(api, addresses),
                *_variants(families, addresses),
                *_types(api, addresses),
            )
            if chapter.entries
        ),
        samples=dict(_samples(api, families, samples)),
    )


_OPERATIONS = Text("Operations")


def _operations(api: ir.Api, addresses: Addresses) -> Iterator[Chapter]:
    for tag, operations in operations_by_tag(api).items():
        yield Chapter(
            titles=(_OPERATIONS,) if tag is None else (_OPERATIONS, Text(tag)),
            entries=tuple(
                _entry(operation, operation.doc, addresses.operations[operation.id])
                for operation in operations
            ),
        )


def _incoming(api: ir.Api, addresses: Addresses) -> Iterator[Chapter]:
    for kind, name in ((ir.Webhook, "Webhooks"), (ir.Callback, "Callbacks")):
        yield Chapter(
            titles=(Text(name),),
            entries=tuple(
                _entry(each, each.operation.doc, path)
                for each, path in zip(api.incoming, addresses.incoming, strict=True)
                if isinstance(each, kind)
            ),
        )


def _entry(named: ir.Operation | ir.Incoming, doc: ir.Doc, path: str) -> Entry:
    return Entry(title=plain_title(named), path=path, about=summary(doc.description))


def _variants(families: Iterable[Family], addresses: Addresses) -> Iterator[Chapter]:
    for family in families:
        name = Text(heading(family.property))
        index = addresses.index(family)
        entries = {index: Entry(title=name, path=index, about=NOTHING)}
        for variant in family.variants:
            path = addresses.variants[variant.record.id]
            doc = variant.record.doc
            about = summary(doc.description or doc.title)
            entries.setdefault(path, Entry(title=Text(variant.tag), path=path, about=about))
        yield Chapter(titles=(name,), entries=tuple(entries.values()))


def _types(api: ir.Api, addresses: Addresses) -> Iterator[Chapter]:
    """Yield the pages of types; a namespace that is cut into several pages is a chapter.

    So the navigation beside a page is short however many types there are.
    """
    pages = {TYPE_INDEX: ("All types",)} if api.definitions else {}
    chapters: dict[tuple[str, ...], list[Entry]] = {("Types",): []}
    for path, titles in (*pages.items(), *addresses.shared.items()):
        entry = Entry(title=Text(titles[-1]), path=path, about=NOTHING)
        chapters.setdefault(("Types", *titles[:-1]), []).append(entry)
    for titles, entries in chapters.items():
        yield Chapter(titles=tuple(map(Text, titles)), entries=tuple(entries))


def _samples(
    api: ir.Api, families: Iterable[Family], samples: Samples
) -> Iterator[tuple[tuple[str, str], tuple[CodeSample, ...]]]:
    """Yield the samples for every route of every operation."""
    requests = samples.requests
    family = {operation.id: each for each in families for operation in each.operations}
    for operation in api.operations:
        if operation.id in family:
            first = family[operation.id].variants[0]
            request = requests.of_variant(operation, first.record, first.tag)
        else:
            request = requests.of(operation)
        for route in operation.routes:
            made = samples.of(_over(request, route))
            yield (operation.method, route.path), made


def _over(request: ExampleRequest, route: ir.Route) -> ExampleRequest:
    """Return the request by another route, as far as its parameters allow."""
    if route is request.route:
        return request
    kept = tuple(
        (parameter, value)
        for parameter, value in request.parameters
        if parameter.place != "path" or parameter.wire_name in route.parameters
    )
    given = {parameter.wire_name for parameter, _ in kept}
    if not given.issuperset(route.parameters):
        return request
    return replace(request, route=route, parameters=kept)
