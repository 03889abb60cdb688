"""A real HTTP server on loopback that remembers what it was asked and answers as it was told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came in. `target` is the path and query, byte for byte."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(value: Any, status: int = 200) -> Answer:
        return Answer(status, json.dumps(value).encode())


@dataclass(slots=True)
class Server:
    """Answers with `answers` in turn, the last one for ever after."""

    url: str = ""
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    seen: list[Seen] = field(default_factory=list)

    @property
    def last(self) -> Seen:
        return self.seen[-1]

    def _answer(self, request: Seen) -> Answer:
        self.seen.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serve() -> Iterator[Server]:
    """Run a server in a thread of its own."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = server._answer(Seen(self.command, self.path, headers, self.rfile.read(length)))
            self.send_response(answer.status)
            if answer.status != 204:
                self.send_header("content-type", answer.content_type)
            self.send_header("content-length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = do_HEAD = _any

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        server.url = f"http://127.0.0.1:{http.server_address[1]}"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


ENDPOINT = Answer.of(
    {
        "inference_id": "my-id",
        "task_type": "completion",
        "service": "openai",
        "service_settings": {
            "model_id": "gpt-4o",
            "rate_limit": {"requests_per_minute": 500},
            "since_tomorrow": {"a": [1, 2.0, None]},
        },
        "added_later": True,
    }
)
"""What the server answers to the creation of an endpoint, with members that nobody foresaw."""
