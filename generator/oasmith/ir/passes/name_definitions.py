"""Name the definitions that the document gives no name, after what they are in.

Names are claimed; where two definitions claim one, all but the owner of a component's name get a
longer one. What is inside them is named after that, so the claims are then made again, with what is
contested known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TypeAlias, TypeVar

from oasmith.diagnostics import Diagnostics
from oasmith.ir.names import pascal
from oasmith.ir.types import (
    AnyOf,
    Api,
    Context,
    Definition,
    Ref,
    SchemaId,
    Union,
    Unnamed,
    Unresolved,
    Use,
    Within,
    Word,
)
from oasmith.ir.walk import rewrite_definition, rewrite_operations
from oasmith.source import Location

_Words: TypeAlias = tuple[tuple[str, ...], str]


def name_definitions(api: Api, _diagnostics: Diagnostics) -> Api:
    """Give every definition under a provisional id its name, wherever it is referred to."""
    if not api.unnamed:
        return api
    unnamed = {each.id for each in api.unnamed}
    given = [id_ for id_ in api.definitions if id_ not in unnamed]
    renaming = _Renaming(_names(api.unnamed, given))
    api = replace(
        api,
        definitions={
            renaming.id(id_): renaming.definition(each) for id_, each in api.definitions.items()
        },
        event_wrappers=frozenset(map(renaming.id, api.event_wrappers)),
        unnamed=(),
    )
    return rewrite_operations(api, renaming.use)


def _names(unnamed: tuple[Unnamed, ...], given: Collection[SchemaId]) -> dict[SchemaId, SchemaId]:
    """Return the names of definitions by their provisional ids."""
    contested: set[_Words] = set()
    while True:
        claims = _Claims(given, contested)
        found = _claimed(unnamed, claims)
        if claims.clashes <= contested:
            return found
        contested |= claims.settle()


def _claimed(unnamed: tuple[Unnamed, ...], claims: _Claims) -> dict[SchemaId, SchemaId]:
    """Claim a name for each definition, and return the names."""
    found: dict[SchemaId, SchemaId] = {}
    taken: set[SchemaId] = set()
    left_out: set[SchemaId] = set()
    for each in unnamed:
        if each.found_in in left_out:
            left_out.add(each.id)
            continue
        name = claims.claim(_candidates(each, found), each.id, each.at)
        found[each.id] = name
        if name in taken:  # one of the two gets another name, and what is inside it as well
            left_out.add(each.id)
        taken.add(name)
    return found


def _candidates(unnamed: Unnamed, names: Mapping[SchemaId, SchemaId]) -> tuple[SchemaId, ...]:
    if isinstance(unnamed.candidates, SchemaId | Within):
        return _context_names(unnamed.candidates, names)
    return unnamed.candidates


def _context_names(context: Context, names: Mapping[SchemaId, SchemaId]) -> tuple[SchemaId, ...]:
    """Return the names a context gives, the shortest first: `PetOwner`, `PetFieldOwner`, ..."""
    if isinstance(context, SchemaId):
        return (names.get(context, context),)
    parent = _context_names(context.parent, names)[0]
    word = pascal(_spelled(context.word, names))
    return (
        parent._replace(name=parent.name + word),
        parent._replace(name=parent.name + context.role + word),
    )


def _spelled(word: Word, names: Mapping[SchemaId, SchemaId]) -> str:
    if isinstance(word, str):
        return word
    return "".join(
        pascal(names.get(part, part).name) if isinstance(part, SchemaId) else part for part in word
    )


class _Renaming:
    """Puts names in the place of provisional ids."""

    def __init__(self, names: Mapping[SchemaId, SchemaId]) -> None:
        self._names = names

    def id(self, id_: SchemaId) -> SchemaId:
        """Return the name of a definition."""
        return self._names.get(id_, id_)

    def use(self, use: Use) -> Use:
        """Return a use with names, without what is inside it."""
        match use:
            case Ref(target=target) if target in self._names:
                return Ref(target=self._names[target], at=use.at)
            case AnyOf():
                return self._union(use)
            case _:
                return use

    def definition(self, definition: Definition) -> Definition:
        """Return a definition with names."""
        renamed = rewrite_definition(definition, self.use)
        if renamed.id in self._names:
            renamed = replace(renamed, id=self._names[renamed.id])
        return self._union(renamed) if isinstance(renamed, Union) else renamed

    def _union(self, union: _AnyUnion) -> _AnyUnion:
        told_apart = union.told_apart
        if not isinstance(told_apart, Unresolved) or told_apart.declared is None:
            return union
        declared = told_apart.declared
        mapping = tuple((self.id(target), tags) for target, tags in declared.mapping)
        renamed = Unresolved(declared=replace(declared, mapping=mapping))
        return replace(union, told_apart=renamed)


_AnyUnion = TypeVar("_AnyUnion", AnyOf, Union)


class _Claims:
    """Who has which name. `contested` are names that more than one schema claimed before.

    Names are compared by their words: `pet_owner` and `PetOwner` would be one class.
    """

    def __init__(self, given: Collection[SchemaId], contested: Collection[_Words]) -> None:
        self.contested = frozenset(contested)
        self._given = given
        self._claims: list[tuple[tuple[SchemaId, ...], SchemaId, Location]] = []
        self._owners: dict[_Words, SchemaId] = {_words(id_): id_ for id_ in given}
        self._components = frozenset(self._owners)
        self.clashes: set[_Words] = set()

    def claim(self, candidates: tuple[SchemaId, ...], key: SchemaId, at: Location) -> SchemaId:
        """Return a name for the schema `key`: the shortest of the candidates not contested, else
        one that tells the place by a digest.
        """
        self._claims.append((candidates, key, at))
        for candidate in candidates:
            words = _words(candidate)
            if words not in self.contested and words not in self._components:
                return self._take(candidate, key)
        return self._take(self._with_digest(candidates[0], key, at), key)

    def settle(self) -> frozenset[_Words]:
        """Return what is contested once the claims that were made are settled."""
        names = _Claims(self._given, self.contested | self.clashes)
        for candidates, key, at in self._claims:
            names.claim(candidates, key, at)
        return names.contested if names.clashes <= names.contested else names.settle()

    def _with_digest(self, id_: SchemaId, key: SchemaId, at: Location) -> SchemaId:
        place = "/".join((at.source.path.name, *map(str, at.pointer)))
        while True:
            digest = sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:8]
            name = id_._replace(name=f"{id_.name}_{digest}")
            if self._owners.get(_words(name), key) == key:
                return name
            place += "/"  # two schemas of one place: parts of one `type: [object, array]`

    def _take(self, id_: SchemaId, key: SchemaId) -> SchemaId:
        words = _words(id_)
        if self._owners.setdefault(words, key) != key:
            self.clashes.add(words)
        return id_


def _words(id_: SchemaId) -> _Words:
    return id_.namespace, pascal(id_.name)
