"""The site in a browser: it is quiet, it is found, it fits, and it is open to everyone.

Tests wait for what should happen, for minutes if need be, since the machine may be busy.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, TimeoutError, expect

from behaviour.docs.test_reader import QUESTIONS, Asked
from conftest import REPO
from web.sites import serve

pytestmark = pytest.mark.xdist_group("web")

SCREENSHOTS = REPO / "build" / "screenshots"
KINDS = {
    "start": "index.html",
    "operation": "operations/inference/put.html",
    "service": "services/cohere.html",
    "matrix": "services/index.html",
    "types": "types/index.html",
}
PATIENCE = 180_000
"""Milliseconds to wait for an event before a test fails."""
expect.set_options(timeout=PATIENCE)

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


class Visit:
    """A page of the browser, and all that went wrong on it."""

    def __init__(self, browser: Browser, home: str) -> None:
        self._context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
        self._context.set_default_timeout(PATIENCE)
        self._home = urlsplit(home)
        self.page: Page = self._context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("dialog", lambda dialog: self._asked(dialog.message))
        self.page.on("request", self._sent)
        self.page.on("requestfailed", lambda request: self.troubles.append(f"lost {request.url}"))
        self.page.on(
            "response",
            lambda answer: (
                self.troubles.append(f"{answer.status} {answer.url}")
                if answer.status >= 400
                else None
            ),
        )

    def close(self) -> None:
        self._context.close()

    def _heard(self, message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            self.troubles.append(f"console: {getattr(message, 'text', '')}")

    def _asked(self, message: str) -> None:
        self.troubles.append(f"dialog: {message}")
        raise AssertionError(message)

    def _sent(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme in ("data", "blob"):
            return
        if (there.scheme, there.netloc) != (self._home.scheme, self._home.netloc):
            self.troubles.append(f"asked {request.url}")


@pytest.fixture(params=["http", "file"])
def home(request: pytest.FixtureRequest, site: Path, address: str) -> str:
    """Give the address of the site, on a server and on the disk."""
    return address if request.param == "http" else site.as_uri()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Give a page that looks at the site on the server."""
    made = Visit(browser, address)
    yield made
    made.close()


def test_search_finds_the_operation_and_the_services(browser: Browser, home: str) -> None:
    visit = Visit(browser, home)
    open_search(visit.page, home)
    visit.page.keyboard.type("rerank")
    visit.page.wait_for_function(
        f"""() => {{
          const found = ({LINKS})();
          return found.some(link => link.includes("operations/inference/rerank.html"))
            && found.filter(link => link.includes("/services/")).length >= 3;
        }}"""
    )
    assert visit.troubles == []
    visit.close()


@pytest.mark.parametrize(
    "asked", [asked for asked in QUESTIONS if asked.search], ids=lambda asked: asked.search
)
def test_search_leads_to_the_answers(searcher: Visit, asked: Asked) -> None:
    page = searcher.page
    page.keyboard.press("Control+a")
    page.keyboard.type(asked.search)
    wanted = asked.clicks[-1].partition("#")[0].replace(".md", ".html")
    page.wait_for_function(
        f"""wanted => ({LINKS})().slice(0, 20).some(
          link => new URL(link).pathname.endsWith(`/${{wanted}}`)
        )""",
        arg=wanted,
    )
    assert searcher.troubles == []


@pytest.fixture(scope="module")
def searcher(browser: Browser, address: str) -> Iterator[Visit]:
    """Give a page with its search open."""
    made = Visit(browser, address)
    open_search(made.page, address)
    yield made
    made.close()


