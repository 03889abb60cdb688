"""Secrets in models: they are shown to nobody but the server.

A field of type `Secret` takes a `str` or a `SecretStr` and holds a `SecretStr`. Its value is
revealed only while a request is written. The value `env:NAME` is a reference: what is sent is the
environment variable NAME, read at that moment.

A pickle does not hold a secret: what comes out of it has forgotten the value, and sending it is an
error that says so. References are no secrets and survive.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import GetCoreSchemaHandler, SecretStr
from pydantic_core import CoreSchema, core_schema

from .references import MASK, SecretUnavailable, is_reference, resolve


class Reveal:
    """The serialization context under which secrets are written as they are.

    Attributes:
        values: What was written, so that an echo of it can be masked.
    """

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: list[str] = []


class _Held(SecretStr):
    """A secret that stays behind when it is pickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        value = self.get_secret_value()
        if is_reference(value):
            return (_Held, (value,))
        return (_Forgotten, ())

    def __repr__(self) -> str:
        return f"SecretStr('{MASK}')"

    def __copy__(self) -> _Held:
        return self

    def __deepcopy__(self, memo: object) -> _Held:
        return self


class _Forgotten(_Held):
    """What a pickle holds in place of a secret."""

    def __init__(self) -> None:
        super().__init__("")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_Forgotten, ())


def reveal(secret: SecretStr | str) -> str:
    """Give what is to be sent: the value, or what the reference `env:NAME` refers to.

    Raises:
        SecretUnavailable: The variable is not set, or the secret was left out of a pickle.
    """
    if isinstance(secret, _Forgotten):
        raise SecretUnavailable("the secret was left out when this was pickled; set it again")
    return resolve(secret if isinstance(secret, str) else secret.get_secret_value())


def _validate(value: object, handler: core_schema.ValidatorFunctionWrapHandler) -> SecretStr:
    if isinstance(value, _Held):
        handler(value.get_secret_value())
        return value
    return _Held(handler(value.get_secret_value() if isinstance(value, SecretStr) else value))


def _serialize(value: object, info: core_schema.SerializationInfo) -> object:
    if not isinstance(value, SecretStr | str):
        return value
    if isinstance(info.context, Reveal):
        revealed = reveal(value)
        info.context.values.append(revealed)
        return revealed
    if info.mode == "python" and isinstance(value, SecretStr):
        return value
    return MASK


class _SecretType:
    """Says to pydantic how a `Secret` is checked and written."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            _validate,
            core_schema.str_schema(strict=True),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _serialize, info_arg=True
            ),
        )


Secret: TypeAlias = Annotated[SecretStr | str, _SecretType()]
"""A value that is sent to the server and shown to nobody else; `env:NAME` refers to a variable."""
