"""Escaping by construction: who may read the characters of `Text`, and what `Code` is made of."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import REPO
from oasmith.ir.types import Doc
from oasmith.targets.python.code import docstring, literal
from oasmith.text import Text

PACKAGE = REPO / "generator" / "oasmith"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if "runtime" not in path.relative_to(PACKAGE).parts
)
READERS = {
    "ir/json.py",  # prints the model
    "targets/python/distribution.py",  # makes versions from an allow-list
    "targets/rendering/toml.py",
    "targets/python/code.py",
    "targets/rendering/markdown.py",
    "targets/rendering/yaml.py",
    "targets/python/docstrings.py",  # lays out lines, text again
    "targets/python/naming.py",  # makes names from an allow-list
    "text.py",
}
"""The modules that escape text, or let through no character of it that means anything."""

OF_OUR_OWN = {"source", "fill", "joined", "of", "pieces"}
"""Functions whose first argument is source or a sentence that stands in our code."""


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def test_only_escapes_read_the_characters_of_text() -> None:
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        for node in _nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "raw"
    }
    assert readers == READERS


def _is_ours(node: ast.expr, constants: set[str]) -> bool:
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.IfExp(body=one, orelse=other):
            return _is_ours(one, constants) and _is_ours(other, constants)
        case ast.Name(id=name):
            return name in constants
        case _:
            return False


def _templates(path: Path) -> Iterator[tuple[ast.Call, bool]]:
    """Yield the calls that take source of ours, and whether it is."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        and node.module in ("oasmith.targets.python.code", "oasmith.text")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        match node.func:
            case ast.Name(id=name) if name in OF_OUR_OWN & imported:
                yield node, _is_ours(node.args[0], constants)
            case ast.Attribute(value=ast.Name(id="Text"), attr=name) if name in OF_OUR_OWN:
                yield node, _is_ours(node.args[0], constants)
            case ast.Attribute(attr="joined" | "pieces"):
                yield node, _is_ours(node.args[0], constants)
            case _:
                pass


def test_what_is_taken_as_source_stands_in_our_code() -> None:
    found = {path: list(_templates(path)) for path in MODULES}
    assert sum(map(len, found.values())) > 150
    foreign = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path, calls in found.items()
        for call, is_ours in calls
        if not is_ours
    ]
    assert foreign == []


HOSTILE = Text('"""\nimport os')


@pytest.mark.parametrize(
    "print_it",
    [
        str,
        format,
        lambda text: f"{text}",
        lambda text: "%s" % text,  # noqa: UP031
        lambda text: "a" + text,
        lambda text: text + "a",
        lambda text: text % (),
        lambda text: "".join([text]),
        lambda text: "".join(text),
        lambda text: text[0],
        lambda text: text.encode(),
        print,
    ],
)
def test_text_is_not_printed_unnoticed(print_it: Callable[[Text], object]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        print_it(HOSTILE)


def test_text_is_a_value() -> None:
    assert Text(HOSTILE.raw) == HOSTILE
    assert Text("a") != "a"
    assert len({HOSTILE, Text(HOSTILE.raw), Text("")}) == 2
    assert (bool(HOSTILE), bool(Text("")), len(Text("ab"))) == (True, False, 2)
    assert "import" in HOSTILE
    assert repr(Doc(title=Text("\u202eé"))).startswith("Doc(title=Text('\\u202e\\xe9'), ")


def test_text_is_escaped_by_what_prints_it() -> None:
    assert literal(HOSTILE) == '\'"""\\nimport os\''
    assert docstring(HOSTILE, 4) == '"""\\"\\""\n    import os\n    """'


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (Text.of("{}: {}.", "a", Text("{b}")), "a: {b}."),
        (Text.joined(", ", [Text("a"), Text("b")]), "a, b"),
        (Text(" a\n b ").strip(), "a\n b"),
        (Text(" a\n\n b ").line(), "a b"),
        (Text("abc").within(3), "abc"),
        (Text("abcd").within(3), "ab…"),
        (Text("a..").without_stop(), "a"),
        (Text("a").sentence(), "a."),
        (Text("a?").sentence(), "a?"),
        (Text("").sentence(), ""),
        (Text("a`").ended(), "a`"),
        (Text("a1").ended(), "a1."),
        (Text("").ended(), ""),
        (Text("a\n\nb").indented("  ", "    "), "  a\n\n    b"),
    ],
)
def test_making_text_of_text(made: Text, text: str) -> None:
    assert made.raw == text


def test_parts_of_text() -> None:
    assert Text("a\n\nb\n\nc").opening() == (Text("a"), Text("b\n\nc"))
    assert Text("a\nb").pieces("\n") == [Text("a"), Text("b")]
    assert Text("for `a-b`, c(d)").words() == ["for", "a-b", "c", "d"]
    assert Text("for `a-b` or `c d`").names() == ["a-b", "c d"]
