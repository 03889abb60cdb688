"""Bodies made from a JSON Schema: right ones, and each right one with one thing wrong.

The schemas hold no references: what they lead to stands in their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Schema: TypeAlias = "dict[str, Json]"
Path: TypeAlias = "tuple[str | int, ...]"

WRONG: tuple[Json, ...] = (
    None,
    "",
    "no such value",
    0,
    -1,
    7,
    2**40,
    1.5,
    True,
    [],
    [1],
    {},
    {"": 1},
)
"""What a value is replaced by. Some of these are right somewhere: the referee knows."""

UNKNOWN = "no_such_member"


def around(schema: Schema, seed: Json) -> Iterator[Json]:
    """The seed, then the seed with each member of each object set to each sample value."""
    yield seed
    for path, part in _objects(schema, seed):
        for name, member in cast("dict[str, Schema]", part.get("properties", {})).items():
            for value in samples(member):
                yield replaced(seed, (*path, name), value)


def samples(schema: Schema, depth: int = 0) -> list[Json]:
    """A few values that fit the schema, the simplest first."""
    if "const" in schema:
        return [schema["const"]]
    if "enum" in schema:
        return cast("list[Json]", schema["enum"])
    for word in ("anyOf", "oneOf"):
        if word in schema and "properties" not in schema:
            options = cast("list[Schema]", schema[word])
            return [value for option in options for value in samples(option, depth)]
    match schema.get("type"):
        case "string":
            return ["some text"]
        case "integer":
            return _within(schema, [1, 25, 300])
        case "number":
            return _within(schema, [0.5, 1, 1.0])
        case "boolean":
            return [True, False]
        case "array":
            item = samples(cast("Schema", schema.get("items", {})), depth + 1)[0]
            return [[item], [item, item]]
        case "object":
            return _object_samples(schema, depth)
        case list(types):
            nested = [samples({**schema, "type": name}, depth) for name in types]
            return [value for values in nested for value in values]
        case "null":
            return [None]
        case _:
            return ["anything"]


def _object_samples(schema: Schema, depth: int) -> list[Json]:
    members = cast("dict[str, Schema]", schema.get("properties", {}))
    if not members:
        value = schema.get("additionalProperties")
        inner = samples(value, depth + 1) if isinstance(value, dict) else ["anything"]
        return [{}, {"some_key": inner[0]}]
    required = cast("list[str]", schema.get("required", []))
    least: Json = {name: samples(members[name], depth + 1)[0] for name in required}
    if depth > 3:
        return [least]
    most: Json = {name: samples(each, depth + 1)[0] for name, each in members.items()}
    return [least, most]


def _objects(schema: Schema, value: Json, path: Path = ()) -> Iterator[tuple[Path, Schema]]:
    """The objects inside `value`, each with its schema."""
    if isinstance(value, dict) and "properties" in schema:
        yield path, schema
        members = cast("dict[str, Schema]", schema["properties"])
        for name, inner in value.items():
            if name in members:
                yield from _objects(members[name], inner, (*path, name))


def broken(body: Json) -> Iterator[Json]:
    """The body with one thing wrong: a member left out, replaced, or one too many."""
    for path in _paths(body):
        yield without(body, path)
        for wrong in WRONG:
            yield replaced(body, path, wrong)
        parent = _at(body, path)
        if isinstance(parent, dict):
            yield replaced(body, (*path, UNKNOWN), 1)
    yield replaced(body, (UNKNOWN,), 1)


def _paths(value: Json, path: Path = ()) -> Iterator[Path]:
    items: Sequence[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _at(value: Json, path: Path) -> Json:
    for key in path:
        value = cast("dict[str | int, Json]", value)[key]
    return value


def replaced(value: Json, path: Path, new: Json) -> Json:
    """`value` with what stands at `path` replaced, or added where nothing stands there."""
    if not path:
        return new
    key, *rest = path
    if isinstance(value, list):
        index = cast("int", key)
        return [*value[:index], replaced(value[index], tuple(rest), new), *value[index + 1 :]]
    members = cast("dict[str, Json]", value)
    name = cast("str", key)
    return {**members, name: replaced(members.get(name), tuple(rest), new)}


def without(value: Json, path: Path) -> Json:
    """`value` without what stands at `path`."""
    key, *rest = path
    if isinstance(value, list):
        index = cast("int", key)
        inner = [without(value[index], tuple(rest))] if rest else []
        return [*value[:index], *inner, *value[index + 1 :]]
    members = cast("dict[str, Json]", value)
    if not rest:
        return {name: inner for name, inner in members.items() if name != key}
    return {**members, cast("str", key): without(members[cast("str", key)], tuple(rest))}


def _within(schema: Schema, values: list[Json]) -> list[Json]:
    """The values, and the bounds themselves, that lie within the bounds."""
    low = cast("float | None", schema.get("minimum"))
    high = cast("float | None", schema.get("maximum"))
    every = [*values, *(bound for bound in (low, high) if bound is not None)]
    return [
        value
        for value in every
        if (low is None or cast("float", value) >= low)
        and (high is None or cast("float", value) <= high)
    ]
