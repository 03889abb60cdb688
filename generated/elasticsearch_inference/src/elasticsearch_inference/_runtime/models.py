"""The base classes and annotations of generated models.

Requests are strict: an unknown key is refused, a null where none belongs is refused, rules between
fields are checked, and only what was set is written. Responses are lenient: an unknown key is kept,
an unknown variant of a union becomes an `UnknownModel`.
"""

from __future__ import annotations

import enum
import functools
import json
import math
import os
from collections.abc import Callable, ItemsView, Iterable, KeysView, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import NoneType
from typing import (
    Annotated,
    Any,
    BinaryIO,
    ClassVar,
    LiteralString,
    Self,
    TypeAlias,
    TypeVar,
    cast,
    get_args,
)

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import (
    CoreSchema,
    ErrorDetails,
    InitErrorDetails,
    PydanticCustomError,
    core_schema,
)

from .building import BuiltOnce
from .files import File
from .rules import Rule, misfit
from .secrets import Secret
from .semantics.rules import Partial, Subject, violations
from .semantics.suggest import nearest
from .semantics.text import form_of

__all__ = [
    "UNKNOWN",
    "Binary",
    "Json",
    "Omittable",
    "OneOf",
    "RequestModel",
    "ResponseModel",
    "Secret",
    "Unique",
    "UnknownModel",
    "by_key",
    "by_tag",
]

T = TypeVar("T")


