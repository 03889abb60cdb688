"""Which patterns may keep Python's `re` busy for ever."""

import pytest

from oasmith.python.backtracking import may_explode
from oasmith.python.patterns import Engine, Pattern, translate

EXPLODING = [
    r"^(?=x)(a+)+$",
    r"^(?!x)([a-z]+)*\d$",
    r"(?!x)(a|aa)+$",
    r"(?!x)(.*)*b",
    r"^(?!_)(?:\w+\s?)*$",
    r"(a*b*)*c",
    r"(a?b?)*c",
    r"(x+x+)+y",
    r"(?=(a+)+$)b",
    r"((ab)*|(abab)*)*c",
    r"(a+){15}b",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@)",
    "(?!x)(" + "|".join(f"[a-z{n}]+" for n in range(200)) + ")*",
]
BOUNDED = [
    r"^(?=.*[0-9])(?!a).*$",
    r"(?:[a-z]+-)*[a-z]+",
    r"^(?!x)[a-z]+(\.[a-z]+)*$",
    r"(\d{3})+",
    r"(?:ab|cd)*x",
    r"^(?!.*--)[a-z0-9-]{1,63}$",
    r"a{0,1000}b",
    r"(?:[^/]+/)*[^/]+",
    r"^(?:%[0-9a-f]{2}|[a-z])*$",
    r"^(?=.{1,64}@)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*@[^-][A-Za-z0-9-]+(\.[A-Za-z]{2,})$",
    r"^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|(?!$))){4}$",
    r"(a)\1(?(1)b|c)(?>d)e++",
]


@pytest.mark.parametrize("pattern", EXPLODING)
def test_loops_that_match_in_several_ways(pattern: str) -> None:
    assert may_explode(pattern)


@pytest.mark.parametrize("pattern", BOUNDED)
def test_loops_that_match_in_one_way(pattern: str) -> None:
    assert not may_explode(pattern)


def test_an_engine_without_backtracking_takes_them() -> None:
    assert translate("^(a+)+$") == Pattern(Engine.RUST, "^(a+)+$")
    assert "for ever" in str(translate("^(?!x)(a+)+$"))
