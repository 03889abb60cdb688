"""What is wrong with a document: its structure, its references, and what its parts say together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from oasmith.diagnostics import Diagnostics
from oasmith.openapi.contradictions import LOOKED_AT, check_schema
from oasmith.openapi.document import Document
from oasmith.openapi.examples import HOLDERS, WORDS, check_examples
from oasmith.openapi.node import Node, json_type
from oasmith.openapi.objects import HARMLESS_SIBLINGS, METHODS, SCHEMA_KEYWORDS
from oasmith.openapi.refs import looks_like_reference
from oasmith.openapi.versions import Version
from oasmith.openapi.walk import Walk
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.source import Json, Location, Source, Trail

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_OPERATORS = re.compile(r"^[+#./;?&]|\*$")


def check(document: Document, diagnostics: Diagnostics) -> None:
    """Report everything that is wrong with the document and with what it refers to.

    An error means that the document cannot be understood; what it merely should not do is a
    warning. Every reference has been followed afterwards.
    """
    from oasmith.openapi.structure import check_structure

    check_structure(document.node, None, diagnostics)
    look = _Look(document, diagnostics)
    walk = Walk(document, look)
    walk.run(document.node, "document")
    for node, kind in walk.references():
        target = node.target()
        if target is None:
            continue
        if not isinstance(target.value, dict) and not (
            kind == "schema" and isinstance(target.value, bool)
        ):
            message = f"this leads to {json_type(target.value)}; {_a(kind)} object belongs here"
            diagnostics.error("misplaced-reference", node.at / "$ref", message)
            continue
        node.follow()  # the chain may be a circle
        if kind == "schema" and document.version is Version.V3_0:
            _check_siblings(node, diagnostics)
        known = walk.kinds.get(id(target.value))
        if known is None:
            if target.source is not document.root:
                check_structure(target, kind, diagnostics)
            walk.run(target, kind)
        elif known != kind:
            message = f"this leads to {_a(known)} object; {_a(kind)} object belongs here"
            # Whatever has none of its keywords is a schema, although one that says nothing.
            report = diagnostics.warning if kind == "schema" else diagnostics.error
            report("misplaced-reference", node.at / "$ref", message)
    _check_mappings(document, look.choices)
    check_examples(look.examples, diagnostics)
    _check_operation_ids(look.operations, diagnostics)
    _check_security(document.node, look.operations, diagnostics)
    for template, item in document.node.members("paths"):
        for layer in item.layers():
            _check_path(template, layer, diagnostics)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


class _Look:
    """Checks each object that the walk comes by, as far as it can be judged alone."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._is_old = document.version is Version.V3_0
        self.operations: list[Node] = []
        self.choices: list[Node] = []
        self.examples: list[tuple[Node, str]] = []

    def __call__(self, value: dict[str, Json], source: Source, trail: Trail, kind: str) -> None:
        if kind == "schema":
            if isinstance(value.get("discriminator"), dict):
                self.choices.append(Node(self._document, source, trail, value))
            if not LOOKED_AT.isdisjoint(value):
                check_schema(Node(self._document, source, trail, value), self._diagnostics)
            if not self._is_old and not value.keys() <= SCHEMA_KEYWORDS:
                _check_keywords(value, Location(source, trail), self._diagnostics)
        elif kind == "operation":
            self.operations.append(Node(self._document, source, trail, value))
        if kind in HOLDERS and not WORDS.isdisjoint(value):
            self.examples.append((Node(self._document, source, trail, value), kind))


def _check_mappings(document: Document, choices: list[Node]) -> None:
    """Report what mappings of discriminators refer to in vain, also where they decide nothing."""
    components = document.node.get("components")
    schemas = {} if components is None else dict(components.members("schemas"))
    for choice in choices:
        for _, entry in choice["discriminator"].members("mapping"):
            text = entry.value
            if isinstance(text, str) and text not in schemas and looks_like_reference(text):
                document.target(entry, text)


def _check_siblings(node: Node, diagnostics: Diagnostics) -> None:
    """Report what a schema asks for beside `$ref`, which counts since 3.1 only."""
    assert isinstance(node.value, dict)
    for word in node.value:
        if word in SCHEMA_KEYWORDS and word not in HARMLESS_SIBLINGS:
            message = f"`{word}` beside `$ref` is ignored in OpenAPI 3.0"
            hint = "put the reference in an `allOf`"
            diagnostics.warning("schema-structure", (node.at / word).key(), message, hint)


