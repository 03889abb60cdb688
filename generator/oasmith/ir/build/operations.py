"""Paths become operations (OpenAPI 3.1, sections 4.8.8 to 4.8.17)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TypeVar

from oasmith.diagnostics import working_on
from oasmith.ir.build.api import servers
from oasmith.ir.build.contents import Contents
from oasmith.ir.build.context import Build
from oasmith.ir.build.names import component_context, status_name
from oasmith.ir.build.records import presence_of
from oasmith.ir.build.uses import any_of_uses, use_of
from oasmith.ir.build.words import doc_of, merged_doc
from oasmith.ir.names import pascal
from oasmith.ir.types import (
    NO_DOC,
    Anything,
    Body,
    Callback,
    Context,
    Default,
    Header,
    Incoming,
    Literal,
    Operation,
    Optional,
    Parameter,
    Presence,
    Required,
    Response,
    Route,
    Scalar,
    ScalarKind,
    SchemaId,
    Use,
    Webhook,
    Within,
)
from oasmith.openapi import Node
from oasmith.openapi.objects import METHODS
from oasmith.runtime.semantics.styles import STYLES, Place, settle

_PLACES: dict[str, Place] = {place: place for place in STYLES}
_IN_PATH = re.compile(r"\{([^{}]+)\}")
_OPERATORS = re.compile(r"\{[+#./;?&]?([^{}*]+)\*?\}")
"""Names as RFC 6570 writes them: `{;id*}`. Style and explode of the parameter say the same."""
_PART_OF_HTTP = frozenset(("accept", "content-type", "authorization"))
"""Header parameters that OpenAPI says to ignore (parameter object, `name`)."""


class Operations:
    """Builds the operations of one document."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.contents = Contents(build)
        self._parameters: dict[int, Parameter | None] = {}
        self._shared_responses: dict[tuple[str, int], Response] = {}
        self._ids: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        """How many operations have an id of these words."""
        self._declaring: list[tuple[str, Node]] = []
        """Operations that declare callbacks."""
        self._called: set[int] = set()
        """Path items that paths lead to, by the identity of their values."""
        self._servers = [server.url for server in servers(build.document.node)[:1]]
        self._of_connection = _mutual_tls(build.document.node)
        self._auth = self._security(build.document.node) or ()

    def run(self) -> list[Operation]:
        """Return the operations of all paths, in the document's order."""
        root = self.build.document.node
        found: dict[tuple[str, str], tuple[Node, Node]] = {}
        for path, entry in root.members("paths"):
            for item in () if path.startswith("x-") else entry.layers():
                self._called.add(id(item.value))
                for method, node in _methods(item):
                    found.setdefault((path, method), (item, node))
        self._ids.update(
            id_ for _, node in found.values() if (id_ := node.string("operationId")) is not None
        )
        ids = {place: self._id(*place, node) for place, (_, node) in found.items()}
        self._words.update(map(pascal, ids.values()))
        operations = []
        for (path, method), (item, node) in found.items():
            with working_on(node.at):
                plain = self._plain(path, item, node)
                names = tuple(dict.fromkeys(_IN_PATH.findall(plain)))
                route = Route(path=plain, parameters=names, at=item.at)
                id_ = ids[path, method]
                operations.append(self._operation(id_, method, item, node, route))
                if "callbacks" in node:
                    self._declaring.append((id_, node))
        return operations

    def _id(self, path: str, method: str, node: Node) -> str:
        own = node.string("operationId")
        return own if own is not None and self._ids[own] == 1 else f"{method} {path}"

    # --- operations -------------------------------------------------------------------------

    def _operation(
        self, id_: str, method: str, item: Node, node: Node, route: Route | None
    ) -> Operation:
        context = SchemaId(name=self._context(id_, route))
        tags = node.strings("tags")
        responses, errors = self._responses(node, context)
        body = node.get("requestBody")
        auth = self._security(node)
        own_servers = servers(node) or servers(item)
        assert isinstance(node.value, dict)
        doc = doc_of(node)
        if doc.summary is None and doc.description is None:
            above = doc_of(item)
            doc = merged_doc((replace(above, deprecated=False, examples=()), doc))
        return Operation(
            id=id_,
            namespace=tags[0] if tags else None,
            tags=tags,
            method=method.upper(),
            routes=() if route is None else (route,),
            parameters=self._operation_parameters(
                item, node, () if route is None else route.parameters, context
            ),
            body=None if body is None else self._body(body, context),
            responses=responses,
            errors=errors,
            auth=self._auth if auth is None else auth,
            server=own_servers[0]
            if own_servers and own_servers[0].url not in self._servers
            else None,
            availability=node.prose("x-state"),
            extensions={k: v for k, v in node.value.items() if k.startswith("x-")},
            doc=doc,
            at=node.at,
        )

    def _context(self, id_: str, route: Route | None) -> str:
        """Return what the names of an operation's own schemas begin with."""
        words = pascal(id_)
        if route is None or self._words[words] < 2 or id_.endswith(route.path):
            return words
        return pascal(f"{id_} {route.path}")

    def _plain(self, path: str, item: Node, node: Node) -> str:
        """Return the path without the operators of RFC 6570 around names that are described."""
        if "{" not in path:
            return path
        known = {
            entry.follow().string("name")
            for holder in (item, node)
            for entry in holder.elements("parameters")
        }
        return _IN_PATH.sub(
            lambda name: (
                name[0]
                if name[1] in known
                or (bare := _OPERATORS.fullmatch(name[0])) is None
                or bare[1] not in known
                else f"{{{bare[1]}}}"
            ),
            path,
        )

    def _security(self, node: Node) -> tuple[tuple[str, ...], ...] | None:
        listed = node.get("security")
        if listed is None:
            return None
        return tuple(
            tuple(name for name, _ in requirement.items() if name not in self._of_connection)
            for requirement in listed
        )

    # --- webhooks and callbacks -------------------------------------------------------------

    def incoming(self) -> list[Incoming]:
        """Return what the API sends to its users. `run` comes first: path items that it saw are
        no webhooks.
        """
        root = self.build.document.node
        components = root.get("components")
        webhooks: list[Webhook] = []
        seen = set(self._called)
        for name, entry in root.members("webhooks"):
            item = entry.follow()
            seen.add(id(item.value))
            webhooks += self._webhooks(name, item)
        callbacks: dict[int, list[Callback]] = {}
        for id_, node in self._declaring:
            for name, entry in node.members("callbacks"):
                self._callback(name, entry, (id_,), callbacks)
        if components is not None:
            for name, entry in components.members("callbacks"):
                self._callback(name, entry, (), callbacks)
            for name, entry in components.members("pathItems"):
                item = entry.follow()
                if id(item.value) not in seen:
                    webhooks += self._webhooks(name, item)
        return [*webhooks, *(each for group in callbacks.values() for each in group)]

    def _webhooks(self, name: str, item: Node) -> list[Webhook]:
        return [
            Webhook(
                name=name,
                operation=self._received(name, method, item, node, None),
                at=node.at,
            )
            for method, node in _methods(item)
        ]

    def _callback(
        self, name: str, entry: Node, of: tuple[str, ...], found: dict[int, list[Callback]]
    ) -> None:
        """Build a callback; one that several operations refer to is built once."""
        callback = entry.follow()
        known = found.get(id(callback.value))
        if known is not None:
            found[id(callback.value)] = [replace(each, of=(*each.of, *of)) for each in known]
            return
        found[id(callback.value)] = [
            Callback(
                name=name,
                operation=self._received(
                    name, method, item, node, Route(path=expression, parameters=(), at=item.at)
                ),
                of=of,
                at=node.at,
            )
            for expression, reference in callback.items()
            if not expression.startswith("x-")
            for item in (reference.follow(),)
            for method, node in _methods(item)
        ]

    def _received(
        self, name: str, method: str, item: Node, node: Node, route: Route | None
    ) -> Operation:
        id_ = node.string("operationId") or f"{name} {method}"
        with working_on(node.at):
            return self._operation(id_, method, item, node, route)

    # --- parameters -------------------------------------------------------------------------

    def _operation_parameters(
        self, item: Node, node: Node, in_path: tuple[str, ...], context: SchemaId
    ) -> tuple[Parameter, ...]:
        """Return the parameters, those of the path in its order first."""
        found: dict[tuple[Place, str], Parameter] = {}
        for holder in (item, node):
            for entry in holder.elements("parameters"):
                parameter = self._shared_parameter(entry, context)
                if parameter is not None:
                    found[parameter.place, parameter.wire_name] = parameter
        for name in in_path:
            if ("path", name) not in found:
                found["path", name] = self._undeclared(name, item)
        path = [found["path", name] for name in in_path]
        rest = [p for p in found.values() if p.place != "path"]
        return (*path, *rest)

    def _undeclared(self, name: str, item: Node) -> Parameter:
        """Return a parameter for a name in a path that nothing describes: a text."""
        return Parameter(
            wire_name=name,
            place="path",
            type=Scalar(kind=ScalarKind.STRING, at=item.at),
            presence=Required(),
            style="simple",
            explode=False,
            at=item.at,
        )

    def _shared_parameter(self, entry: Node, context: SchemaId) -> Parameter | None:
        """Return a parameter; one that stands under `components` is built once."""
        node = entry.follow()
        if node is entry or node.value == {}:
            return self._parameter(node, context)
        key = id(node.value)
        if key not in self._parameters:
            pointer = node.pointer
            owner = SchemaId(name=pascal(str(pointer[-1])) if pointer else "")
            self._parameters[key] = self._parameter(node, owner, shared=True)
        known = self._parameters[key]
        return None if known is None else _described(known, entry)

    def _parameter(
        self, node: Node, context: SchemaId, *, shared: bool = False
    ) -> Parameter | None:
        name, place = node.string("name"), _PLACES.get(node.string("in") or "")
        if name is None or place is None:
            return None
        if place == "header" and name.lower() in _PART_OF_HTTP:
            return None
        inside = Within(context, "Parameter") if shared else Within(context, name)
        written = node.get("explode")
        explode = written.value if written is not None else None
        style, explode = settle(
            place, node.string("style"), explode if isinstance(explode, bool) else None
        )
        type_, media_type = self._value(node, inside)
        if node.boolean("allowEmptyValue") and place == "query":
            nothing = Literal(values=("",), at=node.at)
            type_ = any_of_uses((type_, nothing), node.at)
        return Parameter(
            wire_name=name,
            place=place,
            type=type_,
            presence=self._presence(node, required=place == "path"),
            style=style if media_type is None else "content",
            explode=explode and media_type is None,
            allow_reserved=node.boolean("allowReserved"),
            media_type=media_type,
            doc=doc_of(node),
            at=node.at,
        )

    def _value(self, node: Node, context: Within) -> tuple[Use, str | None]:
        """Return the type of a parameter or header, and the media type if it has a `content`."""
        schema = node.get("schema")
        if schema is not None:
            return use_of(self.build, schema, context), None
        for media_type, entry in node.members("content"):
            media = entry.follow()
            inner = media.get("schema")
            if inner is not None:
                return use_of(self.build, inner, context), media_type
            return Anything(at=media.at), media_type
        return self.build.degraded(node.at, "it has neither `schema` nor `content`"), None

    def _presence(self, node: Node, *, required: bool = False) -> Presence:
        if required or node.boolean("required"):
            return Required()
        schema = node.get("schema")
        if schema is None:
            return Optional()
        found = presence_of(self.build, [schema])
        return found if isinstance(found, Default) else Optional()

    # --- bodies and responses ---------------------------------------------------------------

    def _body(self, entry: Node, context: SchemaId) -> Body:
        node = entry.follow()
        inside: Context = Within(context, "Request", "Operation")
        if node is not entry:
            inside = component_context(node, "Request")
        return Body(
            contents=self.contents.of(node, inside),
            required=node.boolean("required"),
            doc=doc_of(node),
            at=node.at,
        )

    def _responses(
        self, node: Node, context: SchemaId
    ) -> tuple[tuple[Response, ...], tuple[Response, ...]]:
        """Return successes and errors. Names of types inside begin with the operation's; if
        several successes have a body, with that of the status too.
        """
        entries = [
            (status, entry, entry.follow())
            for status, entry in node.members("responses")
            if not status.startswith("x-")
        ]
        with_body = [s for s, _, node in entries if s[:1] == "2" and "content" in node]
        responses: list[Response] = []
        errors: list[Response] = []
        for status, reference, entry in entries:
            is_success = status[:1] in ("1", "2", "3")
            word = "Response"
            if status not in with_body[:1] or len(with_body) > 1:
                word = status_name(status) + "Response"
            if entry is reference:
                response = self._response(status, entry, Within(context, word, "Operation"))
            else:
                response = _described(self._shared_response(status, entry), reference)
            (responses if is_success else errors).append(response)
        if not responses:  # then `default` is the success too, or there is nothing but errors
            successes = [e for e in errors if e.status == "default"] if len(errors) == 1 else []
            return tuple(successes), tuple(errors)
        return tuple(responses), tuple(errors)

    def _shared_response(self, status: str, node: Node) -> Response:
        """Return a response that several operations refer to; it is built once."""
        key = (status, id(node.value))
        known = self._shared_responses.get(key)
        if known is None:
            known = self._response(status, node, component_context(node, "Response"))
            self._shared_responses[key] = known
        return known

    def _response(self, status: str, node: Node, context: Context) -> Response:
        return Response(
            status=status,
            contents=self.contents.of(node, context),
            headers=self._headers(node, context),
            doc=doc_of(node),
            at=node.at,
        )

    def _headers(self, node: Node, context: Context) -> tuple[Header, ...]:
        found = []
        for name, entry in node.members("headers"):
            header = entry.follow()
            type_, _ = self._value(header, Within(context, name, "Header"))
            found.append(
                Header(
                    wire_name=name,
                    type=type_,
                    presence=Required() if header.boolean("required") else Optional(),
                    doc=doc_of(header),
                    at=header.at,
                )
            )
        return tuple(found)


