"""Examples that are none of what their own schema describes (JSON Schema validation 9.5).

jsonschema-rs judges, all of them in one go. A schema is unfolded along the examples first: what no
example has a value for is left out, so that the cost is that of the examples, not of the document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oasmith.diagnostics import Diagnostics
from oasmith.openapi.node import Node, json_type
from oasmith.source import Json, Location

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

HOLDERS = frozenset(("schema", "media type", "parameter", "header"))
"""Kinds of objects that show examples."""

WORDS = frozenset(("example", "examples"))

_PLAIN = frozenset(
    (
        "type",
        "enum",
        "const",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "dependentRequired",
    )
)
"""Keywords that hold no schemas."""


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
_ASKING = (
    _PLAIN | _IN_PLACE | _OF_ITEMS | _OF_MEMBERS | {"format", "$ref", "allOf", "anyOf", "oneOf"}
)

_FORMATS = frozenset(("date-time", "date", "time", "duration", "uuid"))
"""Formats that are types in Python, and hence checked."""


def check_examples(holders: Iterable[tuple[Node, str]], diagnostics: Diagnostics) -> None:
    """Report each example that does not fit; `holders` are objects that show some, by kind."""
    cases = [case for holder, kind in holders for case in _cases(holder, kind)]
    if not cases:
        return
    unfolding = _Unfolding()
    schemas = [unfolding.of(case.schema, [case.value]) for case in cases]
    if all(schema is True for schema in schemas):
        return
    values = [case.value for case in cases]
    for index, found in _errors(schemas, unfolding.definitions, values):
        error = _deepest(found)
        at, where = cases[index].at, ""
        for step in error.instance_path[1:]:
            if cases[index].is_text:
                where += f"/{step}"
            else:
                at = at / step
        inside = f", at `{where}`," if where else ""
        diagnostics.warning("example", at, f"the example{inside} {_misfit(error)}")


# --- which examples ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An example with its schema. `is_text`: the document has it as a text that is JSON."""

    schema: Node
    value: Json
    at: Location
    is_text: bool = False


def _cases(holder: Node, kind: str) -> Iterator[_Case]:
    schema = holder if kind == "schema" else holder.get("schema")
    if schema is None:
        return
    for node in _examples(holder):
        value = node.value
        if kind in ("schema", "parameter", "header") or not isinstance(value, str):
            yield _Case(schema=schema, value=value, at=node.at)
        elif value.lstrip()[:1] in ("{", "["):
            with suppress(ValueError):  # a text in another notation
                yield _Case(schema=schema, value=json.loads(value), at=node.at, is_text=True)


def _examples(holder: Node) -> Iterator[Node]:
    single, several = holder.get("example"), holder.get("examples")
    if single is not None:
        yield single
    if several is None:
        return
    if isinstance(several.value, list):
        yield from several
    elif isinstance(several.value, dict):
        for entry in dict(several.items()).values():
            example = entry.follow()
            for key in ("value", "dataValue"):
                if key in example:
                    yield example[key]
                    break


# --- the schema along the examples ------------------------------------------------------------


