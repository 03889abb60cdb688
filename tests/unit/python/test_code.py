"""No text of a document gets out of a literal or a docstring."""

import ast
import math
import unicodedata

import pytest

from oasmith.targets.python import code
from oasmith.targets.python.docstrings import wrapped
from oasmith.text import Text

HOSTILE = [
    "",
    "plain",
    '"""',
    '""""""',
    'ends in a quote"',
    '"starts with one',
    "ends in a backslash\\",
    'both\\"',
    "'''",
    "\\N{BULLET} \\u0041 \\x41 \\101",
    "nul \0 bell \a escape \x1b[31m",
    "bare \r return, \r\n both",
    "next line \x85 separators \u2028 \u2029",
    "bidirectional \u202e evil \u2066 marks \u200f",
    "surrogate \ud800 alone",
    "tags \U000e0041",
    '"""\nimport os\nos.system("true")\n"""',
    "{braces} {0} %s ${x} {{ jinja }} {% raw %}",
    "# coding: latin-1",
    "é ü 用户 🎉",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_literal_is_its_value_in_ascii(text: str) -> None:
    written = str(code.literal(text))
    assert written.isascii()
    assert "\n" not in written
    assert ast.literal_eval(written) == text


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -1,
        1.0,
        -0.0,
        1e300,
        10**400,
        [1, [True, None], {"a": {"": [0.5]}}],
        {'"': "'"},
        ("one",),
        (1, 2),
    ],
)
def test_a_literal_keeps_value_and_type(value: object) -> None:
    read = ast.literal_eval(str(code.literal(value)))
    assert read == value
    assert type(read) is type(value)


def test_a_huge_integer_can_be_read_again() -> None:
    assert ast.literal_eval(str(code.literal(10**5000))) == 10**5000


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_has_no_literal(value: float) -> None:
    with pytest.raises(ValueError, match="no literal"):
        code.literal(value)


def test_what_is_not_json_has_no_literal() -> None:
    with pytest.raises(TypeError, match="set"):
        code.literal({1})


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("indent", [0, 4, 8])
def test_a_docstring_is_one_string_and_nothing_else(text: str, indent: int) -> None:
    statement = str(code.docstring(Text(text), indent))
    source = f"class A:\n{' ' * 4}{statement}\n"
    (made,) = ast.parse(source).body
    assert isinstance(made, ast.ClassDef)
    (expression,) = made.body
    assert isinstance(expression, ast.Expr)
    value = ast.literal_eval(expression.value)
    said = text.replace("\r\n", "\n").replace("\r", "\n")
    assert [line.strip(" ") for line in value.split("\n") if line.strip(" ")] == [
        line.strip(" ") for line in said.split("\n") if line.strip(" ")
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_docstring_has_no_character_that_deceives(text: str) -> None:
    statement = str(code.docstring(Text(text), 4))
    assert "\r" not in statement
    for character in statement.replace("\n", ""):
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


@pytest.mark.parametrize("name", ["", "a b", "1a", "class", "a.b", "a-b", "x;y", "a\n"])
def test_an_identifier_is_one(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        code.identifier(name)


@pytest.mark.parametrize("name", ["a..b", "a.", "a.class", "a b.c", ".a-b"])
def test_a_dotted_name_is_made_of_identifiers(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        code.dotted(name)


def test_code_is_made_nowhere_else() -> None:
    with pytest.raises(TypeError):
        code.Code()
    made = code.source("x")
    derived = (made + made, made[:], made.strip(), f"{made}", "".join([made]), str(made), made * 1)
    assert [*map(type, derived)] == [str] * len(derived)


def test_a_union_says_each_part_once_and_none_last() -> None:
    text, none, number = code.source("str"), code.source("None"), code.source("int")
    inner = code.union([none, text])
    assert str(code.union([inner, number, text, none])) == "str | int | None"


def test_a_union_inside_of_brackets_is_one_part() -> None:
    inner = code.fill("list[{}]", code.union([code.source("str"), code.source("None")]))
    assert str(code.union([inner, code.source("str")])) == "list[str | None] | str"


# --- wrapping --------------------------------------------------------------------------------


def _lines(text: str, indent: int) -> list[str]:
    return wrapped(Text(text), indent).raw.split("\n")


def test_a_short_text_stays() -> None:
    assert _lines("Short.", 4) == ["Short."]


def test_paragraphs_are_filled_to_the_page() -> None:
    lines = _lines("word " * 60 + "\nand\nmore\n\nsecond paragraph", 4)
    assert all(len(line) <= 96 for line in lines)
    assert lines[-2:] == ["", "second paragraph"]
    assert " ".join(lines).split() == ("word " * 60 + "and more second paragraph").split()


def test_lists_hang_and_code_stays() -> None:
    long = "one two three " * 10
    text = f"Intro:\n\n- {long}\n- b\n\n```\n  code   stays   as it is {'x' * 100}\n```\n| a | b |"
    lines = _lines(text, 0)
    assert lines[2].startswith("- one two")
    assert lines[3].startswith("  ")
    assert "- b" in lines
    assert f"  code   stays   as it is {'x' * 100}" in lines
    assert lines[-1] == "| a | b |"


def test_a_word_that_is_too_long_stands_alone() -> None:
    url = "https://example.com/" + "a" * 120
    assert url in _lines(f"See {url} for more.", 4)
