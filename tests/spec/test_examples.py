"""Examples: those that upstream publishes, and those that `spec/` holds."""

import json
import re

import pytest

from conftest import SHARED
from spec.document import (
    Json,
    Node,
    View,
    everything,
    operations,
    problems,
    services,
    shared_schema,
)

# Files of upstream that do not fit `spec/`, and why they are at fault.
REQUESTS = {
    "PutVoyageAIRequestExample1.yaml": "lacks api_key, which the server demands (B2)",
    "PutVoyageAIRequestExample2.yaml": "lacks api_key, which the server demands (B2)",
}
RESPONSES: dict[str, str] = {}
TASK_TYPES = {
    "PutAmazonSageMakerRequestExample1.yaml": "lacks similarity, which upstream's own words demand "
    "with the api elastic and text_embedding (curated `when`)",
}
OTHERS = {
    "InferenceUpdateExample1.yaml": "names the service, which the server refuses (B9)",
    "RerankResponseExample1.yaml": "writes numbers as strings; the server writes numbers",
}


def published(kind: str) -> dict[str, Json]:
    """Give what creates an endpoint, or comes back, by the name of its file."""
    return {row["file"].rpartition("/")[2]: row["body"] for row in _rows(kind) if _creates(row)}


def _rows(kind: str) -> list[Json]:
    lines = (SHARED / "facts" / "examples.jsonl").read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == kind]


def _creates(row: Json) -> bool:
    operation: str = row["operation"]
    return operation.startswith("inference.put") and operation != "inference.put_region_policy"


@pytest.mark.shared
def test_published_requests() -> None:
    bodies = published("request")
    found = {file: problems(services()[body["service"]], body) for file, body in bodies.items()}

    assert len(bodies) == 69
    assert {file: wrong for file, wrong in found.items() if wrong and file not in REQUESTS} == {}
    assert {file for file, wrong in found.items() if wrong} == set(REQUESTS)


@pytest.mark.shared
def test_published_requests_fit_one_variant() -> None:
    for file, body in published("request").items():
        wrong = problems(shared_schema("InferenceEndpoint"), body)
        assert bool(wrong) == (file in REQUESTS), (file, wrong)


@pytest.mark.shared
def test_published_responses() -> None:
    variants = services("InferenceEndpointInfo")
    bodies = published("response")
    found = {
        file: problems(variants[body["service"]], body, "response") for file, body in bodies.items()
    }

    assert len(bodies) == 18
    assert {file: wrong for file, wrong in found.items() if wrong and file not in RESPONSES} == {}
    assert {file for file, wrong in found.items() if wrong} == set(RESPONSES)


@pytest.mark.shared
def test_published_requests_fit_their_task_types() -> None:
    rows = [row for row in _rows("request") if _creates(row) and row["task_type"] is not None]
    found = {
        row["file"].rpartition("/")[2]: wrong
        for row in rows
        if (wrong := _about_task_types(services()[row["body"]["service"]], row))
    }

    assert len(rows) == 68
    assert {file: wrong for file, wrong in found.items() if file not in TASK_TYPES} == {}
    assert set(found) == set(TASK_TYPES)


def _about_task_types(variant: Node, row: Json) -> list[str]:
    without = set(problems(variant, row["body"]))
    parameters = {"task_type": row["task_type"]}
    return sorted(set(problems(variant, row["body"], parameters=parameters)) - without)


@pytest.mark.shared
def test_published_examples_of_other_operations() -> None:
    by_name = {
        re.sub(r"-[0-9]+$", "", operation.value["operationId"]): operation
        for operation in operations().values()
    }
    found: dict[str, list[str]] = {}
    for view in ("request", "response"):
        for row in _rows(view):
            if not _creates(row) and row["body"] is not None:
                operation = by_name[row["operation"]]
                message = "requestBody" if view == "request" else "responses"
                part = operation[message] if view == "request" else operation[message]["200"]
                schema = part.follow()["content"]["application/json"]["schema"]
                found[row["file"].rpartition("/")[2]] = problems(
                    schema, row["body"], "request" if view == "request" else "response"
                )

    assert len(found) == 22
    assert {file: wrong for file, wrong in found.items() if wrong and file not in OTHERS} == {}
    assert {file for file, wrong in found.items() if wrong} == set(OTHERS)


def test_own_examples() -> None:
    seen = 0
    wrong: dict[str, list[str]] = {}
    for node in everything():
        match node.value.get("examples"):
            case list(instances):
                cases = [(node, "request", instance) for instance in instances]
            case dict(named):
                view = "response" if "responses" in node.pointer else "request"
                cases = [(node["schema"], view, example["value"]) for example in named.values()]
            case _:
                continue
        for number, (schema, view, instance) in enumerate(cases):
            seen += 1
            place = f"{node.file}#/{'/'.join(node.pointer)} {number}"
            side: View = "response" if view == "response" else "request"
            if found := problems(schema, instance, side, {}):
                wrong[place] = found

    assert wrong == {}
    assert seen > 100


def test_every_service_has_an_example() -> None:
    assert [name for name, node in services().items() if not node.value.get("examples")] == []


def test_defaults_fit() -> None:
    wrong = {
        f"{node.file}#/{'/'.join(node.pointer)}": found
        for node in everything()
        if "default" in node.value
        and not isinstance(node.value["default"], dict)
        and (found := problems(node, node.value["default"]))
    }

    assert wrong == {}
