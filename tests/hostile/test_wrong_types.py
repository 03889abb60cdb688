"""Every part of documents with every object of OpenAPI replaced by values of other types: told or
taken.
"""

import os
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from hostile.running import generate, is_safe_to_print
from hostile.texts import document, plain

WRONG: tuple[Any, ...] = (
    None,
    True,
    7,
    -1.5,
    "x",
    "",
    [],
    {},
    [None],
    {"$ref": "#"},
    {"$ref": "#/components/schemas/Thing"},
    {"$ref": 7},
    [{}],
    [["x"]],
    {"x": None},
    10**30,
)
STRIDE = 1 if os.environ.get("EVERY") else 307
"""One of so many is tried; all of them, which takes an hour, if `EVERY` is set."""
WHOLE = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("objects").glob("*.yaml"))
} | {"plain": document(plain)}
SHARES = 2


def places(value: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield above
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, (*above, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*above, index))


def replaced(whole: Any, place: tuple[str | int, ...], value: object) -> Any:
    if not place:
        return value
    copy = deepcopy(whole)
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return copy


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("version", WHOLE)
def test_no_wrong_type_breaks_anything(
    version: str,
    share: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = WHOLE[version]
    trials = [*product(places(whole), WRONG)][share::SHARES][::STRIDE]
    assert trials
    for number, (place, value) in enumerate(trials):
        changed = replaced(whole, place, value)
        run = generate(tmp_path / str(number), changed, monkeypatch, capsys)
        assert run.code in (0, 1), (place, value, run.err)
        assert is_safe_to_print(run.err)
        for line in run.err.splitlines():
            if "error[" in line:
                assert line.startswith("openapi.json:1:"), (place, value, line)
        places_told = re.findall(
            r"^(\S+:\d+:\d+): \w+\[(?:wrong-type|unknown-value)\]", run.err, re.MULTILINE
        )
        assert len(places_told) == len({*places_told}), (place, value, run.err)
