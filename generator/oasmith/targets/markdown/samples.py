"""Samples: an example request as Python for either client, as curl, and as a console takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Protocol, TypeAlias, assert_never

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.scalars import KINDS
from oasmith.targets.markdown.commands import console_sample, curl_sample
from oasmith.targets.markdown.connection import BASE_URL, Connection, schemes_of
from oasmith.targets.markdown.example_requests import ExampleRequest, ExampleRequests
from oasmith.targets.markdown.example_values import FromEnvironment, FromFile, Shown, TextOfType
from oasmith.targets.markdown.settings import SampleForm
from oasmith.targets.python.code import literal
from oasmith.targets.python.signatures import (
    BodyArgument,
    MemberArgument,
    ParameterArgument,
    Signature,
)

_WIDTH = 88
_INDENT = "    "


class Method(Protocol):
    """A method of the generated client; `path` leads to it from the client (`inference.put`)."""

    @property
    def operation(self) -> ir.Operation: ...
    @property
    def variant(self) -> ir.SchemaId | None: ...
    @property
    def path(self) -> str: ...
    @property
    def signature(self) -> Signature: ...
    @property
    def is_stream(self) -> bool: ...


Methods: TypeAlias = Mapping[tuple[str, ir.SchemaId | None], Method]
"""The methods by operationId and, for those of one option of a body, that option."""


@frozen
class CodeSample:
    """A sample as plain text. `language` is what code blocks and `x-codeSamples` call it."""

    title: str
    language: str
    source: str


class Samples:
    """Writes the samples of requests, in the forms that are asked for."""

    def __init__(
        self,
        api: ir.Api,
        methods: Methods,
        connection: Connection,
        forms: Sequence[SampleForm],
    ) -> None:
        self._methods = methods
        self._connection = connection
        self._schemes = {scheme.name: scheme for scheme in api.security}
        self._forms = forms
        self.requests = ExampleRequests(api.definitions)
        self._known: dict[int, tuple[ExampleRequest, tuple[CodeSample, ...]]] = {}

    def of(self, request: ExampleRequest) -> tuple[CodeSample, ...]:
        """Return the samples; Python calls the method of the request's variant if there is one."""
        known = self._known.get(id(request))
        if known is None:
            known = self._known[id(request)] = request, tuple(self._of(request))
        return known[1]

    def _of(self, request: ExampleRequest) -> Iterator[CodeSample]:
        method = self._methods.get((request.operation.id, request.variant))
        method = method or self._methods.get((request.operation.id, None))
        program = None
        if method is not None and ("python" in self._forms or "python-async" in self._forms):
            program = _Program.of(request, method, self._connection, self._schemes)
        for form in self._forms:
            match form:
                case "python":
                    if program is not None:
                        yield CodeSample(title="Python", language="python", source=program.sync())
                case "python-async":
                    if program is not None:
                        yield CodeSample(
                            title="Python, async", language="python", source=program.aio()
                        )
                case "curl":
                    command = curl_sample(request, self._connection, self._schemes)
                    yield CodeSample(title="curl", language="bash", source=command)
                case "console":
                    lines = console_sample(request, self._connection, self._schemes)
                    if lines is not None:
                        yield CodeSample(title="Console", language="text", source=lines)
                case _:
                    assert_never(form)


# --- Python ------------------------------------------------------------------------------------


def python_samples(
    request: ExampleRequest,
    method: Method,
    connection: Connection,
    schemes: Mapping[str, ir.SecurityScheme],
) -> tuple[str, str]:
    """Return a program that makes the client and calls the method, for either client."""
    program = _Program.of(request, method, connection, schemes)
    return program.sync(), program.aio()


@frozen(kw_only=False)
class _Program:
    """What the programs for the two clients have in common."""

    package: str
    arguments: str
    """Of the client."""
    call: str
    is_stream: bool

    @classmethod
    def of(
        cls,
        request: ExampleRequest,
        method: Method,
        connection: Connection,
        schemes: Mapping[str, ir.SecurityScheme],
    ) -> _Program:
        return cls(
            connection.package,
            ", ".join(_client_arguments(request, connection, schemes)),
            _call(request, method),
            method.is_stream,
        )

    def sync(self) -> str:
        used = f"client = Client({self.arguments})\n\n"
        if self.is_stream:
            used += f"with {self.call} as events:\n    for event in events:\n        print(event)"
        else:
            used += f"response = {self.call}\nprint(response)"
        return f"{self._imports('Client')}\n\n{used}"

    def aio(self) -> str:
        if self.is_stream:
            used = (
                f"async with {self.call} as events:\n"
                "    async for event in events:\n        print(event)"
            )
        else:
            used = f"response = await {self.call}\nprint(response)"
        # No text of a sample goes over a line, hence all of them can be moved.
        inner = used.replace("\n", f"\n{_INDENT * 2}")
        return (
            f"import asyncio\n{self._imports('AsyncClient')}\n\n\n"
            "async def main() -> None:\n"
            f"    async with AsyncClient({self.arguments}) as client:\n"
            f"{_INDENT * 2}{inner}\n\n\n"
            "asyncio.run(main())"
        )

    def _imports(self, client: str) -> str:
        lines = []
        if "os.environ[" in self.call or "os.environ[" in self.arguments:
            lines.append("import os\n")
        for module, types in groupby(_TYPES, key=itemgetter(0)):
            if used := [name for _, name in types if f"{name}(" in self.call]:
                lines.append(f"from {module} import {', '.join(used)}\n")
        between = "\n" if lines else ""
        return f"{''.join(lines)}{between}from {self.package} import {client}"


