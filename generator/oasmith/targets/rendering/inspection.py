"""Rendered modules are read once more before anything is written: they hold what was planned.

Only `Code` is printed, so this finds nothing, unless a defect of ours lets text of a document out
of its quotes. Strings and comments are cut out as Python's own tokenizer would do it, so what came
loose stays behind, and there: each statement of the module is one that was planned, in its order;
each import is planned; what is called is imported, defined or a word of our templates; and no
character is left that our templates do not use.

Reading with `ast` says the same and takes three times as long; the tests compare the two.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from oasmith.targets.contract import File
from oasmith.targets.python.code import Code, fill, source
from oasmith.targets.python.imports import statements_of
from oasmith.targets.python.lazy_package import LazyPackageView


class Outline(NamedTuple):
    """What a module is made of."""

    imports: tuple[Code, ...]
    """All its import statements, those inside of functions too."""
    statements: tuple[Code, ...]
    """How its other statements begin: the name that is defined, or the condition."""


class UnplannedError(RuntimeError):
    """A rendered module is not what was planned: a defect of ours."""


def outline_of_package(package: LazyPackageView) -> Outline:
    """Return what the `__init__` of a lazy package is made of."""
    statements = (fill("if {}", package.type_checking), source("else"), source("__all__"))
    return Outline((*statements_of(package.imports), *package.typed_imports), statements)


def inspected(file: File, outline: Outline) -> File:
    """Return the file.

    Raises:
        UnplannedError: its text has anything beyond its outline.
    """
    rest = "\n" + _TEXT.sub("\0", file.text)
    if not _holds_imports(rest, outline.imports):
        raise UnplannedError(f"{file.path} does not import what was planned")
    found = [each for each in _STATEMENT.findall(rest) if not each.startswith(_IMPORTING)]
    if found != list(outline.statements):
        odd = [each for each in found if each not in outline.statements] or found
        raise UnplannedError(f"{file.path} has statements that were not planned: {odd[:1]!a}")
    called = {name[::-1] for name in set(_CALLED.findall(rest[::-1]))}
    if unknown := called.difference(outline.statements, _OURS):
        known = {*_WORD.findall("\n".join(outline.imports)), *outline.statements, *_OURS}
        for name in unknown:
            # Of a call on what an expression gives, the expression is looked at.
            if not name.startswith(".") and name.partition(".")[0] not in known:
                raise UnplannedError(f"{file.path} calls what was not planned: {name!a}")
    if (odd_one := _FOREIGN.search(rest)) is not None:
        raise UnplannedError(f"{file.path} has {odd_one[0]!a} outside of its texts")
    return file


def _holds_imports(rest: str, planned: Iterable[Code]) -> bool:
    """Say whether there is each of the statements, and no other that imports."""
    count = len(_IMPORT.findall(rest))
    for statement, times in Counter(planned).items():
        count -= times * len(_IMPORT.findall(statement))
        for indent in _INDENTS:
            times -= rest.count(f"\n{indent}{statement}\n")
            if times <= 0:
                break
        else:
            return False
    return count == 0


_TEXT: Final = re.compile(
    # A prefix before the quotes, which no template writes, would change what they mean.
    r'"(?<!\w")(?:""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""|[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")'
    r"|'(?<!\w')[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    r"|\#[^\n]*+",
    re.DOTALL,
)
# Each begins with a character that is looked for quickly.
_IMPORT: Final = re.compile(r"import(?<!\wimport)(?!\w)")
_INDENTS: Final = ("", "    ", "        ")
_IMPORTING: Final = ("from ", "import ")
_STATEMENT: Final = re.compile(r"\n(?:class |def )?([^\s\x00()\[\]{}][^\n:=(]*[^\n:=( ]|[^\W\n])")
# Names may hold marks, which `\w` does not match: "İ" in lower case is "i" and a dot above it.
_WORD: Final = re.compile(r"[\w\x80-\U0010ffff]+")
_CALLED: Final = re.compile(r"\(\s*([])\0]|[\w.\x80-\U0010ffff]++(?! fed\b))")
"""What is before parentheses, looked for from there back; no call is `def name(`."""
_OURS: Final = frozenset({*keyword.kwlist, "cls", "given", "self", "super", "tuple"})
"""What our templates write before parentheses beside what the module imports and defines."""
_FOREIGN: Final = re.compile(r"""[;\\`$?!%^~"'\x01-\x09\x0b-\x1f\x7f-\x9f]""")
"""Characters that templates do not use, and quotes that are left over."""
