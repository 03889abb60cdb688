"""How a view is made: what a template prints, decided before it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(eq_default=False, kw_only_default=True, frozen_default=True)
def view(cls: type[_T]) -> type[_T]:
    """Make a class of keyword-only fields. A view is equal to itself alone.

    That it is frozen is for the type checker to hold: each method of a dataclass is compiled in
    every run, and half a hundred views are a good part of what a small run costs.
    """
    cls.__doc__ = cls.__doc__ or cls.__name__  # else made from the signature, which takes long
    return dataclass(slots=True, kw_only=True, eq=False, repr=False)(cls)
