"""The docs as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from oasmith.diagnostics import working_on
from oasmith.targets.contract import File, Render
from oasmith.targets.markdown.operation_pages import OperationPage
from oasmith.targets.markdown.pages import Docs, StartPage, TypeIndexPage, TypesPage, View
from oasmith.targets.markdown.variant_pages import MatrixPage, VariantPage


def emit_docs(docs: Docs, root: str, render: Render) -> Iterator[File]:
    """Give the files of all pages; `root` is the folder of the docs."""
    for page in docs.pages:
        with working_on(page.at):
            rendered = render(_template(page.view), page=page, view=page.view)
        yield File(path=f"{root}/{page.path}", text=rendered)


def _template(view: View) -> str:
    match view:
        case StartPage():
            return "docs/start.md.jinja"
        case OperationPage():
            return "docs/operation.md.jinja"
        case VariantPage():
            return "docs/variant.md.jinja"
        case MatrixPage():
            return "docs/matrix.md.jinja"
        case TypesPage():
            return "docs/types.md.jinja"
        case TypeIndexPage():
            return "docs/type_index.md.jinja"
        case _:
            assert_never(view)
