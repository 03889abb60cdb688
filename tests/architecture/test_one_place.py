"""Rules of OpenAPI and HTTP that both the generator and the runtime follow are written once."""

import re

import pytest

from conftest import REPO

PACKAGE = REPO / "generator" / "oasmith"
FACTS = {
    "suffix of JSON": (r"\+json[\"']", "media_types"),
    "lines of JSON": (r"[\"']application/x-ndjson[\"']", "media_types"),
    "event streams": (r"[\"']text/event-stream[\"']", "media_types"),
    "forms in parts": (r"[\"']multipart/[\"']", "media_types"),
    "parameters of a media type": (r"partition\([\"'];[\"']\)", "media_types"),
    "ranges of media types": (r"fnmatchcase\(media_type", "media_types"),
    "deepObject": (r"%5B", "styles"),
    "pipeDelimited": (r"%7C", "styles"),
    "spaceDelimited": (r"\"%20\"", "styles"),
    "segments of dots": (r"%2E%2E", "styles"),
    "reserved characters": (r":/\?@!", "styles"),
    "default styles": (r"[\"']querystring[\"']: \(?\[?[\"']content", "styles"),
    "default of explode": (r"\([\"']form[\"'], [\"']cookie[\"']\)$", "styles"),
    "cutoff of suggestions": (r"get_close_matches", "suggest"),
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_has_one_place(fact: str) -> None:
    pattern, module = FACTS[fact]
    places = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert places == {f"runtime/semantics/{module}.py"}
