"""Every style of OpenAPI 3.2, on the examples of its table (parameter object, style examples)."""

from __future__ import annotations

from typing import get_args

import pytest

from oasmith.runtime.semantics import styles
from oasmith.runtime.semantics.styles import Flat, Place, Style
from oasmith.runtime.semantics.text import text

EMPTY = ""
STRING = "blue"
ARRAY = ["blue", "black", "brown"]
OBJECT = {"R": "100", "G": "200", "B": "150"}


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("matrix", False, STRING, ";color=blue"),
        ("matrix", False, ARRAY, ";color=blue,black,brown"),
        ("matrix", False, OBJECT, ";color=R,100,G,200,B,150"),
        ("matrix", True, STRING, ";color=blue"),
        ("matrix", True, ARRAY, ";color=blue;color=black;color=brown"),
        ("matrix", True, OBJECT, ";R=100;G=200;B=150"),
        ("label", False, STRING, ".blue"),
        ("label", False, ARRAY, ".blue,black,brown"),
        ("label", False, OBJECT, ".R,100,G,200,B,150"),
        ("label", True, ARRAY, ".blue.black.brown"),
        ("label", True, OBJECT, ".R=100.G=200.B=150"),
        ("simple", False, STRING, "blue"),
        ("simple", False, ARRAY, "blue,black,brown"),
        ("simple", False, OBJECT, "R,100,G,200,B,150"),
        ("simple", True, OBJECT, "R=100,G=200,B=150"),
    ],
)
def test_path(style: Style, explode: bool, value: Flat, expected: str) -> None:
    assert styles.path("color", value, style, explode) == expected


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("form", False, EMPTY, ["color="]),
        ("form", False, STRING, ["color=blue"]),
        ("form", False, ARRAY, ["color=blue,black,brown"]),
        ("form", False, OBJECT, ["color=R,100,G,200,B,150"]),
        ("form", True, STRING, ["color=blue"]),
        ("form", True, ARRAY, ["color=blue", "color=black", "color=brown"]),
        ("form", True, OBJECT, ["R=100", "G=200", "B=150"]),
        ("spaceDelimited", False, ARRAY, ["color=blue%20black%20brown"]),
        ("spaceDelimited", False, OBJECT, ["color=R%20100%20G%20200%20B%20150"]),
        ("pipeDelimited", False, ARRAY, ["color=blue%7Cblack%7Cbrown"]),
        ("pipeDelimited", False, OBJECT, ["color=R%7C100%7CG%7C200%7CB%7C150"]),
        ("form", False, [], []),
        ("form", True, {}, []),
        ("pipeDelimited", True, ARRAY, ["color=blue", "color=black", "color=brown"]),
    ],
)
def test_query(style: Style, explode: bool, value: Flat, expected: list[str]) -> None:
    assert styles.query("color", value, style, explode, False) == expected


def test_query_escapes() -> None:
    def one(value: Flat, *, reserved: bool = False, explode: bool = False) -> list[str]:
        return styles.query("a b", value, "form", explode, reserved)

    assert one("a b&c=d/ü*,") == ["a%20b=a%20b%26c%3Dd%2F%C3%BC*,"]
    assert one(["x,y", "z"]) == ["a%20b=x%2Cy,z"]
    assert one(":/?@!$'()*,;&=+#[]%", reserved=True) == ["a%20b=:/?@!$'()*,;%26%3D%2B%23%5B%5D%25"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (OBJECT, ["color%5BR%5D=100", "color%5BG%5D=200", "color%5BB%5D=150"]),
        ({"a": {"b c": 1, "d": [True, {"e": "x&y"}]}}, [
            "color%5Ba%5D%5Bb%20c%5D=1",
            "color%5Ba%5D%5Bd%5D%5B0%5D=true",
            "color%5Ba%5D%5Bd%5D%5B1%5D%5Be%5D=x%26y",
        ]),
        (["x", "y"], ["color%5B0%5D=x", "color%5B1%5D=y"]),
        ({}, []),
    ],
)  # fmt: skip
def test_deep_objects(value: object, expected: list[str]) -> None:
    assert styles.deep("color", value, False, text) == expected


def test_what_no_style_can_say_is_json() -> None:
    assert styles.flat([{"a": 1}, "b", None], text) == ['{"a":1}', "b", "null"]
    assert styles.flat({"a": [1, "x"]}, text) == {"a": '[1,"x"]'}
    with pytest.raises(ValueError, match="cannot be written as text"):
        styles.flat([{"a": object()}], text)


@pytest.mark.parametrize(
    ("value", "style", "explode", "expected"),
    [
        ("a b/c", "form", True, ["color=a%20b%2Fc"]),
        ("a b/c", "cookie", True, ["color=a b/c"]),
        (ARRAY, "cookie", True, ["color=blue", "color=black", "color=brown"]),
        (ARRAY, "cookie", False, ["color=blue,black,brown"]),
        (OBJECT, "cookie", True, ["R=100", "G=200", "B=150"]),
        ([], "cookie", False, []),
    ],
)
def test_cookie(value: Flat, style: Style, explode: bool, expected: list[str]) -> None:
    assert styles.cookie("color", value, style, explode) == expected


