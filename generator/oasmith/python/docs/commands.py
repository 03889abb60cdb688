"""Samples that are no Python: an example request as a curl command, and as a console takes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import assert_never
from urllib.parse import quote

from oasmith.ir import types as ir
from oasmith.python.docs.connection import BASE_URL, Connection, scheme_word, schemes_of
from oasmith.python.docs.example_requests import BodyForm, ExampleBody, ExampleRequest
from oasmith.python.docs.example_values import FromEnvironment, FromFile, Shown

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
    return _with_body(words, request.body)


def _with_body(words: list[str], body: ExampleBody) -> str:
    content_type = f'-H "Content-Type: {_in_quotes(body.media_type)}"'
    match body.form:
        case BodyForm.JSON | BodyForm.LINES:
            words_of = _shell if _holds_secret(body.value) else _plain_json
            write = _json if body.form is BodyForm.JSON else _lines
            # Only what holds secrets is for the shell to read.
            mark = "JSON" if words_of is _shell else "'JSON'"
            words += [content_type, f"--data-binary @- <<{mark}"]
            return " \\\n  ".join(words) + f"\n{write(body.value, words_of)}\nJSON"
        case BodyForm.FORM:
            words += [f'--data-urlencode "{pair}"' for pair in _pairs(body.value)]
        case BodyForm.PARTS:
            # curl chooses the boundary and names it in the header.
            words += [f'-F "{pair}"' for pair in _pairs(body.value)]
        case BodyForm.RAW:
            words += [content_type, f'--data-binary "{_plain(body.value)}"']
        case _:
            assert_never(body.form)
    return " \\\n  ".join(words)


def _pairs(value: Shown) -> Iterator[str]:
    """Yield the members of a form. Lists are given item by item."""
    for name, member in value.items() if isinstance(value, dict) else ():
        for item in member if isinstance(member, list) else [member]:
            yield f"{_in_quotes(name)}={_plain(item)}"


def _server(connection: Connection) -> str:
    if connection.base_url_env is not None:
        return f"${connection.base_url_env}"
    if connection.base_url is not None:
        return _in_quotes(connection.base_url.rstrip("/"))
    return f"${BASE_URL}"


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
        case FromFile(name=name):
            return quote(name, safe="")
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
        case FromFile(name=name):
            return f"@{_in_quotes(name)}"
        case str():
            return _in_quotes(value)
        case _:
            return _in_quotes(json.dumps(_revealed(value)))


def _revealed(value: Shown) -> ir.Json:
    """Return the value with variables in the place of secrets."""
    match value:
        case FromEnvironment(name=name):
            return f"${name}"
        case FromFile(name=name):
            return name
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


_Words = Callable[["str | FromEnvironment"], str]
"""Writes a text, or the place of a secret, as JSON for where the body stands."""


def _json(value: Shown, words: _Words, indent: str = "") -> str:
    inner = indent + "  "
    match value:
        case dict() if value:
            members = [
                f"{inner}{words(key)}: {_json(member, words, inner)}"
                for key, member in value.items()
            ]
            return "{\n" + ",\n".join(members) + f"\n{indent}}}"
        case list() if value and any(isinstance(item, dict | list) for item in value):
            items = [inner + _json(item, words, inner) for item in value]
            return "[\n" + ",\n".join(items) + f"\n{indent}]"
        case _:
            return _json_in_line(value, words)


def _json_in_line(value: Shown, words: _Words) -> str:
    match value:
        case FromEnvironment() | str():
            return words(value)
        case FromFile(name=name):
            return words(name)
        case dict():
            members = [f"{words(key)}: {_json_in_line(each, words)}" for key, each in value.items()]
            return f"{{{', '.join(members)}}}"
        case list():
            return f"[{', '.join(_json_in_line(item, words) for item in value)}]"
        case _:
            return json.dumps(value)


def _lines(value: Shown, words: _Words) -> str:
    """Return a line for each value (application/x-ndjson)."""
    items = value if isinstance(value, list) else [value]
    return "\n".join(_json_in_line(item, words) for item in items)


def _plain_json(value: str | FromEnvironment) -> str:
    assert isinstance(value, str), "a body with a secret is written by `_shell`"
    dumped = json.dumps(value, ensure_ascii=False)
    return dumped if dumped.isprintable() else json.dumps(value)


def _shell(value: str | FromEnvironment) -> str:
    """Write for an open here-document, in which the shell replaces variables."""
    if isinstance(value, FromEnvironment):
        return f'"${value.name}"'
    dumped = _plain_json(value)
    for character in "\\$`":
        dumped = dumped.replace(character, "\\" + character)
    return dumped


# --- console -----------------------------------------------------------------------------------


def console_sample(
    request: ExampleRequest,
    connection: Connection,
    schemes: Mapping[str, ir.SecurityScheme],
) -> str | None:
    """Return method, path and body as a console of the service takes them, which is signed in.

    Secrets are its variables, `"${NAME}"`. None: such a console takes JSON alone, and no headers.
    """
    body = request.body
    if body is not None and body.form not in (BodyForm.JSON, BodyForm.LINES):
        return None
    if any(
        parameter.place in (ir.ParameterPlace.HEADER, ir.ParameterPlace.COOKIE)
        for parameter, _ in request.parameters
    ):
        return None
    path = request.route.path
    for parameter, value in request.parameters:
        if parameter.place is ir.ParameterPlace.PATH:
            path = path.replace(f"{{{parameter.wire_name}}}", _escaped(value))
    query = "&".join(_query(request))
    line = f"{request.operation.method} {path.removeprefix('/') or '/'}"
    line = _one_line(f"{line}?{query}" if query else line)
    if body is None:
        return line
    write = _json if body.form is BodyForm.JSON else _lines
    return f"{line}\n{write(body.value, _variable)}"


def _variable(value: str | FromEnvironment) -> str:
    return f'"${{{value.name}}}"' if isinstance(value, FromEnvironment) else _plain_json(value)


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


# --- credentials -------------------------------------------------------------------------------


def _header_auth(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    for scheme in schemes_of(request, schemes):
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
            case ir.HttpAuth(scheme=word):
                yield f'-H "Authorization: {_in_quotes(scheme_word(word))} ${variable}"'
            case ir.OAuth2() | ir.OpenIdConnect():
                yield f'-H "Authorization: Bearer ${variable}"'
            case _:
                assert_never(scheme)


def _query_auth(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    for scheme in schemes_of(request, schemes):
        if isinstance(scheme, ir.ApiKeyAuth) and scheme.place is ir.ParameterPlace.QUERY:
            (variable,) = connection.variables(scheme)
            yield f"{quote(scheme.wire_name, safe='')}=${variable}"
