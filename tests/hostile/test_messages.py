"""What the command says when it fails: in words, with the place, and never a traceback."""
# ruff: noqa: E501 - messages stand in full

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.running import first_line, generate
from oasmith import cli
from oasmith.diagnostics import CODES
from oasmith.explanations import EXAMPLES
from oasmith.ir.build import definitions

HEAD = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n'


def test_there_is_an_example_for_each_code() -> None:
    assert EXAMPLES.keys() == CODES.keys()


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_is_explained_with_an_example(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", code]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{code}: {CODES[code]}\n\nFor example:\n\n  ")
    assert all(len(line) <= 100 for line in said.splitlines()[1:])


def test_every_code_in_the_sources_is_registered() -> None:
    sources = Path(cli.__file__).parent.rglob("*.py")
    used = {
        code
        for path in sources
        for code in re.findall(
            r"(?:diagnostics|_diagnostics)\.(?:error|warning)\(\s*\"([a-z-]+)\"",
            path.read_text(encoding="utf-8"),
        )
    }
    assert len(used) > 15
    assert used <= CODES.keys()


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        (ValueError("x\x1b[31m"), 3, r"openapi\.yaml:6:5: error\[internal\]: ValueError: x\\x1b\[31m \(\w+\.py:\d+\)"),
        (RecursionError(), 1, r"openapi\.yaml:6:5: error\[too-large\]: .*; nothing was written"),
    ],
)  # fmt: skip
def test_a_defect_names_the_place_that_was_worked_on(
    fault: Exception,
    code: int,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    define: Callable[..., None] = definitions.define

    def failing(build: object, id_: object, node: object) -> None:
        if str(id_) == "Pet":
            raise fault
        define(build, id_, node)

    monkeypatch.setattr(definitions, "define", failing)
    document = f"{HEAD}components:\n  schemas:\n    Pet:  {{type: object}}\n"
    run = generate(tmp_path, document, monkeypatch, capsys, name="openapi.yaml")
    assert run.code == code
    assert re.fullmatch(message, first_line(run))
    assert "Traceback" not in run.err
    assert not (tmp_path / "generated").exists()


@pytest.mark.parametrize(
    "schema",
    [
        "$ref: '#/components/schemas/S{next}'",
        "allOf: [{{$ref: '#/components/schemas/S{next}'}}]",
    ],
)
def test_references_that_lead_on_for_ever_are_too_many(
    schema: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [f"    S{n}: {{{schema.format(next=n + 1)}}}\n" for n in range(300)]
    document = f"{HEAD}components:\n  schemas:\n{''.join(lines)}    S300: {{type: string}}\n"
    run = generate(tmp_path, document, monkeypatch, capsys, name="openapi.yaml")
    assert (run.code, " error[too-large]: " in first_line(run)) == (1, True)


@pytest.mark.parametrize(
    "schema",
    [
        "allOf: [{REF}, {REF}], properties: {p: {}}",
        "oneOf: [{REF}, {type: array, items: {REF}}]",
    ],
)
def test_what_comes_twice_on_every_level_is_read_once(
    schema: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    references = [f"{{$ref: '#/components/schemas/S{n + 1}'}}" for n in range(40)]
    lines = [
        f"    S{n}: {{{schema.replace('{REF}', reference)}}}\n"
        for n, reference in enumerate(references)
    ]
    document = f"{HEAD}components:\n  schemas:\n{''.join(lines)}    S40: {{type: object}}\n"
    run = generate(tmp_path, document, monkeypatch, capsys, name="openapi.yaml")
    assert (run.code, first_line(run)) == (0, "")


def test_a_file_name_cannot_steer_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = generate(
        tmp_path, "openapi: 3.1.0\ninfo: x\n", monkeypatch, capsys, name="a\x1b[31m\n.yaml"
    )
    assert first_line(run).startswith(r"a\x1b[31m\n.yaml:2:7: error[wrong-type]: ")


SCHEMA = "components:\n  schemas:\n    Pet:\n      type: object\n      "
TOLD = {
    "a number where a string belongs": (
        "openapi: 3.1.0\ninfo: {title: t, version: 1.10}\npaths: {}\n",
        ["2:27: warning[wrong-type]: `version` must be a string, not a number"],
    ),
    "a list that is none": (
        f"{HEAD}servers: 7\n",
        ["4:10: error[wrong-type]: `servers` must be a list, not an integer"],
    ),
    "a version as a number": (
        'swagger: 2.0\ninfo: {title: t, version: "1"}\npaths: {}\n',
        ["1:10: warning[wrong-type]: `swagger` must be a string, not a number"],
    ),
    "a required property": (
        f"{HEAD}{SCHEMA}required: name\n      properties: {{name: {{type: string}}}}\n",
        ["8:17: warning[wrong-type]: `required` must be a list, not a string"],
    ),
    "items of old drafts": (
        f"{HEAD}{SCHEMA}properties: {{a: {{type: array, items: [{{type: string}}]}}}}\n",
        [
            "8:20: warning[degraded]: not checked: which item of a list of no fixed length is of which type",
            "8:37: warning[wrong-type]: `items` must be a boolean or an object, not a list",
        ],
    ),
    "no schema": (
        f"{HEAD}{SCHEMA}properties: {{a: null}}\n",
        ["8:23: warning[wrong-type]: `a` must be a boolean or an object, not null"],
    ),
    "a type of Swagger": (
        f"{HEAD}{SCHEMA}properties: {{a: {{type: file}}}}\n",
        [
            "8:30: error[unknown-value]: `type` cannot be `file`: it is `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`"
        ],
    ),
    "a path without a slash": (
        HEAD.replace("{}", "{pets: {}}"),
        ["3:9: warning[schema-structure]: the path `pets` must start with `/`"],
    ),
    "a reference to what it cannot be": (
        HEAD.replace("{}", "{/pets: {get: {$ref: '#/paths'}}}"),
        [
            "3:29: error[misplaced-reference]: this leads to a paths object; an operation object belongs here"
        ],
    ),
    "an index with a zero before it": (
        f"{HEAD}x-a: [{{type: string}}]\n{SCHEMA}properties: {{a: {{$ref: '#/x-a/00'}}}}\n",
        ["9:30: error[unresolved-reference]: `#/x-a/00` does not exist: there is no `00` in #/x-a"],
    ),
    "all of several faults": (
        f"{HEAD}servers: 7\n{SCHEMA}properties: {{a: {{$ref: '#/x'}}, b: {{type: strng}}}}\ntags: 1\n",
        [
            "4:10: error[wrong-type]: `servers` must be a list, not an integer",
            "9:30: error[unresolved-reference]: `#/x` does not exist: there is no `x` at the top",
            "9:48: error[unknown-value]: `type` cannot be `strng`: it is `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`",
            "10:7: error[wrong-type]: `tags` must be a list, not an integer",
        ],
    ),
}


@pytest.mark.parametrize(("document", "messages"), TOLD.values(), ids=TOLD)
def test_each_fault_is_told_once_and_in_order(
    document: str,
    messages: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = generate(tmp_path, document, monkeypatch, capsys, name="openapi.yaml")
    told = [line for line in run.err.splitlines() if line.startswith("openapi.yaml:")]
    assert told == [f"openapi.yaml:{message}" for message in messages]
    assert run.code == int(any("error[" in message for message in messages))


def test_thousands_of_broken_references_are_told_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"    Thing{n}: {{$ref: '#/components/schemas/Thong{n}'}}\n" for n in range(3000)]
    document = f"{HEAD}components:\n  schemas:\n{''.join(lines)}"
    run = generate(tmp_path, document, monkeypatch, capsys, name="openapi.yaml")
    assert run.code == 1
    assert run.err.count("error[") == 1
    assert "and 2,999 more places like this" in run.err
    assert "hint: did you mean `Thing0`?" in run.err
    assert run.err.endswith("3,000 errors; nothing was written\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\ttitle: x", "    title: x"),
        ("{title: 漢字😀, ", "{title: 漢字😀, "),
        ('{title: "a\u200b\u202e", ', '{title: "a\\u200b\\u202e", '),
        ("{title: " + "x" * 10_000 + ", ", "x" * 50 + ", "),
    ],
)
def test_the_caret_stands_below_the_place(
    text: str,
    shown: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = {"title": text.strip()} if text.startswith("\t") else {}
    schema = f"{text}type: strng}}" if not where else "{type:\tstrng}"
    document = f"{HEAD}components: {{schemas: {{A: {schema}}}}}\n"
    run = generate(tmp_path, document, monkeypatch, capsys, name="openapi.yaml")
    lines = run.err.splitlines()
    (index,) = (n for n, line in enumerate(lines) if "error[" in line)
    line, caret = lines[index + 1 : index + 3]
    columns = "".join(
        char if unicodedata.east_asian_width(char) not in "WF" else char + " " for char in line
    )
    assert columns[caret.index("^") :].startswith("strng")
    assert len(line) < 130
    assert where or shown in line
