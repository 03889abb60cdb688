"""How bodies are written, by media type."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from pydantic import BaseModel, SecretStr, TypeAdapter
from pydantic_core import PydanticSerializationError

from . import checks
from .errors import Problem
from .files import File
from .operations import Body, Encoding
from .references import SecretUnavailable
from .secrets import Reveal, reveal
from .semantics import media_types, styles
from .semantics.text import text
from .transport import Content

_CHUNK: Final = 65536


class Unwritable(Exception):
    """The body cannot be written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Encoded:
    """A body and the media type that it got."""

    content: bytes | Content
    media_type: str


def encode(body: Body, value: Any, adapter: TypeAdapter[Any], context: Reveal) -> Encoded:
    """Write a checked body.

    Raises:
        Unwritable: It holds something that the media type cannot.
    """
    media_type = media_types.concrete(body.media_type)
    match media_types.notation(media_type):
        case "json":
            return Encoded(write_json(value, adapter, context), media_type)
        case "urlencoded" if not _is_file(value):
            return Encoded(_urlencoded(_members(value, context), body.encodings), media_type)
        case "multipart":
            boundary = secrets.token_hex(16)
            form = Multipart(boundary, list(_parts(value, body.encodings, context)))
            return Encoded(form, f"{media_types.bare(media_type)}; boundary={boundary}")
        case "lines":
            start = b"\x1e" if media_types.bare(media_type).endswith("json-seq") else b""
            lines = [write_json(item, adapter_of_item(item), context) for item in value]
            return Encoded(b"".join(start + line + b"\n" for line in lines), media_type)
        case "text" | "events" if not _is_file(value):
            try:
                return Encoded(_utf8(text(value)), media_type)
            except ValueError as error:
                raise Unwritable([Problem("", str(error))]) from None
        case "text" | "events" | "urlencoded" | "binary":
            if isinstance(value, File) and value.media_type is not None:
                media_type = value.media_type
            elif media_types.is_range(body.media_type):
                media_type = media_types.BYTES
            return Encoded(_binary(value), _line(media_type))


def adapter_of_item(item: object) -> TypeAdapter[Any]:
    """Give what writes one line: a model writes itself, anything else as JSON has it."""
    return TypeAdapter(type(item) if isinstance(item, BaseModel) else Any)


def write_json(value: Any, adapter: TypeAdapter[Any], context: Reveal) -> bytes:
    """Write compact JSON in UTF-8: what was set, by wire names, in the order of the class.

    Raises:
        Unwritable: A number that JSON does not have, a secret that is not there, or the like.
    """
    serializer = (
        value.__pydantic_serializer__ if isinstance(value, BaseModel) else adapter.serializer
    )
    try:
        data = serializer.to_json(
            value, by_alias=True, exclude_unset=True, warnings="error", context=context
        )
    except (PydanticSerializationError, UnicodeEncodeError):
        found = list(checks.unsendable(value))
        raise Unwritable(found or [Problem("", "holds a value that cannot be sent")]) from None
    # Seldom true, and then mostly because a text says so.
    if b"NaN" in data or b"Infinity" in data:
        found = list(checks.unsendable(value))
        if found:
            raise Unwritable(found)
    return data


# --- forms --------------------------------------------------------------------------------------


def set_members(value: BaseModel) -> dict[str, Any]:
    """Give the members of a model that are set, by wire names."""
    fields = type(value).model_fields
    members = {
        field.serialization_alias or name: getattr(value, name)
        for name, field in fields.items()
        if name in value.model_fields_set
    }
    return {**members, **(value.model_extra or {})}


def _members(value: Any, context: Reveal) -> dict[str, Any]:
    """Give the members that are set, by wire names; files are left as they are."""
    match value:
        case BaseModel():
            members = set_members(value)
        case Mapping():
            given = cast("Mapping[object, Any]", value)
            members = {str(key): item for key, item in given.items()}
        case _:
            raise Unwritable([Problem("", "a form needs members")])
    found: list[Problem] = []
    for name, item in members.items():
        try:
            members[name] = _plain(item, context)
        except SecretUnavailable as error:
            found.append(Problem(name, str(error)))
    if found:
        raise Unwritable(found)
    return members


def _plain(item: Any, context: Reveal) -> Any:
    match item:
        case SecretStr():
            revealed = reveal(item)
            context.values.append(revealed)
            return revealed
        case BaseModel():
            return json.loads(write_json(item, TypeAdapter(Any), context))
        case list() | tuple():
            return [_plain(inner, context) for inner in cast("Iterable[Any]", item)]
        case Mapping():
            members = cast("Mapping[str, Any]", item)
            return {key: _plain(inner, context) for key, inner in members.items()}
        case _:
            return item


