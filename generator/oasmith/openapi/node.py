"""A cursor over documents: a value that knows where it stands and what its references lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from oasmith.openapi.versions import Version, modern
from oasmith.source import Json, Location, Pointer, Source, Trail, pointer_of
from oasmith.text import Text

if TYPE_CHECKING:
    from oasmith.diagnostics import Diagnostics

_JSON_TYPES = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
}


_REFERENCE_OBJECT = frozenset(("$ref", "summary", "description"))


def json_type(value: Json) -> str:
    """Return the JSON type of a value with its article, for messages."""
    return _JSON_TYPES[type(value)]


class Resolver(Protocol):
    """The document that a node belongs to: its version, and what its references lead to."""

    version: Version
    diagnostics: Diagnostics

    def target(self, at: Node, text: str) -> Node | None:
        """Return what the reference `text` leads to, one step."""

    def end(self, at: Node, text: str) -> Node | None:
        """Return what the reference `text` leads to in the end."""


class Node:
    """A value in a document. Two nodes are equal if they stand at the same place.

    The reads by type (`string`, `boolean`, …) take a key; they answer nothing for a missing member
    and for null, and report a value of another type.
    """

    __slots__ = ("document", "source", "trail", "value")

    def __init__(self, document: Resolver, source: Source, trail: Trail, value: Json) -> None:
        self.document = document
        self.source = source
        self.trail = trail
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.source is other.source and self.trail == other.trail

    def __hash__(self) -> int:
        return hash((id(self.source), self.trail))

    def __repr__(self) -> str:
        return f"Node({self.at!r})"

    @property
    def at(self) -> Location:
        return Location(self.source, self.trail)

    @property
    def identity(self) -> int:
        """A key for the value here: the same in every node that reads the same object."""
        return id(self.value)

    @property
    def pointer(self) -> Pointer:
        """The keys from the top of the file to here."""
        return pointer_of(self.trail)

    @property
    def key(self) -> str | int | None:
        """The last key of the pointer; None at the top of a file."""
        return None if self.trail is None else self.trail[1]

    # --- members and items --------------------------------------------------------------

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def __getitem__(self, key: str | int) -> Node:
        """Return a member or an item. Raises KeyError or IndexError if there is none."""
        value = self.value
        if isinstance(value, dict):
            child = value[key]  # type: ignore[index]  # an int is no key: KeyError
        elif isinstance(value, list) and isinstance(key, int):
            child = value[key]
        else:
            raise KeyError(key)
        return Node(self.document, self.source, (self.trail, key), child)

    def get(self, key: str) -> Node | None:
        """Return a member, None if there is none or this is no object."""
        value = self.value
        if isinstance(value, dict) and key in value:
            return Node(self.document, self.source, (self.trail, key), value[key])
        return None

    def items(self) -> Iterator[tuple[str, Node]]:
        """Go through the members of an object; report anything else."""
        value = self.value
        if isinstance(value, dict):
            document, source, trail = self.document, self.source, self.trail
            for key, child in value.items():
                yield key, Node(document, source, (trail, key), child)
        elif value is not None:
            self.report_type("an object")

    def __iter__(self) -> Iterator[Node]:
        """Go through the items of a list; report anything else."""
        value = self.value
        if isinstance(value, list):
            document, source, trail = self.document, self.source, self.trail
            for index, child in enumerate(value):
                yield Node(document, source, (trail, index), child)
        elif value is not None:
            self.report_type("a list")

    def members(self, key: str) -> Iterator[tuple[str, Node]]:
        """Go through the members of the object at `key`, or of what it refers to as a whole."""
        child = self.get(key)
        return iter(()) if child is None else child.follow_map().items()

    def elements(self, key: str) -> Iterator[Node]:
        """Go through the items of the list at `key`."""
        child = self.get(key)
        return iter(()) if child is None else iter(child)

    # --- reads by type ------------------------------------------------------------------

    def string(self, key: str) -> str | None:
        """Return the text at `key`. A number or boolean is taken as written, with a warning."""
        value = self._member(key)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, dict) and "$ref" in value:
            # No version foresees a reference to a text, yet documents in many files have them.
            value = self[key].follow().value
            if isinstance(value, str):
                return value
        if isinstance(value, list | dict):
            self[key].report_type("a string")
            return None
        self.document.diagnostics.warning(
            "wrong-type",
            self[key].at,
            f"`{key}` must be a string, not {json_type(value)}",
            "put it in quotes",
        )
        return str(value).lower() if isinstance(value, bool) else str(value)

    def prose(self, key: str) -> Text | None:
        """Return the words for people at `key`; None where there are none, or no text."""
        value = self._member(key)
        return Text(value) if value and isinstance(value, str) else None

    def boolean(self, key: str) -> bool:
        """Return the boolean at `key`, False if there is none."""
        value = self._member(key)
        if value is not None and not isinstance(value, bool):
            self[key].report_type("a boolean")
        return value is True

    def strings(self, key: str) -> tuple[str, ...]:
        """Return the texts in the list at `key`."""
        found = []
        for item in self.elements(key):
            if isinstance(item.value, str):
                found.append(item.value)
            else:
                item.report_type("a string")
        return tuple(found)

    def _member(self, key: str) -> Json:
        return self.value.get(key) if isinstance(self.value, dict) else None

    def report_type(self, expected: str) -> None:
        """Report that the value here has another JSON type than `expected`."""
        name = "this" if self.key is None or isinstance(self.key, int) else f"`{self.key}`"
        message = f"{name} must be {expected}, not {json_type(self.value)}"
        self.document.diagnostics.error("wrong-type", self.at, message)

    # --- references ---------------------------------------------------------------------

    @property
    def reference(self) -> str | None:
        """The text of `$ref`, if this is an object that has one."""
        value = self.value
        if type(value) is dict and "$ref" in value:
            text = value["$ref"]
            return text if isinstance(text, str) else None
        return None

    def target(self) -> Node | None:
        """Return what `$ref` leads to, one step; None if there is none or it leads to nothing.

        What leads to nothing is reported.
        """
        text = self.reference
        return None if text is None else self.document.target(self, text)

    def follow(self) -> Node:
        """Return what this stands for: itself, or what the chain of `$ref` from here ends at.

        A chain that breaks or goes in a circle is reported; it ends in an empty object here.
        """
        if type(self.value) is not dict or "$ref" not in self.value:
            return self
        text = self.reference
        end = None if text is None else self.document.end(self, text)
        return Node(self.document, self.source, self.trail, {}) if end is None else end

    def layers(self) -> tuple[Node, ...]:
        """Return the path items that hold at once here: what stands beside `$ref`, which counts
        first, and what that leads to (OpenAPI 3.1, path item object).
        """
        end = self.follow()
        value = self.value
        is_alone = not isinstance(value, dict) or value.keys() <= _REFERENCE_OBJECT
        return (end,) if end is self or is_alone else (self, end)

    def follow_map(self) -> Node:
        """Return the map that this stands for; a map may well have a key `$ref` of its own.

        No version foresees a reference to a map, yet documents in many files have them.
        """
        return self if self.reference is None else self.follow()

    def as_schema(self) -> Node:
        """Return the cursor that reads a schema object as JSON Schema 2020-12 has it."""
        value = self.value
        if type(value) is not dict:
            return self
        read = modern(value, self.document.version)
        if read is value:
            return self
        return Node(self.document, self.source, self.trail, read)
