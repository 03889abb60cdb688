"""Bodies in their media types (OpenAPI 3.2, media type object)."""

from __future__ import annotations

from dataclasses import replace

from oasmith.ir.build.context import Build
from oasmith.ir.build.streams import Streams
from oasmith.ir.build.uses import use_of
from oasmith.ir.build.words import examples_of, read_as_json
from oasmith.ir.names import pascal
from oasmith.ir.types import (
    Anything,
    Content,
    Context,
    Encoding,
    Example,
    ListOf,
    MapOf,
    Scalar,
    ScalarKind,
    Use,
    Within,
)
from oasmith.openapi import Node
from oasmith.runtime.semantics.media_types import (
    is_form,
    is_json,
    is_range,
    is_sequential,
    is_structured_text,
    is_text,
)
from oasmith.runtime.semantics.styles import STYLES, Style
from oasmith.source import Json

_STYLES: dict[str, Style] = {style: style for style in STYLES["query"]}
"""Of the fields of a form."""


class Contents:
    """Builds the `content` of bodies and responses."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.streams = Streams(build)

    def of(self, holder: Node, context: Context) -> tuple[Content, ...]:
        """Return the contents under `content`. Media types with the same schema share its type."""
        found: list[Content] = []
        schemas: list[tuple[Json, Use]] = []
        entries = [(media_type, node.follow()) for media_type, node in holder.members("content")]
        distinct: list[Json] = []
        for _, node in entries:
            schema = node.get("schema")
            if schema is not None and schema.value not in distinct:
                distinct.append(schema.value)
        for media_type, node in entries:
            inside = (
                context
                if len(distinct) < 2
                else Within(context, pascal(media_type.partition("/")[2] or media_type), "As")
            )
            schema = node.get("schema")
            use: Use
            known = None
            if schema is not None:
                known = next((use for value, use in schemas if value == schema.value), None)
            if known is not None:
                use = known
            elif schema is not None:
                use = use_of(self.build, schema, inside)
                schemas.append((schema.value, use))
            else:
                use = self._unstated(media_type, node)
            found.append(self._content(media_type, node, use, inside))
        for content, (_, node) in zip(found, entries, strict=True):
            if not _is_read(content, node) and not any(
                _is_read(other, at) and other.type == content.type
                for other, (_, at) in zip(found, entries, strict=True)
            ):
                what = f"the schema of `{content.media_type}`, which is given as text or bytes"
                self.build.report_unchecked(content.at, what)
        return tuple(found)

    def _content(self, media_type: str, node: Node, use: Use, context: Context) -> Content:
        item = use.item if isinstance(use, ListOf) else use
        stream = self.streams.of(media_type, node, item, context)
        if stream is not None:
            use = ListOf(item=stream.item, at=node.at)
        examples = examples_of(node)
        if not isinstance(use, (Scalar, Anything)):
            examples = tuple(map(_parsed, examples))
        return Content(
            media_type=media_type,
            type=use,
            stream=stream,
            encodings=self._encodings(node),
            examples=examples,
            at=node.at,
        )

    def _unstated(self, media_type: str, node: Node) -> Use:
        """Return what a body without a schema is: bytes, text, or any JSON."""
        is_described = is_json(media_type) and not is_range(media_type)
        if is_described or is_sequential(media_type) or is_form(media_type):
            return Anything(at=node.at)
        text = is_text(media_type) or is_structured_text(media_type)
        kind = ScalarKind.STRING if text else ScalarKind.BINARY
        return Scalar(kind=kind, at=node.at)

    def _encodings(self, node: Node) -> tuple[Encoding, ...]:
        found = []
        for field, encoding in node.members("encoding"):
            explode = encoding.get("explode")
            if encoding.get("headers") is not None:
                self.build.report_unchecked(encoding.at, "headers of a part of a body")
            found.append(
                Encoding(
                    field=field,
                    content_type=encoding.string("contentType"),
                    style=_STYLES.get(encoding.string("style") or ""),
                    explode=encoding.boolean("explode") if explode is not None else None,
                    allow_reserved=encoding.boolean("allowReserved"),
                    at=encoding.at,
                )
            )
        return tuple(found)


def _is_read(content: Content, node: Node) -> bool:
    """Say whether the type of a content is what its readers and writers see."""
    return (
        content.stream is not None
        or isinstance(content.type, Scalar)
        or _is_string(node)
        or is_json(content.media_type)
        or is_form(content.media_type)
        or (is_text(content.media_type) and not isinstance(content.type, ListOf | MapOf))
    )


def _is_string(node: Node) -> bool:
    """Say whether the schema of a media type is a string, by whatever name."""
    schema = node.get("schema")
    return (
        schema is not None
        and isinstance(value := schema.follow().value, dict)
        and value.get("type") == "string"
    )


def _parsed(example: Example) -> Example:
    value = read_as_json(example.value)
    return example if value is example.value else replace(example, value=value)
