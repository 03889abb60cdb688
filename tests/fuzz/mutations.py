"""A strategy of documents that were right until something was changed in a few places."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from hypothesis import strategies as st

from fuzz import texts
from fuzz.documents import ODD, Written, below_of, json_bytes, yaml_bytes

_T = TypeVar("_T")

_TESTS: Final = Path(__file__).parents[1]
_MOST: Final = 60_000
"""Bytes of a document that is worth changing: in a larger one most changes hit what is alike."""

_Place = tuple[Any, Any]
"""An object or a list, and a key of it."""


class _Changer:
    def __init__(self, below: Callable[[int], int], document: Any, other: Any) -> None:
        self._below = below
        self._document = document
        self._other = other

    def change(self) -> None:
        """Change one place of the document."""
        places = _places(self._document)
        if not places:
            return
        holder, key = self._one(places)
        match self._below(9):
            case 0 | 1:
                holder[key] = copy.deepcopy(self._one(ODD))
            case 2:
                del holder[key]
            case 3:
                self._rename(holder, key, self._one(texts.NAMES))
            case 4:
                self._rename(holder, key, self._one(self._keys()))
            case 5:
                holder[key] = self._one(
                    (texts.PAYLOADS, texts.NAMES, texts.NUMBERS)[self._below(3)]
                )
            case 6:
                holder[key] = self._part(self._document)
            case 7:
                holder[key] = self._part(self._other)
            case _:
                self._double(holder, key)

    def _one(self, options: Sequence[_T]) -> _T:
        return options[self._below(len(options))]

    def _part(self, document: Any) -> Any:
        """Copy a part of a document, such that a thing stands where another kind is expected."""
        holder, key = self._one(_places(document))
        return copy.deepcopy(holder[key])

    def _keys(self) -> list[str]:
        found = dict.fromkeys(str(key) for _, key in _places(self._document))
        return [*found]

    def _rename(self, holder: Any, key: Any, name: str) -> None:
        if isinstance(holder, dict):
            members = list(holder.items())
            holder.clear()
            holder.update((name if each == key else each, value) for each, value in members)
        else:
            holder[key] = name

    def _double(self, holder: Any, key: Any) -> None:
        """Say a thing twice: under another spelling of its key, or once more in the list."""
        if isinstance(holder, dict):
            name = str(key)
            other = self._one((name.upper(), f"{name}_", f"{name}-", f" {name}", name.title()))
            holder[other] = copy.deepcopy(holder[key])
        else:
            holder.insert(key, copy.deepcopy(holder[key]))


def _places(document: Any) -> list[_Place]:
    found: list[_Place] = []
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            keys = list(value) if isinstance(value, dict) else range(len(value))
            found += [(value, key) for key in keys]
            waiting += [value[key] for key in keys]
    return found


@cache
def _originals() -> tuple[bytes, ...]:
    """Return the documents of the tests, as JSON."""
    paths = sorted(
        path
        for path in (_TESTS / "snapshots").glob("*/openapi.yaml")
        if path.stat().st_size < _MOST
    )
    found = []
    for path in paths:
        read = yaml.load(path.read_text(), yaml.CSafeLoader)
        found.append(json.dumps(read, default=str).encode())
    return tuple(found)


@st.composite
def mutations(draw: st.DrawFn) -> Written:
    """Draw a document of the tests, changed in one to four places."""
    below = below_of(draw)
    originals = _originals()
    document, other = (json.loads(originals[below(len(originals))]) for _ in range(2))
    changer = _Changer(below, document, other)
    for _ in range(1 + below(4)):
        changer.change()
    if below(3):
        return Written({"openapi.json": json_bytes(document)})
    return Written({"openapi.yaml": yaml_bytes(document)})
