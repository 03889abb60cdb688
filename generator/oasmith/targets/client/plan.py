"""The plan of the client: its module, its methods, and what the package needs for them."""

from __future__ import annotations

from collections.abc import Mapping

from oasmith.frozen import frozen
from oasmith.targets.client.adapters import LIBRARIES
from oasmith.targets.client.constructor import ClientModuleView, plan_client
from oasmith.targets.client.operations import Operations, plan_operations
from oasmith.targets.client.settings import ClientSettings
from oasmith.targets.client.unmatched import check_settings
from oasmith.targets.contract import Context, Contributions
from oasmith.targets.python import Python
from oasmith.targets.python.distribution import (
    TYPING_EXTENSIONS,
    distribution_name,
    python_version,
)

_EXPORTS: Mapping[str, tuple[str, ...]] = {
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


@frozen
class ClientPlan:
    """All that is decided about the client."""

    root: str
    module: ClientModuleView
    operations: Operations
    settings: ClientSettings
    has_deprecated: bool


def plan(context: Context[ClientSettings]) -> ClientPlan:
    """Decide methods and constructors.

    Reports settings that change nothing, and what can be said, but not checked.
    """
    api, settings = context.api, context.settings
    python = context.plan(Python)
    check_settings(api, context.config, settings, context.diagnostics)
    operations = plan_operations(api, python.layout, context.config, context.diagnostics)
    user_agent = f"{distribution_name(python.package)}/{python_version(api.version)}"
    return ClientPlan(
        root=python.root,
        module=plan_client(api, operations.namespaces, settings, user_agent),
        operations=operations,
        settings=settings,
        has_deprecated=any(operation.doc.deprecated for operation in api.operations),
    )


def contributions(plan: ClientPlan) -> Contributions:
    """Return what the package needs and offers with the client."""
    adapters = plan.settings.adapters
    return Contributions(
        dependencies=(TYPING_EXTENSIONS,) if plan.has_deprecated else (),
        extras={extra: LIBRARIES[adapter].requires for extra, adapter in adapters.items()},
        exports=_EXPORTS,
        runtime=frozenset(LIBRARIES[adapter].module for adapter in adapters.values()),
    )
