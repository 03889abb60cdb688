"""Samples as a reader finds them on a page, and the requests that they stand for."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, unquote

_SAMPLE = re.compile(
    r"^(?:\*\*(?P<shown>Python|curl)\*\*"
    r"|<summary>(?P<folded>Python, async|curl|Console)</summary>)\n\n"
    r"(?P<ticks>`{3,})\w+\n(?P<text>.*?)\n(?P=ticks)$",
    re.DOTALL | re.MULTILINE,
)
_VARIABLE = re.compile(r"\$(\w+)")
# Shows how the shell calls curl: each argument and what is fed in, ended by NUL.
_SHOWING_CURL = "curl() { printf '%s\\0' \"$@\"; [ -t 0 ] || cat; }\n"


def groups(page: str) -> Iterator[dict[str, str]]:
    """Yield the samples of each request of a page, by what they are called."""
    group: dict[str, str] = {}
    for match in _SAMPLE.finditer(page):
        title = match["shown"] or match["folded"]
        if match["shown"] and group:
            yield group
            group = {}
        group[title] = match["text"]
    if group:
        yield group


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: the path without escapes, the query in pairs, the body as it was meant."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    authorization: str | None
    headers: tuple[tuple[str, str], ...]
    """Those that are parameters."""
    body: Any
    server: str = field(compare=False)
    media_type: str = field(compare=False)


_OF_TRANSPORT = frozenset({"accept", "accept-encoding", "content-type", "user-agent"})


def request(
    method: str, target: str, headers: Mapping[str, str], body: Any, *, server: str = ""
) -> Sent:
    """Return a request in the form that others are compared with."""
    path, _, query = target.removeprefix(server).partition("?")
    own = {name: value for name, value in headers.items() if name not in _OF_TRANSPORT}
    return Sent(
        method,
        unquote(path),
        tuple(parse_qsl(query, keep_blank_values=True)),
        own.pop("authorization", None),
        tuple(sorted(own.items())),
        body,
        server,
        headers.get("content-type", "application/json"),
    )


def variables(group: Mapping[str, str]) -> dict[str, str]:
    """Return a value for each environment variable that samples name."""
    named = {*re.findall(r'environ\["(\w+)"\]', group.get("Python", ""))}
    named |= {*_VARIABLE.findall(group.get("curl", ""))}
    return {name: f"the-{name.lower()}" for name in named if name.isupper()}


def of_curl(command: str, environment: Mapping[str, str], *, server: str) -> Sent:
    """Return what a curl command sends, as the shell reads it."""
    shell = ["sh", "-c", _SHOWING_CURL + command]
    shown = subprocess.run(
        shell, env=dict(environment), capture_output=True, text=True, check=True, input=""
    ).stdout
    *arguments, fed = shown.split("\0")
    method, address, headers = "GET", "", dict[str, str]()
    body: Any = None
    form: list[tuple[str, str]] = []
    words = iter(arguments)
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name.lower()] = value
            case "-b":
                cookie = next(words)
                headers["cookie"] = (
                    f"{headers['cookie']}; {cookie}" if headers.get("cookie") else cookie
                )
            case "-u":
                headers["authorization"] = basic(next(words))
            case "--data-binary":
                body = next(words)
            case "-F" | "--data-urlencode":
                name, _, value = next(words).partition("=")
                form.append((name, value))
            case _:
                assert not address, arguments
                address = word
    if form:
        body = form
    elif body == "@-":
        body = read(fed, headers["content-type"])
    elif body is not None and body.startswith("@"):
        body = Path(body[1:]).read_text()
    return request(method, address, headers, body, server=server)


def of_console(lines: str, environment: Mapping[str, str], media_type: str) -> Sent:
    """Return what a console sends, whose variables are those of the environment."""
    first, _, body = lines.partition("\n")
    method, _, target = first.partition(" ")
    for name, value in environment.items():
        body = body.replace(f"${{{name}}}", value)
    return request(method, f"/{target}", {}, read(body, media_type) if body else None)


def read(text: str, media_type: str) -> Any:
    """Return what a body of JSON says, or one of lines of JSON."""
    if "ndjson" in media_type or "jsonl" in media_type:
        return [json.loads(line) for line in text.splitlines() if line]
    return json.loads(text)


def basic(credentials: str) -> str:
    """Return the header of RFC 7617."""
    return f"Basic {base64.b64encode(credentials.encode()).decode()}"


class Told(Exception):
    """The request is known; nothing answers it."""


@dataclass(slots=True)
class Recorder:
    """A transport for either client: what it is to send is noted, and answered by another one."""

    sync: Any = None
    aio: Any = None
    seen: list[Sent] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.seen = []

    def note(self, sent: Any) -> None:
        headers = dict(sent.headers)
        content = sent.content
        if content is not None and not isinstance(content, bytes):
            content = b"".join(content.chunks())
        kind = headers.get("content-type", "")
        body: Any = None
        if content is not None:
            if "json" in kind or "jsonl" in kind:
                body = read(content.decode(), kind)
            elif kind.startswith("application/x-www-form-urlencoded"):
                body = parse_qsl(content.decode(), keep_blank_values=True)
            elif kind.startswith("multipart/"):
                body = [*_parts(content, kind)]
            else:
                body = content.decode()
        self.seen.append(request(sent.method, sent.target, headers, body, server=sent.base_url))


def _parts(content: bytes, kind: str) -> Iterator[tuple[str, str]]:
    """Yield names and values of the parts, files as curl names them."""
    boundary = kind.partition("boundary=")[2].strip('"').encode()
    for part in content.split(b"--" + boundary)[1:-1]:
        head, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        file = re.search(rb'filename="([^"]*)"', head)
        assert name is not None
        yield name[1].decode(), f"@{file[1].decode()}" if file else value.decode()


class _Sync:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def send(self, sent: Any) -> Any:
        self._recorder.note(sent)
        if self._recorder.sync is None:
            raise Told
        return self._recorder.sync.send(sent)

    def close(self) -> None:
        pass


class _Async:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def send(self, sent: Any) -> Any:
        self._recorder.note(sent)
        if self._recorder.aio is None:
            raise Told
        return await self._recorder.aio.send(sent)

    async def close(self) -> None:
        pass


def run(program: str, package: ModuleType, monkeypatch: Any, recorder: Recorder) -> Sent:
    """Execute a sample in Python and return what it sends."""
    for name, transport in (("Client", _Sync(recorder)), ("AsyncClient", _Async(recorder))):
        real = getattr(package, name)
        monkeypatch.setattr(
            package,
            name,
            lambda *args, _real=real, _transport=transport, **named: _real(
                *args, **named, transport=_transport, max_retries=0
            ),
        )
    with contextlib.suppress(Told), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        exec(compile(program, "<sample>", "exec"), {})
    monkeypatch.undo()
    assert len(recorder.seen) == 1
    return recorder.seen.pop()
