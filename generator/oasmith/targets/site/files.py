"""What a site generator and other programs read of the docs: `mkdocs.yml`, `llms.txt` and all pages
as one text.
"""

from __future__ import annotations

from collections.abc import Iterator

from oasmith.targets.contract import File, Render
from oasmith.targets.python.view import view
from oasmith.targets.rendering.markdown import Markdown, link, text
from oasmith.targets.rendering.yaml import Yaml, string, title
from oasmith.targets.site.plan import Chapter, SiteMap, SitePlan
from oasmith.text import Text

_FULL_SIZE = 1_500_000
"""Characters of pages that are put into one text; without the pages of types where it is more."""


@view
class _Line:
    link: Markdown
    about: Markdown


@view
class _Group:
    title: Markdown
    lines: tuple[_Line, ...]


def emit_site(plan: SitePlan, render: Render) -> Iterator[File]:
    """Give the files beside the pages."""
    site, root = plan.site, plan.root
    yield File(
        "mkdocs.yml",
        render(
            "docs/mkdocs.yml.jinja",
            title=title(site.title),
            root=string(root),
            nav=tuple(_nav(site, plan.index)),
        ),
    )
    groups = tuple(map(_group, site.chapters))
    yield File(
        f"{root}/llms.txt",
        render(
            "docs/llms.txt.jinja",
            title=text(site.title),
            about=Markdown(" ".join(site.about.split())),
            groups=groups,
        ),
    )
    yield File(f"{root}/llms-full.txt", _full(plan))


def _group(chapter: Chapter) -> _Group:
    lines = (_Line(link=link(text(e.title), e.path), about=e.about) for e in chapter.entries)
    return _Group(title=text(Text.joined(": ", chapter.titles)), lines=tuple(lines))


def _full(plan: SitePlan) -> str:
    """Return the pages in reading order, each under its path."""
    texts = {page.path.removeprefix(f"{plan.root}/"): page.text for page in plan.pages()}
    wanted = [
        plan.index,
        *(entry.path for chapter in plan.site.chapters for entry in chapter.entries),
    ]
    wanted += [path for path in texts if path not in set(wanted)]
    if sum(len(texts[path]) for path in wanted) > _FULL_SIZE:
        wanted = [path for path in wanted if not path.startswith("types/")]
    return "\n\n".join(f"<!-- {path} -->\n\n{texts[path]}" for path in wanted)


# --- navigation --------------------------------------------------------------------------------

_TITLE_SIZE = 100
"""Characters of a title. YAML looks for the colon of a key no further than 1,024 characters
(YAML 1.2, 7.4.2), and an escape has up to ten.
"""


def _nav(site: SiteMap, index: str) -> Iterator[Yaml]:
    """Yield the lines of the navigation; chapters with a title in common are in one section."""
    yield _item(0, Text("Overview"), index)
    above: tuple[Text, ...] = ()
    for chapter in site.chapters:
        shared = 0
        while shared < min(len(above), len(chapter.titles)) and (
            above[shared] == chapter.titles[shared]
        ):
            shared += 1
        for depth, name in enumerate(chapter.titles[shared:], shared):
            yield _item(depth, name, None)
        for entry in chapter.entries:
            yield _item(len(chapter.titles), entry.title, entry.path)
        above = chapter.titles


def _item(depth: int, name: Text, path: str | None) -> Yaml:
    target = "" if path is None else f" {string(path)}"
    return Yaml(f"{'    ' * depth}  - {title(name.line().within(_TITLE_SIZE))}:{target}")
