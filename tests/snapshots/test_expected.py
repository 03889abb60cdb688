"""What `expected/` holds works: it imports, is typed, is tidy, and does what the examples say."""

import ast
import functools
import importlib
import json
import operator
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from conftest import REPO
from snapshots.features import FEATURES, RUNTIME, Feature, complete

by_feature = pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)


@pytest.fixture(autouse=True)
def wait_for_the_rewriting(rewrite_snapshots: bool) -> None:
    if rewrite_snapshots:
        pytest.skip("expected/ is being rewritten")


@pytest.fixture(scope="module")
def importable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make every package importable, each by its own name."""
    folder = tmp_path_factory.mktemp("expected")
    roots = [str(complete(feature, folder / feature.name)) for feature in FEATURES]
    sys.path[:0] = roots
    importlib.invalidate_caches()
    yield
    sys.path[:] = [entry for entry in sys.path if entry not in roots]


@by_feature
def test_every_module_imports(feature: Feature, importable: None) -> None:
    package = importlib.import_module(feature.package)
    names = [
        module.name for module in pkgutil.walk_packages(package.__path__, f"{feature.package}.")
    ]
    assert f"{feature.package}.models" in names
    for name in names:
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            assert getattr(module, public) is not None, f"{name}.{public}"


@by_feature
def test_examples(feature: Feature, importable: None) -> None:
    for name, examples in feature.examples().items():
        adapter = TypeAdapter(model(feature, name))
        for value in [*examples["valid"], *examples.get("lenient", ())]:
            assert rewritten(feature, adapter, value) == canonical(value), name
        for value in [*examples["invalid"], *examples.get("stricter", ())]:
            with pytest.raises(ValidationError):
                adapter.validate_json(json.dumps(value))
                pytest.fail(f"{name} takes {value}")


def model(feature: Feature, name: str) -> Any:
    models = importlib.import_module(f"{feature.package}.models")
    return operator.attrgetter(name)(models)


def rewritten(feature: Feature, adapter: TypeAdapter[Any], value: object) -> str:
    """Read the value and write it as it goes over the wire: secrets as they are."""
    reveal = importlib.import_module(f"{feature.package}._runtime.secrets").Reveal
    read = adapter.validate_json(json.dumps(value))
    written = adapter.dump_json(read, by_alias=True, exclude_unset=True, context=reveal())
    return canonical(json.loads(written))


def canonical(value: object) -> str:
    """Return a text that differs where 1 is not 1.0 and false is not 0."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def test_types(tmp_path: Path) -> None:
    """One run over all packages. Their copies of the runtime lead to the one in the generator."""
    roots = []
    for feature in FEATURES:
        roots.append(complete(feature, tmp_path / feature.name))
        for file in feature.runtime(tmp_path / feature.name).rglob("*.py"):
            file.write_text(forwarding(file.relative_to(feature.runtime(tmp_path / feature.name))))
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11"]
    command += ["--config-file", os.devnull, "--cache-dir", str(REPO / ".mypy_cache" / "snapshots")]
    paths = os.pathsep.join(map(str, [*roots, REPO / "generator"]))
    packages = [argument for feature in FEATURES for argument in ("--package", feature.package)]
    done = subprocess.run(
        [*command, *packages],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": paths},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout.replace(str(tmp_path), "")[-8000:] + done.stderr


def forwarding(module: Path) -> str:
    """Return a module with the public names of the runtime's own one."""
    dotted = ".".join(("oasmith.runtime", *module.with_suffix("").parts)).removesuffix(".__init__")
    return "".join(f"from {dotted} import {name} as {name}\n" for name in exported(module))


@functools.cache
def exported(module: Path) -> list[str]:
    """Return what a checker lets other modules import: what is made there, or listed in all."""
    names: list[str] = []
    for statement in ast.parse((RUNTIME / module).read_bytes()).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=listed):
                names += ast.literal_eval(listed)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.append(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.ImportFrom(names=aliases):
                names += [alias.name for alias in aliases if alias.name == alias.asname]
            case _:
                pass
    return sorted({name for name in names if not name.startswith("_")})


def test_lint() -> None:
    folders = [feature.expected for feature in FEATURES]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--target-version", "py311"]
    done = subprocess.run([*command, *folders], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert sum(1 for folder in folders for _ in folder.rglob("*.py")) > len(folders)
