"""Pages of the variants of a family, and the page that lists them with the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from oasmith.ir import types as ir
from oasmith.ir.walk import targets, uses_in_definition
from oasmith.python.docs.addresses import Addresses, plural, relative, weight
from oasmith.python.docs.example_requests import ExampleRequests, literals
from oasmith.python.docs.markdown import NOTHING, Markdown, code, fence, link, text
from oasmith.python.docs.notation import Link
from oasmith.python.docs.operation_pages import (
    Sample,
    Samples,
    ShownExample,
    VariantRow,
    shown_examples,
    title,
    variant_rows,
)
from oasmith.python.docs.samples import Connection, Methods
from oasmith.python.docs.sections import Section, Sections, document
from oasmith.python.docs.variants import Family, Matrix, Variant, matrices
from oasmith.python.view import view

_BODY = Markdown("Request body")
_SMALL = 8_000
"""Estimated bytes up to which a shared type is described again on the page of a variant."""


@view
class Offer:
    """The values of a parameter that go with a variant."""

    title: Markdown
    index: Markdown
    """A link to the matrix."""
    values: tuple[Markdown, ...]


@view
class Usage:
    """How an operation is called with a variant."""

    operation: Markdown
    samples: tuple[Sample, ...]


@view
class VariantPage:
    title: Markdown
    doc: Markdown
    offers: tuple[Offer, ...]
    sections: tuple[Section, ...]
    usages: tuple[Usage, ...]
    examples: tuple[ShownExample, ...]
    answers: tuple[Section, ...]
    notation: Markdown


@view
class MatrixLine:
    head: Markdown
    cells: tuple[Markdown, ...]


@view
class MatrixView:
    title: Markdown
    corner: Markdown
    heads: tuple[Markdown, ...]
    lines: tuple[MatrixLine, ...]


@view
class MatrixPage:
    """All variants of a family."""

    title: Markdown
    doc: Markdown
    tag: Markdown
    operations: tuple[Markdown, ...]
    matrices: tuple[MatrixView, ...]
    variants: tuple[VariantRow, ...]


class VariantPages:
    """Makes the pages of the families of one API."""

    def __init__(
        self,
        api: ir.Api,
        addresses: Addresses,
        sections: Sections,
        methods: Methods,
        connection: Connection,
    ) -> None:
        self._api = api
        self._addresses = addresses
        self._sections = sections
        self._requests = ExampleRequests(api.definitions)
        self._samples = Samples(api, methods, connection)

    # --- one variant ---------------------------------------------------------------------------

    def page(self, family: Family, variant: Variant) -> VariantPage:
        """Return the page of a variant."""
        path = self._addresses.variants[variant.record.id]
        nested = self._nested(variant.record, path, {})
        # The settings that a response shows again are described once.
        known = {definition.id: where for where, definition in nested.items()}
        answered: dict[str, ir.Definition] = {}
        for answer in variant.answers:
            answered |= self._nested(answer, path, known)
        copies = {
            definition.id: f"fields-{where}"
            for where, definition in (nested | answered).items()
            if self._addresses.homes[definition.id].page != path
        }
        to = self._sections.link(path, copies)
        described = [variant.record, *nested.values(), *variant.answers, *answered.values()]
        return VariantPage(
            title=code(variant.tag),
            doc=document(variant.record.doc, 2),
            offers=tuple(self._offers(family, variant, path)),
            sections=(
                # The page begins with the words of the body itself.
                replace(self._described(variant.record, to, 2, _BODY, "body", {}), doc=NOTHING),
                *self._all(nested, to, copies),
            ),
            usages=tuple(
                Usage(
                    operation=link(
                        title(operation),
                        relative(path, self._addresses.operations[operation.id]),
                    ),
                    samples=self._samples.of(
                        self._requests.of_variant(operation, variant.record, variant.tag)
                    ),
                )
                for operation in family.operations
            ),
            examples=tuple(shown_examples(variant.record.doc.examples)),
            answers=(
                *(
                    self._described(
                        answer, to, 3, text(self._sections.names[answer.id]), "answer", {}
                    )
                    for answer in variant.answers
                ),
                *self._all(answered, to, copies),
            ),
            notation=fence(
                "\n\n".join(self._sections.notation.definition(one) for one in described), "ts"
            ),
        )

    def _offers(self, family: Family, variant: Variant, path: str) -> Iterator[Offer]:
        index = f"{self._addresses.folders[family.union.id]}/index.md"
        for narrowing in variant.record.narrows:
            values = literals(narrowing.type, self._api.definitions)
            if values:
                yield Offer(
                    title=text(heading(narrowing.parameter)),
                    index=link(Markdown("All in one table"), relative(path, index)),
                    values=tuple(code(str(value)) for value in values),
                )

    def _nested(
        self, record: ir.Record, page: str, known: Mapping[ir.SchemaId, str]
    ) -> dict[str, ir.Definition]:
        """Return the definitions to describe below a record, by the path of fields to them."""
        found: dict[str, ir.Definition] = {}
        seen = {record.id, *known}

        def visit(definition: ir.Definition, path: str) -> None:
            for name, uses in _members(definition):
                for target in targets(uses):
                    inner = self._api.definitions[target]
                    if target in seen or not self._belongs(inner, page):
                        continue
                    seen.add(target)
                    where = ".".join(part for part in (path, name) if part)
                    if where in found:
                        where = f"{where}.{self._sections.names[target]}"
                    found[where] = inner
                    visit(inner, where)

        visit(record, "")
        return found

    def _belongs(self, definition: ir.Definition, page: str) -> bool:
        if self._addresses.homes[definition.id].page == page:
            return True
        match definition:
            case ir.Record() | ir.Union():
                return self._is_small(definition.id)
            case ir.Enum() | ir.Alias():
                return False

    def _is_small(self, target: ir.SchemaId) -> bool:
        size = 0
        waiting = [target]
        for seen in waiting:
            size += weight(self._api.definitions[seen])
            if size > _SMALL:
                return False
            waiting += [t for t in self._addresses.leads_to[seen] if t not in waiting]
        return True

    def _all(
        self, found: Mapping[str, ir.Definition], to: Link, copies: Mapping[ir.SchemaId, str]
    ) -> Iterator[Section]:
        for where, definition in found.items():
            yield self._described(definition, to, 3 + where.count("."), code(where), where, copies)

    def _described(
        self,
        definition: ir.Definition,
        to: Link,
        level: int,
        heading: Markdown,
        path: str,
        copies: Mapping[ir.SchemaId, str],
    ) -> Section:
        """Return a section without its notation, which the page has in one place."""
        section = self._sections.section(
            definition,
            to,
            level,
            title=heading,
            anchor=copies.get(definition.id),
            path=path,
        )
        return replace(section, notation=NOTHING)

    # --- all variants --------------------------------------------------------------------------

    def index(self, family: Family) -> MatrixPage:
        """Return the page that lists the variants."""
        path = f"{self._addresses.folders[family.union.id]}/index.md"
        found = [*matrices(self._api, family)]
        return MatrixPage(
            title=text(heading(family.property)),
            doc=document(family.union.doc, 2),
            tag=code(family.property),
            operations=tuple(
                link(title(operation), relative(path, self._addresses.operations[operation.id]))
                for operation in family.operations
            ),
            matrices=tuple(self._matrix(family, matrix, path) for matrix in found),
            variants=tuple(variant_rows(family, (), self._addresses, path)),
        )

    def _matrix(self, family: Family, matrix: Matrix, path: str) -> MatrixView:
        lines = []
        for variant, allowed in zip(family.variants, matrix.allowed, strict=True):
            page = relative(path, self._addresses.variants[variant.record.id])
            lines.append(
                MatrixLine(
                    head=link(code(variant.tag), page),
                    cells=tuple(
                        link(Markdown("✓"), page) if value in allowed else NOTHING
                        for value in matrix.values
                    ),
                )
            )
        return MatrixView(
            title=text(
                f"{heading(family.property)} and {heading(matrix.parameter.wire_name).lower()}"
            ),
            corner=code(family.property),
            heads=tuple(code(str(value)) for value in matrix.values),
            lines=tuple(lines),
        )


def heading(name: str) -> str:
    """Return the name of a field as a heading in the plural: `task_type` gives `Task types`."""
    words = plural(name.replace("_", " ").replace("-", " ").strip())
    return words[:1].upper() + words[1:]


def _members(definition: ir.Definition) -> Iterator[tuple[str, Sequence[ir.Use]]]:
    """Yield what a definition is made of, with the names of fields."""
    if isinstance(definition, ir.Record):
        for field in definition.fields:
            yield field.wire_name, (field.type,)
        if isinstance(definition.extra, ir.Allowed):
            yield "*", (definition.extra.type,)
    else:
        yield "", tuple(uses_in_definition(definition))
