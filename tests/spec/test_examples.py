"""Examples: those that upstream publishes, and those that `spec/` holds."""

import json

import pytest

from conftest import SHARED
from spec.document import Json, everything, problems, services, shared_schema

# Files of upstream that do not fit `spec/`, and why they are at fault.
REQUESTS = {
    "PutNvidiaRequestExample2.yaml": "writes `truncate: start`; documented is START (C: the server "
    "ignores the case of enums)",
    "PutVoyageAIRequestExample1.yaml": "lacks api_key, which the server demands (B2)",
    "PutVoyageAIRequestExample2.yaml": "lacks api_key, which the server demands (B2)",
}
RESPONSES = {
    "PutNvidiaResponseExample2.yaml": "answers `truncate: start`; documented is START (C: enums "
    "are echoed in lower case)",
}
NOT_ENDPOINTS = {"inference.put_region_policy"}


def published(kind: str) -> dict[str, Json]:
    lines = (SHARED / "facts" / "examples.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {
        row["file"].rpartition("/")[2]: row["body"]
        for row in rows
        if row["operation"].startswith("inference.put")
        and row["operation"] not in NOT_ENDPOINTS
        and row["kind"] == kind
    }


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
            if found := problems(schema, instance, "response" if view == "response" else "request"):
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
