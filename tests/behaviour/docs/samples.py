"""Samples as a reader finds them on a page, and the requests that they stand for."""

from __future__ import annotations

import base64
import json
import mimetypes
import re
import subprocess
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

_SAMPLE = re.compile(
    r"^(?:\*\*(?P<shown>Python|curl)\*\*"
    r"|<summary>(?P<folded>Python, async|curl|Console)</summary>)\n\n"
    r"(?P<ticks>`{3,})\w+\n(?P<text>.*?)\n(?P=ticks)$",
    re.DOTALL | re.MULTILINE,
)
_VARIABLE = re.compile(r"\$\{?(\w+)")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a multipart form; `content` is a value where it is JSON."""

    name: str
    file: str | None
    media_type: str | None
    content: Any


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, its target as it is on the wire. `body`: the value of JSON, the items of lines of
    JSON, the pairs or the parts of a form, else text.
    """

    method: str
    path: str
    query: tuple[str, ...]
    """Pairs, with their escapes."""
    authorization: str | None
    headers: tuple[tuple[str, str], ...]
    """Those that are parameters, and cookies."""
    media_type: str
    """Of the body, without the boundary of parts. Empty without a body."""
    body: Any
    server: str = field(compare=False)


_OF_TRANSPORT = frozenset({"accept", "accept-encoding", "content-type", "user-agent"})


def request(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: Any,
    *,
    server: str = "",
    media_type: str | None = None,
) -> Sent:
    """Return a request in the form that others are compared with."""
    path, _, query = target.removeprefix(server).partition("?")
    own = {name: value for name, value in headers.items() if name not in _OF_TRANSPORT}
    named = headers.get("content-type", "") if media_type is None else media_type
    if named.startswith("multipart/"):
        named = named.partition(";")[0]
    return Sent(
        method,
        path,
        tuple(map(_instant, query.split("&"))) if query else (),
        own.pop("authorization", None),
        tuple(sorted(own.items())),
        named,
        body,
        server,
    )


def _instant(pair: str) -> str:
    """Return a pair in which a time is written in one way; clients read and write it."""
    name, equals, value = pair.partition("=")
    time = unquote(value)
    if _TIME.match(time):
        with suppress(ValueError):
            return f"{name}{equals}{datetime.fromisoformat(time).isoformat()}"
    return pair


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def variables(group: Mapping[str, str]) -> dict[str, str]:
    """Return a value for each environment variable that samples name."""
    named = {*re.findall(r'environ\["(\w+)"\]', group.get("Python", ""))}
    named |= {*_VARIABLE.findall(group.get("curl", ""))}
    return {name: f"the-{name.lower()}" for name in named if name.isupper()}


def of_curl(command: str, environment: Mapping[str, str], *, servers: Sequence[str]) -> Sent:
    """Return what a curl command sends to one of the servers.

    The shell reads it, and its words mean here what they mean to curl (`test_curl.py` compares the
    two). An option that is not known here is an error.
    """
    shell = ["sh", "-c", _SHOWING_CURL + command]
    shown = subprocess.run(
        shell, env=dict(environment), capture_output=True, text=True, check=True, input=""
    ).stdout
    *arguments, fed = shown.split("\0")
    method, address, headers = "", "", dict[str, str]()
    data: list[str] = []
    is_globbing = True
    parts: list[Part] = []
    words = iter(arguments)
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-I":
                method = "HEAD"
            case "-g":
                is_globbing = False
            case "-H":
                header = next(words)
                if header.endswith(";") and ":" not in header:
                    headers[header[:-1].lower()] = ""
                else:
                    name, _, value = header.partition(":")
                    assert value.strip(), f"curl takes {header!r} for a header to leave out"
                    headers[name.lower()] = value.strip()
            case "-b":
                assert "cookie" not in headers
                headers["cookie"] = next(words)
                assert "=" in headers["cookie"], "curl takes it for a file"
            case "-u":
                headers["authorization"] = basic(next(words))
            case "--data-binary" | "--data":
                text = next(words)
                if text == "@-":
                    text = fed
                elif text.startswith("@"):
                    text = Path(text[1:]).read_text()
                data.append(text)
            case "--data-raw":
                data.append(next(words))
            case "--data-urlencode":
                name, equals, value = next(words).partition("=")
                assert equals and "@" not in name
                data.append(f"{name}={quote(value, safe='')}")
            case "-F":
                parts.append(_part_of_curl(next(words)))
            case "--form-string":
                name, _, value = next(words).partition("=")
                parts.append(Part(name=name, file=None, media_type=None, content=value))
            case _:
                assert not word.startswith("-"), f"unknown option {word}"
                assert not address, arguments
                address = word
    assert not (data and parts)
    assert not (is_globbing and {*"[]{}"} & {*address}), "curl takes it for a pattern"
    assert address.isascii() and " " not in address
    if data:
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
    if parts:
        headers.setdefault("content-type", "multipart/form-data")
    if not method:
        method = "POST" if data or parts else "GET"
    body: Any = parts or (read("&".join(data), headers["content-type"]) if data else None)
    server = max((each for each in servers if address.startswith(each)), key=len)
    return request(method, address, headers, body, server=server)


