"""A folder per mistake: the whole message is pinned, and nothing is written.

`stderr.txt` is what the command says; `make snapshots` rewrites it. `arguments.txt`, where there is
one, holds further arguments of the command.
"""

import shutil
from pathlib import Path

import pytest

from oasmith import cli

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/openapi.*"))


def test_there_is_no_folder_without_a_document() -> None:
    folders = {path for path in Path(__file__).parent.iterdir() if path.is_dir()}
    assert {path for path in folders if path.name != "__pycache__"} == set(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_mistake_is_told_where_it_is(
    case: Path,
    tmp_path: Path,
    rewrite_snapshots: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    work = tmp_path / "work"
    shutil.copytree(case, work)
    (work / "stderr.txt").unlink(missing_ok=True)
    before = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    arguments = work / "arguments.txt"
    further = arguments.read_text(encoding="utf-8").split() if arguments.exists() else []
    document = next(work.glob("openapi.*")).name
    monkeypatch.chdir(work)

    code = cli.main(["generate", document, "--output", "generated", *further])

    said = capsys.readouterr()
    expected = case / "stderr.txt"
    if rewrite_snapshots:
        expected.write_text(said.err, encoding="utf-8", newline="\n")
    assert said.err == expected.read_text(encoding="utf-8")
    assert (code, said.out) == (1, "")
    after = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    assert after == before
