"""What the benchmarks compute, without running one."""

from __future__ import annotations

import pytest

from benchmarks.measure import Cost, table, take_turns
from benchmarks.peers import last_line, part


def cost(cpu: float, wall: float = 1.0, rss: float = 10.0) -> Cost:
    return Cost(cpu=cpu, wall=wall, rss=rss, output="")


def test_the_table_shows_medians_and_ratios_to_the_reference() -> None:
    costs = {
        "ours": [cost(0.5), cost(9.0), cost(0.4)],
        "theirs": [cost(2.0), cost(1.0), cost(1.5)],
    }
    lines = [line.split() for line in table(costs, "ours").splitlines()]
    assert lines == [
        ["CPU", "s", "least", "wall", "s", "MB", "ratio"],
        ["ours", "0.500", "0.400", "1.000", "10", "1.00"],
        ["theirs", "1.500", "1.000", "1.000", "10", "3.00"],
    ]


def test_cases_take_turns_after_a_run_to_warm_up() -> None:
    order: list[str] = []

    def case(name: str) -> Cost:
        order.append(name)
        return cost(len(order))

    costs = take_turns({"a": lambda: case("a"), "b": lambda: case("b")}, 2)
    assert order == ["a", "b", "a", "b", "a", "b"]
    assert [each.cpu for each in costs["a"]] == [3, 5]
    assert [each.cpu for each in costs["b"]] == [4, 6]


def test_a_part_of_a_document_holds_what_its_paths_refer_to() -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/_inference/{id}": {"get": {"schema": {"$ref": "#/components/schemas/A"}}},
            "/_search": {"get": {"schema": {"$ref": "#/components/schemas/D"}}},
        },
        "components": {
            "schemas": {
                "A": {"items": {"$ref": "#/components/schemas/B"}},
                "B": {"anyOf": [{"$ref": "#/components/schemas/A"}]},
                "D": {},
            },
            "securitySchemes": {"key": {"type": "http"}},
        },
    }
    smaller = part(document, "_inference")
    assert list(smaller["paths"]) == ["/_inference/{id}"]
    assert set(smaller["components"]["schemas"]) == {"A", "B"}
    assert smaller["components"]["securitySchemes"] == {"key": {"type": "http"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("first\nlast\n\n", "last"),
        ("done\n#####\n# Thanks #\n", "done"),
        ("x" * 200, "x" * 160),
    ],
)
def test_the_last_line_that_says_something(text: str, expected: str) -> None:
    assert last_line(text) == expected
