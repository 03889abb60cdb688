"""What the tests take curl's options to mean is what curl makes of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from behaviour.docs.samples import groups, of_curl, parts_of, read, request, variables
from oasmith import pipeline
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from oasmith.targets.markdown.settings import MarkdownSettings

HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("document", "least"), [("forms.yaml", 9), ("styles.yaml", 12)])
def test_curl_sends_what_the_tests_expect(
    document: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"markdown": MarkdownSettings(samples=("curl",))}
    config = Config(document=HERE / document, output=tmp_path, emit=("docs",), targets=settings)
    files = pipeline.generate(config, Diagnostics()).files
    commands = [group["curl"] for file in files for group in groups(file.text) if "curl" in group]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content.bin").write_bytes(b"content")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for command in commands:
            local = re.sub(r"https://[a-z.]*example.com", server, command, count=1)
            environment = {**os.environ, **variables({"curl": local})}
            assert sent(local, environment, listener) == of_curl(
                local, environment, servers=[server]
            )
    assert len(commands) >= least


def sent(command: str, environment: dict[str, str], listener: socket.socket) -> object:
    """Run the command and return the request that arrives."""
    received: list[bytes] = []
    thread = threading.Thread(target=lambda: received.append(answer(listener)))
    thread.start()
    subprocess.run(
        ["sh", "-c", command.replace("curl ", "curl --silent --max-time 10 ", 1)],
        env=environment,
        check=True,
        capture_output=True,
    )
    thread.join()
    head, _, content = received[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    length = headers.pop("content-length", "")
    headers.pop("host")
    headers.pop("expect", None)
    kind = headers.get("content-type", "")
    body: object = None
    if length:
        body = [*parts_of(content, kind)] if "multipart/" in kind else read(content.decode(), kind)
    return request(method, target, headers, body)


def answer(listener: socket.socket) -> bytes:
    """Take one request and answer that there is nothing to say."""
    connection, _ = listener.accept()
    with connection:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        length = re.search(rb"(?i)content-length: *(\d+)", data)
        end = data.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
        if b"100-continue" in data:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(data) < end:
            data += connection.recv(65536)
        connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
    return data


def test_a_request_that_cannot_be_sent_is_shown_all_the_same(tmp_path: Path) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/x": {
                "post": {
                    "parameters": [
                        {
                            "name": "X-A",
                            "in": "header",
                            "required": True,
                            "schema": {"type": "string"},
                            "example": "é",
                        }
                    ],
                    "requestBody": {
                        "content": {
                            "multipart/form-data": {
                                "schema": {"properties": {"in": INSIDE}, "required": ["in"]}
                            }
                        }
                    },
                    "responses": {"204": {"description": "Done."}},
                }
            }
        },
    }
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    settings = {"markdown": MarkdownSettings(samples=("curl",))}
    config = Config(document=file, output=tmp_path, emit=("docs",), targets=settings)
    files = pipeline.generate(config, Diagnostics()).files
    command, *_ = [group["curl"] for file in files for group in groups(file.text)]
    assert '-H "X-A: é"' in command
    assert '-F "in={\\"file\\":\\"content.bin\\"};type=application/json"' in command


INSIDE = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
