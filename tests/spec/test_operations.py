"""The operations of `spec/` against the facts of upstream, in both directions."""

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

import pytest

from conftest import SHARED
from spec.document import Json, Node, files, operations, problems, schema, walk
from spec.facts import Difference, Facts, Place, shape

pytestmark = pytest.mark.shared

# operation or type of upstream, field or parameter, aspect
Key: TypeAlias = tuple[str, str, str]

_CASES = frozenset(
    case(word)
    for word in ("search", "ingest", "classification", "clustering")
    for case in (str.lower, str.upper)
)
_ANY_CASE = "C, enums: the server ignores the case, and the services' settings write lower case"
_NO_DEFAULT = "the default depends on `type`, as the prose goes on to say"

# Upstream's types of objects, and ours. Choices, enums and aliases are compared where they stand.
TYPES = {
    "_types.AcknowledgedResponseBase": schema("region_policy", "Acknowledgement"),
    "inference._types.CompletionInferenceResult": schema("completion", "CompletionResult"),
    "inference._types.CompletionResult": schema("completion", "CompletionAnswer"),
    "inference._types.CompletionTool": schema("chat_completion", "Tool"),
    "inference._types.CompletionToolChoice": schema("chat_completion", "ToolChoice"),
    "inference._types.CompletionToolChoiceFunction": schema(
        "chat_completion", "ToolChoiceFunction"
    ),
    "inference._types.CompletionToolFunction": schema("chat_completion", "ToolFunction"),
    "inference._types.CspRegion": schema("region_policy", "Region"),
    "inference._types.DeleteInferenceEndpointResult": schema(
        "endpoints", "InferenceEndpointDeletion"
    ),
    "inference._types.DenseEmbeddingByteResult": schema("embedding", "ByteEmbedding"),
    "inference._types.DenseEmbeddingResult": schema("embedding", "FloatEmbedding"),
    "inference._types.EmbeddingContentObject": schema("embedding", "EmbeddingObject"),
    "inference._types.EmbeddingContentObjectItem": schema("embedding", "EmbeddingContent"),
    "inference._types.EmbeddingInferenceResult": schema("embedding", "EmbeddingResult"),
    "inference._types.EncryptedReasoningDetail": schema("messages", "EncryptedReasoningDetail"),
    "inference._types.FileContent": schema("messages", "FileData"),
    "inference._types.ImageUrl": schema("messages", "ImageUrl"),
    "inference._types.InferenceResult": schema("inference", "InferenceResult"),
    "inference._types.Message": schema("messages", "Message"),
    "inference._types.RankedDocument": schema("rerank", "RankedDocument"),
    "inference._types.Reasoning": schema("chat_completion", "Reasoning"),
    "inference._types.RegionPolicy": schema("region_policy", "RegionPolicy"),
    "inference._types.RegionPolicyDoc": schema("region_policy", "StoredRegionPolicy"),
    "inference._types.RequestChatCompletion": schema("chat_completion", "ChatCompletionRequest"),
    "inference._types.RequestEmbedding": schema("embedding", "EmbeddingRequest"),
    "inference._types.RerankedInferenceResult": schema("rerank", "RerankResult"),
    "inference._types.SparseEmbeddingInferenceResult": schema("embedding", "SparseEmbeddingResult"),
    "inference._types.SparseEmbeddingResult": schema("embedding", "SparseEmbedding"),
    "inference._types.SummaryReasoningDetail": schema("messages", "SummaryReasoningDetail"),
    "inference._types.TextEmbeddingInferenceResult": schema("embedding", "TextEmbeddingResult"),
    "inference._types.TextReasoningDetail": schema("messages", "TextReasoningDetail"),
    "inference._types.ToolCall": schema("messages", "ToolCall"),
    "inference._types.ToolCallFunction": schema("messages", "ToolCallFunction"),
    "inference.rerank.RerankInputObject": schema("rerank", "RerankObject"),
}

# Upstream's types of objects that have no counterpart of one name, and why.
OTHERWISE = {
    "_types.EpochTimeUnitMillis": "an integer, in TypesDateTime",
    "inference._types.ContentObject": "B1: one schema for each kind, MessagePart",
    "inference._types.InferenceChunkingSettings": "compared with the services",
    "inference._types.InferenceEndpoint": "one schema for each service; B9: not for an update",
    "inference._types.InferenceEndpointInfo": "one schema for each service",
}

