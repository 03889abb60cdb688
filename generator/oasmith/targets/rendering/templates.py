"""Where the templates are."""

from pathlib import Path


def folder() -> Path:
    """Return the folder of templates: in a wheel beside the modules, in a checkout at its root."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent.parent / "templates"
