"""Models that show whether a version of pydantic is as `building` expects."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pydantic import model_validator
from typing_extensions import TypeAliasType

from .building import BuiltOnce

_counts: Counter[str] = Counter()


class Leaf(BuiltOnce):
    """A model of another module, with a function around it."""

    __module__ = "leaf"

    n: int

    @model_validator(mode="before")
    @classmethod
    def _count(cls, value: Any) -> Any:
        _counts["leaf"] += 1
        return value


class Node(BuiltOnce):
    """A model in a circle, with an alias that is referred to often."""

    leaf: Leaf
    other: Other | None = None
    many: tuple[Kind, Kind, Kind, Kind, Kind, Kind, Kind, Kind, Kind, Kind] | None = None


class Other(BuiltOnce):
    """The other model of the circle."""

    node: Node | None = None
    kind: Kind | None = None


Kind = TypeAliasType("Kind", "list[Other]")


def succeeds() -> bool:
    """Build the models, and return whether they behave as those of pydantic."""
    inner: dict[str, Any] = {"node": {"leaf": {"n": 2}}, "kind": [{}]}
    value = {"leaf": {"n": 1}, "other": inner}
    for model in (Node, Other, Leaf):
        model.model_rebuild(force=True)
    _counts.clear()
    node = Node.model_validate(value)
    definitions = Node.model_json_schema()["$defs"]
    return (
        node.other == Other.model_validate(inner)
        and node.model_dump(exclude_unset=True) == value
        and Node.model_validate_json(node.model_dump_json(exclude_unset=True)) == node
        and _counts == {"leaf": 5}
        and definitions.keys() == {"Kind", "Leaf", "Node", "Other"}
        and definitions["Leaf"]["required"] == ["n"]
    )
