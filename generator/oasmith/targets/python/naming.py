"""Python names for the names of a document.

A name is a function of what it names and of the names beside it, never of their order. Characters
come from an allow-list (after NFKC normalisation), so nothing of a document reaches the output but
letters, digits and `_`. Where two names would be the same, the one that the document spells exactly
so keeps it, and the others spell out what was dropped (`foo-bar` beside `foo_bar` is
`foo_hyphen_bar`); what is still the same then ends in a digest of the text. Names that were chosen
by hand stay as they are: what clashes with them is for people to settle.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from oasmith import config
from oasmith.frozen import frozen
from oasmith.text import Text

_BUILTINS: Final = frozenset(name for name in dir(builtins) if not name.startswith("_"))
_HARD: Final = frozenset(keyword.kwlist)

ANNOTATION_BUILTINS: Final = frozenset(
    {"bool", "bytes", "dict", "float", "int", "list", "object", "str", "tuple"}
)
"""Builtins that annotations use: a field of such a name would hide it from its class."""

MODEL_ATTRIBUTES: Final = frozenset(
    {
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_dump",
        "model_dump_json",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_json_schema",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
        "model_validate",
        "model_validate_json",
        "model_validate_strings",
        "mro",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    }
)
"""Public attributes of pydantic's models and of the runtime's; a test compares."""

DEVICES: Final = config.DEVICES | {"conin", "conout"}
"""Names to keep away from, also where marks that are no letters were left out."""

LONGEST: Final = config.LONGEST_NAME
"""Characters of the longest identifier; what is longer ends in a digest of the whole."""

# A path has the package's name twice, then a namespace and a module: systems take about 250.
LONGEST_PACKAGE: Final = 50
_LONGEST_NAMESPACE: Final = 60
_LONGEST_MODULE: Final = 80

_SPELLED: Final = {
    " ": "space",
    "!": "not",
    '"': "quote",
    "#": "hash",
    "$": "dollar",
    "%": "percent",
    "&": "and",
    "'": "apostrophe",
    "(": "open",
    ")": "close",
    "*": "star",
    "+": "plus",
    ",": "comma",
    "-": "hyphen",
    ".": "dot",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less",
    "=": "equals",
    ">": "greater",
    "?": "question",
    "@": "at",
    "[": "open",
    "\\": "backslash",
    "]": "close",
    "^": "caret",
    "_": "underscore",
    "`": "backtick",
    "{": "open",
    "|": "or",
    "}": "close",
    "~": "tilde",
}

_SIGN_BEFORE_DIGIT: Final = re.compile(r"^[+-](?=[0-9])")
_BOUNDARY: Final = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])"  # open|AI, ai21|Endpoint
    r"|(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z]s(?![a-z]))"  # HTTP|Server, but not I|Ds
)


# --- one name ----------------------------------------------------------------------------------


def _allowed(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    # Letters of scripts that run from left to right; marks and digits only after another letter.
    return ("a" + character).isidentifier() and unicodedata.bidirectional(character) in ("L", "NSM")


@lru_cache(maxsize=4096)
def _chunks(text: str) -> tuple[str, ...]:
    """The runs of allowed characters."""
    if text.isascii():
        return tuple(re.findall(r"[A-Za-z0-9]+", text))
    normal = unicodedata.normalize("NFKC", text)
    spaced = "".join(c if _allowed(c) else " " for c in normal)
    # A mark without a letter before it would change the letter that some other chunk ends in.
    chunks = (chunk.lstrip(_marks(chunk)) for chunk in spaced.split())
    return tuple(chunk for chunk in chunks if chunk)


def _marks(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c).startswith("M"))


def _spell(text: str) -> str:
    """Say in words what is no letter or digit."""
    words: list[str] = []
    run = ""
    for position, character in enumerate(unicodedata.normalize("NFKC", text)):
        if _allowed(character) and (run or not _marks(character)):
            run += character
            continue
        words.append(run)
        run = ""
        if character == "-" and position == 0:
            words.append("minus")
        elif character in _SPELLED:
            words.append(_SPELLED[character])
        else:
            name = unicodedata.name(character, f"u{ord(character):04x}")
            words.append("_".join(re.findall("[a-z0-9]+", name.lower())))
    words.append(run)
    return "_".join(word for word in words if word) or "empty"


def bounded(name: str, whole: str, longest: int = LONGEST) -> str:
    """Return at most `longest` characters of a name; what is cut ends in a digest of `whole`."""
    if len(name) <= longest:
        return name
    return f"{name[: longest - 9].rstrip('_')}_{digest(whole)}"


def digest(text: str) -> str:
    """Return eight hexadecimal digits that stand for a text in a name."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


@lru_cache(maxsize=8192)
def class_name(text: str) -> str:
    """Return the name in the manner of classes; capitals that are there stay.

    `OpenAIServiceSettings` stays, `inference-put-openai` is `InferencePutOpenai`.
    """
    return _class_name(text) if _chunks(text) else _class_name(_spell(text))


def _class_name(text: str) -> str:
    chunks = _chunks(text)
    if len(chunks) > 1 and text.isupper():
        chunks = tuple([chunk.lower() for chunk in chunks])
    name = "".join([chunk[0].upper() + chunk[1:] for chunk in chunks])
    if not name.isidentifier():
        name = f"Schema{name}"
    elif not name[0].isupper():
        # A script without capitals: a module's name must not be the same as a class's.
        name = f"Schema{name}"
    name = bounded(name, text)
    return f"{name}_" if name in _BUILTINS or name in _HARD else name


