"""What bodies are to a caller, by their media types: models, texts, or bytes."""

from __future__ import annotations

from dataclasses import replace

from oasmith.ir import types as ir
from oasmith.runtime.semantics.media_types import (
    BYTES,
    MULTIPART,
    PLAIN,
    URLENCODED,
    bare,
    is_form,
    is_json,
    is_text,
)
from oasmith.targets.python.naming import snake_case


def received(content: ir.Content) -> ir.Use | None:
    """Return what is read from a body: None for bytes, as they come."""
    if content.stream is not None:
        return content.stream.item
    if _is_binary(content.type):
        return None
    if is_json(content.media_type):
        return content.type
    if is_text(content.media_type):
        return content.type if _is_scalar(content.type) else _text(content)
    return None


def sent(content: ir.Content) -> ir.Content:
    """Return the content with what is given for it: text and bytes where no form is known."""
    if (
        content.stream is not None
        or is_json(content.media_type)
        or is_form(content.media_type)
        or _is_binary(content.type)
        or (is_text(content.media_type) and _is_scalar(content.type))
    ):
        return content
    if is_text(content.media_type):
        return replace(content, type=_text(content))
    file = ir.Scalar(kind=ir.ScalarKind.BINARY, at=content.at)
    either = ir.AnyOf(options=(_text(content), file), told_apart=ir.ByJsonType(), at=content.at)
    return replace(content, type=either)


def suffix(media_type: str) -> str:
    """Return the word for a media type in the name of a method."""
    kind = bare(media_type)
    if kind in _WORDS:
        return _WORDS[kind]
    main, _, sub = kind.partition("/")
    return snake_case(main if sub in ("", "*") else sub.removeprefix("x-")).rstrip("_")


_WORDS = {
    URLENCODED: "form",
    MULTIPART: "multipart",
    BYTES: "bytes",
    PLAIN: "text",
}


def _is_binary(use: ir.Use) -> bool:
    return isinstance(use, ir.Scalar) and use.kind is ir.ScalarKind.BINARY


def _is_scalar(use: ir.Use) -> bool:
    """Say whether a text can be read as such a value, or written from it. Of a reference: yes."""
    match use:
        case ir.ListOf() | ir.MapOf() | ir.TupleOf() | ir.Anything():
            return False
        case ir.Nullable(of=of):
            return _is_scalar(of)
        case _:
            return True


def _text(content: ir.Content) -> ir.Use:
    return ir.Scalar(kind=ir.ScalarKind.STRING, at=content.at)
