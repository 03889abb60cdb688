"""A built site, served on loopback, and a browser without a network."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, sync_playwright

from conftest import REPO
from web.sites import BUILDER, build, require, serve

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Chromium as root in a container, asking nobody for anything of its own accord."""


@pytest.fixture(scope="session")
def builder() -> ModuleType:
    """Give the module that builds sites."""
    require("npm")
    spec = importlib.util.spec_from_file_location("site_builder", BUILDER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of our own package."""
    before = Path.cwd()
    os.chdir(REPO)
    try:
        return build(None, tmp_path_factory.mktemp("own"))
    finally:
        os.chdir(before)


@pytest.fixture(scope="session")
def other_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of a document with several tags, uploads, webhooks and callbacks."""
    return build(Path(__file__).with_name("other.yaml"), tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of a document whose every text attacks the reader."""
    return build(Path(__file__).with_name("hostile.yaml"), tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Give the address of the site, which is below a path prefix."""
    with serve(site.parent) as host:
        yield f"{host}/{site.name}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a browser."""
    chromium = require("chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        yield running
        running.close()
