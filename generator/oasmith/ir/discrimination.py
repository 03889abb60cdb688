"""How the options of a union are told apart: decided here, never at run time.

Works on the intermediate model alone, after every definition is there.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeAlias, assert_never

from oasmith.frozen import frozen
from oasmith.ir.query import Leaf, leaves, union_of, values_of
from oasmith.ir.types import (
    Allowed,
    AnyOf,
    Anything,
    ByJsonType,
    ByRequiredKeys,
    ByTag,
    ByTrial,
    Declared,
    Definition,
    Discrimination,
    Enum,
    Field,
    ListOf,
    Literal,
    LiteralValue,
    MapOf,
    Nothing,
    Record,
    Ref,
    Required,
    Scalar,
    SchemaId,
    TupleOf,
    Use,
)

JsonType: TypeAlias = str
"""`object`, `array`, `string`, `integer`, `fraction`, `boolean` or `null`.

`number` is `integer` and `fraction` together.
"""

_EVERY_TYPE = frozenset(("object", "array", "string", "integer", "fraction", "boolean", "null"))


@frozen
class Verdict:
    """What was decided. `options` may be nested anew so that each level has one way to decide."""

    options: tuple[Use, ...]
    told_apart: Discrimination
    overlap: bool = False
    """Whether values exist that fit several options and mean something else in each."""


class Unions:
    """Tells options apart; knows the definitions they refer to."""

    def __init__(self, definitions: Mapping[SchemaId, Definition]) -> None:
        self.definitions = definitions
        self._overlaps = _Overlaps(self)

    def decide(self, options: tuple[Use, ...], declared: Declared | None = None) -> Verdict:
        """Return how the options are told apart: by the declared tag, a found one, JSON type,
        distinct required keys, else by trial.
        """
        if declared is not None and (tags := self.declared_tags(options, declared)) is not None:
            by_tag = ByTag(property=declared.property, tags=tags, declared=True)
            return Verdict(options=options, told_apart=by_tag)
        if (found := self.found_tag(options)) is not None:
            return Verdict(options=options, told_apart=found)
        types = [self.json_types(option) for option in options]
        if _disjoint(types):
            return Verdict(options=options, told_apart=ByJsonType())
        objects = [i for i, found_types in enumerate(types) if found_types == {"object"}]
        if 1 < len(objects) < len(options):
            return self._nested(options, objects)
        if (keys := self.required_keys(options)) is not None:
            return Verdict(options=options, told_apart=ByRequiredKeys(keys=keys))
        return Verdict(options=options, told_apart=ByTrial(), overlap=self._overlaps.any(options))

    def _nested(self, options: tuple[Use, ...], objects: list[int]) -> Verdict:
        """Put the objects into a choice of their own, at the place of the first of them."""
        inner = self.decide(tuple(options[i] for i in objects))
        group = AnyOf(options=inner.options, told_apart=inner.told_apart, at=options[objects[0]].at)
        outer = tuple(
            group if i == objects[0] else option
            for i, option in enumerate(options)
            if i == objects[0] or i not in objects
        )
        types = [self.json_types(option) for option in outer]
        if _disjoint(types):
            return Verdict(options=outer, told_apart=ByJsonType(), overlap=inner.overlap)
        return Verdict(
            options=outer,
            told_apart=ByTrial(),
            overlap=inner.overlap or self._overlaps.any(outer),
        )

    # --- by tag -----------------------------------------------------------------------------

    def declared_tags(
        self, options: tuple[Use, ...], declared: Declared
    ) -> tuple[tuple[str, ...], ...] | None:
        """Return the tags of each option: from the mapping, from the constants of the property,
        or from the schema's name. None when some option is no object with a name or two options
        share a tag, so that the discriminator cannot decide.
        """
        tags = [self._tags_of(option, declared) for option in options]
        if not all(tags) or not _disjoint([frozenset(t) for t in tags]):
            return None
        return tuple(tags)

    def _tags_of(
        self, option: Use, declared: Declared, within: frozenset[SchemaId] = frozenset()
    ) -> tuple[str, ...]:
        if self.json_types(option) != {"object"}:
            return ()
        # A discriminator means a property that is there, whatever `required` says.
        constants = self.constants(option, declared.property, optional=True)
        if isinstance(option, Ref):
            mapped = dict(declared.mapping).get(option.target, ())
            if mapped:
                allowed = tuple(tag for tag in mapped if not constants or tag in constants)
                return allowed or mapped
        if constants:
            return constants
        inner = union_of(option, self.definitions)
        if inner is not None:
            if isinstance(option, Ref):
                if option.target in within:
                    return ()
                within |= {option.target}
            return tuple(
                tag for part in inner.options for tag in self._tags_of(part, declared, within)
            )
        return (option.target.name,) if isinstance(option, Ref) else ()

    def found_tag(self, options: tuple[Use, ...]) -> ByTag | None:
        """Return a required property that has distinct string constants in every option."""
        first = next(leaves(options[0], self.definitions), None)
        if not isinstance(first, Record):
            return None
        for candidate in first.fields:
            if not isinstance(candidate.presence, Required):
                continue
            tags: list[tuple[str, ...]] = []
            for option in options:
                constants = self.constants(option, candidate.wire_name)
                if not constants:
                    break
                tags.append(constants)
            if len(tags) == len(options) and _disjoint([frozenset(t) for t in tags]):
                return ByTag(property=candidate.wire_name, tags=tuple(tags), declared=False)
        return None

    def constants(self, option: Use, property_: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return the string constants of a required property, or an `optional` one; none if some
        leaf has none.
        """
        found: list[str] = []
        for leaf in leaves(option, self.definitions):
            if not isinstance(leaf, Record):
                return ()
            member = next((f for f in leaf.fields if f.wire_name == property_), None)
            if member is None or not (optional or isinstance(member.presence, Required)):
                return ()
            values = self.values(member.type)
            if not values:
                return ()
            for value in values:
                if not isinstance(value, str):
                    return ()
                if value not in found:
                    found.append(value)
        return tuple(found)

    def values(self, use: Use) -> tuple[LiteralValue, ...]:
        """Return all the values a use allows where they can be counted, else none."""
        values: list[LiteralValue] = []
        for leaf in leaves(use, self.definitions):
            if not isinstance(leaf, Literal | Enum):
                return ()
            values += values_of(leaf)
        return tuple(values)

    # --- by JSON type -----------------------------------------------------------------------

    def json_types(self, use: Use) -> frozenset[JsonType]:
        """Return the JSON types a value of the use may have."""
        types: set[JsonType] = set()
        for leaf in leaves(use, self.definitions):
            types |= _types_of_leaf(leaf)
        return frozenset(types)

    # --- by required keys -------------------------------------------------------------------

    def required_keys(self, options: tuple[Use, ...]) -> tuple[str, ...] | None:
        """Return for each option a key it requires and no other option knows."""
        records = [list(leaves(option, self.definitions)) for option in options]
        known: list[frozenset[str]] = []
        required: list[list[str]] = []
        for found in records:
            fields: set[str] = set()
            shared: list[str] | None = None
            for leaf in found:
                if not isinstance(leaf, Record) or isinstance(leaf.extra, Allowed):
                    return None
                fields |= {f.wire_name for f in leaf.fields}
                own = [f.wire_name for f in leaf.fields if isinstance(f.presence, Required)]
                shared = own if shared is None else [key for key in shared if key in own]
            known.append(frozenset(fields))
            required.append(shared or [])
        keys = []
        for i, candidates in enumerate(required):
            others = [names for j, names in enumerate(known) if j != i]
            key = next((k for k in candidates if all(k not in names for names in others)), None)
            if key is None:
                return None
            keys.append(key)
        return tuple(keys)


