"""Discriminators by inheritance: a base that its children include by `allOf`.

A use of the base then means any of its children, or the base itself (OpenAPI 3.1, discriminator
object). The union gets the base's name, since that is what everybody refers to; the record of the
base alone gets a name of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oasmith.ir.build.names import Within, context_names
from oasmith.ir.build.scalars import constants
from oasmith.ir.build.shapes import Shape
from oasmith.ir.types import Declared, Doc, Ref, SchemaId, Union, Unresolved, Use
from oasmith.openapi import Node

if TYPE_CHECKING:
    from oasmith.ir.build.schemas import Schemas


class Family:
    """Knows which schemas inherit from which."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self._bases: set[int] = set()
        self._children: dict[int, list[Node]] = {}

    def find(self, components: list[tuple[SchemaId, Node]]) -> None:
        """Look through the components for bases and their children."""
        for _, node in components:
            value = node.value
            if (
                isinstance(value, dict)
                and isinstance(value.get("discriminator"), dict)
                and "oneOf" not in value
                and "anyOf" not in value
            ):
                self._bases.add(id(value))
        if not self._bases:
            return
        for _, node in components:
            for branch in node.elements("allOf") if "allOf" in node else ():
                target = branch.target()
                if target is not None:
                    self._children.setdefault(id(target.value), []).append(node)

    def define(self, id_: SchemaId, node: Node, doc: Doc) -> bool:
        """Make the definitions of a base and say so; False if the schema is no base of others."""
        if id(node.value) not in self._bases:
            return False
        schemas = self.schemas
        discriminator = schemas.schema(node)["discriminator"]
        declared = schemas.choices.read_discriminator(discriminator)
        if declared is None:
            return False
        children = dict.fromkeys(self._mapped(discriminator, id_))
        children |= dict.fromkeys(schemas.id_of(child) for child in self._heirs(node))
        children.pop(id_, None)
        if not children:
            return False
        shape = Shape(schemas.flatten(node, id_))
        mapping = dict(declared.mapping)
        options: list[Use] = [Ref(target=child, at=node.at) for child in children]
        tags = self._own_tags(id_, shape, declared)
        if tags:
            base = schemas.names.claim(
                context_names(Within(id_, "Base", "Type")), ("base", id_), node.at
            )
            schemas.put(schemas.records.record(base, shape, doc))
            mapping[base] = tags
            options.append(Ref(target=base, at=node.at))
        declared = Declared(property=declared.property, mapping=tuple(mapping.items()))
        schemas.put(
            Union(
                id=id_,
                options=tuple(options),
                told_apart=Unresolved(declared=declared),
                doc=doc,
                at=node.at,
            )
        )
        return True

    def _mapped(self, discriminator: Node, id_: SchemaId) -> list[SchemaId]:
        found = [
            self.schemas.choices.mapped(entry) for _, entry in discriminator.members("mapping")
        ]
        return [target for target in found if target is not None and target != id_]

    def _heirs(self, node: Node) -> list[Node]:
        """Return the children, and theirs, but not those of a child that is a base itself."""
        found: dict[int, Node] = {}
        waiting = list(self._children.get(id(node.value), ()))
        while waiting:
            child = waiting.pop(0)
            if id(child.value) not in found:
                found[id(child.value)] = child
                if id(child.value) not in self._bases:
                    waiting += self._children.get(id(child.value), ())
        return list(found.values())

    def _own_tags(self, id_: SchemaId, shape: Shape, declared: Declared) -> tuple[str, ...]:
        """Return the tags of the base itself; none if its property cannot have them."""
        tags = dict(declared.mapping).get(id_, (id_.name,))
        members = [
            member
            for part in shape.parts
            for name, member in self.schemas.properties(part)
            if name == declared.property
        ]
        flat = [part for member in members for part in self.schemas.flatten(member, id_)]
        values = constants(Shape(tuple(flat))) if flat else None
        return tags if values is None else tuple(tag for tag in tags if tag in values)
