"""TOML that is safe to print."""

from __future__ import annotations

import json
import re

from oasmith.frozen import frozen
from oasmith.text import Text

_RAW = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
"""What TOML forbids, and what is invisible or turns text around."""


@frozen(kw_only=False)
class Toml:
    """A piece of TOML that needs no more escaping."""

    source: str

    def __str__(self) -> str:
        return self.source


def string(value: Text | str) -> Toml:
    """Write a basic string (TOML 1.0, section String), which JSON's strings nearly are."""
    text = json.dumps(value.raw if isinstance(value, Text) else value, ensure_ascii=False)
    return Toml(_RAW.sub(lambda m: "?" if "\ud800" <= m[0] <= "\udfff" else _escape(m[0]), text))


def _escape(character: str) -> str:
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
