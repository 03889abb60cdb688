"""The planning of the module `testing`: a service in memory that tests of users talk to."""

from __future__ import annotations

from collections.abc import Iterable

from oasmith.config import FakeSettings, RefusalSettings, ResourceSettings
from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.targets.client.operations import NamespaceView
from oasmith.targets.python.code import Code, fill, identifier, joined, literal
from oasmith.targets.python.imports import Import, Name, Scope

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


def plan_fake(
    api: ir.Api,
    namespaces: Iterable[NamespaceView],
    settings: FakeSettings,
    diagnostics: Diagnostics,
) -> FakeView:
    """Plan the module. Reports operations that the settings name and the document lacks."""
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
        modules=tuple(scope.use(Name(".sync", each.attribute)) for each in namespaces),
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
