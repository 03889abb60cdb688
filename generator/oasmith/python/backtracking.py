"""Whether Python's `re` may take time that grows exponentially with the text.

It does where a loop can match one text in two ways, since a failure behind the loop then tries
every combination. That is found as the literature has it (Weideman et al., Analyzing Matching Time
Behavior of Backtracking Regular Expression Matchers, 2016): the expression becomes an automaton of
positions, and some position leads back to itself by two different ways over the same characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import Any, Final, TypeAlias

_parser: Final = import_module("re._parser")
_MANY: Final = 10
"""As many repeats as this are as good as no limit: ten ways to the tenth power."""
_MOST_POSITIONS: Final = 150
_MOST_PAIRS: Final = 300_000
"""What is larger, or takes more comparisons, is judged by what stands within loops."""
_REPEATS: Final = frozenset(("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"))
_SAMPLES: Final = "0aA_-. \n\u00e9\u4e2d"
"""A character of each kind that escapes such as `\\w` tell apart."""
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}

_Step: TypeAlias = tuple[Any, Any]
"""What Python's parser makes of a piece of an expression: a constant and its arguments."""


def may_explode(pattern: str) -> bool:
    """Say whether some text makes a match take exponential time.

    `pattern` is one that `re.compile` takes.
    """
    steps = [*_parser.parse(pattern)]
    automaton = _Automaton(_samples(steps))
    try:
        automaton.sequence(steps)
        return automaton.is_ambiguous()
    except _TooManyError:
        return _nests(steps, within=False)


