"""Everything is described, in words that are not upstream's."""

import json
import re
from collections.abc import Iterator

import pytest

from conftest import SHARED
from spec.document import Json, Node, everything, files, walk


def test_everything_is_described() -> None:
    silent: list[str] = []
    for node in everything():
        named: dict[str, Json] = {}
        named |= node.value.get("properties", {}) if node.value.get("type") == "object" else {}
        if node.pointer == ("components",):
            for kind, items in node.value.items():
                if kind != "pathItems":  # It is their operations that are described.
                    named |= {name: item for name, item in items.items() if "$ref" not in item}
        if "operationId" in node.value:
            named[node.value["operationId"]] = node.value
        rules = node.value.get("allOf", []) if "properties" in node.value else []
        named |= {f"rule {number}": rule for number, rule in enumerate(rules)}
        silent += [
            f"{node.file} {name}" for name, item in named.items() if not item.get("description")
        ]

    assert silent == []


@pytest.mark.shared
def test_no_sentence_is_upstreams() -> None:
    upstream = "\n".join(
        _sentence(sentence)
        for text in _texts(json.loads((SHARED / "specs" / "es-serverless.json").read_text("utf-8")))
        for sentence in re.split(r"(?<=[.:;])\s|\n", text)
    )
    ours = {
        _sentence(sentence)
        for document in files().values()
        for text in _texts(document)
        for sentence in re.split(r"(?<=[.:;])\s", text)
    }

    # Shorter ones are names of things.
    copied = {text for text in ours if len(text) > 25 and f"\n{text}\n" in upstream}
    assert copied == set()
    assert len(ours) > 200


def _sentence(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def _texts(document: Json) -> Iterator[str]:
    for node in walk(Node("", (), document)):
        if isinstance(text := node.value.get("description"), str):
            yield text
