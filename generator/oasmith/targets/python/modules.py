"""Which module a definition goes to, and in which order a module says things.

Definitions that refer to each other in a circle (a strongly connected component) share a module,
so no two modules ever import each other. Every other definition has a module of its own, named
after it, in the folder of its namespace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from oasmith.frozen import frozen
from oasmith.targets.python.naming import module_name

T = TypeVar("T", bound=Hashable)


@frozen(kw_only=False)
class Home:
    """Where a definition would live by itself: its folder and its name."""

    folder: tuple[str, ...]
    name: str


def components(nodes: Iterable[T], edges: Callable[[T], Iterable[T]]) -> list[tuple[T, ...]]:
    """Return the strongly connected components, each after all it refers to (Tarjan, 1972).

    Members stand in the order in which a search in depth leaves them: what is referred to first,
    first.
    """
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    left: dict[T, int] = {}
    stack: list[T] = []
    on_stack: set[T] = set()
    found: list[tuple[T, ...]] = []
    for root in nodes:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(edges(root)))]
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges(target))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                left[node] = len(left)
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    start = stack.index(node) if stack[-1] is not node else len(stack) - 1
                    members = stack[start:]
                    del stack[start:]
                    on_stack.difference_update(members)
                    found.append(tuple(sorted(members, key=left.__getitem__)))
    return found


def place(
    homes: Mapping[T, Home], edges: Mapping[T, Sequence[T]]
) -> list[tuple[str, tuple[T, ...]]]:
    """Return the modules (dotted path below the package) with their members.

    A component that spans folders goes to the shortest of them, first by alphabet among equals.
    """
    together = _same_file(homes)
    linked: Mapping[T, Sequence[T]] = edges
    if together:
        linked = {node: (*edges[node], *together.get(node, ())) for node in homes}
    packages = {home.folder[:end] for home in homes.values() for end in range(len(home.folder) + 1)}
    modules = []
    for members in components(homes, linked.__getitem__):
        first = min(
            (homes[member] for member in members),
            key=lambda home: (len(home.folder), home.folder, len(home.name), home.name),
        )
        file = module_name(first.name)
        if (*first.folder, file) in packages:
            file = f"{file}_"
        modules.append((".".join(("models", *first.folder, file)), members))
    return modules


def _same_file(homes: Mapping[T, Home]) -> dict[T, tuple[T, ...]]:
    """Link in a ring what would claim one file: names that differ only in ways files do not."""
    files: defaultdict[tuple[tuple[str, ...], str], list[T]] = defaultdict(list)
    for node, home in homes.items():
        files[home.folder, module_name(home.name)].append(node)
    return {
        node: (group[position - 1],)
        for group in files.values()
        if len(group) > 1
        for position, node in enumerate(group)
    }
