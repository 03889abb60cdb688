"""What mypy and pyright say to the code of users: right calls pass, wrong ones are refused.

The calls stand in files of text beside this one. In `wrong.txt` every line after the marker must be
refused, by both checkers, with the error on that very line.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from behaviour import readme
from conftest import REPO, SHARED

HERE = Path(__file__).parent
PACKAGE = REPO / "generated" / "elasticsearch_inference" / "src"
MARKER = "# --- from here on ---"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a folder with the calls as modules, set up for both checkers."""
    for name in ("right", "wrong"):
        shutil.copy(HERE / f"{name}.txt", tmp_path / f"{name}.py")
    (tmp_path / "readme.py").write_text(readme.example())
    settings: dict[str, Any] = {
        "include": ["readme.py", "right.py", "wrong.py"],
        "extraPaths": [str(PACKAGE)],
        "pythonVersion": "3.11",
        "typeCheckingMode": "strict",
        # An expression as a statement is how a wrong attribute is shown here.
        "reportUnusedExpression": False,
        "reportUnusedCoroutine": False,
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    return tmp_path


def mypy(project: Path) -> set[tuple[str, int]]:
    """Return file and line of the errors."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11"),
            *("--config-file=", "--hide-error-context", "--no-pretty", "--show-error-codes"),
            *("--cache-dir", str(REPO / ".mypy_cache" / "typing")),
            *("readme.py", "right.py", "wrong.py"),
        ],
        cwd=project,
        env={"MYPYPATH": str(PACKAGE), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    found = re.findall(r"^([\w./\\-]+\.py):(\d+): error: ", run.stdout, re.MULTILINE)
    return {(name, int(line)) for name, line in found}


def pyright(project: Path) -> set[tuple[str, int]]:
    """Return file and line of the errors."""
    run = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    return {
        (Path(found["file"]).name, found["range"]["start"]["line"] + 1)
        for found in json.loads(run.stdout)["generalDiagnostics"]
        if found["severity"] == "error"
    }


@pytest.mark.parametrize("check", [mypy, pyright])
def test_right_calls_pass_and_wrong_ones_are_refused(
    project: Path, check: Callable[[Path], set[tuple[str, int]]]
) -> None:
    lines = (project / "wrong.py").read_text(encoding="utf-8").splitlines()
    first = lines.index(MARKER) + 2
    wrong = {("wrong.py", number) for number in range(first, len(lines) + 1)}
    assert len(wrong) >= 40
    found = check(project)
    shown = {f"{name}:{line}: {lines[line - 1]}" for name, line in wrong - found}
    assert shown == set(), "taken, though wrong"
    assert found - wrong == set(), "refused, though right"


@pytest.mark.shared
def test_packages_are_strictly_typed(tmp_path: Path) -> None:
    """Nothing is found in whole packages, `_runtime` included: of the flagship, and of another."""
    settings = {"document": str(SHARED / "specs" / "redocly-museum.yaml"), "package": "museum"}
    (tmp_path / "oasmith.toml").write_text(
        "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    )
    subprocess.run([sys.executable, "-m", "oasmith", "generate"], cwd=tmp_path, check=True)
    shutil.copytree(PACKAGE, tmp_path / "flagship")
    config = {"include": ["flagship", "generated"], "pythonVersion": "3.11"}
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({**config, "typeCheckingMode": "strict"})
    )
    assert (tmp_path / "generated" / "museum" / "src" / "museum" / "_runtime").is_dir()
    assert pyright(tmp_path) == set()
