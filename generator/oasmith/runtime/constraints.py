"""Checks of requests that pydantic has not, or has for people rather than for JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")


@dataclass(frozen=True, slots=True)
class FromText:
    """A date, a time or a duration: pydantic would count numbers from the epoch."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_no_number, handler(source))


def _no_number(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise PydanticCustomError("number", "Input should be text, not a number")
    return value


@dataclass(frozen=True, slots=True)
class InOrder:
    """A union whose options are tried in the order in which they stand.

    pydantic's own `union_mode` fails where Python takes all the options for one.
    """

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        inner: Any = schema
        while inner["type"] == "nullable":
            inner = inner["schema"]
        if inner["type"] == "union":
            inner["mode"] = "left_to_right"
        return schema


@dataclass(frozen=True, slots=True)
class TextLength:
    """How long the text of a value is that is something else in Python, such as a date.

    Source: JSON Schema validation 6.3.1 and 6.3.2, `maxLength` and `minLength`, in characters.
    """

    minimum: int = 0
    maximum: int | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def _check(self, value: object, validate: core_schema.ValidatorFunctionWrapHandler) -> object:
        from .semantics.text import form_of  # what only a call needs

        known: object = validate(value)
        form = form_of(type(known))
        written = str(known) if form is None else form.write(known)
        if isinstance(value, str):
            written = value
        if len(written) < self.minimum:
            message = "Text should have at least {least} characters"
            raise PydanticCustomError("string_too_short", message, {"least": self.minimum})
        if self.maximum is not None and len(written) > self.maximum:
            message = "Text should have at most {most} characters"
            raise PydanticCustomError("string_too_long", message, {"most": self.maximum})
        return known


@dataclass(frozen=True, slots=True)
class Pattern:
    """A further pattern of a string, beside that of `Field`, which takes one.

    Source: JSON Schema validation 6.3.3, `pattern`, in the syntax of Rust's `regex`.
    """

    pattern: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        found = core_schema.str_schema(pattern=self.pattern, regex_engine="rust-regex")
        return core_schema.chain_schema([handler(source), found])


@dataclass(frozen=True, slots=True)
class Exact:
    """A `Literal` of numbers or booleans: in Python true is 1 and false is 0."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(_exact, handler(source))


def _exact(value: object, validate: core_schema.ValidatorFunctionWrapHandler) -> object:
    known = validate(value)
    if isinstance(known, bool) != isinstance(value, bool):
        raise PydanticCustomError("exact", "true and false are not 1 and 0")
    return known


class MultipleOf:
    """A multiple of a fraction, as it is written in JSON: 0.15 is one of 0.05.

    Source: JSON Schema validation 6.2.1, `multipleOf`.
    """

    def __init__(self, step: float) -> None:
        self.step = step

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        step = Fraction(repr(self.step))

        def check(value: float) -> float:
            if Fraction(repr(value)) % step:
                raise PydanticCustomError(
                    "multiple_of",
                    "Input should be a multiple of {multiple_of}",
                    {"multiple_of": self.step},
                )
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))
