"""The program that the README of the package shows."""

from __future__ import annotations

from collections.abc import Sequence

from oasmith.ir import types as ir
from oasmith.targets.markdown.connection import Connection
from oasmith.targets.markdown.example_requests import ExampleRequests
from oasmith.targets.markdown.samples import Method, python_samples
from oasmith.targets.rendering.markdown import NOTHING, Markdown, fence


def readme_samples(
    api: ir.Api, methods: Sequence[Method], connection: Connection
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


def _telling(methods: Sequence[Method]) -> Method | None:
    """Return the method to show: one of a split operation, else the first with a body."""
    plain = [method for method in methods if not method.is_stream]
    of_variant = [method for method in plain if method.variant is not None]
    with_body = [method for method in plain if method.operation.body is not None]
    return next(iter(of_variant or with_body or plain), None)
