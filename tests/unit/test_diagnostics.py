"""Messages: all at once, sorted, each with its place, and nothing that moves the cursor."""

from pathlib import Path

import pytest

from oasmith.diagnostics import CODES, Diagnostics, Severity, Stop, visible
from oasmith.source import Location, Source, Spot


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.chdir(tmp_path)
    return Source(tmp_path / "a.yaml", "one: 1\ntwo:\n  - x\n\tthree: 3\n")


def test_a_message_in_full(source: Source) -> None:
    diagnostics = Diagnostics()
    diagnostics.error(
        "wrong-type",
        Location(Source(source.path, "one: 1\ntwo: [x]\n")) / "two" / 0,
        "this is wrong",
        "do better",
        related=[("first", Spot(source, 5))],
    )
    assert diagnostics.render() == (
        "a.yaml:2:7: error[wrong-type]: this is wrong\n"
        "  2 | two: [x]\n"
        "    |       ^\n"
        "  in #/two/0\n"
        "  first: a.yaml:1:6\n"
        "  hint: do better\n"
    )


def test_messages_are_sorted_and_said_once(source: Source) -> None:
    diagnostics = Diagnostics()
    for offset in (12, 5, 12):
        diagnostics.warning("unparsable", Spot(source, offset), f"at {offset}")
    diagnostics.error("unreadable", None, "no file")
    heads = [line for line in diagnostics.render().splitlines() if not line.startswith(" ")]
    assert heads == [
        "oasmith: error[unreadable]: no file",
        "a.yaml:1:6: warning[unparsable]: at 5",
        "a.yaml:3:1: warning[unparsable]: at 12",
    ]


def test_strict_makes_errors_of_warnings(source: Source) -> None:
    for strict, severity in ((False, Severity.WARNING), (True, Severity.ERROR)):
        diagnostics = Diagnostics(strict=strict)
        diagnostics.warning("unparsable", Spot(source, 0), "odd")
        assert [found.severity for found in diagnostics] == [severity]
        assert diagnostics.failed is strict


def test_only_errors_stop(source: Source) -> None:
    diagnostics = Diagnostics()
    diagnostics.warning("unparsable", Spot(source, 0), "odd")
    diagnostics.stop_if_failed()
    diagnostics.error("unparsable", Spot(source, 0), "wrong")
    with pytest.raises(Stop):
        diagnostics.stop_if_failed()


def test_text_of_the_document_is_harmless() -> None:
    assert visible("a\x1b[31m\u202e\u200b\r\n\ud800é") == ("a\\x1b[31m\\u202e\\u200b\\r\\n\\ud800é")


def test_tabs_and_wide_characters_keep_the_caret_in_place(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    diagnostics.error("unparsable", Spot(Source(tmp_path / "a", "\t漢字x"), 3), "here")
    excerpt = diagnostics.render().splitlines()[1:]
    assert excerpt == ["  1 |     漢字x", "    |         ^"]


def test_a_long_line_is_cut_around_the_place(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    text = "a" * 500 + "X" + "b" * 500
    diagnostics.error("unparsable", Spot(Source(tmp_path / "a", text), 500), "here")
    line, caret = diagnostics.render().splitlines()[1:]
    assert line == "  1 | …" + "a" * 33 + "X" + "b" * 66 + "…"
    assert line[caret.index("^")] == "X"


def test_color_surrounds_the_kind_only(source: Source) -> None:
    diagnostics = Diagnostics()
    diagnostics.error("unparsable", Spot(source, 0), "wrong")
    assert "\x1b[1;31merror[unparsable]\x1b[0m: wrong" in diagnostics.render(color=True)
    assert "\x1b" not in diagnostics.render()


def test_every_code_is_explained_in_a_sentence() -> None:
    assert all(text.endswith(".") for text in CODES.values())
    with pytest.raises(KeyError):
        Diagnostics().error("no-such-code", None, "")


def test_many_of_one_kind_are_told_once(source: Source) -> None:
    found = {verbose: Diagnostics(verbose=verbose) for verbose in (False, True)}
    for diagnostics in found.values():
        for offset in range(4):
            diagnostics.warning("unparsable", Spot(source, 5 + offset), f"`{offset}` is odd")
        for offset in range(3):
            diagnostics.warning("unparsable", Spot(source, 5 + offset), f"`{offset}` is strange")
        diagnostics.error("unparsable", Spot(source, 5), "`9` is odd")
        assert diagnostics.count(Severity.WARNING) == 7
    shown = {
        verbose: [line for line in diagnostics.render().splitlines() if "is odd" in line]
        for verbose, diagnostics in found.items()
    }
    assert shown[False] == [
        "a.yaml:1:6: warning[unparsable]: `0` is odd",
        "a.yaml:1:6: error[unparsable]: `9` is odd",
    ]
    assert len(shown[True]) == 5
    assert (
        found[False].render().count("  and 3 more places like this (--verbose lists them)\n") == 1
    )
    assert found[False].render().count("is strange") == 3
    assert "more places" not in found[True].render()


def test_degraded_are_places_not_messages(source: Source) -> None:
    diagnostics = Diagnostics()
    assert diagnostics.degraded == 0
    for offset, code, message in (
        (0, "degraded", "one"),
        (0, "degraded", "another"),
        (0, "pattern-not-checked", "a third"),
        (3, "pattern-not-checked", "elsewhere"),
        (4, "unparsable", "something else"),
    ):
        diagnostics.warning(code, Spot(source, offset), message)
    assert diagnostics.degraded == 2
