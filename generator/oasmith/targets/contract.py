"""The contract of targets: what a target is given, what it plans, and what it makes of the plan.

A target is a class without arguments. A run makes one of it, plans it at most once, and writes its
files if it is asked for. Targets of other packages follow the same contract as those of oasmith.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from oasmith.frozen import frozen

if TYPE_CHECKING:
    from pathlib import Path

    from oasmith.config import Config, Table
    from oasmith.diagnostics import Diagnostics
    from oasmith.ir.types import Api
    from oasmith.source import Json
    from oasmith.targets.rendering.markdown import Markdown

SettingsT = TypeVar("SettingsT", bound="Table")
SettingsT_co = TypeVar("SettingsT_co", bound="Table", covariant=True)
PlanT = TypeVar("PlanT")


class File(NamedTuple):
    """A text file; `path` is relative to the output folder, in POSIX notation."""

    path: str
    text: str


class Render(Protocol):
    """Renders the template of that path with the views under their names."""

    def __call__(self, template: str, **views: object) -> str: ...


@frozen
class ReadmeSection:
    """A section of the generated package's README."""

    title: str
    body: Markdown


@frozen
class Contributions:
    """What a target adds to the generated package beside its files.

    Attributes:
        dependencies: Requirements of the package, as in PEP 508.
        extras: Requirements by the name of the extra that installs them.
        scripts: Entry points by the name of the command, `module:function`.
        exports: Names that the package offers itself, by relative module (`._client`).
        readme: Sections of the README.
        runtime: Modules of the runtime that only some packages need.
    """

    dependencies: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = {}
    scripts: Mapping[str, str] = {}
    exports: Mapping[str, tuple[str, ...]] = {}
    readme: tuple[ReadmeSection, ...] = ()
    runtime: frozenset[str] = frozenset()


NO_CONTRIBUTIONS = Contributions()


class ContributionClashError(Exception):
    """Two targets add different things under one name; the message names all of them."""


class Context(Protocol[SettingsT_co]):
    """What a target plans with."""

    @property
    def api(self) -> Api:
        """The model, after all passes."""

    @property
    def document(self) -> Mapping[str, Json] | None:
        """The document as one value, all references in it; None for Swagger 2.0."""

    @property
    def config(self) -> Config:
        """The settings that belong to no target."""

    @property
    def settings(self) -> SettingsT_co:
        """The settings of this target."""

    @property
    def diagnostics(self) -> Diagnostics:
        """Takes the problems that the target finds. Nothing is written if one is an error."""

    def plan(self, target: type[Target[Any, PlanT]]) -> PlanT:
        """Return the plan of a target that this one needs.

        Raises:
            LookupError: The target is not listed in `needs`.
        """

    def files(self, target: type[Target[Any, Any]]) -> Callable[[], Iterable[File]]:
        """Return a function that returns the files of a target that this one needs.

        It may be called once all targets are planned.
        """

    def is_emitted(self, target: type[Target[Any, Any]]) -> bool:
        """Return whether the run writes the files of a target."""

    def contributions(self, *, emitted: bool = False) -> Contributions:
        """Return what all other targets add to the package; with `emitted`, those written now."""


class Target(Protocol[SettingsT, PlanT]):
    """Plans one kind of output and makes its files.

    Attributes:
        name: The name in settings and messages.
        needs: The targets whose plans this one reads. They are planned first, and emitted only if
            they are asked for themselves.
        settings: The class of the table `[tool.oasmith.targets.<name>]`.
        on_request: Whether the target runs only if the settings have its table.
        templates: The folder of the target's own templates, if it has any.
    """

    name: str
    needs: tuple[type[Target[Any, Any]], ...] = ()
    settings: type[SettingsT]
    on_request: bool = False
    templates: Path | None = None

    def plan(self, context: Context[SettingsT]) -> PlanT:
        """Decide everything about the output and report what is wrong with it."""
        ...

    def contributions(self, plan: PlanT) -> Contributions:
        """Return what the generated package needs or offers because of this target."""
        return NO_CONTRIBUTIONS

    def files(self, plan: PlanT, render: Render) -> Iterable[File]:
        """Yield the files. They depend on the plan alone: no disk, clock or environment."""
        return ()


def merged(parts: Iterable[tuple[str, Contributions]]) -> Contributions:
    """Merge the contributions of targets, which are given by name.

    Raises:
        ContributionClashError: Two targets give an extra, a script, an exported name, a dependency
            or a section of the README differently.
    """
    claims: dict[tuple[str, str], tuple[str, object]] = {}
    problems: list[str] = []
    exports: dict[str, tuple[str, ...]] = {}
    runtime: frozenset[str] = frozenset()

    def claim(role: str, key: str, value: object, target: str) -> None:
        owner, known = claims.setdefault((role, key), (target, value))
        if known != value:
            problems.append(f"the targets `{owner}` and `{target}` both add the {role} `{key}`")

    for target, part in parts:
        for requirement in part.dependencies:
            claim("dependency", _distribution(requirement), requirement, target)
        for extra, requirements in part.extras.items():
            claim("extra", extra, requirements, target)
        for script, function in part.scripts.items():
            claim("script", script, function, target)
        for module, names in part.exports.items():
            for name in names:
                claim("export", name, module, target)
            exports[module] = tuple(dict.fromkeys((*exports.get(module, ()), *names)))
        for section in part.readme:
            claim("README section", section.title, section, target)
        runtime |= part.runtime
    if problems:
        raise ContributionClashError("; ".join(problems))

    def claimed(role: str) -> dict[str, Any]:
        return {key: value for (kind, key), (_, value) in claims.items() if kind == role}

    return Contributions(
        dependencies=tuple(claimed("dependency").values()),
        extras=claimed("extra"),
        scripts=claimed("script"),
        exports=exports,
        readme=tuple(claimed("README section").values()),
        runtime=runtime,
    )


def _distribution(requirement: str) -> str:
    """Return the normalized name of what a requirement installs."""
    end = next(
        (at for at, char in enumerate(requirement) if not (char.isalnum() or char in "-_.")),
        len(requirement),
    )
    return requirement[:end].lower().replace("_", "-").replace(".", "-")
