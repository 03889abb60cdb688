"""Reading schema objects: in the words of JSON Schema 2020-12, and with what they bring in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

from oasmith.ir.build.rules import EXTENSIONS
from oasmith.ir.build.shapes import ANNOTATIONS, COMBINING, Part, asks
from oasmith.ir.types import Context, SchemaId
from oasmith.openapi import Document, Node
from oasmith.openapi.versions import Version, is_dated
from oasmith.source import Json

NEVER: dict[str, Json] = {"type": []}
"""What the schema `false` is read as."""


def is_reference(value: Json) -> bool:
    """Say whether a schema object only refers to another one, with words at most beside."""
    return (
        type(value) is dict
        and "$ref" in value
        and (len(value) == 1 or all(word == "$ref" for word in asks(value)))
    )


def is_silent(value: Json) -> bool:
    """Say whether a schema object asks for nothing."""
    return value is True or (
        isinstance(value, dict) and (value.keys() <= ANNOTATIONS or next(asks(value), None) is None)
    )


def is_silent_node(node: Node) -> bool:
    """Say whether the schema here asks for nothing."""
    return is_silent(node.value)


class Reading:
    """Reads the schemas of one document, each once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.diagnostics = document.diagnostics
        self._is_modern = document.version is not Version.V3_0
        self._read: dict[int, Node] = {}
        self._flat: dict[tuple[int, SchemaId], tuple[Part, ...]] = {}

    @abstractmethod
    def id_of(self, target: Node) -> SchemaId:
        """Return the identity of what a reference leads to."""

    def schema(self, node: Node) -> Node:
        """Return the cursor that reads a schema object in the words of JSON Schema 2020-12."""
        value = node.value
        if self._is_modern and (type(value) is not dict or not is_dated(value)):
            return node
        read = self._read.get(node.identity)
        if read is None:
            read = node.as_schema()
            if type(value) is dict:  # every other value may be in many places at once
                self._read[node.identity] = read
        return read

    def peel(self, node: Node) -> tuple[Node, bool]:
        """Take off what adds nothing but null: return the schema inside and whether null fits."""
        nullable = False
        while True:
            schema = self.schema(node)
            value = schema.value
            if type(value) is not dict or COMBINING.isdisjoint(value):
                return node, nullable
            words = list(asks(value))
            if len(words) != 1 or words[0] == "$ref":
                return node, nullable
            word = words[0]
            silent = is_silent_node if word == "allOf" else self.is_null
            branches = list(schema[word])
            real = [branch for branch in branches if not silent(branch)]
            if len(real) != 1:
                return node, nullable
            nullable = nullable or (word != "allOf" and len(real) < len(branches))
            node = real[0]

    def is_null(self, node: Node) -> bool:
        """Say whether a schema takes null alone."""
        value = self.schema(node).value
        if not isinstance(value, dict):
            return False
        return (
            value.get("type") in ("null", ["null"])
            or value.get("enum") == [None]
            or ("const" in value and value["const"] is None)
        )

    def flatten(self, node: Node, owner: Context) -> tuple[Part, ...]:
        """Return the schema objects that hold at once: `$ref`, `allOf` and what stands beside."""
        key = node.identity
        if not isinstance(owner, SchemaId):
            return self._flatten_afresh(node, owner)
        known = self._flat.get((key, owner))
        if known is None:
            known = self._flat[key, owner] = self._flatten_afresh(node, owner)
        return known

    def _flatten_afresh(self, node: Node, owner: Context) -> tuple[Part, ...]:
        found: dict[int, Part] = {}
        self._flatten(node, owner, found, set(), set())
        if not found:
            silent = Node(node.document, node.source, node.trail, {})
            found[node.identity] = Part(silent, {}, node.identity, owner)
        return tuple(found.values())

    def _flatten(
        self,
        node: Node,
        owner: Context,
        found: dict[int, Part],
        within: set[int],
        done: set[int],
    ) -> None:
        schema = self.schema(node)
        value = schema.value
        key = node.identity
        if not isinstance(value, dict):
            if value is False:
                never = Node(node.document, node.source, node.trail, NEVER)
                found.setdefault(key, Part(never, NEVER, key, owner))
            elif value is not True and value is not None:
                node.report_type("a schema")
            return
        if key in within:
            if "allOf" in value or "$ref" in value:
                self.diagnostics.error(
                    "cyclic-reference", schema.at, "this schema includes itself by `allOf`"
                )
            return
        if key in done:  # nothing new, and ever so often where each of many levels comes twice
            return
        within.add(key)
        own = False
        for word in value:
            if word == "$ref":
                target = schema.target()
                if target is not None:
                    is_filled = self.document.dynamic.made_of(target)
                    inside = owner if is_filled else self.id_of(target)
                    self._flatten(target, inside, found, within, done)
            elif word == "allOf":
                for branch in schema["allOf"]:
                    self._flatten(branch, owner, found, within, done)
            elif not own and word not in ANNOTATIONS and not word.startswith("x-"):
                own = True
                found.setdefault(key, Part(schema, value, key, owner))
        if not own and not EXTENSIONS.isdisjoint(value):
            found.setdefault(key, Part(schema, value, key, owner))
        within.discard(key)
        done.add(key)

    def stands_for(self, node: Node) -> Node | None:
        """Return the schema that one is for by `$ref` or an `allOf` of one; None if it is its own
        or the reference leads to nothing.
        """
        value = node.value
        if type(value) is not dict:
            return None
        if "$ref" in value:
            return node.target()
        branches = value.get("allOf")
        if not isinstance(branches, list) or len(branches) != 1:
            return None
        branch = branches[0]
        if type(branch) is dict and isinstance(text := branch.get("$ref"), str):
            return self.document.target(node["allOf"][0], text)
        return node["allOf"][0]

    def end(self, node: Node) -> Node:
        """Return the schema at the end of such steps."""
        seen: set[int] = set()
        while node.identity not in seen:
            seen.add(node.identity)
            following = self.stands_for(node)
            if following is None:
                break
            node = following
        return node

    def properties(self, part: Part) -> Iterator[tuple[str, Node]]:
        """Go through the properties of a part. A `$ref` in their place, which only bundlers know,
        leads to an object that holds them.
        """
        if "properties" in part.value:
            node = part.node["properties"]
            if node.reference is not None:
                node = node.follow()
            yield from node.items()
