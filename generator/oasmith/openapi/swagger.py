"""Swagger 2.0 becomes OpenAPI 3.0 on reading, so that whoever comes after knows one of them.

Objects are converted where they stand, each once and as what it is used for: a reference leads to
the same object as before, in any file. What is wanted in another place is put there as well, and
the source notes where the text has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from oasmith.frozen import frozen
from oasmith.openapi.node import Node
from oasmith.openapi.objects import BOUNDS, FIELDS, METHODS, Shape
from oasmith.runtime.semantics.media_types import (
    BYTES,
    JSON,
    MULTIPART,
    URLENCODED,
    bare,
    is_form,
    is_json,
    is_range,
    is_sequential,
    is_structured_text,
)
from oasmith.source import Json, Pointer, Rearranged, Source

if TYPE_CHECKING:
    from oasmith.openapi.document import Document

_JSON = (JSON,)

_SCHEMA_WORDS = (
    "type",
    "format",
    "items",
    "enum",
    "default",
    *BOUNDS,
    "multipleOf",
    "x-nullable",
)
"""What parameters, headers and items say themselves, and schemas since OpenAPI 3.0."""

_FLOWS = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}

_SHELVES = {
    "definitions": "schemas",
    "responses": "responses",
    "securityDefinitions": "securitySchemes",
}

_SEPARATED = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}


@frozen
class _Parameter:
    """What a parameter object said before it was converted."""

    node: Node
    place: str
    name: str
    required: bool
    is_file: bool = False
    schema: Json = None
    """The schema of a body."""
    encoding: Mapping[str, Json] = MappingProxyType({})


_Entry: TypeAlias = tuple[Node, _Parameter]
"""An item of a list of parameters, which may be a reference, and the parameter."""


def rearrangeable(source: Source) -> Source:
    """Return a file of a Swagger document as one whose objects can be converted."""
    return Rearranged(source, _copied(source.value, {}))


def convert(document: Document) -> None:
    """Make a document that was read as Swagger 2.0 say the same as OpenAPI 3.0."""
    _Conversion(document).run()


class _Conversion:
    """Converts the objects of one document and of the files it refers to."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._root = document.node
        self._diagnostics = document.diagnostics
        value = self._root.value
        assert isinstance(value, dict)
        self._value: dict[str, Any] = value
        self._consumes = _texts(value.get("consumes"))
        self._produces = _texts(value.get("produces"))
        self._parameters: dict[int, _Parameter] = {}
        self._examples: dict[int, Json] = {}
        """What the responses show, by the identity of the response."""
        self._done: set[int] = set()
        self._schemas: list[Node] = []

    def run(self) -> None:
        """Convert the whole document."""
        value = self._value
        components: dict[str, Json] = {}
        self._schemas += [node for _, node in self._map("definitions")]
        self._shared_parameters(components)
        for _, node in self._map("responses"):
            self._response(node, self._produces)
        for _, node in self._map("securityDefinitions"):
            self._security_scheme(node)
        for _, node in self._map("paths"):
            self._path_item(node)
        self._convert_schemas()
        for place, shelf in _SHELVES.items():
            if place in value:
                components[shelf] = value[place]
                self._move(self._root, ("components", shelf), (place,))
        value["components"] = components
        if servers := self._servers():
            value["servers"] = servers

    def _map(self, key: str) -> Iterable[tuple[str, Node]]:
        """Give the objects of a map of the document; of anything else the check will speak."""
        return _objects(self._root, key)

    def _move(self, node: Node, to: Pointer, written: Pointer) -> None:
        assert isinstance(node.source, Rearranged)
        node.source.move((*node.pointer, *to), (*node.pointer, *written))

    def _servers(self) -> list[Json]:
        """Return the servers that host, base path and schemes come to, the safe ones first."""
        host, base = self._value.get("host"), self._value.get("basePath")
        path = "/" + base.strip("/") if isinstance(base, str) and base.strip("/") else ""
        if not isinstance(host, str) or not host:
            self._move(self._root, ("servers",), ("basePath",))
            return [{"url": path}] if path else []
        self._move(self._root, ("servers",), ("host",))
        schemes = [s for s in _texts(self._value.get("schemes")) if s in ("http", "https")]
        ordered = sorted(dict.fromkeys(schemes or ["https"]), key=("https", "http").index)
        return [{"url": f"{scheme}://{host}{path}"} for scheme in ordered]

    # --- paths --------------------------------------------------------------------------

    def _path_item(self, entry: Node) -> None:
        item = self._end(entry)
        value = item.value
        if not isinstance(value, dict) or not self._first_time(value):
            return
        shared = self._entries(item)
        for method in METHODS:
            operation = item.get(method)
            if operation is not None and isinstance(operation.value, dict):
                self._operation(operation, shared)
        self._keep_parameters(item, shared)

    def _operation(self, node: Node, shared: list[_Entry]) -> None:
        value: Any = node.value
        consumes = _texts(value["consumes"]) if "consumes" in value else self._consumes
        produces = _texts(value["produces"]) if "produces" in value else self._produces
        own = self._entries(node)
        known = {(p.place, p.name) for _, p in own}
        entries = [*(e for e in shared if (e[1].place, e[1].name) not in known), *own]
        self._keep_parameters(node, own)
        body = next((e for e in reversed(entries) if e[1].place == "body"), None)
        fields = [e for e in entries if e[1].place == "formData"]
        if body is not None:
            self._body(node, body, consumes)
        elif fields:
            self._form(node, fields, consumes)
        for status, entry in _objects(node, "responses"):
            if not status.startswith("x-"):
                self._operation_response(node, entry, produces)

    def _entries(self, owner: Node) -> list[_Entry]:
        """Return the parameters of a path item or operation, converted."""
        listed = owner.get("parameters")
        if listed is None or not isinstance(listed.value, list):
            return []
        found = ((entry, self._parameter(self._end(entry))) for entry in listed)
        return [(entry, parameter) for entry, parameter in found if parameter is not None]

    def _keep_parameters(self, owner: Node, entries: list[_Entry]) -> None:
        """Leave the parameters that are parameters still."""
        value: Any = owner.value
        if not isinstance(value.get("parameters"), list):
            return
        kept = [entry for entry, p in entries if p.place not in ("body", "formData")]
        for index, entry in enumerate(kept):
            written = ("parameters", int(entry.key or 0))
            self._move(owner, ("parameters", index), written)
            self._move(owner, ("parameters", index, "schema"), written)
            self._move(owner, ("parameters", index, "style"), (*written, "collectionFormat"))
        value["parameters"] = [entry.value for entry in kept]

    # --- parameters -----------------------------------------------------------------------

    def _shared_parameters(self, components: dict[str, Json]) -> None:
        """Sort the parameters of the document: bodies go to a shelf of their own."""
        shelves: dict[str, dict[str, Json]] = {}
        for name, node in self._map("parameters"):
            parameter = self._parameter(self._end(node))
            if parameter is not None and parameter.place != "formData":
                shelf = "requestBodies" if parameter.place == "body" else "parameters"
                shelves.setdefault(shelf, {})[name] = node.value
                pointer = node.pointer
                self._move(self._root, ("components", shelf, name), pointer)
                if shelf == "parameters":
                    self._move(self._root, ("components", shelf, name, "schema"), pointer)
                else:
                    self._move_body(self._root, ("components", shelf, name), node, self._consumes)
        components.update(shelves)

    def _parameter(self, node: Node) -> _Parameter | None:
        """Convert a parameter object and return what it said; None if that is not enough."""
        value = node.value
        if not isinstance(value, dict):
            return None
        known = self._parameters.get(id(value))
        if known is not None:
            return known
        name, place = value.get("name"), value.get("in")
        if not isinstance(name, str) or not isinstance(place, str):
            return None
        is_file = value.get("type") == "file"
        required = value.get("required") is True
        schema: Json = None
        encoding: dict[str, Json] = {}
        if place == "body":
            schema = value.setdefault("schema", {})
            self._schemas.append(node["schema"])
            value["content"] = _content(schema, self._consumes or _JSON)
            self._move_body(node, (), node, self._consumes)
            del value["name"], value["in"]
        else:
            encoding = self._collection(node, place)
            if place == "formData":
                for word in ("name", "in", "required", "allowEmptyValue"):
                    value.pop(word, None)
                self._schemas.append(node)
            else:
                self._take_schema(node)
                value.update(encoding)
        known = self._parameters[id(value)] = _Parameter(
            node=node,
            place=place,
            name=name,
            required=required,
            is_file=is_file,
            schema=schema,
            encoding=encoding,
        )
        return known

    def _take_schema(self, node: Node) -> None:
        """Put what a parameter or header says of its values in a schema of its own."""
        value: Any = node.value
        if "schema" not in value:
            value["schema"] = {word: value.pop(word) for word in _SCHEMA_WORDS if word in value}
            self._move(node, ("schema",), ())
        self._schemas.append(node["schema"])

    def _collection(self, node: Node, place: str) -> dict[str, Json]:
        """Take the collection format of a list and return how OpenAPI 3.0 says it."""
        value: Any = node.value
        style = value.pop("collectionFormat", "csv")
        if value.get("type") != "array":
            return {}
        is_form = place in ("query", "formData")
        if style == "multi" and is_form:
            return {"style": "form", "explode": True}
        if not isinstance(style, str):
            style = "csv"  # the check has told
        if style in _SEPARATED and is_form:
            return {"style": _SEPARATED[style], "explode": False}
        if style in ("tsv", "multi", *_SEPARATED):
            self._diagnostics.warning(
                "degraded",
                node.at / "collectionFormat",
                f"the list is taken as one text: `{style}` is not supported here",
            )
            for word in _SCHEMA_WORDS:
                value.pop(word, None)
            value["type"] = "string"
            return {}
        return {"style": "form", "explode": False} if is_form else {"style": "simple"}

    # --- bodies ---------------------------------------------------------------------------

    def _body(self, operation: Node, entry: _Entry, consumes: Sequence[str]) -> None:
        """Give an operation its body."""
        node, parameter = entry
        value: Any = operation.value
        written = node.pointer
        same_file = node.source is operation.source
        if same_file:
            self._place(operation, ("requestBody",), node.source, written)
        if node.reference is not None and tuple(consumes) == tuple(self._consumes):
            value["requestBody"] = {"$ref": node.reference}
            return
        body: Any = parameter.node.value
        schema = parameter.schema
        if parameter.node.source is not operation.source:
            schema = {"$ref": f"{node.reference}/schema"}
        elif same_file:
            self._move_body(operation, ("requestBody",), parameter.node, consumes)
        kept = {word: body[word] for word in body if word not in ("schema", "content")}
        value["requestBody"] = {**kept, "content": _content(schema, consumes or _JSON)}

    def _move_body(self, owner: Node, to: Pointer, node: Node, consumes: Sequence[str]) -> None:
        """Note where the schema in the contents of a body is written."""
        for media_type in consumes or _JSON:
            self._place(owner, (*to, "content", media_type), node.source, node.pointer)
            self._place(
                owner,
                (*to, "content", media_type, "schema"),
                node.source,
                (*node.pointer, "schema"),
            )

    def _place(self, owner: Node, to: Pointer, source: object, written: Pointer) -> None:
        if source is owner.source:
            assert isinstance(owner.source, Rearranged)
            owner.source.move((*owner.pointer, *to), written)

    def _form(self, operation: Node, fields: list[_Entry], consumes: Sequence[str]) -> None:
        """Make one body of the fields of a form."""
        has_file = any(p.is_file for _, p in fields)
        forms = [m for m in consumes if bare(m) in (MULTIPART, URLENCODED)]
        if has_file:
            forms = [m for m in forms if bare(m) == MULTIPART] or [MULTIPART]
        forms = forms or [URLENCODED]
        properties: dict[str, Json] = {}
        encoding: dict[str, Json] = {}
        for node, parameter in fields:
            is_near = parameter.node.source is operation.source
            properties[parameter.name] = (
                parameter.node.value if is_near else {"$ref": node.reference}
            )
            if parameter.encoding:
                encoding[parameter.name] = dict(parameter.encoding)
            for media_type in forms:
                below = ("requestBody", "content", media_type, "schema", "properties")
                shown = parameter.node if is_near else node
                self._place(operation, (*below, parameter.name), shown.source, shown.pointer)
        required: list[Json] = [p.name for _, p in fields if p.required]
        schema: dict[str, Json] = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        content: dict[str, Json] = {"schema": schema}
        if encoding:
            content["encoding"] = encoding
        value: Any = operation.value
        value["requestBody"] = {
            "content": dict.fromkeys(forms, content),
            "required": bool(required),
        }
        self._move(operation, ("requestBody",), ("parameters",))
        for media_type in forms:
            self._move(operation, ("requestBody", "content", media_type), ("parameters",))

    # --- responses ------------------------------------------------------------------------

    def _operation_response(self, operation: Node, entry: Node, produces: Sequence[str]) -> None:
        """Convert a response; one that is shared keeps the media types of the document, unless
        the operation has others.
        """
        if entry.reference is None:
            self._response(entry, produces)
            return
        shared = self._end(entry)
        self._response(shared, self._produces)
        value: Any = shared.value
        if tuple(produces) == tuple(self._produces) or not isinstance(value.get("schema"), dict):
            return
        own = {word: value[word] for word in value if word != "content"}
        examples = self._examples.get(id(value))
        schema = value["schema"]
        if shared.source is operation.source:
            self._place(operation, ("responses", str(entry.key)), shared.source, shared.pointer)
        else:
            schema = {"$ref": f"{entry.reference}/schema"}
        own["content"] = self._contents(entry, schema, examples, produces)
        for media_type in own["content"]:
            to = ("responses", str(entry.key), "content", media_type, "schema")
            self._place(operation, to, shared.source, (*shared.pointer, "schema"))
        responses: Any = operation.value
        responses["responses"][str(entry.key)] = own

    def _response(self, node: Node, produces: Sequence[str]) -> None:
        value = node.value
        if not isinstance(value, dict) or "$ref" in value or not self._first_time(value):
            return
        schema = value.get("schema")
        if schema is not None:
            self._schemas.append(node["schema"])
        examples = self._examples[id(value)] = value.pop("examples", None)
        contents = self._contents(node, schema, examples, produces)
        if contents:
            value["content"] = contents
        for _, header in _objects(node, "headers"):
            if self._first_time(header.value):
                self._collection(header, "header")
                self._take_schema(header)

    def _contents(
        self, node: Node, schema: Json, examples: Json, produces: Sequence[str]
    ) -> dict[str, Json]:
        shown = examples if isinstance(examples, dict) else {}
        media_types = list(_fitting(produces, schema)) if schema is not None else []
        media_types += [m for m in shown if "/" in m and m not in media_types]
        contents: dict[str, Json] = {}
        for media_type in media_types:
            content: dict[str, Json] = {}
            self._move(node, ("content", media_type), ())
            if schema is not None:
                content["schema"] = schema
                self._move(node, ("content", media_type, "schema"), ("schema",))
            if media_type in shown:
                content["example"] = shown[media_type]
                written = ("examples", media_type)
                self._move(node, ("content", media_type, "example"), written)
            contents[media_type] = content
        return contents

    # --- security -------------------------------------------------------------------------

    def _security_scheme(self, node: Node) -> None:
        value: Any = node.value
        match value.get("type"):
            case "basic":
                value.update(type="http", scheme="basic")
                self._move(node, ("scheme",), ("type",))
            case "oauth2":
                word = value.pop("flow", None)
                flow = _FLOWS.get(word) if isinstance(word, str) else None
                words = ("authorizationUrl", "tokenUrl", "scopes")
                said = {word: value.pop(word) for word in words if word in value}
                value["flows"] = {} if flow is None else {flow: {"scopes": {}, **said}}
                if flow is not None:
                    self._move(node, ("flows", flow), ())
            case _:
                pass

    # --- schemas --------------------------------------------------------------------------

    def _convert_schemas(self) -> None:
        """Convert the schemas that were met, and all that they lead to."""
        waiting = self._schemas
        fields = FIELDS["schema"]
        while waiting:
            node = waiting.pop()
            value: Any = node.value
            if not isinstance(value, dict) or not self._first_time(value):
                continue
            if isinstance(value.get("$ref"), str):
                target = self._document.find(node, value["$ref"])
                if isinstance(target, Node):  # what is broken the check will tell
                    waiting.append(target)
                continue
            if isinstance(value.get("discriminator"), str):
                value["discriminator"] = {"propertyName": value["discriminator"]}
                self._move(node, ("discriminator", "propertyName"), ("discriminator",))
            if value.get("type") == "file":
                value.update(type="string", format="binary")
            for key in [key for key in value if key in fields]:
                child = node[key]
                match fields[key][0]:
                    case Shape.ONE:
                        waiting.append(child)
                    case Shape.LIST if isinstance(child.value, list):
                        waiting.extend(child)
                    case Shape.MAP if isinstance(child.value, dict):
                        waiting.extend(member for _, member in child.items())
                    case _:
                        pass

    def _end(self, node: Node) -> Node:
        """Return what a reference leads to in the end, itself if this is none. What is broken the
        check will tell.
        """
        seen: set[Node] = set()
        while (text := node.reference) is not None and node not in seen:
            seen.add(node)
            found = self._document.find(node, text)
            if not isinstance(found, Node):
                break
            node = found
        return node

    def _first_time(self, value: Json) -> bool:
        """Say whether an object was not converted yet."""
        if not isinstance(value, dict) or id(value) in self._done:
            return False
        self._done.add(id(value))
        return True


