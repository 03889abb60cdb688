"""What the command says when it fails: in words, with the place, and never a traceback."""
# ruff: noqa: E501 - messages stand in full

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.running import first_line, generate
from oasmith import cli
from oasmith.diagnostics import CODES
from oasmith.explanations import EXAMPLES
from oasmith.ir.lower.schemas import Schemas

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
    define: Callable[..., None] = Schemas.define

    def failing(self: Schemas, id_: object, node: object) -> None:
        if str(id_) == "Pet":
            raise fault
        define(self, id_, node)

    monkeypatch.setattr(Schemas, "define", failing)
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