class _Overlaps:
    """Finds options of a union that some value fits at once."""

    def __init__(self, unions: Unions) -> None:
        self.unions = unions
        self._overlaps: dict[tuple[Hashable, Hashable], bool] = {}

    def any(self, options: tuple[Use, ...]) -> bool:
        """Return whether some value fits several options and means something else in each."""
        found = [list(leaves(option, self.unions.definitions)) for option in options]
        return any(
            self._overlap(one, other)
            for i, first in enumerate(found)
            for second in found[i + 1 :]
            for one in first
            for other in second
        )

    def _overlap(self, one: Leaf, other: Leaf) -> bool:
        """Say whether some value fits both and is read differently; scalars read the same."""
        key = (identity(one), identity(other))
        known = self._overlaps.get(key)
        if known is None:
            self._overlaps[key] = False  # until it is known, what leads back here adds nothing
            known = self._overlaps[key] = self._overlap_afresh(one, other)
        return known

    def _overlap_afresh(self, one: Leaf, other: Leaf) -> bool:
        match one, other:
            case (Record(), Record()):
                return not self._distinct(one, other)
            case (Record(), MapOf()):
                return self._fits_map(one, other)
            case (MapOf(), Record()):
                return self._fits_map(other, one)
            case (MapOf(), MapOf()):
                return self.any((one.value, other.value))
            case (ListOf(), ListOf()):
                return self.any((one.item, other.item))
            case (ListOf() | TupleOf(), ListOf() | TupleOf()):
                return True
            case _:
                return False

    def _fits_map(self, record: Record, map_: MapOf) -> bool:
        types = self.unions.json_types(map_.value)
        return all(
            self.unions.json_types(f.type) & types
            for f in record.fields
            if isinstance(f.presence, Required)
        )

    def _distinct(self, one: Record, other: Record) -> bool:
        """Say whether a required field that both have is something else in each."""
        fields = {f.wire_name: f for f in other.fields}
        return any(
            isinstance(member.presence, Required)
            and isinstance(twin.presence, Required)
            and self._apart(member, twin)
            for member in one.fields
            if (twin := fields.get(member.wire_name)) is not None
        )

    def _apart(self, one: Field, other: Field) -> bool:
        first, second = self.unions.values(one.type), self.unions.values(other.type)
        if first and second:
            return not set(map(_exact, first)) & set(map(_exact, second))
        return not self.unions.json_types(one.type) & self.unions.json_types(other.type)


def identity(leaf: Leaf) -> Hashable:
    """Return a key for a leaf: the name of a definition, else the leaf itself."""
    return leaf.id if isinstance(leaf, Record | Enum) else leaf


def _exact(value: LiteralValue) -> tuple[str, LiteralValue]:
    return (type(value).__name__, value)


def _disjoint(sets: list[frozenset[str]]) -> bool:
    return sum(map(len, sets)) == len(frozenset[str]().union(*sets))


def _types_of_leaf(leaf: Leaf) -> frozenset[JsonType]:
    match leaf:
        case Record() | MapOf():
            return frozenset(("object",))
        case ListOf() | TupleOf():
            return frozenset(("array",))
        case Enum():
            return frozenset(json_type(member.value) for member in leaf.members)
        case Literal():
            return frozenset(json_type(value) for value in leaf.values)
        case Anything():
            return _EVERY_TYPE
        case Nothing():
            return frozenset()
        case Scalar():
            kind = leaf.kind.json_type
            return frozenset(("integer", "fraction") if kind == "number" else (kind,))
        case _:
            assert_never(leaf)


def json_type(value: LiteralValue) -> JsonType:
    """Return the JSON type of a constant."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "fraction"
        case str():
            return "string"
        case _:
            assert_never(value)