def _check_keywords(value: dict[str, Json], at: Location, diagnostics: Diagnostics) -> None:
    """Report keywords that look misspelt: since 3.1 a schema may have any, they do nothing."""
    for word in value:
        if word not in SCHEMA_KEYWORDS and not word.startswith("x-"):
            hint = _nearest_keyword(word)
            if hint is not None:
                message = f"`{word}` is no keyword of the schema object and says nothing"
                diagnostics.warning("schema-structure", (at / word).key(), message, hint)


@cache
def _nearest_keyword(word: str) -> str | None:
    return did_you_mean(word, SCHEMA_KEYWORDS)


def _check_security(root: Node, operations: list[Node], diagnostics: Diagnostics) -> None:
    """Report requirements of schemes that nobody describes: no credential would be sent."""
    components = root.get("components")
    schemes = {} if components is None else dict(components.members("securitySchemes"))
    for owner in (root, *operations):
        for requirement in owner.elements("security"):
            for name, scopes in requirement.items():
                if name not in schemes:
                    diagnostics.warning(
                        "unresolved-reference",
                        scopes.at.key(),
                        f"no security scheme is called `{name}`",
                        did_you_mean(name, schemes) or "describe it in components/securitySchemes",
                    )


def _check_operation_ids(operations: list[Node], diagnostics: Diagnostics) -> None:
    first: dict[str, Node] = {}
    for operation in sorted(operations, key=_order):
        name = operation.value.get("operationId") if isinstance(operation.value, dict) else None
        if not isinstance(name, str):
            continue
        if name in first:
            diagnostics.warning(
                "duplicate-operation-id",
                operation.at / "operationId",
                f"another operation has the operationId `{name}` already: "
                "their methods are named after method and path",
                related=[("first", first[name].at / "operationId")],
            )
        first.setdefault(name, operation)


def _order(operation: Node) -> tuple[str, tuple[str, ...]]:
    return str(operation.source.path), tuple(str(key) for key in operation.pointer)


# --- parameters -----------------------------------------------------------------------------


def _check_path(template: str, item: Node, diagnostics: Diagnostics) -> None:
    """Compare a path template with the path parameters of its operations."""
    # Some write names with the operators of RFC 6570, `{;id*}`; what they say the styles say too.
    bare = {name: _OPERATORS.sub("", name) for name in _TEMPLATE.findall(template)}
    in_template = {*bare, *bare.values()}
    shared = _parameters(item, diagnostics)
    described = [shared]
    for operation in (item[method].follow() for method in METHODS if method in item):
        own = _parameters(operation, diagnostics)
        described.append(own)
        declared = {name for name, place in (shared | own) if place == "path"}
        for name in sorted(name for name in bare if not {name, bare[name]} & declared):
            close = did_you_mean(name, sorted(declared - in_template))
            message = f"`{{{name}}}` is in the path, but no path parameter has that name"
            diagnostics.warning("path-parameter", operation.at.key(), message, close)
    for parameters in described:
        for (name, place), node in parameters.items():
            if place == "path" and name not in in_template:
                message = f"the path parameter `{name}` is not in the path `{template}`"
                diagnostics.warning("path-parameter", node.at, message)


def _parameters(owner: Node, diagnostics: Diagnostics) -> dict[tuple[str, str], Node]:
    """Return the parameters of a path item or operation by name and place."""
    found: dict[tuple[str, str], Node] = {}
    for node in _list(owner, "parameters"):
        value = node.follow().value
        match value:
            case {"name": str(name), "in": str(place)}:
                if (name, place) in found and found[name, place].follow().value != value:
                    diagnostics.error(
                        "duplicate-parameter",
                        node.at,
                        f"there is a {place} parameter `{name}` already",
                        related=[("first", found[name, place].at)],
                    )
                found.setdefault((name, place), node)
            case _:
                pass
    return found


def _list(owner: Node, key: str) -> Iterator[Node]:
    """Go through a list; what is no list has been reported with the structure."""
    child = owner.get(key)
    if child is not None and isinstance(child.value, list):
        yield from child
