"""What others put into the output folder: nothing is read, written or waited for through it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.running import is_safe_to_print
from oasmith import cli, output

DOCUMENT = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n'
SECRET = "SECRET of somebody else\n"
OURS = "made/README.md"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder, whose document has changed since."""
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "secret").write_text(SECRET)
    (work / "openapi.yaml").write_text(DOCUMENT)
    monkeypatch.chdir(work)
    assert run() == 0
    (work / "openapi.yaml").write_text(DOCUMENT.replace("title: t", "title: u"))
    return work / "out"


def run(*arguments: str) -> int:
    return cli.main(
        ["generate", "openapi.yaml", "--output", "out", "--package", "made", *arguments]
    )


def _replaced(path: Path, target: str) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    path.symlink_to(target)


def _pipe(out: Path) -> None:
    (out / OURS).unlink()
    os.mkfifo(out / OURS)


PLANTED: dict[str, Callable[[Path], None]] = {
    "secret": lambda out: _replaced(out / OURS, "../../../secret"),
    "device": lambda out: _replaced(out / OURS, "/dev/zero"),
    "folder": lambda out: _replaced(out / "made/src/made/models", "/dev"),
    "pipe": _pipe,
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_a_link_in_place_of_a_file_is_an_edit(
    plant: Callable[[Path], None], made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(made)
    capsys.readouterr()
    assert run("--diff") == 1
    assert SECRET not in capsys.readouterr().out
    assert run() == 1
    said = capsys.readouterr().err
    assert ":1:1: error[edited-output]: " in said
    assert run("--force") == 0
    assert (made / OURS).is_file()
    assert not any(path.is_symlink() for path in made.rglob("*"))
    assert (made.parent.parent / "secret").read_text() == SECRET
    assert run("--check") == 0


MANIFESTS = {
    "above": json.dumps({"files": {"../../secret": "x"}}),
    "absolute": json.dumps({"files": {"/dev/zero": "x", "/etc/passwd": "x"}}),
    "nul": json.dumps({"files": {"a\0": "x"}}),
    "half a character": json.dumps({"files": {"\ud800": "x"}}),
    "steering": json.dumps({"files": {"a\x1b[31m": "x"}}),
    "long": json.dumps({"files": {"a" * 5000: "x"}}),
    "list": json.dumps({"files": ["made"]}),
    "numbers": json.dumps({"files": {OURS: 7}}),
    "deep": "[" * 100_000,
    "bytes": "\udcff",
}


@pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=MANIFESTS)
@pytest.mark.parametrize("argument", ["--diff", "--check", "--force"])
def test_a_manifest_is_not_believed(
    manifest: str, argument: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (made / output.MANIFEST).write_text(manifest, errors="surrogateescape")
    capsys.readouterr()
    assert run(argument) == (0 if argument == "--force" else 1)
    said = capsys.readouterr()
    assert SECRET not in said.out
    assert "root:" not in said.out
    assert is_safe_to_print(said.out.replace("\t", " "))
    assert (made.parent.parent / "secret").read_text() == SECRET


@pytest.mark.parametrize(
    "inputs",
    [
        {"/dev/zero": "x"},
        {"../../pipe": "x"},
        {"a\0": "x"},
        {"a": [1]},
        [["a", "b"]],
        "[" * 100_000,
    ],
    ids=["device", "pipe", "nul", "types", "pairs", "deep"],
)
def test_what_the_last_run_remembered_is_not_believed(inputs: object, made: Path) -> None:
    os.mkfifo(made.parent.parent / "pipe")
    origin = made / ".oasmith-cache/origin.json"
    remembered = json.loads(origin.read_text()) | {"inputs": inputs}
    origin.write_text(inputs if isinstance(inputs, str) else json.dumps(remembered))
    assert run() == 0
    assert run("--check") == 0


def test_a_diff_steers_no_terminal(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made / OURS).write_bytes(b"\x1b[31m\r\n\x85\xe2\x80\xaehidden\n\0\n")
    capsys.readouterr()
    assert run("--diff") == 1
    said = capsys.readouterr().out
    assert "\n-\\x1b[31m\\r\n" in said
    assert "\\u202ehidden" in said
    assert is_safe_to_print(said.replace("\t", " "))


def test_links_to_the_current_folder_are_not_replaced(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(made)
    made.symlink_to(".")
    assert run() == 1
    assert "out:1:1: error[output-folder]: " in capsys.readouterr().err
    assert (made.parent / "openapi.yaml").exists()


def test_a_folder_that_only_looks_like_a_stage_stays(made: Path) -> None:
    theirs = made.parent / ".out.oasmith-backup-of-mine"
    theirs.mkdir()
    (made.parent / ".out.oasmith-abcdefgh").mkdir()
    assert run() == 0
    assert theirs.exists()
    assert not (made.parent / ".out.oasmith-abcdefgh").exists()


def test_what_was_put_aside_comes_back(made: Path) -> None:
    """Where two folders cannot be exchanged, a run may die between its two steps."""
    (made / "mine.txt").write_text("mine")
    made.rename(made.parent / ".out.oasmith-abcdefgh-old")
    assert run() == 0
    assert (made / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["con", "COM1", "lpt9", "x" * 101, "class", "json", "../x", "1a", ""]
)
def test_a_package_cannot_be_called_so(name: str, made: Path) -> None:
    before = sorted(made.rglob("*"))
    assert cli.main(["generate", "openapi.yaml", f"--package={name}", "--output", "new"]) == 2
    assert sorted(made.rglob("*")) == before
    assert not (made.parent / "new").exists()


@pytest.mark.parametrize(
    ("redirection", "code"),
    [(">&-", 0), ("2>&-", 0), (">&- 2>&-", 0), (">/dev/full", 1), ("| true", 0)],
)
def test_nobody_listens(redirection: str, code: int, made: Path) -> None:
    command = f"'{sys.executable}' -m oasmith generate openapi.yaml --output other {redirection}"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "internal" not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert (made.parent / "other/docs/index.md").exists()


def test_who_stops_it_at_once_sees_no_traceback() -> None:
    program = (
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'oasmith.cli': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from oasmith.__main__ import run\n"
        "run()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
