"""Files become sources: JSON by the ending `.json`, everything else by YAML 1.2's core schema.

What cannot be read is reported with its place; nothing raises.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.openapi.decoding import decode
from oasmith.openapi.recognition import language_of
from oasmith.openapi.yaml_scalars import INT_DIGITS, plain_scalar
from oasmith.source import EventKind, Json, Place, Source, Spot

if TYPE_CHECKING:
    import yaml


@frozen
class Limits:
    """What a document may cost at most."""

    size: int = 64 * 1024 * 1024
    """Bytes of one file."""
    depth: int = 200
    """Objects and lists within each other."""
    nodes: int = 2_000_000
    """Values in one file, with those behind an alias counted each time."""
    files: int = 20_000
    """Files reached by references."""


def read(
    path: Path,
    diagnostics: Diagnostics,
    limits: Limits,
    referrer: Place,
    foreign: str = "unparsable",
) -> Source | None:
    """Return what the file holds, or None if nothing could be made of it.

    A file that cannot be opened is reported at `referrer`, one that holds something else than JSON
    or YAML by the code `foreign`.
    """
    text = _read_text(path, diagnostics, limits, referrer)
    if text is None:
        return None
    source = Source(path, text, is_json=path.suffix.lower() == ".json")
    return _parsed(source, diagnostics, limits, foreign)


def read_bytes(url: str, data: bytes, diagnostics: Diagnostics, limits: Limits) -> Source | None:
    """Return what was fetched from an address, or None if nothing could be made of it."""
    parts = urlsplit(url)
    source = Source(Path(f"{parts.hostname}{parts.path}"), "", url=url)
    text = decode(source, data, diagnostics)
    if text is None:
        return None
    source.text = text
    source.is_json = source.path.suffix.lower() == ".json"
    return _parsed(source, diagnostics, limits, "unparsable")


def _parsed(
    source: Source, diagnostics: Diagnostics, limits: Limits, foreign: str
) -> Source | None:
    """Fill in the value; answer None if there is none."""
    text = source.text
    if markup := _MARKUP.match(text):
        message = "this is HTML or XML"
        hint = "the file may be an error page that was saved instead of the document"
        diagnostics.error(foreign, Spot(source, markup.end() - 1), message, hint)
        return None
    if (language := language_of(text)) is not None:
        message = f"this looks like {language}, not like an OpenAPI document"
        diagnostics.error(foreign, Spot(source, 0), message)
        return None
    _report_turned_text(source, diagnostics)
    # JSON is YAML but for odds and ends (surrogate pairs, long keys): by its own rules first.
    if source.is_json or (text.lstrip()[:1] in ("{", "[") and _is_json(text)):
        source.is_json = True
        is_read = _read_json(source, diagnostics, limits)
    else:
        is_read = _read_yaml(source, diagnostics, limits)
    return source if is_read else None


_MARKUP = re.compile(r"\s*<(?=[!?a-zA-Z])")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]|\\[uU](?:0000)?20(?:2[a-eA-E]|6[6-9])")


def _report_turned_text(source: Source, diagnostics: Diagnostics) -> None:
    """Report characters that show text in another order than it is read in (Trojan Source)."""
    if source.text.isascii() and "\\u20" not in source.text and "\\U0000" not in source.text:
        return
    for found in _TURNING.finditer(source.text):
        point = found[0][-4:].upper() if found[0][0] == "\\" else f"{ord(found[0]):04X}"
        diagnostics.warning(
            "turned-text",
            Spot(source, found.start()),
            f"U+{point} shows the text around it in another order than it has",
            "remove it; the output has it escaped",
        )


def _read_text(path: Path, diagnostics: Diagnostics, limits: Limits, referrer: Place) -> str | None:
    shown = Source(path, "")
    try:
        if path.is_dir():
            reason = "it is a folder"
        elif path.exists() and not path.is_file():
            reason = "it is not a regular file"  # a device or a pipe may never end
        else:
            with path.open("rb") as file:
                data = file.read(limits.size + 1)
            if len(data) <= limits.size:
                return decode(shown, data, diagnostics)
            reason = f"it is larger than {limits.size // 1024**2} MiB"
    except FileNotFoundError:
        reason = "there is no such file"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except ValueError:
        reason = "this is no possible file name"  # a NUL in it
    diagnostics.error("unreadable", referrer, f"cannot read {shown}: {reason}")
    return None


# --- JSON -----------------------------------------------------------------------------------


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_json(source: Source, diagnostics: Diagnostics, limits: Limits) -> bool:
    """Fill in the value; return False, with an error, if there is none."""
    text = source.text
    has_duplicates = has_odd_scalars = False

    def build(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        nonlocal has_duplicates
        built = dict(pairs)
        if len(built) != len(pairs):
            has_duplicates = True
            built.update(reversed(pairs))
        return built

    def read_float(digits: str) -> float:
        nonlocal has_odd_scalars
        number = float(digits)
        has_odd_scalars = has_odd_scalars or math.isinf(number)
        return number

    def read_int(digits: str) -> int | None:
        nonlocal has_odd_scalars
        if len(digits) <= INT_DIGITS:
            return int(digits)
        has_odd_scalars = True
        return None

    def refuse(_: str) -> None:
        nonlocal has_odd_scalars
        has_odd_scalars = True

    parse = partial(
        json.loads,
        object_pairs_hook=build,
        parse_float=read_float,
        parse_int=read_int,
        parse_constant=refuse,
    )
    try:
        if _depth_of_json(text, limits.depth) > limits.depth:
            deepest, offset = _depth_by_events(source)
            if deepest > limits.depth:
                _report_depth(source, offset, diagnostics, limits)
                return False
        if _values_of_json(text, limits.nodes) > limits.nodes:
            diagnostics.error("too-large", Spot(source, 0), _too_many(limits))
            return False
        source.value = parse(text)
    except json.JSONDecodeError as error:
        _report_json_error(source, error, diagnostics)
        return False
    except RecursionError:
        _report_depth(source, 0, diagnostics, limits)
        return False
    if has_duplicates:
        _report_duplicate_keys(source, diagnostics)
    if has_odd_scalars or _LONE_HALF.search(text):
        _report_json_scalars(source, diagnostics)
        # Half a character can be handed to nobody: what looks for further errors gets whole ones.
        source.value = parse(_LONE_HALF.sub(r"\\ufffd", text))
    return True


_LOW_HALF = r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HIGH_HALF = r"\\u[dD][89abAB][0-9a-fA-F]{2}"
_LONE_HALF = re.compile(rf"{_HIGH_HALF}(?!{_LOW_HALF})|{_LOW_HALF}(?<!{_HIGH_HALF}{_LOW_HALF})")

_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"{}[]")


def _depth_of_json(text: str, enough: int) -> int:
    """Return how deep the text nests, or a little more if brackets in strings obscure it.

    Empty pairs are taken away until none is left: a few passes in C over few bytes. What nests
    deeper than `enough` is not measured to the end.
    """
    brackets = text.encode("utf-8", "replace").translate(None, _NOT_BRACKETS)
    passes = 0
    while passes <= enough:
        rest = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(rest) == len(brackets):
            break
        brackets = rest
        passes += 1
    return passes + len(brackets)


def _values_of_json(text: str, enough: int) -> int:
    """Return how many values the text holds, or a few more; exactly only if it is over `enough`."""
    count = _commas_and_openings(text)
    return count if count <= enough else _commas_and_openings(_STRING.sub("", text))


_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')


def _commas_and_openings(text: str) -> int:
    return 1 + sum(map(text.count, ",{["))


def _depth_by_events(source: Source) -> tuple[int, int]:
    """Return how deep the text nests, and the offset of the innermost value."""
    depth = deepest = at = 0
    for event in source.events():
        if event.kind in (EventKind.OBJECT, EventKind.LIST):
            depth += 1
            if depth > deepest:
                deepest, at = depth, event.offset
        elif event.kind is EventKind.END:
            depth -= 1
    return deepest, at


def _report_json_error(
    source: Source, error: json.JSONDecodeError, diagnostics: Diagnostics
) -> None:
    """Say what is wrong in the words of someone who reads the text, not of the parser."""
    text, offset, hint = source.text, error.pos - (error.msg == "Invalid \\uXXXX escape"), None
    if text[offset : offset + 1] == ",":
        offset += error.msg.startswith("Illegal trailing comma")  # as Python 3.13 sees it
    if not error.msg.startswith("Invalid"):  # in a string, where space counts
        offset += len(text[offset:]) - len(text[offset:].lstrip())
    next_is_bracket = text[offset : offset + 1] in ("}", "]")
    if not text.strip():
        message, offset = "the file is empty", 0
    elif offset == len(text):
        message, offset = "the text ends in the middle of a value", len(text.rstrip())
    elif next_is_bracket and text[:offset].rstrip().endswith(","):
        message = "there is a comma before this closing bracket"
    else:
        match error.msg:
            case "Expecting property name enclosed in double quotes":
                message = "expected a key in double quotes"
            case "Expecting value":
                message = "expected a value: object, list, string in double quotes, number, ..."
            case "Expecting ',' delimiter":
                message = "expected a comma or a closing bracket"
            case "Expecting ':' delimiter":
                message = "expected a colon after the key"
            case "Unterminated string starting at":
                message = "the string that starts here has no end"
            case "Extra data":
                message = "there is more text after the end of the document"
            case other:
                message = other[:1].lower() + other[1:]
    if text.strip() and text.lstrip()[:1] not in ("{", "[", '"'):
        hint = "a file whose name ends in .json is read as JSON; name a YAML file .yaml"
    diagnostics.error("unparsable", Spot(source, offset), message, hint)


def _report_json_scalars(source: Source, diagnostics: Diagnostics) -> None:
    """Report the scalars that the parser takes although JSON has no such value."""
    for event in source.events():
        if event.kind is not EventKind.SCALAR:
            continue
        if source.text[event.offset] != '"':
            fault = _number_fault(event.text)
        elif any("\ud800" <= char <= "\udfff" for char in event.text):
            fault = "half of a surrogate pair is no character"
        else:
            continue
        if fault is not None:
            diagnostics.error("unparsable", Spot(source, event.offset), fault)


def _number_fault(text: str) -> str | None:
    """Return what is wrong with a number (or `true`, `null`, ...) that the parser took."""
    if len(text) > INT_DIGITS:
        return f"this number has more than {INT_DIGITS} digits"
    if text in ("NaN", "Infinity", "-Infinity"):
        return f"{text} is no JSON number"
    if text[-1:].isdigit() and math.isinf(float(text)):
        return f"{text[:40]} is too large for a number"
    return None


# --- both -----------------------------------------------------------------------------------


def _report_duplicate_keys(source: Source, diagnostics: Diagnostics) -> None:
    """Report each key that its object already has; the first one is kept."""
    frames: list[dict[str, int] | None] = []  # the keys of an object; None for a list
    is_key = False
    for event in source.events():
        if event.kind is EventKind.END:
            frames.pop()
        elif is_key:
            keys = frames[-1]
            assert keys is not None
            if event.text in keys:
                first, second = Spot(source, keys[event.text]), Spot(source, event.offset)
                message = f"the key `{event.text}` is already in this object"
                diagnostics.error("duplicate-key", second, message, related=[("first", first)])
            keys.setdefault(event.text, event.offset)
            is_key = False
            continue
        elif event.kind is EventKind.OBJECT:
            frames.append({})
        elif event.kind is EventKind.LIST:
            frames.append(None)
        is_key = bool(frames) and frames[-1] is not None


def _report_depth(source: Source, offset: int, diagnostics: Diagnostics, limits: Limits) -> None:
    message = f"objects and lists are nested more than {limits.depth} deep"
    diagnostics.error("too-large", Spot(source, offset), message)


# --- YAML -----------------------------------------------------------------------------------


class _Refused(Exception):
    """YAML that is well-formed but stands for no JSON value, or for too much."""

    def __init__(self, code: str, offset: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.offset, self.hint = code, offset, hint


def _read_yaml(source: Source, diagnostics: Diagnostics, limits: Limits) -> bool:
    """Fill in the value; return False, with an error, if there is none."""
    import yaml

    try:
        source.value, has_duplicates = _build_yaml(source.text, limits)
    except yaml.reader.ReaderError:
        control = _CONTROL.search(source.text)
        offset = control.start() if control else 0
        message = "this control character is not allowed in YAML"
        diagnostics.error("unparsable", Spot(source, offset), message)
    except yaml.MarkedYAMLError as error:
        _report_yaml_error(source, error, diagnostics)
    except _Refused as refused:
        spot = Spot(source, refused.offset)
        diagnostics.error(refused.code, spot, str(refused), refused.hint)
    else:
        if has_duplicates:
            _report_duplicate_keys(source, diagnostics)
        return True
    return False


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What is not printable (YAML 1.2.2, section 5.1): small ranges, those of the rest compile long."""


