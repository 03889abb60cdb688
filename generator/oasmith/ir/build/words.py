"""What a document says for people: descriptions, deprecation, examples."""

from __future__ import annotations

import json
from collections.abc import Iterable

from oasmith.ir.types import NO_DOC, Doc, Example
from oasmith.openapi import Node
from oasmith.source import Json
from oasmith.text import Text

_WORDS = frozenset(
    ("title", "summary", "description", "deprecated", "externalDocs", "examples", "example")
)


def doc_of(node: Node) -> Doc:
    """Return the words of a schema, parameter, operation, … (OpenAPI 3.1, section 4.8)."""
    value = node.value
    if type(value) is not dict or _WORDS.isdisjoint(value):
        return NO_DOC
    external = node.get("externalDocs")
    return Doc(
        title=node.prose("title"),
        summary=node.prose("summary"),
        description=node.prose("description"),
        deprecated=value.get("deprecated") is True,
        external=None if external is None else external.prose("url"),
        examples=examples_of(node) if "examples" in value or "example" in value else (),
    )


def examples_of(node: Node) -> tuple[Example, ...]:
    """Return the values under `examples`, a list or an object, and `example`."""
    found: list[Example] = []
    examples = node.get("examples")
    if examples is not None and isinstance(examples.value, list):
        found += (Example(value=item.value, at=item.at) for item in examples)
    elif examples is not None and isinstance(examples.value, dict):
        for name, entry in examples.items():
            example = _named_example(name, entry.follow())
            if example is not None:
                found.append(example)
    if (single := node.get("example")) is not None:
        found.append(Example(value=single.value, at=single.at))
    return tuple(found)


def _named_example(name: str, node: Node) -> Example | None:
    """Return an example object; one with only `externalValue` has no value to show."""
    value = node.value
    if not isinstance(value, dict):
        return Example(value=value, name=Text(name), at=node.at)
    for key in ("value", "dataValue"):
        if key in value:
            shown = value[key]
            break
    else:
        if not value or not value.keys().isdisjoint(("externalValue", "serializedValue")):
            return None
        shown = value  # an example without its wrapper
    return Example(
        value=shown,
        name=Text(name),
        summary=node.prose("summary"),
        description=node.prose("description"),
        at=node.at,
    )


def read_as_json(value: Json) -> Json:
    """Return what a text says if it is JSON, for the example of an object that is written so."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            parsed: Json = json.loads(value)
        except ValueError:
            return value
        return parsed
    return value


def merged_doc(docs: Iterable[Doc]) -> Doc:
    """Return the words of several schemas about one thing: the later ones win."""
    found = list(docs)

    def last(name: str) -> Text | None:
        texts = [getattr(doc, name) for doc in found]
        return next((text for text in reversed(texts) if text), None)

    return Doc(
        title=last("title"),
        summary=last("summary"),
        description=last("description"),
        deprecated=any(doc.deprecated for doc in found),
        external=last("external"),
        examples=tuple(example for doc in found for example in doc.examples),
    )
