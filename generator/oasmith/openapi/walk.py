"""Going through the objects of a document, and on through what they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from oasmith.diagnostics import working_on
from oasmith.openapi.document import Document
from oasmith.openapi.node import Node
from oasmith.openapi.objects import CALLBACK, FIELDS, Shape
from oasmith.openapi.versions import Version
from oasmith.source import Json, Location, Source, Trail

Visit: TypeAlias = Callable[[dict[str, Json], Source, Trail, str], None]
"""What to do with an object of some kind at some place."""


class Walk:
    """Goes through objects once each and notes the references among them."""

    def __init__(self, document: Document, visit: Visit) -> None:
        self._document = document
        self._visit = visit
        self._is_old = document.version is Version.V3_0
        self.kinds: dict[int, str] = {}
        """What was seen by the identity of its value: an object as its kind, a map as its field."""
        self._references: list[tuple[Node, str]] = []
        self._maps: list[tuple[Node, str]] = []
        """References that stand for a whole map, with the kind of its members."""

    def references(self) -> Iterator[tuple[Node, str]]:
        """Give the references that were met, with the kind of object that belongs there, until
        none is left; following them is up to the caller. Maps that are references are gone through.
        """
        while self._references or self._maps:
            if self._maps:
                node, kind = self._maps.pop()
                for member in dict(node.follow_map().items()).values():
                    self.run(member, kind)
            else:
                yield self._references.pop()

    def run(self, top: Node, kind: str) -> None:
        """Go through an object of the kind and all that it holds."""
        kinds, document, visit = self.kinds, self._document, self._visit
        source, trail = top.source, top.trail
        todo: list[tuple[Json, Trail, str]] = [(top.value, top.trail, kind)]
        with working_on(lambda: Location(source, trail)):
            while todo:
                value, trail, kind = todo.pop()
                if type(value) is not dict or id(value) in kinds:
                    continue
                kinds[id(value)] = kind
                if "$ref" in value and isinstance(value["$ref"], str):
                    self._references.append((Node(document, source, trail, value), kind))
                    if kind != "path item" and (self._is_old or kind != "schema"):
                        continue
                visit(value, source, trail, kind)
                if kind == CALLBACK:
                    todo += [(child, (trail, key), "path item") for key, child in value.items()]
                    continue
                fields = FIELDS[kind]
                for key in [key for key in value if key in fields]:  # in the order of the text
                    shape, inner = fields[key]
                    child, below = value[key], (trail, key)
                    if shape is Shape.ONE:
                        todo.append((child, below, inner))
                    elif shape is Shape.LIST and type(child) is list:
                        todo += [(item, (below, index), inner) for index, item in enumerate(child)]
                    elif shape is Shape.MAP and type(child) is dict:
                        if isinstance(child.get("$ref"), str):
                            self._maps.append((Node(document, source, below, child), inner))
                            continue
                        kinds.setdefault(id(child), key)
                        todo += [(item, (below, name), inner) for name, item in child.items()]
