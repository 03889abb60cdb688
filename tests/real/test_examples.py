"""Examples of real documents: each that fits its schema is taken by the models and written back.

Those that do not fit are told by the generator, at their place, and left out here.
"""

from __future__ import annotations

import csv
import importlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from conftest import SHARED
from oasmith.cli import main
from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.ir.build import build
from oasmith.openapi import check, load
from oasmith.pipeline import passes
from oasmith.targets.python.faces import Face, Layout, lay_out

FEW = (
    "hcloud.json",
    "oai-tictactoe.yaml",
    "openapitools-petstore.yaml",
    "paypal-notifications-webhooks-v1.json",
    "redocly-museum.yaml",
)
"""Documents of `shared/specs` that are tried in every run of the tests."""


class Models:
    """The generated models of a document, as annotations of what stands in the model."""

    def __init__(self, layout: Layout, name: str) -> None:
        self.layout = layout
        self.name = name

    def annotation(self, use: ir.Use, face: Face) -> Any:
        """Return a type whose values are those of the use; None where no model is in it."""
        match use:
            case ir.Ref():
                model = self.layout.model(use.target, face)
                if model is None:
                    definition = self.layout.definitions[use.target]
                    assert isinstance(definition, ir.Alias)
                    return self.annotation(definition.type, face)
                return getattr(importlib.import_module(f"{self.name}.{model.module}"), model.name)
            case ir.Nullable():
                inner = self.annotation(use.of, face)
                return None if inner is None else inner | None
            case ir.ListOf():
                inner = self.annotation(use.item, face)
                return None if inner is None else list.__class_getitem__(inner)
            case ir.MapOf():
                inner = self.annotation(use.value, face)
                return None if inner is None else dict.__class_getitem__((str, inner))
            case ir.AnyOf():
                options = [self.annotation(option, face) for option in use.options]
                return None if None in options else reduce(or_, options)
            case _:
                return None


def shown(api: ir.Api) -> Iterator[tuple[ir.Use, Face, ir.Example]]:
    """Give the examples of definitions and bodies, with their types."""
    for id_, definition in api.definitions.items():
        usage = api.usage.get(id_, ir.Usage())
        faces = [Face.REQUEST] * usage.request + [Face.RESPONSE] * usage.response
        for example in definition.doc.examples:
            for face in faces:
                # Whether null fits is said where a definition is used.
                use = ir.Nullable(of=ir.Ref(target=id_, at=example.at), at=example.at)
                yield use, face, example
    for operation in api.operations:
        bodies = [] if operation.body is None else [(Face.REQUEST, operation.body.contents)]
        bodies += [(Face.RESPONSE, r.contents) for r in (*operation.responses, *operation.errors)]
        for face, contents in bodies:
            for content in contents:
                if content.stream is None and content.media_type.endswith(("/json", "+json")):
                    for example in content.examples:
                        yield content.type, face, example


def plain(value: Any) -> Any:
    """Return the JSON with texts of instants and numbers in one spelling each."""
    match value:
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case bool():
            return value
        case int():
            return float(value)
        case str() if len(value) > 10 and value[:4].isdigit():
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                return value
        case _:
            return value


def tried(path: Path, folder: Path, name: str) -> tuple[int, list[str]]:
    """Generate, and return how many examples were tried and what went wrong."""
    arguments = ["generate", str(path), "--output", str(folder), "--package", name]
    assert main([*arguments, "--allow-outside", "--emit", "models"]) == 0
    diagnostics = Diagnostics()
    document = load(path, diagnostics, allow_outside=True)
    check(document, diagnostics)
    api = build(document, diagnostics)
    for run_pass in passes():
        api = run_pass(api, diagnostics)
    layout = lay_out(api, {}, diagnostics)
    unfit = [found.location for found in diagnostics if found.code == "example"]
    sys.path.insert(0, str(folder / name / "src"))
    models = Models(layout, name)
    reveal = importlib.import_module(f"{name}._runtime.secrets").Reveal()
    read_only = {
        field.wire_name
        for definition in api.definitions.values()
        if isinstance(definition, ir.Record)
        for field in definition.fields
        if field.access is ir.Access.READ
    }
    count, wrong = 0, list[str]()
    for use, face, example in shown(api):
        if any(_is_below(place, example.at) for place in unfit):
            continue
        annotation = models.annotation(use, face)
        if annotation is None:
            continue
        count += 1
        adapter = TypeAdapter(annotation)
        try:
            read = adapter.validate_json(json.dumps(example.value))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            if face is Face.REQUEST and read_only.intersection(first["loc"][-1:]):
                continue  # OpenAPI 3.0, schema object: it is not to be sent
            wrong.append(f"{example.at}: {face.name}: {first['loc']}: {first['msg']}")
            continue
        written = json.loads(
            adapter.dump_json(read, by_alias=True, exclude_unset=True, context=reveal)
        )
        if plain(written) != plain(example.value):
            wrong.append(f"{example.at}: {face.name}: comes back as {str(written)[:300]}")
    return count, wrong


def _is_below(place: Any, at: Any) -> bool:
    """Say whether a place is in an example; `example` of OpenAPI 3.0 is read as a list of one."""
    pointers = [at.pointer]
    if at.pointer[-2:] == ("examples", 0):
        pointers.append((*at.pointer[:-2], "example"))
    return place.source is at.source and any(
        place.pointer[: len(pointer)] == pointer for pointer in pointers
    )


@pytest.mark.shared
@pytest.mark.skipif("EXAMPLES" not in os.environ, reason="takes minutes: `make examples`")
def test_examples_of_every_document(shared: Path, tmp_path: Path) -> None:
    with (shared / "specs" / "manifest.tsv").open(encoding="utf-8") as file:
        entries = [row["entry"] for row in csv.DictReader(file, delimiter="\t")]
    found = {
        entry: tried(shared / "specs" / entry, tmp_path / str(number), f"examples_{number}")
        for number, entry in enumerate(entries)
    }
    assert {entry: wrong for entry, (_, wrong) in found.items() if wrong} == {}
    assert sum(count for count, _ in found.values()) > 500


@pytest.mark.shared
@pytest.mark.parametrize("document", FEW)
def test_examples_that_fit_are_taken_and_written_back(document: str, tmp_path: Path) -> None:
    name = "examples_of_" + document.partition(".")[0].replace("-", "_")
    count, wrong = tried(SHARED / "specs" / document, tmp_path / "out", name)
    assert wrong == []
    assert count > 0
