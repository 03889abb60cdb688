"""The files of `models/`: the modules of models and their lazy packages."""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.diagnostics import working_on
from oasmith.targets.contract import File, Render
from oasmith.targets.models.views import ModelsView
from oasmith.targets.rendering.inspection import Outline, inspected, outline_of_package


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
