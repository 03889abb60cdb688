"""What is wrong with a document: collected on the way, shown all at once with place and excerpt."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from oasmith.frozen import frozen
from oasmith.source import Location, Place, Pointer, Source, render_pointer

EXCERPT_WIDTH = 100
"""Columns of a source line that a message shows."""

CODES = {
    "closed-part": "One part of an `allOf` refuses the properties that the other parts add.",
    "contradiction": "A schema asks for what no value can satisfy, such as a minimum above the "
    "maximum.",
    "cyclic-reference": "References lead back to themselves without ever reaching a definition.",
    "degraded": "The document says more here than the generated types can express; they are wider.",
    "discriminator": "A discriminator does not fit the options it should tell apart.",
    "duplicate-key": "An object has the same key twice, so one of the two values would be lost.",
    "duplicate-name": "Two different definitions would get the same name.",
    "duplicate-operation-id": "Two operations have the same operationId.",
    "duplicate-parameter": "A parameter is declared twice with the same name and place.",
    "edited-output": "A file in the output folder was changed by hand, or is not ours, and would "
    "be overwritten.",
    "example": "An example of the document is none of what its own schema describes.",
    "invalid-default": "A default does not fit the schema it belongs to.",
    "misplaced-reference": "A reference leads to another kind of object than belongs in its place.",
    "not-openapi": "The file is not an OpenAPI document.",
    "name-collision": "Two names of the document come to one name in Python.",
    "no-formatter": "ruff, which lays out the generated Python, cannot be run.",
    "output-clash": "Two outputs claim one path, or paths that differ only in case.",
    "output-folder": "The output folder cannot be replaced as a whole.",
    "output-outside": "An output would be written outside the output folder.",
    "path-parameter": "A path template and the declared path parameters do not agree.",
    "pattern-not-checked": "Rust's `regex`, which runs in linear time, cannot run a pattern; it is "
    "documented, not checked.",
    "reference-outside": "A reference leaves the folder of the document, or the file system.",
    "remote-changed": "What a reference leads to on the web is not what oasmith.lock says it was.",
    "remote-unreadable": "What a reference leads to on the web cannot be fetched, or must not be.",
    "schema-structure": "The document departs from the structure that OpenAPI prescribes.",
    "too-large": "A document exceeds a limit that guards against hostile input.",
    "turned-text": "A character shows the text around it in another order than it is read in, "
    "which hides what a document says from the people who review it.",
    "union-by-trial": "The options of a union cannot be told apart by what the document says.",
    "unknown-required": "A schema requires a property that it does not describe.",
    "unknown-setting": "The configuration has a key that oasmith does not know.",
    "unknown-value": "A word stands where OpenAPI knows a few, and it is none of them.",
    "unmatched": "A selector or a setting speaks of what the document does not have; most likely "
    "it is misspelt.",
    "unparsable": "The text is not well-formed JSON or YAML.",
    "unreadable": "A file cannot be read: it is missing, no regular file, or not UTF-8.",
    "unresolved-reference": "A reference leads to nothing.",
    "unsupported-version": "The document is of a version of OpenAPI that is not supported.",
    "unwritable": "The output folder cannot be written.",
    "wrong-setting": "A setting has a value of the wrong type.",
    "wrong-type": "A value has another JSON type than OpenAPI prescribes.",
}
"""Every code that a message may bear, with what it stands for in a sentence."""

DEGRADING = frozenset(("degraded", "pattern-not-checked"))
"""Codes of places where the generated types are wider than the document."""

SHOWN_ALIKE = 3
"""As many findings of one kind are shown each on its own; of more, the first stands for all."""

_ALIKE = frozenset(("example",))
"""Codes whose findings are alike whatever they say."""

_WRONG_VALUE = frozenset(
    (
        "unparsable",
        "wrong-type",
        "unknown-value",
        "unresolved-reference",
        "cyclic-reference",
        "misplaced-reference",
    )
)
"""Codes of values that are wrong as such: whatever else is said of one follows from that."""

_QUOTED = re.compile(r"`[^`]*`")


Hint: TypeAlias = "str | Callable[[], str | None] | None"
"""How to mend it; a function if that takes long to find, which is asked for what is shown."""


class Severity(enum.Enum):
    """How bad a finding is; nothing is written if there is an error."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Diagnostic:
    """One finding. `related` are further places that belong to it, each with its part in it.

    `location` is None only if there is no text to point at (the document cannot be opened); the
    message then says which file.
    """

    code: str
    severity: Severity
    location: Place | None
    message: str
    hint: Hint = None
    related: tuple[tuple[str, Place], ...] = ()


