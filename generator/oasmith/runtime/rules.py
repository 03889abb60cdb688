"""Rules between the fields of a request model, with types that pydantic checks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from .semantics import rules

Rule: TypeAlias = rules.Rule[Callable[[], Any], str | None]
"""A rule whose types are functions that return what pydantic's `TypeAdapter` takes."""


def misfit(type_: Callable[[], Any], value: object, *, strict: bool | None = None) -> str | None:
    """Return why a value does not fit a type, None if it does."""
    try:
        _adapter(type_).validate_python(value, strict=strict)
    except ValidationError as error:
        from .checks import problems

        return "; ".join(map(str, problems(error, value)))
    return None


@functools.cache
def _adapter(type_: Callable[[], Any]) -> TypeAdapter[Any]:
    from .checks import adapter  # which imports the models, and they this module

    return adapter(type_)
