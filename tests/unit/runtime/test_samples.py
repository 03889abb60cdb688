"""Samples keep the bounds of their shapes, whatever is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from oasmith.runtime.semantics.samples import (
    Anything,
    Constants,
    Items,
    Map,
    Member,
    Number,
    Options,
    Record,
    Shape,
    Text,
    least,
    sample,
)
from oasmith.runtime.semantics.text import UUIDS, TextForm


@dataclass(frozen=True)
class Chosen:
    """Chooses the same everywhere."""

    drawn: float = 7
    word: str = "word"
    count: int = 1
    series: int = 0

    def member(self, name: str) -> Chosen:
        return self

    entry = member

    def distinct(self, number: int) -> Chosen:
        return Chosen(self.drawn + number, f"{self.word}{number}", self.count, number)

    def items(self, item: Shape[Any], least: int) -> list[Chosen]:
        return [self] * max(self.count, least)

    def keys(self) -> list[str]:
        return ["key"]

    def members(self, names: Sequence[str]) -> Sequence[str]:
        return names[:1]

    def option(self, options: Sequence[Shape[Any]]) -> int:
        return len(options) - 1

    def constant(self, values: Sequence[Any]) -> Any:
        return values[self.series % len(values)]

    def number(self, shape: Number) -> float:
        return self.drawn

    def text(self) -> str:
        return self.word

    def form(self, form: TextForm) -> str:
        return form.example(self.series)


def made(shape: Shape[Any], chooser: Chosen | None = None) -> Any:
    return sample(shape, lambda source: source, chooser or Chosen())


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (Number(is_whole=True), 7),
        (Number(is_whole=True, maximum=7, minimum=7), 7),
        (Number(is_whole=True, minimum=20), 20),
        (Number(is_whole=True, exclusive_minimum=7), 8),
        (Number(is_whole=True, exclusive_maximum=7, minimum=2), 2),
        (Number(is_whole=True, multiple_of=4), 4),
        (Number(is_whole=True, multiple_of=3.5), 7),
        (Number(is_whole=False, minimum=Decimal("0.1"), maximum=Decimal("0.2")), 0.1),
        (Number(is_whole=False, exclusive_minimum=0, exclusive_maximum=1), 0.5),
        (Text(), "word"),
        (Text(least=6), "wordxx"),
        (Text(most=2), "wo"),
        (Text(examples=("a", "bc"), least=2), "bc"),
        (Text(matches=re.compile("^[0-9]{3}$").search, least=3), "111"),
        (Text(matches=re.compile("^[a-z]+$").search, most=2), "a"),
        (Text(form=UUIDS), UUIDS.example(0)),
        (Constants((None,)), None),
        (Anything(), {}),
        (Items(rest=Constants((1, 2)), least=3), [1, 2, 1]),
        (Items(rest=Constants((1, 2)), least=2, is_unique=True), [1, 2]),
        (Items(rest=Text(), least=2), ["word", "word"]),
        (Items(rest=Text(), least=2, is_unique=True), ["word0", "word1"]),
        (Items(rest=Number(is_whole=True), least=2, is_unique=True), [7, 8]),
        (Items(rest=Text(), most=0), []),
        (Items(first=[Text(), Constants((1,))]), ["word", 1]),
        (Items(first=[Constants((1,))], rest=Text(), least=3), [1, "word", "word"]),
        (Map(value=Text(), least=2), {"key": "word", "key-2": "word"}),
        (Map(value=Text(), key=Text(matches=re.compile("^[A-Z]$").search)), {"A": "word"}),
        (Options((Text(), Constants((1,)))), 1),
        (Options((Text(),), is_nullable=True), "word"),
    ],
)
def test_sample(shape: Shape[Any], value: Any) -> None:
    assert made(shape) == value


def test_records() -> None:
    members = [Member(name, Text(), name == "b") for name in "abcd"]
    assert list(made(Record(members=members))) == ["b"]
    assert list(made(Record(members=members, least=3))) == ["a", "b", "c"]
    asks = {"b": "d", "d": "a"}
    record = Record(members=members, asks_for=lambda given: [asks[n] for n in given if n in asks])
    assert list(made(record)) == ["a", "b", "d"]
    assert list(made(Record(members=members[2:]))) == ["c"]


def test_a_series_differs() -> None:
    number = Number(is_whole=True, minimum=5, multiple_of=5)
    assert [least(number, n) for n in range(3)] == [5, 10, 15]
    pattern = Text(matches=re.compile("^[0-9]+$").search)
    items = made(Items(rest=pattern, least=3, is_unique=True))
    assert items == ["1", "2", "3"]


RECURSIVE: dict[str, Shape[str]] = {
    "list": Items(rest="list", least=0),
    "map": Map(value="map"),
    "null": Record(members=[Member("next", "maybe", True)]),
    "maybe": Options(("null",), is_nullable=True),
    "endless": Record(members=[Member(n, "endless", True) for n in "ab"]),
}


@pytest.mark.parametrize("name", RECURSIVE)
def test_recursion_ends(name: str) -> None:
    value = sample(name, RECURSIVE.__getitem__, Chosen())
    text = repr(value)
    assert len(text) < 100_000
    # None stands only where null is right, or where no finite value is.
    assert ("None" in text) == (name in ("null", "maybe", "endless"))
