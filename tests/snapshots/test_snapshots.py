"""What the generator writes for each feature, file by file, against `expected/`."""

import difflib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPO
from oasmith.cli import main
from oasmith.targets.client.adapters import LIBRARIES
from snapshots.features import FEATURES, RUNTIME, Feature, files_in

SHOWN_LINES = 80
"""As much of a difference as a failure prints; `make snapshots` and `git diff` show the rest."""


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_output_is_as_expected(
    feature: Feature,
    rewrite_snapshots: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(feature.folder)
    status = main(["generate", "--output", str(tmp_path / "out")])
    assert status == 0, capsys.readouterr().err

    written = files_in(tmp_path / "out")
    inside = feature.runtime(Path()).as_posix() + "/"
    runtime = {
        path.removeprefix(inside): written.pop(path)
        for path in list(written)
        if path.startswith(inside)
    }
    if rewrite_snapshots:
        rewrite(feature.expected, written)
    assert difference(files_in(feature.expected), written) == ""
    assert difference(runtime_files(), runtime) == ""


def runtime_files() -> dict[str, str]:
    """Return the runtime without what only packages with adapters or fakes need."""
    files = files_in(RUNTIME)
    optional = {f"{library.module}.py" for library in LIBRARIES.values()}
    optional |= {path for path in files if path.startswith("fake")}
    assert len(optional) > 1
    return {path: text for path, text in files.items() if path not in optional}


def rewrite(folder: Path, files: dict[str, str]) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")


def difference(expected: dict[str, str], written: dict[str, str]) -> str:
    """Return what tells the two apart, cut to a length that can be read; empty: nothing."""
    lines: list[str] = []
    for path in sorted({*expected, *written}):
        if path not in written:
            lines.append(f"{path}: expected, not written")
        elif path not in expected:
            lines.append(f"{path}: written, not expected")
        elif expected[path] != written[path]:
            old, new = (text.splitlines() for text in (expected[path], written[path]))
            changes = list(difflib.unified_diff(old, new, path, path, n=1, lineterm=""))
            lines += changes or [f"{path}: the ends of the lines differ"]
    if len(lines) > SHOWN_LINES:
        lines[SHOWN_LINES:] = [f"… and {len(lines) - SHOWN_LINES} lines more"]
    return "\n".join(lines)


def test_a_difference_is_told() -> None:
    expected = {"same": "1\n", "changed": "a\nb\n", "gone": "", "ends": "a\r\n"}
    written = {"same": "1\n", "changed": "a\nc\n", "new": "", "ends": "a\n"}
    assert difference(expected, written).splitlines() == [
        *("--- changed", "+++ changed", "@@ -1,2 +1,2 @@", " a", "-b", "+c"),
        "ends: the ends of the lines differ",
        "gone: expected, not written",
        "new: written, not expected",
    ]
    long = difference({"a": ""}, {"a": "x\n" * 200})
    assert long.endswith("… and 123 lines more")


def test_output_does_not_depend_on_hashing(tmp_path: Path) -> None:
    # `spec/` has the most names and unions. Sets are ordered by hashes of strings.
    outputs = []
    for seed in ("0", "1"):
        output = tmp_path / seed
        command = [sys.executable, "-m", "oasmith", "generate", "spec/openapi.yaml"]
        done = subprocess.run(
            [*command, "--output", output, "--package", "inference"],
            cwd=REPO,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        outputs.append(files_in(output))
    assert len(outputs[0]) > 100
    assert difference(*outputs) == ""
