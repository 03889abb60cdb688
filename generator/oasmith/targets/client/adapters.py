"""Libraries whose connections a client can use in place of its own."""

from __future__ import annotations

from collections.abc import Mapping

from oasmith.frozen import frozen
from oasmith.targets.client.settings import Adapter


@frozen
class Library:
    """What there is in the runtime for a library.

    Attributes:
        module: Of the runtime. It is left out of packages that do not use it.
        transport: The classes of the transport, sync and async.
        owner: The protocols of the object that is handed over, sync and async.
        requires: What has to be installed.
    """

    module: str
    transport: tuple[str, str]
    owner: tuple[str, str]
    requires: tuple[str, ...]


LIBRARIES: Mapping[Adapter, Library] = {
    "elastic-transport": Library(
        module="elastic_transport",
        transport=("ElasticTransport", "AsyncElasticTransport"),
        owner=("TransportOwner", "AsyncTransportOwner"),
        requires=("elastic-transport>=9.4",),
    ),
}