def open_search(page: Page, home: str) -> None:
    """Open the search with the keyboard, as soon as the page listens to it."""
    page.goto(f"{home}/index.html")
    is_open = f"({FOCUSED})() === 'INPUT'"
    for _ in range(PATIENCE // 2_000):
        page.keyboard.press("Control+k")
        with suppress(TimeoutError):
            page.wait_for_function(is_open, timeout=2_000)
            return
    raise AssertionError("the search does not open")


FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node?.tagName;
}"""
"""The name of the element that has the focus, inside of shadow roots too."""


LINKS = """() => {
  const links = [];
  const look = root => {
    for (const node of root.querySelectorAll("*")) {
      if (node.tagName === "A" && node.href) links.push(node.href);
      if (node.shadowRoot) look(node.shadowRoot);
    }
  };
  for (const node of document.querySelectorAll("*")) if (node.shadowRoot) look(node.shadowRoot);
  look(document.querySelector("[data-md-component=search]") ?? document.createElement("p"));
  return links;
}"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_quiet_fits_and_is_accessible(
    visit: Visit,
    address: str,
    builder: ModuleType,
    kind: str,
    scheme: Literal["light", "dark"],
) -> None:
    page = visit.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.goto(f"{address}/{KINDS[kind]}")
    expect(page.locator("h1").first).to_be_visible()
    assert page.evaluate("document.body.dataset.mdColorScheme") == (
        "slate" if scheme == "dark" else "default"
    )
    for name, size in (("desk", DESK), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.screenshot(path=SCREENSHOTS / f"{kind}-{scheme}-{name}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert violations(page, builder) == []
    assert visit.troubles == []


def violations(page: Page, builder: ModuleType, among: str = "document") -> list[str]:
    """Return what axe-core finds that is serious or critical."""
    page.evaluate(builder.fetch(builder.AXE).decode())
    found = page.evaluate(f"axe.run({among}, {{ resultTypes: ['violations'] }})")["violations"]
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_page_works_from_the_disk(browser: Browser, site: Path, kind: str) -> None:
    visit = Visit(browser, site.as_uri())
    visit.page.goto(f"{site.as_uri()}/{KINDS[kind]}")
    expect(visit.page.locator("h1").first).to_be_visible()
    assert visit.troubles == []
    visit.close()


def test_code_is_copied(visit: Visit, address: str) -> None:
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/operations/inference/rerank.html")
    block = page.locator("pre code").filter(has_text="client.inference.rerank").first
    text = block.inner_text()
    block.hover()
    page.locator(".md-code__button, .md-clipboard").locator("visible=true").first.click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.trim() !== '')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() in {each.strip() for each in page.locator("pre code").all_inner_texts()}
    assert "inference.rerank(" in text
    assert visit.troubles == []


def test_colors_can_be_chosen(visit: Visit, address: str) -> None:
    page = visit.page
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/index.html")
    seen = []
    for _ in range(3):
        page.locator("[data-md-component=palette] label:visible").click()
        seen.append(page.evaluate("document.body.dataset.mdColorScheme"))
    assert set(seen) == {"default", "slate"}


def test_headings_have_permalinks(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/operations/inference/put.html")
    links = page.locator("h2 a.headerlink")
    assert links.count() >= 4
    assert links.first.get_attribute("href") not in (None, "", "#")


@pytest.mark.parametrize("from_disk", [False, True])
def test_interactive_page_shows_our_samples(
    browser: Browser, site: Path, address: str, from_disk: bool
) -> None:
    home = site.as_uri() if from_disk else address
    visit = Visit(browser, home)
    visit.page.goto(f"{home}/interactive.html")
    expect(visit.page.get_by_text("Create an inference endpoint").first).to_be_visible()
    visit.page.screenshot(path=SCREENSHOTS / "interactive.png")
    assert visit.troubles == []
    visit.close()


OF_SCALAR = {
    "aria-input-field-name": "its editor of credentials has a placeholder instead of a name",
    "aria-required-attr": "the same editor calls itself a combobox",
    "button-name": "its buttons to copy and to show a password have icons alone",
    "color-contrast": "its theme is paler than WCAG asks for",
    "scrollable-region-focusable": "its lists of operations scroll, and hold links to tab to",
}
"""Rules that the vendored program breaks in its own elements, and how; all others hold."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_interactive_page_is_accessible_but_for_what_is_known(
    visit: Visit, address: str, builder: ModuleType, scheme: Literal["light", "dark"]
) -> None:
    page = visit.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{address}/interactive.html")
    expect(page.get_by_text("Create an inference endpoint").first).to_be_visible()
    assert violations(page, builder, "{ exclude: ['#reference'] }") == []
    broken = {each.partition(":")[0] for each in violations(page, builder)}
    assert broken - OF_SCALAR.keys() == set()
    page.get_by_role("link", name="Back to the reference").click()
    expect(page.locator("h1").first).to_contain_text("Elasticsearch inference API")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_site_of_another_document(
    browser: Browser, other_site: Path, builder: ModuleType, scheme: Literal["light", "dark"]
) -> None:
    with serve(other_site.parent) as host:
        look_at_pages(browser, f"{host}/{other_site.name}", builder, scheme)


def look_at_pages(
    browser: Browser, home: str, builder: ModuleType, scheme: Literal["light", "dark"]
) -> None:
    visit = Visit(browser, home)
    visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in (
        "index.html",
        "operations/parcels-more/send-parcel.html",
        "callbacks/progress.html",
        "webhooks/stock.low.html",
        "types/index.html",
    ):
        visit.page.goto(f"{home}/{path}")
        expect(visit.page.locator("h1").first).to_be_visible()
        for size in (PHONE, DESK):
            visit.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert violations(visit.page, builder) == []
    assert visit.troubles == []
    visit.close()


HARM = """() => [...document.querySelectorAll("*")].flatMap(node => [
  ...[...node.attributes]
    .filter(a => a.name.startsWith("on") || /^\\s*javascript:/i.test(a.value))
    .map(a => `${node.tagName} ${a.name}`),
  ...(["IFRAME", "OBJECT", "EMBED", "BASE", "FORM", "MATH"].includes(node.tagName)
      && !(node.tagName === "IFRAME" && node.hidden && !node.src && !node.srcdoc)  // the search
      && !node.matches("form[data-md-component=palette]")
    ? [node.tagName] : []),
  ...(node.tagName === "SCRIPT" && node.textContent.includes("alert(") ? ["live script"] : []),
])"""


def test_hostile_text_shows_as_text(browser: Browser, hostile_site: Path) -> None:
    pages = sorted(
        path.relative_to(hostile_site).as_posix()
        for path in hostile_site.rglob("*.html")
        if path.name not in ("404.html", "interactive.html")
    )
    assert len(pages) >= 3
    home = hostile_site.as_uri()
    for path in pages:
        visit = Visit(browser, home)
        visit.page.goto(f"{home}/{path}")
        expect(visit.page.locator("h1").first).to_be_visible()
        visit.page.evaluate("() => new Promise(done => requestIdleCallback(() => done(null)))")
        assert visit.page.evaluate(HARM) == [], path
        assert visit.troubles == [], path
        visit.close()
    visit = Visit(browser, home)
    visit.page.goto(f"{home}/index.html")
    assert 'alert("description")' in visit.page.locator("article").inner_text()
    assert "{{ config }}" in visit.page.locator("h1").first.inner_text()
    assert "{{ 7 * 7 }}" in visit.page.locator("article").inner_text()
    visit.close()
