"""Dynamic references (JSON Schema 2020-12, sections 7.7 and 8.2.3.2): schemas with a gap that is
filled by whoever refers to them.

A schema that reaches a gap becomes another schema for each filling: a copy, in which the gap is a
reference to what fills it. The copy stands at the place of the original.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from oasmith.openapi.node import Node
from oasmith.source import Json

Bindings: TypeAlias = Mapping[str, Node]
"""What dynamic anchors mean, by name."""

Follow: TypeAlias = Callable[[Node, str], Node | None]
"""Answers what a reference leads to, without a word about one that is broken."""


class Dynamic:
    """The gaps of a document, and the schemas in which they are filled."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow
        self._gaps: dict[int, str] = {}
        self._bindings: dict[int, Bindings] = {}
        self._fillings: dict[int, Node] = {}
        self._instances: dict[tuple[int, tuple[tuple[str, int], ...]], Node] = {}
        self._made_of: dict[int, tuple[Node, ...]] = {}

    def add(self, gaps: Mapping[int, str], bindings: Mapping[int, Bindings]) -> None:
        """Take in the dynamic references and the bindings of a file."""
        self._gaps.update(gaps)
        self._bindings.update(bindings)

    def concerns(self, at: Node) -> bool:
        """Say whether a reference may lead elsewhere than others with the same text."""
        return id(at.value) in self._bindings or id(at.value) in self._fillings

    def filling(self, at: Node) -> Node | None:
        """Return what fills the gap that a reference in a copy stands for."""
        return self._fillings.get(id(at.value))

    def made_of(self, node: Node) -> tuple[Node, ...]:
        """Return what the gaps of a copy are filled with, nothing for any other schema."""
        return self._made_of.get(id(node.value), ())

    def instance(self, at: Node, target: Node) -> Node:
        """Return what a reference leads to when its gaps are filled by what `at` binds."""
        bindings = self._bindings.get(id(at.value))
        if not bindings or target.value is at.value:
            return target
        used = sorted(bindings.keys() & self._gaps_of(target))
        ends = {name: self._end(bindings[name]) for name in used}
        ends = {name: end for name, end in ends.items() if end.value is not target.value}
        if not ends:
            return target
        key = (id(target.value), tuple((name, id(end.value)) for name, end in ends.items()))
        known = self._instances.get(key)
        if known is None:
            copy = self._filled(target.value, ends)
            known = Node(target.document, target.source, target.trail, copy)
            self._instances[key] = known
            self._made_of[id(copy)] = tuple(ends.values())
        return known

    def _end(self, node: Node) -> Node:
        """Return the schema that one with nothing but a reference stands for."""
        seen: set[int] = set()
        while isinstance(node.value, dict) and id(node.value) not in seen:
            seen.add(id(node.value))
            if not node.value.keys() <= {"$ref", "$dynamicAnchor", "$anchor", "$comment"}:
                break
            text = node.reference
            following = None if text is None else self._follow(node, text)
            if following is None:
                break
            node = following
        return node

    def _gaps_of(self, top: Node) -> set[str]:
        """Return the names of the gaps that a schema reaches."""
        found: set[str] = set()
        seen: set[int] = set()
        todo = [top]
        while todo:
            node = todo.pop()
            value = node.value
            if not isinstance(value, dict | list) or id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, list):
                todo += list(node)
                continue
            if id(value) in self._gaps:
                found.add(self._gaps[id(value)])
            elif (text := node.reference) is not None:
                target = self._follow(node, text)
                if target is not None:
                    todo.append(target)
            todo += [child for _, child in node.items()]
        return found

    def _filled(self, value: Json, bindings: Bindings) -> Json:
        """Return a copy of a part of a schema with the gaps filled."""
        if isinstance(value, list):
            return [self._filled(item, bindings) for item in value]
        if not isinstance(value, dict):
            return value
        copy = {key: self._filled(child, bindings) for key, child in value.items()}
        if isinstance(value.get("$ref"), str):
            filling = bindings.get(self._gaps.get(id(value), ""))
            if filling is not None:
                self._fillings[id(copy)] = filling
            else:  # what is bound further out counts first
                self._bindings[id(copy)] = {**self._bindings.get(id(value), {}), **bindings}
        return copy
