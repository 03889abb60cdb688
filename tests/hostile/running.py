"""What the tests of hostile documents share: a run of the command, and a look at what it made."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from oasmith import cli

CANARY = "CANARY"
"""What hostile documents try to make a file of."""

_PROBE = """
import importlib, json, os, pkgutil, sys, warnings
warnings.simplefilter("error")
import pydantic
faults, modules = [], 0
for root in sys.argv[1:]:
    sys.path.insert(0, root)
    package = importlib.import_module("made")
    names = [m.name for m in pkgutil.walk_packages(package.__path__, "made.")]
    for name in names:
        try:
            module = importlib.import_module(name)
            modules += 1
            if name.startswith("made.models."):
                for each in getattr(module, "__all__", ()):
                    value = getattr(module, each)
                    if isinstance(value, type) and issubclass(value, pydantic.BaseModel):
                        value.model_rebuild()
                        assert value.__pydantic_complete__, each
        except Exception as error:
            faults.append(f"{root}: {name}: {type(error).__name__}: {error}"[:500])
    for name in [name for name in sys.modules if name.split(".")[0] == "made"]:
        del sys.modules[name]
    sys.path.remove(root)
print(json.dumps([faults, modules]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the command did in a folder."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def source(self) -> Path:
        """The folder to import the package from."""
        return self.folder / "generated/made/src"

    def files(self, *endings: str) -> dict[str, str]:
        """The texts of what was written, by path; the runtime's own files are left out."""
        root = self.folder / "generated"
        return {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(root.rglob("*"))
            if path.suffix in endings and "_runtime" not in path.parts
        }


def generate(
    folder: Path,
    document: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *arguments: str,
    name: str = "openapi.json",
) -> Run:
    """Run the command on a document: bytes or text as they are, anything else as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(document, str):
        document = document.encode("utf-8", "surrogatepass")
    elif not isinstance(document, bytes):
        document = json.dumps(document).encode()
    (folder / name).write_bytes(document)
    monkeypatch.chdir(folder)
    code = cli.main(["generate", name, "--output", "generated", "--package", "made", *arguments])
    said = capsys.readouterr()
    return Run(code=code, out=said.out, err=said.err, folder=folder)


def imported(*runs: Run) -> list[str]:
    """Import every module of the packages and build every model, all in one new process; return
    what went wrong.
    """
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *(str(run.source) for run in runs)],
        capture_output=True,
        text=True,
        check=False,
        cwd=runs[0].folder,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    faults, modules = json.loads(done.stdout)
    assert modules >= 10 * len(runs)
    return list(faults)


def first_line(run: Run) -> str:
    """Return the first error of a run, else its first warning."""
    lines = run.err.splitlines()
    errors = [line for line in lines if " error[" in line or line.startswith("error[")]
    warnings = [line for line in lines if " warning[" in line]
    return (errors or warnings or [""])[0]


def is_safe_to_print(text: str) -> bool:
    """Whether text moves no cursor and hides nothing."""
    return all(character.isprintable() or character == "\n" for character in text)