class RequestModel(BuiltOnce):
    """The base of everything that is sent.

    Raises:
        pydantic.ValidationError: On construction and on assignment, with every problem at once.
            Neither its text nor its details hold a value that was given.
    """

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        validate_assignment=True,
        defer_build=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        # Makes what slipped through (in untyped members) findable in the JSON.
        ser_json_inf_nan="constants",
        protected_namespaces=(),
    )

    _constants: ClassVar[tuple[str, ...]] = ()
    """Required fields with only one value: always sent, whether the caller set them or not."""

    _rules: ClassVar[tuple[Rule, ...]] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _check(
        cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        # On assignment `data` is the model itself, which must stay as it was if that fails.
        before = (dict(data.__dict__), set(data.model_fields_set)) if type(data) is cls else None
        try:
            model = handler(data)
        except ValidationError as error:
            lines = _explained(error, cls)
            if cls._rules and isinstance(data, Mapping):
                wrong = [detail["loc"] for detail in error.errors(include_url=False)]
                given = cast("Mapping[str, Any]", data)
                lines += _broken(cls, _right(cls, given, wrong), info)
            elif isinstance(info.context, Bodies):
                info.context.refused.append((cls, None))
            raise _failure(cls, lines) from None
        if cls._constants:
            model.__pydantic_fields_set__.update(cls._constants)
        if cls._rules:
            lines = _broken(cls, model, info)
            if lines:
                if before is not None and model is data:
                    object.__setattr__(data, "__dict__", before[0])
                    data.__pydantic_fields_set__.clear()
                    data.__pydantic_fields_set__.update(before[1])
                raise _failure(cls, lines)
        return model


@dataclass(frozen=True, slots=True)
class Bodies:
    """The context in which a body is checked. Collects the models that were tried and did not fit,
    with what is right of those that have rules: they may speak of parameters that are wrong too.
    """

    refused: list[tuple[type[RequestModel], Subject | None]] = field(
        default_factory=list[tuple[type["RequestModel"], Subject | None]]
    )


def _broken(
    model: type[RequestModel], subject: Subject, info: ValidationInfo
) -> list[InitErrorDetails]:
    broken = violations(model._rules, subject, misfit)  # pyright: ignore[reportPrivateUsage]
    lines = [_line("rule", violation.message, ()) for violation in broken]
    if isinstance(info.context, Bodies) and (lines or isinstance(subject, Partial)):
        info.context.refused.append((model, subject))
    return lines


def _right(
    model: type[BaseModel], data: Mapping[Any, Any], wrong: Iterable[tuple[int | str, ...]]
) -> Partial:
    """Give the fields that were given, with the values of those that are right by themselves.

    `wrong` are the paths to what is not.
    """
    given: set[str] = set()
    values: dict[str, object] = {}
    for name, described in model.model_fields.items():
        keys = (described.validation_alias, name)
        key = next((key for key in keys if isinstance(key, str) and key in data), None)
        if key is None:
            continue
        given.add(name)
        inside = [path[1:] for path in wrong if path and path[0] in keys]
        if not inside:
            values[name] = _of_field(model, name).validate_python(data[key])
        elif (member := _class_of(described.annotation)) and isinstance(data[key], Mapping):
            values[name] = _right(member, data[key], inside)
    return Partial(given, values)


def _class_of(annotation: object) -> type[BaseModel] | None:
    """Give the model that a field holds, None if it holds anything else."""
    match [part for part in get_args(annotation) or (annotation,) if part is not NoneType]:
        case [type() as only] if issubclass(only, BaseModel):
            return only
        case _:
            return None


@functools.cache
def _of_field(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    model.model_rebuild()  # Inside of another model it was never built by itself.
    described = model.model_fields[name]
    type_: Any = described.annotation
    for metadata in described.metadata:
        type_ = Annotated[type_, metadata]
    return TypeAdapter(type_)


class ResponseModel(BuiltOnce):
    """The base of everything that is received. Unknown members are kept and written again."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
    )


class UnknownModel(ResponseModel):
    """A variant that the document does not know. Its members can be read as of a mapping."""

    def __getitem__(self, key: str) -> Any:
        return self._members()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._members()

    def __len__(self) -> int:
        return len(self._members())

    def get(self, key: str, default: Any = None) -> Any:
        return self._members().get(key, default)

    def keys(self) -> KeysView[str]:
        return self._members().keys()

    def items(self) -> ItemsView[str, Any]:
        return self._members().items()

    def _members(self) -> dict[str, Any]:
        return self.__pydantic_extra__ or {}


# --- messages -----------------------------------------------------------------------------------


def _line(kind: LiteralString, message: str, at: tuple[int | str, ...]) -> InitErrorDetails:
    # The message stands in the context: in a template its braces would be read as placeholders.
    said = PydanticCustomError(kind, "{message}", {"message": message})
    # Not None: to the model around this one, that would be a null that was given.
    return InitErrorDetails(type=said, loc=at, input="(not shown)")


def _failure(model: type[BaseModel], lines: list[InitErrorDetails]) -> ValidationError:
    return ValidationError.from_exception_data(model.__name__, lines, hide_input=True)


def _explained(error: ValidationError, model: type[BaseModel]) -> list[InitErrorDetails]:
    """Give the same problems in our words, without the values that were given."""
    lines: list[InitErrorDetails] = []
    for detail in error.errors(include_url=False):
        at, message = detail["loc"], detail["msg"]
        # One of pydantic's own names, hence the literal that is asked for.
        kind: Any = detail["type"]
        match kind:
            case "extra_forbidden" | "no_such_attribute" if len(at) == 1:
                kind, message = "unknown_key", _unknown_key(str(at[0]), model)
            case "missing" if len(at) == 1:
                message = "is required"
            case "null" if len(at) == 1:
                # Found by the model that the field holds: only here is known whether it may go.
                message = _null(at, model)
            case _ if len(at) < 2 and detail["input"] is None and kind not in _OURS:
                kind, message = "null", _null(at, model)
            case "union_tag_invalid" | "union_tag_not_found":
                message = union_message(detail)
            case _:
                pass
        lines.append(_line(kind, message, at))
    return lines


def _null(at: tuple[int | str, ...], model: type[BaseModel]) -> str:
    required = {
        key
        for name, described in model.model_fields.items()
        if described.is_required()
        for key in (name, described.validation_alias)
        if isinstance(key, str)
    }
    hint = "" if required.issuperset(at) else "; leave it out instead"
    return f"null is not allowed here{hint}"


def union_message(detail: ErrorDetails) -> str:
    """Say in plain words that no variant of a tagged union was meant."""
    context = detail.get("ctx", {})
    # pydantic puts quotes around the name, or parentheses behind that of a function.
    property = str(context.get("discriminator", "")).strip("'").removesuffix("()")
    if "tag" not in context:
        return f"`{property}` is required: it says which variant this is"
    tag, expected = context["tag"], context["expected_tags"]
    known = [name.strip("'") for name in expected.split(", ")]
    near = nearest(tag, known)
    hint = f", did you mean '{near}'?" if near is not None else f"; known are {expected}"
    return f"`{property}` cannot be '{tag}'{hint}"


_OURS = frozenset({"unknown_key", "missing", "null", "rule"})


def _unknown_key(key: str, model: type[BaseModel]) -> str:
    known = list(model.model_fields)
    near = nearest(key, known)
    if near is not None:
        return f"unknown key `{key}`, did you mean `{near}`?"
    if not known:
        return f"unknown key `{key}`; there are none"
    return f"unknown key `{key}`; known are {', '.join(f'`{name}`' for name in known)}"


# --- annotations --------------------------------------------------------------------------------


class _NotNull:
    """Takes the null out of `T | None`: the None is how Python says "not given"."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


Omittable: TypeAlias = Annotated[T | None, _NotNull()]
"""A field that may be left out. None is the default and stands for that; null is refused."""


@dataclass(frozen=True, slots=True)
class Unique:
    """A list in which no item occurs twice (JSON Schema validation 6.4.3)."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_unique, handler(source))


def _unique(items: list[T]) -> list[T]:
    seen: set[object] = set()
    for index, item in enumerate(items):
        key = _identity(item)
        if key in seen:
            raise PydanticCustomError(
                "unique", "Items should be unique; item {index} repeats another", {"index": index}
            )
        seen.add(key)
    return items


def _identity(value: object) -> object:
    """Give a key that is the same for values that are equal in JSON: 1 and 1.0, not 1 and true."""
    match value:
        case bool() | None:
            return (type(value), value)
        case BaseModel():
            return _identity(value.model_dump(by_alias=True, exclude_unset=True))
        case Mapping():
            members = cast("Mapping[object, object]", value)
            return frozenset((key, _identity(item)) for key, item in members.items())
        case list() | tuple():
            return tuple(_identity(item) for item in cast("Iterable[object]", value))
        case _:
            return value


class _BinaryType:
    """Says to pydantic what can be uploaded. It is not looked into."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_binary)


def _binary(value: object) -> object:
    given = value
    if isinstance(given, bytes | bytearray | os.PathLike | File) or hasattr(given, "read"):
        return value
    raise PydanticCustomError("binary", "Input should be bytes, an open file, a path or a `File`")


Binary: TypeAlias = Annotated[bytes | BinaryIO | os.PathLike[str] | File, _BinaryType()]
"""What is uploaded: bytes, a file opened for reading bytes, a path, or a `File` with its name."""


class _JsonType:
    """Says to pydantic what a value is that the document leaves open."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_json_value)


def _json_value(value: object, at: str = "") -> object:
    """Give the value as JSON has it.

    Raises:
        PydanticCustomError: JSON has no such value.
    """
    match value:
        case None | bool() | str() | int() | BaseModel() | SecretStr():
            return value
        case float() | Decimal() if not math.isfinite(value):
            raise _no_json(f"{value} is no JSON number", at)
        case float():
            return value
        case Decimal():
            return (
                int(value)
                if value == int(value) and value.as_tuple().exponent == 0
                else float(value)
            )
        case Mapping():
            members = cast("Mapping[object, object]", value)
            return {
                _json_key(key, at): _json_value(item, f"{at}.{key}")
                for key, item in members.items()
            }
        case list() | tuple():
            items = cast("Iterable[object]", value)
            return [_json_value(item, f"{at}[{index}]") for index, item in enumerate(items)]
        case enum.Enum():
            return _json_value(value.value, at)
        case _:
            form = form_of(type(value))
            if form is None or isinstance(value, bytes):  # bytes are not always meant as base64
                raise _no_json(f"{type(value).__name__} is nothing that JSON can hold", at)
            return form.write(value)


def _json_key(key: object, at: str) -> str:
    if not isinstance(key, str):
        raise _no_json(f"the key {key!r} is not text", at)
    return key


def _no_json(message: str, at: str) -> PydanticCustomError:
    where = f"{at.removeprefix('.')}: " if at else ""
    return PydanticCustomError("json", "{message}", {"message": where + message})


Json: TypeAlias = Annotated[Any, _JsonType()]
"""Anything that JSON can hold. Decimals become numbers, dates and UUIDs text."""


class OneOf:
    """One of the values, where `Literal` cannot hold them (fractions)."""

    def __init__(self, *values: bool | float | str | None) -> None:
        self.values = values

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        allowed = {_identity(value) for value in self.values}
        words = ", ".join(json.dumps(value) for value in self.values)

        def check(value: object) -> object:
            if _identity(value) not in allowed:
                raise PydanticCustomError(
                    "one_of", "Input should be one of {values}", {"values": words}
                )
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))


# --- unions -------------------------------------------------------------------------------------

UNKNOWN = "unknown"
"""The `Tag` of the `UnknownModel` in an open union."""


def by_tag(
    property: str,
    tags: Mapping[Any, str],
    *,
    attribute: str | None = None,
    absent: str | None = None,
    closed: bool = False,
) -> Discriminator:
    """Tell the variants of a union apart by the value of a property.

    Args:
        property: The wire name of the property.
        tags: The `Tag` of the variant per value. Any other value is `UNKNOWN`.
        attribute: What the models call the property, where that is not its wire name.
        absent: The `Tag` of the variant that may do without the property.
        closed: Whether any other value is refused.

    Use: `Annotated[Annotated[A, Tag("a")] | Annotated[UnknownModel, Tag(UNKNOWN)],
    by_tag("kind", {"a": "a"})]`.
    """
    name = attribute or property

    def tag(value: Any) -> str | None:
        if isinstance(value, Mapping):
            members = cast("Mapping[str, Any]", value)
            found = members.get(property, members.get(name))
        else:
            found = getattr(value, name, None)
        if found is None and (absent is not None or closed):
            return absent
        unknown = str(found) if closed else UNKNOWN
        return tags.get(found, unknown) if isinstance(found, str | int | float) else unknown

    tag.__name__ = property  # for the message
    return Discriminator(tag)


class _ByKey(Discriminator):
    """Hashable, as `typing` wants the metadata of what becomes part of a union; its base is not
    where it has a message of its own.
    """

    __hash__ = object.__hash__


def by_key(keys: Mapping[str, str], *, open: bool = False) -> Discriminator:
    """Tell the variants of a union apart by the member that only one of them has.

    Args:
        keys: The `Tag` of the variant per Python or wire name of the member.
        open: Whether a value with none of them is `UNKNOWN` (responses), else it is refused.
    """
    none = UNKNOWN if open else None

    def tag(value: Any) -> str | None:
        if isinstance(value, BaseModel):
            has: Callable[[str], bool] = value.model_fields_set.__contains__
        elif isinstance(value, Mapping):
            has = value.__contains__
        else:
            return none
        return next((tag for key, tag in keys.items() if has(key)), none)

    words = " or ".join(f"`{key}`" for key in keys)
    return _ByKey(
        tag,
        custom_error_type="union_key",
        custom_error_message="{message}",
        custom_error_context={"message": f"one of the members {words} is needed"},
    )
