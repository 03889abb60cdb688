"""How a view is made: what a template prints, decided before it is printed."""

from __future__ import annotations

from typing import TypeVar, dataclass_transform

from oasmith.frozen import add_init, slotted

_T = TypeVar("_T")


@dataclass_transform(eq_default=False, kw_only_default=True, frozen_default=True)
def view(cls: type[_T]) -> type[_T]:
    """Make a class of keyword-only fields. A view is equal to itself alone.

    That it is frozen is for the type checker to hold: there are many, and plain assignments make
    one in half the time.
    """
    made = slotted(cls, {})
    add_init(made, cls, "self.{0} = {0}", {}, kw_only=True)
    return made
