"""Everything that a page of the site refers to is in the site."""

import json
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import pytest
from openapi_spec_validator import validate

from behaviour.docs.test_reader import QUESTIONS, Asked
from web.pages import Page, read

pytestmark = pytest.mark.xdist_group("web")


def target(page: str, address: str) -> tuple[str, str]:
    """Return the page and the anchor that an address on a page leads to."""
    parts = urlsplit(address)
    path = normpath(join(dirname(page), unquote(parts.path))) if parts.path else page
    return path, unquote(parts.fragment)


def dangling(site: Path, pages: dict[str, Page]) -> list[str]:
    found = []
    for path, page in pages.items():
        for address in {*page.links, *page.sources}:
            if urlsplit(address).scheme or path == "404.html":
                continue
            there, anchor = target(path, address)
            if not (site / there).is_file():
                found.append(f"{path}: {address}: no such file")
            elif anchor and there in pages and anchor not in pages[there].anchors:
                found.append(f"{path}: {address}: no such anchor")
    return found


def test_every_link_and_anchor_of_another_document_is_there(other_site: Path) -> None:
    pages = read(other_site)
    assert len(pages) == 11
    assert {path for path in pages if path.startswith(("webhooks/", "callbacks/"))} == {
        "webhooks/stock.low.html",
        "callbacks/progress.html",
    }
    assert dangling(other_site, pages) == []


def test_every_link_and_anchor_is_there(site: Path) -> None:
    pages = read(site)
    assert len(pages) > 45
    assert sum(len(page.links) for page in pages.values()) > 3_000
    assert dangling(site, pages) == []


def test_a_dangling_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="b.html#x">b</a> <a href="a.html#y">y</a> <p id=z>')
    (tmp_path / "b.html").write_text('<h1 id="x">x</h1> <a href="../c.html">c</a>')
    assert sorted(dangling(tmp_path, read(tmp_path))) == [
        "a.html: a.html#y: no such anchor",
        "b.html: ../c.html: no such file",
    ]


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.question)
def test_answers_are_two_clicks_away_in_the_site_too(site: Path, asked: Asked) -> None:
    pages = read(site)
    page = "index.html"
    for click in asked.clicks:
        address = click.replace(".md", ".html")
        assert address in pages[page].links
        page, anchor = target(page, address)
        assert not anchor or anchor in pages[page].anchors


def test_nothing_is_loaded_from_elsewhere(site: Path, other_site: Path, hostile_site: Path) -> None:
    for folder in (site, other_site, hostile_site):
        foreign = {
            source
            for page in read(folder).values()
            for source in page.sources
            if urlsplit(source).netloc
        }
        assert foreign == set()


def test_pages_are_small_enough(site: Path) -> None:
    sizes = {path: (site / path).stat().st_size for path in read(site)}
    assert {path: size for path, size in sizes.items() if size > 300_000} == {}


def test_machines_find_pages_as_markdown(site: Path) -> None:
    index = (site / "llms.txt").read_text("utf-8")
    addresses = [part.partition(")")[0] for part in index.split("](")[1:]]
    assert "operations/inference/put.md" in addresses
    assert "services/cohere.md" in addresses
    assert [address for address in addresses if not (site / address).is_file()] == []


def test_document_in_one_file_is_valid_and_has_samples(site: Path) -> None:
    document = json.loads((site / "openapi.bundled.json").read_text("utf-8"))
    validate(document)
    operations = [
        operation
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in ("get", "put", "post", "delete")
    ]
    assert len(operations) == 22
    labels = {
        tuple(sample["label"] for sample in operation["x-codeSamples"]) for operation in operations
    }
    assert labels == {("Python", "Python, async", "curl", "Console")}
