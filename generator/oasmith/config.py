"""Settings of a run: `oasmith.toml` or `[tool.oasmith]` of `pyproject.toml`, then the arguments.

The classes below are the settings: their fields are the keys of the tables, with hyphens for
underscores, and their types are what the keys accept. An unknown key is an error: a misspelt
setting must not pass for one that was obeyed.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import NoneType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeAlias,
    get_args,
    get_origin,
)

import msgspec
from msgspec import Meta, Struct

from oasmith.diagnostics import Diagnostics
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.source import Source, Spot, start_of

Part: TypeAlias = Literal["models", "client", "docs"]
PARTS: tuple[Part, ...] = get_args(Part)

TAKEN = sys.stdlib_module_names | {"httpx2", "pydantic", "pydantic_core", "typing_extensions"}
"""Packages that a generated one imports or that hide it: it cannot be called so."""

DEVICES = frozenset(
    {"aux", "con", "nul", "prn"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
"""Names that are no files on Windows, whatever their extension and case."""

LONGEST_NAME = 100
"""Characters of the longest name of a folder, a file or an identifier."""

PageStyle: TypeAlias = Literal["cursor", "link", "link-header", "offset", "page"]

KEYWORDS = "|".join(keyword.kwlist)
END = r"$(?!\n)"
ClassName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^(?!(?:{KEYWORDS})$)[A-Z][A-Za-z0-9_]*{END}",
        description="the name of a class, such as `MyModel`",
    ),
]
_METHOD = rf"(?!(?:{KEYWORDS})(?:[.]|$))[a-z][a-z0-9_]*"
MethodName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^{_METHOD}(?:[.]{_METHOD})?{END}",
        description="the name of a method, such as `list` or `things.list`",
    ),
]
FormatName: TypeAlias = Annotated[
    str, Meta(pattern=rf"^format:\S+{END}", description="a format, such as `format:money`")
]
ClassPath: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^(?:(?!(?:{KEYWORDS})[.])[^\W\d]\w*[.])+(?!(?:{KEYWORDS})$)[^\W\d]\w*{END}",
        description="a class and its module, such as `my_types.Money`",
    ),
]
Count: TypeAlias = Annotated[int, Meta(ge=0, description="a whole number")]
Seconds: TypeAlias = Annotated[int, Meta(gt=0)] | Annotated[float, Meta(gt=0)]


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of settings."""

    MOVED: ClassVar[Mapping[str, str]] = {}
    """Keys of earlier versions and what replaces them."""


class Located(Table, frozen=True, kw_only=True):
    """A table of settings that messages about the document refer to."""

    at: Spot | None = None
    """Its location in the file of settings; no key of the table."""


class PaginationSettings(Located, frozen=True, kw_only=True):
    """`[tool.oasmith.pagination.NAME]`: applies to each operation that has what is named here.

    The same as `pagination` of one operation. Fields are given as `meta.next`.
    """

    style: PageStyle
    items: str | None = None
    """The field that is the list of items. None: the response is the list, or has only one."""
    parameter: str | None = None
    """What is given to get the next page: a parameter, or a field of the body."""
    next: str | None = None
    """The field of the response that holds the cursor, or the URL, of the next page."""
    more: str | None = None
    """The field of the response that says whether there is a further page."""
    size: str | None = None
    """The parameter that says how many items a page has."""
    start: Count = 1
    """The number of the first page."""

    def __post_init__(self) -> None:
        for name in _NEEDED_BY_STYLE[self.style]:
            if getattr(self, name) is None:
                raise ValueError(f"of the style `{self.style}` needs `{name}`")


_NEEDED_BY_STYLE: Mapping[PageStyle, tuple[str, ...]] = {
    "cursor": ("parameter", "next"),
    "link": ("next",),
    "link-header": (),
    "offset": ("parameter",),
    "page": ("parameter",),
}


class OperationSettings(Located, frozen=True, kw_only=True):
    """`[tool.oasmith.operations."<operationId>"]`."""

    split: bool = False
    """One further method for each variant of a tagged-union body."""
    name: MethodName | None = None
    """Name of its method; with a dot in it, of its namespace too: `things.list`."""
    pagination: PaginationSettings | None = None


class DurationSettings(Table, frozen=True, kw_only=True):
    """`[tool.oasmith.durations.<schema>]`: a string schema that also takes a `timedelta`."""

    units: Mapping[str, Seconds]
    """Unit as it is written after the number -> its length in seconds."""