@pytest.mark.parametrize("value", ["a; b=c", "a\r\nb", "ü"])
def test_a_cookie_cannot_hold_everything(value: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        styles.check_cookies(styles.cookie("color", value, "cookie", True))


def test_reserved_characters_in_a_path() -> None:
    assert styles.path("p", "a:b/c?d#e", "simple", False, True) == "a:b%2Fc%3Fd%23e"


@pytest.mark.parametrize(
    ("value", "explode", "expected"),
    [
        (STRING, False, "blue"),
        (ARRAY, False, "blue,black,brown"),
        (OBJECT, False, "R,100,G,200,B,150"),
        (OBJECT, True, "R=100,G=200,B=150"),
    ],
)
def test_header(value: Flat, explode: bool, expected: str) -> None:
    assert styles.header(value, explode) == expected


@pytest.mark.parametrize("value", ["a\r\nx: y", "ü", "\0"])
def test_a_header_cannot_hold_everything(value: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        styles.check_header(styles.header(value, False))


@pytest.mark.parametrize(
    ("place", "style", "explode", "expected"),
    [
        ("path", None, None, ("simple", False)),
        ("path", "matrix", True, ("matrix", True)),
        ("path", "form", None, ("simple", False)),
        ("query", None, None, ("form", True)),
        ("query", "form", False, ("form", False)),
        ("query", "deepObject", None, ("deepObject", False)),
        ("header", None, None, ("simple", False)),
        ("header", "deepObject", None, ("simple", False)),
        ("cookie", None, None, ("form", True)),
        ("cookie", "cookie", None, ("cookie", True)),
        ("querystring", None, None, ("content", False)),
    ],
)
def test_defaults(
    place: Place, style: str | None, explode: bool | None, expected: tuple[Style, bool]
) -> None:
    assert styles.settle(place, style, explode) == expected


def test_every_style_belongs_to_a_place() -> None:
    assert set(styles.STYLES) == set(get_args(Place))
    assert {style for listed in styles.STYLES.values() for style in listed} == set(get_args(Style))


def test_a_path_is_filled() -> None:
    pieces = styles.cut("/größe/{a b}/x{c}%20")
    assert styles.fill(pieces, {"a b": "1", "c": "2"}) == "/gr%C3%B6%C3%9Fe/1/x2%20"
    assert styles.fill(styles.cut("/{a}/{b}"), {"a": ".", "b": ".."}) == "/%2E/%2E%2E"


@pytest.mark.parametrize(
    ("value", "style", "explode", "expected"),
    [
        ({"a": [1]}, None, None, ["f=%7B%22a%22%3A%5B1%5D%7D"]),
        ({"a": 1, "b": 2}, "form", None, ["a=1", "b=2"]),
        ({"a": {"b": 1}}, "deepObject", True, ["f%5Ba%5D%5Bb%5D=1"]),
        ([1, 2], None, None, ["f=1", "f=2"]),
        ([1, 2], "pipeDelimited", None, ["f=1%7C2"]),
        (None, None, None, ["f=null"]),
    ],
)
def test_a_form(
    value: object, style: Style | None, explode: bool | None, expected: list[str]
) -> None:
    assert styles.form_pairs("f", value, style, explode, False, text) == expected


def test_parts_of_a_form() -> None:
    def parts(value: object, style: Style | None = None) -> list[tuple[str, object]]:
        return styles.form_parts("a b", value, style, None, text)

    assert parts({"x": 1}) == [("a b", {"x": 1})]
    assert parts([1, {"x": 1}]) == [("a b", 1), ("a b", {"x": 1})]
    assert parts([1, "x&"], "form") == [("a b", "1"), ("a b", "x&")]
    assert parts({"x y": [1]}, "deepObject") == [("a b[x y][0]", "1")]


@pytest.mark.parametrize("style", ["simple", "label", "matrix"])
def test_a_path_is_read_back(style: Style) -> None:
    pieces = styles.cut("/größe/{a b}-{c}/x")
    written = {name: styles.path(name, f"{name} é", style, False) for name in ("a b", "c")}
    path = styles.fill(pieces, written)
    found = styles.recognizer(pieces).fullmatch(path)
    assert found is not None
    read = [styles.read_path(*pair, style) for pair in zip(written, found.groups(), strict=True)]
    assert read == ["a b é", "c é"]
    assert styles.recognizer(pieces).fullmatch("/groesse/a.b/x") is None


def test_a_query_is_read_back() -> None:
    pairs = [
        *styles.query("a b", ["x", "y&"], "form", True, False),
        *styles.deep("d", {"k": 1}, False, text),
    ]
    found = styles.read_query("&".join(pairs))
    assert found == {"a b": "x,y&", "d[k]": "1"}
    assert [*map(styles.parameter_of, found)] == ["a b", "d"]
    assert [*styles.readings("1,a")] == ["1,a", "1,a", ["1", "a"], [1, "a"]]
