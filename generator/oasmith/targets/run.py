"""One run over all targets: each is planned at most once, after those that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic

from oasmith.config import Config
from oasmith.diagnostics import Diagnostics, Stop
from oasmith.ir.types import Api
from oasmith.source import Json, start_of
from oasmith.targets import registry
from oasmith.targets.contract import (
    ContributionClashError,
    Contributions,
    File,
    PlanT,
    Render,
    SettingsT,
    Target,
    merged,
)

if TYPE_CHECKING:
    from oasmith.targets.registry import AnyTarget

_UNPLANNED = object()
_IN_PROGRESS = object()


class Run:
    """Plans targets and makes their files.

    `bundle` returns the document as one value; `renderer` returns what renders the templates of
    folders, and ours.
    """

    def __init__(
        self,
        api: Api,
        config: Config,
        diagnostics: Diagnostics,
        *,
        bundle: Callable[[], Mapping[str, Json] | None],
        renderer: Callable[..., Render],
    ) -> None:
        self.api = api
        self.config = config
        self.diagnostics = diagnostics
        self._bundle = bundle
        self._renderer = renderer
        self._active = dict(registry.active(config))
        self._targets: dict[AnyTarget, Target[Any, Any]] = {}
        self._plans: dict[AnyTarget, object] = {}
        self._files: dict[AnyTarget, tuple[File, ...]] = {}

    @cached_property
    def document(self) -> Mapping[str, Json] | None:
        return self._bundle()

    def plan_all(self) -> None:
        """Plan the targets that are asked for, and what they need.

        A target that runs on request is planned in any case, so that its settings are checked.

        Raises:
            Stop: A target has found an error.
        """
        for target, is_emitted in self._active.items():
            if is_emitted or target.on_request:
                self.plan(target)
        self.diagnostics.stop_if_failed()

    def all_files(self) -> Iterator[File]:
        """Yield the files of the targets that are asked for."""
        for target, is_emitted in self._active.items():
            if is_emitted:
                yield from self.files(target)

    def plan(self, target: type[Target[Any, PlanT]]) -> PlanT:
        """Return the plan of a target.

        Raises:
            RuntimeError: The plan of the target depends on itself.
        """
        found: Any = self._plans.get(target, _UNPLANNED)
        if found is _IN_PROGRESS:
            raise RuntimeError(f"the plan of the target `{target.name}` depends on itself")
        if found is _UNPLANNED:
            self._plans[target] = _IN_PROGRESS
            for needed in target.needs:
                self.plan(needed)
            found = self._plans[target] = self._target(target).plan(_Context(self, target))
        plan: PlanT = found
        return plan

    def files(self, target: AnyTarget) -> Iterable[File]:
        """Return the files of a target; they are made once."""
        if target not in self._files:
            self._files[target] = self._made(target)
        return self._files[target]

    def _made(self, target: AnyTarget) -> tuple[File, ...]:
        overrides = self.config.templates
        folders = [each for each in (overrides, target.templates) if each is not None]
        files = self._target(target).files(self.plan(target), self._renderer(*folders))
        if overrides is None:
            return tuple(files)
        from oasmith.targets.rendering.render import TEMPLATE_ERRORS

        try:
            return tuple(files)
        except TEMPLATE_ERRORS as error:
            message = f"a template does not fit the target `{target.name}`: {error}"
            self.diagnostics.error("wrong-setting", start_of(overrides), message)
            raise Stop from None

    def is_emitted(self, target: AnyTarget) -> bool:
        """Return whether the files of a target are asked for."""
        return self._active.get(target, False)

    def contributions(self, asking: AnyTarget, *, emitted: bool) -> Contributions:
        """Return what the targets of the run add to the package, but for the one that is asking.

        Raises:
            Stop: Two of them add different things under one name, which was reported.
        """
        parts = [
            (target.name, self._target(target).contributions(self.plan(target)))
            for target, is_emitted in self._active.items()
            if target is not asking
            and (is_emitted or not emitted)
            and target.contributions is not Target.contributions
        ]
        try:
            return merged(parts)
        except ContributionClashError as error:
            self.diagnostics.error("output-clash", None, str(error))
            raise Stop from None

    def _target(self, target: AnyTarget) -> Target[Any, Any]:
        if target not in self._targets:
            self._targets[target] = target()
        return self._targets[target]


class _Context(Generic[SettingsT]):
    """What one target may see of the run (see `Context`)."""

    def __init__(self, run: Run, target: type[Target[SettingsT, Any]]) -> None:
        self._run = run
        self._target = target
        self.api = run.api
        self.config = run.config
        self.diagnostics = run.diagnostics
        given: Any = run.config.targets.get(target.name)
        self.settings: SettingsT = target.settings() if given is None else given

    @property
    def document(self) -> Mapping[str, Json] | None:
        return self._run.document

    def plan(self, target: type[Target[Any, PlanT]]) -> PlanT:
        self._check(target)
        return self._run.plan(target)

    def files(self, target: AnyTarget) -> Callable[[], Iterable[File]]:
        self._check(target)
        return lambda: self._run.files(target)

    def is_emitted(self, target: AnyTarget) -> bool:
        return self._run.is_emitted(target)

    def contributions(self, *, emitted: bool = False) -> Contributions:
        return self._run.contributions(self._target, emitted=emitted)

    def _check(self, target: AnyTarget) -> None:
        if target not in self._target.needs:
            raise LookupError(f"`{self._target.name}` does not list `{target.name}` in `needs`")
