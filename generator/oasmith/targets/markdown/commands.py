"""Samples that are no Python: an example request as a curl command, and as a console takes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, assert_never
from urllib.parse import quote

from oasmith.ir import types as ir
from oasmith.runtime.semantics import styles
from oasmith.runtime.semantics.media_types import (
    BYTES,
    JSON,
    MULTIPART,
    PLAIN,
    URLENCODED,
    bare,
    is_form,
    is_json,
    single,
)
from oasmith.targets.markdown.connection import BASE_URL, Connection, scheme_word, schemes_of
from oasmith.targets.markdown.example_requests import ExampleBody, ExampleRequest
from oasmith.targets.markdown.example_values import FromEnvironment, FromFile, Shown
from oasmith.targets.python.client_arguments import address

# --- curl --------------------------------------------------------------------------------------


def curl_sample(
    request: ExampleRequest,
    connection: Connection,
    schemes: Mapping[str, ir.SecurityScheme],
) -> str:
    """Return a curl command for a POSIX shell."""
    url = _server(request, connection) + _path(request)
    query = [*_query(request), *_query_auth(request, connection, schemes)]
    if query:
        url += "?" + "&".join(query)
    options = ""
    match request.operation.method:
        case "GET" if request.body is None:
            pass
        case "HEAD":
            options = "-I "
        case method:
            options = f"-X {method} "
    if not _GLOB.isdisjoint(url):
        options += "-g "
    words = [f"curl {options}{_word(url)}"]
    words += _header_auth(request, connection, schemes)
    # An empty header is written with a semicolon.
    words += [
        f"-H {_word(f'{name}: {value}' if value else f'{name};')}"
        for name, value in _headers(request)
    ]
    cookies = [*_cookies(request), *_cookie_auth(request, connection, schemes)]
    if cookies:
        words.append(f"-b {_word('; '.join(cookies))}")
    if request.body is None:
        return " \\\n  ".join(words)
    return _with_body(words, request.body)


_GLOB = frozenset("[]{}")
"""What curl takes for a pattern of addresses."""


def _with_body(words: list[str], body: ExampleBody) -> str:
    content_type = f"-H {_word(f'Content-Type: {body.media_type}')}"
    if isinstance(body.value, FromFile):
        words += [content_type, f"--data-binary {_word(f'@{body.value.name}')}"]
        return " \\\n  ".join(words)
    match body.notation:
        case "json" | "lines" | "events":
            words_of = _shell if _holds_secret(body.value) else _plain_json
            write = _json if body.notation == "json" else _lines
            # Only what holds secrets is for the shell to read.
            mark = "JSON" if words_of is _shell else "'JSON'"
            words += [content_type, f"--data-binary @- <<{mark}"]
            return " \\\n  ".join(words) + f"\n{write(body.value, words_of)}\nJSON"
        case "urlencoded":
            if body.media_type != URLENCODED:
                words.append(content_type)
            words += [*map(_form_pair, _form_pairs(body.value, body.encodings))] or ['--data ""']
        case "multipart":
            # curl chooses the boundary and names it in the header.
            if bare(body.media_type) != MULTIPART:
                words.append(content_type)
            words += _parts(body)
        case "text" | "binary":
            words += [content_type, f"--data-raw {_word(_text(_marked(body.value)))}"]
        case _:
            assert_never(body.notation)
    return " \\\n  ".join(words)


def _form_pairs(value: Shown, encodings: Iterable[ir.Encoding]) -> Iterator[str]:
    """Yield the properties of a form as escaped `name=value` pairs."""
    for name, member in value.items() if isinstance(value, dict) else ():
        style, explode, allow_reserved, _ = _encoding(encodings, name)
        yield from styles.form_pairs(name, _marked(member), style, explode, allow_reserved, _text)


def _encoding(
    encodings: Iterable[ir.Encoding], name: str
) -> tuple[styles.Style | None, bool | None, bool, str | None]:
    for known in encodings:
        if known.field == name:
            return known.style, known.explode, known.allow_reserved, known.content_type
    return None, None, False, None


def _form_pair(pair: str) -> str:
    """Return the option that adds a pair to a form; curl takes the name escaped."""
    name, value = styles.unescaped(pair)
    if not _VARIABLE.sub("", value).isprintable():
        return f"--data {_word(pair)}"
    return f"--data-urlencode {_word(f'{quote(name, safe=_BRACKETS)}={value}')}"


_BRACKETS = "[]"


def _parts(body: ExampleBody) -> Iterator[str]:
    """Yield the options that add the parts of a form."""
    if isinstance(body.value, list):
        # Parts that have an order and no names.
        for item in body.value:
            yield _part("", _marked(item), None if isinstance(item, dict | list) else PLAIN)
        return
    for name, member in body.value.items() if isinstance(body.value, dict) else ():
        style, explode, _, content_type = _encoding(body.encodings, name)
        for key, value in styles.form_parts(name, _marked(member), style, explode, _text):
            yield _part(key, value, single(content_type))


def _part(name: str, value: Any, media_type: str | None) -> str:
    match value:
        case FromFile(name=file):
            written = f"@{file}"
            media_type = None if media_type == BYTES else media_type
        case dict() | list():
            written = styles.json_text(value)
            media_type = media_type or JSON
        case _:
            written = _text(value)
    if not isinstance(value, FromFile) and _SPECIAL.search(written):
        if media_type is None:
            return f"--form-string {_word(f'{name}={written}')}"
        written = '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if media_type is not None:
        written += f";type={media_type}"
    return f"-F {_word(f'{name}={written}')}"


_SPECIAL = re.compile('^[@<("\\s]|;|\\s$|\ue000')
"""Text that curl does not take as it is in `-F`, or may not: nobody knows what a secret holds."""


def _server(request: ExampleRequest, connection: Connection) -> str:
    """Return the server: that of the operation, unless the reader is to name one."""
    server = request.operation.server
    own = None if server is None else address(server)
    if own is not None and "://" not in own:
        own = f"/{own.strip('/')}"
    if connection.base_url is None or connection.base_url_env is not None:
        named: str = _marked(FromEnvironment(connection.base_url_env or BASE_URL))
        return named if own is None or "://" in own else f"{named}{own.rstrip('/')}"
    base = connection.base_url.rstrip("/")
    if own is None or "://" in own:
        return own or base
    host = re.match(r"\w+://[^/]*", base)
    return ((host[0] if host else base) + own).rstrip("/")


# --- parameters --------------------------------------------------------------------------------


def _path(request: ExampleRequest) -> str:
    segments = {
        parameter.wire_name: styles.path(
            parameter.wire_name,
            _flat(parameter, value),
            parameter.style,
            parameter.explode,
            parameter.allow_reserved,
        )
        for parameter, value in request.parameters
        if parameter.place == "path"
    }
    return styles.fill(styles.cut(request.route.path), segments)


def _query(request: ExampleRequest) -> Iterator[str]:
    for parameter, value in request.parameters:
        if parameter.place == "querystring":
            written = _content(parameter, value)
            yield written if is_form(parameter.media_type or JSON) else quote(written, safe="")
        elif parameter.place == "query":
            yield from styles.pairs(
                parameter.wire_name,
                _content(parameter, value) if parameter.style == "content" else _marked(value),
                parameter.style,
                parameter.explode,
                parameter.allow_reserved,
                _text,
            )


def _headers(request: ExampleRequest) -> Iterator[tuple[str, str]]:
    for parameter, value in request.parameters:
        if parameter.place == "header":
            flat = _flat(parameter, value)
            if flat or isinstance(flat, str):
                yield parameter.wire_name, styles.header(flat, parameter.explode)


def _cookies(request: ExampleRequest) -> Iterator[str]:
    for parameter, value in request.parameters:
        if parameter.place == "cookie":
            yield from styles.cookie(
                parameter.wire_name, _flat(parameter, value), parameter.style, parameter.explode
            )


def _flat(parameter: ir.Parameter, value: Shown) -> styles.Flat:
    if parameter.style == "content":
        return _content(parameter, value)
    return styles.flat(_marked(value), _text)


def _content(parameter: ir.Parameter, value: Shown) -> str:
    """Return a parameter that the document gives a media type."""
    media_type = parameter.media_type or JSON
    if is_json(media_type):
        return styles.json_text(_marked(value))
    if is_form(media_type):
        return "&".join(_form_pairs(value, ()))
    return _text(_marked(value))


# --- texts and variables -----------------------------------------------------------------------


_VARIABLE = re.compile("(?:\ue000|%EE%80%80)([A-Za-z0-9_]+)(?:\ue001|%EE%80%81)")
"""The place of a secret in a text, escaped or not: the name of its variable between two marks that
no text of a document keeps.
"""


def _marked(value: Shown, depth: int = 0) -> Any:
    """Return the value with marked names of variables for secrets. Files are left as they are where
    a body or a part of a form can be one.
    """
    match value:
        case FromEnvironment(name=name):
            return f"\ue000{name}\ue001"
        case str():
            return value.replace("\ue000", "\ufffd")
        case list():
            return [_marked(item, depth + 1) for item in value]
        case dict():
            return {key: _marked(member, depth + 2) for key, member in value.items()}
        case FromFile(name=name) if depth > 1:
            return name
        case _:
            return value


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case FromFile(name=name):
            return name
        case _:
            return json.dumps(value)


def _word(text: str) -> str:
    """Return text as a double-quoted word."""
    return f'"{_quoted(text)}"'


def _quoted(text: str) -> str:
    """Return marked text for a double-quoted word, in which the shell fills in variables."""
    words = _VARIABLE.split(text)
    written = ""
    for index, word in enumerate(words):
        if index % 2 == 0:
            written += _in_quotes(word)
        else:
            is_followed = re.match(r"\w", words[index + 1]) is not None
            written += f"${{{word}}}" if is_followed else f"${word}"
    return written


def _in_quotes(text: str) -> str:
    """Return text for a double-quoted word or an open here-document (POSIX shell, 2.2.3, 2.7.4)."""
    line = "".join(char if char.isprintable() or char == "\n" else " " for char in text)
    for character in '\\$`"':
        line = line.replace(character, "\\" + character)
    return line


# --- JSON --------------------------------------------------------------------------------------


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
    if body is not None and body.notation not in ("json", "lines"):
        return None
    if any(parameter.place in ("header", "cookie") for parameter, _ in request.parameters):
        return None
    path = _path(request)
    query = "&".join(_query(request))
    line = f"{request.operation.method} {path.removeprefix('/') or '/'}"
    line = _VARIABLE.sub(r"${\1}", f"{line}?{query}" if query else line)
    if body is None:
        return line
    write = _json if body.notation == "json" else _lines
    return f"{line}\n{write(body.value, _variable)}"


def _variable(value: str | FromEnvironment) -> str:
    return f'"${{{value.name}}}"' if isinstance(value, FromEnvironment) else _plain_json(value)


# --- credentials -------------------------------------------------------------------------------


def _header_auth(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    for scheme in schemes_of(request, schemes):
        variable = ":$".join(connection.variables(scheme))
        match scheme:
            case ir.ApiKeyAuth(place="header", wire_name=name):
                yield f'-H "{_in_quotes(name)}: ${variable}"'
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


def _cookie_auth(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    for scheme in schemes_of(request, schemes):
        if isinstance(scheme, ir.ApiKeyAuth) and scheme.place == "cookie":
            (variable,) = connection.variables(scheme)
            yield f"{quote(scheme.wire_name, safe='')}={_marked(FromEnvironment(variable))}"


def _query_auth(
    request: ExampleRequest, connection: Connection, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[str]:
    for scheme in schemes_of(request, schemes):
        if isinstance(scheme, ir.ApiKeyAuth) and scheme.place == "query":
            (variable,) = connection.variables(scheme)
            yield f"{quote(scheme.wire_name, safe='')}={_marked(FromEnvironment(variable))}"
