"""No modules of the generator import each other in a cycle, not even for types alone."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from conftest import REPO

GENERATOR = REPO / "generator" / "oasmith"

EXCEPTIONS = {
    # The runtime is copied into packages; taking these apart changes what is generated.
    frozenset(("runtime.building", "runtime.building_trial")): "each builds values for the other",
    frozenset(("runtime.checks", "runtime.models", "runtime.rules")): "checks need model classes",
    frozenset(("runtime.aio.client", "runtime.aio.tokens")): "fetching a token is a request",
    frozenset(("runtime.sync.client", "runtime.sync.tokens")): "written by the script from aio",
}
"""Cycles that are known, each with the reason why it is still there."""


def test_no_modules_import_each_other_in_a_cycle() -> None:
    assert set(cycles(imports(GENERATOR))) == EXCEPTIONS.keys()


def test_a_cycle_is_found_even_if_it_is_hidden(tmp_path: Path) -> None:
    files = {
        "one.py": "import typing\nif typing.TYPE_CHECKING:\n    from oasmith import two\n",
        "two.py": "def call() -> None:\n    from oasmith.three import three\n",
        "three/__init__.py": "from ..one import first\n",
        "four.py": "import oasmith.one\n",
    }
    for name, text in files.items():
        path = tmp_path / "oasmith" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert cycles(imports(tmp_path / "oasmith")) == [frozenset(("one", "two", "three"))]


def imports(package: Path) -> dict[str, set[str]]:
    """Return the modules of the package that each of its modules imports anywhere."""
    modules = {
        ".".join(path.relative_to(package).with_suffix("").parts).removesuffix(".__init__"): path
        for path in package.rglob("*.py")
    }
    return {name: set(_imported(name, path, modules)) for name, path in modules.items()}


def _imported(name: str, path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                inside = [*name.split("."), *(["__init__"] if path.stem == "__init__" else [])]
                base = ".".join(("oasmith", *inside[: -node.level], *filter(None, (node.module,))))
            found = [f"{base}.{alias.name}" for alias in node.names]
            found = [each if _inside(each) in modules else base for each in found]
        yield from (
            module for each in found if (module := _inside(each)) in modules and module != name
        )


def _inside(module: str) -> str:
    """Return the name of a module without that of the package."""
    return module.removeprefix("oasmith").removeprefix(".") or "__init__"


def cycles(graph: Mapping[str, set[str]]) -> list[frozenset[str]]:
    """Return the largest sets of modules that all lead to each other."""
    reached = {module: _reached(module, graph) for module in graph}
    found = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in graph
        if module in reached[module]
    }
    return sorted(found, key=sorted)


def _reached(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*graph[start]]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += graph[module]
    return found
