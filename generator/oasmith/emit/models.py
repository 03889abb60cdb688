"""The files of `models/`: the modules of models and their lazy packages."""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.diagnostics import working_on
from oasmith.emit.files import File
from oasmith.emit.inspection import Outline, inspected
from oasmith.emit.render import Render
from oasmith.python.code import fill, source
from oasmith.python.imports import statements_of
from oasmith.python.views import LazyPackageView, ModelsView


def emit_models(models: ModelsView, root: str, render: Render) -> Iterator[File]:
    """Give the files of `models/`; `root` is the folder of the importable package."""
    for module in models.modules:
        with working_on(module.at):
            file = inspected(
                File(
                    f"{root}/{module.path.replace('.', '/')}.py",
                    render("package/models/module.py.jinja", module=module),
                ),
                Outline((module.imports,), tuple(each.name for each in module.statements)),
            )
        yield file
    for package in models.packages:
        yield inspected(
            File(
                f"{root}/{package.path.replace('.', '/')}/__init__.py",
                render("package/models/__init__.py.jinja", package=package),
            ),
            outline_of_package(package),
        )


def outline_of_package(package: LazyPackageView) -> Outline:
    """Return what the `__init__` of a lazy package is made of."""
    statements = (fill("if {}", package.type_checking), source("else"), source("__all__"))
    return Outline((*statements_of(package.imports), *package.typed_imports), statements)
