"""The planning of what makes the output a package: `pyproject.toml`, `README.md`, `__init__.py`."""

from __future__ import annotations

from collections.abc import Mapping

from oasmith.config import Table
from oasmith.ir import types as ir
from oasmith.targets.client import Client
from oasmith.targets.contract import Context
from oasmith.targets.markdown import Markdown as MarkdownTarget
from oasmith.targets.python import Python
from oasmith.targets.python.code import literal
from oasmith.targets.python.distribution import (
    RUNTIME_DEPENDENCIES,
    distribution_name,
    python_version,
)
from oasmith.targets.python.imports import Name, Scope, sorted_exports
from oasmith.targets.python.lazy_package import LazyModule, LazyPackageView
from oasmith.targets.python.view import view
from oasmith.targets.rendering import toml
from oasmith.targets.rendering.markdown import NOTHING, Markdown, cell, code, fence, prose, text
from oasmith.targets.rendering.toml import Toml
from oasmith.text import Text

_OPTIONAL = frozenset({"elastic_transport", "fake", "fake_routes", "fake_values"})
"""Modules of the runtime that a package has only if a target contributes them."""


@view
class ExtraView:
    """Dependencies that are installed only when asked for."""

    name: Toml
    dependencies: tuple[Toml, ...]


@view
class ScriptView:
    """A command of the package."""

    name: Toml
    function: Toml


@view
class PyprojectView:
    name: Toml
    version: Toml
    description: Toml
    requires_python: Toml
    dependencies: tuple[Toml, ...]
    extras: tuple[ExtraView, ...]
    scripts: tuple[ScriptView, ...]
    source: Toml


@view
class NamespaceRow:
    attribute: Markdown
    doc: Markdown


@view
class AdapterRow:
    """A constructor over another library's connections, and the extra that it needs."""

    call: Markdown
    library: Markdown
    install: Markdown


@view
class ReadmeSectionView:
    title: Markdown
    body: Markdown


@view
class ReadmeView:
    title: Markdown
    name: Markdown
    api: Markdown
    version: Markdown
    doc: Markdown
    install: Markdown
    sync: Markdown
    aio: Markdown
    namespaces: tuple[NamespaceRow, ...]
    adapters: tuple[AdapterRow, ...]
    sections: tuple[ReadmeSectionView, ...]
    """What other targets contribute."""
    has_client: bool
    models: Markdown
    errors: Markdown


@view
class PackageView:
    """The files around the modules."""

    project: str
    """The folder to install."""
    root: str
    """The folder of the importable package."""
    pyproject: PyprojectView
    readme: ReadmeView
    init: LazyPackageView
    unused: frozenset[str]
    """Modules of the runtime that the package has no use for."""


def plan(context: Context[Table]) -> PackageView:
    """Plan the files. Without a client the package has models alone."""
    api = context.api
    python, client = context.plan(Python), context.plan(Client)
    has_client = context.is_emitted(Client)
    contributed, shown = context.contributions(), context.contributions(emitted=True)
    distribution = distribution_name(python.package)
    dependencies = dict.fromkeys([*RUNTIME_DEPENDENCIES, *contributed.dependencies])
    sync, aio = context.plan(MarkdownTarget).readme if has_client else (NOTHING, NOTHING)
    adapters = client.settings.adapters if has_client else {}
    return PackageView(
        project=python.package,
        root=python.root,
        pyproject=PyprojectView(
            name=toml.string(distribution),
            version=toml.string(python_version(api.version)),
            description=toml.string(_summary(api, has_client)),
            requires_python=toml.string(">=3.11"),
            dependencies=tuple(map(toml.string, dependencies)),
            extras=tuple(
                ExtraView(
                    name=toml.string(extra), dependencies=tuple(map(toml.string, requirements))
                )
                for extra, requirements in contributed.extras.items()
            ),
            scripts=tuple(
                ScriptView(name=toml.string(name), function=toml.string(function))
                for name, function in contributed.scripts.items()
            ),
            source=toml.string(f"src/{python.package}"),
        ),
        readme=ReadmeView(
            title=text(distribution),
            name=code(python.package),
            api=text(api.title.line()),
            version=code(api.version),
            doc=prose(api.doc.summary or api.doc.description, 2),
            install=fence(f"pip install ./{python.package}", "sh"),
            sync=sync,
            aio=aio,
            namespaces=tuple(
                NamespaceRow(
                    attribute=code(f"client.{namespace.attribute}"), doc=cell(namespace.summary)
                )
                for namespace in client.operations.namespaces
                if has_client and not namespace.is_root
            ),
            adapters=tuple(
                AdapterRow(
                    call=code(f"Client.from_{extra}({extra})"),
                    library=code(adapter),
                    install=code(f"pip install './{python.package}[{extra}]'"),
                )
                for extra, adapter in adapters.items()
            ),
            sections=tuple(
                ReadmeSectionView(title=text(section.title), body=section.body)
                for section in shown.readme
            ),
            has_client=has_client,
            models=code(f"{python.package}.models"),
            errors=code(f"{python.package}.errors"),
        ),
        init=_init(api, shown.exports, has_client=has_client),
        unused=_OPTIONAL - contributed.runtime,
    )


def _summary(api: ir.Api, has_client: bool) -> Text:
    return Text.of("Python {}: {}", "client" if has_client else "models", api.title).line()


# --- the package's own module --------------------------------------------------------------------


def _init(
    api: ir.Api, exports: Mapping[str, tuple[str, ...]], *, has_client: bool
) -> LazyPackageView:
    packages = ("errors", "models") if has_client else ("models",)
    runs = Scope("__init__")
    lazy = runs.use(Name("._runtime.lazy", "lazy"))
    type_checking = runs.use(Name("typing", "TYPE_CHECKING"))
    typed = Scope("__init__")
    for module in packages:
        typed.use(Name(".", module))
    for module, names in exports.items():
        for name in names:
            typed.use(Name(module, name))
    exported = [*packages, *(name for names in exports.values() for name in names)]
    return LazyPackageView(
        path="",
        doc=Text.of("{}.", _summary(api, has_client).without_stop()),
        imports=runs.imports(),
        typed_imports=tuple(
            each.statement_at(4) for section in typed.imports() for each in section
        ),
        lazy=lazy,
        type_checking=type_checking,
        packages=tuple(literal(name) for name in packages),
        modules=tuple(
            LazyModule(module=literal(module), names=tuple(literal(name) for name in names))
            for module, names in exports.items()
        ),
        exported=tuple(literal(name) for name in sorted_exports(exported)),
    )
