"""The settings of the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from oasmith.config import END, Table

Adapter: TypeAlias = Literal["elastic-transport"]
AdapterName: TypeAlias = Annotated[
    str,
    Meta(pattern=rf"^[a-z][a-z0-9]*(_[a-z0-9]+)*{END}", description="a name such as `my_library`"),
]


class ClientSettings(Table, frozen=True, kw_only=True):
    """`[tool.oasmith.targets.client]`: defaults and constructors of the generated client."""

    base_url_env: str | None = None
    """Name of the environment variable that holds the base URL."""
    auth_env: Mapping[str, str] = {}
    """Security scheme -> name of the environment variable that holds its credential."""
    headers: Mapping[str, str] = {}
    """Sent with every request."""
    media_types: Mapping[str, str] = {}
    """Media type of the document -> its name in `Accept` and `Content-Type`."""
    adapters: Mapping[AdapterName, Adapter] = {}
    """NAME -> library. The client gets a constructor `from_NAME`, which takes an object of that
    library and sends over its connections, and the package an extra of that name."""
