"""The features: a folder each, with a document, its settings, what is generated, and examples.

`expected/` holds everything that a run writes, but for its manifest and cache, which are digests,
and `_runtime/`, which is a verbatim copy of `generator/oasmith/runtime`.

`examples.json` holds values for each model, by its path in `models`:

- `valid`: fits the schema; the model takes it and writes it back as it was. (Requests also take a
  value without its required constants, and write them; that is not shown here.)
- `invalid`: does not fit the schema; the model refuses it.
- `stricter`: fits the schema; the model refuses it all the same (unknown members of requests).
- `lenient`: does not fit the schema; the model takes it all the same (answers of newer servers,
  what no type of Python says, null where 3.0 documents mean it without saying it).
- `schema`: the schema that it is about, where that has another name. Null: the values say more
  than one schema can (read-only members, several files), so only the model is asked.
"""

import json
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import REPO

HERE = Path(__file__).resolve().parent
RUNTIME = REPO / "generator" / "oasmith" / "runtime"


@dataclass(frozen=True, slots=True)
class Feature:
    """One folder below `tests/snapshots`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def document(self) -> Path:
        return self.folder / "openapi.yaml"

    @property
    def expected(self) -> Path:
        return self.folder / "expected"

    @property
    def package(self) -> str:
        name = tomllib.loads((self.folder / "oasmith.toml").read_text())["package"]
        assert isinstance(name, str)
        return name

    def source_root(self, tree: Path) -> Path:
        """Return the folder that holds the importable package, below the output folder `tree`."""
        return tree / self.package / "src"

    def runtime(self, tree: Path) -> Path:
        """Return the folder of the runtime's copy, below the output folder `tree`."""
        return self.source_root(tree) / self.package / "_runtime"

    def examples(self) -> dict[str, dict[str, Any]]:
        examples: dict[str, dict[str, Any]] = json.loads(
            (self.folder / "examples.json").read_text(encoding="utf-8")
        )
        return examples


FEATURES = [Feature(file.parent) for file in sorted(HERE.glob("*/oasmith.toml"))]


def files_in(folder: Path) -> dict[str, str]:
    """Return every file below the folder, by its path, but for manifest, caches and bytecode."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__pycache__")) for part in inside.parts)
        if path.is_file() and not hidden:
            found[inside.as_posix()] = path.read_bytes().decode()
    return found


def complete(feature: Feature, tree: Path) -> Path:
    """Copy `expected/` to the folder `tree` and add the runtime; return the import root."""
    shutil.copytree(feature.expected, tree, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copytree(
        RUNTIME,
        feature.runtime(tree),
        ignore=shutil.ignore_patterns("__pycache__", ".*"),
        dirs_exist_ok=True,
    )
    return feature.source_root(tree)
