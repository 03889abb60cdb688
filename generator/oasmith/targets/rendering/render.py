"""The only Jinja environments: what templates may print, and where templates are.

A template of Python prints `Code`, a template of the docs prints `Markdown`; anything else raises,
unless it goes through a filter that makes it so. A forgotten escape is an error of ours, never an
injection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from oasmith.targets.contract import Render
from oasmith.targets.python.code import Code, docstring, literal
from oasmith.targets.python.docstrings import wrapped
from oasmith.targets.rendering import templates
from oasmith.targets.rendering.compiled import Compiled
from oasmith.targets.rendering.inspection import UnplannedError
from oasmith.targets.rendering.markdown import Markdown
from oasmith.targets.rendering.toml import Toml
from oasmith.targets.rendering.yaml import Yaml
from oasmith.text import Text

SUFFIX = ".jinja"
"""Of templates; without it their tree is the tree of the output."""


def render(template: str, **views: object) -> str:
    """Render a template. `template` is its path, `package/models/module.py.jinja`.

    Raises:
        UnprintableError: the template prints what no one has made safe.
    """
    return _template(template).render(views).rstrip("\n") + "\n"


class UnprintableError(TypeError):
    """A template prints plain text, which might mean anything in the output."""


def renderer(*folders: Path) -> Render:
    """Return what renders templates of the folders and, where these have none, ours.

    The first folder that has a template wins. It can extend ours as `oasmith/<path>`.
    """
    return _Renderer(folders) if folders else render


TEMPLATE_ERRORS = (jinja2.TemplateError, UnprintableError, UnplannedError)
"""What a template raises that does not fit the views or the plan of its target."""


@cache
def _template(name: str) -> jinja2.Template:
    return environment(_kind(name)).get_template(name)


def _kind(template: str) -> str:
    return template.removesuffix(SUFFIX).rpartition(".")[2]


class _Renderer:
    def __init__(self, folders: tuple[Path, ...]) -> None:
        ours = jinja2.FileSystemLoader(templates.folder())
        self._loader = jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(folders), ours, jinja2.PrefixLoader({"oasmith": ours})]
        )
        self._environments: dict[str, jinja2.Environment] = {}

    def __call__(self, template: str, **views: object) -> str:
        kind = _kind(template)
        if kind not in self._environments:
            self._environments[kind] = _environment(kind, self._loader)
        made = self._environments[kind].get_template(template)
        try:
            return made.render(views).rstrip("\n") + "\n"
        except AttributeError as error:  # views have no attribute that is undefined
            raise jinja2.UndefinedError(str(error)) from error


class _Environment(jinja2.Environment):
    """Views are dataclasses: plain attributes, and one that is missing raises by itself."""

    getattr = staticmethod(getattr)  # type: ignore[assignment]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return nothing: templates know what they are given, and each rendering copies this."""
        return {}


@cache
def environment(kind: str) -> jinja2.Environment:
    """Return the environment of the templates of a kind of file: `py`, `md`, `toml`, ..."""
    return _environment(kind, jinja2.FileSystemLoader(templates.folder()))


def _environment(kind: str, loader: jinja2.BaseLoader) -> jinja2.Environment:
    printable = _PRINTABLE.get(kind, str)

    def finalize(value: object) -> object:
        if isinstance(value, printable):
            return value
        raise UnprintableError(f"{type(value).__name__} is no {printable.__name__}: {value!r}")

    made = _Environment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        auto_reload=False,
        bytecode_cache=Compiled(templates.folder(), _OPTIONS),
        **_OPTIONS,
    )
    made.filters.clear()
    made.filters.update(_FILTERS.get(kind, {}))
    return made


@cache
def _docstring(text: Text, indent: int) -> Code:
    # Both faces of a definition say the same.
    return docstring(wrapped(text, indent), indent)


_FILTERS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "md": {},
    "py": {"docstring": _docstring, "literal": literal},
    "toml": {},
    "txt": {},
    "yml": {},
}

_OPTIONS: Mapping[str, Any] = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    # Not HTML; `finalize` is what makes escaping certain here.
    "autoescape": False,
}

_PRINTABLE: Mapping[str, type[Any]] = {
    "md": Markdown,
    "py": Code,
    "toml": Toml,
    "txt": Markdown,
    "yml": Yaml,
}
"""What templates may print, by the kind of file they make; in others it is any string."""
