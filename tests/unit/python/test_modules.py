"""Modules: one for each circle of references, none that import each other."""

import itertools
from collections.abc import Mapping, Sequence

import pytest

from oasmith.targets.python.modules import Home, components, place


def home(path: str) -> Home:
    *folder, name = path.split(".")
    return Home(tuple(folder), name)


def placed(edges: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {
        path: tuple(sorted(members))
        for path, members in place({node: home(node) for node in edges}, edges)
    }


def test_components_come_after_what_they_refer_to() -> None:
    edges = {"a": ["b"], "b": ["c", "d"], "c": ["b"], "d": []}
    assert components(edges, edges.__getitem__) == [("d",), ("c", "b"), ("a",)]


def test_components_go_as_deep_as_the_document() -> None:
    edges = {n: [n + 1] for n in range(20_000)} | {20_000: []}
    assert len(components(edges, edges.__getitem__)) == 20_001


def test_a_module_each() -> None:
    assert placed({"Foo": ["Bar"], "Bar": []}) == {"models.foo": ("Foo",), "models.bar": ("Bar",)}


def test_a_circle_shares_a_module_named_by_its_shortest() -> None:
    edges = {"Leaf": ["Node"], "Node": ["TreeNode"], "TreeNode": ["Node"]}
    for order in itertools.permutations(edges):
        assert placed({node: edges[node] for node in order}) == {
            "models.node": ("Node", "TreeNode"),
            "models.leaf": ("Leaf",),
        }


def test_a_circle_through_folders_goes_to_the_first() -> None:
    assert placed({"b.X": ["a.Y"], "a.Y": ["b.X"]}) == {"models.a.y": ("a.Y", "b.X")}


def test_names_that_are_one_file_share_it() -> None:
    found = placed({"FooBar": ["Other"], "FooBAR": [], "Other": ["FooBAR"]})
    assert found == {"models.other": ("FooBAR", "FooBar", "Other")}


@pytest.mark.parametrize("order", list(itertools.permutations(["Inference", "inference.X"])))
def test_a_module_is_not_called_like_a_package(order: Sequence[str]) -> None:
    assert placed({node: [] for node in order}) == {
        "models.inference_": ("Inference",),
        "models.inference.x": ("inference.X",),
    }