_TYPES = sorted({("pathlib", "Path"), *(t for k in KINDS if k.is_constructed for t in k.response)})
"""What samples construct, each with its module."""


def _client_arguments(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    """Yield what the client is not told by its settings."""
    if connection.base_url is None and connection.base_url_env is None:
        yield _one_line(FromEnvironment(BASE_URL))
    for scheme in schemes_of(request, schemes):
        argument = connection.arguments.get(scheme.name)
        if argument is None or scheme.name in connection.auth_env:
            continue
        values = [_one_line(FromEnvironment(name)) for name in connection.variables(scheme)]
        value = values[0] if len(values) == 1 else f"({', '.join(values)})"
        yield f"{argument}={value}"


def _call(request: ExampleRequest, method: Method) -> str:
    positional = list(_positional(request, method.signature))
    keywords = list(_keywords(request, method.signature))
    start = f"client.{method.path}("
    short = ", ".join(
        [_one_line(value) for value in positional]
        + [f"{name}={_one_line(value)}" for name, value in keywords]
    )
    # `response = ` or `with … as events:` stands around the call.
    if len(start) + len(short) + (18 if method.is_stream else 12) <= _WIDTH:
        return f"{start}{short})"
    arguments = [_python(value, _INDENT, 0) for value in positional]
    arguments += [f"{name}={_python(value, _INDENT, len(name) + 1)}" for name, value in keywords]
    return "\n".join([start, *(f"{_INDENT}{argument}," for argument in arguments), ")"])


def _positional(request: ExampleRequest, signature: Signature) -> Iterator[Shown]:
    for argument in signature.positional:
        yield from (
            value for parameter, value in request.parameters if parameter is argument.parameter
        )


def _keywords(request: ExampleRequest, signature: Signature) -> Iterator[tuple[str, Shown]]:
    body = request.body
    for argument in signature.keywords:
        match argument:
            case ParameterArgument(name=name, parameter=wanted):
                for parameter, value in request.parameters:
                    if parameter is wanted:
                        yield name, value
            case MemberArgument(name=name, field=field):
                if (
                    body is not None
                    and isinstance(body.value, dict)
                    and field.wire_name in body.value
                ):
                    yield name, body.value[field.wire_name]
            case BodyArgument(name=name):
                if body is not None:
                    yield name, body.value
            case _:
                assert_never(argument)


def _python(value: Shown, indent: str, before: int) -> str:
    """Return an expression as ruff would format it. `before` columns of its first line are used."""
    flat = _one_line(value)
    if len(indent) + before + len(flat) + 1 <= _WIDTH or not value:
        return flat
    inner = indent + _INDENT
    match value:
        case dict():
            members = [
                f"{inner}{_text(key)}: {_python(member, inner, len(_text(key)) + 2)},\n"
                for key, member in value.items()
            ]
            return f"{{\n{''.join(members)}{indent}}}"
        case list():
            items = [f"{inner}{_python(item, inner, 0)},\n" for item in value]
            return f"[\n{''.join(items)}{indent}]"
        case _:
            return flat


def _one_line(value: Shown) -> str:
    match value:
        case FromEnvironment(name=name):
            return f"os.environ[{_text(name)}]"
        case FromFile(name=name):
            return f"Path({_text(name)})"
        case TextOfType():
            return f"{value.constructor}({_text(value)})"
        case dict():
            return f"{{{', '.join(f'{_text(k)}: {_one_line(v)}' for k, v in value.items())}}}"
        case list():
            return f"[{', '.join(map(_one_line, value))}]"
        case str():
            return _text(value)
        case _:
            return str(literal(value))


def _text(value: str) -> str:
    # Letters stay readable; whatever could mislead the eye is written by its number.
    if value.isprintable() and "\\" not in value and '"' not in value:
        return f'"{value}"'
    return str(literal(value))
