"""`oneOf` and `anyOf`: which of them are unions, and what their options are.

How the options are discriminated is resolved when every definition is known (the pass
`resolve_unions`).
"""

from __future__ import annotations

import math

from oasmith.frozen import frozen
from oasmith.ir.build.context import Build
from oasmith.ir.build.names import component_id
from oasmith.ir.build.rules import only_rules
from oasmith.ir.build.scalars import constants
from oasmith.ir.build.shapes import Part, Shape, asks
from oasmith.ir.build.words import doc_of
from oasmith.ir.types import Declared, Doc, SchemaId
from oasmith.openapi import Node
from oasmith.openapi.refs import looks_like_reference
from oasmith.source import Json

_CONSTANT_WORDS = frozenset(("const", "enum", "oneOf", "anyOf"))


@frozen
class Group:
    """The options of one `oneOf` or `anyOf`."""

    part: Part
    word: str
    options: tuple[Node, ...]


def group_of(build: Build, shape: Shape) -> Group | None:
    """Return the first choice between types, None if there is none.

    A choice of which an option includes the whole shape again is none: a child by `allOf`
    inherits what its parent says, not that it is one of the parent's children.
    """
    for part in shape.parts:
        value = part.value
        for word in ("oneOf", "anyOf"):
            if word not in value or (part.key, word) in shape.skip:
                continue
            if _is_rule(build, part, word) or _constants_of(build, part, word) is not None:
                continue
            options = tuple(part.node[word])
            if options and not _leads_back(build, shape, part, options):
                return Group(part=part, word=word, options=options)
    return None


def _is_rule(build: Build, part: Part, word: str) -> bool:
    known = build.rules_only.get((part.key, word))
    if known is None:
        known = all(only_rules(option) for option in part.node[word])
        build.rules_only[part.key, word] = known
    return known


def _leads_back(build: Build, shape: Shape, part: Part, options: tuple[Node, ...]) -> bool:
    if len(shape.parts) == 1:
        return False
    inside = {other.key for other in shape.parts if other is not part}
    for option in options:
        value = build.schema(option).value
        if isinstance(value, dict) and "$ref" in value:
            keys = {p.key for p in build.flatten(option, SchemaId(name=""))}
            if part.key in keys and keys & inside:
                return True
    return False


def _constants_of(build: Build, part: Part, word: str) -> dict[tuple[str, Json], Doc] | None:
    """Return the values of a choice between constants alone, each with its words; None if
    the choice is between anything else.
    """
    key = (part.key, word)
    if key not in build.choices_of_constants:
        build.choices_of_constants[key] = _read_constants(build, part.node[word])
    return build.choices_of_constants[key]


def _read_constants(build: Build, options: Node) -> dict[tuple[str, Json], Doc] | None:
    found: dict[tuple[str, Json], Doc] = {}
    for option in options:
        schema = build.schema(option)
        value = schema.value
        if not isinstance(value, dict):
            return None
        if build.is_null(option):
            found.setdefault((_kind(None), None), Doc())
            continue
        if not {*asks(value)} <= {"const", "enum", "type"}:
            return None
        values = [value["const"]] if "const" in value else value.get("enum")
        if not isinstance(values, list):
            return None
        for each in values:
            if isinstance(each, (list, dict)):
                return None
            found.setdefault((_kind(each), each), doc_of(schema) if len(values) == 1 else Doc())
    return found if any(value is not None for _, value in found) else None


def constants_of(build: Build, shape: Shape) -> list[tuple[Json, Doc]] | None:
    """Return the values that `const`, `enum` and choices between constants leave, with their
    words; None where the shape has none of these.
    """
    if not shape.has_any(_CONSTANT_WORDS):
        return None
    values = constants(shape)
    chosen: list[dict[tuple[str, Json], Doc]] = [
        found
        for part in shape.parts
        for word in ("oneOf", "anyOf")
        if word in part.node
        and (part.key, word) not in shape.skip
        and (found := _constants_of(build, part, word)) is not None
    ]
    if not chosen:
        return None if values is None else [(value, Doc()) for value in values]
    listed = [value for _, value in chosen[0]] if values is None else values
    return [
        (value, chosen[0][_kind(value), value])
        for value in listed
        if all(
            not isinstance(value, (list, dict)) and (_kind(value), value) in found
            for found in chosen
        )
    ]


def combinations(build: Build, shape: Shape) -> int:
    """Return in how many ways options of different choices can hold at once."""
    sizes = [
        len(options)
        for part in shape.parts
        for word in ("oneOf", "anyOf")
        if isinstance(options := part.value.get(word), list)
        and options
        and not _is_rule(build, part, word)
        and _constants_of(build, part, word) is None
    ]
    return math.prod(sizes) if len(sizes) > 1 else 1


def deserves_name(build: Build, group: Group) -> bool:
    """Say whether a choice is worth a name of its own: one between objects is."""
    if "discriminator" in group.part.node:
        return True
    return sum(_is_object(build, option) for option in group.options) > 1


def _is_object(build: Build, node: Node) -> bool:
    inner, _ = build.peel(node)
    inner = build.end(inner)
    key = inner.identity
    known = build.are_objects.get(key)
    if known is None:
        build.are_objects[key] = False  # for a choice that is an option of itself
        shape = Shape(build.flatten(inner, SchemaId(name="")))
        types = [type_ for type_ in shape.types if type_ != "null"]
        group = group_of(build, shape)
        known = types == ["object"] or (
            group is not None and any(_is_object(build, option) for option in group.options)
        )
        build.are_objects[key] = known
    return known


def target_of(build: Build, option: Node) -> SchemaId | None:
    """Return the definition that an option is a reference to."""
    inner, _ = build.peel(option)
    if "$ref" not in inner:
        return None
    target = inner.target()
    return None if target is None else build.id_of(target)


def skip_of(shape: Shape, group: Group) -> frozenset[tuple[int, str]]:
    return shape.skip | {(group.part.key, group.word)}


def read_discriminator(
    build: Build, node: Node, merged: dict[SchemaId, SchemaId] | None = None
) -> Declared | None:
    """Return what a discriminator object says; `merged` are options under other names."""
    name = node.string("propertyName") if isinstance(node.value, dict) else None
    if name is None:
        return None
    mapping: dict[SchemaId, tuple[str, ...]] = {}
    for tag, entry in node.members("mapping"):
        target = mapped(build, entry)
        if target is not None:
            target = (merged or {}).get(target, target)
            mapping[target] = (*mapping.get(target, ()), tag)
    return Declared(property=name, mapping=tuple(mapping.items()))


def mapped(build: Build, entry: Node) -> SchemaId | None:
    """Return the definition a value of `mapping` means: a component's name, or a reference."""
    text = entry.value
    if not isinstance(text, str):
        entry.report_type("a string")
        return None
    document = build.document
    components = document.node.get("components")
    named = components.get("schemas") if components is not None else None
    if named is not None and text in named:
        return component_id(text)
    if looks_like_reference(text):
        target = document.target(entry, text)
        return None if target is None else build.id_of(target)
    build.diagnostics.warning(
        "discriminator", entry.at, f"there is no schema `{text}` in this document"
    )
    return None


def _kind(value: Json) -> str:
    return type(value).__name__
