"""Building sites, and serving them on loopback."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from conftest import REPO
from oasmith.cli import main

BUILDER = REPO / ".ci" / "site.py"


def require(program: str) -> str:
    """Return the path of a program; without it skip the test, or fail it if `CI` is `true`."""
    path = shutil.which(program)
    if path is not None:
        return path
    reason = f"{program} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def build(document: Path | None, folder: Path) -> Path:
    """Generate the docs of a document, by default our own, build their site and return it."""
    require("npm")
    arguments = [] if document is None else [str(document)]
    output = folder / "out"
    assert main(["generate", *arguments, "--output", str(output), "--emit", "docs"]) == 0
    site = folder / "site"
    command = [sys.executable, str(BUILDER), str(output), str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return site


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
