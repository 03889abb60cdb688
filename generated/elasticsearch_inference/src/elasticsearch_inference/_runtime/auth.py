"""Credentials: what they are and which header or query parameter they become.

A value may be a reference, `env:NAME`; it is resolved whenever a request is sent. No credential is
shown in `repr`, in a log or in an error.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from .references import SecretUnavailable, resolve


class HasSecretValue(Protocol):
    """pydantic's `SecretStr`, which need not be loaded for this."""

    def get_secret_value(self) -> str: ...


SecretValue: TypeAlias = str | HasSecretValue


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in a header or in the query.

    Attributes:
        value: The key.
        name: Of the header or the query parameter.
        prefix: What stands before the key, `ApiKey `.
        place: Where it is sent.
    """

    value: SecretValue = field(repr=False)
    name: str = "authorization"
    prefix: str = ""
    place: Literal["header", "query", "cookie"] = "header"


@dataclass(frozen=True, slots=True)
class Basic:
    """User name and password (RFC 7617), in UTF-8."""

    username: str
    password: SecretValue = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer token (RFC 6750)."""

    token: SecretValue = field(repr=False)


Credential: TypeAlias = ApiKey | Basic | Bearer
Auth: TypeAlias = Credential | Sequence[Credential]
"""One credential, or several that are sent together."""


@dataclass(slots=True, repr=False)
class Applied:
    """What credentials add to a request, and the secrets in it."""

    headers: list[tuple[str, str]]
    query: list[tuple[str, str]]
    cookies: list[tuple[str, str]]
    secrets: list[str]


def apply(credentials: Sequence[Credential]) -> Applied:
    """Resolve the credentials.

    Raises:
        SecretUnavailable: A reference leads nowhere, or a header cannot hold the value.
    """
    applied = Applied([], [], [], [])
    for credential in credentials:
        match credential:
            case ApiKey(value=value, name=name, prefix=prefix, place=place):
                key = _reveal(value)
                applied.secrets.append(key)
                match place:
                    case "header":
                        applied.headers.append((name.lower(), _line(prefix + key)))
                    case "query":
                        applied.query.append((name, prefix + key))
                    case "cookie":
                        applied.cookies.append((name, prefix + key))
            case Basic(username=username, password=password):
                secret = _reveal(password)
                pair = base64.b64encode(f"{resolve(username)}:{secret}".encode()).decode()
                applied.secrets += (secret, pair)
                applied.headers.append(("authorization", f"Basic {pair}"))
            case Bearer(token=token):
                secret = _reveal(token)
                applied.secrets.append(secret)
                applied.headers.append(("authorization", _line(f"Bearer {secret}")))
    return applied


def place_of(credential: Credential) -> tuple[str, str]:
    """Give where a credential is sent: the kind of place, and the name there."""
    match credential:
        case ApiKey(name=name, place="header"):
            return "header", name.lower()
        case ApiKey(name=name, place=place):
            return place, name
        case Basic() | Bearer():
            return "header", "authorization"


def available(credential: Credential) -> bool:
    """Say whether all that the credential refers to is there."""
    try:
        apply((credential,))
    except SecretUnavailable:
        return False
    return True


def _reveal(value: SecretValue) -> str:
    return resolve(value if isinstance(value, str) else value.get_secret_value())


def _line(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise SecretUnavailable("a header cannot hold the credential: it is not printable ASCII")
    return value
