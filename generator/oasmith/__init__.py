"""oasmith turns an OpenAPI document into a Python package and reference docs.

A build tool uses it as a library:

    config = oasmith.Config(document=Path("openapi.yaml"), output=Path("generated"))
    result = oasmith.generate(config)
    result.write()

Functions print nothing, never exit and keep no state, so they may be called from several threads.
They raise `GenerationError` if the document or the settings cannot be used. Names not listed in
`__all__` may change with any release, except `oasmith.targets.contract`, which targets of other
packages follow.
"""

from __future__ import annotations

from oasmith.version import __version__

TYPE_CHECKING = False  # for type checkers alone; to import typing takes longer than all else

if TYPE_CHECKING:
    from oasmith.config import Config
    from oasmith.diagnostics import Diagnostic, Diagnostics, GenerationError, Severity
    from oasmith.output import Change
    from oasmith.pipeline import Result, generate, is_current, load, plan, read_settings
    from oasmith.targets.contract import File

__all__ = [
    "Change",
    "Config",
    "Diagnostic",
    "Diagnostics",
    "File",
    "GenerationError",
    "Result",
    "Severity",
    "__version__",
    "generate",
    "is_current",
    "load",
    "plan",
    "read_settings",
]

_HOMES = {
    "Change": "output",
    "Config": "config",
    "Diagnostic": "diagnostics",
    "Diagnostics": "diagnostics",
    "File": "targets.contract",
    "GenerationError": "diagnostics",
    "Result": "pipeline",
    "Severity": "diagnostics",
    "generate": "pipeline",
    "is_current": "pipeline",
    "load": "pipeline",
    "plan": "pipeline",
    "read_settings": "pipeline",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
