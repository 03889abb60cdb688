# oasmith copies this file into packages. There it belongs to its user and is not subject to
# oasmith's licence.
"""Values made up from types: always the same for the same request.

Numbers and texts are drawn from a hash of what they answer, so that equal inputs get equal answers
and different ones different answers.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel, SecretStr, TypeAdapter
from typing_extensions import TypeAliasType

from . import checks
from .bodies import set_members
from .models import UnknownModel
from .operations import Operation

_NUMBERS = 8
"""How long a list of numbers is, where nothing says it."""
_MOST_WORDS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of the answer.

    Attributes:
        inputs: What is answered, one by one; lists at the top of the answer have an item for each.
        hints: Where all members of an object may be left out, the one is there whose name begins
            like one of these, else the first.
        length: Of lists of numbers.
        topic: What the value at hand answers.
        position: Of the item at hand.
        at: The names that lead to the value at hand.
    """

    inputs: Sequence[object]
    hints: Sequence[str] = ()
    length: int | None = None
    topic: object = None
    position: int = 0
    at: tuple[str, ...] = ()


def made_up(annotation: Any, wanted: Wanted) -> Any:
    """Make a JSON value that fits the annotation of a response."""
    if isinstance(annotation, TypeAliasType):
        return made_up(annotation.__value__, wanted)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return made_up(arguments[0], wanted)
    if origin is Literal:
        return arguments[0]
    if origin is Union or origin is types.UnionType:
        return made_up(_option(arguments), wanted)
    if origin is list or annotation is list:
        return _list(arguments[0] if arguments else Any, wanted)
    if origin is dict or annotation is dict:
        return _members(arguments[1] if arguments else Any, wanted)
    if isinstance(annotation, type):
        return _plain(annotation, wanted)
    return {}


def _option(options: Sequence[Any]) -> Any:
    """Choose the option that says the most: an open enumeration is `Literal[...] | str`."""
    real = [
        option
        for option in options
        if option is not type(None)
        and not (get_origin(option) is Annotated and get_args(option)[0] is UnknownModel)
    ]
    constants = [option for option in real if get_origin(option) is Literal]
    return (constants or real)[0]


def _list(item: Any, wanted: Wanted) -> list[Any]:
    if item in (int, float):
        length = wanted.length or _NUMBERS
        return [_number(item, wanted, index) for index in range(length)]
    if len(wanted.at) == 1:
        return [
            made_up(item, replace(wanted, topic=topic, position=index))
            for index, topic in enumerate(wanted.inputs)
        ]
    return [made_up(item, wanted)]


def _members(item: Any, wanted: Wanted) -> dict[str, Any]:
    words = str(wanted.topic).split() if isinstance(wanted.topic, str) else ["key"]
    return {
        word: made_up(item, replace(wanted, at=(*wanted.at, word)))
        for word in dict.fromkeys(words[:_MOST_WORDS])
    }


def _plain(kind: type, wanted: Wanted) -> Any:
    if issubclass(kind, BaseModel):
        return _object(kind, wanted)
    if issubclass(kind, bool):
        return True
    if issubclass(kind, int):
        return wanted.position
    if issubclass(kind, float):
        return 1 / (1 + wanted.position) if len(wanted.at) == 2 else _number(float, wanted, 0)
    if issubclass(kind, datetime):
        return "2000-01-01T00:00:00Z"
    if issubclass(kind, date):
        return "2000-01-01"
    if issubclass(kind, str):
        name = wanted.at[-1] if wanted.at else "text"
        return f"{name} {_digest(wanted, 0).hex()[:8]}"
    return {}


def _object(model: type[BaseModel], wanted: Wanted) -> dict[str, Any]:
    # What is referred to by name only is known after this.
    model.model_rebuild()
    fields = model.model_fields
    chosen = [name for name, field in fields.items() if field.is_required()]
    if not chosen and fields:
        hinted = [name for name in fields if any(name.startswith(hint) for hint in wanted.hints)]
        chosen = (hinted or list(fields))[:1]
    return {
        fields[name].serialization_alias or name: made_up(
            fields[name].annotation, replace(wanted, at=(*wanted.at, name))
        )
        for name in chosen
    }


def _number(kind: type, wanted: Wanted, index: int) -> int | float:
    drawn = int.from_bytes(_digest(wanted, index)[:4])
    return drawn % 256 - 128 if kind is int else round(drawn / 2**31 - 1, 6)


def _digest(wanted: Wanted, index: int) -> bytes:
    drawn_from = repr((wanted.topic, wanted.at, index))
    return hashlib.blake2b(drawn_from.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def filled(value: Any) -> Any:
    """Give a checked response as JSON values, with the defaults that the document states."""
    match value:
        case BaseModel():
            members = {
                field.serialization_alias or name: filled(getattr(value, name))
                for name, field in type(value).model_fields.items()
                if name in value.model_fields_set or getattr(value, name) is not None
            }
            return members | {key: filled(item) for key, item in (value.model_extra or {}).items()}
        case Mapping():
            given = cast("Mapping[str, Any]", value)
            return {key: filled(item) for key, item in given.items()}
        case list() | tuple():
            return [filled(item) for item in cast("Iterable[Any]", value)]
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


# --- without secrets ----------------------------------------------------------------------------


@cache
def adapter(type_: Callable[[], Any]) -> TypeAdapter[Any]:
    """Make the adapter of a type once: that of a large union takes far longer than a check."""
    return checks.adapter(type_)


def public(operation: Operation[Any], body: Any) -> dict[str, Any]:
    """Give the body without its secrets."""
    if operation.body is None:
        return {}
    shown = _shown(adapter(operation.body.type).validate_python(body))
    return cast("dict[str, Any]", shown) if isinstance(shown, dict) else {}


_HIDDEN: Final = object()


def _shown(value: Any) -> Any:
    match value:
        case SecretStr():
            return _HIDDEN
        case BaseModel():
            return _without_hidden(set_members(value))
        case Mapping():
            return _without_hidden(cast("Mapping[str, Any]", value))
        case list() | tuple():
            items = cast("Iterable[Any]", value)
            return [shown for item in items if (shown := _shown(item)) is not _HIDDEN]
        case _:
            return value


def _without_hidden(members: Mapping[str, Any]) -> Any:
    shown = {key: _shown(item) for key, item in members.items()}
    left = {key: item for key, item in shown.items() if item is not _HIDDEN}
    # Secrets and nothing else: not even their names are shown.
    return _HIDDEN if shown and not left else left
