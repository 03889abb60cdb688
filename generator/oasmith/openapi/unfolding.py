"""Schemas unfolded along values: what no value has to do with is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from oasmith.openapi.node import Node
from oasmith.openapi.versions import modern
from oasmith.runtime.semantics.text import BY_FORMAT
from oasmith.source import Json, Source, Trail

if TYPE_CHECKING:
    from jsonschema_rs import RegexOptions

    from oasmith.openapi.node import Resolver

_IN_PLACE = frozenset(("not", "if", "then", "else"))
_OF_ITEMS = frozenset(("items", "prefixItems", "contains", "unevaluatedItems"))
_OF_EACH_MEMBER = frozenset(("additionalProperties", "unevaluatedProperties"))
_OF_MEMBERS = _OF_EACH_MEMBER | {
    "properties",
    "required",
    "patternProperties",
    "dependentSchemas",
    "propertyNames",
}
_HOLDING = _IN_PLACE | _OF_ITEMS | _OF_MEMBERS | {"$ref", "allOf", "anyOf", "oneOf"}
_ABOUT_FURTHER = frozenset(
    ("additionalProperties", "unevaluatedProperties", "unevaluatedItems", "not", "if")
)
"""Keywords by which it matters that another one is there, although it is kept."""


def _is_number(value: Json) -> bool:
    return type(value) in (int, float)


def _is_count(value: Json) -> bool:
    return type(value) is int and value >= 0


_LONGEST_TEXT = 10_000
"""Characters of a text that patterns are run on."""


def _are_short(values: Iterable[Json]) -> bool:
    return not any(isinstance(value, str) and len(value) > _LONGEST_TEXT for value in values)


def _are_texts(values: list[Json]) -> bool:
    return all(isinstance(value, str) for value in values)


@cache
def pattern_options() -> RegexOptions:
    """Return what makes jsonschema-rs run patterns in time that is linear in the text.

    Without a limit of their size, the factor would be as large as the pattern wants it to be.
    """
    import jsonschema_rs

    return jsonschema_rs.RegexOptions(size_limit=2**18)


@cache
def _is_pattern(text: str) -> bool:
    """Say whether the engine that judges understands a pattern; the models tell if theirs not."""
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator({"pattern": text}, pattern_options=pattern_options())
    except ValueError:
        return False
    return True


_PLAIN: dict[str, Callable[[Json], bool]] = {
    "enum": lambda value: isinstance(value, list) and bool(value),
    "const": lambda _: True,
    "multipleOf": lambda value: isinstance(value, int | float) and value > 0,
    "maximum": _is_number,
    "exclusiveMaximum": _is_number,
    "minimum": _is_number,
    "exclusiveMinimum": _is_number,
    "maxLength": _is_count,
    "minLength": _is_count,
    "pattern": lambda value: isinstance(value, str) and _is_pattern(value),
    "maxItems": _is_count,
    "minItems": _is_count,
    "uniqueItems": lambda value: isinstance(value, bool),
    "maxContains": _is_count,
    "minContains": _is_count,
    "maxProperties": _is_count,
    "minProperties": _is_count,
    "dependentRequired": lambda value: (
        isinstance(value, dict)
        and all(isinstance(needs, list) and _are_texts(needs) for needs in value.values())
    ),
}
"""Keywords that hold no schemas, and what their values are; others are told by `check`."""

_BESIDE_TYPE = _HOLDING | _PLAIN.keys() | {"format"}

_PARTS = frozenset(("properties", "$ref", "allOf", "anyOf", "oneOf"))
_PASSING = frozenset(("$ref", "anyOf", "oneOf"))
"""Keywords that leave it to other schemas what an object is, if nothing else stands beside."""


class Unfolding:
    """Unfolds schemas as far as examples have to do with them.

    What a reference leads to is unfolded once for the same values, into `definitions`.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Json] = {}
        self._known: dict[tuple[int, bool, tuple[int, ...]], Json] = {}
        self._outlines = _Outlines()
        self._closed = False
        """Whether members that nothing describes are refused."""
        self._around: Node | None = None
        """The properties of the schema that a part or an option stands in."""

    def of(self, node: Node, values: list[Json], *, closed: bool = False) -> Json:
        """Return the schema for these values, in the words of JSON Schema 2020-12.

        `closed`: objects have no members but those that the schema describes, if it does any.
        """
        self._closed = closed
        return self._of(node.document, node.source, node.trail, node.value, values, closed)

    def _of(
        self,
        document: Resolver,
        source: Source,
        trail: Trail,
        schema: Json,
        values: list[Json],
        closed: bool,
    ) -> Json:
        """`closed`: no other schema describes the same objects."""
        if type(schema) is not dict:
            return schema if isinstance(schema, bool) else True
        schema = modern(schema, document.version)
        found: dict[str, Json] = {}
        types = schema.get("type")
        if types is not None:
            fitting = _fitting(values, types)
            if not all(fitting):
                found["type"] = types
                if not any(fitting):
                    return found  # nothing else has to be looked at
        if _BESIDE_TYPE.isdisjoint(schema):
            return found or True
        words = [word for word in schema if word in _BESIDE_TYPE]
        for word in words:
            if (is_right := _PLAIN.get(word)) is not None and is_right(schema[word]):
                found[word] = schema[word]
        if "pattern" in found and not _are_short(values):
            del found["pattern"]
        if isinstance(name := schema.get("format"), str) and name in BY_FORMAT:
            found["format"] = name
        if "enum" in found and all(type(v) is str and v in schema["enum"] for v in values):  # type: ignore[operator]
            del found["enum"]
        if not _HOLDING.isdisjoint(words):
            node = Node(document, source, trail, schema)
            self._inner(node, schema, words, values, found, closed)
        return found or True

    def _each(
        self, node: Node, branches: Json, word: str, values: list[Json], *, closed: bool = False
    ) -> Iterator[Json]:
        """Unfold the schemas of a list."""
        if isinstance(branches, list):
            trail = (node.trail, word)
            for index, branch in enumerate(branches):
                yield self._of(node.document, node.source, (trail, index), branch, values, closed)

    def _options(
        self, node: Node, word: str, values: list[Json], closed: bool
    ) -> list[Json] | None:
        """Unfold the schemas of a choice; None if one of them fits for sure.

        Those whose constants refuse all values count only where no other is left.
        """
        listed = node.value.get(word) if isinstance(node.value, dict) else None
        if not isinstance(listed, list):
            return None
        document, source, trail = node.document, node.source, (node.trail, word)
        objects = [each for each in values if type(each) is dict]
        found: list[Json] = []
        refusing: list[int] = []
        for index, option in enumerate(listed):
            if len(objects) == len(values) and type(option) is dict:
                outline = self._outlines.of(Node(document, source, (trail, index), option))
                if all(outline.refuses(each) for each in objects):
                    refusing.append(index)
                    continue
            found.append(self._of(document, source, (trail, index), option, values, closed))
            if found[-1] is True:
                return None
        if not found:
            for index in refusing:
                option = listed[index]
                found.append(self._of(document, source, (trail, index), option, values, closed))
        return found

    def _map(self, node: Node, word: str, values: Callable[[str], list[Json]]) -> dict[str, Json]:
        """Unfold the schemas of a map, those for which there are values."""
        schemas = node.value.get(word) if isinstance(node.value, dict) else None
        if not isinstance(schemas, dict):
            return {}
        trail = (node.trail, word)
        return {
            key: self._of(node.document, node.source, (trail, key), schema, for_it, False)
            for key, schema in schemas.items()
            if (for_it := values(key))
        }

    def _one(
        self, node: Node, schema: Json, word: str, values: list[Json], *, closed: bool = False
    ) -> Json:
        if not values:
            return True
        trail = (node.trail, word)
        return self._of(node.document, node.source, trail, schema, values, closed)

    def _inner(
        self,
        node: Node,
        schema: dict[str, Json],
        words: list[str],
        values: list[Json],
        found: dict[str, Json],
        closed: bool,
    ) -> None:
        """Add what further schemas in this one say."""
        both: list[Json] = []
        around, self._around = self._around, _properties(node) or self._around
        parts = _PARTS.intersection(words)
        inner = closed and len(parts) == 1 and parts <= _PASSING
        if closed and not inner and (closing := self._closing(node, values)) is not None:
            both.append(closing)
        if "$ref" in schema and (there := self._target(node, values, inner)) is not True:
            both.append(there)
        if "allOf" in schema:
            branches = self._each(node, schema["allOf"], "allOf", values)
            both += (branch for branch in branches if branch is not True)
        for word in ("anyOf", "oneOf"):
            # An option that fits is enough: it is what the models ask for.
            if word in schema and (options := self._options(node, word, values, inner)):
                both.append({"anyOf": options})
        self._around = around
        if both:
            found["allOf"] = both
        of_items = of_members = False
        for word in words:
            if word in _IN_PLACE:
                found[word] = self._one(node, schema[word], word, values)
            of_items = of_items or word in _OF_ITEMS
            of_members = of_members or word in _OF_MEMBERS
        if of_items:
            items = [item for each in values if type(each) is list for item in each]
            if items:
                self._items(node, schema, words, items, found)
        if of_members:
            objects = [each for each in values if type(each) is dict]
            if objects:
                self._members(node, schema, words, objects, found)

    def _closing(self, node: Node, values: list[Json]) -> Json | None:
        """Return what refuses members that nothing describes; None where that is not needed."""
        names = self._outlines.of(node).names
        if not names or all(type(each) is not dict or each.keys() <= names for each in values):
            return None
        return {"properties": dict.fromkeys(sorted(names), True), "additionalProperties": False}

    def _target(self, node: Node, values: list[Json], closed: bool) -> Json:
        target = node.target()
        if target is None:
            return True
        key = (id(target.value), closed, tuple(map(id, values)))
        if key not in self._known:
            self._known[key] = True  # a schema that is made of itself asks for nothing more
            found = self._of(
                target.document, target.source, target.trail, target.value, values, closed
            )
            if isinstance(found, dict) and len(found) > 1:
                name = str(len(self.definitions))
                self.definitions[name] = found
                found = {"$ref": f"#/$defs/{name}"}
            self._known[key] = found
        return self._known[key]

    def _items(
        self,
        node: Node,
        schema: dict[str, Json],
        words: list[str],
        items: list[Json],
        found: dict[str, Json],
    ) -> None:
        for word in words:
            if word not in _OF_ITEMS:
                continue
            inner = schema[word]
            if word == "prefixItems":
                if isinstance(inner, list) and inner:
                    each = self._each(node, inner, word, items, closed=self._closed)
                    found[word] = list(each)
            elif not isinstance(inner, list):
                asking = self._one(node, inner, word, items, closed=self._closed)
                if asking is not True or word != "items":
                    found[word] = asking

    def _members(
        self,
        node: Node,
        schema: dict[str, Json],
        words: list[str],
        objects: list[dict[str, Json]],
        found: dict[str, Json],
    ) -> None:
        members = [member for each in objects for member in each.values()]
        properties = _properties(node)
        # A part or an option may ask for what the properties around it describe.
        around = self._around
        describing, self._around = properties or around, None
        described = None if properties is None else properties.value
        if properties is not None and isinstance(described, dict):
            is_asking_further = not _ABOUT_FURTHER.isdisjoint(schema)
            source, trail = properties.source, properties.trail
            asking: dict[str, Json] = {}
            for name in objects[0] if len(objects) == 1 else dict.fromkeys(chain(*objects)):
                if name in described:
                    values = [each[name] for each in objects if name in each]
                    inner = self._of(
                        node.document,
                        source,
                        (trail, name),
                        described[name],
                        values,
                        self._closed,
                    )
                    if inner is not True or is_asking_further:
                        asking[name] = inner
            if asking:
                found["properties"] = asking
        required = schema.get("required")
        if isinstance(required, list):
            # What only the other side sends may be missing: who sends an example is not said.
            missing: list[Json] = [
                name
                for name in required
                if isinstance(name, str)
                and not all(name in each for each in objects)
                and not (
                    describing is not None
                    and name in describing
                    and _is_one_sided(describing[name])
                )
            ]
            if missing:
                found["required"] = missing
        for word in words:
            if word in _OF_EACH_MEMBER:
                inner = self._one(node, schema[word], word, members, closed=self._closed)
                if inner is not True or word != "additionalProperties":
                    found[word] = inner
        if "patternProperties" in schema:
            asked = self._map(node, "patternProperties", lambda _: members)
            known = {key: asked[key] for key in asked if _is_pattern(key)}
            if len(known) < len(asked) or not _are_short([key for each in objects for key in each]):
                known = {"": True}  # any member may be one of those that cannot be judged
            found["patternProperties"] = known
        if "dependentSchemas" in schema:
            whole: list[Json] = [*objects]
            found["dependentSchemas"] = self._map(node, "dependentSchemas", lambda _: whole)
        if "propertyNames" in schema:
            names: list[Json] = [name for each in objects for name in each]
            found["propertyNames"] = self._one(
                node, schema["propertyNames"], "propertyNames", names
            )
        self._around = around


