"""The words of docstrings: what a document says, re-wrapped to the page.

Paragraphs and list items are wrapped; code, tables and headings stay as they are.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from oasmith.ir.types import Doc
from oasmith.text import NO_TEXT, Text

WIDTH: Final = 100

_VERBATIM: Final = re.compile(r"(?: {4}|\t|[|#>]|<[a-z/!])")
_FENCE: Final = re.compile(r" *(```|~~~)")
_ITEM: Final = re.compile(r"( *)([-*+]|[0-9]{1,3}[.)]) +")
_SPACE: Final = re.compile(r"[ \t\n]+")


def words_of(doc: Doc) -> Text:
    """Return the text of a docstring, Markdown, empty if the document says nothing."""
    text = (doc.description or doc.summary or doc.title or NO_TEXT).strip()
    if doc.deprecated and "deprecated" not in text.raw.lower():
        return Text.of("Deprecated. {}", text).strip()
    return text


def wrapped(words: Text, indent: int) -> Text:
    """Return the text in lines for a docstring that stands `indent` columns from the left."""
    text = words.raw.strip()
    width = WIDTH - indent
    if len(text) <= width - 6 and "\n" not in text and "\r" not in text:
        return Text(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    out: list[str] = []
    paragraph: list[str] = []
    hanging = first = ""

    def flush() -> None:
        nonlocal hanging, first
        if paragraph:
            # The opening quotes stand before the first line.
            room = width - 3 if not out else width
            out.extend(_fill(" ".join(paragraph), first, hanging, room, width))
            paragraph.clear()
        first = hanging = ""

    fence: str | None = None
    for line in lines:
        opening = _FENCE.match(line)
        if fence is not None:
            out.append(line.rstrip())
            if opening and opening[1] == fence:
                fence = None
            continue
        if opening:
            flush()
            fence = opening[1]
            out.append(line.rstrip())
            continue
        item = _ITEM.match(line)
        if item:
            flush()
            first = item[0]
            hanging = " " * len(first)
            paragraph.append(line[item.end() :])
        elif not line.strip():
            flush()
            if out and out[-1]:
                out.append("")
        elif (_VERBATIM.match(line) and not paragraph) or line[0] in "|#":
            flush()
            out.append(line.rstrip())
        else:
            paragraph.append(line)
            if line.endswith("  "):
                # A hard break; what follows still belongs to the item.
                kept = hanging
                flush()
                first = hanging = kept
    flush()
    while out and not out[-1]:
        out.pop()
    return Text("\n".join(out))


def _fill(text: str, first: str, hanging: str, room: int, width: int) -> list[str]:
    """Break a paragraph at spaces; a word that is too long stands alone."""
    text = _SPACE.sub(" ", text).strip(" ")
    if not text or len(first) + len(text) <= room:
        return [first + text]
    opening = _lines(room - len(first)).match(text)
    assert opening is not None, "one word always fits"
    rest = _lines(width - len(hanging)).findall(text, opening.end())
    return [first + opening[1], *[hanging + line for line in rest]]


@cache
def _lines(width: int) -> re.Pattern[str]:
    """Match what fits in a line: words up to the width, or one word that is longer."""
    return re.compile(rf"(.{{1,{max(width, 1)}}}|[^ ]+)(?: |\Z)", re.DOTALL)
