"""Why ours differs from JSON Schema where it does: each reason, and an instance that shows it.

A difference is explained by the reading of the schema under which both agree (see `Referee`), or,
where that cannot be said as a schema, by a look at what is refused or written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import TypeAdapter

from oracle.document import Json
from oracle.referee import Reading, View

if TYPE_CHECKING:
    from oracle.compare import Asked, Difference

Name: TypeAlias = Reading | Literal["declared tag", "whole float", "extension", "spelling"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A difference on purpose. `instance` of `schema` shows it in that view."""

    why: str
    schema: Json
    instance: Json
    view: View = "request"


REASONS: dict[Name, Reason] = {
    "one of several": Reason(
        "A value that fits several options of a `oneOf` is taken: documents say `oneOf` where they "
        "mean `anyOf`, and the value can be sent.",
        {"oneOf": [{"type": "integer"}, {"type": "number"}]},
        1,
    ),
    "object meant": Reason(
        "A schema with `properties` and without `type` is an object, not anything besides.",
        {"properties": {"name": {"type": "string"}}},
        "no object",
    ),
    "file": Reason(
        "What is sent as it is (`format: binary`) is bytes or a file, not text in JSON.",
        {"type": "string", "format": "binary"},
        "text",
    ),
    "open part": Reason(
        "A member that several parts of an `allOf` describe is open if one of them leaves it open.",
        {
            "allOf": [
                {
                    "type": "object",
                    "properties": {"inside": {"type": "object", "additionalProperties": True}},
                },
                {
                    "type": "object",
                    "properties": {
                        "inside": {"type": "object", "properties": {"name": {"type": "string"}}}
                    },
                },
            ]
        },
        {"inside": {"other": 1}},
    ),
    "closed part": Reason(
        "A part of an `allOf` with `additionalProperties: false` does not shut out the members of "
        "the other parts: nothing would be right.",
        {
            "allOf": [
                {
                    "type": "object",
                    "properties": {"name": {"type": "string"}},
                    "additionalProperties": False,
                },
                {"type": "object", "properties": {"size": {"type": "integer"}}},
            ]
        },
        {"name": "x", "size": 1},
    ),
    "told": Reason(
        "What no type and no rule can say is not checked; a warning (`degraded`) says where.",
        {"type": "object", "propertyNames": {"not": {"const": "forbidden"}}},
        {"forbidden": 1},
    ),
    "text of a time": Reason(
        "Text that says a time, a date or a UUID in another way than RFC 3339 and RFC 9562 is "
        "taken, and a number for a decimal; what is sent is said in their way.",
        {"type": "string", "format": "date-time"},
        "2024-05-06 07:08:09Z",
    ),
    "tag": Reason(
        "A member that has only one value, or says which schema it is, may be left out, and is "
        "sent all the same.",
        {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}},
        },
        {"radius": 1.5},
    ),
    "declared tag": Reason(
        "The property of a `discriminator` is there and is one of the values that select a schema: "
        "OpenAPI leaves open what its absence means, and JSON Schema does not know it.",
        {
            "anyOf": [
                {"$ref": "#/components/schemas/Left"},
                {"$ref": "#/components/schemas/Right"},
            ],
            "discriminator": {"propertyName": "side"},
        },
        {"side": "middle"},
    ),
    "whole float": Reason(
        "An integer written `7.0` is refused: servers refuse it, although JSON Schema calls it an "
        "integer.",
        {"type": "integer"},
        7.0,
    ),
    "extension": Reason(
        "`x-at-most` says what JSON Schema cannot.",
        {
            "type": "object",
            "properties": {"low": {"type": "integer"}, "high": {"type": "integer"}},
            "x-at-most": {"field": "low", "of": "high"},
        },
        {"low": 2, "high": 1},
    ),
    "spelling": Reason(
        "Times, durations, UUIDs and bytes are values, not their spelling: what is written says "
        "the same.",
        {"type": "string", "format": "uuid"},
        "0E5D7D4C-6B4F-4F4E-9C36-0D3B8B6D9A11",
    ),
}


def look(difference: Difference, asked: Asked, tags: frozenset[str]) -> Name | None:
    """Give the reason that can be seen from the difference itself.

    `tags` are the properties that discriminators of the document speak of.
    """
    if difference.kind == "changes":
        kinds = list(dict.fromkeys(_changes(difference.instance, difference.written)))
        return None if None in kinds else kinds[0]
    if difference.kind != "refuses":
        return None
    if asked.takes(_whole(difference.instance)):
        return "whole float"
    if any(_is_about_tag(detail, tags) for detail in difference.errors):
        return "declared tag"
    if all(detail["type"] == "rule" for detail in difference.errors):
        return "extension" if asked.is_extended else None
    return None


def _is_about_tag(detail: Any, tags: frozenset[str]) -> bool:
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return True
    return bool(detail["loc"]) and detail["loc"][-1] in tags


def _whole(value: Json) -> Json:
    match value:
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case dict():
            return {key: _whole(item) for key, item in value.items()}
        case list():
            return [_whole(item) for item in value]
        case _:
            return value


def _changes(before: Json, after: Json) -> Iterator[Name | None]:
    """Give the reason for each change of a value that was written again."""
    match before, after:
        case dict(), dict() if before.keys() <= after.keys():
            if before.keys() != after.keys():
                yield "tag"
            for key, item in before.items():
                yield from _changes(item, after[key])
        case list(), list() if len(before) == len(after):
            for one, other in zip(before, after, strict=True):
                yield from _changes(one, other)
        case str(), str() if before != after:
            yield "spelling" if _value(before) == _value(after) else None
        case _ if before != after:
            yield None
        case _:
            pass


_DURATION: TypeAdapter[timedelta] = TypeAdapter(timedelta)


def _value(text: str) -> object:
    """What the text says, of a kind that has several spellings."""
    if re.fullmatch(r"[+-]?P.*", text):
        return _DURATION.validate_python(text)
    for read in (datetime.fromisoformat, time.fromisoformat, UUID, base64.b64decode):
        try:
            return read(text)
        except ValueError:
            continue
    return text
