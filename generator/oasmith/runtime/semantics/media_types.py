"""What a media type says of a body (RFC 6838, RFC 6839; OpenAPI 3.2, media type object)."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final, Literal, TypeAlias

Notation: TypeAlias = Literal[
    "json", "lines", "events", "urlencoded", "multipart", "text", "binary"
]
"""How a body is written: JSON, one JSON text after the other, Server-Sent Events, a form in a line
of text or in parts, text, or bytes in a notation that is not read.
"""

JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
BYTES: Final = "application/octet-stream"
PLAIN: Final = "text/plain"

LINES: Final = frozenset(
    (
        "application/jsonl",
        "application/x-jsonl",
        "application/x-ndjson",
        "application/ndjson",
        "application/json-seq",
        "application/geo+json-seq",
        "application/stream+json",
        "application/x-json-stream",
    )
)
"""Media types of one JSON text after the other; those of RFC 7464 put a mark before each."""

_ANYTHING: Final = frozenset(("*/*", "application/*"))
_TEXTS_OF_STRUCTURES: Final = ("/xml", "+xml", "/yaml", "+yaml", "/x-yaml")


def bare(media_type: str) -> str:
    """Return the media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


# Bounded, for a server is free to send a new media type every time.
@lru_cache(maxsize=1024)
def notation(media_type: str) -> Notation:
    """Return how a body of the media type is written. Where it may be anything (`*/*`), as JSON."""
    name = bare(media_type)
    if name in LINES:
        return "lines"
    if name == EVENTS:
        return "events"
    if name in _ANYTHING or name.endswith(("/json", "+json")):
        return "json"
    if name == URLENCODED:
        return "urlencoded"
    if name.startswith("multipart/"):
        return "multipart"
    return "text" if name.startswith("text/") else "binary"


def is_json(media_type: str) -> bool:
    """Return whether a body of the media type is JSON (RFC 6839, section 3.1), or may be."""
    return notation(media_type) == "json"


def is_sequential(media_type: str) -> bool:
    """Return whether a body is one value after the other (OpenAPI 3.2, sequential media types)."""
    return notation(media_type) in ("lines", "events")


def is_form(media_type: str) -> bool:
    """Return whether a body has named members, as an object has."""
    return notation(media_type) in ("urlencoded", "multipart")


def is_text(media_type: str) -> bool:
    """Return whether a body is given as a string."""
    return notation(media_type) in ("text", "events")


def is_structured_text(media_type: str) -> bool:
    """Return whether a body is text in a notation for objects and lists that is not read."""
    return bare(media_type).endswith(_TEXTS_OF_STRUCTURES)


def is_media(media_type: str) -> bool:
    """Return whether a value is bytes and never text: a picture, a sound, a film, or just bytes."""
    return bare(media_type) == BYTES or media_type.startswith(("image/", "audio/", "video/"))


def is_range(media_type: str) -> bool:
    """Return whether it stands for several media types (RFC 9110, section 12.5.1)."""
    return "*" in media_type


def concrete(media_type: str) -> str:
    """Return the media type of a request body: of a range, the one that such a body is sent as."""
    if not is_range(media_type):
        return media_type
    match notation(media_type):
        case "json":
            return JSON
        case "multipart":
            return MULTIPART
        case "text":
            return PLAIN
        case _:
            return BYTES


# --- parts of a form ----------------------------------------------------------------------------


def single(content_type: str | None) -> str | None:
    """Return the media type of a part (OpenAPI 3.1, encoding object), None of several."""
    if content_type is None or "," in content_type or is_range(content_type):
        return None
    return content_type


def allows(content_type: str, media_type: str) -> bool:
    """Return whether a list of media types and ranges holds a media type."""
    return any(fnmatchcase(media_type, each.strip()) for each in content_type.split(","))
