"""All pages of the docs, decided down to the last word; templates only lay them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias, assert_never

from oasmith.ir import types as ir
from oasmith.python.docs.addresses import INDEX, TYPE_INDEX, Addresses, place, relative
from oasmith.python.docs.example_requests import ExampleRequests
from oasmith.python.docs.markdown import (
    NOTHING,
    Markdown,
    cell,
    code,
    external,
    join,
    link,
    text,
)
from oasmith.python.docs.notation import Link
from oasmith.python.docs.operation_pages import (
    OperationPage,
    OperationPages,
    Sample,
    Samples,
    title,
)
from oasmith.python.docs.samples import Connection, Method
from oasmith.python.docs.sections import Section, Sections, document
from oasmith.python.docs.variant_pages import MatrixPage, VariantPage, VariantPages, heading
from oasmith.python.docs.variants import Family, families, matrices
from oasmith.python.view import view
from oasmith.python.views import Origin

_MOST_USERS = 40
"""Places where a type is used that are named; there may be hundreds."""
_LISTED = 2_500
"""Types up to which the index of types names every one."""


@view
class OperationRow:
    link: Markdown
    routes: Markdown
    call: Markdown
    text: Markdown


@view
class TagView:
    title: Markdown
    doc: Markdown
    operations: tuple[OperationRow, ...]


@view
class FamilyRow:
    link: Markdown
    text: Markdown


@view
class SchemeRow:
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
    families: tuple[FamilyRow, ...]
    tags: tuple[TagView, ...]
    types: Markdown
    """A link; empty: there are no types."""


@view
class TypesPage:
    title: Markdown
    contents: tuple[Markdown, ...]
    sections: tuple[Section, ...]


@view
class TypeGroup:
    title: Markdown
    count: Markdown
    types: tuple[Markdown, ...]


@view
class TypeIndexPage:
    groups: tuple[TypeGroup, ...]


View: TypeAlias = "StartPage | OperationPage | VariantPage | MatrixPage | TypesPage | TypeIndexPage"


@view
class Page:
    """One page: `path` is relative to the docs, `trail` links to the pages above it."""

    path: str
    trail: tuple[Markdown, ...]
    view: View


@view
class Docs:
    """The docs of one API. `footer` says what they were made from."""

    pages: tuple[Page, ...]
    footer: Markdown


def plan_docs(
    api: ir.Api,
    methods: Iterable[Method],
    connection: Connection,
    origin: Origin,
) -> Docs:
    """Plan all pages. `methods` are those of the generated client, for the samples."""
    planner = _Planner(api, tuple(methods), connection)
    footer = Markdown(
        f"Made by {text(f'{origin.generator} {origin.version}')} from {code(origin.document)}"
        f" ({code(origin.digest)})."
    )
    return Docs(pages=tuple(planner.pages()), footer=footer)


class _Planner:
    def __init__(self, api: ir.Api, methods: tuple[Method, ...], connection: Connection) -> None:
        self._api = api
        self._connection = connection
        self._methods = {
            (method.operation.id, method.variant): method for method in reversed(methods)
        }
        self._families = families(api)
        names = {op.id: self._name(op) for op in api.operations}
        self._addresses = place(api, self._families, names)
        self._sections = Sections(api, self._addresses)
        self._users = _users(api, self._addresses)

    def _name(self, operation: ir.Operation) -> str:
        method = self._methods.get((operation.id, None))
        return operation.id if method is None else method.path.rpartition(".")[2]

    def pages(self) -> Iterator[Page]:
        yield Page(path=INDEX, trail=(), view=self._start())
        operations = OperationPages(
            self._api,
            self._addresses,
            self._sections,
            self._families,
            self._methods,
            self._connection,
        )
        for operation in self._api.operations:
            path = self._addresses.operations[operation.id]
            yield Page(path=path, trail=(self._home(path),), view=operations.page(operation))
        variants = VariantPages(
            self._api, self._addresses, self._sections, self._methods, self._connection
        )
        seen: set[str] = set()
        for family in self._families:
            index = self._index(family)
            yield Page(path=index, trail=(self._home(index),), view=variants.index(family))
            for variant in family.variants:
                path = self._addresses.variants[variant.record.id]
                if path in seen:
                    continue
                seen.add(path)
                above = link(text(heading(family.property)), relative(path, index))
                yield Page(
                    path=path,
                    trail=(self._home(path), above),
                    view=variants.page(family, variant),
                )
        if self._api.definitions:
            yield Page(path=TYPE_INDEX, trail=(self._home(TYPE_INDEX),), view=self._type_index())
        for path, name in self._addresses.shared.items():
            above = link(Markdown("Types"), relative(path, TYPE_INDEX))
            yield Page(path=path, trail=(self._home(path), above), view=self._types(path, name))

    def _home(self, path: str) -> Markdown:
        return link(text(self._api.title), relative(path, INDEX))

    def _index(self, family: Family) -> str:
        return f"{self._addresses.folders[family.union.id]}/index.md"

    # --- the start page ------------------------------------------------------------------------

    def _start(self) -> StartPage:
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
                    link=link(text(heading(family.property)), self._index(family)),
                    text=self._overview(family),
                )
                for family in self._families
            ),
            tags=tuple(self._tags()),
            types=link(Markdown("All types"), TYPE_INDEX) if self._api.definitions else NOTHING,
        )

    def _overview(self, family: Family) -> Markdown:
        parameters = [code(m.parameter.wire_name) for m in matrices(self._api, family)]
        words = Markdown(f"{len(family.variants)} kinds of request body")
        return join([words, *parameters], " by ") if parameters else words

    def _first_samples(self) -> tuple[Sample, ...]:
        requests = ExampleRequests(self._api.definitions)
        samples = Samples(self._api, self._methods, self._connection)
        for family in self._families:
            first = family.variants[0]
            return samples.of(requests.of_variant(family.operations[0], first.record, first.tag))
        for operation in self._api.operations[:1]:
            return samples.of(requests.of(operation))
        return ()

    def _scheme(self, scheme: ir.SecurityScheme) -> SchemeRow:
        match scheme:
            case ir.ApiKeyAuth(place=where, wire_name=name):
                kind = Markdown(f"{where.value} {code(name)}")
            case ir.HttpAuth(scheme=word):
                kind = Markdown(f"header {code('Authorization')}, scheme {code(word)}")
            case ir.OAuth2(token_url=url):
                kind = Markdown("OAuth 2.0") if url is None else external("OAuth 2.0", url)
            case ir.OpenIdConnect(url=url):
                kind = external("OpenID Connect", url)
            case _:
                assert_never(scheme)
        return SchemeRow(
            name=code(scheme.name),
            kind=kind,
            variable=join(
                [code(variable) for variable in self._connection.variables(scheme)], ", "
            ),
            text=cell(scheme.doc.description),
        )

    def _tags(self) -> Iterator[TagView]:
        by_tag: dict[str | None, list[ir.Operation]] = {tag.name: [] for tag in self._api.tags}
        for operation in self._api.operations:
            by_tag.setdefault(operation.namespace, []).append(operation)
        docs = {tag.name: tag.doc for tag in self._api.tags}
        for name, operations in by_tag.items():
            if operations:
                doc = docs.get(name or "", ir.NO_DOC)
                yield TagView(
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

    def _used_by(self, target: ir.SchemaId, path: str, to: Link) -> Markdown:
        users = self._users.get(target, [])
        shown: dict[Markdown, None] = {}
        for user in users[:_MOST_USERS]:
            match user:
                case ir.Operation():
                    page = self._addresses.operations[user.id]
                    shown[link(title(user), relative(path, page))] = None
                case _:
                    shown[to(user)] = None
        words = [*shown]
        if len(users) > _MOST_USERS:
            words.append(Markdown(f"and {len(users) - _MOST_USERS} more"))
        return join(words, ", ")

    def _type_index(self) -> TypeIndexPage:
        to = self._sections.link(TYPE_INDEX)
        groups = []
        named = len(self._api.definitions) <= _LISTED
        for path, name in self._addresses.shared.items():
            ids = sorted(self._addresses.residents.get(path, ()))
            groups.append(
                TypeGroup(
                    title=link(text(name), relative(TYPE_INDEX, path)),
                    count=Markdown(str(len(ids))),
                    types=tuple(to(target) for target in ids) if named else (),
                )
            )
        return TypeIndexPage(groups=(*groups, *self._own_types(named)))

    def _own_types(self, named: bool) -> Iterator[TypeGroup]:
        """Yield the types that are described on the one page that leads to them."""
        to = self._sections.link(TYPE_INDEX)
        own = sorted(
            target
            for target, home in self._addresses.homes.items()
            if home.page not in self._addresses.shared
        )
        if own:
            yield TypeGroup(
                title=Markdown("Types of one page"),
                count=Markdown(str(len(own))),
                types=tuple(to(target) for target in own) if named else (),
            )


def _users(
    api: ir.Api, addresses: Addresses
) -> dict[ir.SchemaId, list[ir.Operation | ir.SchemaId]]:
    """Return what refers to each definition: operations first, then definitions."""
    users: dict[ir.SchemaId, list[ir.Operation | ir.SchemaId]] = {}
    for operation in api.operations:
        for target in addresses.starts[operation.id]:
            users.setdefault(target, []).append(operation)
    for user, used in addresses.leads_to.items():
        for target in used:
            users.setdefault(target, []).append(user)
    return users
