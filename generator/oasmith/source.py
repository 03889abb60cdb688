"""Document files: their text, the value it holds, and where in the text a part of it stands.

Reading notes no places, since nearly none are ever asked for. A place is a path of keys, and its
line and column are found by going through the text once more when a message is printed.
"""

from __future__ import annotations

import enum
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from oasmith.frozen import frozen

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A value as JSON knows it; `int` and `float` are kept apart as the document wrote them."""

Pointer: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead from the top of a document to one of its values (RFC 6901)."""

Trail: TypeAlias = "tuple[Trail, str | int] | None"
"""A pointer as a chain from the last key to the first: one step costs the same at any depth."""


def pointer_of(trail: Trail) -> Pointer:
    """Return the keys of a trail, outermost first."""
    keys: list[str | int] = []
    while trail is not None:
        trail, key = trail
        keys.append(key)
    return tuple(reversed(keys))


def render_pointer(pointer: Pointer) -> str:
    """Return the pointer as a URI fragment people can read, `#/paths/~1users/get`."""
    return "#" + "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in pointer)


@frozen(kw_only=False)
class Position:
    """A place in a text. Both count from 1; `column` counts characters."""

    line: int
    column: int


class Source:
    """One document file that was read.

    `path` is absolute; `text` is what the file holds, without a byte order mark; `value` is what
    the text says. A source is equal to itself alone: a file is read once.
    """

    __slots__ = (
        "_digest",
        "_mark",
        "_positions",
        "_starts",
        "is_json",
        "path",
        "text",
        "url",
        "value",
    )

    def __init__(
        self,
        path: Path,
        text: str,
        *,
        is_json: bool = False,
        value: Json = None,
        url: str | None = None,
    ) -> None:
        self.path = path
        self.url = url
        """Where the text is from if it was no file; `path` is then host and path of it."""
        self.text = text
        self.is_json = is_json
        """Whether the text was read by the rules of JSON, else by those of YAML."""
        self.value = value
        self._digest: str | None = None
        self._positions: dict[tuple[Pointer, bool], Position] = {}
        self._starts: dict[int, int] = {}
        """Where lines start, by number: those that were asked for."""
        self._mark = 0, 1
        """The last offset that was asked for and its line: the next one is mostly near."""

    def __repr__(self) -> str:
        return f"Source({str(self.path)!r})"

    def __str__(self) -> str:
        """Return the path relative to the current directory, if the file is below it."""
        if self.url is not None:
            return self.url
        try:
            return str(self.path.relative_to(Path.cwd()))
        except ValueError:
            return str(self.path)

    @property
    def address(self) -> str:
        """What references in the text are relative to: a path, or where the text is from."""
        return self.url or str(self.path)

    def digest(self) -> str:
        """Return the SHA-256 of the text in UTF-8."""
        if self._digest is None:
            import hashlib

            data = self.text.encode("utf-8", "surrogatepass")
            self._digest = hashlib.sha256(data).hexdigest()
        return self._digest

    def position(self, offset: int) -> Position:
        """Return the place of the character at `offset`."""
        before, line = self._mark
        line += self.text.count("\n", before, offset) - self.text.count("\n", offset, before)
        self._mark = offset, line
        start = self.text.rfind("\n", 0, offset) + 1
        self._starts[line] = start
        return Position(line, offset - start + 1)

    def line(self, number: int) -> str:
        """Return the line of a place that was asked for, without its end; else an empty text."""
        start = self._starts.get(number, len(self.text))
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")

    def find(self, wanted: Iterable[tuple[Pointer, bool]]) -> None:
        """Find many places by going through the text once; `Location.position` then has them.

        The flag of each asks for the key instead of the value it leads to.
        """
        missing = {place for place in wanted if place not in self._positions}
        if missing:
            offsets = _find_json(self.text, missing) if self.is_json else _find(self, missing)
            in_order = sorted(offsets.items(), key=itemgetter(1))
            self._positions |= {place: self.position(at) for place, at in in_order}

    def written_at(self, pointer: Pointer) -> Pointer:
        """Return where the text has what `pointer` leads to in the value."""
        return pointer

    def events(self) -> Iterator[Event]:
        """Go through the text, which must be well-formed."""
        return _json_events(self.text) if self.is_json else _yaml_events(self.text)

    def position_of(self, pointer: Pointer, of_key: bool) -> Position:
        """Return the place of a value, or of its key; of what encloses it if it is not there."""
        self.find([(pointer, of_key)])
        return self._positions[pointer, of_key]


