"""Rendered modules are read once more before anything is written: they hold what was planned.

Only `Code` is printed, so this finds nothing, unless a defect of ours lets text of a document out
of its quotes. Strings and comments are cut out as Python's own tokenizer would do it, so what came
loose stays behind, and there: each statement of the module is one that was planned, in its order;
each import is planned; what is called is imported, defined or a word of our templates; and no
character is left that our templates do not use.

Reading with `ast` says the same and takes three times as long; the tests compare the two.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from oasmith.emit.files import File
from oasmith.python.code import Code


class Outline(NamedTuple):
    """What a module is made of."""

    imports: tuple[Code, ...]
    """All its import statements, those inside of functions too."""
    statements: tuple[Code, ...]
    """How its other statements begin: the name that is defined, or the condition."""


class UnplannedError(RuntimeError):
    """A rendered module is not what was planned: a defect of ours."""


def inspected(file: File, outline: Outline) -> File:
    """Return the file.

    Raises:
        UnplannedError: its text has anything beyond its outline.
    """
    rest = _TEXT.sub("\0", file.text)
    planned = "\n".join(outline.imports)
    if _imports(rest) != _imports(planned):
        raise UnplannedError(f"{file.path} does not import what was planned")
    found = [each for each in _STATEMENT.findall(rest) if not each.startswith(_IMPORTING)]
    if found != list(outline.statements):
        odd = [each for each in found if each not in outline.statements] or found
        raise UnplannedError(f"{file.path} has statements that were not planned: {odd[:1]!a}")
    known = {*_WORD.findall(planned), *outline.statements, *_OURS}
    for called in set(_CALL.findall(rest)):
        if called.partition(".")[0] not in known:
            raise UnplannedError(f"{file.path} calls what was not planned: {called!a}")
    if (odd_one := _FOREIGN.search(rest)) is not None:
        raise UnplannedError(f"{file.path} has {odd_one[0]!a} outside of its texts")
    return file


def _imports(text: str) -> set[str]:
    return {"".join(each.split()) for each in _IMPORT.findall(text)}


_TEXT: Final = re.compile(
    # A prefix before the quotes, which no template writes, would change what they mean.
    r'"(?<!\w")(?:""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""|[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")'
    r"|'(?<!\w')[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    r"|\#[^\n]*+",
    re.DOTALL,
)
_IMPORT: Final = re.compile(r"^ *((?:from [\w.]+ )?import (?:\([^)]*\)|[^\n(]*))", re.MULTILINE)
_IMPORTING: Final = ("from ", "import ")
_STATEMENT: Final = re.compile(
    r"^(?:class |def )?([^\s\x00()\[\]{}][^\n:=(]*[^\n:=( ]|\w)", re.MULTILINE
)
# Names may hold marks, which `\w` does not match: "İ" in lower case is "i" and a dot above it.
_WORD: Final = re.compile(r"[\w\x80-\U0010ffff]+")
_CALL: Final = re.compile(r"(?<![\w.\x80-\U0010ffff])(?<!def )([^\W\d][\w.\x80-\U0010ffff]*+)\(")
_OURS: Final = frozenset({"cls", "given", "self", "super", "tuple"})
"""What methods of our templates call beside what the module imports and defines."""
_FOREIGN: Final = re.compile(r"""[;\\`$?!%^~"'\x01-\x09\x0b-\x1f\x7f-\x9f]""")
"""Characters that templates do not use, and quotes that are left over."""
