"""Samples: an example request as Python that calls the generated client, and as a curl command."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias, assert_never
from urllib.parse import quote

from oasmith.config import ClientSettings
from oasmith.ir import types as ir
from oasmith.python.client.constructor import (
    credential_arguments,
    credential_variables,
    default_base_url,
)
from oasmith.python.client.distribution import distribution_name
from oasmith.python.client.signatures import (
    BodyArgument,
    MemberArgument,
    ParameterArgument,
    Signature,
)
from oasmith.python.code import literal
from oasmith.python.docs.example_requests import ExampleRequest
from oasmith.python.docs.example_values import FromEnvironment, Shown
from oasmith.python.naming import snake_case

_WIDTH = 88
_BASE_URL = "BASE_URL"
"""The environment variable of a server that neither document nor settings name."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How samples reach the server.

    `arguments` are the arguments of the client for each security scheme, `base_url` is what the
    client takes if it is given none; `base_url_env` and `auth_env` are the environment variables
    that it reads.
    """

    package: str
    distribution: str
    base_url: str | None
    base_url_env: str | None
    arguments: Mapping[str, str]
    auth_env: Mapping[str, str]

    def variables(self, scheme: ir.SecurityScheme) -> tuple[str, ...]:
        """Return the environment variables that hold the credential of a scheme."""
        name = self.auth_env.get(scheme.name) or snake_case(scheme.name).strip("_").upper()
        return credential_variables(scheme, name)


def connect(api: ir.Api, package: str, settings: ClientSettings) -> Connection:
    """Return how the samples of an API reach its server through the generated client."""
    return Connection(
        package=package,
        distribution=distribution_name(package),
        base_url=default_base_url(api.servers),
        base_url_env=settings.base_url_env,
        arguments={scheme.name: name for scheme, name in credential_arguments(api.security)},
        auth_env=settings.auth_env,
    )


# --- Python ------------------------------------------------------------------------------------


def python_sample(
    request: ExampleRequest,
    method: Method,
    connection: Connection,
    schemes: Mapping[str, ir.SecurityScheme],
) -> str:
    """Return a Python program that makes the client and calls the method."""
    client = f"client = Client({', '.join(_client_arguments(request, connection, schemes))})"
    program = f"from {connection.package} import Client\n\n{client}\n\n{_call(request, method)}"
    return f"import os\n\n{program}" if "os.environ[" in program else program


def _client_arguments(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    """Yield what the client is not told by its settings."""
    if connection.base_url is None and connection.base_url_env is None:
        yield _one_line(FromEnvironment(_BASE_URL))
    for scheme in _schemes(request, schemes):
        argument = connection.arguments.get(scheme.name)
        if argument is None or scheme.name in connection.auth_env:
            continue
        values = [_one_line(FromEnvironment(name)) for name in connection.variables(scheme)]
        value = values[0] if len(values) == 1 else f"({', '.join(values)})"
        yield f"{argument}={value}"


def _call(request: ExampleRequest, method: Method) -> str:
    positional = list(_positional(request, method.signature))
    keywords = list(_keywords(request, method.signature))
    start, end = f"response = client.{method.path}(", ")"
    if method.is_stream:
        start, end = f"with client.{method.path}(", ") as events:"
    short = ", ".join(
        [_one_line(value) for value in positional]
        + [f"{name}={_one_line(value)}" for name, value in keywords]
    )
    call = f"{start}{short}{end}"
    if len(call) > _WIDTH:
        arguments = [_python(value, _INDENT, 0) for value in positional]
        arguments += [
            f"{name}={_python(value, _INDENT, len(name) + 1)}" for name, value in keywords
        ]
        call = "\n".join([start, *(f"{_INDENT}{argument}," for argument in arguments), end])
    if method.is_stream:
        return f"{call}\n{_INDENT}for event in events:\n{_INDENT}{_INDENT}print(event)"
    return f"{call}\nprint(response)"


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


# --- curl --------------------------------------------------------------------------------------


def curl_sample(
    request: ExampleRequest,
    connection: Connection,
    schemes: Mapping[str, ir.SecurityScheme],
) -> str:
    """Return a curl command for a POSIX shell."""
    address = _server(connection) + _path(request)
    query = [*_query(request), *_query_auth(request, connection, schemes)]
    if query:
        address += "?" + "&".join(query)
    method = request.operation.method
    words = [f'curl "{address}"' if method == "GET" else f'curl -X {method} "{address}"']
    words += _header_auth(request, connection, schemes)
    for parameter, value in request.parameters:
        match parameter.place:
            case ir.ParameterPlace.HEADER:
                words.append(f'-H "{_in_quotes(parameter.wire_name)}: {_plain(value)}"')
            case ir.ParameterPlace.COOKIE:
                words.append(f'-b "{_in_quotes(parameter.wire_name)}={_plain(value)}"')
            case ir.ParameterPlace.PATH | ir.ParameterPlace.QUERY | ir.ParameterPlace.QUERYSTRING:
                pass
            case _:
                assert_never(parameter.place)
    if request.body is None:
        return " \\\n  ".join(words)
    words.append(f'-H "Content-Type: {_in_quotes(request.body.media_type)}"')
    secrets = _holds_secret(request.body.value)
    text = _json(request.body.value, secrets)
    words.append("--data-binary @- <<JSON" if secrets else "--data-binary @- <<'JSON'")
    return " \\\n  ".join(words) + f"\n{text}\nJSON"


def _server(connection: Connection) -> str:
    if connection.base_url_env is not None:
        return f"${connection.base_url_env}"
    if connection.base_url is not None:
        return _in_quotes(connection.base_url.rstrip("/"))
    return f"${_BASE_URL}"


def _path(request: ExampleRequest) -> str:
    path = request.route.path
    for parameter, value in request.parameters:
        if parameter.place is ir.ParameterPlace.PATH:
            path = path.replace(f"{{{parameter.wire_name}}}", _escaped(value))
    return _in_quotes(path)


def _query(request: ExampleRequest) -> Iterator[str]:
    for parameter, value in request.parameters:
        if parameter.place is ir.ParameterPlace.QUERYSTRING:
            yield from _whole_query(value)
        if parameter.place is not ir.ParameterPlace.QUERY:
            continue
        key = quote(parameter.wire_name, safe="[]")
        if isinstance(value, list) and parameter.explode:
            yield from (f"{key}={_escaped(item)}" for item in value)
        else:
            yield f"{key}={_escaped(value)}"


def _whole_query(value: Shown) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{quote(key, safe='')}={_escaped(item)}" for key, item in value.items())
    else:
        yield _escaped(value)


def _escaped(value: Shown) -> str:
    match value:
        case FromEnvironment(name=name):
            return f"${name}"
        case list():
            return ",".join(map(_escaped, value))
        case str():
            return quote(value, safe="")
        case _:
            return quote(json.dumps(_revealed(value)), safe="")


def _plain(value: Shown) -> str:
    match value:
        case FromEnvironment(name=name):
            return f"${name}"
        case str():
            return _in_quotes(value)
        case _:
            return _in_quotes(json.dumps(_revealed(value)))


def _revealed(value: Shown) -> ir.Json:
    """Return the value with variables in the place of secrets."""
    match value:
        case FromEnvironment(name=name):
            return f"${name}"
        case list():
            return [_revealed(item) for item in value]
        case dict():
            return {key: _revealed(member) for key, member in value.items()}
        case _:
            return value


def _in_quotes(text: str) -> str:
    """Return text for a double-quoted word or an open here-document (POSIX shell, 2.2.3, 2.7.4)."""
    line = "".join(character if character.isprintable() else " " for character in text)
    for character in '\\$`"':
        line = line.replace(character, "\\" + character)
    return line


def _holds_secret(value: Shown) -> bool:
    match value:
        case FromEnvironment():
            return True
        case list():
            return any(map(_holds_secret, value))
        case dict():
            return any(map(_holds_secret, value.values()))
        case _:
            return False


def _json(value: Shown, secrets: bool, indent: str = "") -> str:
    inner = indent + "  "
    match value:
        case FromEnvironment(name=name):
            return f'"${name}"'
        case dict() if value:
            members = [
                f"{inner}{_json(key, secrets)}: {_json(member, secrets, inner)}"
                for key, member in value.items()
            ]
            return "{\n" + ",\n".join(members) + f"\n{indent}}}"
        case list() if value and any(isinstance(item, dict | list) for item in value):
            items = [inner + _json(item, secrets, inner) for item in value]
            return "[\n" + ",\n".join(items) + f"\n{indent}]"
        case list() if value:
            return f"[{', '.join(_json(item, secrets) for item in value)}]"
        case _:
            text = json.dumps(value, ensure_ascii=False)
            if not text.isprintable():
                text = json.dumps(value)
            if secrets:
                for character in "\\$`":
                    text = text.replace(character, "\\" + character)
            return text


# --- credentials -------------------------------------------------------------------------------


def _schemes(
    request: ExampleRequest, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[ir.SecurityScheme]:
    """Yield the schemes of the first alternative."""
    for alternative in request.operation.auth[:1]:
        yield from (schemes[name] for name in alternative if name in schemes)


def _header_auth(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    for scheme in _schemes(request, schemes):
        variable = ":$".join(connection.variables(scheme))
        match scheme:
            case ir.ApiKeyAuth(place=ir.ParameterPlace.HEADER, wire_name=name):
                yield f'-H "{_in_quotes(name)}: ${variable}"'
            case ir.ApiKeyAuth(place=ir.ParameterPlace.COOKIE, wire_name=name):
                yield f'-b "{_in_quotes(name)}=${variable}"'
            case ir.ApiKeyAuth():
                pass
            case ir.HttpAuth(scheme="basic"):
                yield f'-u "${variable}"'
            case ir.HttpAuth(scheme="apikey"):
                yield f'-H "Authorization: ApiKey ${variable}"'
            case ir.HttpAuth(scheme=word):
                yield f'-H "Authorization: {_in_quotes(word.capitalize())} ${variable}"'
            case ir.OAuth2() | ir.OpenIdConnect():
                yield f'-H "Authorization: Bearer ${variable}"'
            case _:
                assert_never(scheme)


def _query_auth(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    for scheme in _schemes(request, schemes):
        if isinstance(scheme, ir.ApiKeyAuth) and scheme.place is ir.ParameterPlace.QUERY:
            (variable,) = connection.variables(scheme)
            yield f"{quote(scheme.wire_name, safe='')}=${variable}"