class Rearranged(Source):
    """A source whose value says the same as its text in another arrangement, each part of which
    knows its place in the text.
    """

    __slots__ = ("_moves", "written")

    def __init__(self, written: Source, value: Json) -> None:
        super().__init__(
            written.path, written.text, is_json=written.is_json, value=value, url=written.url
        )
        self.written = written
        """The source as it was read."""
        self._moves: dict[Pointer, Pointer] = {}

    def move(self, to: Pointer, written: Pointer) -> None:
        """Note that the text has at `written` what the value has at `to`, and all below it."""
        self._moves[to] = written

    def written_at(self, pointer: Pointer) -> Pointer:
        """Return where the text has what `pointer` leads to in the value."""
        for end in range(len(pointer), 0, -1):
            written = self._moves.get(pointer[:end])
            if written is not None:
                return (*written, *pointer[end:])
        return pointer


class Location:
    """The place of a value in a document, or of the key before it."""

    __slots__ = ("_trail", "of_key", "source")

    def __init__(self, source: Source, trail: Trail = None, *, of_key: bool = False) -> None:
        self.source = source
        self._trail = trail
        self.of_key = of_key

    @property
    def pointer(self) -> Pointer:
        """The keys that lead here in the text."""
        return self.source.written_at(pointer_of(self._trail))

    def position(self) -> Position:
        """Return line and column. This reads the text again: for messages only."""
        return self.source.position_of(self.pointer, self.of_key)

    def key(self) -> Location:
        """Return the place of the key that leads here."""
        return Location(self.source, self._trail, of_key=True)

    def __truediv__(self, key: str | int) -> Location:
        """Return the place of a member or item of the value here."""
        return Location(self.source, (self._trail, key))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Location)
            and self.source is other.source
            and self._trail == other._trail
            and self.of_key == other.of_key
        )

    def __hash__(self) -> int:
        return hash((id(self.source), self._trail, self.of_key))

    def __repr__(self) -> str:
        return f"Location({self.source}{render_pointer(self.pointer)})"

    def __str__(self) -> str:
        """Return `path:line:column`."""
        at = self.position()
        return f"{self.source}:{at.line}:{at.column}"


@frozen(kw_only=False)
class Spot:
    """A place in a text that could not be read: no pointer leads to it."""

    source: Source
    offset: int

    def position(self) -> Position:
        """Return line and column."""
        return self.source.position(self.offset)

    def __str__(self) -> str:
        at = self.position()
        return f"{self.source}:{at.line}:{at.column}"


Place: TypeAlias = Location | Spot


def start_of(path: Path) -> Spot:
    """Return where to point for a file or folder as a whole, such as one that cannot be opened."""
    return Spot(Source(path.absolute(), ""), 0)