# What spec/ says differently on purpose, and why. Letters point to shared/facts/disagreements.md.
DELIBERATE: dict[Key, tuple[Json, str]] = {
    ("inference.put", "timeout", "default"): ("30s", "B15: it is that of every put_X"),
    ("inference.inference body", "input_type", "enum"): (_CASES, _ANY_CASE),
    ("inference.text_embedding body", "input_type", "enum"): (_CASES, _ANY_CASE),
    ("inference._types.RequestEmbedding", "input_type", "enum"): (_CASES, _ANY_CASE),
    ("inference._types.RequestEmbedding", "input", "type"): (
        "array of (object | string) | object | string",
        "C, embedding_input: a list may hold strings and objects",
    ),
    ("inference._types.EmbeddingContentObjectItem", "format", "default"): (None, _NO_DEFAULT),
    ("inference.rerank.RerankInputObject", "format", "default"): (None, _NO_DEFAULT),
    ("inference._types.DenseEmbeddingByteResult", "embedding", "type"): (
        "array of integer",
        "A1: a byte is an integer",
    ),
    ("inference._types.DeleteInferenceEndpointResult", "error_message", "field"): (True, "B12"),
    ("inference._types.DeleteInferenceEndpointResult", "indexes", "field"): (True, "B12"),
    ("inference._types.RegionPolicy", "fallback_region", "field"): (True, "B14"),
    ("inference._types.RegionPolicyDoc", "created_at", "type"): (
        "integer | string",
        "A1: the number of milliseconds became an object without fields",
    ),
    ("inference._types.RegionPolicyDoc", "updated_at", "type"): (
        "integer | string",
        "A1: the number of milliseconds became an object without fields",
    ),
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


def test_routes(facts: Facts) -> None:
    upstream = {
        (fact["method"], fact["path"]): fact["operation_id"].replace("-", "_")
        for fact in facts.operations
    }
    ours = {
        where: operation.value["operationId"].replace(".", "_").replace("-", "_")
        for where, operation in operations().items()
    }

    assert ours == upstream


def test_operations_are_named_as_upstream_names_them(facts: Facts) -> None:
    for fact in facts.operations:
        operation = operations()[fact["method"], fact["path"]].value["operationId"]
        assert re.sub(r"-[0-9]+$", "", operation) == fact["rest_spec_name"]


def test_routes_of_one_operation_differ_in_their_path_only(facts: Facts) -> None:
    by_name: dict[str, list[Json]] = {}
    for fact in facts.operations:
        operation = operations()[fact["method"], fact["path"]]
        rest = {key: value for key, value in operation.value.items() if key != "operationId"}
        rest["parameters"] = [
            parameter.value
            for parameter in _parameters(operation).values()
            if parameter.value["in"] != "path"
        ]
        by_name.setdefault(fact["rest_spec_name"], []).append(rest)

    assert {name: len(routes) for name, routes in by_name.items() if len(routes) > 1} == {
        "inference.delete": 2,
        "inference.get": 4,
        "inference.inference": 2,
        "inference.put": 2,
        "inference.update": 2,
    }
    assert [name for name, routes in by_name.items() if any(r != routes[0] for r in routes)] == []


def test_differences_are_deliberate(facts: Facts) -> None:
    found = dict(_differences(facts))
    expected = {key: spec for key, (spec, _) in DELIBERATE.items()}

    assert {key: found[key] for key in found.keys() - expected.keys()} == {}
    assert {key: difference.spec for key, difference in found.items()} == expected


def test_every_type_is_compared(facts: Facts) -> None:
    reached: set[str] = set()
    left = [_mentioned(fact) for fact in facts.operations]
    while left:
        names = left.pop() - reached
        reached |= names
        left += [_mentioned(facts.schemas[name]) for name in names]
    objects = {name for name in reached if facts.schemas[name]["kind"] in ("object", "allOf")}

    assert objects == TYPES.keys() | OTHERWISE.keys()


def test_common_parameters(facts: Facts) -> None:
    common: dict[str, str] = facts.shared["common_query_parameters"]["names"]
    shapes = {"boolean": "boolean", "string | string[]": "array of string | string"}

    for (_, path), operation in operations().items():
        parameters = _parameters(operation)
        # Data that is spread over lines, as `pretty` does, is no Server-Sent Event any more.
        missing = {"pretty"} if path.endswith("/_stream") else set()
        assert common.keys() - parameters.keys() == missing, path
        for name in common.keys() - missing:
            assert parameters[name].value["in"] == "query"
            assert shape(parameters[name]["schema"]) == shapes[common[name]]


def test_query_parameters_stand_in_the_order_of_their_names() -> None:
    for where, operation in operations().items():
        names = [
            name
            for name, parameter in _parameters(operation).items()
            if parameter.value["in"] == "query"
        ]
        assert names == sorted(names), where


def test_body_of_an_update() -> None:
    server = json.loads((SHARED / "facts" / "server_facts.json").read_text("utf-8"))["update"]
    update = schema("endpoints", "InferenceEndpointUpdate")

    # The task type stands in the path, which the server takes as well.
    assert set(update.value["properties"]) == set(server["body_keys"]) - {"task_type"}
    assert problems(update, {}) != []  # "Request body is empty"


def test_privileges(facts: Facts) -> None:
    for fact in facts.operations:
        text = operations()[fact["method"], fact["path"]].value["description"]
        # Where upstream does not state them as data it does in prose.
        reads = fact["method"] != "DELETE"
        stated = fact["ts"]["cluster_privileges"] or [
            "monitor_inference" if reads else "manage_inference"
        ]
        assert re.findall(r"cluster privilege `(\w+)`", text) == stated, fact["path"]


def test_streams_are_described_event_by_event(facts: Facts) -> None:
    streams = [
        fact
        for fact in facts.operations
        if fact["ts"]["response_media_type"] == "MediaType.EventStream"
    ]
    for fact in facts.operations:
        content = operations()[fact["method"], fact["path"]]["responses"]["200"].follow()["content"]
        expected = "text/event-stream" if fact in streams else "application/json"
        assert list(content.value) == [expected]

    assert len(streams) == 2


def test_every_operation_says_how_it_fails() -> None:
    for where, operation in operations().items():
        failure = operation["responses"]["default"].follow()["content"]
        assert "application/json" in failure, where
        assert ("text/event-stream" in failure) == where[1].endswith("/_stream")


def test_secrets_of_an_update() -> None:
    """Every setting that is secret when an endpoint is created is so when it is changed."""
    created = {
        node.pointer[-1]
        for file in files()
        if file.startswith("services/")
        for node in walk(Node(file, (), files()[file]))
        if node.value.get("format") == "password" and node.pointer[-2] == "properties"
    }
    update = schema("endpoints", "ServiceSettingsUpdate").members("properties")
    secret = {name for name, node in update.items() if node.value.get("format") == "password"}

    assert secret == created
    parameters = update["secret_parameters"]["additionalProperties"]
    assert parameters.value["format"] == "password"


def _parameters(operation: Node) -> dict[str, Node]:
    """Give the parameters of an operation by their names, in their order."""
    listed = [
        Node(operation.file, (), parameter).follow() for parameter in operation["parameters"].value
    ]
    return {parameter.value["name"]: parameter for parameter in listed}


def _content(message: Node) -> Node:
    content = message.follow()["content"]
    [media_type] = content.value
    return content[media_type]


def _mentioned(fact: Json) -> set[str]:
    return set(re.findall(r"'((?:_types|inference\.[\w.]+)\.\w+)'", repr(fact)))


def _differences(facts: Facts) -> Iterator[tuple[Key, Difference]]:
    for fact in facts.operations:
        operation = operations()[fact["method"], fact["path"]]
        for key, upstream, ours in _compared(facts, fact, operation):
            if upstream != ours:
                yield key, Difference(upstream, ours)
    everywhere = frozenset(facts.shared["task_types"])
    for name, node in TYPES.items():
        place = Place("", name, everywhere, {})
        for (_, _, field, aspect), upstream, ours in facts.fields(
            place, facts.schemas[name]["fields"], node, nested=False
        ):
            if upstream != ours:
                yield (name, field, aspect), Difference(upstream, ours)


def _compared(facts: Facts, fact: Json, operation: Node) -> Iterator[tuple[Key, Json, Json]]:
    name = fact["rest_spec_name"]
    common = facts.shared["common_query_parameters"]["names"]
    theirs = {parameter["name"]: parameter for parameter in fact["params"]}
    ours = {key: node for key, node in _parameters(operation).items() if key not in common}
    yield (name, "", "parameters"), set(theirs), set(ours)
    for parameter in theirs.keys() & ours.keys():
        known, node = theirs[parameter], ours[parameter].value
        key = (name, parameter)
        yield (*key, "in"), known["in_"], node["in"]
        yield (*key, "required"), known["required"], node.get("required", False)
        yield (*key, "default"), known.get("default"), node["schema"].get("default")
        yield (*key, "type"), facts.shape(known), shape(ours[parameter]["schema"])
    yield (name, "body", "given"), "request" in fact, "requestBody" in operation
    messages = [("answer", fact["responses"]["200"], operation["responses"]["200"])]
    if "request" in fact:
        messages.append(("body", fact["request"], operation["requestBody"]))
    for part, known, message in messages:
        content = _content(message)
        if "itemSchema" in content:
            continue  # A5: upstream does not say what the events of a stream hold.
        described = content["schema"].follow()
        if known["schema"] == "inline":
            place = Place("", f"{name} {part}", frozenset(facts.shared["task_types"]), {})
            for (_, _, field, aspect), upstream, own in facts.fields(
                place, known["fields"], described, nested=False
            ):
                yield (f"{name} {part}", field, aspect), upstream, own
        elif known["schema"] in TYPES:
            counterpart = TYPES[known["schema"]]
            yield (
                (name, part, "schema"),
                (counterpart.file, counterpart.pointer),
                (described.file, described.pointer),
            )
