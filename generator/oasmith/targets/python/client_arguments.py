"""The constructor of the generated client: arguments of credentials and servers, and variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from oasmith.ir import types as ir
from oasmith.targets.python.naming import distinct, parameter_name, snake_case

_ARGUMENTS = (
    "base_url",
    "timeout",
    "max_retries",
    "headers",
    "network",
    "transport",
    "self",
)
"""What the constructor takes besides."""


def credential_arguments(
    schemes: Iterable[ir.SecurityScheme],
) -> list[tuple[ir.SecurityScheme, str]]:
    """Name the argument of each scheme by its kind; two of a kind by the document's names."""
    kinds = [(scheme, _kind(scheme)) for scheme in schemes]
    wanted = [kind for _, kind in kinds]
    single = {scheme.name: kind for scheme, kind in kinds if wanted.count(kind) == 1}
    names = distinct([scheme.name for scheme, _ in kinds], _argument_name, single).names
    return [(scheme, names[scheme.name]) for scheme, _ in kinds]


def _argument_name(scheme: str) -> str:
    name = parameter_name(snake_case(scheme))
    return f"{name}_auth" if name in _ARGUMENTS else name


def _kind(scheme: ir.SecurityScheme) -> str:
    match scheme:
        case ir.ApiKeyAuth() | ir.HttpAuth(scheme="apikey"):
            return "api_key"
        case ir.HttpAuth(scheme="basic"):
            return "basic_auth"
        case ir.HttpAuth(scheme="bearer"):
            return "bearer_auth"
        case ir.HttpAuth(scheme=word):
            return snake_case(f"{word}_auth")
        case ir.OAuth2() | ir.OpenIdConnect():
            return "access_token"
        case _:
            assert_never(scheme)


def is_basic(scheme: ir.SecurityScheme) -> bool:
    return isinstance(scheme, ir.HttpAuth) and scheme.scheme == "basic"


def credential_variables(scheme: ir.SecurityScheme, variable: str) -> tuple[str, ...]:
    """Return the environment variables of a scheme for which `variable` is configured."""
    if is_basic(scheme):
        return (f"{variable}_USERNAME", f"{variable}_PASSWORD")
    return (variable,)


def client_variables(variable: str) -> tuple[str, str]:
    """Return the environment variables that identify a client of OAuth 2.0 instead."""
    return (f"{variable}_CLIENT_ID", f"{variable}_CLIENT_SECRET")


def default_base_url(servers: Iterable[ir.Server]) -> str | None:
    """Return the first server that has a whole address, with the defaults of its variables."""
    server = default_server(servers)
    return None if server is None else address(server)


def default_server(servers: Iterable[ir.Server]) -> ir.Server | None:
    """Return the first server that has a whole address, with the defaults of its variables."""
    for server in servers:
        if re.match(r"https?://[^/{}]+[^{}]*$", address(server)):
            return server
    return None


def server_variables(
    server: ir.Server | None, taken: Iterable[str]
) -> list[tuple[str, str, ir.ServerVariable]]:
    """Return wire name, argument name and variable of what the address of a server holds."""
    if server is None:
        return []
    used = {*taken, *_ARGUMENTS}

    def argument(wire_name: str) -> str:
        name = parameter_name(snake_case(wire_name))
        while name in used:
            name = f"server_{name}"
        return name

    variables = {
        wire_name: variable
        for wire_name, variable in server.variables.items()
        if f"{{{wire_name}}}" in server.url
    }
    names = distinct(variables, argument).names
    return [(wire_name, names[wire_name], each) for wire_name, each in variables.items()]


def address(server: ir.Server) -> str:
    """Return the address of a server, with the defaults of its variables."""
    url = server.url
    for name, variable in server.variables.items():
        url = url.replace(f"{{{name}}}", variable.default)
    return url.rstrip("/")
