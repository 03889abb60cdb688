"""Bodies made from a JSON Schema: right ones, and each right one with one thing wrong.

References are looked up by `find`; schemas without any need none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, cast

from oracle.patterns import text_for

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Schema: TypeAlias = "dict[str, Json]"
Path: TypeAlias = "tuple[str | int, ...]"
Find: TypeAlias = "Callable[[str], Schema]"

_DEEPEST = 12
"""Of what recurses, no more levels than that."""
_FULL = 2
"""From that depth on objects hold what they have to and no more."""
_SOME = 8
"""How many options of a choice are tried; fewer further inside."""

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


def _find_nothing(reference: str) -> Schema:
    raise LookupError(reference)


def around(schema: Schema, seed: Json, find: Find = _find_nothing) -> Iterator[Json]:
    """The seed, then the seed with each member of each object set to each sample value."""
    yield seed
    for path, part in _objects(schema, seed, find):
        for name, member in cast("dict[str, Schema]", part.get("properties", {})).items():
            for value in samples(member, find, len(path) + 1):
                yield replaced(seed, (*path, name), value)


def edges(schema: Schema, seed: Json, find: Find = _find_nothing) -> Iterator[Json]:
    """The seed with each member of each object set to values just outside of what is allowed."""
    for path, part in _objects(schema, seed, find):
        for name, member in cast("dict[str, Schema]", part.get("properties", {})).items():
            for value in _outside(flat(member, find)):
                yield replaced(seed, (*path, name), value)


def flat(schema: Schema | bool, find: Find, depth: int = 0) -> Schema:
    """Give the schema with references and `allOf` merged into it.

    Where parts contradict each other the first one has its way: a validator has to look at what is
    made of it.
    """
    if not isinstance(schema, dict):
        return {}
    parts = [schema]
    if depth < _DEEPEST and "$ref" in schema:
        parts.append(flat(find(cast("str", schema["$ref"])), find, depth + 1))
    if depth < _DEEPEST:
        some = cast("list[Schema]", schema.get("allOf", []))
        parts += [flat(part, find, depth + 1) for part in some]
    whole: Schema = {}
    for part in parts:
        for key, value in part.items():
            if key in ("$ref", "allOf"):
                continue
            before = whole.get(key)
            if key in ("properties", "patternProperties") and isinstance(before, dict):
                whole[key] = {**cast("Schema", value), **before}
            elif key == "required" and isinstance(before, list):
                whole[key] = [*before, *(n for n in cast("list[Json]", value) if n not in before)]
            elif key in ("oneOf", "anyOf") and key in whole:
                # A second choice: one option of it at a time is beside the first.
                other = "anyOf" if key == "oneOf" else "oneOf"
                whole.setdefault(other, value)
            else:
                whole.setdefault(key, value)
    return whole


def samples(schema: Schema | bool, find: Find = _find_nothing, depth: int = 0) -> list[Json]:
    """A few values that should fit the schema, the simplest first; none where nothing does."""
    if schema is False or depth > _DEEPEST:
        return []
    whole = flat(schema, find)
    found = [*cast("list[Json]", whole.get("examples", [])), *_samples(whole, find, depth)]
    if depth == 0 and "default" in whole:
        found.append(whole["default"])
    return _distinct(found)


def _distinct(values: list[Json]) -> list[Json]:
    return list({json.dumps(value, default=str): value for value in values}.values())


def _samples(schema: Schema, find: Find, depth: int) -> list[Json]:
    if "const" in schema:
        return [schema["const"]]
    if isinstance(schema.get("enum"), list):
        return cast("list[Json]", schema["enum"])
    for word in ("oneOf", "anyOf"):
        if isinstance(schema.get(word), list):
            rest = {key: value for key, value in schema.items() if key not in (word, "examples")}
            options = cast("list[Schema]", schema[word])
            some = options if depth < 2 else options[: _SOME - depth]
            found = [_samples(flat({"allOf": [o, rest]}, find), find, depth + 1) for o in some]
            return [value for values in found for value in values[: _SOME - depth]]
    kinds = schema.get("type") or _kind(schema)
    if isinstance(kinds, list):
        nested = [_samples({**schema, "type": kind}, find, depth) for kind in kinds]
        return [value for values in nested for value in values]
    match kinds:
        case "string":
            return _texts(schema)
        case "integer":
            return _within(schema, [1, 25, 300, 0, -3])
        case "number":
            return _within(schema, [0.5, 1, 1.0, 25, -2.5, 1e300])
        case "boolean":
            return [True, False]
        case "array":
            return _lists(schema, find, depth)
        case "object":
            return _object_samples(schema, find, depth)
        case "null":
            return [None]
        case _:
            values: list[Json] = ["anything", 7, {"some": [None]}, None]
            return values[: 1 if depth > 1 else 4]


def _kind(schema: Schema) -> str | None:
    if schema.keys() & {"properties", "additionalProperties", "required", "patternProperties"}:
        return "object"
    if schema.keys() & {"items", "prefixItems"}:
        return "array"
    if schema.keys() & {"pattern", "maxLength", "minLength", "format"}:
        return "string"
    return None


_FORMATTED: dict[Json, list[Json]] = {
    "date-time": [
        "2024-05-06T07:08:09Z",
        "2024-05-06T07:08:09.123456Z",
        "2024-05-06T07:08:09.120+02:00",
        "2024-12-31T23:59:59-00:30",
    ],
    "date": ["2024-02-29"],
    "time": ["07:08:09Z", "07:08:09.5+02:00"],
    "duration": ["PT1H", "P1DT12H", "P3W"],
    "uuid": ["0e5d7d4c-6b4f-4f4e-9c36-0d3b8b6d9a11", "0E5D7D4C-6B4F-4F4E-9C36-0D3B8B6D9A11"],
    "byte": ["aGVsbG8=", ""],
    "decimal": ["1.50"],
    "ipv4": ["192.0.2.1"],
    "ipv6": ["2001:db8::1", "::"],
    "ipv4network": ["192.0.2.0/24"],
    "ipv6network": ["2001:db8::/32"],
    "ipv4interface": ["192.0.2.1/24"],
    "ipv6interface": ["2001:db8::1/64"],
    "ipvanyaddress": ["192.0.2.1", "2001:db8::1"],
    "ipvanynetwork": ["192.0.2.0/24", "2001:db8::/32"],
    "ipvanyinterface": ["192.0.2.1/24", "2001:db8::1/64"],
}


def _texts(schema: Schema) -> list[Json]:
    if schema.get("format") in _FORMATTED:
        return _FORMATTED[schema["format"]]
    least, most = cast("int", schema.get("minLength", 0)), cast("int", schema.get("maxLength", 50))
    if isinstance(schema.get("pattern"), str):
        fitting = text_for(cast("str", schema["pattern"]), least)
        return [] if fitting is None else [fitting]
    texts = ["some text", "", "é\u2028", "x" * most if most <= 10_000 else "x"]
    return [each for each in texts if least <= len(each) <= most] or ["x" * max(least, 1)]


def _lists(schema: Schema, find: Find, depth: int) -> list[Json]:
    heads = [
        samples(s, find, depth + 1) for s in cast("list[Schema]", schema.get("prefixItems", []))
    ]
    if any(not head for head in heads):
        return []
    start = [head[0] for head in heads]
    items = cast("Schema | bool", schema.get("items", True))
    more = samples(items, find, depth + 1)
    least = max(cast("int", schema.get("minItems", 0)) - len(start), 0)
    most = cast("int", schema.get("maxItems", 1000)) - len(start)
    if least > len(more) and schema.get("uniqueItems"):
        more = [*more, *_numbered(flat(items, find), least)]
    return [
        start + [more[i % len(more)] for i in range(size)]
        for size in (least, 1, 2, 0)
        if least <= size <= min(most, 1000) and (more or size == 0)
    ]


def _numbered(item: Schema, count: int) -> list[Json]:
    if item.get("type") == "string" and "pattern" not in item:
        return [f"text {number}" for number in range(count)]
    return [*range(count)]


def _object_samples(schema: Schema, find: Find, depth: int) -> list[Json]:
    members = cast("dict[str, Schema]", schema.get("properties", {}))
    required = cast("list[str]", schema.get("required", []))
    least: dict[str, Json] = {}
    for name in required:
        values = samples(members.get(name, True), find, depth + 1)
        if not values:
            return []
        least[name] = values[0]
    found: list[dict[str, Json]] = [least]
    if members and depth <= _FULL:
        most: dict[str, Json] = {}
        for name, each in members.items():
            values = samples(each, find, depth + 1)
            if values:
                most[name] = values[-1] if name not in least else values[0]
        found.append(most)
    rest = schema.get("additionalProperties")
    if rest is None and not members and "unevaluatedProperties" not in schema:
        rest = True
    if rest is not None and rest is not False:
        found += [{**least, "some key": v} for v in samples(cast("Schema", rest), find, depth + 1)]
    for pattern, each in cast("dict[str, Schema]", schema.get("patternProperties", {})).items():
        key = text_for(pattern)
        if key is not None:
            found += [{**least, key: value} for value in samples(each, find, depth + 1)]
    if isinstance(schema.get("minProperties"), int) and not schema.get("required"):
        found.reverse()
    return list(found)


def _objects(
    schema: Schema | bool, value: Json, find: Find, path: Path = ()
) -> Iterator[tuple[Path, Schema]]:
    """The objects inside `value`, each with its schema."""
    if isinstance(value, dict):
        whole = flat(schema, find)
        for word in ("oneOf", "anyOf"):
            for option in cast("list[Schema]", whole.get(word, [])):
                part = flat(option, find)
                if value.keys() <= cast("Schema", part.get("properties", {})).keys():
                    yield from _objects(part, value, find, path)
                    break
        if "properties" not in whole:
            return
        yield path, whole
        members = cast("dict[str, Schema]", whole["properties"])
        for name, inner in value.items():
            if name in members:
                yield from _objects(members[name], inner, find, (*path, name))


def _outside(schema: Schema) -> Iterator[Json]:
    """Values that break one bound of a schema without references each."""
    for key, value in schema.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            continue
        match key, value:
            case "minimum" | "exclusiveMinimum", int() | float():
                yield value - 1
                yield value
            case "maximum" | "exclusiveMaximum", int() | float():
                yield value + 1
                yield value
            case "multipleOf", int() | float():
                yield value / 2
            case "minLength", int() if 0 < value < 10_000:
                yield "x" * (value - 1)
            case "maxLength", int() if value < 10_000:
                yield "x" * (value + 1)
            case "minItems", int() if 0 < value < 1000:
                yield []
            case "format", "date-time":
                yield from ("2024-05-06", "2024-05-06 07:08:09", "2024-05-06T07:08:09", "12")
            case "format", "date":
                yield from ("2024-02-30", "2024-02-29T00:00:00Z", "12")
            case "format", "uuid":
                yield "0e5d7d4c6b4f4f4e9c360d3b8b6d9a11"
            case "format", "byte":
                yield "a"
            case "pattern", _:
                yield from ("", "\n", "no such value!")
            case _:
                pass


def broken(body: Json) -> Iterator[Json]:
    """The body with one thing wrong: a member left out, replaced, or one too many."""
    for path in _paths(body):
        yield without(body, path)
        for wrong in WRONG:
            yield replaced(body, path, wrong)
        parent = _at(body, path)
        if isinstance(parent, dict):
            yield replaced(body, (*path, UNKNOWN), 1)
    if isinstance(body, dict):
        yield replaced(body, (UNKNOWN,), 1)
    yield from WRONG


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
    bounds = [schema.get(word) for word in ("minimum", "maximum", "multipleOf")]
    every = [*values, *(bound for bound in bounds if isinstance(bound, int | float))]
    if isinstance(schema.get("exclusiveMinimum"), int | float):
        every.append(cast("float", schema["exclusiveMinimum"]) + 1)
    if isinstance(schema.get("exclusiveMaximum"), int | float):
        every.append(cast("float", schema["exclusiveMaximum"]) - 1)
    return [each for each in every if _is_within(schema, cast("float", each))]


def _is_within(schema: Schema, value: float) -> bool:
    def bound(word: str) -> float | None:
        found = schema.get(word)
        return found if isinstance(found, int | float) and not isinstance(found, bool) else None

    least, most = bound("minimum"), bound("maximum")
    above, below = bound("exclusiveMinimum"), bound("exclusiveMaximum")
    return (
        (least is None or value >= least)
        and (most is None or value <= most)
        and (above is None or value > above)
        and (below is None or value < below)
    )
