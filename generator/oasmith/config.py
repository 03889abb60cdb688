"""Settings of a run: `oasmith.toml` or `[tool.oasmith]` of `pyproject.toml`, then the arguments.

An unknown key is an error: a misspelt setting must not pass for one that was obeyed.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, cast, get_args

from oasmith.diagnostics import Diagnostics
from oasmith.frozen import field_names, frozen
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

SampleForm: TypeAlias = Literal["python", "python-async", "curl", "console"]
SAMPLE_FORMS: tuple[SampleForm, ...] = get_args(SampleForm)

Adapter: TypeAlias = Literal["elastic-transport"]
ADAPTERS: tuple[Adapter, ...] = get_args(Adapter)

NO_ENTRIES: Mapping[Any, Any] = MappingProxyType({})


PageStyle: TypeAlias = Literal["cursor", "link", "link-header", "offset", "page"]
PAGE_STYLES: tuple[PageStyle, ...] = get_args(PageStyle)


@frozen
class PaginationSettings:
    """`[tool.oasmith.pagination.NAME]`: for each operation that has what is named here.

    The same as `pagination` of one operation. Fields are given as `meta.next`.
    """

    style: PageStyle
    items: str | None = None
    """The field that is the list of items. None: the answer is the list, or has only one."""
    parameter: str | None = None
    """What is given to get the next page: a parameter, or a field of the body."""
    next: str | None = None
    """The field of the answer that holds the cursor, or the address, of the next page."""
    more: str | None = None
    """The field of the answer that says whether there is a further page."""
    size: str | None = None
    """The parameter that says how many items a page has."""
    start: int = 1
    """The number of the first page."""
    at: Spot | None = None
    """Where the settings stand."""


@frozen
class OperationSettings:
    """`[tool.oasmith.operations."<operationId>"]`."""

    split: bool = False
    """One further method for each variant of a tagged-union body."""
    name: str | None = None
    """Of its method; with a dot in it, of its namespace too: `things.list`."""
    pagination: PaginationSettings | None = None
    at: Spot | None = None
    """Where the settings stand."""


@frozen
class DurationSettings:
    """`[tool.oasmith.durations.<schema>]`: a string schema that also takes a `timedelta`."""

    units: Mapping[str, float]
    """Unit as it is written after the number -> its length in seconds."""


@frozen
class ClientSettings:
    """`[tool.oasmith.client]`: what the generated client does unasked and can be made of."""

    base_url_env: str | None = None
    """Name of the environment variable that holds the base URL."""
    auth_env: Mapping[str, str] = NO_ENTRIES
    """Security scheme -> name of the environment variable that holds its credential."""
    headers: Mapping[str, str] = NO_ENTRIES
    """Sent with every request."""
    media_types: Mapping[str, str] = NO_ENTRIES
    """Media type of the document -> what `Accept` and `Content-Type` call it."""
    adapters: Mapping[str, Adapter] = NO_ENTRIES
    """NAME -> library. The client gets a constructor `from_NAME`, which takes an object of that
    library and sends over its connections, and the package an extra of that name."""


@frozen
class DocsSettings:
    """`[tool.oasmith.docs]`."""

    samples: tuple[SampleForm, ...] = ("python", "python-async", "curl")
    """The forms that requests are shown in, in this order. `console` is method, path and body."""


@frozen
class RefusalSettings:
    """How a fake service says no; `reason` may name parameters, `no such thing [{id}]`."""

    status: int
    type: str
    reason: str


@frozen
class ResourceSettings:
    """`[tool.oasmith.fake.resources.NAME]`: see `Resource` of the runtime for what each means."""

    create: str
    """The operationId, as in `read`, `update` and `delete`."""
    read: str | None = None
    update: str | None = None
    delete: str | None = None
    key: str | None = None
    list: str | None = None
    everything: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    dry_run: str | None = None
    force: str | None = None
    missing: RefusalSettings | None = None
    exists: RefusalSettings | None = None
    mismatch: RefusalSettings | None = None
    held: RefusalSettings | None = None


@frozen
class FakeSettings:
    """`[tool.oasmith.fake]`: the module `testing`, a service in memory for tests of users."""

    fixture: str | None = None
    """The name of a fixture for pytest."""
    error: Mapping[str, Any] | None = None
    """The body of an error, in which `{type}`, `{reason}` and `{status}` are filled in."""
    invalid: RefusalSettings | None = None
    """What is said of a request that the document does not allow; `{problems}` says why."""
    items: str | None = None
    """The member of requests that answers have as many items as."""
    lengths: str | None = None
    """The member of what is kept that says how long lists of numbers are."""
    resources: Mapping[str, ResourceSettings] = NO_ENTRIES


@frozen
class Config:
    """One run. Paths are relative to the current folder."""

    document: Path
    output: Path
    package: str | None = None
    """Name of the generated package; None: made from the document's title."""
    emit: tuple[Part, ...] = PARTS
    strict: bool = False
    """Findings that generation could live with are errors."""
    allow_outside: bool = False
    """References may leave the document's folder."""
    allow_remote: bool = False
    """References may lead to the web."""
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    names: Mapping[str, str] = NO_ENTRIES
    """Schema, as the document names it -> class name."""
    sensitive: tuple[str, ...] = ()
    """Names of string fields that are secrets though the document does not say so."""
    durations: Mapping[str, DurationSettings] = NO_ENTRIES
    types: Mapping[str, str] = NO_ENTRIES
    """`format:NAME` -> `module.Class`: a class of the user's for values of that format."""
    operations: Mapping[str, OperationSettings] = NO_ENTRIES
    pagination: Mapping[str, PaginationSettings] = NO_ENTRIES
    client: ClientSettings = ClientSettings()
    docs: DocsSettings = DocsSettings()
    fake: FakeSettings | None = None

    def fingerprint(self) -> str:
        """The settings that decide the output, as canonical JSON."""
        left_out = {"document", "output", "strict"}
        names = [name for name in field_names(Config) if name not in left_out]
        value = {name: getattr(self, name) for name in names}
        return json.dumps(value, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    if names := field_names(type(value)):
        return {name: getattr(value, name) for name in names if name != "at"}
    return dict(cast("Mapping[str, object]", value))


def checked_package(text: str) -> str:
    """Return the text if a package can be called so.

    Raises `ValueError`, with a sentence for people, if not.
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
    """The settings of a project: `oasmith.toml`, else a `pyproject.toml` that has our table."""
    own = folder / "oasmith.toml"
    if own.is_file():
        return own
    shared = folder / "pyproject.toml"
    if shared.is_file() and re.search(rb"(?m)^\s*\[+\s*tool\.oasmith\b", shared.read_bytes()):
        return shared
    return None


def read(file: Path, diagnostics: Diagnostics) -> dict[str, Any]:
    """The checked settings in `file`, by field name of `Config`, only those that are set.

    Unreadable TOML, unknown keys and values of the wrong type become diagnostics.
    """
    import tomllib  # not needed for a document that is named on the command line

    try:
        data = file.read_bytes()
    except OSError as error:
        diagnostics.error("unreadable", start_of(file), f"cannot read this: {error.strerror}")
        return {}
    source = Source(file.absolute(), data.decode("utf-8", "replace"))
    try:
        text = source.text = data.decode()
    except UnicodeDecodeError as error:
        spot = Spot(source, len(data[: error.start].decode()))
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        diagnostics.error("unreadable", spot, message, "save the file as UTF-8")
        return {}
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        message = str(error)[: place.start()] if place else str(error)
        diagnostics.error("unparsable", _spot(source, line, column), message)
        return {}
    except (ValueError, RecursionError):
        message = "a number here is too long, or lists and tables are nested too deep"
        diagnostics.error("too-large", Spot(source, 0), message)
        return {}
    prefix: tuple[str, ...] = ()
    if file.name == "pyproject.toml":
        prefix = ("tool", "oasmith")
        tree = tree.get("tool", {}).get("oasmith", {})
    settings = _Reader(source, diagnostics, prefix).settings(tree)
    for key in ("document", "output"):
        if key in settings:
            settings[key] = file.parent / settings[key]
    return settings


def _spot(source: Source, line: int, column: int) -> Spot:
    lines = source.text.splitlines(keepends=True)
    return Spot(source, sum(map(len, lines[: line - 1])) + column - 1)


_Path: TypeAlias = tuple[str, ...]


class _Reader:
    """Turns a TOML table into keyword arguments of `Config` and notes what is wrong."""

    def __init__(self, source: Source, diagnostics: Diagnostics, prefix: _Path) -> None:
        self._source = source
        self._diagnostics = diagnostics
        self._prefix = prefix

    def settings(self, table: dict[str, Any]) -> dict[str, Any]:
        readers: dict[str, Callable[[_Path, Any], Any]] = {
            "document": self._path,
            "output": self._path,
            "package": self._package,
            "emit": self._parts,
            "strict": self._boolean,
            "allow_outside": self._boolean,
            "allow_remote": self._boolean,
            "select": self._strings,
            "exclude": self._strings,
            "names": self._class_names,
            "sensitive": self._strings,
            "durations": self._map_of(self._duration),
            "types": self._types,
            "operations": self._map_of(self._operation),
            "pagination": self._map_of(self._pagination),
            "client": self._client,
            "docs": self._docs,
            "fake": self._fake,
        }
        return self._table((), table, readers)

    def _table(
        self, path: _Path, table: object, readers: Mapping[str, Callable[[_Path, Any], Any]]
    ) -> dict[str, Any]:
        if not isinstance(table, dict):
            self._wrong(path, "a table")
            return {}
        known = {name.replace("_", "-"): name for name in readers}
        found: dict[str, Any] = {}
        for key, value in table.items():
            name = known.get(key)
            if name is None:
                self._problem(
                    (*path, key),
                    "unknown-setting",
                    f"there is no setting `{key}`",
                    did_you_mean(key, known) or f"settings here: {', '.join(known)}",
                )
            else:
                found[name] = readers[name]((*path, key), value)
        return found

    def _string(self, path: _Path, value: object) -> str:
        if not isinstance(value, str):
            self._wrong(path, "a string")
            return ""
        return value

    def _path(self, path: _Path, value: object) -> str:
        text = self._string(path, value)
        if "\0" in text:
            self._wrong(path, "a path, which has no NUL character in it")
        return text

    def _boolean(self, path: _Path, value: object) -> bool:
        if not isinstance(value, bool):
            self._wrong(path, "true or false")
        return value is True

    def _strings(self, path: _Path, value: object) -> tuple[str, ...]:
        if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            self._wrong(path, "a list of strings")
            return ()
        return tuple(value)

    def _package(self, path: _Path, value: object) -> str:
        text = self._string(path, value)
        if isinstance(value, str):
            try:
                checked_package(text)
            except ValueError as error:
                self._problem(path, "wrong-setting", str(error))
        return text

    def _class_names(self, path: _Path, value: object) -> dict[str, str]:
        names = self._string_map(path, value)
        for key, name in names.items():
            is_class = re.fullmatch(r"[A-Z][A-Za-z0-9_]*", name) and not keyword.iskeyword(name)
            if not is_class and isinstance(cast("Mapping[str, object]", value)[key], str):
                self._wrong((*path, key), "the name of a class, such as `MyModel`")
        return names

    def _types(self, path: _Path, value: object) -> dict[str, str]:
        types = self._string_map(path, value)
        for key, name in types.items():
            if not re.fullmatch(r"format:\S+", key):
                message = f"`{key}` must be a format, such as `format:money`"
                self._problem((*path, key), "wrong-setting", message)
            parts = name.split(".")
            if len(parts) < 2 or any(not p.isidentifier() or keyword.iskeyword(p) for p in parts):
                self._wrong((*path, key), "a class and its module, such as `my_types.Money`")
        return types

    def _function_name(self, path: _Path, value: object) -> str:
        name = self._string(path, value)
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", name) or keyword.iskeyword(name):
            self._wrong(path, "the name of a function, such as `my_fixture`")
        return name

    def _parts(self, path: _Path, value: object) -> tuple[Part, ...]:
        names = self._strings(path, value)
        if value == [] or any(name not in PARTS for name in names):
            self._wrong(path, f"a list of {', '.join(PARTS)}")
        return tuple(part for part in PARTS if part in names)

    def _string_map(self, path: _Path, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            self._wrong(path, "a table of strings")
            return {}
        return {key: self._string((*path, key), item) for key, item in value.items()}

    def _map_of(
        self, read: Callable[[_Path, object], Any]
    ) -> Callable[[_Path, object], dict[str, Any]]:
        def read_map(path: _Path, value: object) -> dict[str, Any]:
            if not isinstance(value, dict):
                self._wrong(path, "a table of tables")
                return {}
            return {key: read((*path, key), item) for key, item in value.items()}

        return read_map

    def _duration(self, path: _Path, value: object) -> DurationSettings:
        table = self._table(path, value, {"units": self._units})
        if isinstance(value, dict) and "units" not in value:
            self._problem(path, "wrong-setting", f"`{path[-1]}` needs `units`")
        return DurationSettings(units=table.get("units", {}))

    def _units(self, path: _Path, value: object) -> dict[str, float]:
        right = isinstance(value, dict) and all(
            isinstance(length, int | float) and not isinstance(length, bool) and length > 0
            for length in value.values()
        )
        if not right:
            self._wrong(path, "a table of lengths in seconds, such as {m = 60, s = 1}")
            return {}
        return cast("dict[str, float]", value)

    def _operation(self, path: _Path, value: object) -> OperationSettings:
        readers: dict[str, Callable[[_Path, Any], Any]] = {
            "split": self._boolean,
            "name": self._method_name,
            "pagination": self._pagination,
        }
        return OperationSettings(**self._table(path, value, readers), at=self._spot(path))

    def _method_name(self, path: _Path, value: object) -> str:
        name = self._string(path, value)
        parts = name.split(".")
        if len(parts) > 2 or not all(
            re.fullmatch(r"[a-z][a-z0-9_]*", part) and not keyword.iskeyword(part) for part in parts
        ):
            self._wrong(path, "the name of a method, such as `list` or `things.list`")
            return "wrong"
        return name

    def _pagination(self, path: _Path, value: object) -> PaginationSettings:
        readers: dict[str, Callable[[_Path, Any], Any]] = {
            "style": self._page_style,
            **dict.fromkeys(("items", "parameter", "next", "more", "size"), self._string),
            "start": self._number,
        }
        table = self._table(path, value, readers)
        style = table.setdefault("style", "cursor")
        needed = {
            "cursor": ("parameter", "next"),
            "link": ("next",),
            "link-header": (),
            "offset": ("parameter",),
            "page": ("parameter",),
        }[style]
        if isinstance(value, dict) and "style" not in value:
            self._problem(path, "wrong-setting", f"`{path[-1]}` needs `style`")
        elif isinstance(value, dict):
            for key in (key for key in needed if key not in value):
                self._problem(
                    path, "wrong-setting", f"`{path[-1]}` of the style `{style}` needs `{key}`"
                )
        return PaginationSettings(**table, at=self._spot(path))

    def _page_style(self, path: _Path, value: object) -> PageStyle:
        style = self._string(path, value)
        if style not in PAGE_STYLES:
            self._wrong(path, f"one of {', '.join(PAGE_STYLES)}")
            return "cursor"
        return style

    def _number(self, path: _Path, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self._wrong(path, "a whole number")
            return 0
        return value

    def _client(self, path: _Path, value: object) -> ClientSettings:
        readers: dict[str, Callable[[_Path, Any], Any]] = {
            "base_url_env": self._string,
            "auth_env": self._string_map,
            "headers": self._string_map,
            "media_types": self._string_map,
            "adapters": self._adapters,
        }
        return ClientSettings(**self._table(path, value, readers))

    def _docs(self, path: _Path, value: object) -> DocsSettings:
        return DocsSettings(**self._table(path, value, {"samples": self._sample_forms}))

    def _sample_forms(self, path: _Path, value: object) -> tuple[SampleForm, ...]:
        names = self._strings(path, value)
        if any(name not in SAMPLE_FORMS for name in names) or len({*names}) < len(names):
            self._wrong(path, f"a list of {', '.join(SAMPLE_FORMS)}, each once at most")
        return tuple(form for name in names for form in SAMPLE_FORMS if form == name)

    def _fake(self, path: _Path, value: object) -> FakeSettings:
        readers: dict[str, Callable[[_Path, Any], Any]] = {
            "fixture": self._function_name,
            "error": self._anything,
            "invalid": self._refusal,
            "items": self._string,
            "lengths": self._string,
            "resources": self._map_of(self._resource),
        }
        return FakeSettings(**self._table(path, value, readers))

    def _resource(self, path: _Path, value: object) -> ResourceSettings:
        readers: dict[str, Callable[[_Path, Any], Any]] = {
            **dict.fromkeys(("create", "read", "update", "delete"), self._string),
            **dict.fromkeys(("key", "list", "dry_run", "force"), self._string),
            **dict.fromkeys(("everything", "needs", "replaced", "holders"), self._strings),
            **dict.fromkeys(("missing", "exists", "mismatch", "held"), self._refusal),
        }
        table = self._table(path, value, readers)
        if "create" not in table:
            self._problem(path, "wrong-setting", f"`{path[-1]}` needs `create`")
        return ResourceSettings(**{"create": "", **table})

    def _refusal(self, path: _Path, value: object) -> RefusalSettings:
        readers = {"status": self._status, "type": self._string, "reason": self._string}
        table = self._table(path, value, readers)
        if len(table) < len(readers):
            self._problem(path, "wrong-setting", f"`{path[-1]}` needs {', '.join(readers)}")
        return RefusalSettings(**{"status": 500, "type": "", "reason": "", **table})

    def _status(self, path: _Path, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 400 <= value < 600:
            self._wrong(path, "a status from 400 to 599")
            return 500
        return value

    def _anything(self, path: _Path, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._wrong(path, "a table")
            return {}
        return value

    def _adapters(self, path: _Path, value: object) -> dict[str, Adapter]:
        found = self._string_map(path, value)
        for key, library in found.items():
            if library not in ADAPTERS:
                self._wrong((*path, key), f"one of {', '.join(ADAPTERS)}")
            elif not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", key):
                self._problem(
                    (*path, key), "wrong-setting", f"`{key}` must be a name such as `my_library`"
                )
        return cast("dict[str, Adapter]", found)

    def _wrong(self, path: _Path, expected: str) -> None:
        name = (*self._prefix, *path)[-1]
        self._problem(path, "wrong-setting", f"`{name}` must be {expected}")

    def _problem(self, path: _Path, code: str, message: str, hint: str | None = None) -> None:
        self._diagnostics.error(code, self._spot(path), message, hint)

    def _spot(self, path: _Path) -> Spot:
        return _spot(self._source, *self._place((*self._prefix, *path)))

    def _place(self, path: _Path) -> tuple[int, int]:
        """Where `path` is set. The TOML reader keeps no places, so the headers are read again."""
        table: list[str] = []
        best = (1, 1)
        for number, line in enumerate(self._source.text.splitlines(), start=1):
            if header := re.match(r"\s*\[+\s*(.+?)\s*\]+\s*(#.*)?$", line):
                table = _dotted(header[1])
                if table == list(path[: len(table)]):
                    best = (number, 1)
            elif entry := re.match(r"""\s*((?:[\w.-]|"[^"]*"|'[^']*'|\s)+?)\s*=""", line):
                names = [*table, *_dotted(entry[1])]
                if names == list(path[: len(names)]):
                    best = (number, len(line) - len(line.lstrip()) + 1)
            if len(table) == len(path) and table == list(path):
                return best
        return best


def _dotted(text: str) -> list[str]:
    """The parts of a dotted TOML key."""
    parts = re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", text)
    return [part.strip("\"'") for part in parts]
