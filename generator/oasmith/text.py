"""Text of a document as a type of its own: what it says to people, from the reader on.

Text is titles, versions, summaries, descriptions, names of examples and addresses to read more at:
all that is written for people and whose only way is into docstrings, docs and metadata. What a
document says to programs (names, wire names, values, patterns, media types, addresses to call)
stays a `str`, since it is compared and looked up, and comes out through `identifier`, `literal` or
a code span alone. `Text` is no `str` and cannot become one unnoticed: its characters are `raw`,
which only the modules may ask for that escape or that make names from an allow-list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, LiteralString, NoReturn

from oasmith.frozen import frozen

_WORD: Final = re.compile(r"[\w-]+")
_CODE: Final = re.compile(r"`([^`]+)`")


@frozen(kw_only=False)
class Text:
    """Words for people, hostile until they are escaped. False where there are none."""

    raw: str

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, Text) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.raw)

    def __bool__(self) -> bool:
        return bool(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def __contains__(self, part: str) -> bool:
        return part in self.raw

    def __str__(self) -> NoReturn:
        raise TypeError("text of a document is not printed; an escape makes something of it")

    def __format__(self, _: str) -> NoReturn:
        self.__str__()

    def __repr__(self) -> str:
        return f"Text({self.raw!a})"

    @staticmethod
    def of(template: LiteralString, *parts: Text | str) -> Text:
        """Put parts in the place of each `{}` of a sentence that stands in our own code."""
        return Text(template.format(*map(_raw, parts)))

    @staticmethod
    def joined(separator: LiteralString, parts: Iterable[Text]) -> Text:
        """Join parts."""
        return Text(separator.join([part.raw for part in parts]))

    def strip(self) -> Text:
        """Return the text without space around it."""
        return Text(self.raw.strip())

    def line(self) -> Text:
        """Return the text in one line, one space between words."""
        return Text(" ".join(self.raw.split()))

    def within(self, size: int) -> Text:
        """Return the text, cut where it has more characters."""
        return self if len(self.raw) <= size else Text(f"{self.raw[: size - 1]}…")

    def without_stop(self) -> Text:
        """Return the text without full stops at its end."""
        return Text(self.raw.rstrip("."))

    def sentence(self) -> Text:
        """Return the text with a full stop at its end unless another mark ends it already."""
        return self if not self.raw or self.raw[-1] in ".!?" else Text(f"{self.raw}.")

    def ended(self) -> Text:
        """Return the text with a full stop where a letter or digit ends it."""
        return Text(f"{self.raw}.") if self.raw[-1:].isalnum() else self

    def opening(self) -> tuple[Text, Text]:
        """Return the first paragraph, and what follows it."""
        first, _, rest = self.raw.partition("\n\n")
        return Text(first), Text(rest)

    def pieces(self, separator: LiteralString) -> list[Text]:
        """Return what is between the separators."""
        return [Text(piece) for piece in self.raw.split(separator)]

    def indented(self, first: LiteralString, further: LiteralString) -> Text:
        """Return the text with space before its first line and before all further ones."""
        line, *rest = self.raw.split("\n")
        lines = [first + line if line else "", *[further + each if each else "" for each in rest]]
        return Text("\n".join(lines))

    def words(self) -> list[str]:
        """Return its words, letters, digits and hyphens alone, to be compared with names."""
        return _WORD.findall(self.raw)

    def names(self) -> list[str]:
        """Return what it marks as code, to be compared with names."""
        return _CODE.findall(self.raw)


NO_TEXT: Final = Text("")


def _raw(part: Text | str) -> str:
    return part.raw if isinstance(part, Text) else part
