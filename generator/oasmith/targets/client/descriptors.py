"""Operations as data: the constants in generated modules that say how a call is written and read.

The runtime reads them; see `Operation` and its parts in `runtime/operations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.runtime.semantics.media_types import JSON
from oasmith.runtime.semantics.styles import STYLES, explodes
from oasmith.targets.client.routes import Routes
from oasmith.targets.client.text_values import TextValues
from oasmith.targets.python.client_arguments import address
from oasmith.targets.python.code import Code, fill, identifier, joined, literal, source
from oasmith.targets.python.faces import Face
from oasmith.targets.python.imports import Name
from oasmith.targets.python.media_types import received
from oasmith.targets.python.naming import snake_case
from oasmith.targets.python.signatures import ParameterArgument, Signature

RUNTIME = "._runtime.operations"

Annotate: TypeAlias = Callable[[ir.Use, Face], Code]
Bind: TypeAlias = Callable[[Name], Code]


@frozen
class Descriptor:
    """One constant. `result` is the type that a call answers, or that of a stream's events."""

    name: Code
    annotation: Code
    constructor: Code
    id: Code
    method: Code
    routes: tuple[Code, ...]
    parameters: tuple[Code, ...]
    body: Code | None
    responses: tuple[Code, ...]
    errors: tuple[Code, ...]
    security: Code | None
    server: Code | None


@frozen(kw_only=False)
class Constant:
    """A value that several descriptors share."""

    name: Code
    value: Code


class DescriptorPlanner:
    """Writes descriptors for one generated module."""

    def __init__(
        self,
        annotate: Annotate,
        bind: Bind,
        text_values: TextValues,
        schemes: frozenset[str],
        routes: Routes,
    ) -> None:
        self._routes = routes
        self._annotate = annotate
        self._bind = bind
        self._text_values = text_values
        self.constants: dict[ir.SchemaId, Constant] = {}
        """The units of durations, by schema."""
        self._every_scheme = frozenset((name,) for name in schemes)

    def plan(
        self,
        name: Code,
        operation: ir.Operation,
        signature: Signature,
        content: ir.Content | None,
        responses: Iterable[ir.Response],
        result: Code,
    ) -> Descriptor:
        """Describe one method of the operation: what it sends and what it may get."""
        constructor = self._bind(Name(RUNTIME, "Operation"))
        return Descriptor(
            name=name,
            annotation=fill("{}[{}]", constructor, result),
            constructor=constructor,
            id=literal(operation.id),
            method=literal(operation.method),
            routes=tuple(self._route(operation, route) for route in operation.routes),
            parameters=tuple(self._parameter(argument) for argument in signature.parameters),
            body=self._body(operation, signature, content),
            responses=self._responses(responses),
            errors=self._responses(operation.errors),
            security=self._security(operation.auth),
            server=None if operation.server is None else literal(address(operation.server)),
        )

    def _route(self, operation: ir.Operation, route: ir.Route) -> Code:
        others = self._routes.others(operation, route)
        arguments = [literal(route.path), *([literal(others)] if others else [])]
        return self._call("Route", *arguments)

    def _call(self, name: str, *arguments: Code) -> Code:
        return fill("{}({})", self._bind(Name(RUNTIME, name)), joined(", ", arguments))

    def _thunk(self, type_: Code) -> Code:
        return fill("lambda: {}", type_)

    def _parameter_type(self, use: ir.Use) -> Code:
        return self._text_values.annotation(
            use, lambda each: self._annotate(each, Face.REQUEST), self._bind
        )

    def _parameter(self, argument: ParameterArgument) -> Code:
        parameter = argument.parameter
        arguments = [
            literal(argument.name),
            literal(parameter.place),
            self._thunk(self._parameter_type(argument.type)),
        ]
        is_path = parameter.place == "path"
        if argument.required and not is_path:
            arguments.append(source("required=True"))
        if parameter.wire_name != argument.name:
            arguments.append(fill("wire_name={}", literal(parameter.wire_name)))
        if parameter.style != STYLES[parameter.place][0]:
            arguments.append(fill("style={}", literal(parameter.style)))
        if parameter.style != "content" and parameter.explode != explodes(parameter.style):
            arguments.append(fill("explode={}", literal(parameter.explode)))
        if parameter.allow_reserved:
            arguments.append(source("allow_reserved=True"))
        if parameter.media_type not in (None, JSON):
            arguments.append(fill("media_type={}", literal(parameter.media_type)))
        if units := self._units(argument.type):
            arguments.append(fill("units={}", units))
        return self._call("Parameter", *arguments)

    def _units(self, use: ir.Use) -> Code | None:
        """Return the constant that holds the units of a duration."""
        found = self._text_values.duration(use)
        if found is None:
            return None
        schema, units = found
        if schema not in self.constants:
            name = identifier(f"_{snake_case(str(schema)).upper()}_UNITS")
            self.constants[schema] = Constant(name, literal(units))
        return self.constants[schema].name

    def _body(
        self,
        operation: ir.Operation,
        signature: Signature,
        content: ir.Content | None,
    ) -> Code | None:
        if content is None or operation.body is None:
            return None
        type_ = self._annotate(content.type, Face.REQUEST)
        arguments = [literal(content.media_type), self._thunk(type_)]
        if not operation.body.required:
            arguments.append(source("required=False"))
        if signature.body is None:
            arguments.append(source("flattened=True"))
        if encodings := [self._encoding(encoding) for encoding in content.encodings]:
            arguments.append(fill("encodings=({},)", joined(", ", encodings)))
        return self._call("Body", *arguments)

    def _encoding(self, encoding: ir.Encoding) -> Code:
        arguments = [literal(encoding.field)]
        if encoding.content_type is not None:
            arguments.append(fill("content_type={}", literal(encoding.content_type)))
        if encoding.style is not None:
            arguments.append(fill("style={}", literal(encoding.style)))
        if encoding.explode is not None:
            arguments.append(fill("explode={}", literal(encoding.explode)))
        if encoding.allow_reserved:
            arguments.append(source("allow_reserved=True"))
        return self._call("Encoding", *arguments)

    def _responses(self, responses: Iterable[ir.Response]) -> tuple[Code, ...]:
        found = []
        for response in responses:
            if not response.contents:
                found.append(self._call("Response", literal(response.status)))
            for content in response.contents:
                type_ = received(content)
                arguments = [literal(response.status), literal(content.media_type)]
                if type_ is not None:
                    arguments.append(self._thunk(self._annotate(type_, Face.RESPONSE)))
                if content.stream is not None:
                    arguments += self._stream(content.stream)
                found.append(self._call("Response", *arguments))
        return tuple(found)

    def _stream(self, stream: ir.Stream) -> Iterator[Code]:
        """Yield what says how a stream ends and fails."""
        if stream.end is not None:
            yield fill("end={}", literal(stream.end))
        error = stream.error
        if error is not None:
            arguments = [literal(error.name)]
            if error.type is not None:
                arguments.append(self._thunk(self._annotate(error.type, Face.RESPONSE)))
            yield fill("error={}", self._call("ErrorEvent", *arguments))

    def _security(self, auth: tuple[tuple[str, ...], ...]) -> Code | None:
        """Return the alternatives; None where the client may choose among all it has."""
        return None if frozenset(auth) == self._every_scheme else literal(auth)
