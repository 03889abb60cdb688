"""What one module imports: exactly what it uses, in the order that ruff's isort wants."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from oasmith.targets.python.code import Code, dotted, fill, identifier, joined
from oasmith.targets.python.naming import class_name

_WIDTH: Final = 88


class Name(NamedTuple):
    """A name that modules offer. Modules of the generated package begin with a dot: `.models.a`.

    The empty name stands for the module itself.
    """

    module: str
    name: str


class Import(NamedTuple):
    """`from module import names`; a single name may be imported as another.

    Without names it is `import module`.
    """

    module: Code
    names: tuple[Code, ...]
    alias: Code | None = None

    @property
    def statement(self) -> Code:
        """The whole statement."""
        return self.statement_at(0)

    def statement_at(self, indent: int) -> Code:
        """Return the statement as it stands `indent` columns from the left.

        It is folded where ruff's defaults fold: isort calls anything else unsorted.
        """
        if not self.names:
            return fill("import {}", self.module)
        if self.alias is not None:
            renamed = fill("{} as {}", self.names[0], self.alias)
            statement = fill("from {} import {}", self.module, renamed)
            if indent + len(statement) <= _WIDTH:
                return statement
            return fill("from {} import ({},)", self.module, renamed)
        statement = fill("from {} import {}", self.module, joined(", ", self.names))
        if indent + len(statement) <= _WIDTH:
            return statement
        return fill("from {} import ({},)", self.module, joined(", ", self.names))


class Scope:
    """The names that one module binds: what it defines, and what it imports as it goes along.

    `module` is the dotted path inside the package, `models.inference.rate_limit`; the module of
    a package (`__init__`) gives its own path and says `is_package`. `hidden` are names that mean
    something else somewhere in the module (fields of its classes, arguments): what is imported
    under such a name gets a `_` in front.
    """

    def __init__(
        self,
        module: str,
        *,
        is_package: bool = False,
        defines: Collection[str] = (),
        hidden: Collection[str] = (),
    ) -> None:
        self.module = module
        parts = tuple(module.split("."))
        self._package = parts if is_package else parts[:-1]
        self._defines = frozenset(defines)
        self._hidden = frozenset(hidden)
        self._bound: dict[str, Name] = {}
        self._codes: dict[Name, Code] = {}

    def use(self, name: Name) -> Code:
        """Return how the module calls the name, and have it imported."""
        code = self._codes.get(name)
        if code is None:
            code = self._codes[name] = self._bind(name)
        return code

    def _bind(self, name: Name) -> Code:
        bound = name.name or name.module
        if not name.name:
            self._bound[bound] = name
            return dotted(bound)
        if bound in self._hidden or bound in self._defines:
            bound = f"_{bound}"
        if self._bound.setdefault(bound, name) != name:
            # Two modules offer the name: this one is told apart by where it comes from.
            folders = [part for part in name.module.split(".")[1:-1] if part != "models"]
            bound = f"_{class_name('_'.join(folders or [name.module]))}{name.name}"
            if self._bound.setdefault(bound, name) != name:
                bound = f"_{class_name(name.module)}{name.name}"
                self._bound[bound] = name
        return identifier(bound)

    def statement(self, name: Name, indent: int) -> Code:
        """Return the import of one name by itself, as it stands inside of a function."""
        bound = self.use(name)
        alias = None if str(bound) == name.name else bound
        module = dotted(self.relative(name.module))
        return Import(module=module, names=(identifier(name.name),), alias=alias).statement_at(
            indent
        )

    def imports(self) -> tuple[tuple[Import, ...], ...]:
        """Return the imports in sections: standard library, third party, this package."""
        plain: dict[str, list[str]] = {}
        aliased: list[tuple[str, str, str]] = []
        for bound, name in self._bound.items():
            module = self.relative(name.module)
            if not name.name:
                plain[module] = []
            elif bound == name.name:
                plain.setdefault(module, []).append(bound)
            else:
                aliased.append((module, name.name, bound))
        statements: list[tuple[object, int, Import]] = []
        for module, names in plain.items():
            if len(names) > 1:
                names.sort(key=_member_key)
            section, place = _place(module)
            key = (section, bool(names), place, _member_key(names[0]) if names else ())
            each = Import(module=dotted(module), names=tuple([identifier(name) for name in names]))
            statements.append((key, section, each))
        for module, offered, bound in aliased:
            section, place = _place(module)
            each = Import(
                module=dotted(module), names=(identifier(offered),), alias=identifier(bound)
            )
            statements.append(((section, True, place, _member_key(offered)), section, each))
        statements.sort(key=itemgetter(0))
        sections: dict[int, list[Import]] = {}
        for _, section, each in statements:
            sections.setdefault(section, []).append(each)
        return tuple([tuple(section) for section in sections.values()])

    def bound(self) -> list[Code]:
        """Return all that is imported, as the module calls it."""
        return list(self._codes.values())

    def import_block(self) -> Code:
        """Return all imports as they stand at the top of the module."""
        return joined(
            "\n\n",
            [joined("\n", [each.statement for each in section]) for section in self.imports()],
        )

    def relative(self, module: str) -> str:
        """Turn `.models.b` into `.b` for the module `models.a`."""
        return _relative(self._package, module) if module.startswith(".") else module


@lru_cache(maxsize=32768)
def _relative(package: tuple[str, ...], module: str) -> str:
    target = module[1:].split(".") if module != "." else []
    shared = 0
    for mine, theirs in zip(package, target, strict=False):
        if mine != theirs:
            break
        shared += 1
    up = len(package) - shared
    return "." * (up + 1) + ".".join(target[shared:])


def _section(module: str) -> int:
    if module.startswith("."):
        return 3
    top = module.split(".", 1)[0]
    if top == "__future__":
        return 0
    return 1 if top in sys.stdlib_module_names else 2


_NUMBER: Final = re.compile(r"([0-9]+)")


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Order numbers inside a text by their value, as ruff does."""
    if not _NUMBER.search(text):
        return ((1, 0, text),)
    parts = [part for part in _NUMBER.split(text) if part]
    return tuple(
        # Before a number a text goes on with a digit: `a.b` is less than `a1`.
        (1, 0, f"{part}0" if position < len(parts) else part)
        if not part.isdigit()
        # Like a fraction: 09 is more than 0818, and less than any number without the zero.
        else (0, -1, part)
        if part[0] == "0"
        else (0, int(part), "")
        for position, part in enumerate(parts, 1)
    )


@lru_cache(maxsize=16384)
def _place(module: str) -> tuple[int, tuple[int, object, object]]:
    """Return the section of a module and its place in it."""
    name = module.lstrip(".")
    return _section(module), (len(name) - len(module), _natural(name.lower()), _natural(name))


@lru_cache(maxsize=16384)
def _member_key(name: str) -> tuple[int, object, object]:
    # Constants, classes, then the rest; a single capital letter, as long as a byte, is a class.
    if len(name.encode()) > 1 and name.isupper():
        kind = 0
    elif name[:1].isupper():
        kind = 1
    else:
        kind = 2
    return (kind, _natural(name.lower()), _natural(name))


def sorted_exports(names: Iterable[str]) -> list[str]:
    """Return names in the order in which `__all__` lists them (ruff, RUF022)."""
    return sorted(names, key=lambda name: _member_key(name)[::2])


def statements_of(sections: Iterable[Iterable[Import]]) -> tuple[Code, ...]:
    """Return the statements of imports in sections."""
    return tuple(each.statement for section in sections for each in section)