class _TooManyError(Exception):
    """The automaton is too large for its positions to be compared with each other."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The positions by which a part of the expression begins and ends; whether it may be empty."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    is_nullable: bool = True


_EMPTY: Final = _Piece()


class _Automaton:
    """Positions of characters, and in how many ways one follows another."""

    def __init__(self, samples: str) -> None:
        self._samples = samples
        self._takes: list[frozenset[str]] = []
        self._ways: Counter[tuple[int, int]] = Counter()

    def sequence(self, steps: Iterable[_Step]) -> _Piece:
        """Add steps that follow each other."""
        whole = _EMPTY
        for step in steps:
            whole = self._joined(whole, self._step(step))
        return whole

    def _joined(self, one: _Piece, other: _Piece) -> _Piece:
        self._ways.update(product(one.last, other.first))
        return _Piece(
            one.first + other.first if one.is_nullable else one.first,
            one.last + other.last if other.is_nullable else other.last,
            one.is_nullable and other.is_nullable,
        )

    def _step(self, step: _Step) -> _Piece:
        kind, arguments = str(step[0]), step[1]
        match kind:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
                return self._position(_taken(step, self._samples))
            case "BRANCH":
                branches = [self.sequence(branch) for branch in arguments[1]]
                return _Piece(
                    tuple(position for each in branches for position in each.first),
                    tuple(position for each in branches for position in each.last),
                    any(each.is_nullable for each in branches),
                )
            case "SUBPATTERN":
                return self.sequence(arguments[3])
            case "ATOMIC_GROUP":
                return self.sequence(arguments)
            case "GROUPREF_EXISTS":
                return self._step(("BRANCH", (None, [arguments[1], arguments[2] or []])))
            case "ASSERT" | "ASSERT_NOT":
                self.sequence(arguments[1])  # judged with the others, but consumes nothing
                return _EMPTY
            case "GROUPREF":
                piece = self._position(frozenset(self._samples))
                return _Piece(piece.first, piece.last, is_nullable=True)
            case _ if kind in _REPEATS:
                return self._repeat(*arguments)
            case _:  # an anchor
                return _EMPTY

    def _position(self, takes: frozenset[str]) -> _Piece:
        if len(self._takes) == _MOST_POSITIONS:
            raise _TooManyError
        self._takes.append(takes)
        position = (len(self._takes) - 1,)
        return _Piece(position, position, is_nullable=False)

    def _repeat(self, least: int, most: int, body: Any) -> _Piece:
        if most >= _MANY and (least != most or _varies(body)):
            piece = self.sequence(body)
            self._ways.update(product(piece.last, piece.first))
        else:
            piece = _EMPTY
            for index in range(min(most, _MANY) if least != most else min(most, 3)):
                next_ = self.sequence(body)
                optional = _Piece(next_.first, next_.last, is_nullable=True)
                piece = self._joined(piece, optional if index >= least else next_)
        return _Piece(piece.first, piece.last, piece.is_nullable or least == 0)

    def is_ambiguous(self) -> bool:
        """Say whether a position leads back to itself by two ways over the same characters."""
        following: list[list[int]] = [[] for _ in self._takes]
        for start, end in self._ways:
            following[start].append(end)
        reached = [_reachable([start], following.__getitem__) for start in range(len(following))]
        for (start, end), ways in self._ways.items():
            if ways > 1 and start in reached[end]:
                return True

        compared = 0

        def pairs(pair: tuple[int, int]) -> Iterator[tuple[int, int]]:
            nonlocal compared
            for one, other in product(following[pair[0]], following[pair[1]]):
                compared += 1
                if compared > _MOST_PAIRS:
                    raise _TooManyError
                if not self._takes[one].isdisjoint(self._takes[other]):
                    yield (one, other) if one <= other else (other, one)

        for position, back in enumerate(reached):
            if position not in back:
                continue
            apart = [pair for pair in pairs((position, position)) if pair[0] != pair[1]]
            # Two ways from here over one character, or one way that parts later: the other
            # position of the loop is then where it parts.
            if (position, position) in _reachable(apart, pairs):
                return True
        return False


def _reachable(starts: Iterable[Any], following: Any) -> set[Any]:
    """Return what one or more steps lead to."""
    found: set[Any] = set()
    waiting = [*starts]
    while waiting:
        for node in following(waiting.pop()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


# --- reading what Python's parser made --------------------------------------------------------


def _bodies(step: _Step) -> list[Any]:
    """Return the sequences of steps inside a step."""
    kind, arguments = str(step[0]), step[1]
    match kind:
        case "BRANCH":
            return list(arguments[1])
        case "SUBPATTERN":
            return [arguments[3]]
        case "ATOMIC_GROUP":
            return [arguments]
        case "GROUPREF_EXISTS":
            return [arguments[1], arguments[2] or []]
        case "ASSERT" | "ASSERT_NOT":
            return [arguments[1]]
        case _ if kind in _REPEATS:
            return [arguments[2]]
        case _:
            return []


def _varies(steps: Iterable[_Step]) -> bool:
    """Say whether something inside repeats more or less often."""
    return any(
        (str(step[0]) in _REPEATS and step[1][0] != step[1][1])
        or any(_varies(body) for body in _bodies(step))
        for step in steps
    )


def _nests(steps: Iterable[_Step], *, within: bool) -> bool:
    """Say whether a loop, or a choice, stands within a loop."""
    for step in steps:
        is_loop = str(step[0]) in _REPEATS and step[1][1] >= _MANY
        if within and (is_loop or str(step[0]) == "BRANCH"):
            return True
        if any(_nests(body, within=within or is_loop) for body in _bodies(step)):
            return True
    return False


def _samples(steps: Iterable[_Step]) -> str:
    """Return characters that tell apart all that the expression tells apart."""
    points = {ord(character) for character in _SAMPLES}
    waiting = [*steps]
    while waiting:
        step = waiting.pop()
        match str(step[0]):
            case "LITERAL" | "NOT_LITERAL":
                points |= {step[1], step[1] + 1}
            case "RANGE":
                low, high = step[1]
                points |= {low, high, high + 1}
            case "IN":
                waiting += step[1]
            case _:
                waiting += [inner for body in _bodies(step) for inner in body]
    return "".join(chr(point) for point in sorted(points) if point < 0x110000)


def _taken(step: _Step, samples: str) -> frozenset[str]:
    """Return the samples that a step for one character takes."""
    kind, arguments = str(step[0]), step[1]
    match kind:
        case "LITERAL":
            return frozenset(chr(arguments))
        case "NOT_LITERAL":
            return frozenset(samples) - {chr(arguments)}
        case "RANGE":
            low, high = arguments
            return frozenset(c for c in samples if low <= ord(c) <= high)
        case "CATEGORY":
            return frozenset(c for c in samples if re.match(_CATEGORIES[str(arguments)], c))
        case "IN":
            negated = str(arguments[0][0]) == "NEGATE"
            members = arguments[1:] if negated else arguments
            taken = frozenset[str]().union(*(_taken(member, samples) for member in members))
            return frozenset(samples) - taken if negated else taken
        case _:  # any character
            return frozenset(samples)
