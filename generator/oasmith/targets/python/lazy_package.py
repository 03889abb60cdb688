"""What the template of a lazy package prints: an `__init__` that imports nothing until asked."""

from __future__ import annotations

from oasmith.targets.python.code import Code
from oasmith.targets.python.imports import Import
from oasmith.targets.python.view import view
from oasmith.text import Text


@view
class LazyModule:
    """A module of a lazy package, and the names that come from it: literals in a table."""

    module: Code
    names: tuple[Code, ...]


@view
class LazyPackageView:
    """The `__init__` of a package that imports nothing until it is asked for."""

    path: str
    doc: Text
    imports: tuple[tuple[Import, ...], ...]
    """What runs."""
    typed_imports: tuple[Code, ...]
    """What type checkers see: each name imported as itself."""
    lazy: Code
    """What makes a package lazy."""
    type_checking: Code
    packages: tuple[Code, ...]
    """The packages inside, as literals."""
    modules: tuple[LazyModule, ...]
    exported: tuple[Code, ...]
    """All names, as literals, sorted."""
