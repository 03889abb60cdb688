"""Pages of the variants of a family, and the page that lists them with the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from oasmith.ir import types as ir
from oasmith.ir.query import record_of
from oasmith.ir.walk import targets, uses_in_definition
from oasmith.runtime.semantics.rules import Given, ParameterNarrowing, When
from oasmith.targets.markdown.addresses import Addresses, plural, relative, value_anchor, weight
from oasmith.targets.markdown.example_choice import Meaning
from oasmith.targets.markdown.example_values import Shown
from oasmith.targets.markdown.notation import Link
from oasmith.targets.markdown.operation_pages import (
    Sample,
    ShownExample,
    VariantRow,
    shown_examples,
    shown_samples,
    title,
    variant_rows,
)
from oasmith.targets.markdown.samples import Samples
from oasmith.targets.markdown.sections import Row, Section, Sections, Table, document, table
from oasmith.targets.markdown.variants import Family, Matrix, Variant, matrices
from oasmith.targets.python.view import view
from oasmith.targets.rendering.markdown import NOTHING, Markdown, code, fence, link, text

_BODY = Markdown("Request body")
_SMALL = 8_000
"""Estimated bytes up to which a shared type is described again on the page of a variant."""


@view
class Usage:
    """How an operation is called with a variant."""

    operation: Markdown
    samples: tuple[Sample, ...]


@view
class OfferedValue:
    """A value of a parameter: which fields go with it, and how it is asked for."""

    link: Markdown
    """To its place on the page."""
    anchor: Markdown
    title: Markdown
    settings: tuple[Table, ...]
    """One or none."""
    rules: tuple[Markdown, ...]
    """What holds between members of the fields that the table shows one by one."""
    usages: tuple[Usage, ...]


@view
class Offer:
    """The values of a parameter that go with a variant."""

    title: Markdown
    index: Markdown
    """A link to the matrix."""
    values: tuple[OfferedValue, ...]


@view
class VariantPage:
    title: Markdown
    doc: Markdown
    offers: tuple[Offer, ...]
    sections: tuple[Section, ...]
    usages: tuple[Usage, ...]
    """Empty where the offers have them."""
    examples: tuple[ShownExample, ...]
    """Those that no sample sends."""
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
        samples: Samples,
    ) -> None:
        self._api = api
        self._addresses = addresses
        self._sections = sections
        self._requests = samples.requests
        self._samples = samples
        self._known_matrices: dict[ir.SchemaId, tuple[Matrix, ...]] = {}

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
        # The page begins with the words of the body itself, and lists what parameters may be.
        record = self._without_listed(family, variant.record)
        body = replace(self._described(record, to, 2, _BODY, "body", {}), doc=NOTHING)
        sent: list[Shown] = []
        offers = tuple(self._offers(family, variant, path, to, sent))
        usages = () if offers else tuple(self._usages(family, variant, path, None, sent))
        examples = [
            example
            for example in variant.record.doc.examples
            if not self._requests.is_sent(example, variant.record, variant.tag, sent)
        ]
        return VariantPage(
            title=code(variant.tag),
            doc=document(variant.record.doc, 2),
            offers=offers,
            sections=(body, *self._all(nested, to, copies)),
            usages=usages,
            examples=tuple(shown_examples(examples)),
            answers=(
                *(
                    self._answer(self._without_listed(family, answer), to, body.rules)
                    for answer in variant.answers
                ),
                *self._all(answered, to, copies),
            ),
            notation=fence(
                "\n\n".join(self._sections.notation.definition(one) for one in described), "ts"
            ),
        )

    def _without_listed(self, family: Family, record: ir.Record) -> ir.Record:
        """Return the record without the rules about parameters that the page lists."""
        listed = {matrix.parameter.wire_name for matrix in self._matrices(family)}
        rules = [
            rule
            for rule in record.rules
            if not (isinstance(rule, ParameterNarrowing) and rule.parameter in listed)
        ]
        return replace(record, rules=tuple(rules))

    def _answer(self, answer: ir.Record, to: Link, said: Sequence[Markdown]) -> Section:
        """Describe a record of responses, without the rules that the request has as well."""
        name = text(self._sections.names[answer.id])
        section = self._described(answer, to, 3, name, "answer", {})
        return replace(section, rules=tuple(rule for rule in section.rules if rule not in said))

    def _usages(
        self,
        family: Family,
        variant: Variant,
        path: str,
        meaning: Meaning | None,
        sent: list[Shown],
    ) -> Iterator[Usage]:
        """Yield samples of a variant; the bodies of their requests are added to `sent`."""
        for operation in family.operations:
            page = self._addresses.operations[operation.id]
            request = self._requests.of_variant(operation, variant.record, variant.tag, meaning)
            if request.body is not None:
                sent.append(request.body.value)
            yield Usage(
                operation=link(title(operation), relative(path, page)),
                samples=shown_samples(self._samples.of(request)),
            )

    # --- what goes with a value of a parameter ---------------------------------------------------

    def _offers(
        self, family: Family, variant: Variant, path: str, to: Link, sent: list[Shown]
    ) -> Iterator[Offer]:
        index = self._addresses.index(family)
        number = family.variants.index(variant)
        for matrix in self._matrices(family):
            meanings = [
                Meaning(parameter=matrix.parameter.wire_name, value=value, all=matrix.values)
                for value in matrix.values
                if value in matrix.allowed[number]
            ]
            yield Offer(
                title=text(heading(matrix.parameter.wire_name)),
                index=link(text(_matrix_title(family, matrix)), relative(path, index)),
                values=tuple(
                    self._offered(family, variant, path, to, one, sent) for one in meanings
                ),
            )

    def _offered(
        self,
        family: Family,
        variant: Variant,
        path: str,
        to: Link,
        meaning: Meaning,
        sent: list[Shown],
    ) -> OfferedValue:
        anchor = value_anchor(meaning.parameter, meaning.value)
        name = code(str(meaning.value))
        rows: list[Row] = []
        rules: list[Markdown] = []
        for field in variant.record.fields:
            if field.wire_name != family.property and _goes_with(field, variant.record, meaning):
                of_field, between = self._settings(field, path, to, meaning)
                rows += of_field
                rules += between
        return OfferedValue(
            link=link(name, f"#{anchor}"),
            anchor=Markdown(anchor),
            title=name,
            settings=(table(rows),) if rows else (),
            rules=tuple(rules),
            usages=tuple(self._usages(family, variant, path, meaning, sent)),
        )

    def _settings(
        self, field: ir.Field, path: str, to: Link, meaning: Meaning
    ) -> tuple[list[Row], tuple[Markdown, ...]]:
        """Return the rows of a field that goes with a value, and the rules between them.

        Those of a record of this page are its members, one by one.
        """
        inner = record_of(field.type, self._api.definitions)
        if inner is None or self._addresses.homes[inner.id].page != path:
            return [self._sections.brief(field, "body", to)], ()
        members = [
            self._sections.brief(member, field.wire_name, to, within=field)
            for member in inner.fields
            if member.access is not ir.Access.READ and _goes_with(member, inner, meaning)
        ]
        return members, self._sections.rules(inner, field.wire_name) if members else ()

    def _matrices(self, family: Family) -> tuple[Matrix, ...]:
        known = self._known_matrices.get(family.union.id)
        if known is None:
            known = self._known_matrices[family.union.id] = tuple(matrices(self._api, family))
        return known

    # --- what is described on the page -----------------------------------------------------------

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
        path = self._addresses.index(family)
        found = self._matrices(family)
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
                        link(
                            Markdown("✓"),
                            f"{page}#{value_anchor(matrix.parameter.wire_name, value)}",
                        )
                        if value in allowed
                        else NOTHING
                        for value in matrix.values
                    ),
                )
            )
        return MatrixView(
            title=text(_matrix_title(family, matrix)),
            corner=code(family.property),
            heads=tuple(code(str(value)) for value in matrix.values),
            lines=tuple(lines),
        )


def heading(name: str) -> str:
    """Return the name of a field as a heading in the plural: `task_type` gives `Task types`."""
    words = plural(name.replace("_", " ").replace("-", " ").strip())
    return words[:1].upper() + words[1:]


def _matrix_title(family: Family, matrix: Matrix) -> str:
    return f"{heading(family.property)} and {heading(matrix.parameter.wire_name).lower()}"


def _goes_with(field: ir.Field, record: ir.Record, meaning: Meaning) -> bool:
    """Say whether a field may be given together with a value of a parameter."""
    if meaning.excludes(field.doc.description):
        return False
    given = Given((field.wire_name,))
    return not any(
        isinstance(then, ParameterNarrowing)
        and then.parameter == meaning.parameter
        and isinstance(then.type, ir.Literal)
        and meaning.value not in then.type.values
        for rule in record.rules
        if isinstance(rule, When) and rule.conditions == (given,)
        for then in rule.then
    )


def _members(definition: ir.Definition) -> Iterator[tuple[str, Sequence[ir.Use]]]:
    """Yield what a definition is made of, with the names of fields."""
    if isinstance(definition, ir.Record):
        for field in definition.fields:
            yield field.wire_name, (field.type,)
        if isinstance(definition.extra, ir.Allowed):
            yield "*", (definition.extra.type,)
    else:
        yield "", tuple(uses_in_definition(definition))
