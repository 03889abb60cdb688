"""A part of a document: the wanted operations, and the components they refer to.

Members are left out and nothing is moved, so that every place stays what it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.openapi.document import Document
from oasmith.openapi.node import Node
from oasmith.openapi.objects import FIELDS, METHODS
from oasmith.openapi.reach import Reach
from oasmith.source import Json

KINDS = ("path", "tag", "id", "ext")


@frozen
class _Operation:
    """An operation where a path has it: under `key` of its path item."""

    path: str
    key: str
    item: Node
    value: dict[str, Json]

    @property
    def place(self) -> tuple[int, str]:
        """What tells it from others; paths may share a path item."""
        return id(self.item.value), self.key


@frozen(kw_only=False)
class Selector:
    """One `KIND:GLOB`. `ext:x-name` asks for an extension, `ext:x-name=GLOB` for its value."""

    kind: str
    pattern: str

    def matches(self, operation: _Operation) -> bool:
        """Say whether the operation is meant. One without an id has `METHOD PATH` for it."""
        value = operation.value
        match self.kind:
            case "path":
                return fnmatchcase(operation.path, self.pattern)
            case "tag":
                tags = value.get("tags")
                return isinstance(tags, list) and any(
                    isinstance(tag, str) and fnmatchcase(tag, self.pattern) for tag in tags
                )
            case "id":
                own = value.get("operationId")
                id_ = own if isinstance(own, str) else f"{operation.key} {operation.path}"
                return fnmatchcase(id_, self.pattern)
            case _:
                name, equals, wanted = self.pattern.partition("=")
                if name not in value:
                    return False
                said = value[name]
                text = said if isinstance(said, str) else json.dumps(said)
                return not equals or fnmatchcase(text, wanted)


def parse_selector(text: str) -> Selector:
    """Return the selector that `text` spells.

    Raises `ValueError`, with a sentence for people, when it spells none.
    """
    kind, colon, pattern = text.partition(":")
    if not colon or kind not in KINDS or not pattern:
        kinds = ", ".join(f"{kind}:" for kind in KINDS)
        raise ValueError(f"{text!r} is not a selector: begin with one of {kinds}, then a pattern")
    return Selector(kind, pattern)


def select(
    document: Document,
    diagnostics: Diagnostics,
    include: Sequence[str],
    exclude: Sequence[str],
) -> None:
    """Narrow the document to the operations that match some of `include` (empty: all) and none of
    `exclude`, and to the components they reach.

    Security schemes stay; webhooks, which nobody calls, go. Reports `wrong-setting` for what is no
    selector, and `unmatched` for one that matches no operation: most likely it is misspelt. That
    none is left is an error: nobody wants the package that was there replaced by an empty one.
    """
    try:
        wanted = [parse_selector(text) for text in include]
        unwanted = [parse_selector(text) for text in exclude]
    except ValueError as error:
        diagnostics.error("wrong-setting", None, str(error))
        return
    operations = list(_operations(document.node))
    for text, selector in zip((*include, *exclude), (*wanted, *unwanted), strict=True):
        if not any(map(selector.matches, operations)):
            diagnostics.warning("unmatched", None, f"no operation matches {text!r}")
    kept = [
        operation
        for operation in operations
        if (not wanted or any(selector.matches(operation) for selector in wanted))
        and not any(selector.matches(operation) for selector in unwanted)
    ]
    if not kept:
        message = "no operation is left: the selectors match none, or exclude all"
        diagnostics.error("unmatched", None, message)
    document.narrow(_Narrowing(document, kept).parts)


def _operations(root: Node) -> Iterator[_Operation]:
    for path, entry in _members(root, "paths"):
        if path.startswith("x-"):
            continue
        for item in entry.layers():
            for key, node in (*_fixed(item), *_members(item, "additionalOperations")):
                value = node.follow().value
                if isinstance(value, dict):
                    yield _Operation(path=path, key=key, item=item, value=value)


def _fixed(item: Node) -> Iterator[tuple[str, Node]]:
    """Give the operations that stand in the path item itself."""
    if isinstance(item.value, dict):
        yield from ((key, item[key]) for key in item.value if key.lower() in METHODS)


def _members(owner: Node, key: str) -> Iterator[tuple[str, Node]]:
    held = _map(owner, key)
    return iter(()) if held is None else held.items()


def _map(owner: Node, key: str) -> Node | None:
    """Return the map at `key`; of anything else the check will speak."""
    child = owner.get(key)
    held = None if child is None else child.follow_map()
    return held if held is not None and isinstance(held.value, dict) else None


class _Narrowing:
    """Makes the objects that lose members anew, the inner ones first."""

    def __init__(self, document: Document, kept: Sequence[_Operation]) -> None:
        self.parts: dict[int, Json] = {}
        """What is left of them, by the identity of the whole."""
        self._wanted = {operation.place for operation in kept}
        paths = {operation.path for operation in kept}
        root = document.node
        items = [
            item
            for path, entry in _members(root, "paths")
            if path in paths
            for item in entry.layers()
            if isinstance(item.value, dict)
        ]
        for item in items:
            self._item(item)
        reach = Reach(document)
        reach.run(map(self._left_of, items))
        self._keep(root, "paths", lambda _, path: path in paths)
        components = root.get("components")
        if components is not None and isinstance(components.value, dict):
            for shelf in FIELDS["components"].keys() - {"securitySchemes"}:
                self._keep(components, shelf, lambda held, name: self._reached(reach, held, name))
            self._put(components, components.value)
        assert isinstance(root.value, dict)
        left = {key: value for key, value in root.value.items() if key != "webhooks"}
        self._put(root, {"paths": {}} | left)

    def _item(self, item: Node) -> None:
        def wanted(_: Node, key: str) -> bool:
            return (id(item.value), key) in self._wanted

        self._keep(item, "additionalOperations", wanted)
        assert isinstance(item.value, dict)
        gone = {key for key, node in _fixed(item) if not wanted(node, key)}
        self._put(item, {key: value for key, value in item.value.items() if key not in gone})

    def _keep(self, owner: Node, key: str, wanted: Callable[[Node, str], bool]) -> None:
        """Keep some members of a map."""
        held = _map(owner, key)
        if held is not None:
            assert isinstance(held.value, dict)
            left = {name: value for name, value in held.value.items() if wanted(held, name)}
            self._put(held, left)

    def _put(self, node: Node, left: dict[str, Json]) -> None:
        self.parts[id(node.value)] = {key: self._part(value) for key, value in left.items()}

    def _left_of(self, item: Node) -> Node:
        """Return what is left of a path item, by itself: what it refers to is another one."""
        value = self._part(item.value)
        assert isinstance(value, dict)
        if "$ref" in value:
            value = {key: child for key, child in value.items() if key != "$ref"}
        return Node(item.document, item.source, item.trail, value)

    def _part(self, value: Json) -> Json:
        return self.parts.get(id(value), value)

    def _reached(self, reach: Reach, held: Node, name: str) -> bool:
        assert isinstance(held.value, dict)
        return reach.has(held, name, self._part(held.value[name]))