class Config(Table, frozen=True, kw_only=True):
    """The settings of one package. Paths are relative to the current folder."""

    MOVED: ClassVar[Mapping[str, str]] = {
        "client": "targets.client",
        "docs": "targets.markdown",
        "fake": "targets.fake",
    }

    document: Path
    output: Path = Path("generated")
    package: str | None = None
    """Name of the generated package; None: made from the document's title."""
    emit: Annotated[tuple[Part, ...], Meta(min_length=1)] = PARTS
    strict: bool = False
    """Findings that generation could live with are errors."""
    allow_outside: bool = False
    """References may leave the document's folder."""
    allow_remote: bool = False
    """References may lead to the web."""
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    names: Mapping[str, ClassName] = {}
    """Schema, as the document names it -> class name."""
    sensitive: tuple[str, ...] = ()
    """Names of string fields that are secrets though the document does not say so."""
    durations: Mapping[str, DurationSettings] = {}
    types: Mapping[FormatName, ClassPath] = {}
    """`format:NAME` -> `module.Class`: a class of the user's for values of that format."""
    operations: Mapping[str, OperationSettings] = {}
    pagination: Mapping[str, PaginationSettings] = {}
    templates: Path | None = None
    """A folder of templates that replace ours: those of the same path below it."""
    targets: Mapping[str, Table] = {}
    """The tables of targets, by name; a target that has none uses the defaults."""

    def __post_init__(self) -> None:
        if self.package is not None:
            checked_package(self.package)

    def fingerprint(self) -> str:
        """Return the settings that decide the output, as canonical JSON."""
        plain = msgspec.to_builtins(self, enc_hook=lambda _: None, order="sorted")
        for name in ("document", "output", "strict", "templates"):
            plain.pop(name, None)
        return msgspec.json.encode(plain).decode()


def checked_package(text: str) -> str:
    """Return the text if it can be the name of a package.

    Raises:
        ValueError: It cannot; the message says why.
    """
    if not re.fullmatch(r"[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?", text) or keyword.iskeyword(text):
        raise ValueError(f"{text!r} is no name of a package, such as `my_api`")
    if text in TAKEN:
        raise ValueError(f"{text!r} is a package that generated code imports, or one of Python's")
    if text.lower() in DEVICES:
        raise ValueError(f"{text!r} is a device in Windows, which has no files of that name")
    if len(text) > LONGEST_NAME:
        raise ValueError(f"a name of {len(text)} characters is too long for a folder")
    return text


def find(folder: Path) -> Path | None:
    """Return the file of settings of the folder or the nearest one above that has any.

    That is `oasmith.toml`, else a `pyproject.toml` with a table `[tool.oasmith]`.
    """
    for each in (folder, *folder.parents):
        own, shared = each / "oasmith.toml", each / "pyproject.toml"
        if own.is_file():
            return own
        if shared.is_file() and re.search(rb"(?m)^\s*\[+\s*tool\.oasmith\b", shared.read_bytes()):
            return shared
    return None


def read(
    file: Path, diagnostics: Diagnostics, targets: Mapping[str, type[Table]]
) -> list[dict[str, Any]]:
    """Return the checked settings in a file, by field of `Config`, for each package in turn.

    `targets` has the class of each table in `[tool.oasmith.targets]`.
    `[[tool.oasmith.package]]` describes several packages: each has the settings of its own table
    and, for keys that it lacks, those of `[tool.oasmith]`. Only what is set is returned.

    Unreadable TOML, unknown keys and values of the wrong type are reported.
    """
    source, tree = _parse(file, diagnostics)
    prefix: _Path = ()
    if file.name == "pyproject.toml":
        prefix = ("tool", "oasmith")
        tree = tree.get("tool", {}).get("oasmith", {})
    reader = _Reader(source, diagnostics, targets)
    tables = tree.get("package") if isinstance(tree, dict) else None
    if not isinstance(tables, list):
        packages = [reader.config(prefix, tree)]
    else:
        common = reader.config(prefix, {key: tree[key] for key in tree if key != "package"})
        packages = [
            common | reader.config((*prefix, "package", number), table)
            for number, table in enumerate(tables)
        ]
    for settings in packages:
        for key in {"document", "output", "templates"} & settings.keys():
            settings[key] = file.parent / settings[key]
    return packages


