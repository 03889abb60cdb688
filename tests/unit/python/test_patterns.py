"""Patterns go to an engine that takes them and means the same by them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

from oasmith.python.patterns import Engine, Pattern, translate


def rust(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern))


def finds(pattern: Pattern, text: str) -> bool:
    if pattern.engine is Engine.PYTHON:
        return re.search(pattern.text, text) is not None
    try:
        rust(pattern.text).validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("pattern", "engine"),
    [
        ("^[a-z]+$", Engine.RUST),
        (r"^(?:\d{1,3}\.){3}\d{1,3}$", Engine.RUST),
        (r"^\/path\/$", Engine.RUST),
        (r"\u00e9|\x41", Engine.RUST),
        (r"^[^\s\]]+$", Engine.RUST),
        ("(?<year>[0-9]{4})", Engine.RUST),
        (r"\p{L}+", Engine.RUST),
        ("a*?b", Engine.RUST),
        ("^(?!x)", Engine.PYTHON),
        ("(?<=a)b", Engine.PYTHON),
        (r"(a)\1", Engine.PYTHON),
        (r"(?<q>['\"]).*\k<q>", Engine.PYTHON),
        ("[a[b]", Engine.PYTHON),
        ("[a&&b]", Engine.PYTHON),
        ("a{", Engine.PYTHON),
        ("a{1,100000}", Engine.PYTHON),
        (r"(\w{1,10}x){1,10}", Engine.RUST),
        (r"\w{1,1000}", Engine.PYTHON),
        ("a{99999999}", Engine.PYTHON),
        ("(a{1,100}){1,100}", Engine.RUST),
        ("[^]x", Engine.PYTHON),
        (r"^[ -\uD7FF\uD800\uDBFF-\uDC00\uDFFF]*$", Engine.PYTHON),
    ],
)
def test_the_engine(pattern: str, engine: Engine) -> None:
    translated = translate(pattern)
    assert isinstance(translated, Pattern)
    assert translated.engine is engine
    if engine is Engine.RUST:
        rust(translated.text)
    else:
        re.compile(translated.text)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[",
        "[z-a]",
        "a{3,1}",
        "a{" + "9" * 5000 + "}",
        "(" * 5000 + ")" * 5000,
        "^(?!x)(a+)+$",
        "a)",
        "*",
        "(?<n>a",
        r"\p{Nonsense}(?=a)",
        "(?<=a+)b",
        r"[\uD800-\uDBFF][\uDC00-\uDFFF]",
        r"\uD83C\uDF89",
    ],
)
def test_what_no_engine_takes(pattern: str) -> None:
    assert isinstance(translate(pattern), str)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("^a$", "a\n", False),
        ("^(?!b)a$", "a\n", False),
        (r"(?<q>['\"])x\k<q>", "'x'", True),
        (r"(?<q>['\"])x\k<q>", "'x\"", False),
        ("[a[b]", "[", True),
        ("[a&&b]", "&", True),
        (r"\u{1f389}(?=x)", "\U0001f389x", True),
        ("[^]x", "\nx", True),
        ("[]", "x", False),
        (r"^[\u0020-\uD7FF\uD800\uDBFF-\uDC00\uDFFF]$", "\U0001f389", True),
        (r"^[\u0020-\uD7FF\uD800\uDBFF-\uDC00\uDFFF]$", "\t", False),
    ],
)
def test_the_meaning(pattern: str, text: str, found: bool) -> None:
    translated = translate(pattern)
    assert isinstance(translated, Pattern)
    assert finds(translated, text) is found


def patterns(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            else:
                yield from patterns(value)
    elif isinstance(node, list):
        for item in node:
            yield from patterns(item)


def test_patterns_of_real_documents_compile_where_they_are_sent(shared: Path) -> None:
    found = {
        pattern
        for file in sorted((shared / "specs").glob("*.json"))
        for pattern in patterns(json.loads(file.read_bytes()))
    }
    assert len(found) >= 30
    refused = []
    for pattern in sorted(found):
        translated = translate(pattern)
        if isinstance(translated, Pattern) and translated.engine is Engine.RUST:
            try:
                rust(translated.text)
            except SchemaError:
                refused.append(pattern)
    assert refused == []
