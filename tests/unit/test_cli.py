"""The command as people and build machines meet it: exit codes, and where the words go."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from oasmith import cli, pipeline

DOCUMENT = """\
openapi: 3.1.0
info: {title: Müsli, version: '1'}
paths:
  /bowls: {get: {operationId: bowls, responses: {'200': {description: ok}}}}
"""

WARNED = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /bowls/{id}: {get: {operationId: bowls, responses: {'200': {description: ok}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def oasmith(*arguments: str, encoding: str = "utf-8") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "oasmith", *arguments],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_strict_finds_the_warnings_of_what_is_current(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "openapi.yaml").write_text(WARNED, encoding="utf-8")
    assert cli.main(["generate", "openapi.yaml"]) == 0
    assert "warning[path-parameter]" in capsys.readouterr().err
    assert cli.main(["generate", "openapi.yaml"]) == 0
    assert capsys.readouterr().out == "generated is current\n"
    assert cli.main(["generate", "openapi.yaml", "--strict"]) == 1
    assert "error[path-parameter]" in capsys.readouterr().err


def test_a_terminal_that_lacks_characters() -> None:
    run = oasmith("generate", "openapi.yaml", "--diff", "--emit", "docs", encoding="ascii")
    out, err = run.communicate()
    assert b"+# M\\xfcsli" in out
    assert b"internal" not in err
    assert run.returncode == 1


def test_nobody_reads_on() -> None:
    run = oasmith("generate", "openapi.yaml", "--diff")
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    err = run.stderr.read()
    run.stderr.close()
    assert (run.wait(), err) == (141, b"")


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(pipeline, "generate", interrupted)
    # Where the tests run in the background of a shell, the signal is ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert cli.main(["generate", "openapi.yaml"]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr() == ("", "")
