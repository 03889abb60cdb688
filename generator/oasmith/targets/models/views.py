"""What the templates of models print: everything is decided, nothing is left to compute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from oasmith.source import Location
from oasmith.targets.python.code import Code
from oasmith.targets.python.lazy_package import LazyPackageView
from oasmith.targets.python.view import view
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
class ModelsView:
    """All of `models/`."""

    modules: Iterator[ModuleView]
    """Planned one by one as they are asked for."""
    packages: tuple[LazyPackageView, ...]
