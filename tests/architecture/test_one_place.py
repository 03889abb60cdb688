"""Each rule of OpenAPI, HTTP and Python's types has one definition in the generator.

A fact is recognised by what its definition cannot do without: a string, or the call of a function.
Docstrings and comments may speak of it anywhere.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from conftest import REPO

GENERATOR = REPO / "generator" / "oasmith"
SEMANTICS = "runtime/semantics/"

STRINGS = {
    # Media types (RFC 6838, RFC 6839, RFC 7464)
    "what is JSON": (r"\+json", SEMANTICS + "media_types.py"),
    "sequences of JSON texts": (r"x-ndjson", SEMANTICS + "media_types.py"),
    "forms": (r"x-www-form-urlencoded", SEMANTICS + "media_types.py"),
    "bytes": (r"octet-stream", SEMANTICS + "media_types.py"),
    "events": (r"text/event-stream", SEMANTICS + "media_types.py"),
    "forms in parts": (r"^multipart/$", SEMANTICS + "media_types.py"),
    # Parameter styles (OpenAPI 3.2, parameter object)
    "deepObject": (r"%5B", SEMANTICS + "styles.py"),
    "pipeDelimited and spaceDelimited": (r"%7C", SEMANTICS + "styles.py"),
    "spaces in spaceDelimited": (r"^%20$", SEMANTICS + "styles.py"),
    "segments of dots": (r"%2E", SEMANTICS + "styles.py"),
    "what reserved characters are": (r"@!\$", SEMANTICS + "styles.py"),
    # Scalars
    "numbers as text": (r"not a finite number", SEMANTICS + "text.py"),
    "durations as text": (r"^PT0S$", SEMANTICS + "text.py"),
    "the example of an address": (r"2001:db8::", SEMANTICS + "text.py"),
    "the example of an e-mail address": (r"@example\.com", "ir/scalars.py"),
    "strict integers": (r"^StrictInt$", "ir/scalars.py"),
    # Rules between fields
    "the wording of `oneOf` of `required`": (r"^exactly$", SEMANTICS + "rules.py"),
    "the wording of `dependentRequired`": (r"^ is given, $", SEMANTICS + "rules.py"),
    "the wording of `not`": (r"cannot be given", SEMANTICS + "rules.py"),
    "the wording of `x-at-most`": (r" is at most ", SEMANTICS + "rules.py"),
    "the wording of `if`": (r"^unless ", SEMANTICS + "rules.py"),
    "the wording of `properties` in `if`": (r" or left out", SEMANTICS + "rules.py"),
}
CALLS = {
    "dates from text": ("fromisoformat", {SEMANTICS + "text.py"}),
    "dates as text": ("isoformat", {SEMANTICS + "text.py"}),
    "base64": ("b64decode", {SEMANTICS + "text.py"}),
    "suggestions": ("get_close_matches", {SEMANTICS + "suggest.py"}),
    "patterns in Rust's engine": (
        "RegexOptions",
        {"targets/python/patterns.py", "openapi/unfolding.py"},
    ),
}


@cache
def modules() -> dict[str, ast.Module]:
    return {
        path.relative_to(GENERATOR).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(GENERATOR.rglob("*.py"))
    }


def strings(tree: ast.Module) -> Iterator[str]:
    """Yield the strings of a module that are no documentation."""
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            yield node.value if isinstance(node.value, str) else ""


@cache
def calls() -> dict[str, set[str]]:
    """Return the modules that call a function of a name, by that name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call | ast.Attribute):
                name = node.func if isinstance(node, ast.Call) else node
                found[name.attr if isinstance(name, ast.Attribute) else ast.unparse(name)].add(path)
    return found


@pytest.mark.parametrize("fact", STRINGS)
def test_a_fact_is_stated_once(fact: str) -> None:
    pattern, where = STRINGS[fact]
    found = {
        path
        for path, tree in modules().items()
        if any(re.search(pattern, text) for text in strings(tree))
    }
    assert found == {where}


@pytest.mark.parametrize("fact", CALLS)
def test_a_function_is_called_in_one_place(fact: str) -> None:
    name, where = CALLS[fact]
    assert calls()[name] == where


def test_no_module_of_the_runtime_is_copied_by_hand() -> None:
    """The sync half is written by `.ci/unasync.py`, which `make lint` runs."""
    lint = (REPO / "Makefile").read_text(encoding="utf-8")
    assert "unasync.py --check" in re.split(r"\n(?=\w)", lint.partition("\nlint:")[2])[0]


def test_there_are_enough_of_them() -> None:
    assert len(STRINGS) + len(CALLS) >= 15
    assert {Path(where).parent.name for _, where in STRINGS.values()} == {"semantics", "ir"}
