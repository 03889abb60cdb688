"""Pages need no plugin: CommonMark with tables makes of them all that there is to see."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from behaviour.docs import flagship

PAGES = sorted(path for path in flagship.pages() if path.endswith(".md"))
MARKUP = re.compile(
    r"```|^\s*#{1,6} |\]\(|\*\*|^\s*\||`|^\s*[-*] |</?[a-z]|\{[:.#]|^:::|^[!?]{3}", re.MULTILINE
)
"""What shows where Markdown was not read as such, also extensions of it."""


class Reader(HTMLParser):
    """Collects what a reader sees outside of code, and the tags in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" not in self.open:
            self.text.append(data)


def read(markdown: str) -> Reader:
    reader = Reader()
    reader.feed(MarkdownIt("commonmark").enable("table").render(markdown))
    reader.close()
    return reader


@pytest.mark.parametrize("path", PAGES)
def test_nothing_shows_as_markup(path: str) -> None:
    reader = read(flagship.pages()[path])
    assert reader.open == []
    seen = "".join(reader.text)
    assert [seen[m.start() : m.start() + 80] for m in MARKUP.finditer(seen)] == []
    assert reader.tags <= {
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "a", "ul", "li", "strong", "em", "code", "pre"),
        *("table", "thead", "tbody", "tr", "th", "td", "br", "hr", "details", "summary"),
    }


def test_what_is_no_markdown_is_found() -> None:
    broken = "<details>\n<summary>x</summary>\n```ts\ntype T = 1\n```\n</details>\n"
    assert MARKUP.search("".join(read(broken).text)) is not None


@pytest.mark.parametrize("path", PAGES)
def test_headings_have_content_and_go_down_step_by_step(path: str) -> None:
    blocks = [
        line.partition(" ")[0] if line.startswith("#") else "words"
        for line in without_code(flagship.pages()[path]).splitlines()
        if line and not line.startswith("<a id=")
    ]
    assert blocks.count("#") == 1
    depth = 0
    for block, after in zip(blocks, (*blocks[1:], "#"), strict=True):
        if block != "words":
            assert len(block) <= depth + 1
            depth = len(block)
            assert after == "words" or len(after) > depth


def without_code(page: str) -> str:
    return re.sub(r"^```.*?^```$", "code", page, flags=re.MULTILINE | re.DOTALL)
