"""YAML that is safe to print."""

from __future__ import annotations

from html import escape

from oasmith.targets.rendering import toml
from oasmith.text import Text


class Yaml(str):
    """A piece of YAML that needs no more escaping."""

    __slots__ = ()


def string(value: str) -> Yaml:
    """Write a double-quoted scalar (YAML 1.2, 7.3.1), of which TOML's basic strings are a part."""
    return Yaml(toml.string(value))


def title(value: Text) -> Yaml:
    """Write a title, which themes print as HTML: what could be markup in it is an entity."""
    return string(escape(value.raw))