def _parse(file: Path, diagnostics: Diagnostics) -> tuple[Source, dict[str, Any]]:
    import tomllib  # not needed for a document that is named on the command line

    source = Source(file.absolute(), "")
    try:
        data = file.read_bytes()
    except OSError as error:
        diagnostics.error("unreadable", start_of(file), f"cannot read this: {error.strerror}")
        return source, {}
    source.text = data.decode("utf-8", "replace")
    try:
        source.text = data.decode()
    except UnicodeDecodeError as error:
        spot = Spot(source, len(data[: error.start].decode()))
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        diagnostics.error("unreadable", spot, message, "save the file as UTF-8")
        return source, {}
    try:
        return source, tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        message = str(error)[: place.start()] if place else str(error)
        diagnostics.error("unparsable", _spot(source, line, column), message)
    except (ValueError, RecursionError):
        message = "a number here is too long, or lists and tables are nested too deep"
        diagnostics.error("too-large", Spot(source, 0), message)
    return source, {}


def _spot(source: Source, line: int, column: int) -> Spot:
    lines = source.text.splitlines(keepends=True)
    return Spot(source, sum(map(len, lines[: line - 1])) + column - 1)


_Path: TypeAlias = tuple[str | int, ...]
"""Keys that lead to a value; numbers are positions in an array of tables."""


class _Invalid(Exception):
    """A value that was reported."""


class _Reader:
    """Converts tables to settings and reports everything that is wrong with them."""

    def __init__(
        self, source: Source, diagnostics: Diagnostics, targets: Mapping[str, type[Table]]
    ) -> None:
        self._source = source
        self._diagnostics = diagnostics
        self._targets = targets
        self._problems = 0

    def config(self, path: _Path, table: object) -> dict[str, Any]:
        """Return the settings of a package by field of `Config`, those that are set and valid."""
        found = self._fields(path, table, Config)
        if (package := found.get("package")) is not None:
            try:
                checked_package(package)
            except ValueError as error:
                self._problem((*path, "package"), "wrong-setting", str(error))
        return found

    def _fields(self, path: _Path, table: object, type_: type[Table]) -> dict[str, Any]:
        """Return the values of a table by field of its class, those that are set and valid."""
        if not isinstance(table, dict):
            self._wrong(path, "a table")
            return {}
        known = {field.encode_name: field for field in msgspec.structs.fields(type_)}
        known.pop("at", None)
        found: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                self._unknown((*path, key), known, type_.MOVED)
                continue
            with suppress(_Invalid):
                found[known[key].name] = self._value((*path, key), value, known[key].type)
        return found

    def _struct(self, path: _Path, table: object, type_: type[Table]) -> Table:
        before = self._problems
        found = self._fields(path, table, type_)
        if isinstance(table, dict):
            needed = (f.encode_name for f in msgspec.structs.fields(type_) if f.required)
            if lacking := [f"`{name}`" for name in needed if name not in table]:
                self._problem(path, "wrong-setting", f"`{path[-1]}` needs {', '.join(lacking)}")
        if self._problems > before:
            raise _Invalid
        if issubclass(type_, Located):
            found["at"] = self._spot(path)
        try:
            return type_(**found)
        except ValueError as error:
            self._problem(path, "wrong-setting", f"`{path[-1]}` {error}")
            raise _Invalid from None

    def _value(self, path: _Path, value: object, annotation: Any) -> Any:
        """Return the value as the annotation has it.

        Raises:
            _Invalid: It is of another type, which was reported.
        """
        expected = None
        plain = annotation
        if get_origin(plain) is Annotated:
            expected = plain.__metadata__[0].description
            plain = get_args(plain)[0]
        if NoneType in get_args(plain):
            (plain,) = (each for each in get_args(plain) if each is not NoneType)
            return self._value(path, value, plain)
        if isinstance(plain, type) and issubclass(plain, Table):
            return self._struct(path, value, plain)
        if plain == Mapping[str, Table]:
            return self._tables(path, value)
        if get_origin(plain) is Mapping:
            return self._mapping(path, value, *get_args(plain))
        try:
            return msgspec.convert(value, annotation, dec_hook=_decoded)
        except msgspec.ValidationError:
            self._wrong(path, expected or _expected(plain))
            raise _Invalid from None

    def _mapping(self, path: _Path, table: object, key: Any, item: Any) -> dict[str, Any]:
        before = self._problems
        if not isinstance(table, dict):
            self._wrong(path, "a table")
        found: dict[str, Any] = {}
        for name, value in table.items() if isinstance(table, dict) else ():
            with suppress(_Invalid):
                self._value((*path, name), name, key)
                found[name] = self._value((*path, name), value, item)
        if self._problems > before:
            raise _Invalid
        return found

    def _tables(self, path: _Path, tables: object) -> dict[str, Table]:
        """Return the tables of targets, those that are valid."""
        found: dict[str, Table] = {}
        if not isinstance(tables, dict):
            self._wrong(path, "a table")
            return found
        for name, table in tables.items():
            try:
                type_ = self._targets[name]
            except KeyError:
                self._unknown((*path, name), self._targets, {})
                continue
            except ImportError as error:
                message = f"the target `{name}` cannot be loaded: {error}"
                self._problem((*path, name), "wrong-setting", message)
                continue
            with suppress(_Invalid):
                found[name] = self._struct((*path, name), table, type_)
        return found

    def _unknown(self, path: _Path, known: Mapping[str, Any], moved: Mapping[str, str]) -> None:
        key = str(path[-1])
        if key in moved:
            hint = f"it is `{moved[key]}` now"
        else:
            hint = did_you_mean(key, known) or f"settings here: {', '.join(known)}"
        self._problem(path, "unknown-setting", f"there is no setting `{key}`", hint)

    def _wrong(self, path: _Path, expected: str) -> None:
        name = next((key for key in reversed(path) if isinstance(key, str)), "oasmith")
        self._problem(path, "wrong-setting", f"`{name}` must be {expected}")

    def _problem(self, path: _Path, code: str, message: str, hint: str | None = None) -> None:
        self._problems += 1
        self._diagnostics.error(code, self._spot(path), message, hint)

    def _spot(self, path: _Path) -> Spot:
        return _spot(self._source, *_located(self._source.text, path))


