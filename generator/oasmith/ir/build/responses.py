"""Build request bodies and responses (OpenAPI 3.1, sections 4.8.13 to 4.8.17)."""

from __future__ import annotations

from oasmith.ir.build.contents import Contents
from oasmith.ir.build.context import Build
from oasmith.ir.build.names import component_context, status_name
from oasmith.ir.build.parameters import Parameters, described
from oasmith.ir.build.words import doc_of
from oasmith.ir.types import (
    Body,
    Context,
    Header,
    Optional,
    Required,
    Response,
    SchemaId,
    Within,
)
from oasmith.openapi import Node


class Responses:
    """Builds request bodies and responses; shared ones are built once."""

    def __init__(self, build: Build, parameters: Parameters) -> None:
        self.contents = Contents(build)
        self.parameters = parameters
        self._shared_responses: dict[tuple[str, int], Response] = {}

    def body(self, entry: Node, context: SchemaId) -> Body:
        """Return the body of a request."""
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

    def of(
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
                response = described(self._shared_response(status, entry), reference)
            (responses if is_success else errors).append(response)
        if not responses:  # then `default` is the success too, or there is nothing but errors
            successes = [e for e in errors if e.status == "default"] if len(errors) == 1 else []
            return tuple(successes), tuple(errors)
        return tuple(responses), tuple(errors)

    def _shared_response(self, status: str, node: Node) -> Response:
        """Return a response that several operations refer to; it is built once."""
        key = (status, node.identity)
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
            type_, _ = self.parameters.value(header, Within(context, name, "Header"))
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