class Stop(Exception):
    """The run cannot go on; what was found says why. Only the pipeline catches it."""


class GenerationError(Exception):
    """The document or the settings cannot be used, or the output cannot be written.

    Attributes:
        diagnostics: All that was found; at least one is an error.
    """

    def __init__(self, diagnostics: Diagnostics) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return self.diagnostics.render().rstrip()


@contextmanager
def working_on(place: Place | Callable[[], Place]) -> Iterator[None]:
    """Note on whatever goes wrong inside, which is a defect of ours, where the document has what
    we were at. The innermost place counts; a loop may give a function that answers where it is.
    """
    try:
        yield
    except Stop:
        raise
    except Exception as error:
        if not getattr(error, "__notes__", ()):
            error.add_note(str(place() if callable(place) else place))
        raise


class Diagnostics:
    """The findings of one run. With `strict`, a warning counts as an error.

    Many findings of one kind, which differ in place and quoted names alone, most likely have one
    cause: the first is shown for all of them. With `verbose`, each is.
    """

    def __init__(self, *, strict: bool = False, verbose: bool = False) -> None:
        self._strict = strict
        self._verbose = verbose
        self._found: dict[Diagnostic, None] = {}
        self._sorted: list[Diagnostic] | None = None

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return any(found.severity is Severity.ERROR for found in self._found)

    def count(self, severity: Severity) -> int:
        """Return how many findings there are of this severity."""
        return sum(found.severity is severity for found in self.sorted())

    @property
    def degraded(self) -> int:
        """How many places of the document the generated types are wider than."""
        return len({found.location for found in self._found if found.code in DEGRADING})

    def error(
        self,
        code: str,
        location: Place | None,
        message: str,
        hint: Hint = None,
        *,
        related: Iterable[tuple[str, Place]] = (),
    ) -> None:
        """Note what makes it impossible to go on."""
        self._note(Severity.ERROR, code, location, message, hint, tuple(related))

    def warning(
        self,
        code: str,
        location: Place | None,
        message: str,
        hint: Hint = None,
        *,
        related: Iterable[tuple[str, Place]] = (),
    ) -> None:
        """Note what is wrong, but does not keep the document from being understood."""
        severity = Severity.ERROR if self._strict else Severity.WARNING
        self._note(severity, code, location, message, hint, tuple(related))

    def _note(
        self,
        severity: Severity,
        code: str,
        location: Place | None,
        message: str,
        hint: Hint,
        related: tuple[tuple[str, Place], ...],
    ) -> None:
        if code not in CODES:
            raise KeyError(code)
        found = Diagnostic(
            code=code,
            severity=severity,
            location=location,
            message=message,
            hint=hint,
            related=related,
        )
        self._found[found] = None
        self._sorted = None

    def stop_if_failed(self) -> None:
        """Raise `Stop` if there is an error."""
        if self.failed:
            raise Stop

    def sorted(self) -> list[Diagnostic]:
        """Return the findings by file, line and column, each fault once."""
        if self._sorted is None:
            _find_positions(self._found)
            self._sorted = _each_once(sorted(self._found, key=_order))
        return self._sorted

    def render(self, *, color: bool = False) -> str:
        """Return the findings as text for a terminal, sorted; empty if there are none."""
        found = self.sorted()
        alike: defaultdict[tuple[Severity, str, str], list[Diagnostic]] = defaultdict(list)
        for each in found:
            what = "" if each.code in _ALIKE else _QUOTED.sub("`", each.message)
            alike[each.severity, each.code, what].append(each)
        further: dict[int, int] = {}
        hidden: set[int] = set()
        for group in alike.values():
            if not self._verbose and len(group) > SHOWN_ALIKE:
                further[id(group[0])] = len(group) - 1
                hidden.update(map(id, group[1:]))
        return "".join(
            _render(each, further.get(id(each), 0), color=color)
            for each in found
            if id(each) not in hidden
        )


