"""Packages that import their modules when a name of theirs is first asked for (PEP 562)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def lazy(
    package: str, modules: Mapping[str, Iterable[str]], packages: Iterable[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and the `__dir__` of a lazy package.

    Args:
        package: Its `__name__`.
        modules: The names that come from each module; the module is relative, `.rate_limit`.
        packages: The packages inside it that are its attributes.
    """
    home = {name: module for module, names in modules.items() for name in names}
    home |= {name: f".{name}" for name in packages}
    inside = frozenset(packages)

    def get(name: str) -> Any:
        module = home.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = importlib.import_module(module, package)
        value = found if name in inside else getattr(found, name)
        # The next time Python finds it by itself.
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        # What the package itself imported is nobody's business.
        own = (name for name in vars(sys.modules[package]) if name.startswith("__"))
        return sorted({*own, *home})

    return get, names
