"""Suggestions for a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the name that is most like `word`, or equals it but for case; None if none is."""
    names = list(known)
    close = get_close_matches(word, names, 1)
    folded = word.lower()
    return close[0] if close else next((name for name in names if name.lower() == folded), None)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names what was probably meant, None if nothing is like `word`."""
    near = nearest(word, known)
    return None if near is None else f"did you mean `{near}`?"
