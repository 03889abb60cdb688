"""Words for the options of a union that have no name of their own."""

from __future__ import annotations

from oasmith.ir.build.choices import target_of
from oasmith.ir.build.context import Build
from oasmith.ir.build.shapes import Shape
from oasmith.ir.names import pascal
from oasmith.ir.types import SchemaId, Word
from oasmith.openapi import Node
from oasmith.source import Json


def label(build: Build, option: Node, siblings: list[Node]) -> Word:
    """Return a word for an option without a name: its title, its tag, a property that only
    it has, its JSON type.
    """
    schema = build.schema(option)
    value = schema.value
    if not isinstance(value, dict):
        return "Option"
    title = value.get("title")
    if (
        isinstance(title, str)
        and title
        and not any(_title(build, other) == title for other in siblings if other is not option)
    ):
        return pascal(title)
    own = _properties(build, option)
    if sum(needs_name(sibling.value) for sibling in siblings) == 1:
        return _type_word(build, option)
    for name, member in own.items():
        constant = _constant(member)
        if constant is not None and not any(
            _constant(_properties(build, other).get(name)) == constant
            for other in siblings
            if other is not option
        ):
            return pascal(constant)
    for name in own:
        others = [_properties(build, other) for other in siblings if other is not option]
        if not any(name in other for other in others):
            return "With" + pascal(name)
    required = value.get("required")
    said = own or (required if isinstance(required, list) else ())
    if said:
        twins = [
            theirs
            for other in siblings
            if other is not option and (theirs := _properties(build, other)).keys() == own.keys()
        ]
        for name, member in own.items() if twins else ():
            word = _kind_word(build, member)
            if word not in [_kind_word(build, theirs[name]) for theirs in twins]:
                return ("With", word, pascal(name))
        return "With" + "".join(pascal(str(name)) for name in said)
    return _type_word(build, option)


def _kind_word(build: Build, member: Node) -> str | SchemaId:
    """Return a word for what a property holds, or a list of it."""
    schema = build.schema(member)
    value = schema.value
    if isinstance(value, dict) and isinstance(value.get("items"), dict):
        return _kind_word(build, schema["items"])
    target = target_of(build, member)
    return _type_word(build, member) if target is None else target


def _type_word(build: Build, option: Node) -> str:
    types = Shape(build.flatten(option, SchemaId(name=""))).types
    return pascal(types[0]) if len(types) == 1 else "Option"


def _title(build: Build, option: Node) -> Json:
    value = build.schema(option).value
    return value.get("title") if isinstance(value, dict) else None


def _properties(build: Build, option: Node) -> dict[str, Node]:
    key = option.identity
    known = build.properties_of.get(key)
    if known is None:
        known = build.properties_of[key] = {
            name: member
            for part in build.flatten(option, SchemaId(name=""))
            for name, member in build.properties(part)
        }
    return known


def needs_name(value: Json) -> bool:
    """Say whether something in an option may need a name: anything but references and scalars."""
    if not isinstance(value, dict) or "$ref" in value:
        return False
    if value.get("type") == "array":
        return needs_name(value.get("items"))
    return bool(value) and value.get("type") not in ("string", "integer", "number", "boolean")


def _constant(node: Node | None) -> str | None:
    value = node.value if node is not None else None
    if isinstance(value, dict):
        values = [value["const"]] if "const" in value else value.get("enum")
        if isinstance(values, list) and len(values) == 1 and isinstance(values[0], str):
            return values[0]
    return None
