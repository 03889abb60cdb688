"""What a document says as a whole: title, servers, tags, security schemes."""

from __future__ import annotations

import re

from oasmith.ir.build.words import doc_of
from oasmith.ir.types import (
    ApiKeyAuth,
    HttpAuth,
    OAuth2,
    OpenIdConnect,
    SecurityScheme,
    Server,
    ServerVariable,
    Tag,
)
from oasmith.openapi import Node
from oasmith.runtime.semantics.styles import Place
from oasmith.text import Text


def servers(owner: Node) -> tuple[Server, ...]:
    """Return the servers of a document, a path or an operation (OpenAPI 3.1, server object); none
    are assumed.
    """
    return tuple(
        Server(
            url=node.string("url") or "/",
            variables={
                name: ServerVariable(
                    default=variable.string("default") or "",
                    values=variable.strings("enum"),
                    doc=doc_of(variable),
                    at=variable.at,
                )
                for name, variable in node.members("variables")
            },
            doc=doc_of(node),
            at=node.at,
        )
        for node in owner.elements("servers")
        if not _HOSTLESS.fullmatch(node.string("url") or "/")
    )


_HOSTLESS = re.compile(r"\w+:/*")
"""A scheme alone: no server has that address."""


def tags(root: Node) -> tuple[Tag, ...]:
    """Return the tags that the document describes."""
    return tuple(
        Tag(name=name, doc=doc_of(node), at=node.at)
        for node in root.elements("tags")
        if (name := node.string("name")) is not None
    )


def security_schemes(root: Node) -> tuple[SecurityScheme, ...]:
    """Return the security schemes (OpenAPI 3.1, security scheme object)."""
    components = root.get("components")
    if components is None:
        return ()
    found: list[SecurityScheme] = []
    for name, entry in components.members("securitySchemes"):
        node = entry.follow()
        scheme = _scheme(name, node)
        if scheme is not None:
            found.append(scheme)
        elif node.string("type") != "mutualTLS":  # a matter of the connection
            node.document.diagnostics.warning(
                "degraded", node.at, f"the client cannot authenticate by the scheme `{name}`"
            )
    return tuple(found)


_CHALLENGES = frozenset(("digest", "hoba", "mutual", "negotiate", "scram-sha-1", "scram-sha-256"))
"""Schemes of HTTP whose answer to a challenge no caller can know beforehand."""


_PLACES_OF_KEYS: tuple[Place, ...] = ("query", "header", "cookie")


def _scheme(name: str, node: Node) -> SecurityScheme | None:
    doc, at = doc_of(node), node.at
    match node.string("type"):
        case "apiKey":
            wire_name, place = node.string("name"), node.string("in")
            known = next((known for known in _PLACES_OF_KEYS if known == place), None)
            if wire_name is None or known is None:
                return None
            return ApiKeyAuth(name=name, wire_name=wire_name, place=known, doc=doc, at=at)
        case "http":
            scheme = node.string("scheme")
            if not scheme or scheme.lower() in _CHALLENGES:
                return None
            return HttpAuth(name=name, scheme=scheme.lower(), doc=doc, at=at)
        case "oauth2":
            return _oauth2(name, node)
        case "openIdConnect":
            url = node.string("openIdConnectUrl")
            return None if url is None else OpenIdConnect(name=name, url=Text(url), doc=doc, at=at)
        case _:
            return None


def _oauth2(name: str, node: Node) -> OAuth2:
    flows = node.get("flows")
    credentials = None if flows is None else flows.get("clientCredentials")
    scopes = {scope for _, flow in node.members("flows") for scope, _ in flow.members("scopes")}
    return OAuth2(
        name=name,
        token_url=None if credentials is None else credentials.string("tokenUrl"),
        scopes=tuple(sorted(scopes)),
        doc=doc_of(node),
        at=node.at,
    )
