"""Access tokens of the OAuth 2.0 client-credentials grant (RFC 6749, section 4.4).

A token is fetched when a call first needs it, kept until shortly before it expires, and fetched by
one call while the others wait. Clients made by `with_options` share tokens.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from .auth import Basic, ClientCredentials, revealed
from .operations import Body, Operation, Response, Route

LEEWAY: Final = 30.0
"""Seconds before its end in which a token is not used: clocks differ, and calls take time."""


@cache
def _answer() -> Any:
    """Give the model of what a server of tokens answers (RFC 6749, section 5.1)."""
    from pydantic import create_model

    return create_model("Token", access_token=(str, ...), expires_in=(float | None, None))


class KnownTokens:
    """The tokens that were fetched, each with the time (of the monotonic clock) of its end."""

    def __init__(self) -> None:
        self._tokens: dict[ClientCredentials, tuple[str, float | None]] = {}

    def get(self, grant: ClientCredentials) -> str | None:
        token, end = self._tokens.get(grant, (None, None))
        return token if end is None or time.monotonic() < end else None

    def put(self, grant: ClientCredentials, answer: Any, asked: float) -> str:
        token: str = answer.access_token
        lifetime: float | None = answer.expires_in
        # Of a short life not all is given away. Without an end it holds until it is refused.
        end = None if lifetime is None else asked + lifetime - min(LEEWAY, lifetime / 4)
        self._tokens[grant] = (token, end)
        return token

    def forget(self, grant: ClientCredentials, token: str) -> None:
        """Forget a token that the server refused, unless there is a newer one."""
        if self._tokens.get(grant, ("", None))[0] == token:
            del self._tokens[grant]


def token_request(
    grant: ClientCredentials, base_url: str
) -> tuple[str, Operation[Any], dict[str, str], tuple[Basic, ...]]:
    """Give what asks for a token: the server, the operation, its form, its credentials."""
    parts = urlsplit(urljoin(f"{base_url}/", grant.token_url))
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    form = {"grant_type": "client_credentials"}
    if grant.scopes:
        form["scope"] = " ".join(grant.scopes)
    if grant.audience is not None:
        form["audience"] = grant.audience
    auth: tuple[Basic, ...] = ()
    if grant.in_body:
        form |= {
            "client_id": revealed(grant.client_id),
            "client_secret": revealed(grant.client_secret),
        }
    else:
        # RFC 6749, section 2.3.1: both are encoded as in a form before they are joined.
        auth = (
            Basic(
                quote(revealed(grant.client_id), safe=""),
                quote(revealed(grant.client_secret), safe=""),
            ),
        )
    from .semantics.media_types import JSON, URLENCODED  # loaded by calls alone

    operation: Operation[Any] = Operation(
        id="OAuth 2.0 token",
        method="POST",
        routes=(Route(target.replace("{", "%7B").replace("}", "%7D")),),
        body=Body(URLENCODED, lambda: dict[str, str]),
        responses=(Response("200", JSON, _answer),),
        idempotent=True,
    )
    return f"{parts.scheme}://{parts.netloc}", operation, form, auth
