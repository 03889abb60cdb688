"""Reading: YAML 1.2's core schema and strict JSON; whatever else is said and where."""

import gc
import json
from pathlib import Path

import pytest

from oasmith.source import Json
from unit.openapi.documents import reading, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("2024-01-02", "2024-01-02"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0777", 777),
        ("0o17", 15),
        ("0x1F", 31),
        ("-12", -12),
        ("+1", 1),
        ("1.0", 1.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("1.2.3", "1.2.3"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("Null", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("|\n  a\n  b", "a\nb\n"),
    ],
)
def test_scalars(tmp_path: Path, text: str, expected: Json) -> None:
    read = value(tmp_path, f"a: {text}\n")
    assert read == {"a": expected}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(expected)


def test_keys_are_texts_as_they_are_written(tmp_path: Path) -> None:
    text = "200: a\nno: b\n1.0: c\nnull: d\n"
    assert value(tmp_path, text) == {"200": "a", "no": "b", "1.0": "c", "null": "d"}


def test_aliases_and_merge_keys(tmp_path: Path) -> None:
    text = "base: &b {x: 1, y: 2}\nother: &o {z: 3, y: 9}\nused: *b\nnew:\n  <<: [*b, *o]\n  x: 0\n"
    read = value(tmp_path, text)
    assert isinstance(read, dict)
    assert read["used"] == {"x": 1, "y": 2}
    assert read["new"] == {"x": 0, "y": 2, "z": 3}


def test_a_quoted_merge_key_is_a_key(tmp_path: Path) -> None:
    assert value(tmp_path, "'<<': 1\n") == {"<<": 1}


def test_json_in_a_yaml_file(tmp_path: Path) -> None:
    long_key = "k" * 2000  # more than YAML takes
    text = json.dumps({"a": "\U0001f600", long_key: 1})
    assert value(tmp_path, text) == {"a": "\U0001f600", long_key: 1}
    assert value(tmp_path, "{a: b} # flow style\n") == {"a": "b"}


def test_byte_order_mark(tmp_path: Path) -> None:
    assert value(tmp_path, b"\xef\xbb\xbfa: 1\n") == {"a": 1}
    assert value(tmp_path, b'\xef\xbb\xbf{"a": 1}', "a.json") == {"a": 1}


def test_int_and_float_stay_apart(tmp_path: Path) -> None:
    read = value(tmp_path, '{"a": 1, "b": 1.0, "c": 1e2, "d": -0}', "a.json")
    assert isinstance(read, dict)
    assert [type(number) for number in read.values()] == [int, float, float, int]


def test_of_two_equal_keys_the_first_is_kept(tmp_path: Path) -> None:
    said = [("duplicate-key", "the key `a` is already in this object")]
    assert reading(tmp_path, "a: 1\nb: {c: 1}\na: 2\n") == ({"a": 1, "b": {"c": 1}}, said)
    assert reading(tmp_path, '{"a": 1, "a": 2}', "a.json") == ({"a": 1}, said)


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_depth_is_limited(tmp_path: Path, name: str) -> None:
    said = [("too-large", "objects and lists are nested more than 20 deep")]
    assert reading(tmp_path, "[" * 20 + "]" * 20, name, depth=20)[1] == []
    assert reading(tmp_path, "[" * 21 + "]" * 21, name, depth=20)[1] == said
    deep = "[" * 100_000 + "]" * 100_000
    assert reading(tmp_path, deep, name)[1] != []


def test_brackets_in_strings_are_no_depth(tmp_path: Path) -> None:
    text = json.dumps(["[" * 50, "{" * 50])
    assert value(tmp_path, text, "a.json", depth=20) == ["[" * 50, "{" * 50]


def test_depth_is_limited_through_aliases(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 30)]
    assert reading(tmp_path, "\n".join(lines), depth=20)[1] == [
        ("too-large", "objects and lists are nested more than 20 deep")
    ]


def test_size_is_limited(tmp_path: Path) -> None:
    code, message = reading(tmp_path, "a: " + "x" * 2**20, size=2**20)[1][0]
    assert code == "unreadable"
    assert message.endswith("it is larger than 1 MiB")


def test_devices_and_folders_are_not_opened(tmp_path: Path) -> None:
    from oasmith.diagnostics import Diagnostics
    from oasmith.openapi.reading import Limits, read
    from oasmith.source import start_of

    for path, reason in ((Path("/dev/zero"), "no"), (tmp_path, "a folder")):
        diagnostics = Diagnostics()
        assert read(path, diagnostics, Limits(), start_of(path)) is None
        (found,) = diagnostics
        assert found.code == "unreadable"
        assert reason in found.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9" * 5000, "this number has more than 1000 digits"),
        ("1e999", "1e999 is too large for a number"),
    ],
)
def test_numbers_beyond_json(tmp_path: Path, text: str, message: str) -> None:
    for name in ("a.json", "a.yaml"):
        assert reading(tmp_path, f'{{"a": {text}}}', name)[1] == [("unparsable", message)]


def test_surrogate_pairs_are_one_character(tmp_path: Path) -> None:
    assert value(tmp_path, '["\\ud83d\\ude00"]', "a.json") == ["\U0001f600"]
    for half in ("\\ud83d", "\\ude00", "\\ude00\\ud83d"):
        assert reading(tmp_path, f'["{half}"]', "a.json")[1] == [
            ("unparsable", "half of a surrogate pair is no character")
        ]


def test_the_collector_is_on_again(tmp_path: Path) -> None:
    assert gc.isenabled()
    reading(tmp_path, "a: [")
    assert gc.isenabled()