def _part_of_curl(word: str) -> Part:
    """Return the part that `-F` adds (curl, `formparse`)."""
    name, equals, rest = word.partition("=")
    assert equals
    if rest.startswith("@"):
        file, _, media_type = rest[1:].partition(";type=")
        guessed = mimetypes.guess_type(file)[0] or "application/octet-stream"
        content = Path(file).read_text()
        return Part(name=name, file=file, media_type=media_type or guessed, content=content)
    assert not rest.startswith(("<", "(")), f"curl does not take {rest!r} as it is"
    quoted = re.match(r'"((?:\\[\\"]|[^"\\]|\\(?![\\"]))*)"', rest)
    if quoted is not None:
        content = re.sub(r'\\([\\"])', r"\1", quoted[1])
        rest = rest[quoted.end() :]
        assert rest == "" or rest.startswith(";type="), rest
        media_type = rest.removeprefix(";type=")
    else:
        content, semicolon, after = rest.partition(";")
        assert content == content.strip(), "curl drops blanks at the ends"
        assert not semicolon or after.startswith("type="), f"curl cuts {rest!r}"
        media_type = after.removeprefix("type=")
    return part(name, None, media_type or None, content)


def part(name: str, file: str | None, media_type: str | None, content: str) -> Part:
    """Return a part, the value of its content if it is JSON."""
    is_json = media_type is not None and "json" in media_type
    value = json.loads(content) if is_json else content
    return Part(name=name, file=file, media_type=media_type, content=value)


def of_console(lines: str, environment: Mapping[str, str], media_type: str) -> Sent:
    """Return what a console sends, whose variables are those of the environment."""
    for name, value in environment.items():
        lines = lines.replace(f"${{{name}}}", value)
    first, _, body = lines.partition("\n")
    method, _, target = first.partition(" ")
    return request(
        method,
        f"/{target.removeprefix('/')}",
        {},
        read(body, media_type) if body else None,
        media_type=media_type if body else "",
    )


def read(text: str, media_type: str) -> Any:
    """Return the value of a body of JSON, the items of lines of JSON, the pairs of a form."""
    kind = media_type.partition(";")[0]
    if any(mark in kind for mark in ("ndjson", "jsonl", "json-seq", "stream+json", "event-")):
        return [json.loads(line) for line in re.split("[\x1e\n]", text) if line]
    if kind.endswith(("/json", "+json")):
        return json.loads(text)
    if kind == "application/x-www-form-urlencoded":
        # `&` and the like are escapes here, and so is `+`.
        return [
            (unquote_plus(name), unquote_plus(value))
            for name, _, value in (pair.partition("=") for pair in text.split("&") if pair)
        ]
    return text


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
            if kind.startswith("multipart/"):
                body = [*parts_of(content, kind)]
            else:
                body = read(content.decode(), kind)
        self.seen.append(request(sent.method, sent.target, headers, body, server=sent.base_url))


def parts_of(content: bytes, kind: str) -> Iterator[Part]:
    """Yield the parts of a multipart body."""
    boundary = kind.partition("boundary=")[2].strip('"').encode()
    for piece in content.split(b"--" + boundary)[1:-1]:
        head, _, value = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        file = re.search(rb'filename="([^"]*)"', head)
        media_type = re.search(rb"(?i)content-type: *([^\r\n]+)", head)
        yield part(
            name[1].decode() if name else "",
            file[1].decode() if file else None,
            media_type[1].decode() if media_type else None,
            value.removesuffix(b"\r\n").decode(),
        )


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
    with suppress(Told), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        exec(compile(program, "<sample>", "exec"), {})
    monkeypatch.undo()
    assert len(recorder.seen) == 1
    return recorder.seen.pop()
