"""References and what they lead to."""

from __future__ import annotations

from oasmith.ir.build.context import Build
from oasmith.ir.build.forms import Form, form_of
from oasmith.ir.build.reading import is_reference
from oasmith.ir.build.shapes import Shape
from oasmith.ir.types import Anything, Nullable, Ref, SchemaId, Use
from oasmith.openapi import Node


def refer(build: Build, node: Node) -> Use:
    """Return the use that `$ref` is."""
    value = node.value
    assert isinstance(value, dict)
    text = value["$ref"]
    if not isinstance(text, str):
        return build.degraded(node.at, "`$ref` is no text")
    place = build.document.place(node, text)
    if place in build.targets:
        id_ = build.targets[place]
    else:
        target = node.target()
        id_ = None if target is None else build.id_of(target)
        build.targets[place] = id_
    if id_ is None:
        return Anything(why="the reference leads to nothing", at=node.at)
    ref = Ref(target=id_, at=node.at)
    return Nullable(of=ref, at=node.at) if takes_null(build, id_) else ref


def takes_null(build: Build, id_: SchemaId) -> bool:
    """Say whether null fits a definition that cannot say so itself: a record or an enum."""
    known = build.null_fits.get(id_)
    if known is None:
        build.null_fits[id_] = False  # for a definition that is made of itself
        node = build.nodes.get(id_)
        known = False
        if node is not None:
            inner, nullable = build.peel(node)
            if nullable or _may_be_null(build, inner):
                kind = (
                    None
                    if is_reference(build.schema(inner).value)
                    else form_of(build, Shape(build.flatten(inner, id_)))
                )
                known = kind in (Form.RECORD, Form.ENUM)
        build.null_fits[id_] = known
    return known


def _may_be_null(build: Build, node: Node) -> bool:
    value = build.schema(node).value
    if not isinstance(value, dict) or is_reference(value):
        return False
    if "allOf" in value:
        return "null" in Shape(build.flatten(node, SchemaId(name=""))).types
    enum = value.get("enum")
    declared = value.get("type")
    if isinstance(enum, list) and None not in enum:
        return False
    if isinstance(enum, list) and declared is None:
        return True
    return isinstance(declared, list) and "null" in declared
