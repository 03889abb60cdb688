"""Bodies that are not JSON."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from oasmith.runtime.errors import InvalidRequest
from oasmith.runtime.files import File
from oasmith.runtime.models import Binary, Omittable, RequestModel, Secret
from oasmith.runtime.operations import Body, Encoding, Operation, Route
from oasmith.runtime.requests import Prepared, prepare


class Form(RequestModel):
    name: str
    tags: Omittable[list[str]] = None
    secret: Omittable[Secret] = None
    data: Omittable[dict[str, Any]] = None
    flag: Omittable[bool] = None
    file: Omittable[Binary] = None


def sent(media_type: str, body: Any, *encodings: Encoding, type_: Any = Form) -> Prepared:
    operation: Operation[None] = Operation(
        id="upload",
        method="POST",
        routes=(Route("/"),),
        body=Body(media_type, lambda: type_, encodings=encodings),
    )
    return prepare(operation, {}, body)


def whole(prepared: Prepared) -> bytes:
    content = prepared.content
    assert content is not None
    return content if isinstance(content, bytes) else b"".join(content.chunks())


def parts(prepared: Prepared) -> list[tuple[str | None, str | None, str | None, bytes]]:
    head = f"content-type: {prepared.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + whole(prepared), policy=HTTP)
    assert message.is_multipart()
    found: Iterable[Any] = message.get_payload()
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part["content-type"],
            part.get_payload(decode=True),
        )
        for part in found
    ]


def test_urlencoded() -> None:
    prepared = sent(
        "application/x-www-form-urlencoded",
        {"name": "a b&c", "tags": ["x", "y"], "secret": "sk-1", "flag": True},
        Encoding("tags", explode=False),
    )
    assert whole(prepared) == b"name=a%20b%26c&tags=x,y&secret=sk-1&flag=true"
    assert prepared.headers["content-type"] == "application/x-www-form-urlencoded"
    assert prepared.secrets == ["sk-1"]
    deep = sent("application/x-www-form-urlencoded", {"name": "", "data": {"a": [1.0]}})
    assert whole(deep) == b"name=&data=%7B%22a%22%3A%5B1.0%5D%7D"


def test_multipart(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"on disk")
    for file, name, content in (
        (b"raw", "file", b"raw"),
        (path, "notes.txt", b"on disk"),
        (io.BytesIO(b"memory"), "file", b"memory"),
        (File(b"named", 'a"b.bin', "image/png"), "a%22b.bin", b"named"),
    ):
        prepared = sent(
            "multipart/form-data",
            {"name": "ü", "tags": ["x", "y"], "secret": "sk-1", "data": {"a": 1.0}, "file": file},
        )
        media_type = "image/png" if isinstance(file, File) else "application/octet-stream"
        assert parts(prepared) == [
            ("name", None, None, "ü".encode()),
            ("tags", None, None, b"x"),
            ("tags", None, None, b"y"),
            ("secret", None, None, b"sk-1"),
            ("data", None, "application/json", b'{"a":1.0}'),
            ("file", name, media_type, content),
        ]
        assert prepared.content is not None
        assert not isinstance(prepared.content, bytes)
        assert prepared.content.length == len(whole(prepared))
        assert prepared.repeatable


def test_multipart_takes_media_types_from_the_document() -> None:
    prepared = sent("multipart/form-data", {"name": "a"}, Encoding("name", "text/csv"))
    assert parts(prepared) == [("name", None, "text/csv", b"a")]


class Tap(io.RawIOBase):
    """A pipe: read once, of unknown length."""

    def __init__(self) -> None:
        self.rest = b"x" * 100_000

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


def test_a_pipe_can_be_sent_once() -> None:
    prepared = sent("application/octet-stream", Tap(), type_=Any)
    assert prepared.content is not None
    assert not isinstance(prepared.content, bytes)
    assert prepared.content.length is None
    assert not prepared.repeatable
    assert whole(prepared) == b"x" * 100_000


def test_a_file_is_sent_from_where_it_stands() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"headbody")
        file.seek(4)
        prepared = sent("application/octet-stream", file, type_=Any)
        assert not isinstance(prepared.content, bytes)
        assert prepared.content is not None
        assert prepared.content.length == 4
        assert whole(prepared) == b"body"
        assert whole(prepared) == b"body"


def test_text_bytes_and_lines() -> None:
    assert whole(sent("text/plain", "ü", type_=str)) == "ü".encode()
    assert whole(sent("application/pdf", b"%PDF", type_=bytes)) == b"%PDF"
    lines = sent("application/x-ndjson", [{"a": 1.0}, Form(name="ü")], type_=list[Any])
    assert whole(lines) == '{"a":1.0}\n{"name":"ü"}\n'.encode()


def test_what_is_no_body() -> None:
    with pytest.raises(InvalidRequest, match="upload: int is not bytes"):
        sent("application/octet-stream", 5, type_=Any)
    with pytest.raises(InvalidRequest, match="upload: a form needs members"):
        sent("multipart/form-data", 5, type_=Any)
    with pytest.raises(InvalidRequest, match="upload: data: cannot be written as text: Object"):
        sent("application/x-www-form-urlencoded", {"name": "a", "data": {"x": object()}})
    with pytest.raises(InvalidRequest, match="upload: file: should be bytes, an open file, a path"):
        sent("multipart/form-data", {"name": "a", "file": 5})
    with pytest.raises(InvalidRequest, match="upload: secret: the environment variable NO_SUCH"):
        sent("multipart/form-data", {"name": "a", "secret": "env:NO_SUCH"})
