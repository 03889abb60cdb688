"""Kill regenerations at random moments: `make fuzz-kill KILLS=50`.

After each, the output is wholly what one of two documents gives; and at the end a run that nobody
kills leaves nothing behind of those that were.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

_COMMAND: Final = [sys.executable, "-P", "-m", "oasmith", "generate"]
_PROPERTIES: Final = {"name": {"type": "string"}}


def _document(version: int) -> dict[str, Any]:
    schemas = {
        f"Thing{number}": {
            "type": "object",
            "description": f"As of version {version}.",
            "properties": _PROPERTIES,
        }
        for number in range(version * 10, version * 10 + 30)
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": str(version)},
        "paths": {},
        "components": {"schemas": schemas},
    }


def _texts(folder: Path) -> dict[str, bytes]:
    """Return the files of the output, but for what only the next run reads."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".oasmith-cache" not in path.parts
    }


def _run(work: Path, version: int) -> subprocess.Popen[bytes]:
    document = work / "things.json"
    document.write_text(json.dumps(_document(version)))
    return subprocess.Popen(
        [*_COMMAND, document.name, "--output", "out"],
        cwd=work,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def tried(kills: int, chance: random.Random, work: Path) -> Counter[str]:
    """Return what was found how often. Raises `AssertionError` where it is a mixture."""
    out = work / "out"
    whole: dict[int, dict[str, bytes]] = {}
    longest = 0.0
    for version in (1, 2):
        start = time.monotonic()
        assert _run(work, version).wait() == 0
        longest = max(longest, time.monotonic() - start)
        whole[version] = _texts(out)
    found: Counter[str] = Counter()
    now = 2
    for _ in range(kills):
        wanted = 3 - now
        with _run(work, wanted) as run:
            # Half of them late, where the files are written and put in their place.
            time.sleep(longest * chance.choice((chance.random(), chance.uniform(0.6, 1.1))))
            run.kill()
        texts = _texts(out)
        if texts == whole[wanted]:
            found["new"] += 1
            now = wanted
        else:
            assert texts == whole[now], "a mixture of the old output and the new"
            found["old"] += 1
    with _run(work, 3 - now) as run:
        assert run.wait() == 0
    assert _texts(out) == whole[3 - now]
    assert {path.name for path in work.iterdir()} == {"things.json", "out"}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        found = tried(arguments.kills, random.Random(arguments.seed), Path(temporary))
    seconds = time.monotonic() - start
    print(f"{arguments.kills} kills in {seconds:,.0f} s: {found['old']} old, {found['new']} new")
    return 0


if __name__ == "__main__":
    sys.exit(main())
