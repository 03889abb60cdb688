"""The plan of a package: every decision about the target, taken once and for all of it."""

from __future__ import annotations

from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.targets.client.constructor import ClientModuleView, plan_client
from oasmith.targets.client.operations import Operations, plan_operations
from oasmith.targets.fake.plan import FakeView, plan_fake
from oasmith.targets.models.plan import plan_models
from oasmith.targets.models.views import ModelsView
from oasmith.targets.package.plan import PackageView, plan_package
from oasmith.targets.python.distribution import distribution_name, python_version
from oasmith.targets.python.faces import Layout, lay_out
from oasmith.targets.python.naming import package_name
from oasmith.targets.python.unmatched import check_settings


@frozen
class Package:
    """All that the emitters need."""

    name: str
    """Of the importable package."""
    api: ir.Api
    layout: Layout
    models: ModelsView
    operations: Operations
    client: ClientModuleView
    package: PackageView
    fake: FakeView | None


def plan(api: ir.Api, config: Config, diagnostics: Diagnostics) -> Package:
    """Decide names, modules, annotations and words of the package.

    Reports names that nothing tells apart, settings that change nothing, and what can be said, but
    not checked. Where there are errors the plan is not to be emitted.
    """
    check_settings(api, config, diagnostics)
    name = config.package or package_name(api.title)
    layout = lay_out(api, config.names, diagnostics)
    operations = plan_operations(api, layout, config, diagnostics)
    user_agent = f"{distribution_name(name)}/{python_version(api.version)}"
    return Package(
        name=name,
        api=api,
        layout=layout,
        models=plan_models(layout, diagnostics),
        operations=operations,
        client=plan_client(api, operations.namespaces, config.targets.client, user_agent),
        package=plan_package(
            api,
            name,
            operations,
            config.targets.client,
            config.targets.fake,
            has_client="client" in config.emit,
            needs_extensions=any(operation.doc.deprecated for operation in api.operations)
            or any(found.recursive for found in layout.models.values())
            or config.targets.fake is not None,
        ),
        fake=None
        if config.targets.fake is None
        else plan_fake(api, operations.namespaces, config.targets.fake, diagnostics),
    )
