"""Build the model of documents that nobody here wrote."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.ir.build import build
from oasmith.ir.build.context import PROVISIONAL
from oasmith.ir.passes.merge_routes import merge_routes
from oasmith.ir.types import AnyOf, Anything, Api, Ref, Union, Unresolved
from oasmith.ir.walk import deep, uses_in_definition, uses_in_operation
from oasmith.openapi import load
from unit.ir.conftest import closed

DOCUMENTS = [
    "airflow-v2",
    "apisguru-amazonaws-com-dynamodb",
    "box",
    "discord",
    "dmcg-modular",
    "dmcg-read-only-write-only-variant-graph",
    "es-serverless",
    "hcloud",
    "heyapi-31-full",
    "heyapi-31-pattern-properties",
    "kiota-generic-binding",
    "meilisearch",
    "oai-tictactoe",
    "oai-webhook-example",
    "oapicodegen-naming-conflicts",
    "oapicodegen-parameters-roundtrip",
    "opc-baseline-openapi-3.0",
    "opc-baseline-openapi-3.1",
    "openapitools-petstore",
    "paypal-notifications-webhooks-v1",
    "qdrant",
    "readme30-discriminators",
    "redocly-museum",
    "temporal",
    "together",
    "typespec-sse-32",
]

SCHEMAS = {"heyapi-31-full": 130}
"""Where the manifest counts schemas that nothing leads to, in a file of their own."""


def built(shared: Path, name: str) -> tuple[Api, dict[str, str], Diagnostics]:
    with (shared / "specs" / "manifest.tsv").open() as file:
        row = next(row for row in csv.DictReader(file, delimiter="\t") if row["name"] == name)
    diagnostics = Diagnostics()
    document = load(shared / "specs" / row["entry"], diagnostics)
    return closed(build(document, diagnostics), diagnostics), row, diagnostics


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_lost(shared: Path, name: str) -> None:
    api, row, diagnostics = built(shared, name)
    assert len(api.operations) == int(row["operations"])
    assert api.schemas == SCHEMAS.get(name, int(row["schemas"]))
    assert len(api.definitions) >= api.schemas
    assert [str(found) for found in diagnostics if found.code == "duplicate-name"] == []
    uses = [use for d in api.definitions.values() for use in uses_in_definition(d)]
    uses += [use for operation in api.operations for use in uses_in_operation(operation)]
    parts = [part for use in uses for part in deep(use)]
    assert {p.target for p in parts if isinstance(p, Ref)} <= api.definitions.keys()
    assert {p.why for p in parts if isinstance(p, Anything)} <= {None}
    unions = [
        each for each in (*api.definitions.values(), *parts) if isinstance(each, AnyOf | Union)
    ]
    assert not [each for each in unions if isinstance(each.told_apart, Unresolved)]
    assert not api.event_wrappers
    assert not api.unnamed
    assert not [id_ for id_ in api.definitions if id_.namespace == PROVISIONAL]


def test_the_inference_operations_of_elasticsearch(shared: Path) -> None:
    api, _, _ = built(shared, "es-serverless")
    merged = merge_routes(api, Diagnostics())
    routes = {
        operation.id: [route.path for route in operation.routes]
        for operation in merged.operations
        if operation.id in ("inference-get", "inference-put", "inference-delete")
    }
    assert routes == {
        "inference-get": [
            "/_inference",
            "/_inference/{inference_id}",
            "/_inference/{task_type}/_all",
            "/_inference/{task_type}/{inference_id}",
        ],
        "inference-put": ["/_inference/{inference_id}", "/_inference/{task_type}/{inference_id}"],
        "inference-delete": [
            "/_inference/{inference_id}",
            "/_inference/{task_type}/{inference_id}",
        ],
    }
    before = {(o.method, route.path) for o in api.operations for route in o.routes}
    after = {(o.method, route.path) for o in merged.operations for route in o.routes}
    assert before == after


def test_the_same_model_twice(shared: Path) -> None:
    first, _, _ = built(shared, "discord")
    second, _, _ = built(shared, "discord")
    assert list(first.definitions) == list(second.definitions)
    assert first.definitions.keys() == second.definitions.keys()
