"""The identities of definitions: from the document where it names them, else from their context.

A name says what a schema is, never where it stands in a list. Names are claimed; where two
different schemas claim one, all but the owner of a component's name get a longer one. Since the
earlier claims were already used, building then starts again, knowing what is contested.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable
from functools import cache
from hashlib import sha256
from typing import TypeAlias

from oasmith.frozen import frozen
from oasmith.ir.types import SchemaId
from oasmith.openapi import Node
from oasmith.source import Location

_WORD = re.compile(r"[A-Za-z0-9]+")
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)+")


@cache
def pascal(text: str) -> str:
    """Return the words of a text run together, each with a capital: `rate_limit` -> `RateLimit`.

    What holds no ASCII letter or digit is kept as it is.
    """
    words = _WORD.findall(text)
    return "".join(word[0].upper() + word[1:] for word in words) or text


def component_id(name: str) -> SchemaId:
    """Return the identity of a component: dots part the namespace from the name."""
    if _DOTTED.fullmatch(name):
        *namespace, last = name.split(".")
        return SchemaId(namespace=tuple(namespace), name=last)
    return SchemaId(name=name)


def status_name(status: str) -> str:
    """Return a word for a response status: `404` -> `NotFound`, `5XX` -> `ServerError`."""
    if status.isdigit():
        from http import HTTPStatus  # takes long to make, and few documents need it

        try:
            return pascal(HTTPStatus(int(status)).phrase)
        except ValueError:  # nobody else has given this number a meaning
            return "Status" + status
    families = {
        "1": "Information",
        "2": "Success",
        "3": "Redirection",
        "4": "ClientError",
        "5": "ServerError",
    }
    if status == "default":
        return "Default"
    return families.get(status[:1], "") if status[1:].upper() == "XX" else pascal(status)


_WITH_STATUS = re.compile(r"(?P<stem>.*[A-Za-z].*?)[-_. ]?(?P<status>[1-5]\d\d)")


def component_context(node: Node, role: str) -> SchemaId:
    """Return what names begin with inside a component that several operations share: its own
    name and its role. A status at the end of the name becomes a word; 200 needs none.
    """
    steps = node.pointer
    name = str(steps[-1]) if steps else node.source.path.stem
    if numbered := _WITH_STATUS.fullmatch(name):
        status = "" if numbered["status"] == "200" else status_name(numbered["status"])
        name = numbered["stem"] + " " + status
    base = pascal(name)
    return SchemaId(name=base if base.endswith((role, "Body")) else base + role)


@frozen(kw_only=False)
class Within:
    """A place inside something that has a name: what a name is made of if one is needed."""

    parent: Context
    word: str
    role: str = "Field"
    """What the word is to the parent, said only where names are contested."""


Context: TypeAlias = "SchemaId | Within"
Words: TypeAlias = tuple[tuple[str, ...], str]


class Names:
    """Who has which name. `contested` are names that more than one schema claimed before.

    Names are compared by their words: `pet_owner` and `PetOwner` would be one class.
    """

    def __init__(self, contested: Collection[Words] = ()) -> None:
        self.contested = frozenset(contested)
        self._claims: list[tuple[tuple[SchemaId, ...], Hashable, Location]] = []
        self._components: set[Words] = set()
        self._owners: dict[Words, Hashable] = {}
        self.clashes: set[Words] = set()

    def own(self, id_: SchemaId, key: Hashable) -> None:
        """Give a component its name; nobody else gets it."""
        words = _words(id_)
        self._owners[words] = key
        self._components.add(words)

    def claim(self, candidates: tuple[SchemaId, ...], key: Hashable, at: Location) -> SchemaId:
        """Return a name for the schema `key`: the shortest of the candidates not contested, else
        one that tells the place by a digest.
        """
        self._claims.append((candidates, key, at))
        for candidate in candidates:
            words = _words(candidate)
            if words not in self.contested and words not in self._components:
                return self._take(candidate, key)
        return self._take(self._with_digest(candidates[0], key, at), key)

    def settle(self) -> frozenset[Words]:
        """Return what is contested once the claims that were made are settled."""
        names = Names(self.contested | self.clashes)
        names._components = self._components
        names._owners = {words: self._owners[words] for words in self._components}
        for candidates, key, at in self._claims:
            names.claim(candidates, key, at)
        return names.contested if names.clashes <= names.contested else names.settle()

    def _with_digest(self, id_: SchemaId, key: Hashable, at: Location) -> SchemaId:
        place = "/".join((at.source.path.name, *map(str, at.pointer)))
        while True:
            digest = sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:8]
            name = id_._replace(name=f"{id_.name}_{digest}")
            if self._owners.get(_words(name), key) == key:
                return name
            place += "/"  # two schemas of one place: parts of one `type: [object, array]`

    def _take(self, id_: SchemaId, key: Hashable) -> SchemaId:
        words = _words(id_)
        if self._owners.setdefault(words, key) != key:
            self.clashes.add(words)
        return id_


def _words(id_: SchemaId) -> Words:
    return id_.namespace, pascal(id_.name)


def context_names(context: Context) -> tuple[SchemaId, ...]:
    """Return the names a context gives, the shortest first: `PetOwner`, `PetFieldOwner`, ..."""
    if isinstance(context, SchemaId):
        return (context,)
    parent = context_names(context.parent)[0]
    return (
        parent._replace(name=parent.name + pascal(context.word)),
        parent._replace(name=parent.name + context.role + pascal(context.word)),
    )


def place_names(tokens: tuple[str, ...]) -> tuple[SchemaId, ...]:
    """Return the names that the way to a schema in another file gives: its last step first, then
    with more and more of the way before it.
    """
    names: list[SchemaId] = []
    name = ""
    for token in reversed(tokens):
        name = token if not name else pascal(token) + pascal(name)
        id_ = component_id(name) if not names else SchemaId(name=name)
        names.append(id_)
    return tuple(names)