def _find_positions(found: Iterable[Diagnostic]) -> None:
    """Look up all places of a file in one go."""
    wanted: defaultdict[Source, list[tuple[Pointer, bool]]] = defaultdict(list)
    for diagnostic in found:
        for place in (diagnostic.location, *(place for _, place in diagnostic.related)):
            if isinstance(place, Location):
                wanted[place.source].append((place.pointer, place.of_key))
    for source, places in wanted.items():
        source.find(places)


def _order(found: Diagnostic) -> tuple[str, int, int, str, str]:
    if found.location is None:
        return "", 0, 0, found.code, found.message
    at = found.location.position()
    return found.location.source.address, at.line, at.column, found.code, found.message


def _each_once(found: list[Diagnostic]) -> list[Diagnostic]:
    """Leave out what else is said of a value that is wrong as such; the gravest finding counts."""
    wrong: dict[Hashable, list[Diagnostic]] = {}
    unread = {_spot(each) for each in found if each.code == "unparsable"}
    for each in found:
        if each.code in _WRONG_VALUE and isinstance(each.location, Location):
            wrong.setdefault(_value(each.location), []).append(each)
    first = {key: min(group, key=_gravity) for key, group in wrong.items()}
    return [
        each
        for each in found
        if not isinstance(each.location, Location)
        or (_spot(each) not in unread and first.get(_value(each.location), each) is each)
    ]


def _value(place: Location) -> Hashable:
    return place.source.address, place.pointer, place.of_key


def _spot(found: Diagnostic) -> Hashable:
    assert found.location is not None
    return found.location.source.address, found.location.position()


def _gravity(found: Diagnostic) -> int:
    return list(Severity).index(found.severity)


_COLORS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def _render(found: Diagnostic, further: int, *, color: bool) -> str:
    def paint(style: str, text: str) -> str:
        return f"{style}{text}{_PLAIN}" if color else text

    kind = paint(_COLORS[found.severity], f"{found.severity.value}[{found.code}]")
    place = found.location
    prefix = paint(_BOLD, "oasmith" if place is None else visible(str(place))) + ": "
    lines = [f"{prefix}{kind}: {visible(found.message)}"]
    if place is not None:
        lines += [paint(_DIM, line) for line in _excerpt(place)]
        if isinstance(place, Location) and place.pointer:
            lines.append(f"  in {visible(render_pointer(place.pointer))}")
    lines += [f"  {role}: {visible(str(other))}" for role, other in found.related]
    hint = found.hint() if callable(found.hint) else found.hint
    if hint is not None:
        lines.append(f"  hint: {visible(hint)}")
    if further:
        lines.append(f"  and {counted(further, 'more place')} like this (--verbose lists them)")
    return "\n".join(lines) + "\n"


def _excerpt(place: Place) -> list[str]:
    """Return the line of the text with a caret below the place; nothing for an empty line."""
    at = place.position()
    line = place.source.line(at.line)
    if not line.strip():
        return []
    start = at.column - 1
    # A long line (a document in one line, a paragraph) is cut around the place.
    left = max(0, min(start - EXCERPT_WIDTH // 3, len(line) - EXCERPT_WIDTH))
    before, after = visible(line[left:start], tabs=True), visible(line[start:], tabs=True)
    head, tail = ("…" if left else ""), after[: EXCERPT_WIDTH - len(before)]
    ellipsis = "…" if len(tail) < len(after) else ""
    number = str(at.line)
    return [
        f"  {number} | {head}{before}{tail}{ellipsis}",
        f"  {' ' * len(number)} | {' ' * (len(head) + _width(before))}^",
    ]


def _width(text: str) -> int:
    """Return the columns that a terminal needs for the text."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def counted(count: int, word: str) -> str:
    """Return the number with its noun: `1 error`, `2,000 errors`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def visible(text: str, *, tabs: bool = False) -> str:
    """Return text of a document such that printing it moves no cursor and hides nothing.

    Control, format and lone surrogate characters become escapes; with `tabs`, a tab becomes spaces.
    """
    if tabs:
        text = text.replace("\t", "    ")
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == " " else char.encode("unicode_escape").decode()
        for char in text
    )
