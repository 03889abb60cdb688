"""What a document says is text in the docs, whatever it says."""

import pytest
from markdown_it import MarkdownIt

from oasmith.targets.rendering.markdown import cell, code, external, fence, prose, text
from oasmith.text import Text

RENDERER = MarkdownIt("commonmark").enable("table")

HOSTILE = [
    "<script>alert(1)</script>",
    "a `code\nspan` <img src=x onerror=alert(1)>",
    "``` \n<script>alert(1)</script>",
    "    ```\n<script>alert(1)</script>\n    ```",
    "~~~\n</code><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]\n\n[x]: javascript:alert(1)",
    "[x][y]\n\n[y]: data:text/html,<script>alert(1)</script>",
    "<javascript:alert(1)>",
    "![x](https://tracker.example/pixel.png)",
    "[![x](javascript:alert(1))](javascript:alert(1))",
    "[a\\](javascript:alert(1)",
    "| a | b |\n| --- | --- |\n| `a | <script>alert(1)</script>` |",
    "> `\n> <script>alert(1)</script>`",
    "- `a\n- <script>alert(1)</script>`",
    "\\`<script>alert(1)</script>\\`",
    "\\\\`<script>alert(1)</script>",
    "`` ` `` <script>alert(1)</script> `",
    "<!-- -->\n<div onclick=alert(1)>",
    "&lt;script&gt;<br onclick=alert(1)>",
    "text\n===\n<style>*{}</style>",
    "<https://a.example/<script>>",
    "# `a` <b>\n## </a><script>",
    "x{: onclick=alert(1)}",
    "\ud800 \u202e \x00 <script>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_no_markup(hostile: str) -> None:
    row = f"| a | b |\n| --- | --- |\n| {cell(Text(hostile))} | end |\n"
    for page in (
        f"# Page\n\n{prose(Text(hostile), 2)}\n\nend\n",
        f"# Page\n\n{row}\nend\n",
        f"# {text(hostile)}\n\nend\n",
        f"# {code(hostile)}\n\nend\n",
        f"{row.replace('end', code(hostile))}\n{fence(hostile, 'ts')}\n\nend\n",
    ):
        page.encode()
        html = RENDERER.render(page)
        assert html.endswith("<p>end</p>\n")
        for bad in ("<script", "<img", "<style", "<div", 'href="javascript', 'href="data'):
            assert bad not in html


@pytest.mark.parametrize(
    ("said", "blocks"),
    [
        ("plain words", "plain words"),
        ("a < b", "a &lt; b"),
        ("`a` and `a < b`", "`a` and <code>a &#60; b</code>"),
        ("[docs](https://example.com/a_(b))", "[docs](https://example.com/a_%28b%29)"),
        ("[docs](/relative)", "docs"),
        (
            "See [the\n  guide](https://example.com)\nfirst",
            "See [the guide](https://example.com)\nfirst",
        ),
        ("[not\n[one](https://example.com)", "[not\n[one](https://example.com)"),
        ("![picture](https://example.com/x.png)", "[picture](https://example.com/x.png)"),
        ("<https://example.com>", "[https://example.com](https://example.com)"),
        ("## Top\n\n### Below", "### Top\n\n#### Below"),
        ("Top\n---\ntext", "### Top\n\ntext"),
        ("words:\n* one\n* two", "words:\n\n* one\n* two"),
        ("```json\n{}\n", "```json\n{}\n```"),
        ("x{: onclick=alert(1)}", "x&#123;: onclick=alert(1)&#125;"),
        ("#hash", "\\#hash"),
        ("a<br/>b", "a<br>b"),
    ],
)
def test_prose_keeps_what_people_write(said: str, blocks: str) -> None:
    assert prose(Text(said), 3) == blocks


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("one\ntwo", "one two"),
        ("one\n\ntwo | three", "one<br>two &#124; three"),
        ("list:\n- a\n- b", "list:<br>• a<br>• b"),
        ("1. a\n2. b", "1\\. a<br>2\\. b"),
        ("# Head\ntext", "**Head**<br>text"),
        ("```\na | b\n```", "<code>a &#124; b</code>"),
    ],
)
def test_cell_is_one_line(said: str, line: str) -> None:
    assert cell(Text(said)) == line


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("a_b", "`a_b`"),
        ("a|b", "<code>a&#124;b</code>"),
        ("`", "<code>&#96;</code>"),
        ("</code>", "<code>&#60;/code&#62;</code>"),
        ("", "<code> </code>"),
        ("[x](y)", "<code>&#91;x&#93;&#40;y&#41;</code>"),
    ],
)
def test_code_shows_the_value(value: str, span: str) -> None:
    assert code(value) == span


def test_fence_is_longer_than_what_it_holds() -> None:
    assert fence("a\n````\nb", "ts") == "`````ts\na\n````\nb\n`````"


def test_addresses_that_do_something_are_no_links() -> None:
    assert external("more", Text("javascript:alert(1)")) == "more"
    assert external("more", Text("https://example.com")) == "[more](https://example.com)"


def test_text_is_shown_as_it_is() -> None:
    line = "1. *a* _b_ c_d [e](f) <g> | `h` \\ &amp; #i"
    html = RENDERER.renderInline(text(line))
    assert html == "1. *a* _b_ c_d [e](f) &lt;g&gt; | `h` \\ &amp;amp; #i"
