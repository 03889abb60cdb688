"""Access tokens, fetched when a call needs one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..auth import Basic, ClientCredentials
from ..errors import TimedOut
from ..oauth2 import KnownTokens, token_request
from ..retries import Attempts
from .primitives import Lock

if TYPE_CHECKING:
    from .client import AsyncClient


class AsyncTokens(KnownTokens):
    """The tokens of an async client. They belong to its event loop.

    Args:
        client: Return a client for the token server, with these credentials and seconds for a call.
    """

    def __init__(
        self, client: Callable[[str, tuple[Basic, ...], float | None], AsyncClient]
    ) -> None:
        super().__init__()
        self._client = client
        self._lock = Lock()

    async def fetch(self, grant: ClientCredentials, base_url: str, attempts: Attempts) -> str:
        """Return a token, a known one if there is one. A call waits no longer than its deadline.

        Raises:
            ApiError: The token server refuses.
            ConnectionFailed: There is no response. `TimedOut`: the time of the call is over.
            InvalidRequest: The secret is not there.
        """
        token = self.get(grant)
        if token is None:
            async with self._lock.held(attempts):
                token = self.get(grant)
                if token is None:
                    origin, operation, form, auth = token_request(grant, base_url)
                    asked = time.monotonic()
                    client = self._client(origin, auth, attempts.check())
                    try:
                        answer = await client.call(operation, {}, form)
                    except TimedOut:
                        attempts.check()
                        raise
                    token = self.put(grant, answer, asked)
        return token
