"""Text that would like to be code: in every slot of a document, and never more than text."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from hostile.running import CANARY, Run, generate, imported, is_safe_to_print
from hostile.texts import document, plain

CALL = f"__import__('os').system('touch {CANARY}')"
PAYLOADS = {
    "quotes": f'"""\n{CALL}\n"""',
    "end_of_call": f'""")\n{CALL}\n("""',
    "single_quotes": f"'''\n{CALL}\n'''",
    "backslash_at_the_end": "x\\",
    "quote_at_the_end": 'x"',
    "backslash_and_quote": 'x\\"',
    "named_character": "\\N{BULLET} \\x41 \\u0041 \\777 \\N{",
    "line_feed": f"a\n{CALL}\n#",
    "carriage_return": f"a\r{CALL}\r#",
    "both": f"a\r\n{CALL}\r\n",
    "line_separator": f"a\u2028{CALL}\u2028#",
    "paragraph_separator": f"a\u2029{CALL}",
    "next_line": f"a\x85{CALL}\x85#",
    "form_feed": f"a\x0c{CALL}\x0c",
    "vertical_tab": f"a\x0b{CALL}",
    "separators": f"a\x1c{CALL}\x1d\x1e\x1f",
    "nul": f"a\x00{CALL}",
    "terminal": "\x1b[2J\x1b]0;x\x07\x9b31m",
    "bidirectional": "\u202eabc\u2066def\u2069\u200f\u061c",
    "invisible": "a\u200bb\ufeffc\u00ad\U000e0041",
    "jinja": "{{ cycler.__init__.__globals__.os.system('touch CANARY') }}{% raw %}{# x #}",
    "jinja_loop": "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "shell": "${IFS}$(touch CANARY)`touch CANARY`; touch CANARY #",
    "script": "</script><script>alert(1)</script><img src=x onerror=alert(1)><!-- x -->",
    "links": "[x](javascript:alert(1)) ![i](data:text/html,x) <javascript:1> [y]: data:x",
    "html": "<a href='javascript:1'>x</a> | a | `x` </code></td> &#106;avascript: &lt;b&gt;",
    "markdown": "# x\n\n```\nx\n~~~\n- [ ] **x** {: onclick=x } <https://x.example> |",
    "expression": CALL,
    "f_string": "{" + CALL + "}",
    "format": "%s%(x)s%n{0}{x!r}{x:>{y}}",
    "comments": "# type: ignore\n# noqa\n# fmt: off\n# ruff: noqa\n# pyright: basic",
    "cookie": "# -*- coding: utf-7 -*- +AG8-",
    "annotation": f"Annotated[int, {CALL}]",
    "forward_reference": f"list['{CALL}']",
    "folders_above": "../../../../CANARY",
    "absolute": "/CANARY",
    "windows": "C:\\CANARY",
    "quotes_alone": '"""',
    "statement": f"x;{CALL}",
    "arguments": f"x),{CALL},(",
    "subscript": f'x"]={CALL}#',
    "toml": '"\n[tool.x]\na="',
    "toml_literal": "'''\n[x]\n",
    "empty": "",
    "spaces": "   ",
    "tab": "\t",
    "dash": "-",
    "dunder": "__class__",
    "keyword": "class",
    "self": "self",
    "none": "None",
    "device": "con",
    "long": "x" * 300,
    "long_text": '"word": ' * 300 + '"""',
    "here_document": f"x\nJSON\nEOF\ntouch {CANARY}\n",
    "front_matter": "---\ntemplate: x\n---\n!!! danger\n    x\n\n::: x\n--8<-- 'x'\n{: onclick=x }",
    "disguised": "[x](JaVa&#x73;cript&colon;1) [y](\x01javascript:1) [z](\tvbscript:1) <data:x>",
    "ends_of_texts": "]]> <![CDATA[ </textarea> <?php x ?> <!DOCTYPE x> <!--<script>",
    "compatible": "\ufb01\u210c",
    "emoji": "\U0001f600",
    "mark_alone": "\u0301",
    "right_to_left": "\u0645\u0631\u062d\u0628\u0627",
}
IN_A_SHELL = (
    "shell",
    "line_feed",
    "here_document",
    "single_quotes",
    "quotes",
    "backslash_and_quote",
)
KEYS_OF_SITE = {
    *("site_name", "docs_dir", "use_directory_urls", "theme", "plugins", "markdown_extensions"),
    "nav",
}
UNLIKE_NAMES = ("backslash_and_quote", "bidirectional", "jinja", "empty", "dunder", "mark_alone")
NUMBERLESS = frozenset(("tag", "title", "description", "summary", "default", "const", "enum"))
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
OUR_HTML = re.compile(
    r'<a id="[\w.-]+">|</a>|<br>|</?code>|<details markdown="1">|</details>'
    r"|<summary>[\w, ]+</summary>"
)
SAFE_LINK = re.compile(r"(?:https?://|mailto:)\S+|(?![a-z]*:)[\w./#%-]*", re.IGNORECASE)