def _urlencoded(members: dict[str, Any], encodings: tuple[Encoding, ...]) -> bytes:
    by_field = {encoding.field: encoding for encoding in encodings}
    pairs: list[str] = []
    found: list[Problem] = []
    for name, item in members.items():
        encoding = by_field.get(name, Encoding(name))
        try:
            pairs += styles.form_pairs(
                name,
                item,
                encoding.style,
                encoding.explode,
                encoding.allow_reserved,
                text,
            )
        except (ValueError, UnicodeEncodeError) as error:
            found.append(Problem(name, str(error)))
    if found:
        raise Unwritable(found)
    return "&".join(pairs).encode()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form."""

    head: bytes
    content: bytes | Content


class Multipart:
    """A `multipart` body (RFC 2046, RFC 7578), its files read only as they are sent."""

    __slots__ = ("_end", "_parts")

    def __init__(self, boundary: str, parts: list[Part]) -> None:
        self._parts = [
            Part(b"--" + boundary.encode() + b"\r\n" + part.head, part.content) for part in parts
        ]
        self._end = f"--{boundary}--\r\n".encode()

    @property
    def length(self) -> int | None:
        """How many bytes it has, where that is known."""
        total = len(self._end)
        for part in self._parts:
            size = len(part.content) if isinstance(part.content, bytes) else part.content.length
            if size is None:
                return None
            total += len(part.head) + size + 2
        return total

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent again."""
        return all(
            isinstance(part.content, bytes) or part.content.repeatable for part in self._parts
        )

    def chunks(self) -> Iterator[bytes]:
        """Give the bytes from the start."""
        for part in self._parts:
            yield part.head
            if isinstance(part.content, bytes):
                yield part.content
            else:
                yield from part.content.chunks()
            yield b"\r\n"
        yield self._end


def _parts(value: Any, encodings: tuple[Encoding, ...], context: Reveal) -> Iterator[Part]:
    if isinstance(value, list):
        # A `multipart/mixed` of parts that have an order and no names (OpenAPI 3.2).
        for item in _plain(value, context):
            yield _part(None, item, None, context)
        return
    by_field = {encoding.field: encoding for encoding in encodings}
    for name, item in _members(value, context).items():
        encoding = by_field.get(name, Encoding(name))
        try:
            for key, one in styles.form_parts(name, item, encoding.style, encoding.explode, text):
                yield _part(key, one, encoding.content_type, context)
        except ValueError as error:
            raise Unwritable([Problem(name, str(error))]) from None


def _part(name: str | None, item: Any, media_type: str | None, context: Reveal) -> Part:
    headers = [] if name is None else [f'Content-Disposition: form-data; name="{_quoted(name)}"']
    content: bytes | Content
    file: File | None = None
    match item:
        case File():
            file = item
        case _ if _is_file(item):
            file = File(item)
        case _:
            pass
    if file is not None:
        media_type = file.media_type or _of_file(media_type, file.name)
        if name is not None:
            headers[0] += f'; filename="{_quoted(file.name or name)}"'
        headers += [f"{key}: {_line(text)}" for key, text in file.headers.items()]
        content = _binary(file.content)
    elif isinstance(item, Mapping | list):
        media_type = media_types.single(media_type) or media_types.JSON
        content = write_json(item, TypeAdapter(Any), context)
    else:
        media_type = media_types.single(media_type) or (media_types.PLAIN if name is None else None)
        content = _utf8(text(item))
    if media_type is not None:
        headers.append(f"Content-Type: {_line(media_type)}")
    return Part("\r\n".join(headers).encode() + b"\r\n\r\n", content)


def _of_file(media_type: str | None, name: str | None) -> str:
    """Give the media type of a file: where the document allows several, as its name says."""
    from mimetypes import guess_type

    one = media_types.single(media_type)
    if one is None and media_type is not None and name is not None:
        guessed, _ = guess_type(name)
        if guessed is not None and media_types.allows(media_type, guessed):
            one = guessed
    return one or media_types.BYTES


def _line(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise ValueError("a header holds only printable ASCII")
    return value


def _quoted(name: str) -> str:
    # As browsers do (WHATWG HTML, multipart/form-data encoding algorithm).
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


# --- bytes --------------------------------------------------------------------------------------


class Chunks:
    """Bytes that somebody gives piece by piece, once."""

    __slots__ = ("_pieces",)

    length = None
    repeatable = False

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def chunks(self) -> Iterator[bytes]:
        """Give the bytes. An empty piece would end a chunked body."""
        return (piece for piece in self._pieces if piece)


class FileContent:
    """A file, read as it is sent."""

    __slots__ = ("_source", "_start")

    def __init__(self, source: BinaryIO | os.PathLike[str]) -> None:
        self._source = source
        seekable = not isinstance(source, os.PathLike) and source.seekable()
        self._start = source.tell() if seekable and not isinstance(source, os.PathLike) else None

    @property
    def length(self) -> int | None:
        """How many bytes there are from the start."""
        if isinstance(self._source, os.PathLike):
            return Path(self._source).stat().st_size
        if self._start is None:
            return None
        end = self._source.seek(0, os.SEEK_END)
        self._source.seek(self._start)
        return end - self._start

    @property
    def repeatable(self) -> bool:
        """Whether the file can be read again."""
        return isinstance(self._source, os.PathLike) or self._start is not None

    def chunks(self) -> Iterator[bytes]:
        """Read the file."""
        if isinstance(self._source, os.PathLike):
            with Path(self._source).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
            return
        if self._start is not None:
            self._source.seek(self._start)
        while chunk := self._source.read(_CHUNK):
            yield chunk


def _is_file(value: object) -> bool:
    return isinstance(value, bytes | bytearray | os.PathLike | File) or hasattr(value, "read")


def _binary(value: Any) -> bytes | Content:
    match value:
        case bytes():
            return value
        case bytearray() | memoryview():
            return bytes(cast("bytearray", value))
        case str():
            return _utf8(value)
        case File():
            return _binary(value.content)
        case os.PathLike():
            return FileContent(cast("os.PathLike[str]", value))
        case _ if hasattr(value, "read"):
            return FileContent(value)
        case Iterator():
            return Chunks(cast("Iterator[bytes]", value))
        case _:
            raise Unwritable([Problem("", f"{type(value).__name__} is not bytes")])


def _utf8(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise Unwritable([Problem("", "holds half a character (a lone surrogate)")]) from None
