"""The output folder: written in one step, and never at the cost of somebody's work."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oasmith import output
from oasmith.output import Origin, OutputError
from oasmith.targets.contract import File

ORIGIN = Origin(generator="g", settings="s", inputs={"openapi.yaml": "d"})


def file(path: str, text: str) -> File:
    return File(path, text)


def tree(folder: Path) -> dict[str, str]:
    """The files below a folder, but for what only the next run reads."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".oasmith" not in str(path.relative_to(folder))
    }


def test_python_is_formatted_and_everything_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    count = output.write(folder, [file("a/b.py", "x = {'k':1}\n"), file("a.md", "# A\n")], ORIGIN)

    assert count == 2
    assert tree(folder) == {"a/b.py": 'x = {"k": 1}\n', "a.md": "# A\n"}
    assert output.is_intact(folder)
    assert output.origin(folder) == ORIGIN
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_files_of_another_commit_were_not_written_by_the_last_run(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    output.write(folder, [file("a.md", "old\n")], ORIGIN)
    old = {name: (folder / name).read_bytes() for name in ("a.md", output.MANIFEST)}
    output.write(folder, [file("a.md", "new\n")], ORIGIN)
    assert output.origin(folder) == ORIGIN

    for name, data in old.items():  # as git restores them; the cache it does not know
        (folder / name).write_bytes(data)
    assert output.is_intact(folder)
    assert output.origin(folder) is None


def test_python_in_a_page_is_formatted_and_is_no_edit(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    page = file("a.md", "```python\nx = {'k':1}\n```\n")
    output.write(folder, [page], ORIGIN)

    assert tree(folder) == {"a.md": '```python\nx = {"k": 1}\n```\n'}
    assert output.is_intact(folder)
    assert output.write(folder, [page], ORIGIN) == 1


def test_what_is_no_longer_made_goes_and_what_others_made_stays(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    output.write(folder, [file("old.md", "old\n"), file("both.md", "1\n")], ORIGIN)
    (folder / "notes.txt").write_text("mine")
    (folder / "link").symlink_to(tmp_path)

    output.write(folder, [file("both.md", "2\n")], ORIGIN)

    assert tree(folder) == {"both.md": "2\n", "notes.txt": "mine"}
    assert (folder / "link").is_symlink()


def test_an_edit_is_not_overwritten_unless_forced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    output.write(folder, [file("a.md", "1\n")], ORIGIN)
    (folder / "a.md").write_text("edited")

    with pytest.raises(OutputError) as caught:
        output.write(folder, [file("a.md", "2\n")], ORIGIN)
    assert caught.value.code == "edited-output"
    assert caught.value.paths == [folder / "a.md"]
    assert tree(folder) == {"a.md": "edited"}
    assert not output.is_intact(folder)

    output.write(folder, [file("a.md", "2\n")], ORIGIN, force=True)
    assert tree(folder) == {"a.md": "2\n"}


def test_a_file_of_others_is_not_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.md").write_text("mine")

    with pytest.raises(OutputError) as caught:
        output.write(folder, [file("a.md", "ours\n")], ORIGIN)

    assert caught.value.code == "edited-output"
    assert tree(folder) == {"a.md": "mine"}


@pytest.mark.parametrize("path", ["../a.md", "/a.md", "x/../../a.md"])
def test_no_path_leaves_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutputError) as caught:
        output.write(tmp_path / "out", [file(path, "")], ORIGIN)
    assert caught.value.code == "output-outside"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("one", "other"), [("a.md", "a.md"), ("A.md", "a.md")])
def test_two_outputs_never_claim_one_path(tmp_path: Path, one: str, other: str) -> None:
    with pytest.raises(OutputError) as caught:
        output.write(tmp_path / "out", [file(one, "1"), file(other, "2")], ORIGIN)
    assert caught.value.code == "output-clash"
    assert list(tmp_path.iterdir()) == []


def test_the_current_folder_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError) as caught:
        output.write(Path(), [file("a.md", "")], ORIGIN)
    assert caught.value.code == "output-folder"


