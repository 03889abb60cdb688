"""The pattern of `TypesDuration` against what the server takes, in the two engines that run it."""

import json
import re
from collections.abc import Callable

import pytest
from pydantic_core import SchemaValidator, ValidationError, core_schema

from conftest import SHARED
from spec.document import problems, shared_schema

PATTERN: str = shared_schema("TypesDuration").value["anyOf"][0]["pattern"]
# The facts name the grammar; these are its corners.
MORE_TAKEN = ["1d", "2h", "3m", "4 m", " 5m", " 6ms ", "7Micros", "8NANOS", "-01 h", "00s", " 0 "]
MORE_REFUSED = ["5m ", "-0", "- 1s", "-2s", "s", "1 0s", "0x1s", "1,5s", "5 M", "٣s"]

_RUST = SchemaValidator(core_schema.str_schema(pattern=PATTERN, regex_engine="rust-regex"))


def python(text: str) -> bool:
    return re.search(PATTERN, text) is not None


def rust(text: str) -> bool:
    try:
        _RUST.validate_python(text)
    except ValidationError:
        return False
    return True


def json_schema(text: str) -> bool:
    return not problems(shared_schema("TypesDuration"), text)


@pytest.mark.shared
@pytest.mark.parametrize("engine", [python, rust, json_schema])
def test_time_values_of_the_server(engine: Callable[[str], bool]) -> None:
    facts = json.loads((SHARED / "facts" / "server_facts.json").read_text("utf-8"))["time_value"]
    taken = [*facts["examples_ok"], *(f"1{unit}" for unit in facts["units"])]

    assert [text for text in taken if not engine(text)] == []
    assert [text for text in facts["examples_refused"] if engine(text)] == []


@pytest.mark.parametrize("engine", [python, rust, json_schema])
def test_corners(engine: Callable[[str], bool]) -> None:
    assert [text for text in MORE_TAKEN if not engine(text)] == []
    assert [text for text in MORE_REFUSED if engine(text)] == []


def test_numbers_are_not_time_values() -> None:
    assert problems(shared_schema("TypesDuration"), -1) != []