def _copied(value: Json, known: dict[int, Json]) -> Json:
    """Return a value that can be changed; what YAML shares by aliases is shared in it too."""
    if not isinstance(value, dict | list):
        return value
    copy = known.get(id(value))
    if copy is None:
        if isinstance(value, dict):
            copy = {key: _copied(child, known) for key, child in value.items()}
        else:
            copy = [_copied(child, known) for child in value]
        known[id(value)] = copy
    return copy


def _objects(owner: Node, key: str) -> Iterable[tuple[str, Node]]:
    held = owner.get(key)
    if held is None or not isinstance(held.value, dict):
        return ()
    return [(name, node) for name, node in held.items() if isinstance(node.value, dict)]


def _content(schema: Json, media_types: Sequence[str]) -> dict[str, Json]:
    return {media_type: {"schema": schema} for media_type in media_types}


def _texts(value: Json) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(text for text in listed if isinstance(text, str))


def _fitting(produces: Sequence[str], schema: Json) -> Sequence[str]:
    """Return the media types a response can have: an operation that answers with a picture does
    not do so for its errors, though Swagger has one list for all.
    """
    kind = schema.get("type") if isinstance(schema, dict) else None
    if kind == "file":
        return [m for m in produces if not is_json(m)] or (BYTES,)
    if kind == "string":
        return produces or _JSON
    return [m for m in produces if _is_structured(m)] or _JSON


def _is_structured(media_type: str) -> bool:
    """Return whether a body of the media type can be an object or a list."""
    described = is_json(media_type) or is_sequential(media_type) or is_form(media_type)
    return described or is_structured_text(media_type) or is_range(media_type)
