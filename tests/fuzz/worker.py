"""A process apart that makes each package a second time, imports it and builds its models.

It refuses, by an audit hook, whatever neither the generator nor a generated package may do: write,
start a process, connect, remove. Its seed of hashes is another one than that of its parent, hence
what depends on the order of a set differs.

Reads a path a line from stdin; answers a line of JSON: a digest of all that was made or said, and
what went wrong.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import importlib.abc
import importlib.util
import inspect
import json
import os
import resource
import sys
import traceback
import warnings
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout, suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from fuzz import packages
from oasmith import pipeline
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics, GenerationError
from oasmith.targets.contract import File

PACKAGE: Final = "fuzzed"
MEMORY: Final = 2 * 1024**3

_REFUSED: Final = (
    *(
        "os.system",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
    ),
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown", "os.putenv", "os.unsetenv", "os.kill", "shutil.", "subprocess."),
    *("socket.", "urllib.", "ctypes.", "webbrowser.", "pty.", "builtins.input", "tempfile."),
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Watch:
    """What was tried. A hook can never be taken out again: this process is for nothing else."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            # A flag of the operating system, or the mode of Python's own `open`.
            writes = isinstance(flags, int) and flags & _WRITING
            if not writes and not (isinstance(mode, str) and set(mode) & set("wax+")):
                return
            arguments = (path, mode)
        elif not event.startswith(_REFUSED):
            return
        self.tried.append(f"{event} {arguments!r:.200}")
        raise PermissionError(f"the audit hook refuses {event}")


class Memory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the package in memory."""

    def __init__(self) -> None:
        self.modules: dict[str, tuple[CodeType, bool]] = {}

    def fill(self, compiled: Mapping[str, CodeType], root: str) -> None:
        self.modules.clear()
        for path, code in compiled.items():
            parts = path.removeprefix(root).removesuffix(".py").split("/")
            is_package = parts[-1] == "__init__"
            name = ".".join([PACKAGE, *(parts[:-1] if is_package else parts)])
            self.modules[name] = code, is_package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.modules:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=self.modules[fullname][1])

    def exec_module(self, module: ModuleType) -> None:
        exec(self.modules[module.__name__][0], module.__dict__)


def make(path: Path) -> tuple[list[File], str]:
    """Return what is made of a document, and what is said of it."""
    diagnostics = Diagnostics(verbose=True)
    settings = Config(document=path, output=path.parent / "out", package=PACKAGE)
    files: list[File] = []
    with suppress(GenerationError):
        files = list(pipeline.generate(settings, diagnostics).files)
    return files, diagnostics.render()


def digest(files: Sequence[File], said: str) -> str:
    """Return a digest of all that was made and said."""
    made = hashlib.sha256(said.encode())
    for file in files:
        made.update(f"\0{file.path}\0{file.text}".encode())
    return made.hexdigest()


def build(memory: Memory) -> None:
    """Import every module and build every model. Raises whatever they raise."""
    for name in [each for each in sys.modules if each.split(".")[0] == PACKAGE]:
        if not name.startswith(f"{PACKAGE}._runtime"):
            del sys.modules[name]
    for name in memory.modules:
        if name.endswith("elastic_transport"):
            continue
        module = importlib.import_module(name)
        if not name.startswith(f"{PACKAGE}.models"):
            continue
        exported = getattr(module, "__all__", None)
        for each in exported if exported is not None else vars(module).copy():
            value = getattr(module, each)
            if inspect.isclass(value):
                if value.__module__ == name and issubclass(value, BaseModel):
                    value.model_rebuild()
                    if not value.__pydantic_complete__:
                        raise AssertionError(f"{name}.{each} is incomplete")
            elif exported is not None and not inspect.ismodule(value) and each[-4:] != "Dict":
                # Plain forms are for type checkers: pydantic has its own `TypedDict`.
                TypeAdapter(value)


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.dont_write_bytecode = True
    warnings.simplefilter("error")
    memory = Memory()
    sys.meta_path.insert(0, memory)
    # All that a run imports late, before the hook looks.
    for warm in sorted(Path(sys.argv[1]).glob("*.json")):
        files, _ = make(warm)
        memory.fill(packages.judge(dict(files)), f"{PACKAGE}/src/{PACKAGE}/")
        build(memory)
    gc.freeze()
    answers.write("ready\n")
    answers.flush()
    watch = Watch()
    for line in sys.stdin:
        problem = ""
        found = ""
        watch.tried.clear()
        try:
            with redirect_stdout(sys.stderr):
                files, said = make(Path(line.rstrip("\n")))
                found = digest(files, said)
                if files:
                    memory.fill(packages.judge(dict(files)), f"{PACKAGE}/src/{PACKAGE}/")
                    build(memory)
        except BaseException:  # noqa: BLE001 - whatever it is, it is an answer
            problem = traceback.format_exc()
        if watch.tried:
            problem += f"\ntried: {watch.tried}"
        answers.write(json.dumps({"digest": found, "problem": problem}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
