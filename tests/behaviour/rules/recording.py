"""A transport that sends nothing and remembers what it was to send."""

from __future__ import annotations

from dataclasses import dataclass, field

from elasticsearch_inference._runtime.transport import Request, Response


class Sent(Exception):
    """The call got as far as being sent."""


@dataclass(slots=True)
class Recording:
    requests: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        raise Sent

    def close(self) -> None:
        pass
