"""Classes of values, made quickly: what `dataclass(frozen=True, slots=True, kw_only=True)` makes.

The standard decorator compiles half a dozen methods of each class in every start of the program;
for more than a hundred classes that is a good part of what a small run costs. Here one is compiled
and the others are shared. To type checkers, and to `fields`, `is_dataclass` and `replace`, these
classes are dataclasses. Factories of defaults and inheritance are left out: nothing needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

_T = TypeVar("_T")


@overload
def frozen(cls: type[_T]) -> type[_T]: ...
@overload
def frozen(*, kw_only: bool) -> Callable[[type[_T]], type[_T]]: ...
@dataclass_transform(kw_only_default=True, frozen_default=True)
def frozen(cls: type[_T] | None = None, *, kw_only: bool = True) -> Any:
    """Make a class of values: equal where their fields are, and never changed.

    What the class defines itself is kept. Assigning to a field raises `AttributeError`.
    """
    if cls is None:
        return lambda cls: _value(cls, kw_only=kw_only)
    return _value(cls, kw_only=kw_only)


def _value(cls: type[_T], *, kw_only: bool) -> type[_T]:
    names = tuple(cls.__annotations__)
    said: Callable[[object], object] = attrgetter(*names) if names else type

    def __eq__(self: object, other: object) -> bool:
        return said(self) == said(other) if self.__class__ is other.__class__ else NotImplemented

    def __hash__(self: object) -> int:
        return hash(said(self))

    methods = {
        "__eq__": __eq__,
        "__hash__": __hash__,
        "__setattr__": _refused,
        "__delattr__": _refused,
    }
    made = slotted(cls, methods)
    setters = {f"_set_{name}": vars(made)[name].__set__ for name in names}
    add_init(made, cls, "_set_{0}(self, {0})", setters, kw_only=kw_only)
    return made


def slotted(cls: type[_T], methods: dict[str, Any]) -> type[_T]:
    """Return the class anew, with its annotated names as slots, and further methods."""
    left_out = {"__dict__", "__weakref__", *cls.__annotations__}
    own = {name: member for name, member in vars(cls).items() if name not in left_out}
    common = {
        "__slots__": tuple(cls.__annotations__),
        "__dataclass_fields__": _Fields(cls),
        "__repr__": _shown,
    }
    metaclass: Any = type(cls)
    made: type[_T] = metaclass(cls.__name__, cls.__bases__, common | methods | own)
    made.__qualname__ = cls.__qualname__
    _NAMES[made] = tuple(cls.__annotations__)
    return made


def add_init(
    made: type, cls: type, assignment: str, names: dict[str, Any], *, kw_only: bool
) -> None:
    """Add the method that takes the fields of `cls`, each with its default, and assigns them.

    `assignment` is a statement for a field `{0}`; `names` are what it refers to.
    """
    if not (fields := tuple(cls.__annotations__)):
        return
    defaults = _defaults(cls)
    names |= {f"_default_{name}": value for name, value in defaults.items()}
    given = [f"{name}=_default_{name}" if name in defaults else name for name in fields]
    head = f"def __init__(self, {'*, ' if kw_only else ''}{', '.join(given)}):\n "
    # Nothing but names, which were identifiers in the source of the class already.
    exec(head + "; ".join(map(assignment.format, fields)), names)  # noqa: S102
    made.__init__ = names["__init__"]  # type: ignore[misc]


def field_names(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a class of values, in order; of any other class none."""
    return _NAMES.get(kind, ())


_NAMES: dict[type, tuple[str, ...]] = {}


def _defaults(cls: type) -> dict[str, Any]:
    return {name: vars(cls)[name] for name in cls.__annotations__ if name in vars(cls)}


def _shown(self: object) -> str:
    listed = ", ".join(f"{name}={getattr(self, name)!r}" for name in field_names(type(self)))
    return f"{type(self).__qualname__}({listed})"


def _refused(self: object, name: str, *_: object) -> NoReturn:
    raise AttributeError(f"{type(self).__qualname__} is frozen: `{name}` stays what it is")


class _Fields:
    """The fields as the standard library describes them, from when it first asks."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, _: object, made: type) -> dict[str, Any]:
        import dataclasses

        annotations = list(self._cls.__annotations__.items())
        described: Any = dataclasses.make_dataclass("Described", annotations, init=False)
        fields: dict[str, Any] = described.__dataclass_fields__
        for name, value in _defaults(self._cls).items():
            fields[name].default = value
        made.__dataclass_fields__ = fields  # type: ignore[attr-defined]
        return fields
