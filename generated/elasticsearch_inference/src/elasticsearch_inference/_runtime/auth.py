"""Credentials: what they are and which header or query parameter they become.

A value may be a reference, `env:NAME`; it is resolved whenever a request is sent. No credential is
shown in `repr`, in a log or in an error.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeAlias

from .references import SecretUnavailable, resolve


class HasSecretValue(Protocol):
    """pydantic's `SecretStr`, which need not be loaded for this."""

    def get_secret_value(self) -> str: ...


SecretValue: TypeAlias = str | HasSecretValue


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in a header, in the query or in a cookie.

    Attributes:
        value: The key.
        name: Of the header or the query parameter.
        prefix: What stands before the key, `ApiKey `.
        place: Where it is sent.
        scheme: The security scheme of the document that it is for. None: for all operations.
    """

    value: SecretValue = field(repr=False)
    name: str = "authorization"
    prefix: str = ""
    place: Literal["header", "query", "cookie"] = "header"
    scheme: str | None = field(default=None, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Basic:
    """User name and password (RFC 7617), in UTF-8."""

    username: str
    password: SecretValue = field(repr=False)
    scheme: str | None = field(default=None, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer token (RFC 6750)."""

    token: SecretValue = field(repr=False)
    scheme: str | None = field(default=None, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The OAuth 2.0 client-credentials grant (RFC 6749, section 4.4): the client fetches a bearer
    token when it needs one, and a new one before it expires or when it is refused.

    Attributes:
        client_id: As the server of tokens knows the client.
        client_secret: Its secret.
        token_url: Where tokens are fetched. Empty: where the document says.
        scopes: What the token shall be good for. Empty: what the server gives unasked.
        audience: What the token is meant for; some servers ask for it.
        in_body: Send id and secret in the form, for servers that take them nowhere else.
    """

    client_id: str
    client_secret: SecretValue = field(repr=False)
    token_url: str = ""
    scopes: tuple[str, ...] = ()
    audience: str | None = field(default=None, kw_only=True)
    in_body: bool = field(default=False, kw_only=True)
    scheme: str | None = field(default=None, kw_only=True, repr=False)


Credential: TypeAlias = ApiKey | Basic | Bearer | ClientCredentials
Auth: TypeAlias = Credential | Sequence[Credential]
"""One credential, or several that are sent together."""


@dataclass(slots=True, repr=False)
class Applied:
    """What credentials add to a request, and the secrets in it.

    Attributes:
        grant: What a bearer token has to be fetched for, whenever the request is sent.
    """

    headers: list[tuple[str, str]]
    query: list[tuple[str, str]]
    cookies: list[tuple[str, str]]
    secrets: list[str]
    grant: ClientCredentials | None = None


def of_oauth2(
    value: SecretValue | ClientCredentials, token_url: str, *, scheme: str | None = None
) -> Credential:
    """Give the credential that a token, or what gets one, is."""
    if isinstance(value, ClientCredentials):
        return replace(value, token_url=value.token_url or token_url, scheme=scheme)
    return Bearer(value, scheme=scheme)


def chosen(
    credentials: Sequence[Credential], security: Sequence[Sequence[str]] | None
) -> Sequence[Credential]:
    """Give the credentials that an operation asks for: the first of its alternatives (OpenAPI 3.1,
    security requirement object) for which all are there, and those that are for no scheme.

    Where none fits all are given: documents err, and the server knows better.
    """
    if security is None:
        return credentials
    if not security:
        return ()
    given = {credential.scheme for credential in credentials}
    for wanted in sorted(security, key=lambda schemes: not schemes):
        if given.issuperset(wanted):
            return [each for each in credentials if each.scheme in (None, *wanted)]
    return credentials


def apply(credentials: Sequence[Credential]) -> Applied:
    """Resolve the credentials.

    Raises:
        SecretUnavailable: A reference leads nowhere, or a header cannot hold the value.
    """
    applied = Applied([], [], [], [])
    for credential in credentials:
        match credential:
            case ApiKey(value=value, name=name, prefix=prefix, place=place):
                key = revealed(value)
                applied.secrets.append(key)
                match place:
                    case "header":
                        applied.headers.append((name.lower(), _line(prefix + key)))
                    case "query":
                        applied.query.append((name, prefix + key))
                    case "cookie":
                        applied.cookies.append((name, prefix + key))
            case Basic(username=username, password=password):
                secret = revealed(password)
                pair = base64.b64encode(f"{resolve(username)}:{secret}".encode()).decode()
                applied.secrets += (secret, pair)
                applied.headers.append(("authorization", f"Basic {pair}"))
            case Bearer(token=token):
                secret = revealed(token)
                applied.secrets.append(secret)
                applied.headers.append(bearer(secret))
            case ClientCredentials(client_id=client_id, client_secret=client_secret):
                applied.secrets.append(revealed(client_secret))
                resolve(client_id)
                applied.grant = credential
    return applied


def place_of(credential: Credential) -> tuple[str, str]:
    """Give where a credential is sent: the kind of place, and the name there."""
    match credential:
        case ApiKey(name=name, place="header"):
            return "header", name.lower()
        case ApiKey(name=name, place=place):
            return place, name
        case Basic() | Bearer() | ClientCredentials():
            return "header", "authorization"


def available(credential: Credential) -> bool:
    """Say whether all that the credential refers to is there."""
    try:
        apply((credential,))
    except SecretUnavailable:
        return False
    return True


def bearer(token: str) -> tuple[str, str]:
    """Give the header that carries a token (RFC 6750, section 2.1).

    Raises:
        SecretUnavailable: A header cannot hold it.
    """
    return "authorization", _line(f"Bearer {token}")


def revealed(value: SecretValue) -> str:
    """Give a value, or what it refers to.

    Raises:
        SecretUnavailable: The variable is not set, or is empty.
    """
    return resolve(value if isinstance(value, str) else value.get_secret_value())


def _line(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise SecretUnavailable("a header cannot hold the credential: it is not printable ASCII")
    return value
