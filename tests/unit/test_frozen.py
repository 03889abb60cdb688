"""Classes of values hold what the standard decorator promises, and their types are checked."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from oasmith.frozen import field_names, frozen
from oasmith.targets.python.view import view

NO_ENTRIES: Mapping[str, int] = MappingProxyType({})


@frozen
class Point:
    """A place."""

    x: int
    y: int = 0
    """Up."""
    marks: Mapping[str, int] = NO_ENTRIES

    def doubled(self) -> "Point":
        return dataclasses.replace(self, x=2 * self.x, y=2 * self.y)


@frozen(kw_only=False)
class Pair:
    one: object
    other: object = None


@frozen
class Nowhere:
    pass


@frozen
class Named:
    name: str
    note: str = ""

    def __hash__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and other.name == self.name


@view
class Row:
    cells: tuple[str, ...]
    width: int = 3


def test_a_value_has_its_fields_and_their_defaults() -> None:
    point = Point(y=2, x=1)
    assert (point.x, point.y, point.marks) == (1, 2, {})
    assert Point(x=1).y == 0
    assert Point.__doc__ == "A place."
    assert Point.__qualname__ == "Point"
    assert Point.__module__ == __name__


def test_values_are_equal_where_their_fields_are() -> None:
    assert Point(x=1) == Point(x=1, y=0)
    assert Point(x=1) != Point(x=2)
    others: list[object] = [Pair(1), Nowhere(), 1, None]
    assert Point(x=1) not in others
    assert Nowhere() == Nowhere()
    assert {Pair(1, "a"), Pair(1, "a"), Pair(2)} == {Pair(2), Pair(1, "a")}
    assert hash(Nowhere()) == hash(Nowhere())


def test_what_a_class_defines_itself_is_kept() -> None:
    assert Named(name="a", note="x") == Named(name="a", note="y")
    assert hash(Named(name="b")) == 7


@pytest.mark.parametrize("name", ["x", "y", "new"])
def test_nothing_is_assigned_or_deleted(name: str) -> None:
    point: Any = Point(x=1)
    with pytest.raises(AttributeError, match=f"Point is frozen: `{name}`"):
        setattr(point, name, 5)
    with pytest.raises(AttributeError, match=f"Point is frozen: `{name}`"):
        delattr(point, name)
    assert point == Point(x=1)


def test_there_is_no_room_for_anything_else() -> None:
    assert not hasattr(Point(x=1), "__dict__")
    row: Any = Row(cells=())
    with pytest.raises(AttributeError):
        row.height = 1


def test_arguments_are_named_unless_the_class_says_otherwise() -> None:
    make: Any = Point
    with pytest.raises(TypeError, match="positional"):
        make(1, 2)
    with pytest.raises(TypeError, match="'x'"):
        make(y=1)
    with pytest.raises(TypeError, match="'z'"):
        make(x=1, z=1)
    assert Pair(1, other=2).other == 2


def test_the_standard_library_takes_it_for_a_dataclass() -> None:
    kind: object = Point
    assert dataclasses.is_dataclass(kind)
    assert [field.name for field in dataclasses.fields(Point)] == ["x", "y", "marks"]
    assert [field.default for field in dataclasses.fields(Point)] == [
        dataclasses.MISSING,
        0,
        NO_ENTRIES,
    ]
    assert Point(x=1, y=2).doubled() == Point(x=2, y=4)
    assert dataclasses.replace(Row(cells=("a",)), width=4).cells == ("a",)


def test_it_shows_its_fields() -> None:
    assert repr(Pair(1, "a")) == "Pair(one=1, other='a')"
    assert repr(Nowhere()) == "Nowhere()"
    assert repr(Row(cells=("a",))) == "Row(cells=('a',), width=3)"


def test_names_of_fields() -> None:
    assert field_names(Point) == ("x", "y", "marks")
    assert field_names(Row) == ("cells", "width")
    assert field_names(Nowhere) == ()
    assert field_names(dict) == ()


def test_a_view_is_equal_to_itself_alone() -> None:
    row = Row(cells=("a",))
    assert row == row
    assert row != Row(cells=("a",))
    assert len({row, Row(cells=("a",))}) == 2
