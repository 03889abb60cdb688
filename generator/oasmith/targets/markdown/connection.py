"""How samples reach the server: its address, and the variables that hold credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.targets.markdown.example_requests import ExampleRequest
from oasmith.targets.python.client_arguments import (
    credential_arguments,
    credential_variables,
    default_base_url,
)
from oasmith.targets.python.distribution import distribution_name
from oasmith.targets.python.naming import snake_case

BASE_URL = "BASE_URL"
"""The environment variable of a server that neither document nor settings name."""


@frozen
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


def connect(
    api: ir.Api, package: str, *, base_url_env: str | None, auth_env: Mapping[str, str]
) -> Connection:
    """Return how the samples of an API reach its server through the generated client."""
    return Connection(
        package=package,
        distribution=distribution_name(package),
        base_url=default_base_url(api.servers),
        base_url_env=base_url_env,
        arguments={scheme.name: name for scheme, name in credential_arguments(api.security)},
        auth_env=auth_env,
    )


def schemes_of(
    request: ExampleRequest, schemes: Mapping[str, ir.SecurityScheme]
) -> Iterator[ir.SecurityScheme]:
    """Yield the schemes of the first alternative."""
    for alternative in request.operation.auth[:1]:
        yield from (schemes[name] for name in alternative if name in schemes)


def scheme_word(scheme: str) -> str:
    """Return an HTTP authentication scheme as it is usually written; its case says nothing."""
    return "ApiKey" if scheme == "apikey" else scheme.capitalize()
