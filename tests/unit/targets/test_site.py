"""Files beside the pages: settings of a site, and texts for machines."""

import yaml

from oasmith.targets.contract import File
from oasmith.targets.markdown.site import Chapter, Entry, Site
from oasmith.targets.rendering.markdown import NOTHING, Markdown
from oasmith.targets.rendering.render import render
from oasmith.targets.site.files import emit_site
from oasmith.targets.site.plan import SitePlan
from oasmith.text import Text

PAGES = (
    File("docs/index.md", "# Start\n"),
    File("docs/operations/a.md", "# A\n"),
    File("docs/operations/b.md", "# B\n"),
    File("docs/types/index.md", "# Types\n"),
)


def site(title: str = "Things", size: int = 0) -> dict[str, str]:
    made = Site(
        title=Text(title),
        about=Markdown("What it is.\nReally."),
        chapters=(
            Chapter(
                titles=(Text("Operations"), Text("one")),
                entries=(
                    Entry(title=Text("A: [x]"), path="operations/a.md", about=Markdown("Does a.")),
                ),
            ),
            Chapter(
                titles=(Text("Operations"), Text("two")),
                entries=(Entry(title=Text("B"), path="operations/b.md", about=NOTHING),),
            ),
            Chapter(
                titles=(Text("Types"),),
                entries=(Entry(title=Text("All types"), path="types/index.md", about=NOTHING),),
            ),
        ),
        samples={},
    )
    pages = (*PAGES, File("docs/types/big.md", "x" * size)) if size else PAGES
    plan = SitePlan(root="docs", index="index.md", site=made, pages=lambda: pages)
    return {file.path: file.text for file in emit_site(plan, render)}


def test_navigation() -> None:
    settings = yaml.safe_load(site()["mkdocs.yml"])
    assert settings["site_name"] == "Things"
    assert settings["docs_dir"] == "docs"
    assert settings["theme"]["font"] is False
    assert settings["nav"] == [
        {"Overview": "index.md"},
        {
            "Operations": [
                {"one": [{"A: [x]": "operations/a.md"}]},
                {"two": [{"B": "operations/b.md"}]},
            ]
        },
        {"Types": [{"All types": "types/index.md"}]},
    ]


def test_titles_are_no_markup() -> None:
    settings = yaml.safe_load(site('</title><b onclick="x">\n- y: z')["mkdocs.yml"])
    assert settings["site_name"] == "&lt;/title&gt;&lt;b onclick=&quot;x&quot;&gt;\n- y: z"


def test_index_for_machines() -> None:
    assert site()["docs/llms.txt"] == (
        "# Things\n\n> What it is. Really.\n\n"
        "All pages as one text: [llms-full.txt](llms-full.txt)\n\n"
        "## Operations: one\n\n- [A: \\[x\\]](operations/a.md): Does a.\n\n"
        "## Operations: two\n\n- [B](operations/b.md)\n\n"
        "## Types\n\n- [All types](types/index.md)\n"
    )


def test_all_pages_as_one_text() -> None:
    assert site()["docs/llms-full.txt"] == (
        "<!-- index.md -->\n\n# Start\n\n\n<!-- operations/a.md -->\n\n# A\n\n\n"
        "<!-- operations/b.md -->\n\n# B\n\n\n"
        "<!-- types/index.md -->\n\n# Types\n"
    )


def test_types_are_left_out_of_a_text_that_would_be_too_long() -> None:
    assert site(size=2_000_000)["docs/llms-full.txt"] == (
        "<!-- index.md -->\n\n# Start\n\n\n<!-- operations/a.md -->\n\n# A\n\n\n"
        "<!-- operations/b.md -->\n\n# B\n"
    )