def hostile(payload: str) -> dict[str, object]:
    """Return the document with the payload in every slot; a number tells names apart."""
    slots: dict[str, str] = {}

    def at(slot: str) -> str:
        if slot == "pattern":
            return re.escape(payload)
        if slot in ("email", "url", "http_scheme", *NUMBERLESS):
            return payload
        return slots.setdefault(slot, f"{payload}{len(slots)}")

    return document(at)


def generated(
    payload: str, folder: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    run = generate(folder, hostile(payload), patch, capsys)
    assert run.code == 0, run.err
    assert is_safe_to_print(run.out + run.err)
    return run


def test_the_document_itself_has_nothing_to_complain_of_but_what_it_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = generate(tmp_path, document(plain), monkeypatch, capsys)
    assert (run.code, "error[" in run.err) == (0, False)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_it_stays_text(
    payload: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = generated(payload, tmp_path, monkeypatch, capsys)
    outside = {path.name for path in tmp_path.iterdir()}
    assert outside == {"openapi.json", "generated"}
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name == CANARY]
    modules = run.files(".py")
    assert len(modules) > 15
    for path, text in modules.items():
        assert not INVISIBLE.search(text), path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Name):
                assert node.id not in ("__import__", "eval", "exec", "os", "system"), path
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("system", "__globals__", "__subclasses__"), path
            assert not isinstance(node, ast.JoinedStr), path
    check_site(run)
    for path, text in run.files(".toml").items():
        assert not INVISIBLE.search(text), path
        assert set(tomllib.loads(text)) == {"build-system", "project", "tool"}, path
    pages = run.files(".md")
    assert len(pages) > 3
    for path, text in pages.items():
        check_page(path, text)


def check_site(run: Run) -> None:
    """The settings of the site are what they should be, and the bundle may stand in a page."""
    settings = yaml.safe_load(run.files(".yml")["mkdocs.yml"])
    assert {"site_name", "nav", "theme"} <= set(settings) <= KEYS_OF_SITE
    pages = [page for entry in settings["nav"] for page in leaves(entry)]
    assert len(pages) > 3
    for page in pages:
        assert (run.folder / "generated/docs" / page).is_file(), page
    bundle = run.files(".json")["openapi.bundled.json"]
    assert not re.search("</|<!--|<script|[\u2028\u2029\u202e\u2066]", bundle, re.IGNORECASE)
    assert json.loads(bundle)["openapi"] == "3.1.0"


def leaves(entry: object) -> list[str]:
    match entry:
        case str():
            return [entry]
        case dict():
            assert all(isinstance(title, str) for title in entry)
            return [page for inside in entry.values() for page in leaves(inside)]
        case list():
            return [page for inside in entry for page in leaves(inside)]
        case _:
            raise AssertionError(entry)


def check_page(path: str, text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    for token in inline(tokens):
        match token.type:
            case "html_inline" | "html_block":
                assert not OUR_HTML.sub("", token.content).strip(), (path, token.content)
            case "link_open":
                assert SAFE_LINK.fullmatch(str(token.attrs["href"])), (path, token.attrs)
            case "image":
                raise AssertionError(f"{path}: an image")
            case _:
                pass


def inline(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *inline(token.children or []))]


def test_nothing_runs_when_the_packages_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [
        generated(payload, tmp_path / name, monkeypatch, capsys)
        for name, payload in PAYLOADS.items()
        if CALL in payload or name in UNLIKE_NAMES
    ]
    assert imported(*runs) == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name == CANARY]


def test_commands_in_pages_do_what_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    curl = tmp_path / "bin/curl"
    curl.parent.mkdir()
    curl.write_text("#!/bin/sh\ncat > /dev/null\n")
    curl.chmod(0o755)
    for name in IN_A_SHELL:
        run = generated(PAYLOADS[name], tmp_path / name, monkeypatch, capsys)
        pages = "\n".join(run.files(".md").values())
        commands = re.findall(r"^(`{3,})bash\n(.*?)\n\1$", pages, re.DOTALL | re.MULTILINE)
        assert len(commands) > 1
        for _, command in commands:
            done = subprocess.run(
                ["/bin/bash"],
                input=command,
                capture_output=True,
                text=True,
                check=False,
                cwd=tmp_path / name,
                env={"PATH": f"{curl.parent}:/usr/bin:/bin", "BASE_URL": "http://x.example"},
            )
            assert (done.returncode, done.stderr) == (0, ""), command
        assert {path.name for path in (tmp_path / name).iterdir()} == {"openapi.json", "generated"}
