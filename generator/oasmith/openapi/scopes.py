"""What a file calls its parts: `$id`, `$self` and anchors (JSON Schema 2020-12, section 8.2)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin

from oasmith.frozen import frozen
from oasmith.source import Json, Pointer, Source, Trail, pointer_of

_WORDS = re.compile(r"\$(?:id|self|anchor|dynamicAnchor|dynamicRef)")
"""Without any of these a file is one part, called by its own address."""

_MAPS = frozenset(
    (
        "properties",
        "patternProperties",
        "$defs",
        "definitions",
        "dependentSchemas",
        "schemas",
        "responses",
    )
)
"""Members whose own members have free names."""

_DATA = frozenset(("enum", "const", "default", "example", "examples"))
"""Members that hold values, in which nothing has a meaning."""

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")


@frozen
class Resource:
    """A part of a file that references name by an address of its own."""

    source: Source
    trail: Trail
    value: Json
    base: str


def has_scheme(address: str) -> bool:
    """Say whether an address is absolute; a drive of one letter is a path."""
    return _SCHEME.match(address) is not None


def join(base: str, address: str) -> str:
    """Return what `address` means in a file or resource at `base`: an address or a path."""
    if has_scheme(address):
        return address
    if has_scheme(base):
        return urljoin(base, address)
    folder = os.path.dirname(base)  # noqa: PTH120 - five times as fast, thousands
    return os.path.normpath(f"{folder}/{unquote(address)}")


def scopes_of(source: Source) -> Scopes | None:
    """Return what the file calls its parts, None if it has none with a name."""
    return Scopes(source) if _WORDS.search(source.text) else None


class Scopes:
    """The parts of one file and the anchors in them. What `$dynamicRef` says becomes a `$ref`."""

    def __init__(self, source: Source) -> None:
        self.resources: dict[str, Resource] = {}
        """By address; the file itself is not among them unless it says what it is called."""
        self.anchors: dict[tuple[str, str], Resource] = {}
        """By the address of their part and their name."""
        self.dynamic: dict[int, str] = {}
        """The anchors that dynamic references name, by the identity of the object."""
        self.bindings: dict[int, dict[str, Resource]] = {}
        """What dynamic anchors mean to what a reference leads to, by its identity."""
        self._source = source
        self._bases: dict[Pointer, str] = {}
        base = source.address
        value = source.value
        if isinstance(value, dict) and isinstance(own := value.get("$self"), str):
            base = join(base, own)
            self._own(base, None, value)
        self._base = base
        self._scan()

    def base(self, trail: Trail) -> str:
        """Return the address of the innermost part around a place."""
        pointer = pointer_of(trail)
        for end in range(len(pointer), -1, -1):
            if (base := self._bases.get(pointer[:end])) is not None:
                return base
        return self._base

    def part(self, base: str) -> Resource:
        """Return the part with this address, else the whole file."""
        whole = Resource(source=self._source, trail=None, value=self._source.value, base=base)
        return self.resources.get(base, whole)

    def anchor(self, base: str, name: str) -> Resource | None:
        """Return what an anchor of a part names; one of another part if only that has it."""
        own = self.anchors.get((base, name))
        if own is not None:
            return own
        found = [each for (_, other), each in self.anchors.items() if other == name]
        return found[0] if len(found) == 1 else None

    def _own(self, base: str, trail: Trail, value: Json) -> None:
        self._bases[pointer_of(trail)] = base
        resource = Resource(source=self._source, trail=trail, value=value, base=base)
        self.resources.setdefault(base, resource)

    def _scan(self) -> None:
        todo: list[tuple[Json, Trail, str, bool]] = [(self._source.value, None, self._base, False)]
        seen: set[int] = set()
        while todo:
            value, trail, base, is_map = todo.pop()
            if id(value) in seen:
                continue
            if isinstance(value, list):
                seen.add(id(value))
                todo += [(item, (trail, i), base, False) for i, item in enumerate(value)]
            elif isinstance(value, dict):
                seen.add(id(value))
                base = base if is_map else self._names(value, trail, base)
                todo += [
                    (child, (trail, key), base, not is_map and key in _MAPS)
                    for key, child in value.items()
                    if is_map or key not in _DATA
                ]

    def _names(self, value: dict[str, Json], trail: Trail, base: str) -> str:
        """Note what an object calls itself, and return the address of the part it stands in."""
        own = value.get("$id")
        if isinstance(own, str):
            name, _, fragment = own.partition("#")
            if name:
                base = join(base, name)
                self._own(base, trail, value)
            elif fragment:  # how drafts before 2019-09 wrote an anchor
                self._anchor(fragment, value, trail, base)
        for word in ("$anchor", "$dynamicAnchor"):
            anchor = value.get(word)
            if isinstance(anchor, str):
                self._anchor(anchor, value, trail, base)
        gap = value.get("$dynamicRef")
        if isinstance(gap, str) and "$ref" not in value:
            value["$ref"] = value.pop("$dynamicRef")
            self.dynamic[id(value)] = gap.partition("#")[2]
        bindings = dict(self._bound(value, trail, base))
        for reference in _references(value):
            if bindings:
                self.bindings[id(reference)] = bindings
        return base

    def _bound(
        self, value: dict[str, Json], trail: Trail, base: str
    ) -> Iterator[tuple[str, Resource]]:
        """Give what an object says that dynamic anchors mean, in its `$defs` or by being one."""
        definitions = value.get("$defs")
        if isinstance(definitions, dict):
            for key, child in definitions.items():
                if isinstance(child, dict) and isinstance(name := child.get("$dynamicAnchor"), str):
                    place = ((trail, "$defs"), key)
                    yield (
                        name,
                        Resource(source=self._source, trail=place, value=child, base=base),
                    )
        if isinstance(name := value.get("$dynamicAnchor"), str):
            yield name, Resource(source=self._source, trail=trail, value=value, base=base)

    def _anchor(self, name: str, value: Json, trail: Trail, base: str) -> None:
        resource = Resource(source=self._source, trail=trail, value=value, base=base)
        self.anchors.setdefault((base, name), resource)


def _references(value: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """Give the objects by which a schema object brings in others: itself, branches of `allOf`."""
    if isinstance(value.get("$ref"), str):
        yield value
    branches = value.get("allOf")
    if isinstance(branches, list):
        for branch in branches:
            if isinstance(branch, dict) and isinstance(branch.get("$ref"), str):
                yield branch