def _decoded(type_: type, value: object) -> Any:
    """Return a value of a type that msgspec does not know (its `dec_hook`)."""
    if type_ is Path and isinstance(value, str) and "\0" not in value:
        return Path(value)
    raise ValueError


def _expected(annotation: Any) -> str:
    """Return what a value of the type is called in a message."""
    if get_origin(annotation) is Literal:
        return f"one of {', '.join(get_args(annotation))}"
    if get_origin(annotation) is tuple:
        (item, *_) = get_args(annotation)
        if get_origin(item) is Literal:
            return f"a list of {', '.join(get_args(item))}"
        return "a list of strings"
    return _EXPECTED[annotation]


_EXPECTED: Mapping[Any, str] = {
    str: "a string",
    bool: "true or false",
    Path: "a path, which has no NUL character in it",
    Seconds: "a length in seconds, such as 60",
}


def _located(text: str, path: _Path) -> tuple[int, int]:
    """Return line and column at which a setting stands.

    The TOML reader keeps no locations, so headers and keys are read again.
    """
    table: _Path = ()
    arrays: dict[_Path, int] = {}
    best = (1, 1)
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*(\[+)\s*(.+?)\s*\]+\s*(#.*)?$", line):
            names = _dotted(header[2])
            if header[1] == "[[":
                arrays[names] = arrays.get(names, -1) + 1
            table = _with_positions(names, arrays)
            if table == path[: len(table)]:
                best = (number, 1)
        elif entry := re.match(r"""\s*((?:[\w.-]|"[^"]*"|'[^']*'|\s)+?)\s*=""", line):
            names = (*table, *_dotted(entry[1]))
            if names == path[: len(names)]:
                best = (number, len(line) - len(line.lstrip()) + 1)
        if table == path:
            return best
    return best


def _with_positions(names: _Path, arrays: Mapping[_Path, int]) -> _Path:
    """Return the keys with the position in each array of tables on the way."""
    path: list[str | int] = []
    for count, name in enumerate(names, start=1):
        path.append(name)
        if (position := arrays.get(names[:count])) is not None:
            path.append(position)
    return tuple(path)


def _dotted(text: str) -> _Path:
    """Return the parts of a dotted TOML key."""
    parts = re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", text)
    return tuple(part.strip("\"'") for part in parts)
