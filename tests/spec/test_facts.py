"""`spec/` against the facts of upstream, in both directions."""

import json
import re

import pytest

from conftest import SHARED
from spec.document import Json, Node, files, find, problems, schema, services, shared_schema
from spec.facts import Facts, Key

pytestmark = pytest.mark.shared

_MEASURED = "B11: the answer holds what the server filled in; read-only here"
_ACCEPTED = "C, settings_differ_from_spec: the server takes it"
_NOT_A_DEFAULT = "B13: it holds only where chunking_settings is absent or empty"
_POWERS = {1, 2, 4, 8, 16, 32}

# What spec/ says differently on purpose, and why. Letters point to shared/facts/disagreements.md.
_EITHER_CASE: Json = {"END", "NONE", "START", "end", "none", "start"}
_CASE = "C: case-insensitive enums; an example of the reference writes `start`"
DELIBERATE: dict[Key, tuple[Json, str]] = {
    ("amazon_sagemaker", "task_settings", "user", "field"): (
        True,
        "A8: AmazonSageMakerOpenAiTaskSettings is not referenced upstream",
    ),
    ("anthropic", "body", "", "required"): (
        {"service", "service_settings", "task_settings"},
        "C, settings_differ_from_spec: max_tokens is required, so task_settings is",
    ),
    ("azureaistudio", "task_settings", "do_sample", "type"): ("boolean", "B6"),
    ("azureopenai", "service_settings", "dimensions", "field"): (True, _MEASURED),
    ("azureopenai", "service_settings", "similarity", "field"): (True, _MEASURED),
    ("cohere", "task_settings", "input_type", "required"): (False, "B4"),
    ("cohere", "task_settings", "truncate", "enum"): (_EITHER_CASE, _CASE),
    ("custom", "parameters", "timeout", "default"): (
        "30s",
        "A10: the server takes it on every PUT",
    ),
    ("custom", "service_settings", "dimensions", "field"): (True, _ACCEPTED),
    ("custom", "service_settings", "max_input_tokens", "field"): (True, _ACCEPTED),
    ("custom", "service_settings", "similarity", "field"): (True, _ACCEPTED),
    ("custom", "service_settings", "rate_limit", "field"): (True, _ACCEPTED),
    ("custom", "service_settings", "rate_limit", "default"): (
        {10000},
        "B15: only the server knows the default",
    ),
    ("custom", "service_settings", "input_type", "type"): ("object", "B3"),
    ("custom", "service_settings", "request", "type"): ("string", "B3"),
    ("custom", "service_settings", "url", "required"): (True, "B3"),
    ("custom", "CustomResponseParams", "json_parser", "type"): (
        "object",
        "curated json_parser_by_task: the keys are known",
    ),
    ("custom", "CustomResponseParams", "json_parser", "default"): (
        None,
        "the default is that of its member embedding_type",
    ),
    ("custom", "task_settings", "parameters", "type"): (
        "map of boolean | integer | number | string",
        "A3: three kinds of number became one",
    ),
    ("elasticsearch", "service_settings", "model_id", "required"): (False, "B5: a rule says it"),
    ("elasticsearch", "service_settings", "num_threads", "required"): (False, "B5: a rule says it"),
    ("elasticsearch", "service_settings", "num_threads", "enum"): (
        _POWERS,
        "curated num_threads: a power of two up to 32",
    ),
    ("elser", "body", "chunking_settings", "task types"): (
        {"sparse_embedding"},
        "the one task type of the service",
    ),
    ("elser", "service_settings", "num_allocations", "required"): (False, "B5: a rule says it"),
    ("elser", "service_settings", "num_threads", "enum"): (
        _POWERS,
        "curated num_threads: a power of two up to 32",
    ),
    ("hugging_face", "service_settings", "model_id", "task types"): (
        {"completion", "chat_completion", "text_embedding"},
        "curated model_id: the description names text_embedding as the one that refuses it",
    ),
    ("llama", "body", "", "secrets"): ({"api_key"}, "B8"),
    ("llama", "service_settings", "api_key", "field"): (True, "B8"),
    ("llama", "service_settings", "dimensions", "field"): (True, "B8"),
    ("nvidia", "service_settings", "dimensions", "field"): (True, _MEASURED),
    ("nvidia", "task_settings", "truncate", "enum"): (_EITHER_CASE, _CASE),
    ("nvidia", "task_settings", "input_type", "default"): (
        None,
        "`query` is Nvidia's own word, not a value of the field",
    ),
    ("openai", "body", "chunking_settings", "task types"): (
        {"text_embedding", "embedding"},
        "B16",
    ),
    ("openai", "service_settings", "max_input_tokens", "field"): (True, _ACCEPTED),
    ("openai", "service_settings", "url", "default"): (
        None,
        "curated url_default: it depends on the task type",
    ),
    ("openshift_ai", "service_settings", "dimensions", "field"): (True, _MEASURED),
    ("voyageai", "body", "", "secrets"): ({"api_key"}, "B2"),
    ("voyageai", "service_settings", "api_key", "field"): (True, "B2"),
    ("voyageai", "service_settings", "embedding_type", "type"): ("string", "B2"),
    ("voyageai", "service_settings", "embedding_type", "enum"): ({"float", "int8", "bit"}, "B2"),
    ("voyageai", "service_settings", "max_input_tokens", "field"): (True, _ACCEPTED),
    ("voyageai", "service_settings", "similarity", "field"): (True, _ACCEPTED),
    ("watsonxai", "response", "task_type", "enum"): (
        {"text_embedding", "rerank", "completion", "chat_completion"},
        "B7",
    ),
    ("shared", "chunking_settings", "max_chunk_size", "default"): (None, _NOT_A_DEFAULT),
    ("shared", "chunking_settings", "overlap", "default"): (None, _NOT_A_DEFAULT),
    ("shared", "chunking_settings", "strategy", "default"): (None, _NOT_A_DEFAULT),
    ("shared", "rate_limit", "requests_per_minute", "format"): (
        "int64",
        "C, numbers: the server takes Integer or Long",
    ),
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


def test_differences_are_deliberate(facts: Facts) -> None:
    found = facts.differences()
    expected = {key: spec for key, (spec, _) in DELIBERATE.items()}

    assert {key: found[key] for key in found.keys() - expected.keys()} == {}
    assert {key: difference.spec for key, difference in found.items()} == expected


def test_reasons_name_an_item_of_the_list() -> None:
    text = (SHARED / "facts" / "disagreements.md").read_text("utf-8")
    sections = dict(re.findall(r"^## ([A-D])\.(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))

    for _, reason in DELIBERATE.values():
        if item := re.match(r"([A-D])(\d+)\b", reason):
            assert f"\n{item[2]}. " in sections[item[1]], reason


def test_services(facts: Facts) -> None:
    names = [fact["service"] for fact in facts.services]
    named = {name: f"services/{name.replace('-', '_')}.yaml" for name in names}

    assert {name: node.file for name, node in services().items()} == named
    assert {name: node.file for name, node in services("InferenceEndpointInfo").items()} == named
    assert {name for name in files() if name.startswith("services/")} == set(named.values())
    for union in ("InferenceEndpoint", "InferenceEndpointInfo"):
        variants = [option["$ref"] for option in shared_schema(union).value["oneOf"]]
        assert variants == list(shared_schema(union).value["discriminator"]["mapping"].values())


def test_responses_are_requests_with_an_id_and_a_task_type(facts: Facts) -> None:
    required = {
        field["name"] for field in facts.shared["endpoint_info"]["fields"] if field["required"]
    }
    requests = services()

    for name, node in services("InferenceEndpointInfo").items():
        request, more = node.value["allOf"]
        assert find(request["$ref"], node.file) == requests[name]
        assert set(more["required"]) == set(more["properties"]) == {"inference_id", "task_type"}
        assert required <= {*more["required"], *requests[name].value["required"]}


def test_shared_types(facts: Facts) -> None:
    shared = facts.shared
    duration = shared_schema("TypesDuration").value["anyOf"]

    assert shared_schema("TaskType").value["enum"] == shared["task_types"]
    assert shared_schema("TypesId").value["type"] == shared["id"]["type"]
    assert {option["const"] for option in duration[1:]} == set(shared["duration"]["unitless"])
    assert duration[0]["type"] == "string"
    separators = shared_schema("ChunkingSettings")["properties"]["separators"].value
    limits = json.loads((SHARED / "facts" / "server_facts.json").read_text("utf-8"))["chunking"]
    assert f"at most {separators['maxItems']}" in limits["recursive"]["separators"]


def test_errors(facts: Facts) -> None:
    described = facts.shared["error"]["ts"]
    response, cause = schema("errors", "ErrorResponse").value, schema("errors", "ErrorCause").value

    assert "{error: ErrorCause, status: integer}" in described
    assert response["required"] == list(response["properties"]) == ["error", "status"]
    names = re.search(r"; ErrorCause\{(.*), \+any\}", described)
    assert names
    members = dict(re.findall(r"(\w+)(\??)", re.sub(r": [^,]+", "", names[1])))
    assert members.keys() == cause["properties"].keys()
    assert [name for name, optional in members.items() if not optional] == cause["required"]
    assert cause["additionalProperties"] is True


def test_json_parser_of_custom_models(facts: Facts) -> None:
    curated = next(fact["curated"] for fact in facts.services if fact["service"] == "custom")
    parser = find("./services/custom.yaml#/components/schemas/CustomJsonParser")
    embedding_type = parser["properties"]["embedding_type"].follow().value
    by_task: dict[str, list[str]] = curated["json_parser_by_task"]
    needed = [{key for key in keys if not key.endswith("?")} for keys in by_task.values()]

    assert {key.rstrip("?") for keys in by_task.values() for key in keys} == set(
        parser.value["properties"]
    )
    [rule] = parser.value["allOf"]
    branches = [set(branch["required"]) for branch in rule["anyOf"]]
    assert sorted(map(sorted, branches)) == sorted(map(sorted, needed))
    assert set(embedding_type["enum"]) == set(curated["embedding_type_values"])
    for task_type, keys in by_task.items():
        for key in keys:
            described = parser["properties"][key.rstrip("?")].value["description"]
            assert f"For `{task_type}`." in described


def test_input_types_of_custom_models(facts: Facts) -> None:
    custom = next(fact for fact in facts.services if fact["service"] == "custom")
    values = next(
        field["prose_values"]
        for field in custom["service_settings"]["fields"]
        if field["name"] == "input_type"
    )
    translation = find("./services/custom.yaml#/components/schemas/CustomInputTypeTranslation")

    assert set(translation.value["properties"]) == set(values)


def test_parts_of_a_body_go_with_the_task_types_of_the_facts(facts: Facts) -> None:
    """The rules that tie `chunking_settings` and `task_settings` to task types."""
    everywhere = facts.shared["task_types"]
    for fact in facts.services:
        body = services()[fact["service"]]
        offered = set(body["x-parameters"].value["task_type"]["enum"])
        expected: dict[str, set[str]] = {}
        if fact["chunking_settings"] is not None:
            embeds = {name for name in everywhere if name.endswith("embedding")}
            expected["chunking_settings"] = offered & embeds
        if "task_settings_task_types" in fact.get("curated", {}):
            expected["task_settings"] = set(fact["curated"]["task_settings_task_types"])
        for part in ("chunking_settings", "task_settings"):
            if part in body["properties"].value:
                ruled = {
                    task_type
                    for task_type in offered
                    if not _blames_task_type(body, {part: {}}, task_type)
                }
                assert ruled == expected.get(part, offered), (fact["service"], part)


def test_providers_go_with_the_task_types_of_the_facts(facts: Facts) -> None:
    seen = 0
    for fact in facts.services:
        by_provider = fact.get("curated", {}).get("provider_task_types", {})
        body = services()[fact["service"]]
        for provider, task_types in by_provider.items():
            seen += 1
            offered = body["x-parameters"].value["task_type"]["enum"]
            settings = {"service_settings": {"provider": provider}}
            ruled = {name for name in offered if not _blames_task_type(body, settings, name)}
            assert ruled == set(task_types) & set(offered), (fact["service"], provider)

    assert seen == 12


def _blames_task_type(body: Node, instance: Json, task_type: str) -> bool:
    wrong = problems(body, instance, parameters={"task_type": task_type})
    return any(problem.startswith(f"$: '{task_type}' is not one of") for problem in wrong)