_LETTERS: Final = 100
"""So many characters of a text cost as much as one more value."""

_CONTEXTS = {
    "while parsing a block mapping": "the object starts",
    "while parsing a flow mapping": "the object starts",
    "while parsing a block collection": "the list starts",
    "while parsing a flow sequence": "the list starts",
    "while scanning a simple key": "the line starts",
}


def _report_yaml_error(
    source: Source, error: yaml.MarkedYAMLError, diagnostics: Diagnostics
) -> None:
    """Say what is wrong in the words of someone who reads the text, not of the parser."""
    text = source.text
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index, len(text)) if mark else 0
    problem, hint = error.problem or "this is not YAML", None
    related = []
    start = text.rfind("\n", 0, offset) + 1
    match problem:
        case "found character that cannot start any token":
            if text[offset : offset + 1] == "\t":
                problem = "a tab cannot indent YAML"
                hint = "replace the tab with spaces"
            else:
                problem = f"a value cannot start with `{text[offset : offset + 1]}`"
                hint = "put the value in quotes"
        case "found a tab character that violates indentation":
            problem = "a tab cannot indent YAML"
            hint = "replace the tab with spaces"
            start = 0
        case "mapping values are not allowed in this context":
            problem = "there is a second `: ` in one line, or this line is indented too far"
            hint = "put a text that contains `: ` in quotes"
        case "could not find expected ':'":
            problem = "this line is neither a `key: value` nor does it continue the value above"
        case "did not find expected key":
            problem = "this line does not fit the indentation of the object around it"
        case "did not find expected '-' indicator":
            problem = "this line does not fit the indentation of the list around it"
        case "found unexpected end of stream":
            problem = "this quoted string has no end"
            offset = error.context_mark.index if error.context_mark else offset
            start = 0
        case "found undefined tag handle":
            problem = "this tag has an undefined prefix"
        case _:
            pass
    if error.context and error.context_mark and error.context_mark.index < start:
        related.append(
            (_CONTEXTS.get(error.context, "begun"), Spot(source, error.context_mark.index))
        )
    diagnostics.error("unparsable", Spot(source, offset), problem, hint, related=related)


