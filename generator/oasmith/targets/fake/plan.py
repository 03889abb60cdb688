"""The planning of the module `testing`: a service in memory that tests of users talk to."""

from __future__ import annotations

from collections.abc import Iterable

from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.targets.client import Client
from oasmith.targets.contract import Context, Contributions, ReadmeSection
from oasmith.targets.fake.settings import FakeSettings, RefusalSettings, ResourceSettings
from oasmith.targets.python import Python
from oasmith.targets.python.code import Code, fill, identifier, joined, literal
from oasmith.targets.python.distribution import TYPING_EXTENSIONS
from oasmith.targets.python.imports import Import, Name, Scope
from oasmith.targets.rendering.markdown import Markdown, fence

_RUNTIME = "._runtime.fake"


@frozen
class FakeNames:
    """What the module calls the things that its template itself writes."""

    client: Code
    async_client: Code
    description: Code
    fake: Code
    operations_of: Code


@frozen
class FakeView:
    """The module `testing`."""

    imports: tuple[tuple[Import, ...], ...]
    names: FakeNames
    modules: tuple[Code, ...]
    """Those that hold the operations."""
    resources: tuple[Code, ...]
    options: tuple[Code, ...]
    """Further arguments of the description."""
    fixture: Code | None


@frozen
class FakePlan:
    """The module and what the README says of it."""

    root: str
    module: FakeView
    sample: Markdown


def plan(context: Context[FakeSettings]) -> FakePlan:
    """Decide the resources of the service."""
    python, client = context.plan(Python), context.plan(Client)
    modules = [namespace.attribute for namespace in client.operations.namespaces]
    return FakePlan(
        root=python.root,
        module=plan_fake(context.api, modules, context.settings, context.diagnostics),
        sample=_sample(python.package, context.settings),
    )


def contributions(plan: FakePlan) -> Contributions:
    """Return what the package needs and says with the service."""
    section = ReadmeSection(
        title="Test without a server", body=Markdown(f"{plan.sample}\n\n{_PROSE}")
    )
    return Contributions(
        dependencies=(TYPING_EXTENSIONS,),
        readme=(section,),
        runtime=frozenset({"fake", "fake_routes", "fake_values"}),
    )


_PROSE = """\
The service checks requests as the API describes them, keeps what is created, without its secrets,
and makes up all other answers: equal requests get equal ones. `hold` says what is in use, `refuse`
lets the next call of an operation fail, and `calls` are those that came."""


def plan_fake(
    api: ir.Api,
    modules: Iterable[str],
    settings: FakeSettings,
    diagnostics: Diagnostics,
) -> FakeView:
    """Plan the module; `modules` are those of `sync/` that hold the operations.

    Reports operations that the settings name and the document lacks.
    """
    _check(api, settings, diagnostics)
    defined = {"FakeService", *([settings.fixture] if settings.fixture else [])}
    scope = Scope("testing", defines=defined)
    scope.use(Name("__future__", "annotations"))
    names = FakeNames(
        client=scope.use(Name("._client", "Client")),
        async_client=scope.use(Name("._client", "AsyncClient")),
        description=scope.use(Name(_RUNTIME, "Description")),
        fake=scope.use(Name(_RUNTIME, "Fake")),
        operations_of=scope.use(Name(_RUNTIME, "operations_of")),
    )
    options = []
    if settings.error is not None:
        options.append(fill("error={}", literal(settings.error)))
    if settings.invalid is not None:
        options.append(fill("invalid={}", _refusal(settings.invalid, scope)))
    for name, value in (("items", settings.items), ("lengths", settings.lengths)):
        if value is not None:
            options.append(fill("{}={}", identifier(name), literal(value)))
    return FakeView(
        names=names,
        modules=tuple(scope.use(Name(".sync", each)) for each in modules),
        resources=tuple(_resource(each, scope) for each in settings.resources.values()),
        options=tuple(options),
        fixture=None if settings.fixture is None else identifier(settings.fixture),
        imports=scope.imports(),
    )


def _check(api: ir.Api, settings: FakeSettings, diagnostics: Diagnostics) -> None:
    known = {operation.id for operation in api.operations}
    for name, resource in settings.resources.items():
        for role in ("create", "read", "update", "delete"):
            wanted = getattr(resource, role)
            if wanted is not None and wanted not in known:
                diagnostics.error(
                    "wrong-setting",
                    None,
                    f"targets.fake.resources.{name}.{role}: there is no operation `{wanted}`",
                )


def _resource(settings: ResourceSettings, scope: Scope) -> Code:
    arguments = []
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        if value is None or value == ():
            continue
        written = _refusal(value, scope) if isinstance(value, RefusalSettings) else literal(value)
        arguments.append(fill("{}={}", identifier(name), written))
    return fill("{}({})", scope.use(Name(_RUNTIME, "Resource")), joined(", ", arguments))


def _refusal(settings: RefusalSettings, scope: Scope) -> Code:
    values = [literal(settings.status), literal(settings.type), literal(settings.reason)]
    return fill("{}({})", scope.use(Name(_RUNTIME, "Refusal")), joined(", ", values))


def _sample(name: str, settings: FakeSettings) -> Markdown:
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
