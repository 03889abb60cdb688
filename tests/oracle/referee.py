"""What JSON Schema says of an instance: the schemas of a document in the words of Draft 2020-12.

Two views. In a request nothing unknown and nothing read-only is right: objects with members that
have names are closed, as a whole where `allOf` puts them together. A response is open.

A referee can be asked to read some things as they are meant, not as they are written: `READINGS`.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeAlias, get_args

import jsonschema_rs

from oracle.document import Document, Json, NotFound, Place

View: TypeAlias = Literal["request", "response"]

Reading: TypeAlias = Literal[
    "closed part",
    "file",
    "object meant",
    "one of several",
    "open part",
    "tag",
    "text of a time",
    "told",
]
READINGS: frozenset[Reading] = frozenset(get_args(Reading))

_URI = "mem:document"
_NOWHERE = "mem:nowhere"

_ADDRESSES: dict[str, Callable[[str], object]] = {
    "ipv4network": ipaddress.IPv4Network,
    "ipv6network": ipaddress.IPv6Network,
    "ipv4interface": ipaddress.IPv4Interface,
    "ipv6interface": ipaddress.IPv6Interface,
    "ipvanyaddress": ipaddress.ip_address,
    "ipvanynetwork": ipaddress.ip_network,
    "ipvanyinterface": ipaddress.ip_interface,
}
_ASSERTED = frozenset(
    (
        *("date-time", "date", "time", "duration", "uuid", "byte", "decimal"),
        *("ipv4", "ipv6", *_ADDRESSES),
    )
)
"""Formats with a Python type of their own. Other formats are annotations (Draft 2020-12, 7.2.1)."""

_OPAQUE = frozenset(("const", "enum", "default", "examples", "required", "type"))
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_SINGLE = (
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_IN_PLACE = frozenset(("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "not"))
_ANNOTATIONS = frozenset(
    (
        *("title", "description", "deprecated", "default", "examples", "example", "summary"),
        *("externalDocs", "readOnly", "writeOnly", "xml", "discriminator", "format", "$comment"),
    )
)

_Key: TypeAlias = "tuple[Place, bool, frozenset[str]]"


class Referee:
    """The schemas of a document as one side sees them."""

    def __init__(
        self,
        document: Document,
        view: View,
        readings: Collection[Reading] = frozenset(),
        told: Collection[str] = frozenset(),
    ) -> None:
        """`told` are the pointers to keywords that ours said it does not check."""
        self._document = document
        self._view = view
        self._readings = frozenset(readings)
        self._told = frozenset(told) if "told" in self._readings else frozenset[str]()
        self._old = document.is_old
        self._tags = frozenset(document.tags())
        self._hiding = "readOnly" if view == "request" else "writeOnly"
        self._names: dict[_Key, str] = {}
        self._waiting: list[_Key] = []
        self.definitions: dict[str, Json] = {}
        """The schemas in their new words; references lead from one to the other by `find`."""
        self._registry: Any = None

    def schema(self, place: Place) -> Json:
        """Give the schema at the place in its new words. Raises `NotFound`."""
        found = {"$ref": self._reference(place, view_is_closed(self._view), frozenset())}
        while self._waiting:
            self._fill(self._waiting.pop())
        return found

    def _fill(self, key: _Key) -> None:
        place, closed, hidden = key
        try:
            found = self._schema(self._document.at(place), place, closed, hidden)
        except NotFound:
            found = {"$ref": _NOWHERE}  # What leads here has no validator.
        self.definitions[self._names[key]] = found
        self._registry = None

    def find(self, reference: str) -> Json:
        """Give what a reference of one of `definitions` leads to."""
        return self.definitions[reference.rpartition("/")[2]]

    def validator(self, schema: Json) -> Any:
        """Build what says whether an instance is right. Raises `ValueError` for what is no schema.

        The schema is one that `schema` gave.
        """
        if self._registry is None:
            whole = {"$defs": self.definitions}
            self._registry = jsonschema_rs.Registry(
                [(_URI, whole)], draft=jsonschema_rs.Draft202012
            )
        return jsonschema_rs.Draft202012Validator(
            schema,
            registry=self._registry,
            validate_formats=True,
            ignore_unknown_formats=True,
            formats={
                "byte": _is_base64,
                "date-time": _is_date_time,
                "decimal": _is_decimal,
                **{name: partial(_is_address, read) for name, read in _ADDRESSES.items()},
            },
        )

    # --- one schema -----------------------------------------------------------------------------

    def _reference(self, place: Place, closed: bool, hidden: frozenset[str]) -> str:
        self._document.at(place)
        key = (place, closed, hidden)
        if key not in self._names:
            self._names[key] = str(len(self._names))
            self._waiting.append(key)
        return f"{_URI}#/$defs/{self._names[key]}"

    def _schema(self, value: Json, at: Place, closed: bool, hidden: frozenset[str]) -> Json:
        """Translate; `hidden` are the members that the whole, of which this is a part, lacks."""
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else {}
        if {"$anchor", "$dynamicRef", "$recursiveRef", "$id"} & value.keys():
            raise NotFound(str(at))
        if "$ref" in value and (self._old or value.keys() - _ANNOTATIONS == {"$ref"}):
            target = self._document.find(value["$ref"], at.file)
            return {"$ref": self._reference(target, closed, hidden)}
        hidden = hidden | self._hidden(value, at)
        implied = self._implied(value, at) if "tag" in self._readings else frozenset[str]()
        hidden = hidden | implied
        shut = closed and self._has_members(value, at)
        inner = closed and not shut
        found = {key: item for key, item in value.items() if self._is_kept(key, item)}
        if "$ref" in value:
            target = self._document.find(value["$ref"], at.file)
            found["$ref"] = self._reference(target, inner, hidden)
        for key in _LISTS:
            if isinstance(value.get(key), list):
                part = inner if key in _IN_PLACE else view_is_closed(self._view)
                gone = hidden if key in _IN_PLACE else frozenset[str]()
                found[key] = [
                    self._schema(item, at / key / i, part, gone)
                    for i, item in enumerate(value[key])
                ]
        is_part = self._view == "request" and not closed
        is_open_part = is_part and "open part" in self._readings
        for key in _MAPS:
            if isinstance(value.get(key), dict):
                part = (
                    inner if key in _IN_PLACE else view_is_closed(self._view) and not is_open_part
                )
                found[key] = {
                    name: self._schema(item, at / key / name, part, frozenset())
                    for name, item in value[key].items()
                }
        for key in _SINGLE:
            if isinstance(value.get(key), dict | bool):
                part = inner if key in _IN_PLACE and key != "not" else False
                part = part or (key not in _IN_PLACE and view_is_closed(self._view))
                gone = hidden if key in _IN_PLACE else frozenset[str]()
                found[key] = self._schema(value[key], at / key, part, gone)
        if value.get("contentEncoding") == "base64":
            found["format"] = "byte"
        if isinstance(value.get("required"), list):
            found["required"] = [name for name in value["required"] if name not in hidden]
        if (
            is_part
            and value.get("additionalProperties") is False
            and "closed part" in self._readings
        ):
            del found["additionalProperties"]
        for key in found.keys() & {pointer.rpartition("/")[2] for pointer in self._told}:
            if str(at / key) in self._told:
                if key in _MAPS:
                    found[key] = dict.fromkeys(found[key], True)
                else:
                    del found[key]
        self._read(value, found)
        if self._view == "request":
            for name in self._hidden(value, at) & found.get("properties", {}).keys():
                found["properties"][name] = False
        if shut and "unevaluatedProperties" not in value:
            found["unevaluatedProperties"] = False
            # What is required is known, whether it is described or not.
            known = dict.fromkeys(found.get("required", ()), True)
            found["properties"] = known | found.get("properties", {})
        return self._modern(value, found)

    def _read(self, value: Json, found: dict[str, Json]) -> None:
        """Read it as it is meant."""
        if "one of several" in self._readings and "anyOf" not in found and "oneOf" in found:
            found["anyOf"] = found.pop("oneOf")
        if "object meant" in self._readings and "properties" in found:
            found.setdefault("type", "object")
        if "text of a time" in self._readings and found.get("format") != "byte":
            asserted = found.pop("format", None)
            if asserted == "decimal":
                found["type"] = ["string", "number"]
        binary = value.get("contentMediaType") == "application/octet-stream"
        if "file" in self._readings and (value.get("format") == "binary" or binary):
            found["not"] = {}

    def _implied(self, value: Json, at: Place, depth: int = 0) -> frozenset[str]:
        """Members that have only one value or tell schemas apart, those of parts included."""
        if not isinstance(value, dict) or depth > 20:
            return frozenset()
        parts = self._parts(value, at)
        for key in ("oneOf", "anyOf"):
            parts += [(item, at / key / i) for i, item in enumerate(value.get(key) or ())]
        inherited = [self._implied(item, home, depth + 1) for item, home in parts]
        properties = value.get("properties")
        own = properties.items() if isinstance(properties, dict) else ()
        return frozenset(
            name
            for name, item in own
            if name in self._tags or self._is_single(item, at / "properties" / name)
        ).union(*inherited)

    def _is_single(self, value: Json, at: Place, depth: int = 0) -> bool:
        if not isinstance(value, dict) or depth > 20:
            return False
        if "const" in value or len(value.get("enum") or ()) == 1:
            return True
        parts = self._parts(value, at)
        return any(self._is_single(item, home, depth + 1) for item, home in parts)

    def _parts(self, value: Json, at: Place) -> list[tuple[Json, Place]]:
        """What holds in the same place: the members of `allOf`, and what `$ref` leads to."""
        parts = [(item, at / "allOf" / i) for i, item in enumerate(value.get("allOf") or ())]
        if "$ref" in value:
            target = self._document.find(value["$ref"], at.file)
            parts.append((self._document.at(target), target))
        return parts

    def _is_kept(self, key: str, item: Json) -> bool:
        if key == "required":
            return False
        if key == "format":
            return item in _ASSERTED
        if key == "pattern":
            return isinstance(item, str)
        return key not in {*_LISTS, *_MAPS, *_SINGLE, "$ref", "$defs", "$schema", "discriminator"}

    def _modern(self, value: Json, found: dict[str, Json]) -> Json:
        """Say in the words of Draft 2020-12 what OpenAPI says in its own."""
        if self._old:
            self._old_words(found)
        if found.pop("nullable", None) is True:
            # 3.0.3 lets it count beside `type` alone, 3.1 has no such word; documents mean it.
            return {"anyOf": [found, {"type": "null"}]}
        return found

    def _old_words(self, found: dict[str, Json]) -> None:
        for bound, exclusive in (
            ("minimum", "exclusiveMinimum"),
            ("maximum", "exclusiveMaximum"),
        ):
            if isinstance(found.get(exclusive), bool) and found.pop(exclusive) and bound in found:
                found[exclusive] = found.pop(bound)
        if "example" in found:
            found.setdefault("examples", [found.pop("example")])

    # --- members --------------------------------------------------------------------------------

    def _has_members(self, value: Json, at: Place, depth: int = 0) -> bool:
        """Whether members have names here, so that an unknown one is a mistake."""
        if not isinstance(value, dict) or depth > 20:
            return False
        if value.get("properties"):
            return True
        parts = self._parts(value, at)
        if len(parts) > 1 or (parts and value.keys() & {"oneOf", "anyOf"}):
            return any(self._has_members_somewhere(part, home, depth) for part, home in parts)
        return any(self._has_members(part, home, depth + 1) for part, home in parts)

    def _has_members_somewhere(self, value: Json, at: Place, depth: int) -> bool:
        if self._has_members(value, at, depth + 1):
            return True
        if not isinstance(value, dict) or depth > 20:
            return False
        if "$ref" in value:
            target = self._document.find(value["$ref"], at.file)
            return self._has_members_somewhere(self._document.at(target), target, depth + 1)
        return any(
            self._has_members_somewhere(item, at / key / i, depth + 1)
            for key in ("oneOf", "anyOf", "allOf")
            for i, item in enumerate(value.get(key) or ())
        )

    def _hidden(self, value: Json, at: Place, depth: int = 0) -> frozenset[str]:
        """Members that this side does not have, those of parts included."""
        if not isinstance(value, dict) or depth > 20:
            return frozenset()
        if "$ref" in value:
            target = self._document.find(value["$ref"], at.file)
            inherited = self._hidden(self._document.at(target), target, depth + 1)
            if self._old:
                return inherited
        else:
            inherited = frozenset()
        for i, item in enumerate(value.get("allOf") or ()):
            inherited |= self._hidden(item, at / "allOf" / i, depth + 1)
        properties = value.get("properties")
        own = properties.items() if isinstance(properties, dict) else ()
        return inherited | {
            name for name, item in own if self._is_hidden(item, at / "properties" / name)
        }

    def _is_hidden(self, value: Json, at: Place, depth: int = 0) -> bool:
        if not isinstance(value, dict) or depth > 20:
            return False
        # Also beside a reference in 3.0, which says to ignore it there: documents mean it.
        if value.get(self._hiding) is True:
            return True
        parts = self._parts(value, at)
        return any(self._is_hidden(item, home, depth + 1) for item, home in parts)


def view_is_closed(view: View) -> bool:
    return view == "request"


# --- formats ------------------------------------------------------------------------------------


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_address(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _is_decimal(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is not None


_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def _is_date_time(text: str) -> bool:
    """RFC 3339, section 5.6, without leap seconds."""
    if not _DATE_TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", text.upper()))
    except ValueError:
        return False
    return True
