"""Discriminators by inheritance: a base that its children include by `allOf`.

A use of the base then means any of its children, or the base itself (OpenAPI 3.1, discriminator
object). The union gets the base's name, since that is what everybody refers to; the record of the
base alone gets a name of its own.
"""

from __future__ import annotations

from oasmith.ir.build.choices import mapped, read_discriminator
from oasmith.ir.build.context import Build
from oasmith.ir.build.records import record_of_shape
from oasmith.ir.build.scalars import constants
from oasmith.ir.build.shapes import Shape
from oasmith.ir.types import Declared, Doc, Ref, SchemaId, Union, Unresolved, Use, Within
from oasmith.openapi import Node


def find_families(build: Build, components: list[tuple[SchemaId, Node]]) -> None:
    """Look through the components for bases and their children."""
    for _, node in components:
        value = node.value
        if (
            isinstance(value, dict)
            and isinstance(value.get("discriminator"), dict)
            and "oneOf" not in value
            and "anyOf" not in value
        ):
            build.bases.add(node.identity)
    if not build.bases:
        return
    for _, node in components:
        for branch in node.elements("allOf") if "allOf" in node else ():
            target = branch.target()
            if target is not None:
                build.children.setdefault(target.identity, []).append(node)


def define_family(build: Build, id_: SchemaId, node: Node, doc: Doc) -> bool:
    """Make the definitions of a base and say so; False if the schema is no base of others."""
    if node.identity not in build.bases:
        return False
    discriminator = build.schema(node)["discriminator"]
    declared = read_discriminator(build, discriminator)
    if declared is None:
        return False
    children = dict.fromkeys(_mapped(build, discriminator, id_))
    children |= dict.fromkeys(build.id_of(child) for child in _heirs(build, node))
    children.pop(id_, None)
    if not children:
        return False
    shape = Shape(build.flatten(node, id_))
    mapping = dict(declared.mapping)
    options: list[Use] = [Ref(target=child, at=node.at) for child in children]
    tags = _own_tags(build, id_, shape, declared)
    if tags:
        base = build.unnamed_id(Within(id_, "Base", "Type"), node.at)
        build.put(record_of_shape(build, base, shape, doc))
        mapping[base] = tags
        options.append(Ref(target=base, at=node.at))
    declared = Declared(property=declared.property, mapping=tuple(mapping.items()))
    build.put(
        Union(
            id=id_,
            options=tuple(options),
            told_apart=Unresolved(declared=declared),
            doc=doc,
            at=node.at,
        )
    )
    return True


def _mapped(build: Build, discriminator: Node, id_: SchemaId) -> list[SchemaId]:
    found = [mapped(build, entry) for _, entry in discriminator.members("mapping")]
    return [target for target in found if target is not None and target != id_]


def _heirs(build: Build, node: Node) -> list[Node]:
    """Return the children, and theirs, but not those of a child that is a base itself."""
    found: dict[int, Node] = {}
    waiting = list(build.children.get(node.identity, ()))
    while waiting:
        child = waiting.pop(0)
        if child.identity not in found:
            found[child.identity] = child
            if child.identity not in build.bases:
                waiting += build.children.get(child.identity, ())
    return list(found.values())


def _own_tags(build: Build, id_: SchemaId, shape: Shape, declared: Declared) -> tuple[str, ...]:
    """Return the tags of the base itself; none if its property cannot have them."""
    tags = dict(declared.mapping).get(id_, (id_.name,))
    members = [
        member
        for part in shape.parts
        for name, member in build.properties(part)
        if name == declared.property
    ]
    flat = [part for member in members for part in build.flatten(member, id_)]
    values = constants(Shape(tuple(flat))) if flat else None
    return tags if values is None else tuple(tag for tag in tags if tag in values)
