"""Build the definitions of schemas.

A definition is put on a list and built in its turn, so that recursion through references needs no
care.
"""

from __future__ import annotations

from collections.abc import Iterable

from oasmith.diagnostics import working_on
from oasmith.ir.build import targets
from oasmith.ir.build.choices import constants_of, group_of, skip_of
from oasmith.ir.build.context import Build
from oasmith.ir.build.forms import Form, form_of
from oasmith.ir.build.inheritance import define_family, find_families
from oasmith.ir.build.names import component_id
from oasmith.ir.build.reading import is_reference
from oasmith.ir.build.records import record_of_shape
from oasmith.ir.build.references import refer
from oasmith.ir.build.rules import only_rules
from oasmith.ir.build.scalars import literal_values
from oasmith.ir.build.shapes import Shape
from oasmith.ir.build.uses import nullable_of, options_of, report_unread, use_of, use_of_shape
from oasmith.ir.build.words import doc_of, merged_doc
from oasmith.ir.types import (
    NO_DOC,
    Alias,
    Definition,
    Doc,
    Enum,
    EnumMember,
    LiteralValue,
    Nullable,
    SchemaId,
    Union,
    Unresolved,
    Within,
)
from oasmith.openapi import Node
from oasmith.source import Json
from oasmith.text import Text


def _union(build: Build, id_: SchemaId, shape: Shape, doc: Doc, *, nullable: bool) -> Definition:
    """Return the union that a choice with a name is; an alias if one option is left."""
    group = group_of(build, shape)
    assert group is not None
    options, null, declared = options_of(build, shape, group, id_, named=True)
    nullable = nullable or null
    if len(options) == 1:
        use = Nullable(of=options[0], at=shape.at) if nullable else options[0]
        return Alias(id=id_, type=use, doc=doc, at=shape.at)
    return Union(
        id=id_,
        options=options,
        told_apart=Unresolved(declared=declared),
        nullable=nullable,
        doc=doc,
        at=shape.at,
    )


def _sole(build: Build, shape: Shape, owner: SchemaId) -> tuple[Shape, bool] | None:
    """Return the shape of a choice with one option, and whether null is the other; None if
    there are more.
    """
    group = group_of(build, shape)
    assert group is not None
    real = [option for option in group.options if not build.is_null(option)]
    if len(real) != 1:
        return None
    keys = {part.key for part in shape.parts}
    added = tuple(p for p in build.flatten(real[0], owner) if p.key not in keys)
    merged = Shape((*shape.parts, *added), skip_of(shape, group), shape.only)
    return merged, len(real) < len(group.options)


def define(build: Build, id_: SchemaId, node: Node) -> None:
    """Make the definition of a schema that has a name."""
    doc = doc_of(build.schema(node))
    inner, nullable = build.peel(node)
    schema = build.schema(inner)
    if is_reference(schema.value):
        target = schema.target()
        if target is not None and build.ids.get(target.identity) == id_:
            inner, schema = target, build.schema(target)  # it was given this name
            doc = merged_doc((doc_of(schema), doc))
    owner = build.ids.get(inner.identity, id_)
    if is_reference(schema.value) or owner != id_:
        use = refer(build, schema) if is_reference(schema.value) else use_of(build, inner, id_)
        use = nullable_of(use, node.at) if nullable else use
        build.put(Alias(id=id_, type=use, doc=doc, at=node.at))
        return
    if not isinstance(schema.value, dict):
        build.put(Alias(id=id_, type=use_of(build, inner, id_), doc=doc, at=node.at))
        return
    if inner is not node:
        doc = merged_doc((doc_of(schema), doc))
    if define_family(build, id_, node, doc):
        return
    _define_shape(build, id_, Shape(build.flatten(inner, id_)), doc, nullable=nullable)


def define_all(build: Build) -> None:
    """Build what waits, and what that leads to."""
    while build.waiting:
        id_, source = build.waiting.popleft()
        if id_ in build.definitions:
            continue
        build.current = id_
        with working_on(source.at):
            if isinstance(source, Shape):
                _define_shape(build, id_, source, NO_DOC, nullable=False)
            else:
                define(build, id_, source)
    build.current = None


