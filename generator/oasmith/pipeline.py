"""The whole program on one screen: load, check, lower, passes, targets, write."""

from __future__ import annotations

import gc
import hashlib
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from oasmith import __version__, output
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics, Stop, counted, working_on
from oasmith.frozen import frozen
from oasmith.output import Change, Origin, OutputError
from oasmith.progress import Stage, silent
from oasmith.source import resolved, start_of
from oasmith.targets import registry

# A run that finds nothing to do must not pay for the stages it never enters.
if TYPE_CHECKING:
    from oasmith.ir.types import Api
    from oasmith.openapi import Document
    from oasmith.openapi.remote import Remote
    from oasmith.targets.contract import File
    from oasmith.targets.run import Run


@frozen
class Result:
    """What a run made, before anything is written."""

    files: tuple[File, ...]
    origin: Origin
    summary: str
    lock: Change | None
    """What becomes of the lock of remote references."""


@contextmanager
def _collector_off() -> Iterator[None]:
    """Hold the cyclic garbage collector: nearly all that a run makes lives until its end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_off()
def generate(config: Config, diagnostics: Diagnostics, stage: Stage = silent) -> Result:
    """Make all files in memory. Raises `Stop` where the document or the settings cannot be used.

    `stage` is told what begins.
    """
    with working_on(start_of(config.document)):
        stage("reading")
        lock = _Lock(config, diagnostics)
        document = _document(config, diagnostics, lock)
        api = _model(document, config, diagnostics, stage)
        stage("planning")
        run = _run(api, document, config, diagnostics)
        run.plan_all()
        stage("writing and formatting")
        files = tuple(run.all_files())
        diagnostics.stop_if_failed()
        return Result(
            files=files,
            origin=_origin(config, document.digests()),
            summary=_summary(api, diagnostics),
            lock=lock.change(),
        )


@_collector_off()
def model(config: Config, diagnostics: Diagnostics) -> str:
    """The intermediate model as JSON."""
    import json

    from oasmith.ir.json import to_json

    with working_on(start_of(config.document)):
        document = _document(config, diagnostics, _Lock(config, diagnostics))
        return json.dumps(to_json(_model(document, config, diagnostics)), indent=2)


def _document(config: Config, diagnostics: Diagnostics, lock: _Lock) -> Document:
    from oasmith.openapi import load

    return load(
        config.document, diagnostics, allow_outside=config.allow_outside, remote=lock.remote
    )


def _model(
    document: Document, config: Config, diagnostics: Diagnostics, stage: Stage = silent
) -> Api:
    from oasmith.ir.lower import lower
    from oasmith.ir.passes.merge_routes import merge_routes
    from oasmith.ir.passes.usage import usage
    from oasmith.ir.scalars import own_kinds
    from oasmith.openapi.check import check

    if config.select or config.exclude:
        from oasmith.openapi.selection import select

        select(document, diagnostics, config.select, config.exclude)
        diagnostics.stop_if_failed()
    stage("checking")
    check(document, diagnostics)
    diagnostics.stop_if_failed()
    stage("lowering")
    types = own_kinds(config.types)
    api = lower(document, diagnostics, sensitive=config.sensitive, types=types)
    diagnostics.stop_if_failed()
    for run_pass in (merge_routes, usage):
        api = run_pass(api)
    return api


class _Lock:
    """The lock of remote references, which a document without any never asks for."""

    def __init__(self, config: Config, diagnostics: Diagnostics) -> None:
        self.remote: Remote | None = None
        if config.allow_remote:
            from oasmith.openapi.lock import path_of, read_lock
            from oasmith.openapi.reading import Limits
            from oasmith.openapi.remote import Remote

            self._file = path_of(config.document)
            self._locked = read_lock(self._file, diagnostics)
            self.remote = Remote(self._locked, size=Limits().size)

    def change(self) -> Change | None:
        """Return how the file changes by what was fetched, None if it does not."""
        if self.remote is None or self.remote.digests.items() <= self._locked.items():
            return None
        from oasmith.openapi.lock import rendered

        old = self._file.read_bytes() if self._file.exists() else None
        new = rendered(self._locked | self.remote.digests).encode()
        return Change(path=str(self._file), old=old, new=new)


def _summary(api: Api, diagnostics: Diagnostics) -> str:
    """Count what the document has, and where the types are wider than it says."""
    operations = sum(len(operation.routes) for operation in api.operations)
    counts = (counted(operations, "operation"), counted(api.schemas, "schema"))
    return f"{', '.join(counts)}, {diagnostics.degraded:,} degraded"


def _run(api: Api, document: Document, config: Config, diagnostics: Diagnostics) -> Run:
    from oasmith.openapi.bundle import bundle
    from oasmith.targets.rendering.render import renderer
    from oasmith.targets.run import Run

    if config.templates is not None and not config.templates.is_dir():
        diagnostics.error("unreadable", start_of(config.templates), "there is no such folder")
        raise Stop
    return Run(api, config, diagnostics, bundle=lambda: bundle(document), renderer=renderer)


def is_current(config: Config) -> bool:
    """Whether the output folder already holds what `generate` would make."""
    known = output.origin(config.output)
    if known is None:
        return False
    document = resolved(config.document)
    now = {name: _digest(document.parent / name) for name in known.inputs if "://" not in name}
    if len(now) < len(known.inputs):
        from oasmith.openapi.lock import path_of, read_lock

        locked = read_lock(path_of(document), Diagnostics())
        now |= {url: locked.get(url, "") for url in known.inputs if "://" in url}
    return (
        document.name in known.inputs
        and _origin(config, now) == known
        and output.is_intact(config.output)
    )


def write(config: Config, result: Result, diagnostics: Diagnostics, *, force: bool) -> int:
    """Put the files in the output folder and answer how many. Raises `Stop` where that fails."""
    with _told(config.output, diagnostics):
        count = output.write(config.output, result.files, result.origin, force=force)
    if result.lock is not None and result.lock.new is not None:
        try:
            Path(result.lock.path).write_bytes(result.lock.new)
        except OSError as error:
            place = start_of(Path(result.lock.path))
            diagnostics.error("unwritable", place, f"cannot write this: {error.strerror}")
            raise Stop from None
    return count


def compare(config: Config, result: Result, diagnostics: Diagnostics) -> list[Change]:
    """What `write` would change. Raises `Stop` where the files cannot be made."""
    with _told(config.output, diagnostics):
        changes = output.compare(config.output, result.files, result.origin)
    return changes if result.lock is None else [*changes, result.lock]


@contextmanager
def _told(folder: Path, diagnostics: Diagnostics) -> Iterator[None]:
    """Make a diagnostic of what the output folder refuses."""
    try:
        yield
    except OutputError as error:
        for path in error.paths or (folder,):
            diagnostics.error(error.code, start_of(path), error.message, error.hint)
        raise Stop from None


def _origin(config: Config, inputs: Mapping[str, str]) -> Origin:
    return Origin(generator=_digest_of_code(config), settings=config.fingerprint(), inputs=inputs)


def _digest_of_code(config: Config) -> str:
    """Return a digest of what makes the files, so that a change makes all of them anew.

    That is the generator, the folder `templates` and the modules of targets of other packages.
    """
    roots = {config.templates} if config.templates is not None else set()
    for target in registry.foreign(config):
        file = Path(sys.modules[target.__module__].__file__ or "")
        roots.add(file.parent if file.name == "__init__.py" else file)
    if not roots:
        return _generator_digest()
    digest = hashlib.sha256(_generator_digest().encode())
    for root in sorted(roots):
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.suffix in (".py", ".jinja"):
                digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def _generator_digest() -> str:
    """A digest of our own modules and templates: a changed generator makes everything anew."""
    from oasmith.targets.rendering import templates

    digest = hashlib.sha256(__version__.encode())
    for root, pattern in ((Path(__file__).parent, "*.py"), (templates.folder(), "*.jinja")):
        for path in sorted(root.rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    """The digest of a file of the document as it would be read now, without its mark."""
    try:
        if not path.is_file():  # a device may never end
            return "unreadable"
        return hashlib.sha256(path.read_bytes().removeprefix(BOM_UTF8)).hexdigest()
    except OSError:
        return "unreadable"
