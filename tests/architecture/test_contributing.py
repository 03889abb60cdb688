"""CONTRIBUTING.md names what is there."""

import re

import pytest

from conftest import REPO

TEXT = (REPO / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(
    {
        path
        for path in re.findall(r"`([\w./]+)`", TEXT)
        if "/" in path and "<" not in path and not path.startswith(("../", ".venv/"))
    }
)
TARGETS = sorted(set(re.findall(r"`make ([a-z-]+)", TEXT)))


@pytest.mark.parametrize("path", PATHS)
def test_a_path_exists(path: str) -> None:
    roots = (REPO, REPO / "generator" / "oasmith")
    assert any((root / path).exists() for root in roots)


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_exists(target: str) -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_enough_is_named() -> None:
    assert len(PATHS) > 30
    assert len(TARGETS) > 8