def _build_yaml(text: str, limits: Limits) -> tuple[Json, bool]:
    """Return the value of a YAML text and whether an object has a key twice.

    Raises `_Refused` and `yaml.MarkedYAMLError`. One loop over the parser's events, since most of
    the time of a big document goes here.
    """
    import yaml
    from yaml._yaml import CParser

    next_event: Callable[[], Any] = CParser(text).get_event
    root: Json = None
    container: dict[str, Json] | list[Json] | None = None
    key: str | None = None  # the key whose value comes next
    height = 0  # levels below the container so far
    anchor: str | None = None  # of the container
    outer: list[tuple[dict[str, Json] | list[Json] | None, int, str | None, int]] = []
    nodes = nodes_before = 0
    anchors: dict[str, tuple[Json, int, int]] = {}  # value, nodes, levels
    merges: dict[int, list[tuple[Json, int]]] = {}  # what to merge, and where it is said
    plain: dict[str, bool | int | float | str | None] = {}
    documents = 0
    has_duplicates = False
    value: Json
    while (event := next_event()) is not None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            content: str = event.value
            if key is None and type(container) is dict:
                if content in container:
                    has_duplicates = True
                if event.tag is not None:
                    _check_tag(event.tag, "str", event.start_mark.index)
                key = content
                if content == "<<" and event.implicit[0]:
                    merges.setdefault(id(container), [])
                continue
            if event.implicit[0]:
                if content in plain:
                    value = plain[content]
                else:
                    try:
                        value = plain[content] = plain_scalar(content)
                    except ValueError as fault:
                        offset = event.start_mark.index
                        hint = "put it in quotes if it is meant as text"
                        raise _Refused("unparsable", offset, str(fault), hint) from None
            else:
                value = content
                _check_tag(event.tag, "str", event.start_mark.index)
            weight = 1 + len(content) // _LETTERS
            if event.anchor is not None:
                anchors[event.anchor] = (value, weight, 0)
            nodes += weight
            if nodes > limits.nodes:
                raise _Refused("too-large", event.start_mark.index, _too_many(limits))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            is_object = kind is yaml.MappingStartEvent
            _check_tag(event.tag, "map" if is_object else "seq", event.start_mark.index)
            value = {} if is_object else []
            nodes += 1
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            assert container is not None
            if id(container) in merges and type(container) is dict:
                _merge(container, merges.pop(id(container)))
            if anchor is not None:
                anchors[anchor] = (container, nodes - nodes_before, height + 1)
            inner_height = height + 1
            container, height, anchor, nodes_before = outer.pop()
            height = max(height, inner_height)
            continue
        elif kind is yaml.AliasEvent:
            offset = event.start_mark.index
            if event.anchor not in anchors:
                raise _Refused("unparsable", offset, _alias_fault(event.anchor, anchor, outer))
            value, copies, levels = anchors[event.anchor]
            nodes += copies
            height = max(height, levels)
            if nodes > limits.nodes:
                raise _Refused("too-large", offset, _too_many(limits, "with this alias "))
            if len(outer) + levels > limits.depth:
                message = f"objects and lists are nested more than {limits.depth} deep"
                raise _Refused("too-large", offset, message)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                message = "a second YAML document starts here"
                hint = "an OpenAPI document is one YAML document: remove the `---`"
                raise _Refused("unparsable", event.start_mark.index, message, hint)
            continue
        else:
            continue
        # Put the value where it belongs.
        if type(container) is dict:
            if key is None:
                message = "a key must be a text, not a list, an object or an alias"
                raise _Refused("unparsable", event.start_mark.index, message)
            if key == "<<" and id(container) in merges:
                merges[id(container)].append((value, event.start_mark.index))
            else:
                container.setdefault(key, value)
            key = None
        elif type(container) is list:
            container.append(value)
        else:
            root = value
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            outer.append((container, height, anchor, nodes_before))
            if len(outer) > limits.depth:
                message = f"objects and lists are nested more than {limits.depth} deep"
                raise _Refused("too-large", event.start_mark.index, message)
            assert type(value) is dict or type(value) is list
            container, height, anchor, nodes_before = value, 0, event.anchor, nodes - 1
    return root, has_duplicates


def _too_many(limits: Limits, when: str = "") -> str:
    return f"{when}the document holds more than {limits.nodes:,} values".strip()


def _check_tag(tag: str | None, kind: str, offset: int) -> None:
    """Refuse a tag that says anything but what is there anyway."""
    if tag is not None and tag != "!" and tag != f"tag:yaml.org,2002:{kind}":
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        hint = "remove it: OpenAPI knows the values of JSON only"
        raise _Refused("unparsable", offset, f"the tag {shown} is refused", hint)


def _alias_fault(
    name: str,
    anchor: str | None,
    outer: list[tuple[dict[str, Json] | list[Json] | None, int, str | None, int]],
) -> str:
    if name == anchor or any(name == around for _, _, around, _ in outer):
        return f"the alias *{name} stands inside its own value"
    return f"there is no anchor &{name} before this alias"


def _merge(container: dict[str, Json], merged: list[tuple[Json, int]]) -> None:
    """Add what merge keys bring in; what the object says itself wins.

    YAML 1.2 dropped the merge key `<<`, but every tool that reads OpenAPI still knows it.
    """
    for value, offset in merged:
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                raise _Refused("unparsable", offset, "a merge key `<<` needs objects to merge")
            for key, member in part.items():
                container.setdefault(key, member)
