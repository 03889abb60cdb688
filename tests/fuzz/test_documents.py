"""A bounded and always equal slice of the fuzzing; `make fuzz` goes on for as long as wanted."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from fuzz import packages
from fuzz.documents import Written, documents
from fuzz.judging import Judge
from fuzz.mutations import mutations
from fuzz.packages import Violation

CASES = 150


@pytest.mark.parametrize("strategy", [documents, mutations])
def test_no_document_breaks_a_promise(
    tmp_path: Path, strategy: Callable[[], SearchStrategy[Written]]
) -> None:
    with Judge(tmp_path) as judge:
        cases = 0

        @settings(
            max_examples=CASES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy())
        def examine(written: Written) -> None:
            nonlocal cases
            cases += 1
            judge.examine(written, wholly=cases == 100)

        examine()
        assert cases == judge.packages + judge.refusals == CASES
        # Neither of the two promises is tried on nothing.
        assert min(judge.packages, judge.refusals) > CASES // 6


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("import os\n", "imports import os"),
        ("from os import path\n", "imports from os"),
        ('open("CANARY", "w")\n', "calls open"),
        ("x = __import__\n", "uses __import__"),
        ("x = y.__globals__\n", "reaches for __globals__"),
        ("for x in y:\n    pass\n", "has a statement For"),
        ("class A:\n    y\n", "evaluates y"),
        ("if x:\n    pass\n", "decides at import"),
        ("x = '\\d'\n", "does not compile"),
        ("x = (\n", "does not compile"),
        ("x\u0301\u00b5 = 1\n", "x"),
        ("from .gone import x\n", "which is not there"),
    ],
)
def test_the_judge_sees_what_is_wrong_with_a_module(text: str, problem: str) -> None:
    with pytest.raises(Violation, match=problem):
        packages.judge({"a/b.py": text})


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("docs/a.md", "<img src=x onerror=alert(1)>\n", "HTML"),
        ("docs/a.md", "[x](javascript:alert\\(1\\))\n", "link"),
        ("docs/a.md", "a \u202e b\n", "control"),
        ("../a.md", "", "path"),
        ("a/nul.txt/b.md", "", "Windows"),
        (f"{'a' * 300}.md", "", "path"),
    ],
)
def test_the_judge_sees_what_is_wrong_with_a_page(path: str, text: str, problem: str) -> None:
    with pytest.raises(Violation, match=problem):
        packages.judge({path: text})


_TRIES = """
import sys
from fuzz.worker import Watch
watch = Watch()
for text in sys.argv[1:]:
    try:
        exec(text)
    except PermissionError:
        pass
print(len(watch.tried))
"""


def test_the_worker_refuses_what_a_payload_would_do(tmp_path: Path) -> None:
    tries = ['open("CANARY", "w")', "__import__('os').system('touch CANARY')"]
    tries += [
        "__import__('os').mkdir('CANARY')",
        "__import__('subprocess').run(['touch', 'CANARY'])",
    ]
    said = subprocess.check_output(
        [sys.executable, "-P", "-c", _TRIES, *tries],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )
    assert said.strip() == str(len(tries))
    assert not list(tmp_path.iterdir())
