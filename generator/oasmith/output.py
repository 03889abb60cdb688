"""The folder that a run writes: staged beside it, formatted, then put in its place in one step.

Reads: the files that the emitters made, the old folder and its manifest.
Writes: the output folder, wholly or not at all. A crash leaves the old folder or the new one.
"""

from __future__ import annotations

import contextlib
import ctypes
import difflib
import errno
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from oasmith.diagnostics import visible
from oasmith.frozen import frozen
from oasmith.source import resolved
from oasmith.targets.contract import File
from oasmith.version import __version__

MANIFEST = ".oasmith.json"
"""Lists the generated files of an output folder and what they were made from."""

TERMS = "The files listed here belong to their user and are not subject to oasmith's licence."

_CACHE = ".oasmith-cache"
"""Lies in the output folder, hidden from git: what lets the next run see that nothing changed."""

_ORIGIN = "origin.json"

_PASSING = frozenset({_CACHE, "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
_LAID_OUT = (".py", ".md")
"""Files that ruff may change: modules, and pages with Python in them."""

_CODE = (".py", ".toml")

_NO_LINK = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""To open what is there itself, and a pipe without waiting for its other end."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class OutputError(Exception):
    """The output folder cannot be written as asked. `code` is a diagnostic code."""

    def __init__(
        self, code: str, message: str, hint: str | None = None, paths: Sequence[Path] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.paths = paths
        """What it is about; nothing for the folder as a whole."""


@frozen
class Origin:
    """What a folder was made from. `inputs` are keyed relative to the root document's folder."""

    generator: str
    """Digest of the generator."""
    settings: str
    inputs: Mapping[str, str]
    """Digests of the files of the document."""


@frozen
class Manifest:
    """The generated files of a folder and the files of the document, with their digests.

    What changes with every edit of the document or release of oasmith is stated here alone, so
    that no other file changes with it.
    """

    inputs: Mapping[str, str]
    files: Mapping[str, str]

    @staticmethod
    def read(folder: Path) -> Manifest | None:
        """The manifest in `folder`; None where there is none that can be understood."""
        try:
            found = json.loads(_Folder(folder).read(MANIFEST) or b"")
            files = {_checked(path): str(digest) for path, digest in found["files"].items()}
            return Manifest(inputs=dict(found.get("inputs", {})), files=files)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OutputError):
            return None

    def text(self) -> str:
        members = {
            "generator": f"oasmith {__version__}",
            "terms": TERMS,
            "inputs": dict(sorted(self.inputs.items())),
            "files": dict(sorted(self.files.items())),
        }
        return json.dumps(members, indent=1) + "\n"


@frozen
class Change:
    """A file that differs between the folder and what the generator makes now."""

    path: str
    old: bytes | None
    new: bytes | None

    @property
    def verb(self) -> str:
        if self.old is None:
            return "missing"
        return "stale" if self.new is None else "different"

    def diff(self, *, color: bool = False) -> str:
        """Return a unified diff from the folder's text to the generated one, for a terminal."""
        old, new = (
            (data or b"").decode("utf-8", "replace").split("\n") for data in (self.old, self.new)
        )
        lines = difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}", lineterm="")
        return "\n".join(_shown(line, color=color) for line in lines)


_DIFF_COLORS: Final = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}


def _shown(line: str, *, color: bool) -> str:
    """Return a line of a diff as a terminal may print it, coloured by how it begins."""
    text = "\t".join(map(visible, line.split("\t")))
    style = _DIFF_COLORS.get(line[:1]) if color else None
    return text if style is None else f"{style}{text}\x1b[0m"