class _Unfolding:
    """Unfolds schemas as far as examples have to do with them.

    What a reference leads to is unfolded once for the same values, into `definitions`.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Json] = {}
        self._known: dict[tuple[int, tuple[int, ...]], Json] = {}

    def of(self, node: Node, values: list[Json]) -> Json:
        """Return the schema for these values, in the words of JSON Schema 2020-12."""
        if not values:
            return True
        schema = node.as_schema()
        value = schema.value
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        types = value.get("type")
        if types is not None and not any(_is_of_type(each, types) for each in values):
            return {"type": types}  # nothing else has to be looked at
        words = [word for word in value if word in _ASKING]
        found: dict[str, Json] = {word: value[word] for word in words if word in _PLAIN}
        if value.get("format") in _FORMATS:
            found["format"] = value["format"]
        if len(words) > len(found):
            self._inner(schema, words, values, found)
        return _undecided(found, values)

    def _inner(
        self, schema: Node, words: list[str], values: list[Json], found: dict[str, Json]
    ) -> None:
        """Add what further schemas in this one say."""
        both: list[Json] = []
        if "$ref" in words and (there := self._target(schema, values)) is not True:
            both.append(there)
        for word in ("allOf", "anyOf", "oneOf"):
            if word not in words:
                continue
            branches: list[Json] = []
            for branch in _listed(schema, word):
                branches.append(self.of(branch, values))
                if branches[-1] is True and word != "allOf":
                    break  # an option that fits is enough: it is what the models ask for
            else:
                if word == "allOf":
                    both += (branch for branch in branches if branch is not True)
                elif branches:
                    both.append({"anyOf": branches})
        if both:
            found["allOf"] = both
        for word in words:
            if word in _IN_PLACE:
                found[word] = self.of(schema[word], values)
        if not _OF_ITEMS.isdisjoint(words):
            items = [item for each in values if isinstance(each, list) for item in each]
            if items:
                self._items(schema, words, items, found)
        if not _OF_MEMBERS.isdisjoint(words):
            objects = [each for each in values if isinstance(each, dict)]
            if objects:
                self._members(schema, words, objects, found)

    def _target(self, node: Node, values: list[Json]) -> Json:
        target = node.target()
        if target is None:
            return True
        key = (id(target.value), tuple(map(id, values)))
        if key not in self._known:
            self._known[key] = True  # a schema that is made of itself asks for nothing more
            found = self.of(target, values)
            if isinstance(found, dict) and len(found) > 1:
                name = str(len(self.definitions))
                self.definitions[name] = found
                found = {"$ref": f"#/$defs/{name}"}
            self._known[key] = found
        return self._known[key]

    def _items(
        self, schema: Node, words: list[str], items: list[Json], found: dict[str, Json]
    ) -> None:
        for word in words:
            if word not in _OF_ITEMS:
                continue
            inner = schema[word]
            if word == "prefixItems":
                if isinstance(inner.value, list) and inner.value:
                    found[word] = [self.of(each, items) for each in inner]
            elif not isinstance(inner.value, list):
                found[word] = self.of(inner, items)

    def _members(
        self,
        schema: Node,
        words: list[str],
        objects: list[dict[str, Json]],
        found: dict[str, Json],
    ) -> None:
        members = [member for each in objects for member in each.values()]
        described = _mapped(schema, "properties") if "properties" in words else {}
        if described:
            found["properties"] = {
                name: self.of(described[name], [each[name] for each in objects if name in each])
                for name in dict.fromkeys(name for each in objects for name in each)
                if name in described
            }
        required = schema["required"].value if "required" in words else None
        if isinstance(required, list):
            # What only the other side sends may be missing: who sends an example is not said.
            found["required"] = [
                name
                for name in required
                if isinstance(name, str)
                and not all(name in each for each in objects)
                and not (name in described and _is_one_sided(described[name]))
            ]
        for word in words:
            if word in _OF_EACH_MEMBER:
                found[word] = self.of(schema[word], members)
        if "patternProperties" in words:
            found["patternProperties"] = {
                pattern: self.of(each, members)
                for pattern, each in _mapped(schema, "patternProperties").items()
            }
        if "dependentSchemas" in words:
            whole: list[Json] = [*objects]
            found["dependentSchemas"] = {
                name: self.of(each, whole)
                for name, each in _mapped(schema, "dependentSchemas").items()
            }
        if "propertyNames" in words:
            names: list[Json] = [name for each in objects for name in each]
            found["propertyNames"] = self.of(schema["propertyNames"], names)


def _undecided(found: dict[str, Json], values: list[Json]) -> Json:
    """Return the schema without what the values plainly keep; most keep all of it."""
    if "type" in found and all(_is_of_type(each, found["type"]) for each in values):
        del found["type"]
    listed = found.get("enum")
    if isinstance(listed, list) and all(isinstance(v, str) and v in listed for v in values):
        del found["enum"]
    if found.get("required") == []:
        del found["required"]
    for word in ("items", "additionalProperties"):
        if found.get(word) is True:
            del found[word]
    members = found.get("properties")
    if isinstance(members, dict) and _ABOUT_FURTHER.isdisjoint(found):
        if asking := {name: each for name, each in members.items() if each is not True}:
            found["properties"] = asking
        else:
            del found["properties"]
    return found or True


_ABOUT_FURTHER = frozenset(
    (
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "not",
        "if",
    )
)
"""Keywords by which it matters that another one is there, although it is kept."""


def _listed(schema: Node, word: str) -> list[Node]:
    node = schema.get(word)
    return list(node) if node is not None and isinstance(node.value, list) else []


def _mapped(schema: Node, word: str) -> dict[str, Node]:
    node = schema.get(word)
    return dict(node.items()) if node is not None and isinstance(node.value, dict) else {}


def _is_of_type(value: Json, types: Json) -> bool:
    named = types if isinstance(types, list) else [types]
    return any(_TYPES[name](value) for name in named if isinstance(name, str) and name in _TYPES)


_TYPES: dict[str, Callable[[Json], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and value.is_integer())
    ),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


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


# --- the verdict ------------------------------------------------------------------------------


def _errors(
    schemas: list[Json], definitions: dict[str, Json], values: list[Json]
) -> Iterator[tuple[int, ValidationError]]:
    """Give the first error of each value that does not fit its schema."""
    import jsonschema_rs

    def look(these: list[Json], those: list[Json]) -> list[ValidationError]:
        schema = {"prefixItems": these, "$defs": definitions}
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
        return list(validator.iter_errors(those))

    seen: set[int] = set()
    try:
        for error in look(schemas, values):
            index = int(error.instance_path[0])
            if index not in seen:
                seen.add(index)
                yield index, error
    except ValueError:  # one of them is no schema: each has to be judged alone
        for index, (schema, value) in enumerate(zip(schemas, values, strict=True)):
            with suppress(ValueError):
                for error in look([schema], [value])[:1]:
                    yield index, error


def _deepest(error: ValidationError) -> ValidationError:
    """Return what is wrong with the option that was most likely meant: that which fits longest."""
    kind: Any = error.kind
    if kind.name not in ("anyOf", "oneOf"):
        return error
    found = [_deepest(branch[0]) for branch in kind.context if branch]
    nearest = max(found, key=lambda each: len(each.instance_path), default=error)
    return nearest if len(nearest.instance_path) > len(error.instance_path) else error


def _misfit(error: ValidationError) -> str:
    kind: Any = error.kind
    value: Any = error.instance
    match kind.name:
        case "type":
            return f"is {json_type(value)}, the type is {' or '.join(kind.types)}"
        case "required":
            return f"lacks `{kind.property}`"
        case "enum":
            return "is not in `enum`"
        case "const":
            return "is not the `const`"
        case "falseSchema":
            return "stands where nothing may be"
        case "additionalProperties" | "unevaluatedProperties":
            return f"has `{kind.unexpected[0]}`, which the schema does not allow"
        case "format":
            return f"is not in the format `{kind.format}`"
        case "anyOf" | "oneOf":
            return "fits no option"
        case keyword:
            return f"does not keep `{keyword}`"
