"""The files that make the output a package, and the runtime, which is copied as it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from oasmith.targets.contract import File, Render
from oasmith.targets.package.plan import PackageView
from oasmith.targets.rendering.inspection import inspected, outline_of_package


def emit_package(package: PackageView, render: Render) -> Iterator[File]:
    """Give the files."""
    project, root = package.project, package.root
    yield File(
        f"{project}/pyproject.toml",
        render("package/pyproject.toml.jinja", pyproject=package.pyproject),
    )
    yield File(f"{project}/README.md", render("package/README.md.jinja", readme=package.readme))
    yield inspected(
        File(
            f"{root}/__init__.py",
            render("package/__init__.py.jinja", package=package.init),
        ),
        outline_of_package(package.init),
    )
    if package.readme.has_client:
        yield File(f"{root}/errors.py", render("package/errors.py.jinja"))
    yield File(f"{root}/py.typed", "")
    for name, text in _runtime():
        if name not in package.unused:
            yield File(f"{root}/_runtime/{name}.py", text)


@cache
def _runtime() -> tuple[tuple[str, str], ...]:
    """Return the modules of the runtime, by path: `client`, `semantics/rules`."""
    folder = Path(__file__).resolve().parents[2] / "runtime"
    return tuple(
        (file.relative_to(folder).with_suffix("").as_posix(), file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.py"))
    )
