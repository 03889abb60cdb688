"""What importing the runtime loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pydantic", "httpx2", "httpcore2", "ssl", "asyncio", "elastic_transport", "urllib.request")


@pytest.mark.parametrize(
    "module",
    ["aio.client", "aio.streams", "auth", "errors", "operations", "options", "sync.client"],
)
def test_nothing_heavy_is_loaded_before_the_first_call(module: str) -> None:
    code = (
        f"import sys, oasmith.runtime.{module}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_client_is_made_without_an_http_library() -> None:
    code = (
        "import sys\n"
        "from oasmith.runtime.sync.client import SyncClient\n"
        "from oasmith.runtime.options import Settings\n"
        "class Client(SyncClient):\n"
        "    _settings = Settings(user_agent='x')\n"
        "Client('http://localhost').close()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
