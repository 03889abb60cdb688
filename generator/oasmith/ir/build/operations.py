"""Paths become operations (OpenAPI 3.1, sections 4.8.8 to 4.8.17)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from oasmith.diagnostics import working_on
from oasmith.ir.build.api import servers
from oasmith.ir.build.context import Build
from oasmith.ir.build.parameters import Parameters
from oasmith.ir.build.responses import Responses
from oasmith.ir.build.words import doc_of, merged_doc
from oasmith.ir.names import pascal
from oasmith.ir.types import (
    Callback,
    Incoming,
    Operation,
    Route,
    SchemaId,
    Webhook,
)
from oasmith.openapi import Node
from oasmith.openapi.objects import METHODS

_IN_PATH = re.compile(r"\{([^{}]+)\}")
_OPERATORS = re.compile(r"\{[+#./;?&]?([^{}*]+)\*?\}")
"""Names as RFC 6570 writes them: `{;id*}`. Style and explode of the parameter say the same."""


class Operations:
    """Builds the operations of one document."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.parameters = Parameters(build)
        self.responses = Responses(build, self.parameters)
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
                self._called.add(item.identity)
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
        responses, errors = self.responses.of(node, context)
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
            parameters=self.parameters.of(
                item, node, () if route is None else route.parameters, context
            ),
            body=None if body is None else self.responses.body(body, context),
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
            seen.add(item.identity)
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
                if item.identity not in seen:
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
        known = found.get(callback.identity)
        if known is not None:
            found[callback.identity] = [replace(each, of=(*each.of, *of)) for each in known]
            return
        found[callback.identity] = [
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


def _mutual_tls(root: Node) -> frozenset[str]:
    """Return the schemes that the certificate of a connection satisfies."""
    components = root.get("components")
    return frozenset(
        name
        for name, entry in (() if components is None else components.members("securitySchemes"))
        if entry.follow().string("type") == "mutualTLS"
    )


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
