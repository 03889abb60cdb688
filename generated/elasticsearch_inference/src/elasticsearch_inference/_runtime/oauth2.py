"""Access tokens of the OAuth 2.0 client-credentials grant (RFC 6749, section 4.4).

A token is fetched when a call first needs it, kept until shortly before it expires, and fetched by
one call while the others wait. Clients made by `with_options` share tokens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urljoin, urlsplit

from .auth import Basic, ClientCredentials, revealed
from .operations import Body, Operation, Response, Route

if TYPE_CHECKING:
    import asyncio

    from .client import AsyncClient, SyncClient

LEEWAY: Final = 30.0
"""Seconds before its end in which a token is not used: clocks differ, and calls take time."""


@cache
def _answer() -> Any:
    """Give the model of what a server of tokens answers (RFC 6749, section 5.1)."""
    from pydantic import create_model

    return create_model("Token", access_token=(str, ...), expires_in=(float | None, None))


class _Known:
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


class Tokens(_Known):
    """The tokens of a client. Can be used from several threads.

    Args:
        client: Gives a client for the server of tokens, with these credentials.
    """

    def __init__(self, client: Callable[[str, tuple[Basic, ...]], SyncClient]) -> None:
        super().__init__()
        self._client = client
        self._lock = threading.Lock()

    def fetch(self, grant: ClientCredentials, base_url: str) -> str:
        """Give a token, a known one where there is one.

        Raises:
            ApiError: The server of tokens refuses.
            ConnectionFailed: There is no answer of it.
            InvalidRequest: The secret is not there.
        """
        token = self.get(grant)
        if token is None:
            with self._lock:
                token = self.get(grant)
                if token is None:
                    origin, operation, form, auth = _request(grant, base_url)
                    asked = time.monotonic()
                    answer = self._client(origin, auth).call(operation, {}, form)
                    token = self.put(grant, answer, asked)
        return token


class AsyncTokens(_Known):
    """The tokens of an async client. They belong to its event loop.

    Args:
        client: Gives a client for the server of tokens, with these credentials.
    """

    def __init__(self, client: Callable[[str, tuple[Basic, ...]], AsyncClient]) -> None:
        super().__init__()
        self._client = client
        self._lock: asyncio.Lock | None = None

    async def fetch(self, grant: ClientCredentials, base_url: str) -> str:
        """Give a token, as `Tokens.fetch` does."""
        token = self.get(grant)
        if token is None:
            if self._lock is None:
                from asyncio import Lock

                self._lock = Lock()
            async with self._lock:
                token = self.get(grant)
                if token is None:
                    origin, operation, form, auth = _request(grant, base_url)
                    asked = time.monotonic()
                    answer = await self._client(origin, auth).call(operation, {}, form)
                    token = self.put(grant, answer, asked)
        return token


def _request(
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
    operation: Operation[Any] = Operation(
        id="OAuth 2.0 token",
        method="POST",
        routes=(Route(target.replace("{", "%7B").replace("}", "%7D")),),
        body=Body("application/x-www-form-urlencoded", lambda: dict[str, str]),
        responses=(Response("200", "application/json", _answer),),
        idempotent=True,
    )
    return f"{parts.scheme}://{parts.netloc}", operation, form, auth
