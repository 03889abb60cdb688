"""The files of the client: `_client.py`, `sync/`, `aio/` and, where wanted, `testing.py`."""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.emit.files import File
from oasmith.emit.render import Render
from oasmith.python.client.constructor import ClientModuleView
from oasmith.python.client.fake import FakeView
from oasmith.python.client.operations import NamespaceView, Operations
from oasmith.python.views import Origin


def emit_client(
    client: ClientModuleView,
    operations: Operations,
    fake: FakeView | None,
    origin: Origin,
    root: str,
    render: Render,
) -> Iterator[File]:
    """Give the files of the client; `root` is the folder of the importable package."""
    if fake is not None:
        yield File(
            f"{root}/testing.py", render("package/testing.py.jinja", origin=origin, module=fake)
        )
    yield File(
        f"{root}/_client.py", render("package/_client.py.jinja", origin=origin, module=client)
    )
    for folder, is_async in (("sync", False), ("aio", True)):
        yield File(f"{root}/{folder}/__init__.py", "")
        for namespace in operations.namespaces:
            yield File(
                f"{root}/{folder}/{namespace.attribute}.py",
                _module(namespace, origin, render, is_async=is_async),
            )


def _module(namespace: NamespaceView, origin: Origin, render: Render, *, is_async: bool) -> str:
    return render(
        "package/sync_and_aio/namespace.py.jinja",
        origin=origin,
        namespace=namespace,
        module=namespace.aio if is_async else namespace.sync,
        is_async=is_async,
    )
