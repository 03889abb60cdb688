"""All pages of the docs, decided down to the last word; templates only lay them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from oasmith.diagnostics import working_on
from oasmith.ir import types as ir
from oasmith.source import Location
from oasmith.targets.markdown.addresses import (
    INDEX,
    TYPE_INDEX,
    Addresses,
    operations_by_tag,
    place,
    relative,
    shared_title,
    slugs,
)
from oasmith.targets.markdown.connection import Connection
from oasmith.targets.markdown.flow import flow
from oasmith.targets.markdown.notation import Link
from oasmith.targets.markdown.operation_pages import (
    OperationPage,
    OperationPages,
    Sample,
    plain_title,
    shown_samples,
    title,
)
from oasmith.targets.markdown.samples import Method, Samples
from oasmith.targets.markdown.schemes import scheme_anchor, sent_as
from oasmith.targets.markdown.sections import Section, Sections, document
from oasmith.targets.markdown.settings import SampleForm
from oasmith.targets.markdown.site import Site, plan_site
from oasmith.targets.markdown.variant_pages import MatrixPage, VariantPage, VariantPages, heading
from oasmith.targets.markdown.variants import Family, families, matrices
from oasmith.targets.python.view import view
from oasmith.targets.rendering.markdown import (
    NOTHING,
    Markdown,
    cell,
    code,
    fence,
    join,
    link,
    summary,
    text,
)

_MOST_USERS = 40
"""Places where a type is used that are named; there may be hundreds."""
_USERS_IN_INDEX = 4
"""The same in the index of types, where the type itself has them all."""
_LISTED = 400
"""Types up to which one page is their index."""


@view
class OperationRow:
    link: Markdown
    routes: Markdown
    call: Markdown
    text: Markdown


@view
class TagView:
    anchor: Markdown
    title: Markdown
    doc: Markdown
    operations: tuple[OperationRow, ...]


@view
class FamilyRow:
    link: Markdown
    text: Markdown


@view
class IncomingRow:
    link: Markdown
    request: Markdown
    text: Markdown


@view
class IncomingTable:
    """All webhooks, or all callbacks."""

    title: Markdown
    rows: tuple[IncomingRow, ...]


@view
class SchemeRow:
    anchor: Markdown
    name: Markdown
    kind: Markdown
    variable: Markdown
    text: Markdown


@view
class StartPage:
    title: Markdown
    version: Markdown
    doc: Markdown
    package: Markdown
    servers: tuple[Markdown, ...]
    schemes: tuple[SchemeRow, ...]
    samples: tuple[Sample, ...]
    flow: Markdown
    """A picture of how the API is used; empty: none can be drawn."""
    families: tuple[FamilyRow, ...]
    contents: tuple[Markdown, ...]
    """Links to the tags, where there are several."""
    tags: tuple[TagView, ...]
    incoming: tuple[IncomingTable, ...]
    types: Markdown
    """A link; empty: there are no types."""


@view
class TypesPage:
    title: Markdown
    contents: tuple[Markdown, ...]
    sections: tuple[Section, ...]


@view
class TypeRow:
    type: Markdown
    used_by: Markdown


@view
class TypeIndexPage:
    """All types, those of one letter, or, where there are many, what leads to these."""

    title: Markdown
    shared: tuple[Markdown, ...]
    """Links to the pages of shared types."""
    letters: tuple[Markdown, ...]
    types: tuple[TypeRow, ...]


_User: TypeAlias = "tuple[str, Markdown] | ir.SchemaId"
"""What refers to a type: the page and title of an operation, or another type."""

View: TypeAlias = "StartPage | OperationPage | VariantPage | MatrixPage | TypesPage | TypeIndexPage"


@view
class Page:
    """One page: `path` is relative to the docs, `trail` links to the pages above it; `at` is the
    place of what it is about in the document.
    """

    path: str
    at: Location
    trail: tuple[Markdown, ...]
    view: View


@view
class Docs:
    """The docs of one API."""

    pages: Iterator[Page]
    """Planned one by one as they are asked for: all at once they are most of what a run holds."""
    site: Site


def plan_docs(
    api: ir.Api,
    methods: Iterable[Method],
    connection: Connection,
    forms: Sequence[SampleForm],
) -> Docs:
    """Plan all pages. `methods` are those of the generated client, for samples in `forms`."""
    planner = _Planner(api, tuple(methods), connection, forms)
    return Docs(pages=planner.pages(), site=planner.site())


class _Planner:
    def __init__(
        self,
        api: ir.Api,
        methods: tuple[Method, ...],
        connection: Connection,
        forms: Sequence[SampleForm],
    ) -> None:
        self._api = api
        self._connection = connection
        self._methods = {
            (method.operation.id, method.variant): method for method in reversed(methods)
        }
        self._others: dict[str, list[str]] = {}
        for method in methods:
            main = self._methods.get((method.operation.id, None))
            if method.variant is None and method is not main:
                self._others.setdefault(method.operation.id, []).append(method.path)
        self._families = families(api)
        names = {op.id: self._name(op) for op in api.operations}
        self._addresses = place(api, self._families, names)
        self._sections = Sections(api, self._addresses)
        self._samples = Samples(api, self._methods, connection, forms)
        self._users = _users(api, self._addresses)

    def _name(self, operation: ir.Operation) -> str:
        method = self._methods.get((operation.id, None))
        return operation.id if method is None else method.path.rpartition(".")[2]

    def pages(self) -> Iterator[Page]:
        yield Page(path=INDEX, at=self._api.at, trail=(), view=self._start())
        operations = OperationPages(
            self._api,
            self._addresses,
            self._sections,
            self._families,
            self._methods,
            self._others,
            self._samples,
        )
        for operation in self._api.operations:
            path = self._addresses.operations[operation.id]
            with working_on(operation.at):
                view_: View = operations.page(operation)
            yield Page(path=path, at=operation.at, trail=(self._home(path),), view=view_)
        for incoming, path in zip(self._api.incoming, self._addresses.incoming, strict=True):
            with working_on(incoming.at):
                view_ = operations.incoming(incoming, path)
            yield Page(path=path, at=incoming.at, trail=(self._home(path),), view=view_)
        variants = VariantPages(self._api, self._addresses, self._sections, self._samples)
        seen: set[str] = set()
        for family in self._families:
            index, at = self._addresses.index(family), family.union.at
            with working_on(at):
                view_ = variants.index(family)
            yield Page(path=index, at=at, trail=(self._home(index),), view=view_)
            for variant in family.variants:
                path = self._addresses.variants[variant.record.id]
                if path in seen:
                    continue
                seen.add(path)
                above = link(text(heading(family.property)), relative(path, index))
                at = variant.record.at
                with working_on(at):
                    view_ = variants.page(family, variant)
                yield Page(path=path, at=at, trail=(self._home(path), above), view=view_)
        if self._api.definitions:
            yield from self._type_pages()
        for path, titles in self._addresses.shared.items():
            above = link(Markdown("Types"), relative(path, TYPE_INDEX))
            view_ = self._types(path, shared_title(titles))
            at = self._api.definitions[min(self._addresses.residents[path])].at
            yield Page(path=path, at=at, trail=(self._home(path), above), view=view_)

    def site(self) -> Site:
        return plan_site(self._api, self._families, self._addresses, self._samples)

    def _family_title(self, family: Family) -> Markdown:
        parameters = [heading(m.parameter.wire_name).lower() for m in matrices(self._api, family)]
        return text(" and ".join((heading(family.property), *parameters)))

    def _home(self, path: str) -> Markdown:
        return link(text(self._api.title), relative(path, INDEX))

    # --- the start page ------------------------------------------------------------------------

    def _start(self) -> StartPage:
        drawn = flow(self._api, self._families)
        tags = tuple(self._tags())
        return StartPage(
            title=text(self._api.title),
            version=text(self._api.version),
            doc=document(self._api.doc, 2),
            package=code(self._connection.distribution),
            servers=tuple(
                join([code(server.url), cell(server.doc.description)])
                for server in self._api.servers
            ),
            schemes=tuple(self._scheme(scheme) for scheme in self._api.security),
            samples=self._first_samples(),
            families=tuple(
                FamilyRow(
                    link=link(self._family_title(family), self._addresses.index(family)),
                    text=self._overview(family),
                )
                for family in self._families
            ),
            flow=NOTHING if drawn is None else fence(drawn, "text"),
            contents=tuple(link(tag.title, f"#{tag.anchor}") for tag in tags)
            if len(tags) > 1
            else (),
            tags=tags,
            incoming=tuple(self._incoming()),
            types=link(Markdown("All types"), TYPE_INDEX) if self._api.definitions else NOTHING,
        )

    def _overview(self, family: Family) -> Markdown:
        tags = {variant.tag for variant in family.variants}
        by = join([code(m.parameter.wire_name) for m in matrices(self._api, family)], " and ")
        said = f"what each of the {len(tags)} values of {code(family.property)} takes"
        return Markdown(f"{said}, by {by}, with samples" if by else f"{said}, with samples")

    def _incoming(self) -> Iterator[IncomingTable]:
        for kind, title_ in ((ir.Webhook, "Webhooks"), (ir.Callback, "Callbacks")):
            rows = tuple(
                IncomingRow(
                    link=link(text(plain_title(each)), path),
                    request=join(
                        [
                            code(f"{each.operation.method} {route.path}")
                            for route in each.operation.routes
                        ]
                    )
                    or code(each.operation.method),
                    text=summary(each.operation.doc.description),
                )
                for each, path in zip(self._api.incoming, self._addresses.incoming, strict=True)
                if isinstance(each, kind)
            )
            if rows:
                yield IncomingTable(title=Markdown(title_), rows=rows)

    def _first_samples(self) -> tuple[Sample, ...]:
        requests = self._samples.requests
        for family in self._families:
            first = family.variants[0]
            request = requests.of_variant(family.operations[0], first.record, first.tag)
            return shown_samples(self._samples.of(request))
        for operation in self._api.operations[:1]:
            return shown_samples(self._samples.of(requests.of(operation)))
        return ()

    def _scheme(self, scheme: ir.SecurityScheme) -> SchemeRow:
        return SchemeRow(
            anchor=Markdown(scheme_anchor(scheme.name)),
            name=code(scheme.name),
            kind=sent_as(scheme),
            variable=join(
                [code(variable) for variable in self._connection.variables(scheme)], ", "
            ),
            text=cell(scheme.doc.description),
        )

    def _tags(self) -> Iterator[TagView]:
        by_tag = operations_by_tag(self._api)
        docs = {tag.name: tag.doc for tag in self._api.tags}
        names = slugs((name for name in by_tag if name is not None), frozenset())
        for name, operations in by_tag.items():
            if operations:
                doc = docs.get(name or "", ir.NO_DOC)
                yield TagView(
                    anchor=Markdown("operations" if name is None else f"tag-{names[name]}"),
                    title=text(name or "Operations"),
                    doc=document(doc, 4),
                    operations=tuple(self._operation(operation) for operation in operations),
                )

    def _operation(self, operation: ir.Operation) -> OperationRow:
        method = self._methods.get((operation.id, None))
        routes = [code(f"{operation.method} {route.path}") for route in operation.routes]
        return OperationRow(
            link=link(title(operation), self._addresses.operations[operation.id]),
            routes=join(routes, "<br>"),
            call=NOTHING if method is None else code(method.path),
            text=Markdown("**Deprecated.**") if operation.doc.deprecated else NOTHING,
        )

    # --- types ---------------------------------------------------------------------------------

    def _types(self, path: str, name: str) -> TypesPage:
        to = self._sections.link(path)
        ids = sorted(self._addresses.residents.get(path, ()))
        return TypesPage(
            title=text(name),
            contents=tuple(to(target) for target in ids),
            sections=tuple(
                self._sections.section(
                    self._api.definitions[target], to, 2, used_by=self._used_by(target, path, to)
                )
                for target in ids
            ),
        )

    def _used_by(
        self, target: ir.SchemaId, path: str, to: Link, most: int = _MOST_USERS
    ) -> Markdown:
        users = self._users.get(target, [])
        shown: dict[Markdown, None] = {}
        for user in users[:most]:
            match user:
                case ir.SchemaId():
                    shown[to(user)] = None
                case page, name:
                    shown[link(name, relative(path, page))] = None
        words = [*shown]
        if len(users) > most:
            words.append(Markdown(f"and {len(users) - most} more"))
        return join(words, ", ")

    # --- the index of types --------------------------------------------------------------------

    def _type_pages(self) -> Iterator[Page]:
        """Yield the index of all types with what uses them, on a page for each letter if long."""
        by_letter: dict[str, list[ir.SchemaId]] = {}
        names = self._sections.names
        for target in sorted(self._api.definitions, key=lambda each: names[each].lower()):
            first = names[target][:1].lower()
            letter = first if first.isascii() and first.isalpha() else "other"
            by_letter.setdefault(letter, []).append(target)
        shared = tuple(
            link(text(shared_title(titles)), relative(TYPE_INDEX, path))
            for path, titles in self._addresses.shared.items()
        )
        is_long = len(self._api.definitions) > _LISTED
        above = self._home(TYPE_INDEX)
        pages = {letter: f"types/index-{letter}.md" for letter in by_letter} if is_long else {}
        yield Page(
            path=TYPE_INDEX,
            at=self._api.at,
            trail=(above,),
            view=TypeIndexPage(
                title=Markdown("Types"),
                shared=shared,
                letters=tuple(
                    link(Markdown(letter.upper()), relative(TYPE_INDEX, page))
                    for letter, page in pages.items()
                ),
                types=()
                if is_long
                else tuple(
                    row for ids in by_letter.values() for row in self._type_rows(ids, TYPE_INDEX)
                ),
            ),
        )
        for letter, page in pages.items():
            yield Page(
                path=page,
                at=self._api.at,
                trail=(self._home(page), link(Markdown("Types"), relative(page, TYPE_INDEX))),
                view=TypeIndexPage(
                    title=Markdown(f"Types: {letter.upper()}"),
                    shared=(),
                    letters=(),
                    types=tuple(self._type_rows(by_letter[letter], page)),
                ),
            )

    def _type_rows(self, ids: Iterable[ir.SchemaId], page: str) -> Iterator[TypeRow]:
        to = self._sections.link(page)
        for target in ids:
            yield TypeRow(type=to(target), used_by=self._used_by(target, page, to, _USERS_IN_INDEX))


def _users(api: ir.Api, addresses: Addresses) -> dict[ir.SchemaId, list[_User]]:
    """Return what refers to each definition: operations first, then definitions."""
    users: dict[ir.SchemaId, list[_User]] = {}
    pages = [addresses.operations[operation.id] for operation in api.operations]
    for page, sent in zip(
        (*pages, *addresses.incoming), (*api.operations, *api.incoming), strict=True
    ):
        sender = (page, text(plain_title(sent)))
        for target in addresses.starts[page]:
            users.setdefault(target, []).append(sender)
    for user, used in addresses.leads_to.items():
        for target in used:
            users.setdefault(target, []).append(user)
    return users