def _mutual_tls(root: Node) -> frozenset[str]:
    """Return the schemes that the certificate of a connection satisfies."""
    components = root.get("components")
    return frozenset(
        name
        for name, entry in (() if components is None else components.members("securitySchemes"))
        if entry.follow().string("type") == "mutualTLS"
    )


_Described = TypeVar("_Described", Parameter, Response)


def _described(shared: _Described, reference: Node) -> _Described:
    """Return what a reference object leads to in the words of that, if it has some (OpenAPI 3.1,
    reference object).
    """
    words = doc_of(reference)
    return shared if words == NO_DOC else replace(shared, doc=merged_doc((shared.doc, words)))


def _methods(item: Node) -> list[tuple[str, Node]]:
    """Return the operations of a path item, those of `additionalOperations` (3.2) too.

    A method that stands there twice, in capitals and in small letters, is reported.
    """
    if not isinstance(item.value, dict):
        return []
    fixed = [(key, item[key]) for key in item.value if key.lower() in METHODS]
    found: dict[str, tuple[str, Node]] = {}
    for key, entry in (*fixed, *item.members("additionalOperations")):
        node = entry.follow()
        if not isinstance(node.value, dict):
            continue
        method = key.lower()
        if method in found:
            message = f"`{key}` is the same method as `{found[method][0]}`"
            item.document.diagnostics.error("duplicate-key", entry.at, message)
        else:
            found[method] = (key, node)
    return [*found.values()]
