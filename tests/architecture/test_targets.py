"""What targets may import, and that no modules of theirs import each other in a cycle."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from conftest import REPO
from oasmith.targets import registry

PACKAGE = REPO / "generator" / "oasmith"
TARGETS = PACKAGE / "targets"
SHARED = {"contract", "python", "rendering"}
"""What every target may import anything of."""


def _modules() -> dict[str, ast.Module]:
    """Return the modules of targets by dotted name; a package is its `__init__`."""
    return {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): ast.parse(path.read_text("utf-8"))
        for path in sorted(TARGETS.rglob("*.py"))
    }


def _imports(tree: ast.AST, modules: dict[str, ast.Module]) -> Iterator[str]:
    """Yield the modules of ours that are imported anywhere, also for type checkers alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else node.module


def _target(module: str) -> str | None:
    """Return the target that a module belongs to, None if it is shared."""
    parts = module.split(".")
    found = parts[2] if parts[:2] == ["oasmith", "targets"] and len(parts) > 2 else None
    return found if found is not None and (TARGETS / found).is_dir() else None


def test_a_target_knows_of_another_its_class_alone() -> None:
    modules = _modules()
    foreign = {
        (module, imported)
        for module, tree in modules.items()
        if (own := _target(module)) is not None
        for imported in _imports(tree, modules)
        if (other := _target(imported)) is not None and other not in {own, *SHARED}
    }
    assert foreign
    assert {pair for pair in foreign if pair[1].count(".") != 2} == set()


def test_a_target_imports_little_of_the_rest() -> None:
    allowed = {"config", "diagnostics", "frozen", "ir", "runtime", "source", "targets", "text"}
    modules = _modules()
    imported = {
        name.split(".")[1]
        for tree in modules.values()
        for name in _imports(tree, modules)
        if name.startswith("oasmith.")
    }
    assert imported <= allowed


def test_modules_of_targets_import_each_other_in_no_cycle() -> None:
    modules = _modules()
    graph = {
        module: {
            name
            for name in _imports(tree, modules)
            # A package names the class of its target, which takes its own modules when it runs.
            if name in modules and not name.startswith(f"{module}.")
        }
        for module, tree in modules.items()
    }
    assert len(graph) > 60
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_every_target_says_what_it_needs() -> None:
    names = {path.name for path in TARGETS.iterdir() if (path / "__init__.py").exists()}
    found = {name: registry.find(name) for name in names - SHARED}
    assert {target.name for target in found.values()} == names - SHARED
    assert all(needed.name in {*names} for target in found.values() for needed in target.needs)
