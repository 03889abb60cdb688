"""The document as one value: every reference leads to a place in it, by a plain pointer.

What references reach in other files, in parts with an `$id` and in schemas whose gaps were filled
becomes a component, named after where it was. Reference objects of path items and of whole maps,
which not every version has a place for, give way to what they lead to.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Hashable
from itertools import count
from urllib.parse import quote

from oasmith.openapi.document import Document
from oasmith.openapi.node import Node
from oasmith.openapi.objects import CALLBACK, FIELDS, Shape
from oasmith.openapi.refs import Broken, looks_like_reference, walk
from oasmith.openapi.versions import Version
from oasmith.source import Json, Pointer, Rearranged, Source, Trail, render_pointer

_SHELVES = {kind: shelf for shelf, (_, kind) in FIELDS["components"].items()}
"""Where components of a kind stand."""
_UNNAMEABLE = re.compile(r"[^A-Za-z0-9._-]+")
_NAMES_OF_PARTS = frozenset(("$id", "$self", "$anchor", "$dynamicAnchor"))
"""What only references ask for that are no plain pointers."""
_ADDRESSES = frozenset((("schema", "discriminator"), ("link", "operationRef")))
"""Members that hold references which are no `$ref`."""
_TEXTS = frozenset(("title", "summary", "description"))
"""Members that some documents keep in files of their own."""


def bundle(document: Document) -> dict[str, Json] | None:
    """Return the document, which was checked, as one value; what need not change is shared.

    Swagger 2.0 has no place for what is added to a bundle: for such a document there is none.
    """
    return None if isinstance(document.root, Rearranged) else _Bundle(document).run()


class _Bundle:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._root = document.root
        self._top = document.node.value
        self._is_old = document.version is Version.V3_0
        unmoved = {"path item"} if document.version is Version.V3_2 else {"path item", "media type"}
        self._shelves = {kind: s for kind, s in _SHELVES.items() if kind not in unmoved}
        self._homes: dict[Hashable, str] = {}
        """The references to what moved."""
        self._taken: set[tuple[str, str]] = set()
        """The shelves and names of components."""
        self._waiting: deque[tuple[str, str, Node]] = deque()
        """What moves to a shelf and a name."""
        self._around: list[Hashable] = []
        """The references that are giving way to what they lead to, from the outermost inwards."""

    def run(self) -> dict[str, Json]:
        assert isinstance(self._top, dict)
        self._adopt()
        made = self._object(self._top, self._root, None, "document")
        components: dict[str, Json] = {}
        if isinstance(written := made.get("components"), dict):
            components |= written
        top = self._document.node
        if (info := top.get("info")) is not None:
            made = made | {"info": self._told(info)}
        if "tags" in top:
            made = made | {"tags": [self._told(tag) for tag in top.elements("tags")]}
        while self._waiting:
            shelf, name, node = self._waiting.popleft()
            moved = {name: self._value(node.value, node.source, node.trail, _kind(shelf))}
            held = components.get(shelf)
            components[shelf] = held | moved if isinstance(held, dict) else moved
        return made | {"components": components} if components else made

    def _adopt(self) -> None:
        """Let what components merely refer to move to their places."""
        components = self._document.node.get("components")
        if components is None:
            return
        for shelf in FIELDS["components"]:
            for name, entry in components.members(shelf):
                self._taken.add((shelf, name))
                is_alone = isinstance(entry.value, dict) and len(entry.value) == 1
                target = entry.target() if is_alone and _kind(shelf) in self._shelves else None
                if target is None or _identity(target) in self._homes:
                    continue
                if self._here(target) is None:
                    self._settle(target, shelf, name)

    # --- copies --------------------------------------------------------------------------------

    def _value(self, value: Json, source: Source, trail: Trail, kind: str) -> Json:
        """Return an object of the kind as it stands in the bundle."""
        if type(value) is not dict:
            return value
        if isinstance(value.get("$ref"), str):
            return self._reference(value, Node(self._document, source, trail, value), kind)
        return self._object(value, source, trail, kind)

    def _object(
        self, value: dict[str, Json], source: Source, trail: Trail, kind: str
    ) -> dict[str, Json]:
        if kind == CALLBACK:
            return self._map(value, source, trail, "path item")
        fields = FIELDS[kind]
        made = value
        for key, child in value.items():
            if key in fields:
                new = self._field(child, source, (trail, key), *fields[key])
            elif (kind, key) in _ADDRESSES and isinstance(child, dict | str):
                new = self._addresses(Node(self._document, source, (trail, key), child))
            elif key in _TEXTS and isinstance(child, dict):
                new = self._text(Node(self._document, source, (trail, key), child))
            else:
                continue
            if new is not child:
                made = {**value} if made is value else made
                made[key] = new
        if kind in ("schema", "document") and not _NAMES_OF_PARTS.isdisjoint(made):
            made = {key: child for key, child in made.items() if key not in _NAMES_OF_PARTS}
        return made

    def _field(self, value: Json, source: Source, trail: Trail, shape: Shape, kind: str) -> Json:
        if shape is Shape.ONE:
            return self._value(value, source, trail, kind)
        if shape is Shape.LIST and isinstance(value, list):
            items = [self._value(item, source, (trail, i), kind) for i, item in enumerate(value)]
            is_same = all(new is old for new, old in zip(items, value, strict=True))
            return value if is_same else items
        if shape is Shape.MAP and isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                held = Node(self._document, source, trail, value).follow_map()
                assert isinstance(held.value, dict)
                return self._map(held.value, held.source, held.trail, kind)
            return self._map(value, source, trail, kind)
        return value

    def _map(
        self, value: dict[str, Json], source: Source, trail: Trail, kind: str
    ) -> dict[str, Json]:
        made = {key: self._value(child, source, (trail, key), kind) for key, child in value.items()}
        is_same = all(new is old for new, old in zip(made.values(), value.values(), strict=True))
        return value if is_same else made

    def _told(self, node: Node) -> Json:
        """Return an object that holds texts and no other objects."""
        if not isinstance(node.value, dict):
            return node.value
        return {key: self._text(child) for key, child in node.items()}

    def _text(self, node: Node) -> Json:
        """Return a text, or what a reference in the place of one leads to."""
        return node.value if node.key not in _TEXTS else node.follow().value

    def _addresses(self, node: Node) -> Json:
        """Return a discriminator, or the address of an operation, with addresses in the bundle."""
        if isinstance(node.value, str):
            target = self._document.met(node, node.value)
            return (None if target is None else self._here(target)) or node.value
        mapping = node.get("mapping")
        if mapping is None or not isinstance(mapping.value, dict):
            return node.value
        made = {key: self._mapped(entry) for key, entry in mapping.items()}
        assert isinstance(node.value, dict)
        return node.value if made == mapping.value else node.value | {"mapping": made}

    def _mapped(self, entry: Node) -> Json:
        text = entry.value
        if not isinstance(text, str) or ("schemas", text) in self._taken:
            return text
        target = self._document.met(entry, text) if looks_like_reference(text) else None
        return text if target is None else self._home(target, "schema")

    # --- references ----------------------------------------------------------------------------

    def _reference(self, value: dict[str, Json], node: Node, kind: str) -> Json:
        if kind not in self._shelves:
            return self._replaced(node, kind)
        target = node.target()
        if target is None:
            return value
        made = value
        if kind == "schema" and not self._is_old:
            made = self._object(value, node.source, node.trail, kind)
        home = self._home(target, kind)
        return made if made["$ref"] == home else made | {"$ref": home}

    def _replaced(self, node: Node, kind: str) -> Json:
        """Return what a reference leads to; what stands beside it counts first."""
        place = _identity(node)
        if place in self._around:  # a callback that leads back to where it is declared
            return {}
        self._around.append(place)
        made: dict[str, Json] = {}
        for layer in (node.follow(), node):
            if isinstance(layer.value, dict):
                whole = self._object(layer.value, layer.source, layer.trail, kind)
                made |= {key: child for key, child in whole.items() if key != "$ref"}
        self._around.pop()
        return made

    def _home(self, target: Node, kind: str) -> str:
        """Return the reference to something in the bundle, into which it moves if need be."""
        place = _identity(target)
        if (known := self._homes.get(place)) is not None:
            return known
        here = self._here(target)
        if here is not None:
            self._homes[place] = here
        else:
            shelf = self._shelves[kind]
            here = self._settle(target, shelf, self._free_name(target, shelf))
        return here

    def _settle(self, target: Node, shelf: str, name: str) -> str:
        home = _fragment(("components", shelf, name))
        self._homes[_identity(target)] = home
        self._taken.add((shelf, name))
        self._waiting.append((shelf, name, target))
        return home

    def _here(self, target: Node) -> str | None:
        """Return the reference to what stands in the root already, None for all else."""
        if target.source is not self._root:
            return None
        pointer = target.pointer
        found = walk(self._top, pointer, "")
        if isinstance(found, Broken) or found[1] is not target.value:
            return None
        return _fragment(pointer)

    def _free_name(self, target: Node, shelf: str) -> str:
        """Return a name for a component after its key, else also its file, else its place."""
        file = target.source.path.name.partition(".")[0]
        pointer = target.pointer
        own = _nameable(str(pointer[-1]) if pointer else file)
        place = f"{target.source.path.name}{render_pointer(pointer)}"
        digest = hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()
        names = [own, f"{_nameable(file)}.{own}", *(f"{own}.{digest[:n]}" for n in range(6, 65))]
        free = [name for name in names if (shelf, name) not in self._taken]
        if free:
            return free[0]
        # Copies of one schema, filled differently, stand in one place.
        return next(
            name
            for number in count(2)
            if (shelf, name := f"{own}.{digest}.{number}") not in self._taken
        )


def _kind(shelf: str) -> str:
    return FIELDS["components"][shelf][1]


def _identity(node: Node) -> Hashable:
    """Return what is the same for one value at one place; a schema has a copy for each filling."""
    return node, id(node.value)


def _fragment(pointer: Pointer) -> str:
    return "#" + quote(render_pointer(pointer)[1:], safe="/~!$&'()*+,;=:@")


def _nameable(text: str) -> str:
    return _UNNAMEABLE.sub("-", text).strip("-") or "unnamed"
