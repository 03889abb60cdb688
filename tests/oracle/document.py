"""An OpenAPI document turned into one that says the same schemas in a way all parties can be asked.

Each schema of the original, named or written where it is used, becomes the only member of an object
of its own, `Oracle0001`, which is both sent and received. So nobody has to know what a generator
calls the class of a schema, schemas that are no objects can be asked about as well, and each has
the face for requests and the face for responses.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import yaml

Json: TypeAlias = Any

METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"))
MEMBER = "value"
"""The only member of each case."""


class _Loader(yaml.CSafeLoader):
    """YAML as JSON has it: no dates, and `yes`, `no`, `on`, `off` are text (YAML 1.2)."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, re.compile("^(?:true|false)$", re.IGNORECASE) if tag.endswith(":bool") else pattern)
        for tag, pattern in resolvers
        if not tag.endswith((":timestamp", ":value"))
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class NotFound(LookupError):
    """A reference leads nowhere, or is of a kind that is not followed here."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A value of a file of the document. `keys` lead to it from the top."""

    file: Path
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return "#/" + "/".join(key.replace("~", "~0").replace("/", "~1") for key in self.keys)

    def __truediv__(self, key: str | int) -> Place:
        return Place(self.file, (*self.keys, str(key)))


class Document:
    """The files of a document, read when they are needed."""

    def __init__(self, entry: Path) -> None:
        self.entry = entry.resolve()
        self._files: dict[Path, Json] = {}
        self.root: Json = self._read(self.entry)

    @property
    def is_old(self) -> bool:
        """Whether its schemas are in the dialect of OpenAPI 3.0."""
        return str(self.root.get("openapi", "")).startswith("3.0")

    def at(self, place: Place) -> Json:
        """Give the value at the place. Raises `NotFound`."""
        value = self._read(place.file)
        for key in place.keys:
            try:
                value = value[int(key) if isinstance(value, list) else key]
            except (KeyError, IndexError, ValueError, TypeError):
                raise NotFound(str(place)) from None
        return value

    def find(self, reference: Json, file: Path) -> Place:
        """Give the place that a `$ref` in `file` means. Raises `NotFound`."""
        path, _, fragment = str(reference).partition("#")
        if "://" in path or (fragment and not fragment.startswith("/")):
            raise NotFound(reference)
        target = (file.parent / unquote(path)).resolve() if path else file
        keys = [
            unquote(key).replace("~1", "/").replace("~0", "~") for key in fragment.split("/")[1:]
        ]
        return Place(target, tuple(keys))

    def followed(self, place: Place) -> Place:
        """Give the place that the references at `place` lead to in the end. Raises `NotFound`."""
        for _ in range(50):
            value = self.at(place)
            if not (isinstance(value, dict) and "$ref" in value):
                return place
            place = self.find(value["$ref"], place.file)
        raise NotFound(str(place))

    def schemas(self) -> Iterator[Place]:
        """Give the schemas with a name, then those written in parameters, bodies and responses."""
        top = Place(self.entry, ())
        components = _object(self.root.get("components"))
        for name in _object(components.get("schemas")):
            yield top / "components" / "schemas" / name
        seen: set[Place] = set()
        for path in _object(self.root.get("paths")):
            for place in self._inline(top / "paths" / path):
                if place not in seen:
                    seen.add(place)
                    yield place

    def tags(self) -> Iterator[str]:
        """Give the properties that discriminators speak of, in the files read so far."""
        waiting: list[Json] = list(self._files.values())
        while waiting:
            match waiting.pop():
                case {"discriminator": {"propertyName": str(name)}, **rest}:
                    yield name
                    waiting += rest.values()
                case dict(rest):
                    waiting += rest.values()
                case list(items):
                    waiting += items
                case _:
                    pass

    def _inline(self, at: Place) -> Iterator[Place]:
        try:
            item_at = self.followed(at)
        except NotFound:
            return
        item = _object(self.at(item_at))
        homes = [item_at, *(item_at / method for method in METHODS & item.keys())]
        for home in sorted(homes):
            yield from self._of_operation(home)

    def _of_operation(self, at: Place) -> Iterator[Place]:
        try:
            at = self.followed(at)
        except NotFound:
            return
        operation = _object(self.at(at))
        holders = [at / "parameters" / i for i in range(len(operation.get("parameters") or ()))]
        holders += [at / "requestBody"] if "requestBody" in operation else []
        holders += [at / "responses" / key for key in _object(operation.get("responses"))]
        for holder in holders:
            try:
                place = self.followed(holder)
                value = _object(self.at(place))
            except NotFound:
                continue
            homes = [(place, value)]
            for media, content in _object(value.get("content")).items():
                homes.append((place / "content" / media, _object(content)))
            for home, around in homes:
                if _object(around.get("schema")).keys() - {"$ref"}:
                    yield home / "schema"

    def _read(self, file: Path) -> Json:
        if file not in self._files:
            try:
                text = file.read_text(encoding="utf-8-sig")
            except OSError:
                raise NotFound(str(file)) from None
            is_json = file.suffix == ".json"
            self._files[file] = json.loads(text) if is_json else yaml.load(text, _Loader)
        return self._files[file]


def rephrased(document: Document, cases: dict[str, Place]) -> Json:
    """Give the document in which each case is an object with the schema as its only member.

    It has to be written beside the entry, whose relative references it keeps.
    """
    components = dict(_object(document.root.get("components")))
    schemas = dict(_object(components.get("schemas")))
    paths = {}
    for name, place in cases.items():
        schemas[name] = {
            "type": "object",
            "required": [MEMBER],
            "properties": {MEMBER: _written(document, place)},
        }
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        paths[f"/{name}"] = {
            "post": {
                "operationId": f"send_{name}",
                "requestBody": {"required": True, "content": content},
                "responses": {"200": {"description": "The same.", "content": content}},
            }
        }
    kept = {key: value for key, value in document.root.items() if key in ("openapi", "info")}
    return {**kept, "paths": paths, "components": {**components, "schemas": schemas}}


def _written(document: Document, place: Place) -> Json:
    """A reference to a schema with a name or of another file, otherwise the schema itself."""
    if place.file == document.entry and len(place.keys) != 3:
        return document.at(place)
    pointer = str(place)
    outside = "" if place.file == document.entry else _relative(place.file, document.entry.parent)
    return {"$ref": outside + pointer}


def _relative(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
