"""The line that says what a long run is at: on terminals alone, and gone at the end."""

import io
import time

import pytest

from oasmith import progress
from oasmith.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _wait_for(stream: io.StringIO, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in stream.getvalue():
        assert time.monotonic() < deadline, stream.getvalue()
        time.sleep(0.002)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_REFRESH", 0.002)


@pytest.mark.usefixtures("impatient")
def test_a_terminal_is_told_each_stage_and_left_clean() -> None:
    stream = Terminal()
    with Progress(stream) as stage:
        for name in ("reading", "checking"):
            stage(name)
            _wait_for(stream, f"\r\x1b[K{name}, 0 s")
    assert stream.getvalue().endswith("\r\x1b[K")
    assert "\n" not in stream.getvalue()


@pytest.mark.usefixtures("impatient")
def test_the_line_goes_away_when_the_run_fails() -> None:
    stream = Terminal()
    with pytest.raises(ValueError, match="wrong"), Progress(stream) as stage:
        stage("reading")
        _wait_for(stream, "reading")
        raise ValueError("wrong")
    assert stream.getvalue().endswith("\r\x1b[K")


@pytest.mark.usefixtures("impatient")
def test_what_is_no_terminal_is_told_nothing() -> None:
    stream = io.StringIO()
    with Progress(stream) as stage:
        stage("reading")
        time.sleep(0.02)
    assert stream.getvalue() == ""


def test_a_short_run_says_nothing() -> None:
    stream = Terminal()
    with Progress(stream) as stage:
        stage("reading")
    assert stream.getvalue() == ""


@pytest.mark.usefixtures("impatient")
def test_a_terminal_that_has_gone_stops_nothing() -> None:
    stream = Terminal()
    with Progress(stream) as stage:
        stage("reading")
        _wait_for(stream, "reading")
        stream.close()
