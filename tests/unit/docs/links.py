"""Links of rendered pages: which of them lead nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value is not None:
                self.anchors.append(value)
            if (name == "href" and tag == "a") or name == "src":
                self.links.append(value or "")


def broken_links(pages: Mapping[str, str]) -> list[str]:
    """Return a line for each link to no page or anchor, and for each anchor that is there twice."""
    renderer = MarkdownIt("commonmark").enable("table")
    read: dict[str, _Page] = {}
    for path, markdown in pages.items():
        read[path] = page = _Page()
        page.feed(renderer.render(markdown))
    broken = []
    for path, page in read.items():
        broken += [f"{path}: #{a} twice" for a in {*page.anchors} if page.anchors.count(a) > 1]
        for link in page.links:
            address = urlsplit(link)
            if address.scheme in ("http", "https", "mailto"):
                continue
            target = path
            if address.path:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), address.path))
            fragment = unquote(address.fragment)
            if target not in read or (fragment and fragment not in read[target].anchors):
                broken.append(f"{path}: {link}")
    return broken
