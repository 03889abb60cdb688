"""What both clients share: from a call to its request, from an answer to its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .auth import bearer
from .connections import address_of
from .headers import Headers
from .operations import Operation
from .options import Options, Settings
from .raw_responses import RawResponse
from .retries import Attempts
from .transport import Request

if TYPE_CHECKING:
    from .requests import Prepared
    from .responses import Decoder

T = TypeVar("T")


class Caller:
    """What both clients share."""

    _settings: Settings
    _options: Options

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._options.base_url!r})"

    def _prepare(
        self, operation: Operation[Any], arguments: Mapping[str, Any], body: Any
    ) -> Prepared:
        from . import requests

        return requests.prepare(
            operation,
            arguments,
            body,
            credentials=self._options.credentials,
            media_types=self._settings.media_types,
        )

    def _address(self, operation: Operation[Any]) -> str:
        """Give the server of an operation."""
        options = self._options
        if operation.server is None or (options.is_explicit and "://" in operation.server):
            return options.base_url
        return address_of(operation.server, options.base_url)

    def _request(
        self,
        operation: Operation[Any],
        prepared: Prepared,
        attempts: Attempts,
        token: str | None,
    ) -> Request:
        attempts.check()
        headers = {**dict(self._options.headers), **prepared.headers}
        if token is not None:
            headers.update([bearer(token)])
            prepared.secrets.append(token)
        return Request(
            operation.method,
            self._address(operation),
            prepared.target,
            tuple(headers.items()),
            prepared.content,
            attempts.timeout,
            attempts.deadline,
        )

    def _attempts(self, operation: Operation[Any], prepared: Prepared) -> Attempts:
        options = self._options
        return Attempts(operation, options.timeout, options.max_retries, prepared.repeatable)

    def _decoder(
        self, operation: Operation[T], prepared: Prepared, status: int, headers: Headers
    ) -> Decoder[T]:
        from . import responses

        return responses.Decoder(
            operation,
            status,
            headers,
            secrets=prepared.secrets,
            request_id_headers=self._settings.request_id_headers,
        )

    def _raw(
        self,
        operation: Operation[T],
        prepared: Prepared,
        status: int,
        headers: Headers,
        body: bytes,
    ) -> RawResponse[T]:
        """Give a success; raise anything else."""
        from . import responses

        if responses.is_success(operation, status):
            return RawResponse(operation, status, headers, body)
        raise responses.refusal(
            operation,
            status,
            headers,
            body,
            secrets=prepared.secrets,
            request_id_headers=self._settings.request_id_headers,
        )

    def _read(self, prepared: Prepared, raw: RawResponse[T]) -> T:
        from . import responses

        return responses.read(
            raw.operation, raw.status, raw.headers, raw.body, secrets=prepared.secrets
        )
