"""A defect of our own, at whatever stage, names the place of the document that was worked on."""

import re
from collections.abc import Callable, Iterator
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hostile.running import first_line, generate
from oasmith import cli
from oasmith.targets.python.code import Code
from oasmith.targets.rendering import render as rendering
from oasmith.text import Text

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      tags: [pets]
      operationId: pets.add
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: Kept.}}
  /pets/{id}:
    post:
      tags: [pets]
      operationId: pets.add-1
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: Kept.}}
webhooks:
  born: {post: {requestBody: {content: {text/plain: {schema: {type: string}}}}}}
components:
  schemas:
    Pet:
      description: Lives with people.
      type: object
      properties: {name: {type: string, minLength: 1}}
"""
RENDER = "oasmith.targets.rendering.render:render"
MODELS = "oasmith.targets.models"
START, ADD, BORN, PET = "1:1", "5:5", "18:10", "21:5"


def _is(template: str) -> Callable[..., bool]:
    return lambda *args, **_: args[0] == template


def _always(*_: object, **__: object) -> bool:
    return True


@pytest.mark.parametrize(
    ("stage", "where", "place"),
    [
        ("oasmith.openapi:load", _always, START),
        ("oasmith.openapi.structure:check_structure", _always, START),
        ("oasmith.openapi.check:_Look.__call__", lambda _, value, *__: "properties" in value, PET),
        ("oasmith.openapi.check:_check_path", _always, START),
        ("oasmith.ir.build.definitions:define", lambda _, id_, *__: str(id_) == "Pet", PET),
        ("oasmith.ir.build.responses:Responses.of", _always, ADD),
        ("oasmith.ir.passes.merge_routes:_merge", _always, ADD),
        ("oasmith.ir.passes.usage:usage", _always, START),
        ("oasmith.targets.python.plan:lay_out", _always, START),
        ("oasmith.targets.models.plan:_ModulePlanner._record", _always, PET),
        ("oasmith.targets.client.operations:method_doc", _always, ADD),
        ("oasmith.targets.client.plan:plan_client", _always, START),
        ("oasmith.targets.markdown.operation_pages:OperationPages.page", _always, ADD),
        ("oasmith.targets.markdown.operation_pages:OperationPages.incoming", _always, BORN),
        ("oasmith.targets.markdown.sections:Sections._fields", _always, PET),
        (RENDER, _is("package/_client.py.jinja"), START),
        (RENDER, _is("package/models/module.py.jinja"), PET),
        (
            RENDER,
            _is("package/sync_and_aio/namespace.py.jinja"),
            ADD,
        ),
        (RENDER, _is("docs/operation.md.jinja"), ADD),
        (RENDER, _is("docs/mkdocs.yml.jinja"), START),
        (
            "oasmith.targets.models.files:inspected",
            lambda file, _: file.path.endswith("/pet.py"),
            PET,
        ),
        ("oasmith.targets.client.files:inspected", lambda file, _: "/aio/" in file.path, ADD),
        ("oasmith.openapi.bundle:bundle", _always, START),
    ],
)
def test_a_defect_names_the_place_that_was_worked_on(
    stage: str,
    where: Callable[..., bool],
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module, _, path = stage.partition(":")
    *owners, name = path.split(".")
    owner: Any = reduce(getattr, owners, import_module(module))
    original = getattr(owner, name)

    def failing(*args: object, **named: object) -> object:
        if where(*args, **named):
            raise LookupError("planted \x1b[31m")
        return original(*args, **named)

    monkeypatch.setattr(owner, name, failing)
    run = generate(tmp_path, DOCUMENT, monkeypatch, capsys, name="openapi.yaml")
    assert run.code == 3
    said = f"openapi.yaml:{place}: error[internal]: LookupError: planted \\x1b[31m ("
    assert re.fullmatch(rf"{re.escape(said)}test_defects\.py:\d+\)", first_line(run))
    assert "Traceback" not in run.err
    assert not run.source.exists()


@pytest.fixture
def unescaped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Print docstrings as they come."""

    def docstring(words: Text, indent: int) -> Code:
        return str.__new__(Code, f'"""{words.raw}"""')

    rendering._docstring.cache_clear()
    monkeypatch.setattr(rendering, "docstring", docstring)
    yield
    rendering._docstring.cache_clear()


@pytest.mark.usefixtures("unescaped")
def test_an_escape_that_fails_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = DOCUMENT.replace("Lives with people.", '\'"""; open("CANARY", "w"); """\'')
    run = generate(tmp_path, hostile, monkeypatch, capsys, name="openapi.yaml")
    said = f"openapi.yaml:{PET}: error[internal]: UnplannedError: made/src/made/models/pet.py"
    assert (run.code, first_line(run).startswith(said)) == (3, True), run.err
    assert not run.source.exists()


def test_the_model_as_json_names_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("oasmith.ir.json.to_json", str.encode)
    assert cli.main(["ir", "openapi.yaml"]) == 3
    assert capsys.readouterr().err.startswith(f"openapi.yaml:{START}: error[internal]: TypeError: ")
