"""The plan of the docs: pages, the site around them, and the samples of the package's README."""

from __future__ import annotations

from functools import cached_property

from oasmith.ir import types as ir
from oasmith.targets.client import Client
from oasmith.targets.contract import Context
from oasmith.targets.markdown.addresses import INDEX
from oasmith.targets.markdown.connection import Connection, connect
from oasmith.targets.markdown.pages import Docs, plan_docs
from oasmith.targets.markdown.readme import readme_samples
from oasmith.targets.markdown.samples import Method
from oasmith.targets.markdown.settings import MarkdownSettings, SampleForm
from oasmith.targets.python import Python
from oasmith.targets.rendering.markdown import Markdown


class MarkdownPlan:
    """What the docs are planned from. Pages and samples are planned when they are first read."""

    root = "docs"
    """The folder of the docs."""
    index = INDEX
    """The path of the start page below it."""

    def __init__(
        self,
        api: ir.Api,
        methods: tuple[Method, ...],
        connection: Connection,
        forms: tuple[SampleForm, ...],
    ) -> None:
        self._api = api
        self._methods = methods
        self._connection = connection
        self._forms = forms

    @cached_property
    def docs(self) -> Docs:
        """The pages and what surrounds them."""
        return plan_docs(self._api, self._methods, self._connection, self._forms)

    @cached_property
    def readme(self) -> tuple[Markdown, Markdown]:
        """A program for either client, sync and async; nothing if there is no method to call."""
        return readme_samples(self._api, self._methods, self._connection)


def plan(context: Context[MarkdownSettings]) -> MarkdownPlan:
    """Return the plan of the docs of an API."""
    client = context.plan(Client)
    connection = connect(
        context.api,
        context.plan(Python).package,
        base_url_env=client.settings.base_url_env,
        auth_env=client.settings.auth_env,
    )
    return MarkdownPlan(
        context.api, client.operations.methods, connection, context.settings.samples
    )
