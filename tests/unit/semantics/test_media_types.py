"""Media types, and what each says of a body."""

from __future__ import annotations

import pytest

from oasmith.runtime.semantics import media_types
from oasmith.runtime.semantics.media_types import Notation


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", "json"),
        ("Application/JSON; charset=utf-8", "json"),
        ("text/json", "json"),
        ("application/problem+json", "json"),
        ("application/vnd.api+json;version=2", "json"),
        ("*/*", "json"),
        ("application/*", "json"),
        ("application/x-ndjson", "lines"),
        ("application/geo+json-seq", "lines"),
        ("application/stream+json", "lines"),
        ("text/event-stream; charset=utf-8", "events"),
        ("application/x-www-form-urlencoded", "urlencoded"),
        ("multipart/form-data; boundary=x", "multipart"),
        ("multipart/mixed", "multipart"),
        ("text/plain", "text"),
        ("text/*", "text"),
        ("text/xml", "text"),
        ("application/xml", "binary"),
        ("application/octet-stream", "binary"),
        ("image/*", "binary"),
        ("application/jsonpatch", "binary"),
    ],
)
def test_notation(media_type: str, expected: Notation) -> None:
    assert media_types.notation(media_type) == expected


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json; charset=utf-8", "application/json; charset=utf-8"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/plain"),
        ("multipart/*", "multipart/form-data"),
        ("image/*", "application/octet-stream"),
    ],
)
def test_a_range_is_sent_as_one_media_type(media_type: str, expected: str) -> None:
    assert media_types.concrete(media_type) == expected


def test_text_of_objects_that_is_not_read() -> None:
    texts = ["application/xml", "image/svg+xml", "text/xml", "application/yaml", "text/x-yaml"]
    assert all(map(media_types.is_structured_text, [*texts, "application/vnd.oai+yaml; v=3"]))
    assert not any(map(media_types.is_structured_text, ["application/json", "text/plain"]))


def test_media_types_of_parts() -> None:
    assert media_types.single("image/png") == "image/png"
    assert [media_types.single(each) for each in (None, "image/png, image/gif", "image/*")] == [
        None,
        None,
        None,
    ]
    assert media_types.allows("text/plain, image/*", "image/gif")
    assert not media_types.allows("text/plain, image/*", "audio/ogg")
