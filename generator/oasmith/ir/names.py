"""Words of names, before any language spells them."""

from __future__ import annotations

import re
from functools import cache

_WORD = re.compile(r"[A-Za-z0-9]+")


@cache
def pascal(text: str) -> str:
    """Return the words of a text run together, each with a capital: `rate_limit` -> `RateLimit`.

    What holds no ASCII letter or digit is kept as it is.
    """
    words = _WORD.findall(text)
    return "".join(word[0].upper() + word[1:] for word in words) or text
