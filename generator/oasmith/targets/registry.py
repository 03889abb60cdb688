"""The targets that there are: those of oasmith, and those of other packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, TypeAlias

from oasmith.config import Config, Part, Table
from oasmith.targets.contract import Target

AnyTarget: TypeAlias = type[Target[Any, Any]]

_BUILT_IN: Mapping[str, tuple[Part, ...]] = {
    "fake": ("client",),
    "client": ("client",),
    "models": ("models", "client"),  # a client is nothing without its models
    "package": ("models", "client"),
    "markdown": ("docs",),
    "site": ("docs",),
    "bundle": ("docs",),
}
"""The targets of oasmith in the order of their files, and the parts of `--emit` that they are of.

Each is a class of that name in the package of that name.
"""

_CONFIGURABLE = ("client", "markdown", "fake")
"""Those that have settings."""


def find(name: str) -> AnyTarget:
    """Return the target of that name.

    Raises:
        KeyError: There is none.
    """
    if name not in _BUILT_IN:
        raise KeyError(name)
    target: AnyTarget = getattr(import_module(f"oasmith.targets.{name}"), name.capitalize())
    return target


def active(config: Config) -> Iterator[tuple[AnyTarget, bool]]:
    """Yield the targets of a run and whether their files are asked for, in the order of files."""
    for name, parts in _BUILT_IN.items():
        target = find(name)
        if not target.on_request or name in config.targets:
            yield target, not set(parts).isdisjoint(config.emit)


class TargetTables(Mapping[str, type[Table]]):
    """The tables of `[tool.oasmith.targets]`: their types by name, loaded when asked for."""

    def __getitem__(self, name: str) -> type[Table]:
        return find(name).settings

    def __iter__(self) -> Iterator[str]:
        return iter(_CONFIGURABLE)

    def __len__(self) -> int:
        return len(_CONFIGURABLE)
