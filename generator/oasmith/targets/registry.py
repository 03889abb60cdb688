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


GROUP = "oasmith.targets"
"""The entry points by which other packages offer targets, by name."""


def find(name: str) -> AnyTarget:
    """Return the target of that name.

    Raises:
        KeyError: There is none.
        ImportError: The target of another package cannot be loaded.
    """
    if name not in _BUILT_IN:
        return _foreign(name)
    target: AnyTarget = getattr(import_module(f"oasmith.targets.{name}"), name.capitalize())
    return target


def _foreign(name: str) -> AnyTarget:
    from importlib.metadata import entry_points  # only where the settings ask for it

    for entry_point in entry_points(group=GROUP, name=name):
        try:
            target: AnyTarget = entry_point.load()
        except AttributeError as error:
            raise ImportError(str(error)) from error
        if target.name != name:
            raise ImportError(f"{entry_point.value} is called `{target.name}`")
        return target
    raise KeyError(name)


def foreign(config: Config) -> Iterator[AnyTarget]:
    """Yield the targets of other packages that the settings name."""
    for name in config.targets:
        if name not in _BUILT_IN:
            yield find(name)


def active(config: Config) -> Iterator[tuple[AnyTarget, bool]]:
    """Yield the targets of a run and whether their files are asked for, in the order of files.

    Targets of other packages run because the settings name them, whatever `--emit` says.
    """
    for name, parts in _BUILT_IN.items():
        target = find(name)
        if not target.on_request or name in config.targets:
            yield target, not set(parts).isdisjoint(config.emit)
    for target in foreign(config):
        yield target, True


class TargetTables(Mapping[str, type[Table]]):
    """The tables of `[tool.oasmith.targets]`: their types by name, loaded when asked for."""

    def __getitem__(self, name: str) -> type[Table]:
        if name in _BUILT_IN and name not in _CONFIGURABLE:
            raise KeyError(name)
        return find(name).settings

    def __iter__(self) -> Iterator[str]:
        from importlib.metadata import entry_points

        yield from _CONFIGURABLE
        yield from sorted(entry_points(group=GROUP).names - _BUILT_IN.keys())

    def __len__(self) -> int:
        return sum(1 for _ in self)