def origin(folder: Path) -> Origin | None:
    """Return what the run that wrote `folder` started from; None if another one wrote it.

    The files may come from elsewhere, such as another commit, and the cache from an earlier run.
    """
    there = _Folder(folder)
    try:
        raw = json.loads(there.read(f"{_CACHE}/{_ORIGIN}") or b"")
        if raw["manifest"] != there.digest(MANIFEST):
            return None
        return Origin(
            generator=raw["generator"], settings=raw["settings"], inputs=dict(raw["inputs"])
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def is_intact(folder: Path) -> bool:
    """Whether our files in `folder` are as they were written."""
    manifest = Manifest.read(folder)
    there = _Folder(folder)
    return manifest is not None and all(
        there.digest(path) == digest for path, digest in manifest.files.items()
    )


def write(folder: Path, files: Iterable[File], made_from: Origin, *, force: bool = False) -> int:
    """Replace our files in `folder` by `files`, in one step; answer how many there are.

    Files of others in the folder stay. Raises `OutputError` where a file of ours was edited by
    hand or a file of others stands in the way (unless `force`), or the disk refuses.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - without `..`, links left alone
    if os.path.lexists(folder / ".git") or Path.cwd().is_relative_to(resolved(folder)):
        raise OutputError(
            "output-folder",
            "this cannot be replaced: it is the current folder, holds it, or is a repository",
            "name a folder of its own, for example --output generated",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _only_run_for(folder):
            _discard_stages(folder)
            stage = Path(tempfile.mkdtemp(prefix=_stage_prefix(folder), dir=folder.parent))
            try:
                stage.chmod(0o755)
                manifest = _fill(stage, files, made_from)
                _remember(stage, made_from)
                _carry_over(folder, stage, manifest, force=force)
                _swap(stage, folder)
            finally:
                shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise OutputError("unwritable", f"cannot write this: {error.strerror or error}") from error
    return len(manifest.files)


def compare(folder: Path, files: Iterable[File], made_from: Origin) -> list[Change]:
    """Return what `write` would change in `folder`: code, then the rest. Nothing is written there.

    Raises:
        OutputError: There is no formatter, or the disk refuses.
    """
    old_manifest = Manifest.read(folder)
    with tempfile.TemporaryDirectory() as temporary:
        stage = Path(temporary)
        try:
            manifest = _fill(stage, files, made_from)
        except OSError as error:
            why = error.strerror or str(error)
            raise OutputError("unwritable", f"cannot write a copy to compare: {why}") from error
        paths = {MANIFEST, *manifest.files, *(old_manifest.files if old_manifest else ())}
        there, made = _Folder(folder), _Folder(stage)
        ordered = sorted(paths, key=lambda path: (not path.endswith(_CODE), path))
        pairs = ((path, there.read(path), made.read(path)) for path in ordered)
        return [Change(path=path, old=old, new=new) for path, old, new in pairs if old != new]


def _fill(stage: Path, files: Iterable[File], made_from: Origin) -> Manifest:
    """Write `files` below `stage`, have their Python laid out, and add the manifest."""
    digests: dict[str, str] = {}
    folded: dict[str, str] = {}
    made: set[str] = set()
    root = str(stage)
    for file in files:
        path = _checked(file.path)
        # File systems that fold case would let one of the two silently win.
        if (other := folded.setdefault(path.casefold(), path)) != path:
            raise _clash(other, path)
        parent = path.rpartition("/")[0]
        if parent not in made:
            (stage / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        data = file.text.encode()
        try:
            with open(f"{root}/{path}", "xb") as stream:  # noqa: PTH123 - there are thousands
                stream.write(data)
        except FileExistsError:
            raise _clash(path, path) from None
        digests[path] = "" if path.endswith(_LAID_OUT) else digest(data)
    laid_out = [path for path, known in digests.items() if not known]
    if laid_out:
        _format(stage)
    for path in laid_out:
        with open(f"{root}/{path}", "rb") as stream:  # noqa: PTH123
            digests[path] = digest(stream.read())
    manifest = Manifest(inputs=made_from.inputs, files=digests)
    (stage / MANIFEST).write_text(manifest.text(), encoding="utf-8", newline="\n")
    return manifest


def _remember(stage: Path, made_from: Origin) -> None:
    cache = stage / _CACHE
    cache.mkdir()
    (cache / ".gitignore").write_text("*\n", encoding="utf-8")
    value = {
        "manifest": digest((stage / MANIFEST).read_bytes()),
        "generator": made_from.generator,
        "settings": made_from.settings,
        "inputs": dict(sorted(made_from.inputs.items())),
    }
    (cache / _ORIGIN).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def _clash(one: str, other: str) -> OutputError:
    return OutputError("output-clash", f"two outputs claim one path: {one} and {other}")


def _checked(path: str) -> str:
    """The path, if it stays inside the folder."""
    parts = path.split("/")
    if "" in parts or "." in parts or ".." in parts or "\0" in path:
        raise OutputError("output-outside", f"an output leaves its folder: {path}")
    return path


def ruff() -> str:
    """The ruff that was installed with us, else the one on the PATH.

    Raises `OutputError` where there is none.
    """
    name = "ruff.exe" if os.name == "nt" else "ruff"
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if found is None:
        raise OutputError("no-formatter", "ruff is not installed", "python -m pip install ruff")
    return found


def _format(stage: Path) -> None:
    """Lay out all modules.

    Raises `RuntimeError` where one is no Python, a defect of ours, and `OutputError` where the disk
    or a limit of the process refuses.
    """
    command = [ruff(), "format", "--isolated", "--no-cache", "--line-length=100", "."]
    done = subprocess.run(command, cwd=stage, capture_output=True, text=True, check=False)
    if not done.returncode:
        return
    why = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
    if any(line.startswith("error: Failed to parse") for line in why):
        raise RuntimeError(f"ruff cannot format the output: {why[0]}")
    raise OutputError("unwritable", f"ruff cannot write the output: {why[0]}")


def _carry_over(folder: Path, stage: Path, manifest: Manifest, *, force: bool) -> None:
    """Bring the files of others into the stage, by hard link; refuse to lose a person's work."""
    if not folder.exists():
        return
    old = Manifest.read(folder)
    ours = old.files if old else {}
    in_the_way: list[Path] = []
    there = _Folder(folder)
    for path, entry in _walk(folder):
        if path == MANIFEST:
            continue
        target = stage / path
        if path in ours:
            # Edited, and about to change: the edit would be lost.
            now = there.digest(path)
            if now != ours[path] and now != manifest.files.get(path):
                in_the_way.append(Path(entry.path))
        elif path in manifest.files:
            if there.digest(path) != manifest.files[path]:
                in_the_way.append(Path(entry.path))
        elif target.is_dir() or any(each.is_file() for each in _above(target, stage)):
            in_the_way.append(Path(entry.path))  # a file where we have a folder, or within a file
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(entry.path, target, follow_symlinks=False)
    if in_the_way and not force:
        raise OutputError(
            "edited-output",
            "this was changed by hand, or is not ours, and would be overwritten",
            "move it away, or give --force to overwrite it",
            in_the_way,
        )


def _above(path: Path, folder: Path) -> Iterator[Path]:
    """The folders that hold a path, up to `folder`."""
    path = path.parent
    while path != folder:
        yield path
        path = path.parent


def _walk(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below `folder` with its POSIX path in it; links are not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _PASSING:
                    yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry


def _swap(stage: Path, folder: Path) -> None:
    """Put `stage` where `folder` is. Atomic where the system can exchange two folders."""
    if not folder.exists():
        stage.rename(folder)
        return
    if folder.is_symlink():
        folder = folder.resolve()
    if _exchange(stage, folder):
        return
    aside = stage.with_name(stage.name + "-old")
    folder.rename(aside)
    stage.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Linux's renameat2(RENAME_EXCHANGE); False where the system or file system lacks it."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    done = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(code, os.strerror(code))


def _stage_prefix(folder: Path) -> str:
    return f".{folder.name}.oasmith-"


def _discard_stages(folder: Path) -> None:
    """Remove what a killed run left. We hold the lock, so nobody is using it."""
    ours = re.compile(re.escape(_stage_prefix(folder)) + r"[a-z0-9_]{8}(-old)?")
    for left in [left for left in folder.parent.iterdir() if ours.fullmatch(left.name)]:
        if left.name.endswith("-old") and not os.path.lexists(folder):
            left.rename(folder)  # killed between the two steps
        else:
            shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _only_run_for(folder: Path) -> Iterator[None]:
    """Let runs that write below one parent folder go one after the other."""
    try:
        import fcntl
    except ImportError:  # Windows: the renames themselves fail while another run holds files open
        yield
        return
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class _Folder:
    """Reads regular files in a folder, and none that a link in it leads to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._has_link = {"": False}

    def read(self, path: str) -> bytes | None:
        """What a file holds; None where there is none."""
        try:
            if self._is_behind_link(path.rpartition("/")[0]):
                return None
            handle = os.open(self._folder / path, _NO_LINK)
            with open(handle, "rb") as file:  # noqa: PTH123
                return file.read() if stat.S_ISREG(os.fstat(handle).st_mode) else None
        except (OSError, UnicodeEncodeError):  # also a name that no file can have
            return None

    def digest(self, path: str) -> str | None:
        data = self.read(path)
        return None if data is None else digest(data)

    def _is_behind_link(self, folder: str) -> bool:
        known = self._has_link.get(folder)
        if known is None:
            above = folder.rpartition("/")[0]
            known = self._is_behind_link(above) or (self._folder / folder).is_symlink()
            self._has_link[folder] = known
        return known


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
