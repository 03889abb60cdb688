"""What the pages of a site hold, read from their HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class Page:
    """The anchors of a page and what it refers to."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag == "a" and name == "name"):
                self.page.anchors.add(value)
            elif name == "href" and tag == "a":
                self.page.links.append(value)
            elif name in ("src", "href", "srcset", "poster", "data", "action"):
                self.page.sources.append(value)


def read(site: Path) -> dict[str, Page]:
    """Return the pages of a site by their path in it."""
    pages = {}
    for path in site.rglob("*.html"):
        reader = _Reader()
        reader.feed(path.read_text("utf-8"))
        pages[path.relative_to(site).as_posix()] = reader.page
    return pages
