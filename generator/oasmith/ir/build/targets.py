"""Names for schemas that references lead to outside `components/schemas`."""

from __future__ import annotations

from oasmith.ir.build.names import component_id, place_names, status_name
from oasmith.ir.names import pascal
from oasmith.ir.types import SchemaId
from oasmith.openapi import Document, Node

_SHELVES = frozenset(("schemas", "definitions", "$defs"))
"""What holds schemas by name."""

_STRUCTURE = frozenset(
    (
        "components",
        "properties",
        "allOf",
        "oneOf",
        "anyOf",
        "schema",
        "content",
        "paths",
        "schemas",
        "definitions",
        "$defs",
        "parameters",
        "prefixItems",
    )
)
"""Steps of a pointer that say nothing of what is there."""

_ROLES = {
    "items": "Item",
    "additionalProperties": "Value",
    "requestBody": "Request",
    "requestBodies": "Request",
    "responses": "Response",
    "itemSchema": "Item",
}

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")


def ordinal(index: int) -> str:
    """Return the word for a place in a tuple, which is what tells its items apart."""
    return _ORDINALS[index] if index < len(_ORDINALS) else f"Item{index + 1}"


def last_word(document: Document, target: Node) -> str:
    """Return what a schema in another file is called there."""
    return candidates(document, target)[0].name


def candidates(document: Document, target: Node) -> tuple[SchemaId, ...]:
    """Return the names of a schema, the shortest first: the key it has in its file, or the file's
    own name, with what stands inside run on; then more and more of the way to it.
    """
    pointer = [str(step) for step in target.pointer]
    shelf = next((i for i in range(len(pointer) - 2, -1, -1) if pointer[i] in _SHELVES), None)
    folders = _way_to(document, target)
    if shelf is not None:
        way = [*folders, *_spoken(pointer[:shelf])]
        base, inside = pointer[shelf + 1], pointer[shelf + 2 :]
    elif not pointer:
        way, base, inside = folders[:-1], folders[-1] if folders else "Document", []
    elif folders:
        spoken = _spoken(pointer)
        way, base, inside = folders, spoken[-1] if spoken else folders[-1], []
    else:
        spoken = _spoken(pointer)
        way, base, inside = spoken[:-1], spoken[-1] if spoken else "Schema", []
        way, base = [], pascal("".join(pascal(word) for word in spoken)) or base
    suffix = "".join(pascal(word) for word in _spoken(inside))
    # A schema whose gaps are filled is called after what fills them, too.
    suffix += "".join(
        pascal(last_word(document, each)) for each in document.dynamic.made_of(target)
    )
    names = place_names((*way, base))
    if suffix:
        names = tuple(id_._replace(name=id_.name + suffix) for id_ in names)
    first = component_id(base)
    return (first._replace(name=first.name + suffix), *names[1:])


def _way_to(document: Document, target: Node) -> list[str]:
    """Return the folders and the name of the file, as seen from the root document."""
    root = document.root.path.parent
    path = target.source.path
    if path == document.root.path:
        return []
    parts = path.relative_to(root).parts if path.is_relative_to(root) else path.parts[-3:]
    return [*parts[:-1], path.stem]


def _spoken(steps: list[str]) -> list[str]:
    """Return the steps of a pointer that say something."""
    words = []
    for before, step in zip(["", *steps], steps, strict=False):
        if before == "responses":
            words.append(status_name(step))
        elif step in _ROLES:
            words.append(_ROLES[step])
        elif step not in _STRUCTURE and not step.isdigit():
            words.append(step)
    return words
