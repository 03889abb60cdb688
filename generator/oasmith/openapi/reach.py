"""What some objects of a document reach: by references, and by discriminators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from oasmith.openapi.document import Document
from oasmith.openapi.node import Node
from oasmith.openapi.objects import FIELDS
from oasmith.openapi.refs import looks_like_reference
from oasmith.openapi.walk import Walk
from oasmith.source import Json, Source, Trail


class Reach:
    """Goes through path items, and through all that they lead to."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._walk = Walk(document, self._visit)
        self._choices: list[Node] = []
        """Schemas with a discriminator whose options were not looked for yet."""

    def run(self, items: Iterable[Node]) -> None:
        """Go through path items and all that they reach; report references that lead to nothing."""
        for item in items:
            self._walk.run(item, "path item")
        while True:
            for node, kind in self._walk.references():
                target = node.target()
                if target is not None:
                    self._run_component(target)
                    self._walk.run(target, kind)
            if not self._choices:
                break
            choice = self._choices.pop()
            for schema in (*self._mapped(choice), *self._heirs(choice)):
                self._walk.run(schema, "schema")

    @cached_property
    def _schemas(self) -> dict[str, Node]:
        components = self._document.node.get("components")
        schemas = None if components is None else components.get("schemas")
        if schemas is None or not isinstance(schemas.value, dict):
            return {}
        return dict(schemas.follow_map().items())

    def has(self, holder: Node, name: str, value: Json) -> bool:
        """Say whether a component was reached, or what it is a name for in another file."""
        seen = self._walk.kinds
        if id(value) in seen:
            return True
        if not isinstance(value, dict) or "$ref" not in value:
            return False
        component = Node(holder.document, holder.source, (holder.trail, name), value)
        target = self._met(component)
        return (
            target is not None
            and target.source is not component.source
            and id(target.value) in seen
        )

    def _visit(self, value: dict[str, Json], source: Source, trail: Trail, kind: str) -> None:
        if kind == "schema" and isinstance(value.get("discriminator"), dict):
            self._choices.append(Node(self._document, source, trail, value))

    def _met(self, node: Node) -> Node | None:
        text = node.reference
        return None if text is None else self._document.met(node, text)

    def _run_component(self, target: Node) -> None:
        """Go through the component in which a reference ends: it is kept as a whole."""
        match target.pointer:
            case ("components", str(shelf), str(name), _, *_) if (
                target.source is self._document.root and shelf in FIELDS["components"]
            ):
                component = self._document.node["components"][shelf][name]
                self._walk.run(component, FIELDS["components"][shelf][1])

    def _mapped(self, choice: Node) -> Iterator[Node]:
        """Give the schemas that the mapping of a discriminator names."""
        for _, entry in choice["discriminator"].members("mapping"):
            text = entry.value
            if not isinstance(text, str):
                continue
            target = self._schemas.get(text)
            if target is None and looks_like_reference(text):
                target = self._document.target(entry, text)
            if target is not None:
                yield target

    def _heirs(self, base: Node) -> Iterator[Node]:
        """Give the components that include a base by `allOf`, and their heirs: where a base with a
        discriminator has no options of its own, they are its options (discriminator object).
        """
        if "oneOf" in base or "anyOf" in base:
            return
        found: set[int] = set()
        waiting = [base]
        while waiting:
            for child in self._children[id(waiting.pop().value)]:
                if id(child.value) not in found:
                    found.add(id(child.value))
                    waiting.append(child)
                    yield child

    @cached_property
    def _children(self) -> defaultdict[int, list[Node]]:
        """The components that include a schema by `allOf`, by the identity of its value."""
        children: defaultdict[int, list[Node]] = defaultdict(list)
        for schema in self._schemas.values():
            branches = schema.get("allOf")
            if branches is not None and isinstance(branches.value, list):
                for branch in branches:
                    target = self._met(branch)
                    if target is not None:
                        children[id(target.value)].append(schema)
        return children
