"""The plan of what surrounds the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from oasmith.config import Table
from oasmith.frozen import frozen
from oasmith.targets.contract import Context, File
from oasmith.targets.markdown import Markdown
from oasmith.targets.rendering.markdown import Markdown as MarkdownText
from oasmith.text import Text


class Entry(Protocol):
    """A page: its title, and what it is about in one line of Markdown, if known."""

    @property
    def title(self) -> Text: ...
    @property
    def path(self) -> str: ...
    @property
    def about(self) -> MarkdownText: ...


class Chapter(Protocol):
    """Pages that belong together; `titles` lead to it, outermost first."""

    @property
    def titles(self) -> tuple[Text, ...]: ...
    @property
    def entries(self) -> Sequence[Entry]: ...


class SiteMap(Protocol):
    """The pages in reading order, but for the start page."""

    @property
    def title(self) -> Text: ...
    @property
    def about(self) -> MarkdownText: ...
    @property
    def chapters(self) -> Sequence[Chapter]: ...


@frozen
class SitePlan:
    """The pages and their order. `pages` may be called when all targets are planned."""

    root: str
    """The folder of the docs."""
    index: str
    """The path of the start page below it."""
    site: SiteMap
    pages: Callable[[], Iterable[File]]


def plan(context: Context[Table]) -> SitePlan:
    """Return the order of the pages."""
    markdown = context.plan(Markdown)
    return SitePlan(
        root=markdown.root,
        index=markdown.index,
        site=markdown.docs.site,
        pages=context.files(Markdown),
    )
