"""The files of the client: `_client.py`, `sync/`, `aio/` and, where wanted, `testing.py`."""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.diagnostics import working_on
from oasmith.emit.files import File
from oasmith.emit.inspection import Outline, inspected
from oasmith.emit.render import Render
from oasmith.python.client.constructor import ClientModuleView
from oasmith.python.client.fake import FakeView
from oasmith.python.client.operations import Operations
from oasmith.python.code import fill, source
from oasmith.python.imports import statements_of
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
        text = render("package/testing.py.jinja", origin=origin, module=fake)
        yield inspected(File(f"{root}/testing.py", text), _outline_of_fake(fake))
    text = render("package/_client.py.jinja", origin=origin, module=client)
    yield inspected(File(f"{root}/_client.py", text), _outline_of_client(client))
    for folder, is_async in (("sync", False), ("aio", True)):
        yield File(f"{root}/{folder}/__init__.py", "")
        for namespace in operations.namespaces:
            module = namespace.aio if is_async else namespace.sync
            outline = Outline(
                statements_of(module.imports),
                (
                    *(each.name for each in namespace.constants),
                    *(each.name for each in namespace.descriptors),
                    module.name,
                ),
            )
            with working_on(namespace.at):
                text = render(
                    "package/sync_and_aio/namespace.py.jinja",
                    origin=origin,
                    namespace=namespace,
                    module=module,
                    is_async=is_async,
                )
                file = inspected(File(f"{root}/{folder}/{namespace.attribute}.py", text), outline)
            yield file


def _outline_of_client(client: ClientModuleView) -> Outline:
    imports = [*statements_of(client.imports), *client.checked_imports]
    statements = [source("_SETTINGS"), *(each.name for each in client.clients)]
    for each in client.clients:
        imports += [attribute.statement for attribute in each.attributes]
        imports += [fill("from {} import {}", a.module, a.transport) for a in each.adapters]
    if client.names.type_checking is not None:
        statements.insert(0, fill("if {}", client.names.type_checking))
    if client.credentials:
        statements.append(source("_credentials"))
    return Outline(tuple(imports), tuple(statements))


def _outline_of_fake(fake: FakeView) -> Outline:
    imports = [*statements_of(fake.imports)]
    statements = [source("_DESCRIPTION"), source("FakeService")]
    if fake.fixture is not None:
        imports.append(source("import pytest"))
        statements += [source("try"), source("except ImportError"), source("else")]
    return Outline(tuple(imports), tuple(statements))