def test_compare_writes_nothing_and_names_every_difference(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    output.write(folder, [file("a.md", "1\n"), file("b.md", "1\n"), file("c.md", "1\n")], ORIGIN)
    before = tree(folder)

    changes = output.compare(
        folder, [file("a.md", "1\n"), file("b.md", "2\n"), file("d.md", "1\n")], ORIGIN
    )

    verbs = {change.path: change.verb for change in changes if change.path != output.MANIFEST}
    assert verbs == {"b.md": "different", "c.md": "stale", "d.md": "missing"}
    assert "-1\n+2\n" in next(change.diff() for change in changes if change.path == "b.md")
    assert tree(folder) == before


_WRITER = """
import sys
from pathlib import Path
from oasmith import output
from oasmith.targets.contract import File
origin = output.Origin(generator="g", settings="s", inputs={})
turn = 0
while True:
    turn += 1
    files = [File(f"d{n % 7}/f{n}.md", f"{turn}\\n") for n in range(60)]
    output.write(Path(sys.argv[1]), files, origin)
    if turn == 1:
        print("ready", flush=True)
"""


def test_a_killed_run_leaves_the_old_output_or_the_new(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for number in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, folder], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.003 * (number + 1))
            os.kill(writer.pid, signal.SIGKILL)
        texts = tree(folder)
        assert len(texts) == 60
        assert len(set(texts.values())) == 1
        assert output.is_intact(folder)
    output.write(folder, [file("a.md", "last\n")], ORIGIN)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


_LIMITED = """
import resource, sys
from pathlib import Path
from oasmith import output
from oasmith.targets.contract import File
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
origin = output.Origin(generator="g", settings="s", inputs={})
try:
    output.write(Path(sys.argv[1]), [File("a.py", sys.argv[2])], origin)
except output.OutputError as error:
    print(error.code, error.message)
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [("x" * 3000, "File too large"), ("x = [" + "1," * 900 + "]", "ruff cannot write the output")],
    ids=["ours", "the formatter's"],
)
def test_a_limit_of_the_size_of_files_leaves_the_old_output(
    tmp_path: Path, text: str, why: str
) -> None:
    folder = tmp_path / "out"
    output.write(folder, [file("a.py", "x = 1\n")], ORIGIN)

    said = subprocess.check_output([sys.executable, "-c", _LIMITED, folder, text], text=True)

    assert said.startswith("unwritable ")
    assert why in said
    assert tree(folder) == {"a.py": "x = 1\n"}
    assert output.is_intact(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_the_old_output(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        folder = disk / "out"
        output.write(folder, [file("a.md", "1\n"), file("b.py", "x = 1\n")], ORIGIN)
        for large in (file("a.md", "2" * 400_000), file("b.py", f"x = [{'1,' * 90_000}]\n")):
            with pytest.raises(OutputError) as caught:
                output.write(folder, [large], ORIGIN)
            assert caught.value.code == "unwritable"
            assert "No space left on device" in caught.value.message
            assert tree(folder) == {"a.md": "1\n", "b.py": "x = 1\n"}
            assert output.is_intact(folder)
            assert [path.name for path in disk.iterdir()] == ["out"]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_two_runs_at_once_make_one_output(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with (
        subprocess.Popen([sys.executable, "-c", _WRITER, folder], stdout=subprocess.PIPE) as one,
        subprocess.Popen([sys.executable, "-c", _WRITER, folder], stdout=subprocess.PIPE) as other,
    ):
        assert one.stdout is not None and other.stdout is not None
        assert one.stdout.readline() == other.stdout.readline() == b"ready\n"
        time.sleep(0.05)
        still = [writer.poll() for writer in (one, other)]
        for writer in (one, other):
            writer.kill()
    assert still == [None, None]  # neither gave up
    texts = tree(folder)
    assert len(texts) == 60
    assert len(set(texts.values())) == 1
    assert output.is_intact(folder)
