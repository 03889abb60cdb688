"""Documents made of a few lines, for the tests of this folder."""

from pathlib import Path

from oasmith.diagnostics import Diagnostics
from oasmith.openapi import Document, Limits, load
from oasmith.openapi.reading import read
from oasmith.source import Json, start_of

HEAD = "openapi: {version}\ninfo: {{title: Pets, version: '1'}}\npaths: {{}}\n"


def document(folder: Path, text: str, version: str = "3.1.0", **files: str) -> Document:
    """Load a document of the lines after its head; `owner="…"` is the file owner.yaml."""
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    path = folder / "openapi.yaml"
    path.write_text(HEAD.format(version=version) + text, encoding="utf-8")
    return load(path, Diagnostics())


def value(folder: Path, text: str | bytes, name: str = "a.yaml", **limits: int) -> Json:
    """Return what a text says; fail if there is anything to report."""
    found, said = reading(folder, text, name, **limits)
    assert said == []
    return found


def reading(
    folder: Path, text: str | bytes, name: str = "a.yaml", **limits: int
) -> tuple[Json, list[tuple[str, str]]]:
    """Return what a text says, and code and message of what is wrong with it."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    diagnostics = Diagnostics()
    source = read(path, diagnostics, Limits(**limits), start_of(path))
    said = [(found.code, found.message) for found in diagnostics.sorted()]
    return None if source is None else source.value, said


def messages(diagnostics: Diagnostics) -> list[str]:
    """Return `line:column severity[code] message` of each finding."""
    return [
        f"{at.line}:{at.column} {found.severity.value}[{found.code}] {found.message}"
        for found in diagnostics.sorted()
        if found.location is not None
        for at in [found.location.position()]
    ]