@lru_cache(maxsize=8192)
def snake_case(text: str) -> str:
    """Return the name in the manner of functions; keywords and builtins get a trailing `_`."""
    if not _chunks(text):
        text = _spell(text)
    words: list[str] = []
    for chunk in _chunks(_SIGN_BEFORE_DIGIT.sub(_sign, text)):
        words += _BOUNDARY.split(chunk)
    name = "_".join(words).lower()
    if not name.isidentifier():
        name = f"n{name}"
    name = bounded(name, text)
    return f"{name}_" if name in _HARD or name in _BUILTINS else name


@lru_cache(maxsize=8192)
def module_name(text: str) -> str:
    """Return the name of a module: ASCII, lower case, and a file on every system."""
    plain = unicodedata.normalize("NFKD", text) if not text.isascii() else text
    ascii_ = "".join(
        c if c.isascii() else "" if unicodedata.combining(c) else f" u{ord(c):x} " for c in plain
    )
    name = bounded(snake_case(ascii_).rstrip("_"), text, _LONGEST_MODULE)
    return f"{name}_" if keyword.iskeyword(name) or name in DEVICES else name


def package_name(title: Text) -> str:
    """Return the name of the package of an API; `Calendar` must not hide Python's own module."""
    name = bounded(module_name(title.raw).rstrip("_"), title.raw, LONGEST_PACKAGE)
    return f"{name}_api" if name in config.TAKEN or keyword.iskeyword(name) else name


def _sign(match: re.Match[str]) -> str:
    return "plus_" if match[0] == "+" else "minus_"


@lru_cache(maxsize=8192)
def parameter_name(wire_name: str) -> str:
    """Return the name of an argument: the wire name where it can be one.

    A trailing `_` says that the wire name is a keyword, or is written otherwise at its edges
    (`from_` for `from`, `id_` for `_id`).
    """
    name = wire_name
    if not (name.isascii() and name.isidentifier() and name[0] != "_" and len(name) <= LONGEST):
        name = _argument(wire_name)
    return f"{name}_" if name in _HARD or name in ANNOTATION_BUILTINS or name == "self" else name


def _argument(wire_name: str) -> str:
    chunks = _chunks(_SIGN_BEFORE_DIGIT.sub(_sign, wire_name))
    if not chunks:
        return bounded(_spell(wire_name), wire_name)
    name = "_".join(chunks)
    if not name.isidentifier():
        name = f"n{name}"
    elif not _allowed(wire_name[0]) and wire_name[0] not in "+-":
        name = f"{name}_"
    return bounded(name, wire_name)


@lru_cache(maxsize=8192)
def field_name(wire_name: str) -> str:
    """Return the name of a model's field: an argument's name that hides nothing of the model."""
    name = parameter_name(wire_name)
    if name in MODEL_ATTRIBUTES:
        return f"{name}_"
    return name


def namespace_path(namespace: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folders of a namespace: no `_` in front, no `types` at the end.

    `("inference", "_types")` is `("inference",)`, `("_types",)` is `("types",)`.
    """
    path = [module_name(part) for part in namespace]
    if len(path) > 1 and path[-1] == "types":
        path.pop()
    whole = "_".join(path)
    if len(whole) <= _LONGEST_NAMESPACE:
        return tuple(path)
    return (bounded(whole, ".".join(namespace), _LONGEST_NAMESPACE),)


# --- names beside each other ---------------------------------------------------------------------


@frozen
class Names:
    """What things are called; `clashes` are groups whose names were chosen by hand, all alike."""

    names: Mapping[str, str]
    clashes: tuple[tuple[str, ...], ...] = ()


def distinct(
    wanted: Iterable[str],
    name: Callable[[str], str],
    pins: Mapping[str, str] | None = None,
) -> Names:
    """Name each text by `name`, all differently. `pins` are names that were chosen by hand."""
    pins = pins or {}
    texts = list(wanted)
    names = {text: pins[text] if text in pins else name(text) for text in texts}
    if len(set(names.values())) == len(names):
        return Names(names=names)
    contexts: tuple[Callable[[str], str], ...] = (
        _spell,
        lambda text: f"{_spell(text)}_{_casing(text)}",
        lambda text: f"{text}_{digest(text)}",
    )
    for in_context in contexts:
        for shared, group in _groups(names):
            keeper = _keeper(shared, group, pins)
            for text in group:
                if text != keeper and text not in pins:
                    names[text] = name(in_context(text))
    return Names(names=names, clashes=tuple(tuple(sorted(group)) for _, group in _groups(names)))


def _groups(names: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for text, name in names.items():
        groups[name].append(text)
    return [(name, group) for name, group in groups.items() if len(group) > 1]


def _keeper(name: str, group: list[str], pins: Mapping[str, str]) -> str | None:
    """Return whose name it is: pinned so, or spelled exactly so in the document."""
    pinned = next((text for text in group if text in pins), None)
    if pinned is not None:
        return pinned
    return next((text for text in (name, name.removesuffix("_")) if text in group), None)


def _casing(text: str) -> str:
    if text.islower():
        return "lowercase"
    if text.isupper():
        return "uppercase"
    return "capitalized" if text[:1].isupper() else "camelcase"
