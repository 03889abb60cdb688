"""What the generated package says of itself: name, version, dependencies."""

from __future__ import annotations

import re

from oasmith.text import Text

RUNTIME_DEPENDENCIES = ("httpx2>=2.16", "pydantic>=2.14")
"""What every generated package needs, with the least versions its runtime was tested with."""

TYPING_EXTENSIONS = "typing_extensions>=4.14"
"""Needed besides where an alias refers to itself or an operation is deprecated."""

_RELEASE = re.compile(r"[vV]?(?P<release>\d+(?:\.\d+)*)(?P<rest>.*)", re.DOTALL)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_SUFFIX = re.compile(
    r"[-_.]?(?P<kind>alpha|a|beta|b|preview|pre|c|rc|post|rev|r|dev)[-_.]?(?P<number>\d*)",
    re.IGNORECASE,
)
_SUFFIXES = {
    "alpha": "a",
    "a": "a",
    "beta": "b",
    "b": "b",
    "preview": "rc",
    "pre": "rc",
    "c": "rc",
    "rc": "rc",
    "post": ".post",
    "rev": ".post",
    "r": ".post",
    "dev": ".dev",
}


def python_version(version: Text) -> str:
    """Return the version of a document as a version of a Python package.

    The result is in the normal form of PEP 440. What that form has no place for is kept behind a
    `+`, as a local version: `1.0-SNAPSHOT` gives `1.0+snapshot`, `latest` gives `0+latest`.
    """
    text = _DATE.sub(r"\1.\2.\3", version.raw.strip())
    release, rest = "0", text
    if found := _RELEASE.fullmatch(text):
        release = ".".join(str(int(part)) for part in found["release"].split("."))
        rest = found["rest"]
    if not rest:
        return release
    if suffix := _SUFFIX.fullmatch(rest):
        return f"{release}{_SUFFIXES[suffix['kind'].lower()]}{int(suffix['number'] or 0)}"
    local = ".".join(re.findall(r"[a-z0-9]+", rest.lower()))
    return f"{release}+{local}" if local else release


def distribution_name(package: str) -> str:
    """Return the name under which the package is installed, in the normal form of PEP 503."""
    return re.sub(r"[-_.]+", "-", package).lower()
