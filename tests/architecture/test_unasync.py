"""The sync half of the runtime is made from the async half, and cannot drift from it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import REPO

SCRIPT = REPO / ".ci" / "unasync.py"


@pytest.fixture
def script() -> Any:
    spec = importlib.util.spec_from_file_location("unasync", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("async def f() -> None:\n    await g()\n", "def f() -> None:\n    g()\n"),
        ("async with a as b, c:\n    ...\n", "with a as b, c:\n    ...\n"),
        ("[x async for x in aiter(y)]\n", "[x for x in iter(y)]\n"),
        ("Callable[P, Coroutine[Any, Any, list[T]]]\n", "Callable[P, list[T]]\n"),
        ("Coroutine[A[B, C], (D, E), Awaitable[F[G]]]\n", "F[G]\n"),
        (
            "class AsyncX(_AsyncY):\n    aclose = AsyncClient\n",
            "class X(_Y):\n    close = SyncClient\n",
        ),
        ('"""`await f()`, `async with X`."""\n', '"""`f()`, `with X`."""\n'),
        ("x = {'a': 'Async'}  # `AsyncThing`\n", "x = {'a': 'Async'}  # `Thing`\n"),
    ],
)
def test_what_is_made_of_async_code(script: Any, source: str, expected: str) -> None:
    made = script.unasync(source)
    # Blanks are the formatter's.
    assert made.replace(" ", "").split() == expected.replace(" ", "").split()


def test_a_drift_is_found(script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = REPO / "generator" / "oasmith" / "runtime"
    for half in ("aio", "sync"):
        shutil.copytree(runtime / half, tmp_path / half)
    monkeypatch.setattr(script, "REPO", tmp_path)
    monkeypatch.setattr(script, "RUNTIME", tmp_path)
    monkeypatch.setattr(sys, "argv", ["unasync.py"])
    script.main()
    monkeypatch.setattr(sys, "argv", ["unasync.py", "--check"])
    script.main()
    waiting = tmp_path / "aio" / "waiting.py"
    waiting.write_text(waiting.read_text().replace("65536", "65537"))
    (tmp_path / "sync" / "left.py").touch()
    with pytest.raises(SystemExit, match=r"^sync/left.py, sync/waiting.py: not what `make sync`"):
        script.main()


def test_the_sync_half_awaits_nothing() -> None:
    for file in (REPO / "generator" / "oasmith" / "runtime" / "sync").glob("*.py"):
        words = set(file.read_text().replace("`", " ").split())
        assert words.isdisjoint({"async", "await", "asyncio", "AsyncIterator"}), file
