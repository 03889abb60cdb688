"""The shape of the repository: what may lie where, how long it may be, what it may mention."""

import re

from architecture import checkout
from conftest import REPO

AT_THE_TOP = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "generated",
    "generator",
    "pyproject.toml",
    "spec",
    "templates",
    "tests",
}
LONGEST = 600
LONG_BUT_ONE_THING = {
    "generator/oasmith/ir/types.py",
    "generator/oasmith/runtime/semantics/rules.py",
}
"""The closed families of the model's types and of rules: their parts are of no use without each
other, and a new rule is added in one file.
"""

# Written in pieces, since this file is searched as well.
MACHINE_PATHS = "|".join(
    f"/{folder}/" for folder in ("home", "private/tmp", "root", "tmp", "Users", "work")
)
REGISTRY_HOSTS = "|".join(
    re.escape(".".join(labels))
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmmirror", "com"),
        ("proxy", "golang", "org"),
        ("index", "crates", "io"),
    )
)
# A path starts a word: `docs/work/` and `https://host/home/` are none of a machine.
FORBIDDEN = re.compile(rf"(?<![\w.~}}/-])(?:{MACHINE_PATHS})|{REGISTRY_HOSTS}")


def test_the_top_level_holds_what_the_design_names() -> None:
    top = {name.partition("/")[0] for name in checkout.files()}
    assert {name for name in top if not name.startswith(".")} <= AT_THE_TOP
    assert {"pyproject.toml", "Makefile", "LICENSE", ".ci"} <= top


def test_templates_hold_no_python_module() -> None:
    assert [name for name in checkout.tracked_or_new("templates") if name.endswith(".py")] == []


def test_no_module_is_long() -> None:
    modules = [
        name
        for name in checkout.tracked_or_new("generator", "templates", "tests")
        if name not in LONG_BUT_ONE_THING
        and (name.startswith("templates/") or (name.endswith(".py") and "/expected/" not in name))
    ]
    lengths = {name: len((REPO / name).read_text("utf-8").splitlines()) for name in modules}
    assert lengths["tests/conftest.py"] > 0
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_the_search_finds_machine_paths_and_registries() -> None:
    found = ["see /" + "tmp/x", "'/" + "home/me'", "https://files.python" + "hosted.org/a"]
    harmless = ["docs/" + "tmp/x", "https://example.org/" + "home/", "a /home", "pypi"]
    assert [bool(FORBIDDEN.search(text)) for text in found] == [True] * len(found)
    assert [bool(FORBIDDEN.search(text)) for text in harmless] == [False] * len(harmless)


def test_no_file_mentions_a_machine_path_or_a_registry() -> None:
    mentions = [
        f"{name}:{number}: {line.strip()}"
        for name in checkout.files()
        for number, line in enumerate(
            (REPO / name).read_text("utf-8", errors="replace").splitlines(), start=1
        )
        if FORBIDDEN.search(line)
    ]
    assert mentions == []
