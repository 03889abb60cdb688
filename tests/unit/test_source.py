"""Places: a pointer leads to the line and column where a reader would look."""

from functools import reduce
from operator import truediv
from pathlib import Path

import pytest

from oasmith.source import Location, Position, Source, Spot, pointer_of, render_pointer

YAML = """\
openapi: 3.1.0
paths:
  /a~b:
    get: {tags: [x, "é y"], deprecated: true}
shared: &anchor
  deep:
    - one
    - two: 2
used: *anchor
empty:
"""

JSON = '{\n\t"a": "\\u00e9\\"[{",\n\t"b/c": [1, {"d": -1.5e3}, []]\n}\n'


def place(text: str, *pointer: str | int, json: bool = False, of_key: bool = False) -> Position:
    source = Source(Path("/nowhere"), text, is_json=json)
    location = reduce(truediv, pointer, Location(source))
    return (location.key() if of_key else location).position()


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ((), 1, 1),
        (("openapi",), 1, 10),
        (("paths",), 2, 1),
        (("paths", "/a~b"), 3, 3),
        (("paths", "/a~b", "get"), 4, 5),
        (("paths", "/a~b", "get", "tags", 1), 4, 21),
        (("paths", "/a~b", "get", "deprecated"), 4, 41),
        (("shared", "deep", 1), 8, 7),
        (("shared", "deep", 1, "two"), 8, 12),
        (("used",), 9, 7),
        (("used", "deep", 1, "two"), 8, 12),
        (("empty",), 10, 1),
    ],
)
def test_yaml(pointer: tuple[str | int, ...], line: int, column: int) -> None:
    assert place(YAML, *pointer) == Position(line, column)


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ((), 1, 1),
        (("a",), 2, 7),
        (("b/c",), 3, 2),
        (("b/c", 0), 3, 10),
        (("b/c", 1, "d"), 3, 19),
        (("b/c", 2), 3, 28),
    ],
)
def test_json(pointer: tuple[str | int, ...], line: int, column: int) -> None:
    assert place(JSON, *pointer, json=True) == Position(line, column)


def test_the_place_of_a_key() -> None:
    assert place(YAML, "openapi", of_key=True) == Position(1, 1)
    assert place(JSON, "b/c", 1, "d", json=True, of_key=True) == Position(3, 14)


def test_what_is_not_there_is_placed_at_what_encloses_it() -> None:
    assert place(YAML, "paths", "/a~b", "post", "responses") == Position(3, 3)
    assert place("", "a", "b") == Position(1, 1)


def test_of_two_equal_keys_the_first_counts() -> None:
    assert place("a:\n  b: 1\na:\n  b: 2\n  c: 3\n", "a", "b") == Position(2, 6)


def test_many_places_are_found_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(Path("/nowhere"), YAML)
    source.find([(("paths",), False), (("empty",), True)])
    monkeypatch.setattr(Source, "events", None)  # going through the text again would fail
    assert (Location(source) / "paths").position() == Position(2, 1)
    assert (Location(source) / "empty").key().position() == Position(10, 1)


def test_spot_counts_characters() -> None:
    source = Source(Path("/nowhere"), "é\r\nab")
    assert Spot(source, 4).position() == Position(2, 2)
    assert Spot(source, 0).position() == Position(1, 1)
    assert Spot(source, 5).position() == Position(2, 3)
    assert [source.line(number) for number in (1, 2, 3)] == ["é", "ab", ""]


def test_places_after_the_last_one_that_is_wanted_are_not_looked_at() -> None:
    text = '{"a": {"b": 1}, "c": [2, ' + "not looked at"
    source = Source(Path("/nowhere"), text, is_json=True)
    source.find([(("a", "b"), False), (("c", 0), True), (("a",), True)])
    assert (Location(source) / "a" / "b").position() == Position(1, 13)
    assert (Location(source) / "c" / 0).key().position() == Position(1, 23)


def test_paths_are_shown_relative_to_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(tmp_path / "spec" / "a.yaml", "a: 1\n")
    monkeypatch.chdir(tmp_path)
    assert str(Location(source) / "a") == "spec/a.yaml:1:4"
    monkeypatch.chdir(tmp_path.parent)
    assert str(source) == f"{tmp_path.name}/spec/a.yaml"
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    assert str(source) == str(tmp_path / "spec" / "a.yaml")


def test_locations_are_equal_by_place() -> None:
    one, other = Source(Path("/a"), ""), Source(Path("/a"), "")
    assert Location(one) / "a" / 0 == Location(one, ((None, "a"), 0))
    assert hash(Location(one) / "a") == hash(Location(one) / "a")
    assert Location(one) / "a" != (Location(one) / "a").key()
    assert Location(one) != Location(other)


def test_pointers_are_rendered_as_fragments() -> None:
    pointer = pointer_of((((None, "paths"), "/a~b"), 0))
    assert pointer == ("paths", "/a~b", 0)
    assert render_pointer(pointer) == "#/paths/~1a~0b/0"
    assert render_pointer(()) == "#"
