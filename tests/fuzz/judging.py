"""One document through oasmith, here and in the worker, and what has to be true of it."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final

from fuzz.documents import Written
from fuzz.packages import Violation
from fuzz.texts import CANARY
from fuzz.worker import PACKAGE
from oasmith import pipeline
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics, GenerationError, Severity
from oasmith.source import Location, Spot
from oasmith.targets.contract import File

SECONDS: Final = 20
"""As long as one document may take."""

_CASES_OF_A_WORKER: Final = 1000
"""A new one then: what was imported is not all given back."""

_WARM: Final = Path(__file__).parent / "warm"


class Judge:
    """Examines documents. `folder` is written to, and is empty again after each."""

    def __init__(self, folder: Path) -> None:
        self.packages = 0
        self.refusals = 0
        self._folder = folder
        self._worker: subprocess.Popen[str] | None = None
        self._cases = 0

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def examine(self, written: Written, *, wholly: bool = False) -> None:
        """Raise `Violation` where a promise is broken. With `wholly`, the command runs as well."""
        names = list(written.files)
        for name, data in written.files.items():
            (self._folder / name).write_bytes(data)
        document = self._folder / names[0]
        try:
            with _limited():
                files, said = self._made(document)
            self._ask(document, files, said)
            if wholly:
                self._command(document, files, said)
            now = {path.name for path in self._folder.iterdir()}
            if now - {"out"} != set(names):
                raise Violation(f"the folder has {sorted(now)}")
        finally:
            for name in names:
                (self._folder / name).unlink(missing_ok=True)
            shutil.rmtree(self._folder / "out", ignore_errors=True)

    def _made(self, document: Path) -> tuple[list[File], str]:
        diagnostics = Diagnostics(verbose=True)
        settings = Config(document=document, output=document.parent / "out", package=PACKAGE)
        files: list[File] = []
        try:
            files = list(pipeline.generate(settings, diagnostics).files)
            self.packages += 1
        except GenerationError:
            self.refusals += 1
            if not diagnostics.failed:
                raise Violation("stopped without an error") from None
        if files and diagnostics.failed:
            raise Violation("made a package in spite of an error")
        said = diagnostics.render()
        if any(not char.isprintable() and char != "\n" for char in said):
            raise Violation(f"a message with control characters: {said!a}")
        for found in diagnostics:
            match found.location:
                case Location() | Spot() as place:
                    at = place.position()
                    if at.line < 1 or at.column < 1 or at.line > place.source.text.count("\n") + 1:
                        raise Violation(f"a message for a place that is none: {found}")
                case None:
                    if found.severity is Severity.ERROR:
                        raise Violation(f"an error without a place: {found}")
        return files, said

    # --- the worker --------------------------------------------------------------------------

    def _ask(self, document: Path, files: list[File], said: str) -> None:
        from fuzz.worker import digest

        worker = self._running()
        assert worker.stdin is not None and worker.stdout is not None
        worker.stdin.write(f"{document}\n")
        worker.stdin.flush()
        if not select.select([worker.stdout], [], [], SECONDS)[0]:
            self._stop()
            raise Violation(f"the worker takes longer than {SECONDS} seconds")
        line = worker.stdout.readline()
        if not line:
            self._stop()
            raise Violation(f"the worker ended, {worker.returncode}")
        answer = json.loads(line)
        if answer["problem"]:
            self._stop()  # who knows what is left of it
            raise Violation(answer["problem"])
        if answer["digest"] != digest(files, said):
            raise Violation("two runs make two outputs")

    def _running(self) -> subprocess.Popen[str]:
        self._cases += 1
        if self._cases % _CASES_OF_A_WORKER == 0:
            self._stop()
        if self._worker is None:
            self._worker = subprocess.Popen(
                [sys.executable, "-P", "-m", "fuzz.worker", str(_WARM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "1"},
            )
            assert self._worker.stdout is not None
            if self._worker.stdout.readline() != "ready\n":
                raise ChildProcessError("the worker does not start")
        return self._worker

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None

    # --- the command -------------------------------------------------------------------------

    def _command(self, document: Path, files: list[File], said: str) -> None:
        """Run the command as users do, ruff and the disk included, and twice."""
        out = self._folder / "out"
        arguments = ["generate", document.name, "--output", "out", "--package", PACKAGE]
        command = [sys.executable, "-P", "-m", "oasmith", *arguments]
        codes = []
        for _ in range(2):
            done = subprocess.run(
                command, cwd=self._folder, capture_output=True, timeout=SECONDS, check=False
            )
            codes.append(done.returncode)
            if b"Traceback" in done.stderr or b"error[internal]" in done.stderr:
                raise Violation(done.stderr.decode())
        if codes != ([0, 0] if files else [1, 1]):
            raise Violation(f"{said}the command ends with {codes}: {done.stderr[-300:]!a}")
        written = {
            path.relative_to(out).as_posix()
            for path in out.rglob("*")
            if path.is_file() and ".oasmith" not in str(path.relative_to(out))
        }
        if written != {file.path for file in files}:
            raise Violation(f"the command wrote {sorted(written)}")
        if (self._folder / CANARY).exists():
            raise Violation("something was executed")


@contextmanager
def _limited() -> Iterator[None]:
    """Interrupt what takes too long."""

    def late(number: int, frame: FrameType | None) -> None:
        raise Violation(f"takes longer than {SECONDS} seconds")

    old = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)
