"""Streams: bodies of one value after the other (OpenAPI 3.2, sequential media types).

An `itemSchema` of `text/event-stream` describes whole events, objects with the fields of a
Server-Sent Event; what callers want is their data. Of other media types it describes the values.
"""

from __future__ import annotations

from collections.abc import Mapping

from oasmith.frozen import frozen
from oasmith.ir.build.context import Build
from oasmith.ir.build.uses import any_of_uses, together, use_of
from oasmith.ir.equality import equal
from oasmith.ir.types import Anything, Context, ErrorEvent, SchemaId, Stream, Use, Within
from oasmith.openapi import Node
from oasmith.runtime.semantics.media_types import is_json, notation
from oasmith.source import Location

_FIELDS = frozenset(("event", "data", "id", "retry"))
"""WHATWG HTML, 9.2.6."""

_NAMELESS = SchemaId(name="")


@frozen(kw_only=False)
class _Kind:
    """One kind of event: what it may be called (nothing: anything), and its data."""

    names: frozenset[str]
    data: tuple[Node, ...]


class Streams:
    """Builds the streams that media types describe.

    `events` are the schema objects that describe whole events, by the identity of their values.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.events: set[int] = set()

    def of(self, media_type: str, node: Node, item: Use | None, context: Context) -> Stream | None:
        """Return the stream that a media type object describes, None if it is of no such type.

        `item` is what its `schema` makes of one value.
        """
        form = notation(media_type)
        if form not in ("lines", "events"):
            return None
        schema = node.get("itemSchema")
        said = node.get("x-stream")
        end = None if said is None else said.string("end")
        name = None if said is None else said.string("error")
        error = None if name is None else ErrorEvent(name=name)
        kinds = self._kinds(schema, {}) if schema is not None and form == "events" else None
        inside = Within(context, "Item")
        if schema is not None and not kinds:
            item = use_of(self.build, schema, inside)
        elif kinds:
            failures = [kind for kind in kinds if kind.names == {name}]
            data = [kind for kind in kinds if kind not in failures]
            if name is not None and failures:
                error = ErrorEvent(name=name, type=self._data(failures, node.at, context, "Error"))
            item = self._data(data or failures, node.at, context, "Item")
        return Stream(item=item or Anything(at=node.at), end=end, error=error, at=node.at)

    # --- events -----------------------------------------------------------------------------

    def _kinds(self, node: Node, outer: Mapping[str, tuple[Node, ...]]) -> list[_Kind] | None:
        """Return the kinds of events a schema describes; None if it describes something else.

        `outer` are the fields that stand beside a choice of which this schema is an option.
        """
        parts = self.build.flatten(node, _NAMELESS)
        fields = dict(outer)
        for part in parts:
            for name, member in self.build.properties(part):
                fields[name] = (*fields.get(name, ()), member)
        options = [
            option
            for part in parts
            for word in ("oneOf", "anyOf")
            if word in part.value
            for option in part.node[word]
        ]
        found: list[_Kind] = []
        for option in options:
            inner = self._kinds(option, fields)
            if inner is None:
                return None
            found += inner
        if not options:
            if not self._is_event(fields):
                return None
            found.append(_Kind(self._names(fields.get("event", ())), fields["data"]))
        self.events |= {node.identity, *(part.key for part in parts)}
        if (target := self.build.stands_for(node)) is not None:
            self.events.add(target.identity)
        return found

    def _is_event(self, fields: Mapping[str, tuple[Node, ...]]) -> bool:
        if "data" not in fields or not fields.keys() <= _FIELDS:
            return False
        values = [self.build.schema(node).value for node in fields["data"]]
        return any(isinstance(value, dict) and value.get("type") == "string" for value in values)

    def _names(self, nodes: tuple[Node, ...]) -> frozenset[str]:
        for node in reversed(nodes):
            value = self.build.schema(node).value
            if isinstance(value, dict) and ("const" in value or "enum" in value):
                listed = [value["const"]] if "const" in value else value["enum"]
                if isinstance(listed, list):
                    return frozenset(item for item in listed if isinstance(item, str))
        return frozenset()

    def _data(self, kinds: list[_Kind], at: Location, context: Context, word: str) -> Use:
        """Return what the data of the events says: that of any of the kinds."""
        uses: list[Use] = []
        for kind in kinds:
            use = self._said(kind.data, Within(context, word))
            if not any(equal(use, other) for other in uses):
                uses.append(use)
        if len(uses) == 1:
            return uses[0]
        return any_of_uses(tuple(uses), at)

    def _said(self, nodes: tuple[Node, ...], context: Context) -> Use:
        """Return what data says once it is read: JSON where its media type says so."""
        schemas = [self.build.schema(node) for node in nodes]
        contents = [
            schema["contentSchema"]
            for schema in schemas
            if isinstance(schema.value, dict) and "contentSchema" in schema.value
        ]
        use = together(self.build, contents, context)
        if use is not None:
            return use
        types = {
            schema.value.get("contentMediaType")
            for schema in schemas
            if isinstance(schema.value, dict)
        }
        if any(is_json(type_) for type_ in types if isinstance(type_, str)):
            return Anything(at=nodes[-1].at)
        return together(self.build, list(nodes), context) or Anything(at=nodes[-1].at)
