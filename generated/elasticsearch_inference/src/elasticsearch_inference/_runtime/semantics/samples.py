"""Sample values: values that a schema describes, made from its shape.

A `Shape` is what a schema says of its values. `read` returns the shape of a source, which is a type
of the generator's model or an annotation. A `Chooser` decides what a shape leaves open: least
values for documentation, drawn ones for tests. Bounds are kept here, whatever is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Generic, Protocol, Self, TypeAlias, TypeVar, assert_never

from .text import TextForm

Limit: TypeAlias = "float | Decimal | None"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Constants:
    """One of the values. Null and booleans are constants too."""

    values: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number (JSON Schema validation 6.2)."""

    is_whole: bool
    minimum: Limit = None
    maximum: Limit = None
    exclusive_minimum: Limit = None
    exclusive_maximum: Limit = None
    multiple_of: Limit = None

    def fits(self, value: float) -> bool:
        """Return whether a number is within the limits; multiples are not looked at."""
        return (
            (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.exclusive_minimum is None or value > self.exclusive_minimum)
            and (self.exclusive_maximum is None or value < self.exclusive_maximum)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text (JSON Schema validation 6.3).

    Attributes:
        form: Its text form. Nothing else is looked at then.
        least: The least number of characters.
        most: The greatest number of characters.
        matches: Return whether a text is right, where more is asked for than a length.
        examples: Texts to prefer to a chosen one.
    """

    form: TextForm | None = None
    least: int = 0
    most: int | None = None
    matches: Callable[[str], object] | None = None
    examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Items(Generic[T]):
    """An array: the first items have sources of their own, further ones are of `rest`."""

    first: Sequence[T] = ()
    rest: T | None = None
    least: int = 0
    most: int | None = None
    is_unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Generic[T]):
    """An object with any keys."""

    value: T
    key: Text = Text()
    least: int = 0


@dataclass(frozen=True, slots=True)
class Member(Generic[T]):
    """A member of a record."""

    name: str
    source: T
    is_required: bool


def _nothing(_: Mapping[str, Any]) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Generic[T]):
    """An object with known members.

    Attributes:
        members: The members, in the order in which they are written.
        least: The least number of members.
        asks_for: Return the members that rules require beside those that are there.
    """

    members: Sequence[Member[T]]
    least: int = 0
    asks_for: Callable[[Mapping[str, Any]], Iterable[str]] = _nothing


@dataclass(frozen=True, slots=True)
class Options(Generic[T]):
    """One of several sources, or null."""

    options: Sequence[T]
    is_nullable: bool = False


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value."""


Shape: TypeAlias = Constants | Number | Text | Items[T] | Map[T] | Record[T] | Options[T] | Anything


class Chooser(Protocol):
    """Decides what shapes leave open, at one location of a sample. Bounds are kept afterwards.

    Attributes:
        series: The number that `distinct` was given last, else 0.
        member: Return the chooser of a member of a record.
        entry: Return the chooser of a value of a map.
        distinct: Return the chooser of an item that differs from those with other numbers.
        items: Return the choosers of the items of an array, one for each.
        keys: Return the keys of a map.
        members: Return what an object has all of whose members are optional.
        option: Return the index of an option.
        constant: Return one of the values.
        number: Return a number.
        text: Return a text that has no form.
        form: Return a text of the form.
    """

    @property
    def series(self) -> int: ...
    def member(self, name: str) -> Self: ...
    def entry(self, name: str) -> Self: ...
    def distinct(self, number: int) -> Self: ...
    def items(self, item: Shape[Any], least: int) -> Sequence[Self]: ...
    def keys(self) -> Sequence[str]: ...
    def members(self, names: Sequence[str]) -> Sequence[str]: ...
    def option(self, options: Sequence[Shape[Any]]) -> int: ...
    def constant(self, values: Sequence[Any]) -> Any: ...
    def number(self, shape: Number) -> float: ...
    def text(self) -> str: ...
    def form(self, form: TextForm) -> str: ...


_DEEP: Final = 6
"""Levels below which arrays and maps are empty and values null, where that is allowed."""
_DEEPEST: Final = 10
"""Levels below which there is nothing: only a schema that no finite value fits goes deeper."""
_MOST_ITEMS: Final = 100
_LONGEST_TEXT: Final = 1000


def sample(source: T, read: Callable[[T], Shape[T]], chooser: Chooser, depth: int = 0) -> Any:
    """Return a value, as JSON has it, of the shape that `read` finds in the source."""
    return None if depth > _DEEPEST else _sample(read(source), read, chooser, depth)


def _sample(shape: Shape[T], read: Callable[[T], Shape[T]], chooser: Chooser, depth: int) -> Any:
    match shape:
        case Constants(values=values):
            return chooser.constant(values)
        case Number():
            return _within(shape, chooser.number(shape))
        case Text():
            return (
                chooser.form(shape.form)
                if shape.form
                else _fitting(shape, chooser.text(), chooser.series)
            )
        case Items():
            return _items(shape, read, chooser, depth)
        case Map(value=value, least=least):
            keys = [] if depth > _DEEP else list(chooser.keys())
            keys += [f"key-{number}" for number in range(len(keys) + 1, least + 1)]
            fitting = dict.fromkeys(_fitting(shape.key, key) for key in keys)
            return {key: sample(value, read, chooser.entry(key), depth + 1) for key in fitting}
        case Record():
            return _record(shape, read, chooser, depth)
        case Options(options=options, is_nullable=is_nullable):
            if is_nullable and depth > _DEEP:
                return None
            if len(options) == 1:
                return _sample(read(options[0]), read, chooser, depth)
            shapes = [read(option) for option in options]
            return _sample(shapes[chooser.option(shapes)], read, chooser, depth)
        case Anything():
            return {}
        case _:
            assert_never(shape)


def _items(
    shape: Items[T], read: Callable[[T], Shape[T]], chooser: Chooser, depth: int
) -> list[Any]:
    made = [sample(source, read, chooser, depth + 1) for source in shape.first]
    least = min(shape.least, _MOST_ITEMS) - len(made)
    if shape.rest is None or depth + 1 > _DEEPEST or (depth > _DEEP and least <= 0):
        return made
    item = read(shape.rest)
    is_unique = shape.is_unique or isinstance(item, Constants)
    for number, one in enumerate(chooser.items(item, least)):
        if shape.most is not None and len(made) >= shape.most:
            break
        value = _sample(item, read, one.distinct(number) if is_unique else one, depth + 1)
        if not (shape.is_unique and value in made):
            made.append(value)
    return made


def _record(
    shape: Record[T], read: Callable[[T], Shape[T]], chooser: Chooser, depth: int
) -> dict[str, Any]:
    members = {member.name: member for member in shape.members}
    chosen: dict[str, Any] = {}

    def choose(names: Iterable[str]) -> None:
        for name in names:
            inner = chooser.member(name)
            chosen[name] = sample(members[name].source, read, inner, depth + 1)

    choose(name for name, member in members.items() if member.is_required)
    # A member that one rule requires may make another rule require more.
    while asked := [n for n in shape.asks_for(chosen) if n in members and n not in chosen]:
        choose(asked)
    if not chosen:
        choose(chooser.members(list(members)))
    choose([name for name in members if name not in chosen][: max(shape.least - len(chosen), 0)])
    return {name: chosen[name] for name in members if name in chosen}


# --- numbers -------------------------------------------------------------------------------------


def least(shape: Number, number: int = 0) -> int | float:
    """Return one of a series of numbers that keep the bounds; the first, 0, is the least."""
    value = Fraction(1)
    if shape.minimum is not None:
        value = _exact(shape.minimum)
    elif shape.exclusive_minimum is not None:
        value = _exact(shape.exclusive_minimum) + 1
    step = _exact(shape.multiple_of or 1)
    if shape.multiple_of:
        value = math.ceil(value / step) * step
    value += number * step
    if shape.maximum is not None:
        value = min(value, _exact(shape.maximum))
    elif shape.exclusive_maximum is not None and value >= shape.exclusive_maximum:
        most, low = _exact(shape.exclusive_maximum), shape.exclusive_minimum
        value = (most + (value - 2 if low is None else _exact(low))) / 2
    if shape.is_whole:
        return math.ceil(value)
    return int(value) if value.denominator == 1 else float(value)


def _within(shape: Number, value: float) -> int | float:
    """Return the number where it keeps the bounds, else the least that does."""
    is_multiple = not shape.multiple_of or not _exact(value) % _exact(shape.multiple_of)
    return value if is_multiple and shape.fits(value) else least(shape)


def _exact(number: float | Decimal) -> Fraction:
    # The number as it is written: no float is exactly 0.1, and none holds 10 to the power of 400.
    return Fraction(str(number))


# --- texts ---------------------------------------------------------------------------------------


def _fitting(shape: Text, chosen: str, series: int = 0) -> str:
    """Return the chosen text where it keeps the bounds, else another one, if one is found."""
    for text in (*(() if series else shape.examples), chosen):
        if _fits(shape, text):
            return text
    if shape.matches is not None:
        for text in _candidates(series):
            for candidate in (text, text * shape.least if len(text) == 1 else text):
                if _fits(shape, candidate):
                    return candidate
    return chosen.ljust(min(shape.least, _LONGEST_TEXT), "x")[: shape.most]


def _candidates(series: int) -> tuple[str, ...]:
    """Return texts to try, in this order, where more is asked for than a length."""
    letter = chr(ord("a") + series % 26)
    short = (str(series + 1), letter, letter.upper())
    return (*short, "30s", "0.1", "2026-01-31", "/a", "a/b", "#000000", "*", "")


def _fits(shape: Text, text: str) -> bool:
    is_short = len(text) >= shape.least and (shape.most is None or len(text) <= shape.most)
    return is_short and (shape.matches is None or bool(shape.matches(text)))
