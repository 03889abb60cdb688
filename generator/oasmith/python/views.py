"""What the templates of models print: everything is decided, nothing is left to compute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from oasmith.python.code import Code
from oasmith.python.imports import Import
from oasmith.python.view import view
from oasmith.source import Location
from oasmith.text import Text


@view
class FieldView:
    """A field of a model; `declaration` is its name, annotation and default."""

    declaration: Code
    doc: Text


@view
class RecordView:
    """A class. `config`, `extras`, `constants` and `rules` are whole statements or their parts."""

    name: Code
    base: Code
    doc: Text
    config: Code | None
    """The value of `model_config`."""
    extras: Code | None
    """The annotation of `__pydantic_extra__`."""
    constants: Code | None
    """The value of `_constants`."""
    rules: tuple[Code, ...]
    class_var: Code | None
    rule: Code | None
    """What the rules are annotated with."""
    fields: tuple[FieldView, ...]
    is_empty: bool
    is_record: bool = True
    is_dict: bool = False


@view
class DictView:
    """The plain form of a record; functional where some key cannot be written as an attribute."""

    name: Code
    base: Code
    title: Code
    doc: Text
    is_functional: bool
    keys: tuple[Code, ...]
    """With their annotations."""
    is_record: bool = False
    is_dict: bool = True


@view
class AliasView:
    """A name for an annotation."""

    name: Code
    title: Code
    alias_type: Code
    """`TypeAlias`, or for one that refers to itself `TypeAliasType`."""
    annotation: Code
    doc: Text
    is_recursive: bool
    is_record: bool = False
    is_dict: bool = False


StatementView: TypeAlias = RecordView | DictView | AliasView


@view
class ModuleView:
    """A module of models. `path` is its dotted path below the package, `at` the place of its main
    definition in the document.
    """

    path: str
    at: Location
    doc: Text
    imports: Code
    statements: tuple[StatementView, ...]


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


@view
class ModelsView:
    """All of `models/`."""

    modules: Iterator[ModuleView]
    """Planned one by one as they are asked for."""
    packages: tuple[LazyPackageView, ...]
