"""The planning of what makes the output a package: `pyproject.toml`, `README.md`, `__init__.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oasmith.config import ClientSettings, FakeSettings
from oasmith.ir import types as ir
from oasmith.targets.client.adapters import LIBRARIES
from oasmith.targets.client.operations import Operations, PlannedMethod
from oasmith.targets.markdown.connection import Connection, connect
from oasmith.targets.markdown.example_requests import ExampleRequests
from oasmith.targets.markdown.samples import python_samples
from oasmith.targets.python.code import literal
from oasmith.targets.python.distribution import (
    RUNTIME_DEPENDENCIES,
    TYPING_EXTENSIONS,
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

_OF_CLIENT: Mapping[str, tuple[str, ...]] = {
    "._client": ("AsyncClient", "Client"),
    "._runtime.auth": ("ApiKey", "Basic", "Bearer", "ClientCredentials"),
    "._runtime.errors": ("ApiError", "ConnectionFailed", "InvalidRequest", "TimedOut"),
    "._runtime.aio.downloads": ("AsyncDownload",),
    "._runtime.sync.downloads": ("Download",),
    "._runtime.files": ("File",),
    "._runtime.raw_responses": ("RawResponse",),
    "._runtime.transport": ("AsyncTransport", "Limits", "Network", "Timeout", "Transport"),
}
"""What a package with a client offers by its own name, and where it comes from."""

_OF_FAKES = frozenset({"fake", "fake_routes", "fake_values"})
"""Modules of the runtime that only the module `testing` needs."""


@view
class ExtraView:
    """Dependencies that are installed only when asked for."""

    name: Toml
    dependencies: tuple[Toml, ...]


@view
class PyprojectView:
    name: Toml
    version: Toml
    description: Toml
    requires_python: Toml
    dependencies: tuple[Toml, ...]
    extras: tuple[ExtraView, ...]
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
    fake: Markdown
    """A program with the service in memory; nothing where there is none."""
    has_client: bool
    models: Markdown
    errors: Markdown


@view
class PackageView:
    """The files around the modules."""

    pyproject: PyprojectView
    readme: ReadmeView
    init: LazyPackageView
    unused: frozenset[str]
    """Modules of the runtime that the package has no use for."""


def plan_package(
    api: ir.Api,
    name: str,
    operations: Operations,
    settings: ClientSettings,
    fake: FakeSettings | None = None,
    *,
    has_client: bool,
    needs_extensions: bool,
) -> PackageView:
    """Plan the files; `name` is that of the importable package. Without a client: models alone."""
    extensions = [TYPING_EXTENSIONS] if needs_extensions else []
    distribution = distribution_name(name)
    methods = operations.methods if has_client else ()
    sync, aio = _samples(api, methods, connect(api, name, settings))
    return PackageView(
        pyproject=PyprojectView(
            name=toml.string(distribution),
            version=toml.string(python_version(api.version)),
            description=toml.string(_summary(api, has_client)),
            requires_python=toml.string(">=3.11"),
            dependencies=tuple(toml.string(each) for each in [*RUNTIME_DEPENDENCIES, *extensions]),
            extras=tuple(
                ExtraView(
                    name=toml.string(extra),
                    dependencies=tuple(map(toml.string, LIBRARIES[adapter].requires)),
                )
                for extra, adapter in settings.adapters.items()
            ),
            source=toml.string(f"src/{name}"),
        ),
        readme=ReadmeView(
            title=text(distribution),
            name=code(name),
            api=text(api.title.line()),
            version=code(api.version),
            doc=prose(api.doc.summary or api.doc.description, 2),
            install=fence(f"pip install ./{name}", "sh"),
            sync=sync,
            aio=aio,
            namespaces=tuple(
                NamespaceRow(
                    attribute=code(f"client.{namespace.attribute}"), doc=cell(namespace.summary)
                )
                for namespace in operations.namespaces
                if has_client and not namespace.is_root
            ),
            adapters=tuple(
                AdapterRow(
                    call=code(f"Client.from_{extra}({extra})"),
                    library=code(adapter),
                    install=code(f"pip install './{name}[{extra}]'"),
                )
                for extra, adapter in settings.adapters.items()
                if has_client
            ),
            fake=NOTHING if fake is None or not has_client else _fake_sample(name, fake),
            has_client=has_client,
            models=code(f"{name}.models"),
            errors=code(f"{name}.errors"),
        ),
        init=_init(api, has_client),
        unused=frozenset(
            library.module
            for adapter, library in LIBRARIES.items()
            if adapter not in settings.adapters.values()
        )
        | (_OF_FAKES if fake is None else frozenset()),
    )


def _fake_sample(name: str, settings: FakeSettings) -> Markdown:
    fixture = settings.fixture
    if fixture is None:
        program = (
            f"from {name}.testing import FakeService\n\n"
            "service = FakeService()\nclient = service.client()"
        )
    else:
        program = (
            f"# conftest.py\nfrom {name}.testing import {fixture}\n\n"
            f'__all__ = ["{fixture}"]\n\n\n'
            f"# test_mine.py\nfrom {name}.testing import FakeService\n\n\n"
            f"def test_mine({fixture}: FakeService) -> None:\n"
            f"    client = {fixture}.client()"
        )
    return fence(program, "python")


def _summary(api: ir.Api, has_client: bool) -> Text:
    return Text.of("Python {}: {}", "client" if has_client else "models", api.title).line()


# --- the package's own module --------------------------------------------------------------------


def _init(api: ir.Api, has_client: bool) -> LazyPackageView:
    packages = ("errors", "models") if has_client else ("models",)
    exports = _OF_CLIENT if has_client else {}
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


# --- samples -------------------------------------------------------------------------------------


def _samples(
    api: ir.Api, methods: Sequence[PlannedMethod], connection: Connection
) -> tuple[Markdown, Markdown]:
    """Return a program that calls the most telling method, for either client."""
    method = _telling(methods)
    if method is None:
        return NOTHING, NOTHING
    requests = ExampleRequests(api.definitions)
    request = requests.of(method.operation)
    if method.variant is not None:
        record = api.definitions[method.variant]
        assert isinstance(record, ir.Record)
        request = requests.of_variant(method.operation, record, method.path.rpartition("_")[2])
    schemes = {scheme.name: scheme for scheme in api.security}
    sync, aio = python_samples(request, method, connection, schemes)
    return fence(sync, "python"), fence(aio, "python")


def _telling(methods: Sequence[PlannedMethod]) -> PlannedMethod | None:
    """Return the method to show: one of a split operation, else the first with a body."""
    plain = [method for method in methods if not method.is_stream]
    of_variant = [method for method in plain if method.variant is not None]
    with_body = [method for method in plain if method.operation.body is not None]
    return next(iter(of_variant or with_body or plain), None)