def _define_shape(build: Build, id_: SchemaId, shape: Shape, doc: Doc, *, nullable: bool) -> None:
    if not doc.description and len(shape.parts) + (doc is NO_DOC) > 1:
        inside = [
            doc_of(part.node)
            for part in shape.parts
            if (part.owner == id_ or isinstance(part.owner, Within)) and not only_rules(part.node)
        ]
        doc = merged_doc((*inside, doc))
    at = shape.at
    kind = form_of(build, shape)
    match kind:
        case Form.RECORD:
            report_unread(build, shape, kind)
            build.put(record_of_shape(build, id_, shape, doc))
        case Form.ENUM if (members := _members(build, shape)) is not None:
            report_unread(build, shape, kind)
            build.put(Enum(id=id_, members=members, doc=doc, at=at))
        case Form.UNION | Form.CHOICE:
            sole = _sole(build, shape, id_)
            if sole is not None:
                inner, null = sole
                _define_shape(build, id_, inner, doc, nullable=nullable or null)
            else:
                build.put(_union(build, id_, shape, doc, nullable=nullable))
        case _:
            use = use_of_shape(build, shape, id_)
            use = nullable_of(use, at) if nullable else use
            build.put(Alias(id=id_, type=use, doc=doc, at=at))


def _members(build: Build, shape: Shape) -> tuple[EnumMember, ...] | None:
    """Return the members of an enum; None if it is a single `const` or not of scalars."""
    chosen = [each for each in constants_of(build, shape) or () if each[0] is not None]
    values = literal_values(value for value, _ in chosen)
    if not values or (len(values) == 1 and shape.having("const")):
        return None
    if any(doc != NO_DOC for _, doc in chosen) or not shape.having("enum"):
        docs: Iterable[Doc] = [doc for _, doc in chosen]
    else:
        docs = _member_docs(shape, values)
    return tuple(EnumMember(value=value, doc=doc) for value, doc in zip(values, docs, strict=True))


def _member_docs(shape: Shape, values: tuple[LiteralValue, ...]) -> Iterable[Doc]:
    """Return the words about each value that common extensions hold."""
    part = shape.having("enum")[-1]
    holder = part.value
    assert isinstance(holder, dict)
    texts = _per_value(holder, values, ("x-enum-descriptions", "x-enumDescriptions"))
    titles = _per_value(holder, values, ("x-enum-varnames", "x-enumNames", "x-enum-names"))
    return [Doc(title=title, description=text) for title, text in zip(titles, texts, strict=True)]


def add_components(build: Build, components: Node | None) -> None:
    """Take every schema under `components/schemas` as a definition."""
    if components is None:
        return
    named = [(component_id(name), node) for name, node in components.members("schemas")]
    for id_, node in named:
        build.nodes[id_] = node
        build.waiting.append((id_, node))
        build.ids.setdefault(node.identity, id_)
    for id_, node in named:
        _adopt(build, id_, node)
    find_families(build, named)


def _adopt(build: Build, id_: SchemaId, node: Node) -> None:
    """Let a component that only refers to a schema of another file be that schema's name."""
    value = node.value
    if isinstance(value, dict) and set(value) == {"$ref"}:
        target = node.target()
        if target is not None and target.source is not node.source:
            key = target.identity
            if key not in build.ids or targets.last_word(build.document, target) == id_.name:
                build.ids[key] = id_


def _per_value(
    holder: dict[str, Json], values: tuple[LiteralValue, ...], words: tuple[str, ...]
) -> list[Text | None]:
    """Return the text an extension gives each value, as a list beside `enum` or by value."""
    found: Json = next((holder[word] for word in words if word in holder), None)
    listed = holder.get("enum")
    if isinstance(found, list) and isinstance(listed, list):
        found = {str(value): text for value, text in zip(listed, found, strict=False)}
    texts = found if isinstance(found, dict) else {}
    picked = [texts.get(str(value)) for value in values]
    return [Text(text) if isinstance(text, str) else None for text in picked]
