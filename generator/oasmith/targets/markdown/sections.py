"""Descriptions of types: tables of fields, options, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from oasmith.diagnostics import working_on
from oasmith.ir import types as ir
from oasmith.ir.query import constants, discrimination
from oasmith.ir.walk import deep
from oasmith.targets.markdown.addresses import Addresses, fragment
from oasmith.targets.markdown.common_fields import Common, CommonField
from oasmith.targets.markdown.notation import (
    Link,
    Notation,
    constraints,
    is_long_pattern,
    lengths,
    value_text,
)
from oasmith.targets.markdown.sentences import Sentences, in_words
from oasmith.targets.python.view import view
from oasmith.targets.rendering.markdown import (
    NOTHING,
    Markdown,
    cell,
    code,
    external,
    fence,
    join,
    link,
    prose,
    summary,
    text,
)

_YES, _NO = Markdown("yes"), Markdown("no")
_FEW = 8
"""Values of an enumeration that are named wherever it is used."""


_FEW_TYPES = 3
"""Types of a field that are named where the options of a union differ in it."""


@view
class Row:
    """A field or a parameter."""

    anchor: Markdown
    """Empty: none."""
    name: Markdown
    type: Markdown
    required: Markdown
    default: Markdown
    text: Markdown


@view
class Table:
    rows: tuple[Row, ...]
    has_defaults: bool


@view
class Section:
    """The description of one definition, below a heading."""

    marks: Markdown
    """The `#` of the heading."""
    anchor: Markdown
    title: Markdown
    doc: Markdown
    notation: Markdown
    tables: tuple[Table, ...]
    """One or none."""
    choice: Markdown
    """How the options are told apart; empty: there are none to tell apart."""
    options: tuple[Markdown, ...]
    rules: tuple[Markdown, ...]
    used_by: Markdown


class Sections:
    """Describes the definitions of one API."""

    def __init__(self, api: ir.Api, addresses: Addresses) -> None:
        self._definitions = api.definitions
        self._addresses = addresses
        self.names = _names(api.definitions)
        self._labels = {target: code(name) for target, name in self.names.items()}
        self.notation = Notation(self.names)
        self._sentences = Sentences(self.notation)

    def link(self, page: str, local: Mapping[ir.SchemaId, str] | None = None) -> Link:
        """Return what links definitions from a page; `local` has anchors of copies on it."""
        here = local or {}
        made: dict[ir.SchemaId, Markdown] = {}

        def to(target: ir.SchemaId) -> Markdown:
            if (known := made.get(target)) is not None:
                return known
            href = f"#{here[target]}" if target in here else self._addresses.href(page, target)
            made[target] = known = link(self._labels[target], href)
            return known

        return to

    # --- tables --------------------------------------------------------------------------------

    def _fields(self, record: ir.Record, to: Link, path: str) -> tuple[Table, ...]:
        """Return the table of fields; `path` leads to the record and begins their anchors."""
        rows = [
            self._row(
                field.wire_name,
                field.type,
                field.presence,
                field.doc,
                to,
                path,
                _access(field.access),
            )
            for field in record.fields
        ]
        if isinstance(record.extra, ir.Allowed):
            extra = record.extra
            rows.append(
                Row(
                    anchor=NOTHING,
                    name=Markdown("*any other*"),
                    type=self._type(extra.type, constraints(extra.type), to, NOTHING),
                    required=_NO,
                    default=NOTHING,
                    text=NOTHING if extra.keys is None else _name_limits(extra.keys),
                )
            )
        return (table(rows),) if rows else ()

    def parameters(self, parameters: Iterable[ir.Parameter], to: Link) -> Table:
        """Return the table of parameters."""
        return table(
            [
                self._row(p.wire_name, p.type, p.presence, p.doc, to, p.place, NOTHING)
                for p in parameters
            ]
        )

    def brief(self, field: ir.Field, path: str, to: Link, *, within: ir.Field | None = None) -> Row:
        """Return the row of a field that leads to where the field is described on the page.

        `within` is the field whose member it is: where that is left out, nothing is required.
        """
        required = _NO
        if isinstance(field.presence, ir.Required):
            outer = within is not None and not isinstance(within.presence, ir.Required)
            required = Markdown(f"with {code(path)}") if outer else _YES
        name = field.wire_name if within is None else f"{path}.{field.wire_name}"
        default = NOTHING
        if isinstance(field.presence, ir.Default):
            default = code(value_text(field.presence.value))
        return Row(
            anchor=NOTHING,
            name=link(code(name), f"#{_anchor(path, field.wire_name)}"),
            type=self._type(field.type, constraints(field.type), to, NOTHING),
            required=required,
            default=default,
            text=summary(field.doc.description or field.doc.summary or field.doc.title),
        )

    def rules(self, record: ir.Record, path: str) -> tuple[Markdown, ...]:
        """Return the rules of a record in sentences that name the field that holds it."""
        return tuple(
            Markdown(f"{code(path)}: {sentence}") for sentence in self._sentences.of(record.rules)
        )

    def common(self, common: Common, to: Link) -> Table:
        """Return the table of what the options of a union have in common."""
        return table([self._common_row(field, common, to) for field in common.fields])

    def _common_row(self, field: CommonField, common: Common, to: Link) -> Row:
        match field.types:
            case (ir.Literal(values=values),) if len(values) > _FEW:
                words = Markdown(f"one of {len(values)} values")
            case types if len(types) > _FEW_TYPES:
                words = Markdown(f"one of {len(types)} types, by {code(common.tag)}")
            case types:
                words = join([self.notation.cell(use, to) for use in types], " or ")
        remarks = [cell(field.description)]
        if field.count < common.count:
            remarks.append(Markdown(f"In {field.count} of {common.count}."))
        return Row(
            anchor=NOTHING,
            name=code(field.name),
            type=words,
            required=_YES if field.required else _NO,
            default=NOTHING,
            text=join([remark for remark in remarks if remark]),
        )

    def headers(self, headers: Iterable[ir.Header], to: Link) -> Table:
        """Return the table of the headers of a response."""
        return table(
            [self._row(h.wire_name, h.type, h.presence, h.doc, to, "", NOTHING) for h in headers]
        )

    def _row(
        self,
        name: str,
        use: ir.Use,
        presence: ir.Presence,
        doc: ir.Doc,
        to: Link,
        path: str,
        mark: Markdown,
    ) -> Row:
        default = NOTHING
        if isinstance(presence, ir.Default):
            default = code(value_text(presence.value))
        words = [cell(doc.description or doc.summary or doc.title)]
        if doc.deprecated:
            words.insert(0, Markdown("**Deprecated.**"))
        limits = constraints(use)
        words += [_sentence(limit) for limit in limits if "matches /" in limit]
        if doc.external is not None:
            words.append(external("Read more", doc.external))
        return Row(
            anchor=_anchor(path, name) if path else NOTHING,
            name=code(name),
            type=self._type(use, limits, to, mark),
            required=_YES if isinstance(presence, ir.Required) else _NO,
            default=default,
            text=words[0] if len(words) == 1 else join([word for word in words if word]),
        )

    def _type(self, use: ir.Use, limits: Sequence[str], to: Link, mark: Markdown) -> Markdown:
        words = self.notation.cell(use, to)
        remarks = [
            "**secret**" if limit == ir.ScalarKind.SECRET.name else in_words(limit)
            for limit in limits
            if "matches /" not in limit
        ]
        values = (
            constants(use, self._definitions, besides_null=True) if isinstance(use, ir.Ref) else ()
        )
        if 0 < len(values) <= _FEW:
            remarks.append(", ".join([code(value_text(value)) for value in values]))
        if not remarks and not mark:
            return words
        parts = [words, *([Markdown(", ".join(remarks))] if remarks else []), mark]
        return join([part for part in parts if part], "<br>")

    # --- sections ------------------------------------------------------------------------------

    def section(
        self,
        definition: ir.Definition,
        to: Link,
        level: int,
        *,
        title: Markdown | None = None,
        anchor: str | None = None,
        path: str = "",
        used_by: Markdown = NOTHING,
    ) -> Section:
        """Return the description of a definition below a heading of the level."""
        tables: tuple[Table, ...] = ()
        choice = NOTHING
        options: tuple[Markdown, ...] = ()
        rules: tuple[Markdown, ...] = ()
        with working_on(definition.at):
            match definition:
                case ir.Record():
                    tables = self._fields(definition, to, path)
                    rules = self._sentences.of(definition.rules)
                case ir.Union():
                    choice = _told_apart(discrimination(definition))
                    options = self._options(definition, to)
                case ir.Enum(members=members) if any(member.doc.description for member in members):
                    options = tuple(
                        join([code(value_text(member.value)), cell(member.doc.description)], ": ")
                        for member in members
                    )
                case ir.Enum():
                    pass
                case ir.Alias(type=use):
                    long = [Markdown(in_words(r)) for r in constraints(use) if is_long_pattern(r)]
                    if long or any(isinstance(part, ir.Ref) for part in deep(use)):
                        options = (join([self.notation.cell(use, to), *long], ", "),)
                case _:
                    assert_never(definition)
            return Section(
                marks=Markdown("#" * min(6, level)),
                anchor=Markdown(anchor or self._addresses.homes[definition.id].anchor),
                title=text(self.names[definition.id]) if title is None else title,
                doc=document(definition.doc, level + 1),
                notation=fence(self.notation.definition(definition), "ts"),
                tables=tables,
                choice=choice,
                options=options,
                rules=rules,
                used_by=used_by,
            )

    def _options(self, union: ir.Union, to: Link) -> tuple[Markdown, ...]:
        parts = [
            join([self.notation.cell(option, to), *_remarks(option)], ", ")
            for option in union.options
        ]
        if isinstance(union.told_apart, ir.ByTag):
            parts = [
                Markdown(f"{' or '.join(str(code(value_text(tag))) for tag in tags)}: {part}")
                for part, tags in zip(parts, union.told_apart.tags, strict=True)
            ]
        if union.nullable:
            parts.append(code("null"))
        return tuple(parts)


def document(doc: ir.Doc, level: int) -> Markdown:
    """Return words for people as blocks; headings in them are of `level` or below."""
    blocks = [prose(doc.description, level)]
    if not doc.description:
        blocks = [prose(doc.summary or doc.title, level)]
    if doc.deprecated:
        blocks.insert(0, Markdown("**Deprecated.**"))
    if doc.external is not None:
        blocks.append(external("Read more", doc.external))
    return join([block for block in blocks if block], "\n\n")


def table(rows: Sequence[Row]) -> Table:
    """Return a table; it has a column of defaults if there is any."""
    return Table(rows=tuple(rows), has_defaults=any(row.default for row in rows))


def _anchor(path: str, name: str) -> Markdown:
    return Markdown(fragment(f"{path}.{name}"))


def _access(access: ir.Access) -> Markdown:
    match access:
        case ir.Access.READ:
            return Markdown("in responses only")
        case ir.Access.WRITE:
            return Markdown("in requests only")
        case ir.Access.BOTH:
            return NOTHING
        case _:
            assert_never(access)


def _remarks(use: ir.Use) -> list[Markdown]:
    return [Markdown(in_words(remark)) for remark in constraints(use)]


def _sentence(remark: str) -> Markdown:
    words = in_words(remark)
    return Markdown(f"{words[0].upper()}{words[1:]}.")


def _name_limits(bounds: ir.TextBounds) -> Markdown:
    """Return sentences on the names of further properties."""
    found = [Markdown(f"Name has {length}.") for length in lengths(bounds)]
    found += [Markdown(f"Name matches {code(pattern)}.") for pattern in bounds.patterns]
    return join(found, " ")


def _told_apart(how: ir.Discrimination) -> Markdown:
    match how:
        case ir.ByTag(property=name):
            return Markdown(f"One of, told apart by {code(name)}:")
        case ir.ByRequiredKeys(keys=keys):
            return Markdown(
                f"One of, told apart by the key: {join([code(k) for k in keys], ', ')}:"
            )
        case ir.ByJsonType() | ir.ByTrial():
            return Markdown("One of:")
        case _:
            assert_never(how)


def _names(definitions: Mapping[ir.SchemaId, ir.Definition]) -> dict[ir.SchemaId, str]:
    """Return what definitions are called: their name, in full where two have the same."""
    found: dict[str, int] = {}
    for target in definitions:
        found[target.name] = found.get(target.name, 0) + 1
    return {
        target: target.name if found[target.name] == 1 else str(target) for target in definitions
    }
