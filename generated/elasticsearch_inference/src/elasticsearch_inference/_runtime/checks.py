"""Checking values against types, with problems in plain words and without the values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, PydanticUserError, SecretStr, TypeAdapter
from pydantic_core import ErrorDetails, ValidationError

from .errors import Problem
from .models import union_message
from .references import SecretUnavailable
from .secrets import reveal

_CONFIG = ConfigDict(
    hide_input_in_errors=True,
    # As `RequestModel` does: what slipped through is found in the JSON.
    ser_json_inf_nan="constants",
)


def adapter(type_: Callable[[], Any]) -> TypeAdapter[Any]:
    """Make the adapter of a type."""
    resolved = type_()
    try:
        return TypeAdapter(resolved, config=_CONFIG)
    except PydanticUserError as error:
        if error.code != "type-adapter-config-unused":
            raise
        return TypeAdapter(resolved)


def problems(
    error: ValidationError, value: object, at: str = "", text: str | None = None
) -> list[Problem]:
    """Give what is wrong with a value.

    Args:
        error: What pydantic found.
        value: What was checked: it tells members from the names of variants in pydantic's paths.
        at: Where the value stands.
        text: What a text should be, in plainer words than its pattern.
    """
    found: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False):
        messages = found.setdefault(_path(detail, value, at), [])
        message = (detail["type"] in _UNFIT_TEXT and text) or _message(detail)
        if message not in messages:
            messages.append(message)
    return [
        # Several for one place: each variant of a union has its own.
        Problem(path, "; or ".join(messages) if _alternative(messages) else "; ".join(messages))
        for path, messages in found.items()
    ]


_UNFIT_TEXT: Final = frozenset({"string_pattern_mismatch", "string_type"})


def _alternative(messages: list[str]) -> bool:
    return all(message.startswith("should ") for message in messages)


def _message(detail: ErrorDetails) -> str:
    if detail["type"] in ("missing", "missing_argument"):
        return "is required"
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return union_message(detail)
    if detail["type"] == "rule":
        # The words of the document: they may begin with a name.
        return detail["msg"]
    message = _COUNT.sub("", _SUBJECT.sub("should ", detail["msg"]))
    message = _MODEL.sub(r"a dict or the model `\1`", message)
    message = message.replace("a valid dictionary or object to extract fields from", "a dict")
    message = message.replace("a valid timedelta", "a `datetime.timedelta`")
    return message[:1].lower() + message[1:]


# What pydantic says besides: the path names the subject, and how many there were is plain to see.
_SUBJECT: Final = re.compile(r"^[A-Z][a-z]+ should ")
_MODEL: Final = re.compile(r"a valid dictionary or instance of (\w+)$")
_COUNT: Final = re.compile(r" after validation, not .*$")


def _path(detail: ErrorDetails, value: Any, at: str) -> str:
    path = at
    location = detail["loc"]
    for index, step in enumerate(location):
        last = index == len(location) - 1
        match step:
            case int():
                path += f"[{step}]"
                value = _item(value, step)
            case str() if _has(value, step) or (last and detail["type"] in _NAMES_A_MEMBER):
                path = f"{path}.{step}" if path else step
                value = _member(value, step)
            case _:
                # The name of a variant, not of a member.
                pass
    return path


_NAMES_A_MEMBER = frozenset({"missing", "unknown_key", "extra_forbidden", "null"})


def _has(value: object, key: str) -> bool:
    match value:
        case Mapping():
            return key in value
        case BaseModel():
            return key in type(value).model_fields
        case _:
            return False


def _member(value: Any, key: str) -> Any:
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value).get(key)
    return getattr(value, key, None)


def _item(value: Any, index: int) -> Any:
    try:
        return value[index]
    except (IndexError, KeyError, TypeError):
        return None


def unsendable(value: object, at: str = "") -> Iterator[Problem]:
    """Give what in a checked value cannot be written as JSON, and why."""
    match value:
        case SecretStr():
            try:
                reveal(value)
            except SecretUnavailable as error:
                yield Problem(at, str(error))
        case str():
            try:
                value.encode()
            except UnicodeEncodeError:
                yield Problem(at, "holds half a character (a lone surrogate)")
        case float() if not math.isfinite(value):
            yield Problem(at, f"{value} is no JSON number")
        case BaseModel():
            for name in value.model_fields_set:
                yield from unsendable(getattr(value, name), f"{at}.{name}" if at else name)
        case Mapping():
            for key, item in cast("Mapping[str, object]", value).items():
                yield from unsendable(item, f"{at}.{key}" if at else str(key))
        case list() | tuple() | set() | frozenset():
            for index, item in enumerate(cast("Iterable[object]", value)):
                yield from unsendable(item, f"{at}[{index}]")
        case _:
            pass
