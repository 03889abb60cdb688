"""References: what the text of a `$ref` means (RFC 3986, RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from urllib.parse import unquote

from oasmith.diagnostics import Hint
from oasmith.frozen import frozen
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.source import Json, Pointer, Trail, render_pointer


@frozen
class Broken:
    """A reference that leads to nothing, and why."""

    code: str
    message: str
    hint: Hint = None


@frozen
class Reference:
    """`address` is what stands before the fragment, as it is written, None for nothing.

    The fragment is a pointer or the name of an anchor.
    """

    address: str | None
    fragment: Pointer | str


def parse(text: str) -> Reference | Broken:
    """Take the text of a `$ref` apart."""
    address, hash_mark, fragment = text.partition("#")
    if address.startswith(("//", "\\\\")):
        return Broken(
            code="reference-outside",
            message=f"`{text}` leads to another machine",
            hint="save a copy below the folder of the document and refer to that",
        )
    if not address and not hash_mark:
        return Broken(code="unresolved-reference", message="this reference is empty")
    if "%" in fragment:
        fragment = unquote(fragment)
    if fragment and not fragment.startswith("/"):
        return Reference(address=address or None, fragment=fragment)
    keys = fragment.split("/")[1:]
    if "~" in fragment:
        keys = [key.replace("~1", "/").replace("~0", "~") for key in keys]
    return Reference(address=address or None, fragment=tuple(keys))


def looks_like_reference(text: str) -> bool:
    """Say whether an entry of a `mapping` that names no component is a reference (OpenAPI 3.1,
    discriminator object).
    """
    return "#" in text or "/" in text or text.endswith((".yaml", ".yml", ".json"))


def walk(
    value: Json, pointer: Pointer, where: str, trail: Trail = None
) -> tuple[Trail, Json] | Broken:
    """Follow a pointer through a value, which stands at `trail`; `where` names the file in a
    message, empty for this one.
    """
    for depth, key in enumerate(pointer):
        step: str | int = key
        if isinstance(value, dict) and key in value:
            value = value[str(key)]
        elif isinstance(value, list) and _INDEX.fullmatch(str(key)) and int(key) < len(value):
            step = int(key)
            value = value[step]
        else:
            parent = where + (render_pointer(pointer[:depth]) if depth else "")
            missing = f"there is no `{key}` {f'in {parent}' if parent else 'at the top'}"
            known: Iterable[str] = value if isinstance(value, dict) else ()
            return Broken(
                code="unresolved-reference",
                message=f"`{where}{render_pointer(pointer)}` does not exist: {missing}",
                hint=partial(did_you_mean, str(key), known),
            )
        trail = (trail, step)
    return trail, value


_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")
"""An index (RFC 6901, section 4); longer ones lead nowhere."""
