"""The whole program on one screen: load, select, check, build, passes, targets, write."""

from __future__ import annotations

import hashlib
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from oasmith import config as settings
from oasmith import output
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics, GenerationError, Stop, counted, working_on
from oasmith.frozen import frozen
from oasmith.output import Change, Origin, OutputError
from oasmith.progress import Stage, silent
from oasmith.source import resolved, start_of
from oasmith.targets import registry
from oasmith.targets.contract import PlanT, Target
from oasmith.version import __version__

# A run that finds nothing to do must not pay for the stages it never enters.
if TYPE_CHECKING:
    from oasmith.ir.types import Api
    from oasmith.openapi import Document
    from oasmith.openapi.remote import Remote
    from oasmith.targets.contract import File
    from oasmith.targets.run import Run

Pass: TypeAlias = "Callable[[Api, Diagnostics], Api]"


@frozen
class Result:
    """What a run made, before anything is written.

    Attributes:
        config: The settings of the run.
        diagnostics: What was found; there may be warnings.
        files: The files, not yet formatted.
        summary: Counts of operations, schemas and degraded places.
        origin: What the files were made from.
        lock: What becomes of the lock of remote references.
    """

    config: Config
    diagnostics: Diagnostics
    files: tuple[File, ...]
    summary: str
    origin: Origin
    lock: Change | None

    def write(self, *, force: bool = False) -> int:
        """Format the files, put them in the output folder in one step, and return their number.

        `force` overwrites files that were changed by hand or are not ours.

        Raises:
            GenerationError: The folder cannot be written; it is as it was.
        """
        config, diagnostics, lock = self.config, self.diagnostics, self.lock
        with _reported(diagnostics):
            with _output_reported(config.output, diagnostics):
                count = output.write(config.output, self.files, self.origin, force=force)
            if lock is not None and lock.new is not None:
                try:
                    Path(lock.path).write_bytes(lock.new)
                except OSError as error:
                    place = start_of(Path(lock.path))
                    diagnostics.error("unwritable", place, f"cannot write this: {error.strerror}")
                    raise Stop from None
        return count

    def compare(self) -> list[Change]:
        """Return what `write` would change.

        Raises:
            GenerationError: The files cannot be formatted.
        """
        with _reported(self.diagnostics), _output_reported(self.config.output, self.diagnostics):
            changes = output.compare(self.config.output, self.files, self.origin)
        return changes if self.lock is None else [*changes, self.lock]


def read_settings(file: Path | None = None) -> list[Config]:
    """Return the settings in a file, for each package of the project.

    Without `file`, that is `oasmith.toml`, else a `pyproject.toml` with `[tool.oasmith]`, of the
    current folder or the nearest one above that has either.

    Raises:
        FileNotFoundError: No file is given, and there is none.
        GenerationError: The settings are wrong, or name no document.
    """
    found = settings.find(Path.cwd()) if file is None else file
    if found is None:
        raise FileNotFoundError("there is no oasmith.toml or [tool.oasmith]")
    diagnostics = Diagnostics()
    with _reported(diagnostics):
        packages = settings.read(found, diagnostics, registry.TargetTables())
        if not all("document" in each for each in packages):
            diagnostics.error("wrong-setting", start_of(found), "there is no `document`")
        diagnostics.stop_if_failed()
    return [Config(**each) for each in packages]


def load(config: Config, diagnostics: Diagnostics | None = None, stage: Stage = silent) -> Api:
    """Return the model of the document: read, checked and built.

    `diagnostics` takes what is found; `stage` is called with the name of each stage that begins.

    Raises:
        GenerationError: The document or the settings cannot be used.
    """
    found = Diagnostics(strict=config.strict) if diagnostics is None else diagnostics
    with _reported(found), working_on(start_of(config.document)):
        return _model(_document(config, found, _Lock(config, found)), config, found, stage)


def plan(
    config: Config, target: type[Target[Any, PlanT]], diagnostics: Diagnostics | None = None
) -> PlanT:
    """Return the plan of a target: what it decides before it makes files.

    `diagnostics` takes what is found.

    Raises:
        GenerationError: The document or the settings cannot be used.
    """
    found = Diagnostics(strict=config.strict) if diagnostics is None else diagnostics
    with _reported(found), working_on(start_of(config.document)):
        document = _document(config, found, _Lock(config, found))
        run = _run(_model(document, config, found), document, config, found)
        planned = run.plan(target)
        found.stop_if_failed()
        return planned


def generate(
    config: Config, diagnostics: Diagnostics | None = None, stage: Stage = silent
) -> Result:
    """Make all files in memory.

    `diagnostics` takes what is found; `stage` is called with the name of each stage that begins.

    Raises:
        GenerationError: The document or the settings cannot be used.
    """
    found = Diagnostics(strict=config.strict) if diagnostics is None else diagnostics
    with _reported(found), working_on(start_of(config.document)):
        stage("reading")
        lock = _Lock(config, found)
        document = _document(config, found, lock)
        api = _model(document, config, found, stage)
        stage("planning")
        run = _run(api, document, config, found)
        run.plan_all()
        stage("writing and formatting")
        files = tuple(run.all_files())
        found.stop_if_failed()
        return Result(
            config=config,
            diagnostics=found,
            files=files,
            summary=_summary(api, found),
            origin=_origin(config, document.digests()),
            lock=lock.change(),
        )


@contextmanager
def _reported(diagnostics: Diagnostics) -> Iterator[None]:
    """Raise what callers of the library know in place of `Stop`."""
    try:
        yield
    except Stop:
        raise GenerationError(diagnostics) from None


def _document(config: Config, diagnostics: Diagnostics, lock: _Lock) -> Document:
    from oasmith.openapi import load

    return load(
        config.document, diagnostics, allow_outside=config.allow_outside, remote=lock.remote
    )


def _model(
    document: Document, config: Config, diagnostics: Diagnostics, stage: Stage = silent
) -> Api:
    from oasmith.ir.build import build
    from oasmith.ir.scalars import own_kinds
    from oasmith.openapi.check import check

    if config.select or config.exclude:
        from oasmith.openapi.selection import select

        select(document, diagnostics, config.select, config.exclude)
        diagnostics.stop_if_failed()
    stage("checking")
    check(document, diagnostics)
    diagnostics.stop_if_failed()
    stage("building")
    types = own_kinds(config.types)
    api = build(document, diagnostics, sensitive=config.sensitive, types=types)
    for run_pass in passes():
        api = run_pass(api, diagnostics)
    diagnostics.stop_if_failed()
    return api


def passes() -> tuple[Pass, ...]:
    """Return the passes over the model, in the order in which they are run."""
    from oasmith.ir.passes.break_cycles import break_cycles
    from oasmith.ir.passes.drop_event_wrappers import drop_event_wrappers
    from oasmith.ir.passes.merge_routes import merge_routes
    from oasmith.ir.passes.name_definitions import name_definitions
    from oasmith.ir.passes.resolve_unions import resolve_unions
    from oasmith.ir.passes.usage import usage

    return (
        name_definitions,
        drop_event_wrappers,
        break_cycles,
        resolve_unions,
        merge_routes,
        usage,
    )


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
    """Return whether the output folder already holds what `generate` would make."""
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


@contextmanager
def _output_reported(folder: Path, diagnostics: Diagnostics) -> Iterator[None]:
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