def resolved(path: Path) -> Path:
    """Return the absolute path behind all links; of what no path leads to, the path as it is."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):  # a NUL in it
        return path.absolute()


# --- going through a text -------------------------------------------------------------------


class EventKind(enum.Enum):
    OBJECT = "object"
    LIST = "list"
    END = "end"
    SCALAR = "scalar"
    ALIAS = "alias"


class Event(NamedTuple):
    """One step through a text. In an object, scalars are keys and values by turns.

    `offset` counts characters; `text` is what a scalar says; `anchor` is the name that YAML gives
    to a value, or by which an alias refers to it.
    """

    kind: EventKind
    offset: int
    text: str = ""
    anchor: str | None = None


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s"{}\[\],:]+', re.DOTALL)


def _json_events(text: str) -> Iterator[Event]:
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        match token[0]:
            case "{":
                yield Event(EventKind.OBJECT, match.start())
            case "[":
                yield Event(EventKind.LIST, match.start())
            case "}" | "]":
                yield Event(EventKind.END, match.start())
            case '"':
                yield Event(EventKind.SCALAR, match.start(), json.loads(token))
            case _:
                yield Event(EventKind.SCALAR, match.start(), token)


def _yaml_events(text: str) -> Iterator[Event]:
    import yaml
    from yaml._yaml import CParser

    next_event: Callable[[], Any] = CParser(text).get_event
    while (event := next_event()) is not None:
        offset = event.start_mark.index
        if isinstance(event, yaml.ScalarEvent):
            yield Event(EventKind.SCALAR, offset, event.value, event.anchor)
        elif isinstance(event, yaml.MappingStartEvent):
            yield Event(EventKind.OBJECT, offset, anchor=event.anchor)
        elif isinstance(event, yaml.SequenceStartEvent):
            yield Event(EventKind.LIST, offset, anchor=event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            yield Event(EventKind.END, offset)
        elif isinstance(event, yaml.AliasEvent):
            yield Event(EventKind.ALIAS, offset, anchor=event.anchor)


_Place: TypeAlias = tuple[Pointer, bool]

_Branch: TypeAlias = "list[tuple[_Place, Pointer]]"
"""The places that lead through a value, each with the keys it still has to go."""


class _Frame:
    """An object or list that was entered."""

    __slots__ = ("branch", "index", "is_object", "key", "key_offset", "pointer")

    def __init__(self, is_object: bool, branch: _Branch, pointer: Pointer) -> None:
        self.is_object = is_object
        self.branch = branch
        self.pointer = pointer
        self.key = ""
        self.key_offset: int | None = None
        self.index = -1


_SPACE = re.compile(r"[ \t\n\r]*")
_skip: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(strict=False).raw_decode
"""Answers a JSON value and where it ends, in C: the fastest way past what nobody asks for."""


def _past_space(text: str, offset: int) -> int:
    space = _SPACE.match(text, offset)
    return offset if space is None else space.end()


def _find_json(text: str, wanted: Iterable[_Place]) -> dict[_Place, int]:
    """Return the offset of each place, or of the innermost value around it that exists."""
    found = dict.fromkeys(wanted, 0)
    to_find = len(found)

    def visit(offset: int, branch: _Branch, key_offset: int | None) -> int:
        """Note the places that lead here, look for those that lead on, answer the end; anything
        once all places are found.
        """
        nonlocal to_find
        kind = {"{": EventKind.OBJECT, "[": EventKind.LIST}.get(text[offset], EventKind.SCALAR)
        onward: dict[str | int, _Branch] = {}
        for place, rest in branch:
            word = "" if text.startswith('""', offset) else text[offset]
            found[place] = _shown(kind, offset, word, key_offset, place[1] or bool(rest))
            if rest:
                onward.setdefault(rest[0], []).append((place, rest[1:]))
            else:
                to_find -= 1
        if not to_find:
            return offset
        if not onward or kind is EventKind.SCALAR:
            return _skip(text, offset)[1]
        index = 0
        offset = _past_space(text, offset + 1)
        while text[offset] not in "}]":
            step: str | int = index
            name_offset = None
            if kind is EventKind.OBJECT:
                name_offset = offset
                step, offset = _skip(text, offset)
                offset = _past_space(text, _past_space(text, offset) + 1)
            # Where a key is there twice, the first one counts, as it does in the value.
            if onward and (inner := onward.pop(step, None)) is not None:
                offset = visit(offset, inner, name_offset)
                if not to_find:
                    return offset
            else:
                offset = _skip(text, offset)[1]
            offset = _past_space(text, offset)
            if text[offset] == ",":
                offset = _past_space(text, offset + 1)
            index += 1
        return offset + 1

    if start := text.strip():
        visit(text.index(start[0]), [(place, place[0]) for place in found], None)
    return found


def _find(source: Source, wanted: Iterable[_Place]) -> dict[_Place, int]:
    """Return the offset of each place, or of the innermost value around it that exists."""
    found = dict.fromkeys(wanted, 0)  # an empty text has no values at all
    to_go: dict[_Place, int] = {}
    to_find = len(found)
    through_alias: dict[_Place, _Place] = {}
    anchors: dict[str, Pointer] = {}
    frames: list[_Frame] = []
    for kind, offset, text, anchor in source.events():
        if kind is EventKind.END:
            frames.pop()
            continue
        key_offset = None
        if not frames:
            branch: _Branch = [(place, place[0]) for place in wanted]
            pointer: Pointer = ()
        else:
            frame = frames[-1]
            if frame.is_object and frame.key_offset is None:
                frame.key, frame.key_offset = text, offset
                continue
            step: str | int
            if frame.is_object:
                step, key_offset = frame.key, frame.key_offset
                frame.key_offset = None
            else:
                step = frame.index = frame.index + 1
            branch = [(place, rest[1:]) for place, rest in frame.branch if rest[:1] == (step,)]
            pointer = (*frame.pointer, step)
        for place, rest in branch:
            # Where a key is there twice, the first one counts, as it does in the value.
            if len(rest) < to_go.get(place, len(place[0]) + 1):
                found[place] = _shown(kind, offset, text, key_offset, place[1] or bool(rest))
                to_go[place] = len(rest)
                to_find -= not rest
                if kind is EventKind.ALIAS and rest and anchor in anchors:
                    through_alias[place] = ((*anchors[anchor], *rest), place[1])
        if not to_find:
            break
        if anchor is not None and kind is not EventKind.ALIAS:
            anchors[anchor] = pointer
        if kind in (EventKind.OBJECT, EventKind.LIST):
            frames.append(_Frame(kind is EventKind.OBJECT, branch, pointer))
    if through_alias:
        targets = _find(source, set(through_alias.values()))
        found |= {place: targets[target] for place, target in through_alias.items()}
    return found


def _shown(kind: EventKind, offset: int, text: str, key_offset: int | None, of_key: bool) -> int:
    """Return where to point for a value: at a scalar itself, at the key of anything longer."""
    is_text = kind is EventKind.ALIAS or (kind is EventKind.SCALAR and text != "")
    return offset if key_offset is None or (is_text and not of_key) else key_offset
