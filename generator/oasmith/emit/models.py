"""The files of `models/`: the modules of models and their lazy packages."""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.emit.files import File
from oasmith.emit.render import Render
from oasmith.python.views import ModelsView


def emit_models(models: ModelsView, root: str, render: Render) -> Iterator[File]:
    """Give the files of `models/`; `root` is the folder of the importable package."""
    for module in models.modules:
        yield File(
            f"{root}/{module.path.replace('.', '/')}.py",
            render("package/models/module.py.jinja", origin=models.origin, module=module),
        )
    for package in models.packages:
        yield File(
            f"{root}/{package.path.replace('.', '/')}/__init__.py",
            render("package/models/__init__.py.jinja", origin=models.origin, package=package),
        )
