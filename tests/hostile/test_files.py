"""References that lead away, files that never end, folders that are not ours."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.running import first_line, generate, is_safe_to_print
from oasmith import cli

HEAD = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n'
REFERENCES = {
    "device": ("/dev/zero", "unreadable"),
    "file_url": ("file:///etc/passwd", "reference-outside"),
    "file_url_with_host": ("file://localhost/etc/passwd", "reference-outside"),
    "file_url_short": ("FILE:/etc/passwd", "reference-outside"),
    "loopback": ("http://127.0.0.1/x", "reference-outside"),
    "metadata": ("http://169.254.169.254/latest/meta-data", "reference-outside"),
    "ftp": ("ftp://x/y", "reference-outside"),
    "share": ("//server/share/x.yaml", "reference-outside"),
    "share_of_windows": ("\\\\server\\share\\x.yaml", "reference-outside"),
    "drive": ("C:\\x.yaml", "unreadable"),
    "absolute": ("/etc/passwd", "unreadable"),
    "above": ("../../../etc/passwd", "reference-outside"),
    "above_escaped": ("..%2f..%2fetc/passwd", "reference-outside"),
    "dots_escaped": ("%2e%2e/%2e%2e/etc/passwd", "reference-outside"),
    "home": ("~/x.yaml", "unreadable"),
    "variable": ("$HOME/x.yaml", "unreadable"),
    "data": ("data:application/json,{}", "reference-outside"),
    "script": ("javascript:1", "reference-outside"),
    "archive": ("jar:file:x!/y", "reference-outside"),
    "nul": ("a\0b", "unreadable"),
    "long": ("x" * 5000, "unreadable"),
    "folder": (".", "unreadable"),
    "parent": ("..", "reference-outside"),
    "itself": ("#/components/schemas/Thing/properties/a", "cyclic-reference"),
    "text_of_itself": ("#/components/schemas/Thing/properties/a/$ref", "misplaced-reference"),
    "text": ("#/info/title", "misplaced-reference"),
    "nothing": ("#/components/schemas/", "unresolved-reference"),
    "half_an_escape": ("#/~2", "unresolved-reference"),
    "terminal": ("#/components/schemas/\x1b[31m", "unresolved-reference"),
    "below_a_file": ("openapi.yaml/x", "unreadable"),
}


def document(reference: str) -> str:
    return (
        f"{HEAD}components:\n  schemas:\n    Thing:\n      type: object\n      properties:\n"
        f"        a:\n          $ref: {json.dumps(reference)}\n"
    )


@pytest.mark.parametrize(("reference", "code"), REFERENCES.values(), ids=REFERENCES)
def test_a_reference_stays_in_the_folder(
    reference: str,
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = generate(tmp_path, document(reference), monkeypatch, capsys, name="openapi.yaml")
    assert run.code == 1
    assert f" error[{code}]: " in first_line(run)
    assert first_line(run).startswith("openapi.yaml:")
    assert is_safe_to_print(run.err)
    assert "root:" not in run.err


@pytest.mark.parametrize(
    ("kind", "pointer"),
    [
        ("parameters: [{REF}]", "#/info"),
        ("parameters: [{REF}]", "#/components/schemas/T"),
        ("parameters: [{REF}]", "#"),
        ("requestBody: {REF}", "#/tags/0"),
        ("requestBody: {REF}", "#/paths/~1a"),
        ("callbacks: {c: {REF}}", "#/components/schemas/T"),
        ("description: x", "#/servers/0"),
    ],
)
def test_a_reference_to_the_wrong_kind_is_told(
    kind: str,
    pointer: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reference = f'{{$ref: "{pointer}"}}'
    response = reference if kind == "description: x" else "{description: x}"
    text = (
        'openapi: 3.1.0\ninfo: {title: t, version: "1"}\ntags: [{name: t}]\n'
        "servers: [{url: 'https://x.example'}]\ncomponents: {schemas: {T: {type: string}}}\n"
        f"paths:\n  /a:\n    post:\n      {kind.replace('{REF}', reference)}\n"
        f"      responses: {{'200': {response}}}\n"
    )
    run = generate(tmp_path, text, monkeypatch, capsys, name="openapi.yaml")
    assert run.code == 1
    assert "error[misplaced-reference]: this leads to " in first_line(run)


def _link(folder: Path) -> None:
    (folder / "x.yaml").symlink_to("/etc/passwd")


def _folder_link(folder: Path) -> None:
    (folder / "link").symlink_to("/etc")


def _loop(folder: Path) -> None:
    (folder / "x.yaml").symlink_to("x.yaml")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "x.yaml")


@pytest.mark.parametrize(
    ("prepare", "reference", "message"),
    [
        (_link, "x.yaml", "`x.yaml` is outside the folder of the document"),
        (_folder_link, "link/passwd", "`link/passwd` is outside the folder of the document"),
        (_loop, "x.yaml", "cannot read x.yaml: Too many levels of symbolic links"),
        (_pipe, "x.yaml", "cannot read x.yaml: it is not a regular file"),
    ],
)
def test_what_a_reference_leads_to_is_no_plain_file_of_ours(
    prepare: Callable[[Path], None],
    reference: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare(tmp_path)
    run = generate(tmp_path, document(reference), monkeypatch, capsys, name="openapi.yaml")
    assert run.code == 1
    assert first_line(run).endswith(message)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/dev/zero", "cannot read /dev/zero: it is not a regular file"),
        ("pipe", "cannot read pipe: it is not a regular file"),
        (".", "cannot read .: it is a folder"),
        ("no\x1b[31m.yaml", "cannot read no\\x1b[31m.yaml: there is no such file"),
        ("large.yaml", "cannot read large.yaml: it is larger than 64 MiB"),
    ],
)
def test_the_document_is_no_plain_file(
    name: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with Path("large.yaml").open("wb") as large:
        large.truncate(3 << 30)
    assert cli.main(["generate", name, "--output", "out"]) == 1
    assert f"error[unreadable]: {message}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("file", "error[unwritable]"),
        ("file/below", "error[unwritable]"),
        (".", "error[output-folder]"),
        ("..", "error[output-folder]"),
        ("sub/../..", "error[output-folder]"),
        ("/", "error[output-folder]"),
        ("", "error[output-folder]"),
        ("x" * 300, "error[unwritable]"),
        ("/proc/x", "error[unwritable]"),
        ("/dev/null/x", "error[unwritable]"),
        ("theirs", "theirs/made/README.md:1:1: error[edited-output]: this was changed by hand"),
        ("linked", "linked/made:1:1: error[edited-output]"),
    ],
)
def test_a_folder_that_is_not_ours_stays_as_it_is(
    output: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    work = tmp_path / "work"
    (work / "theirs/made").mkdir(parents=True)
    (work / "theirs/made/README.md").write_text("mine")
    (work / "linked").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (work / "linked/made").symlink_to(tmp_path / "elsewhere")
    (work / "file").write_text("mine")
    (work / "openapi.yaml").write_text(HEAD)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    monkeypatch.chdir(work)
    arguments = ["generate", "openapi.yaml", "--package", "made", "--output", output]
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert message in said
    assert is_safe_to_print(said)
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before
    assert (work / "theirs/made/README.md").read_text() == "mine"
