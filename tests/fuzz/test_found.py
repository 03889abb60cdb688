"""What fuzzing found, each as the smallest document that shows it: a folder of regressions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fuzz.documents import Written
from fuzz.judging import Judge

FOUND = sorted((Path(__file__).parent / "found").glob("*.json"))
REFUSED = {
    "device_with_an_extension": False,
    "half_a_character": True,
    "map_of_itself_and_more": False,
    "method_in_capitals": True,
    "nothing_but_itself": True,
    "objects_for_words_in_swagger": True,
    "option_of_itself": False,
}
"""Whether a document is refused, where it is one or the other on purpose."""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with Judge(tmp_path_factory.mktemp("found")) as made:
        yield made


@pytest.mark.parametrize("document", FOUND, ids=lambda path: path.stem)
def test_what_was_found_stays_mended(document: Path, judge: Judge) -> None:
    refusals = judge.refusals
    judge.examine(Written({"openapi.json": document.read_bytes()}))
    if document.stem in REFUSED:
        assert (judge.refusals > refusals) is REFUSED[document.stem]
