"""Settings of the client that speak of what the document does not have."""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.targets.client.settings import ClientSettings
from oasmith.targets.python.unmatched import Mentions, report_unmatched


def check_settings(
    api: ir.Api, config: Config, settings: ClientSettings, diagnostics: Diagnostics
) -> None:
    """Report as `unmatched` each setting that changes nothing."""
    report_unmatched(_mentions(api, settings), config, diagnostics)


def _mentions(api: ir.Api, settings: ClientSettings) -> Mentions:
    schemes = {scheme.name for scheme in api.security}
    yield "targets.client.auth-env", "security scheme", schemes, settings.auth_env
    if settings.media_types:
        media_types = {content.media_type for content in _contents(api)}
        yield "targets.client.media-types", "media type", media_types, settings.media_types


def _contents(api: ir.Api) -> Iterator[ir.Content]:
    for operation in api.operations:
        for part in (operation.body, *operation.responses, *operation.errors):
            if part is not None:
                yield from part.contents
