"""The settings of the docs."""

from __future__ import annotations

from typing import Literal, TypeAlias

from oasmith.config import Table

SampleForm: TypeAlias = Literal["python", "python-async", "curl", "console"]


class MarkdownSettings(Table, frozen=True, kw_only=True):
    """`[tool.oasmith.targets.markdown]`."""

    samples: tuple[SampleForm, ...] = ("python", "python-async", "curl")
    """The forms that requests are shown in, in this order. `console` is method, path and body."""

    def __post_init__(self) -> None:
        for form in self.samples:
            if self.samples.count(form) > 1:
                raise ValueError(f"lists the sample `{form}` twice")
