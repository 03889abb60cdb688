"""The plan of the bundle: the document, and the samples that go into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias

from oasmith.config import Table
from oasmith.frozen import frozen
from oasmith.source import Json
from oasmith.targets.contract import Context
from oasmith.targets.markdown import Markdown


class Sample(Protocol):
    """A sample as plain text. `language` is what code blocks call it."""

    @property
    def title(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def source(self) -> str: ...


Samples: TypeAlias = Mapping[tuple[str, str], Iterable[Sample]]
"""By method, in upper case, and path."""


@frozen
class BundlePlan:
    """The document as one value. None: its version has no place for what is added."""

    document: Mapping[str, Json] | None
    samples: Samples


def plan(context: Context[Table]) -> BundlePlan:
    """Return the document and its samples."""
    document = context.document
    samples = {} if document is None else context.plan(Markdown).docs.site.samples
    return BundlePlan(document=document, samples=samples)