def _fitting(values: list[Json], types: Json) -> list[bool]:
    """Say of which values the type is one of those; of all if that is no type."""
    if type(types) is str:
        is_right = _TYPES.get(types)
        return [True] if is_right is None else [is_right(value) for value in values]
    if not isinstance(types, list):
        return [True]
    checks = [_TYPES.get(name) for name in types if isinstance(name, str)]
    if not checks or None in checks:
        return [True]
    return [any(check(value) for check in checks if check is not None) for value in values]


_TYPES: dict[str, Callable[[Json], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: type(value) is bool,
    "integer": lambda value: (
        type(value) is int or (isinstance(value, float) and value.is_integer())
    ),
    "number": lambda value: type(value) in (int, float),
    "string": lambda value: type(value) is str,
    "array": lambda value: type(value) is list,
    "object": lambda value: type(value) is dict,
}


def _properties(node: Node) -> Node | None:
    """Return the map of properties, or what it refers to as a whole."""
    child = node.get("properties")
    return None if child is None else child.follow_map()


def _is_one_sided(node: Node) -> bool:
    seen: set[int] = set()
    while isinstance(node.value, dict) and id(node.value) not in seen:
        seen.add(id(node.value))
        if node.value.get("readOnly") is True or node.value.get("writeOnly") is True:
            return True
        branches = node.value.get("allOf")
        target = node.target()
        if target is None and isinstance(branches, list) and len(branches) == 1:
            target = node["allOf"][0]
        if target is None:
            return False
        node = target
    return False


# --- what an object may be ---------------------------------------------------------------------

_OPENING = frozenset(
    (
        "patternProperties",
        "propertyNames",
        "dependentSchemas",
        "discriminator",  # schemas that inherit from this one add to it
        "if",
    )
)


@dataclass(frozen=True, slots=True)
class _Outline:
    """The members that a schema describes, with all its branches; None: or any others."""

    names: frozenset[str] | None = frozenset()
    constants: dict[str, list[Json]] = field(default_factory=dict)
    """The values of members that have to have one of a few texts."""

    def refuses(self, value: dict[str, Json]) -> bool:
        """Say whether a member is none of its constants."""
        return any(
            name in value and value[name] not in constants
            for name, constants in self.constants.items()
        )


_EMPTY = _Outline()


class _Outlines:
    """Reads what each schema describes, once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Json, _Outline]] = {}
        """By the identity of the schema, which is kept so that it stays what it is."""

    def of(self, node: Node) -> _Outline:
        value = node.value
        if type(value) is not dict:
            return _EMPTY
        if id(value) not in self._known:
            self._known[id(value)] = value, _EMPTY  # for a schema that is made of itself
            self._known[id(value)] = value, self._read(node, value)
        return self._known[id(value)][1]

    def _read(self, node: Node, schema: dict[str, Json]) -> _Outline:
        names: set[str] = set()
        constants: dict[str, list[Json]] = {}
        is_open = not _OPENING.isdisjoint(schema)
        for word in ("additionalProperties", "unevaluatedProperties"):
            is_open = is_open or schema.get(word, False) is not False
        properties = _properties(node)
        if properties is not None and isinstance(properties.value, dict):
            for name, member in properties.value.items():
                names.add(name)
                if isinstance(member, dict) and (listed := _texts(member)) is not None:
                    constants[name] = listed
        parts = [] if (target := node.target()) is None else [target]
        parts += _branches(node, "allOf")
        for part in parts:
            outline = self.of(part)
            constants = {**outline.constants, **constants}
            is_open = is_open or outline.names is None
            names.update(outline.names or ())
        for option in (*_branches(node, "anyOf"), *_branches(node, "oneOf")):
            outline = self.of(option)
            is_open = is_open or outline.names is None or _is_any_object(option, outline)
            names.update(outline.names or ())
        return _Outline(None if is_open else frozenset(names), constants)


def _is_any_object(option: Node, outline: _Outline) -> bool:
    return (
        not outline.names
        and isinstance(option.value, dict)
        and "$ref" not in option.value
        and option.value.get("type", "object") == "object"
    )


def _texts(member: dict[str, Json]) -> list[Json] | None:
    listed = [member["const"]] if "const" in member else member.get("enum")
    if not isinstance(listed, list) or not listed or "nullable" in member:
        return None
    return listed if all(isinstance(each, str) for each in listed) else None


def _branches(node: Node, word: str) -> list[Node]:
    listed = node.get(word)
    return list(listed) if listed is not None and isinstance(listed.value, list) else []
