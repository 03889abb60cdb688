"""Bytes that JSON holds as text (JSON Schema validation 8.3, `contentEncoding: base64`)."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def _decode(value: object) -> bytes:
    from .semantics.text import read_base64  # what only a call needs

    match value:
        case bytes():
            return value
        case str():
            try:
                return read_base64(value)
            except ValueError:
                raise PydanticCustomError("base64", "Input should be base64") from None
        case _:
            raise PydanticCustomError("base64", "Input should be bytes, or text in base64")


def _encode(value: object) -> object:
    from .semantics.text import write_base64

    return write_base64(value) if isinstance(value, bytes) else value


class _Base64Type:
    """Says to pydantic how a `Base64` is read and written."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _decode,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _encode, when_used="json"
            ),
        )


Base64: TypeAlias = Annotated[bytes, _Base64Type()]
"""Bytes. Given as text they are decoded from base64; in JSON they are written in base64."""
