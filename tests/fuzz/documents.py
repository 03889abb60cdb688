"""A strategy of whole OpenAPI documents: valid ones, slightly invalid ones and hostile ones.

All chance goes through one primitive, a number below a bound, so that hypothesis shrinks towards
the first choice everywhere; first choices are the plain ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import yaml
from hypothesis import strategies as st

from fuzz import texts
from oasmith.source import Json

_T = TypeVar("_T")
_Object = dict[str, Any]

_HTTP: Final = ("get", "post", "put", "delete", "patch", "head", "options", "trace", "query")
ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1.5, -1, "x", "", [], {}, ["a"], [{}], [None], {"": ""}, [[]]),
    *({"$ref": "#/components/schemas/Nothing"}, {"$ref": "#"}, {"$ref": 1}, {"$ref": ""}),
    *({"$ref": "#/info"}, {"$ref": "file:///etc/passwd"}, {"$ref": "http://127.0.0.1:1/x"}),
    *({"$ref": "../outside.json#/x"}, {"$ref": "other.json#/Other"}, {"$ref": "other.json"}),
    *({"$ref": "#/components/schemas/%ZZ"}, {"$ref": "#anchor"}, {"$ref": "/dev/zero"}),
    *({"type": "object"}, {"type": ["string", "null"]}, {"allOf": []}, {"enum": []}),
    *({"oneOf": [{"type": "null"}]}, {"const": {"a": 1}}, {"not": {}}, {"type": "nonsense"}),
    *({"$dynamicRef": "#x"}, {"$id": "other.json"}, {"items": [{}]}, {"properties": []}),
)
"""What stands in the place of anything."""


@dataclass(frozen=True, slots=True)
class Written:
    """A document as files: the first one is the document."""

    files: Mapping[str, bytes]

    def __repr__(self) -> str:
        return "\n".join(f"--- {name}\n{data!r}" for name, data in self.files.items())


@dataclass(slots=True)
class _Maker:
    below: Callable[[int], int]
    hostile: bool = False
    version: str = "3.1.0"
    schemas: list[str] = field(default_factory=list)
    schemes: list[str] = field(default_factory=list)
    left: int = 25
    """Schemas that may still be made: bounds the document."""

    def one(self, options: Sequence[_T]) -> _T:
        return options[self.below(len(options))]

    def rarely(self, of: int = 4) -> bool:
        """Answer whether to do it, once in `of` times."""
        return self.below(of) == of - 1

    def some(self, most: int) -> range:
        return range(self.below(most + 1))

    # --- words -------------------------------------------------------------------------------

    def name(self) -> str:
        if not self.hostile or self.below(2) == 0:
            return self.one(texts.PLAIN)
        made = self.one(texts.NAMES)
        if self.rarely():
            made += self.one(texts.NAMES)
        return self.one(texts.PAYLOADS) if self.rarely(12) else made

    def text(self) -> str:
        if not self.hostile or self.below(3) == 0:
            return self.one(("A text.", "Two\nlines.", "See [it](https://x.example).", "`x` *y*"))
        return self.one(texts.PAYLOADS) + (self.one(texts.PAYLOADS) if self.rarely() else "")

    def any_text(self) -> str:
        return self.name() if self.below(2) else self.text()

    def number(self) -> int | float:
        return self.one(texts.NUMBERS) if self.hostile else self.below(20)

    def value(self, depth: int = 2) -> Json:
        match self.below(8 if depth else 6):
            case 0:
                return self.name()
            case 1:
                return self.number()
            case 2:
                return self.one((True, False))
            case 3:
                return None
            case 4 | 5:
                return self.any_text()
            case 6:
                return [self.value(depth - 1) for _ in self.some(2)]
            case _:
                return {self.name(): self.value(depth - 1) for _ in self.some(2)}

    def maybe(self, into: _Object, key: str, make: Callable[[], Any], of: int = 4) -> None:
        if self.rarely(of):
            into[key] = make()

    # --- schemas -----------------------------------------------------------------------------

    def reference(self, depth: int = 0) -> _Object:
        if not self.schemas or (self.hostile and self.rarely(25)):
            return {"$ref": self.one([each["$ref"] for each in ODD if _refers(each)])}
        name = self.one(self.schemas)
        if self.rarely(20):
            return {"$ref": "other.json#/Other"}
        pointer = name.replace("~", "~0").replace("/", "~1").replace("%", "%25")
        base = "#/definitions/" if self.version == "2.0" else "#/components/schemas/"
        made: _Object = {"$ref": base + pointer}
        self.maybe(made, "description", self.text, 8)
        return made

    def schema(self, depth: int = 3) -> Any:
        self.left -= 1
        if depth == 0 or self.left < 0:
            return self.one(({"type": "string"}, {"type": "integer"}, {}, {"type": "boolean"}))
        kinds = (
            *(self.string, self.object, self.integer, self.reference, self.array, self.string),
            *(self.boolean, self.enumeration, self.choice, self.object, self.all_of, self.anything),
            *(self.object, self.map, self.constant, self.tuple, self.conditional, self.tagged),
        )
        made = self.one(kinds)(depth - 1)
        if isinstance(made, dict) and "$ref" not in made:
            self.notes(made)
        return made

    def notes(self, made: _Object) -> None:
        """Add what a schema says beside its shape."""
        if self.below(3) == 0:
            return
        self.maybe(made, "description", self.text, 2)
        self.maybe(made, "title", self.any_text, 6)
        self.maybe(made, "default", self.value, 6)
        self.maybe(made, "example", self.value, 10)
        self.maybe(made, "deprecated", lambda: True, 12)
        self.maybe(made, "readOnly", lambda: True, 12)
        self.maybe(made, "writeOnly", lambda: True, 14)
        if self.version.startswith("3.0"):
            self.maybe(made, "nullable", lambda: True, 6)
        elif self.version != "2.0":
            self.maybe(made, "examples", lambda: [self.value()], 10)
            self.maybe(made, "$comment", self.text, 20)
            self.maybe(made, "$anchor", self.name, 30)
            self.maybe(made, "$defs", lambda: {self.name(): self.schema(1)}, 20)
            if self.rarely(10) and isinstance(made.get("type"), str):
                made["type"] = [made["type"], "null"]
        self.maybe(made, "externalDocs", lambda: {"url": self.one(texts.URLS)}, 20)
        self.maybe(made, f"x-{self.name()}", self.value, 10)
        self.maybe(made, "xml", lambda: {"name": self.name(), "namespace": self.text()}, 30)

    def string(self, depth: int) -> _Object:
        made: _Object = {"type": "string"}
        self.maybe(made, "format", lambda: self.one(texts.FORMATS), 3)
        self.maybe(made, "pattern", lambda: self.one(texts.PATTERNS), 6)
        self.maybe(made, "minLength", self.number, 8)
        self.maybe(made, "maxLength", self.number, 8)
        self.maybe(made, "contentMediaType", lambda: self.one(texts.MEDIA_TYPES), 20)
        self.maybe(made, "contentEncoding", self.any_text, 20)
        return made

    def integer(self, depth: int) -> _Object:
        made: _Object = {"type": self.one(("integer", "number"))}
        for key in ("minimum", "maximum", "multipleOf"):
            self.maybe(made, key, self.number, 6)
        bound = (lambda: True) if self.version[:3] in ("2.0", "3.0") else self.number
        self.maybe(made, "exclusiveMinimum", bound, 10)
        self.maybe(made, "exclusiveMaximum", bound, 10)
        self.maybe(made, "format", lambda: self.one(texts.FORMATS), 4)
        return made

    def boolean(self, depth: int) -> _Object:
        return {"type": "boolean"}

    def anything(self, depth: int) -> Any:
        return True if self.version[:3] in ("3.1", "3.2") and self.rarely() else {}

    def enumeration(self, depth: int) -> _Object:
        values = [self.any_text() if self.below(4) else self.value() for _ in self.some(4)]
        made: _Object = {"enum": values or ["a", "b"]}
        if self.below(3):
            made["type"] = "string"
            made["enum"] = [each for each in made["enum"] if isinstance(each, str)] or ["a"]
        self.maybe(made, "x-enum-varnames", lambda: [self.name() for _ in made["enum"]], 8)
        self.maybe(made, "x-enum-descriptions", lambda: [self.text() for _ in made["enum"]], 8)
        return made

    def constant(self, depth: int) -> _Object:
        if self.version[:3] in ("2.0", "3.0"):
            return {"type": "string", "enum": [self.any_text()]}
        return {"const": self.value()}

    def array(self, depth: int) -> _Object:
        made: _Object = {"type": "array", "items": self.schema(depth)}
        self.maybe(made, "minItems", self.number, 8)
        self.maybe(made, "maxItems", self.number, 8)
        self.maybe(made, "uniqueItems", lambda: True, 8)
        self.maybe(made, "contains", lambda: self.schema(depth), 20)
        return made

    def tuple(self, depth: int) -> _Object:
        if self.version[:3] in ("2.0", "3.0"):
            return self.array(depth)
        made: _Object = {"type": "array", "prefixItems": [self.schema(depth) for _ in self.some(3)]}
        self.maybe(made, "items", lambda: False, 2)
        return made

    def map(self, depth: int) -> _Object:
        made: _Object = {"type": "object", "additionalProperties": self.schema(depth)}
        self.maybe(made, "propertyNames", lambda: {"pattern": self.one(texts.PATTERNS)}, 8)
        if self.rarely(6):
            made["patternProperties"] = {self.one(texts.PATTERNS): self.schema(depth)}
        self.maybe(made, "minProperties", self.number, 8)
        return made

    def object(self, depth: int) -> _Object:
        properties = {self.name(): self.schema(depth) for _ in self.some(4)}
        made: _Object = {"type": "object", "properties": properties}
        names = list(properties)
        if names and self.below(2):
            made["required"] = [self.one(names)]
            if self.hostile and self.rarely(10):
                made["required"].append(self.name())
        self.maybe(made, "additionalProperties", lambda: self.one((False, True, {})), 5)
        if len(names) > 1 and self.rarely(6) and self.version[:3] in ("3.1", "3.2"):
            made["dependentRequired"] = {self.one(names): [self.one(names)]}
        self.maybe(made, "not", lambda: {"required": names[:2]}, 16)
        self.maybe(made, "anyOf", lambda: [{"required": [each]} for each in names], 16)
        self.maybe(made, "maxProperties", self.number, 20)
        self.maybe(made, "unevaluatedProperties", lambda: False, 20)
        return made

    def conditional(self, depth: int) -> _Object:
        made = self.object(depth)
        for name in list(made["properties"])[:1]:
            made["if"] = {"properties": {name: {"const": self.value(0)}}, "required": [name]}
            made["then"] = self.one(({"required": [self.name()]}, self.object(1)))
        return made

    def choice(self, depth: int) -> _Object:
        return {self.one(("oneOf", "anyOf")): [self.schema(depth) for _ in self.some(2)] or [{}]}

    def all_of(self, depth: int) -> _Object:
        return {"allOf": [self.reference(), *(self.schema(depth) for _ in self.some(2))]}

    def tagged(self, depth: int) -> _Object:
        tag = self.name()
        options = []
        for _ in range(1 + self.below(2)):
            option = self.object(depth)
            option["properties"][tag] = {"type": "string", "enum": [self.any_text()]}
            option["required"] = [tag]
            options.append(option)
        made: _Object = {"oneOf": [*options, *(self.reference() for _ in self.some(1))]}
        if self.below(2):
            mapping = {self.name(): self.reference()["$ref"] for _ in self.some(2)}
            made["discriminator"] = {"propertyName": tag, "mapping": mapping}
        return made

    # --- operations --------------------------------------------------------------------------

    def parameter(self, place: str, name: str) -> _Object:
        made: _Object = {"name": name, "in": place}
        if place == "path":
            made["required"] = True
        self.maybe(made, "description", self.text, 3)
        if self.version == "2.0":
            made["type"] = self.one(("string", "integer", "boolean"))
            self.maybe(made, "enum", lambda: [self.any_text()], 8)
            return made
        if self.rarely(8):
            made["content"] = {self.one(texts.MEDIA_TYPES): {"schema": self.schema(1)}}
            return made
        made["schema"] = self.schema(1)
        styles = ("form", "simple", "deepObject", "label", "matrix", "pipeDelimited", "x")
        self.maybe(made, "style", lambda: self.one(styles), 8)
        self.maybe(made, "explode", lambda: self.one((True, False)), 8)
        self.maybe(made, "example", self.value, 10)
        self.maybe(made, "examples", self.examples, 12)
        self.maybe(made, "deprecated", lambda: True, 14)
        return made

    def examples(self) -> _Object:
        return {self.name(): {"summary": self.text(), "value": self.value()} for _ in self.some(2)}

    def content(self) -> _Object:
        made: _Object = {}
        for _ in range(1 + self.below(2)):
            media: _Object = {"schema": self.schema(2)}
            self.maybe(media, "example", self.value, 8)
            self.maybe(media, "examples", self.examples, 10)
            if self.rarely(10):
                media["encoding"] = {self.name(): {"contentType": self.one(texts.MEDIA_TYPES)}}
            if self.version.startswith("3.2") and self.rarely(3):
                media["itemSchema"] = self.schema(1)
            made[self.one(texts.MEDIA_TYPES if self.hostile else texts.MEDIA_TYPES[:8])] = media
        return made

    def response(self) -> _Object:
        made: _Object = {"description": self.text()}
        if self.version == "2.0":
            self.maybe(made, "schema", lambda: self.schema(2), 2)
            return made
        if self.below(3):
            made["content"] = self.content()
        headers = {"schema": {"type": "string"}}
        self.maybe(made, "headers", lambda: {self.name(): dict(headers)}, 6)
        self.maybe(made, "links", lambda: {self.name(): {"operationId": self.name()}}, 12)
        return made

    def operation(self, path_names: Sequence[str]) -> _Object:
        made: _Object = {}
        self.maybe(made, "operationId", self.name, 2)
        self.maybe(made, "tags", lambda: [self.any_text() for _ in self.some(2)], 2)
        self.maybe(made, "summary", self.text)
        self.maybe(made, "description", self.text)
        parameters = [self.parameter("path", each) for each in path_names]
        for _ in self.some(3):
            places = ("query", "header") if self.version == "2.0" else ("query", "header", "cookie")
            parameters.append(self.parameter(self.one(places), self.name()))
        if self.version == "2.0" and self.rarely(3):
            parameters.append({"in": "body", "name": "body", "schema": self.schema(2)})
        if parameters:
            made["parameters"] = parameters
        if self.version != "2.0" and self.below(2):
            made["requestBody"] = {"content": self.content(), "required": self.one((True, False))}
            self.maybe(made["requestBody"], "description", self.text, 4)
        statuses = ("200", "201", "204", "default", "4XX", "404", "500")
        made["responses"] = {self.one(statuses): self.response() for _ in range(1 + self.below(2))}
        if self.schemes and self.rarely(3):
            made["security"] = [{self.one(self.schemes): [self.name()] if self.below(2) else []}]
        self.maybe(made, "deprecated", lambda: True, 12)
        if self.version != "2.0":
            self.maybe(made, "servers", self.servers, 12)
            if self.rarely(16):
                inner = {"post": {"responses": {"200": {"description": "x"}}}}
                made["callbacks"] = {self.name(): {self.any_text(): inner}}
        self.maybe(made, f"x-{self.name()}", self.value, 12)
        return made

    def paths(self) -> _Object:
        made: _Object = {}
        for _ in range(1 + self.below(2)):
            parts = [self.name().replace("{", "").replace("}", "") for _ in self.some(2)]
            in_path = [each for each in (self.name() for _ in self.some(1)) if _placed(each)]
            path = "/" + "/".join([*parts, *("{" + each + "}" for each in in_path)])
            item: _Object = {}
            for _ in range(1 + self.below(1 + self.below(2))):
                verbs = _HTTP if self.version.startswith("3.2") else _HTTP[:7]
                item[self.one(verbs)] = self.operation(in_path)
            self.maybe(item, "description", self.text, 8)
            made[path] = item
        return made

    def servers(self) -> list[_Object]:
        made = []
        for _ in self.some(2):
            server: _Object = {"url": self.one(texts.URLS if self.hostile else texts.URLS[:4])}
            self.maybe(server, "description", self.text, 3)
            if "{" in server["url"]:
                variable = {"default": self.any_text(), "enum": [self.any_text()]}
                server["variables"] = {each: dict(variable) for each in ("host", "port", "a", "b")}
            made.append(server)
        return made

    def scheme(self) -> _Object:
        old = self.version == "2.0"
        match self.below(4):
            case 0:
                place = self.one(("header", "query", "cookie"))
                made: _Object = {"type": "apiKey", "in": place, "name": self.name()}
            case 1:
                made = {"type": "basic"} if old else {"type": "http", "scheme": "bearer"}
            case 2:
                flow: _Object = {"tokenUrl": self.one(texts.URLS), "scopes": {}}
                flow["scopes"] = {self.name(): self.text() for _ in self.some(2)}
                made = {"type": "oauth2", "flows": {"clientCredentials": flow}}
                if old:
                    made = {"type": "oauth2", "flow": "application", **flow}
            case _:
                made = {"type": "http", "scheme": self.name()}
        self.maybe(made, "description", self.text)
        return made

    # --- the document ------------------------------------------------------------------------

    def document(self) -> _Object:
        versions = ("3.1.0", "3.0.3", "3.2.0", "2.0")
        self.version = self.one(versions)
        self.schemas = list(dict.fromkeys(self.name() for _ in self.some(5)))
        self.schemes = list(dict.fromkeys(self.name() for _ in self.some(2)))
        made: _Object = {"swagger" if self.version == "2.0" else "openapi": self.version}
        made["info"] = {"title": self.any_text(), "version": self.name()}
        self.maybe(made["info"], "description", self.text)
        if self.rarely(6):
            made["info"]["contact"] = {"name": self.text(), "url": self.one(texts.URLS)}
            made["info"]["license"] = {"name": self.text()}
        made["paths"] = self.paths() if self.below(5) else {}
        schemas = {name: self.schema() for name in self.schemas}
        schemes = {name: self.scheme() for name in self.schemes}
        if self.version == "2.0":
            made |= {"definitions": schemas, "securityDefinitions": schemes}
            self.maybe(made, "host", lambda: self.one(texts.URLS), 4)
            self.maybe(made, "basePath", lambda: self.one(texts.URLS), 4)
        else:
            made["components"] = {"schemas": schemas, "securitySchemes": schemes}
            self.maybe(made, "servers", self.servers, 2)
            if self.version[:3] != "3.0" and self.rarely(8):
                made["webhooks"] = {self.name(): {"post": self.operation(())}}
        self.maybe(made, "tags", lambda: [{"name": self.any_text(), "description": self.text()}])
        if self.schemes and self.rarely(3):
            made["security"] = [{self.one(self.schemes): []}]
        self.maybe(made, f"x-{self.name()}", self.value, 8)
        return made

    def spoil(self, document: _Object) -> None:
        """Put something odd in the place of something, or take it away."""
        inner: Any = document
        while True:
            keys: list[Any] = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
            key = self.one(keys)
            if isinstance(inner[key], dict | list) and inner[key] and self.below(6):
                inner = inner[key]
                continue
            if self.rarely(5):
                del inner[key]
            elif self.rarely(5) and isinstance(inner, dict):
                inner[self.name()] = inner.pop(key)
            else:
                inner[key] = json.loads(json.dumps(self.one(ODD)))
            return

    def written(self) -> Written:
        self.hostile = bool(self.below(5))
        document = self.document()
        if self.hostile:
            for _ in range(max(0, self.below(7) - 4)):
                if document:
                    self.spoil(document)
        files: dict[str, bytes] = {}
        is_json = self.below(3) < 2
        name = "openapi.json" if is_json else "openapi.yaml"
        data = json_bytes(document) if is_json else yaml_bytes(document)
        if self.hostile and self.rarely(20):
            data = self.spoiled(data)
            name = self.one((name, "openapi.json", "openapi.yaml"))
        files[name] = data
        if b"other.json" in data:
            other = {"Other": self.schema(2)}
            files["other.json"] = json_bytes(other)
        return Written(files)

    def spoiled(self, data: bytes) -> bytes:
        """Break the text itself."""
        at = self.below(len(data) + 1)
        match self.below(7):
            case 0:
                return data[:at]
            case 1:
                marks = (
                    b"\x00",
                    b'"',
                    b"{",
                    b"\xff",
                    b"\t",
                    b"&a *a",
                    b"!!python/object:x ",
                    b"\n",
                )
                return data[:at] + self.one(marks) + data[at:]
            case 2:
                return b"\xef\xbb\xbf" + data
            case 3:
                return data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
            case 4:
                return data[:at] + data[at + 1 :]
            case 5:
                return data.replace(b"1", b"1e999", 1)
            case _:
                return data + data


def _refers(odd: object) -> bool:
    return isinstance(odd, dict) and "$ref" in odd and isinstance(odd["$ref"], str)


def _placed(name: str) -> bool:
    """Whether the name can stand in a path template at all."""
    return bool(name) and not set("{}/") & set(name)


def json_bytes(document: object) -> bytes:
    return json.dumps(document, indent=1).encode()


def yaml_bytes(document: object) -> bytes:
    clean = json.loads(json.dumps(document), object_pairs_hook=_without_surrogates)
    return yaml.dump(clean, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).encode()


def _without_surrogates(pairs: list[tuple[str, Any]]) -> _Object:
    # YAML has no way to write them.
    def mended(value: Any) -> Any:
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode()
        return [mended(each) for each in value] if isinstance(value, list) else value

    return {mended(key): mended(value) for key, value in pairs}


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """Draw a document with the files it refers to."""
    return _Maker(below_of(draw)).written()


def below_of(draw: st.DrawFn) -> Callable[[int], int]:
    """Return what all chance goes through: it draws a number below the one it is given."""

    def below(bound: int) -> int:
        return draw(_BELOW[bound]) if bound in _BELOW else draw(_below(bound))

    return below


_BELOW: dict[int, st.SearchStrategy[int]] = {}


def _below(bound: int) -> st.SearchStrategy[int]:
    made = st.integers(0, bound - 1)
    if bound < 1000:
        _BELOW[bound] = made
    return made
