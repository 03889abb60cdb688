"""Build parameters (OpenAPI 3.1, parameter object)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from oasmith.ir.build.context import Build
from oasmith.ir.build.records import presence_of
from oasmith.ir.build.uses import any_of_uses, use_of
from oasmith.ir.build.words import doc_of, merged_doc
from oasmith.ir.names import pascal
from oasmith.ir.types import (
    NO_DOC,
    Anything,
    Default,
    Literal,
    Optional,
    Parameter,
    Presence,
    Required,
    Response,
    Scalar,
    ScalarKind,
    SchemaId,
    Use,
    Within,
)
from oasmith.openapi import Node
from oasmith.runtime.semantics.styles import STYLES, Place, settle

_PLACES: dict[str, Place] = {place: place for place in STYLES}
_PART_OF_HTTP = frozenset(("accept", "content-type", "authorization"))
"""Header parameters that OpenAPI says to ignore (parameter object, `name`)."""


class Parameters:
    """Builds the parameters of operations; shared ones are built once."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self._parameters: dict[int, Parameter | None] = {}

    def of(
        self, item: Node, node: Node, in_path: tuple[str, ...], context: SchemaId
    ) -> tuple[Parameter, ...]:
        """Return the parameters, those of the path in its order first."""
        found: dict[tuple[Place, str], Parameter] = {}
        for holder in (item, node):
            for entry in holder.elements("parameters"):
                parameter = self._shared_parameter(entry, context)
                if parameter is not None:
                    found[parameter.place, parameter.wire_name] = parameter
        for name in in_path:
            if ("path", name) not in found:
                found["path", name] = self._undeclared(name, item)
        path = [found["path", name] for name in in_path]
        rest = [p for p in found.values() if p.place != "path"]
        return (*path, *rest)

    def _undeclared(self, name: str, item: Node) -> Parameter:
        """Return a parameter for a name in a path that nothing describes: a text."""
        return Parameter(
            wire_name=name,
            place="path",
            type=Scalar(kind=ScalarKind.STRING, at=item.at),
            presence=Required(),
            style="simple",
            explode=False,
            at=item.at,
        )

    def _shared_parameter(self, entry: Node, context: SchemaId) -> Parameter | None:
        """Return a parameter; one that stands under `components` is built once."""
        node = entry.follow()
        if node is entry or node.value == {}:
            return self._parameter(node, context)
        key = node.identity
        if key not in self._parameters:
            pointer = node.pointer
            owner = SchemaId(name=pascal(str(pointer[-1])) if pointer else "")
            self._parameters[key] = self._parameter(node, owner, shared=True)
        known = self._parameters[key]
        return None if known is None else described(known, entry)

    def _parameter(
        self, node: Node, context: SchemaId, *, shared: bool = False
    ) -> Parameter | None:
        name, place = node.string("name"), _PLACES.get(node.string("in") or "")
        if name is None or place is None:
            return None
        if place == "header" and name.lower() in _PART_OF_HTTP:
            return None
        inside = Within(context, "Parameter") if shared else Within(context, name)
        written = node.get("explode")
        explode = written.value if written is not None else None
        style, explode = settle(
            place, node.string("style"), explode if isinstance(explode, bool) else None
        )
        type_, media_type = self.value(node, inside)
        if node.boolean("allowEmptyValue") and place == "query":
            nothing = Literal(values=("",), at=node.at)
            type_ = any_of_uses((type_, nothing), node.at)
        return Parameter(
            wire_name=name,
            place=place,
            type=type_,
            presence=self._presence(node, required=place == "path"),
            style=style if media_type is None else "content",
            explode=explode and media_type is None,
            allow_reserved=node.boolean("allowReserved"),
            media_type=media_type,
            doc=doc_of(node),
            at=node.at,
        )

    def value(self, node: Node, context: Within) -> tuple[Use, str | None]:
        """Return the type of a parameter or header, and the media type if it has a `content`."""
        schema = node.get("schema")
        if schema is not None:
            return use_of(self.build, schema, context), None
        for media_type, entry in node.members("content"):
            media = entry.follow()
            inner = media.get("schema")
            if inner is not None:
                return use_of(self.build, inner, context), media_type
            return Anything(at=media.at), media_type
        return self.build.degraded(node.at, "it has neither `schema` nor `content`"), None

    def _presence(self, node: Node, *, required: bool = False) -> Presence:
        if required or node.boolean("required"):
            return Required()
        schema = node.get("schema")
        if schema is None:
            return Optional()
        found = presence_of(self.build, [schema])
        return found if isinstance(found, Default) else Optional()


_Described = TypeVar("_Described", Parameter, Response)


def described(shared: _Described, reference: Node) -> _Described:
    """Return what a reference object leads to in the words of that, if it has some (OpenAPI 3.1,
    reference object).
    """
    words = doc_of(reference)
    return shared if words == NO_DOC else replace(shared, doc=merged_doc((shared.doc, words)))
