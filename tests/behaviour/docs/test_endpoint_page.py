"""The page of *Create an inference endpoint* has what the published reference shows of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from behaviour.docs import flagship
from spec.document import services

PAGE = flagship.pages()["operations/inference/put.md"]


def fact(shared: Path, operation: str) -> Any:
    facts = json.loads((shared / "facts" / "facts.json").read_text("utf-8"))
    [found] = [each for each in facts["operations"] if each["operation_id"] == operation]
    return found


def test_every_service_stands_there_with_its_task_types() -> None:
    endpoints = services()
    assert len(endpoints) == 26
    for service, schema in endpoints.items():
        [row] = [line for line in PAGE.splitlines() if line.startswith(f"| [`{service}`](")]
        allowed = schema.value["x-parameters"]["task_type"]["enum"]
        linked = [
            value
            for value in allowed
            if f"[`{value}`](../../services/{service}.md#for-task_type-{value})" in row
        ]
        assert linked == allowed
        assert row.count("#for-task_type-") == len(allowed)


def words(availability: Any) -> str:
    """Say since when upstream has something, as our documents do."""
    states = {"stable": "Generally available", "experimental": "Experimental"}
    since = ".".join(availability["stack"]["since"].split(".")[:2])
    assert availability["serverless"]["stability"] == availability["stack"]["stability"]
    state = states[availability["stack"]["stability"]]
    return f"{state} since Elasticsearch {since} and on Elastic Cloud Serverless"


def test_availability_of_every_operation(shared: Path) -> None:
    facts = json.loads((shared / "facts" / "facts.json").read_text("utf-8"))
    checked = set()
    for operation in facts["operations"]:
        name = operation["rest_spec_name"].removeprefix("inference.")
        page = flagship.pages().get(f"operations/inference/{name.replace('_', '-')}.md")
        if page is not None:
            assert f"**Availability:** {words(operation['ts']['availability'])}\n" in page
            checked.add(page)
    assert len(checked) == 15


def test_availability_of_every_service(shared: Path) -> None:
    facts = json.loads((shared / "facts" / "facts.json").read_text("utf-8"))
    for service in facts["services"]:
        since = ".".join(service["availability"]["stack"]["since"].split(".")[:2])
        assert (
            f"Since Elasticsearch {since}" in flagship.pages()[f"services/{service['service']}.md"]
        )
        [row] = [
            line for line in PAGE.splitlines() if line.startswith(f"| [`{service['service']}`](")
        ]
        assert f"Since Elasticsearch {since}" in row
    assert len(facts["services"]) == 26


def test_authorization(shared: Path) -> None:
    for privilege in fact(shared, "inference-put")["ts"]["cluster_privileges"]:
        assert f"cluster privilege `{privilege}`" in PAGE


def test_routes_and_parameters(shared: Path) -> None:
    published = fact(shared, "inference-put")
    for url in published["ts"]["urls"]:
        for method in url["methods"]:
            assert f"\n{method} {url['path']}\n" in PAGE
    types = {"_types.Id": "TypesId", "_types.Duration": "TypesDuration"}
    for parameter in published["params"]:
        required = "yes" if parameter["required"] else "no"
        name, kind = parameter["name"], types[parameter["ref"]]
        anchor = f"{parameter['in_']}.{name}"
        row = f'| <a id="{anchor}"></a>`{name}` | [`{kind}`](../../types/shared.md#type-{kind}) |'
        assert f"{row} {required} |" in PAGE
    assert "\ntype TypesId = string\n" in PAGE
    assert '\ntype TypesDuration = string | "-1" | "0"\n' in PAGE


@pytest.mark.parametrize("name", ["InferenceEndpoint", "InferenceEndpointInfo"])
def test_bodies_in_type_notation(name: str, shared: Path) -> None:
    published = fact(shared, "inference-put")["request"]["fields"]
    [notation] = [
        block.partition("\n```")[0]
        for block in PAGE.split("```ts\n")[1:]
        if block.startswith(f"type {name} = {{")
    ]
    for field in published:
        mark = ":" if field["required"] else "?:"
        assert f"\n  {field['name']}{mark}" in notation
    for service in services():
        assert f'    | "{service}"\n' in notation
    union = PAGE.split(f"type {name} =\n")[1].partition("\n```")[0]
    assert len(union.splitlines()) == 26


def test_response() -> None:
    answer = PAGE.split("### 200")[1]
    for field in ("inference_id", "task_type", "service", "service_settings"):
        assert f"| `{field}` | " in answer
    assert "| `inference_id` | [`TypesId`](../../types/shared.md#type-TypesId) | yes |" in answer
