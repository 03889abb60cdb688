"""The rules between members: what the server refuses is refused, what it takes is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from spec.document import Json, Node, find, problems, schema, services, shared_schema


@dataclass(frozen=True, slots=True)
class Rules:
    """Bodies that are taken and refused, in requests with these parameters."""

    schema: Node
    taken: tuple[Json, ...]
    refused: tuple[Json, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)


def of(service: str, schema: str) -> Node:
    return find(f"./services/{service}.yaml#/components/schemas/{schema}")


_AZURE = {"resource_name": "r", "deployment_id": "d", "api_version": "2024-02-01"}
_AZURE_LOGIN = {"client_id": "c", "client_secret": "x", "scopes": ["s"], "tenant_id": "t"}
_OPENAI_LOGIN = {"client_id": "c", "client_secret": "x", "scopes": ["s"], "token_url": "u"}
_VERTEX = {"service_account_json": "{}"}
_GOOGLE = {**_VERTEX, "model_id": "m", "project_id": "p"}
_ADAPTIVE = {"enabled": True}
_WORD = {"strategy": "word", "max_chunk_size": 10, "overlap": 1}
_CUSTOM = {"url": "u", "request": "{}", "secret_parameters": {}}
_ELSER = {"service": "elser", "service_settings": {"num_threads": 1, "num_allocations": 1}}
_BEDROCK = {
    provider: {
        "service": "amazonbedrock",
        "service_settings": {
            "access_key": "a",
            "secret_key": "s",
            "region": "r",
            "model": "m",
            "provider": provider,
        },
    }
    for provider in ("cohere", "meta")
}
_HUGGING_FACE = {"api_key": "k", "url": "u"}
_IMAGE = "data:image/png;base64,aa"
_REGION = {"csp": "aws", "region": "eu-west-1"}


def _vertex(service_settings: Json, task_settings: Json) -> Json:
    return {
        "service": "googlevertexai",
        "service_settings": service_settings,
        "task_settings": task_settings,
    }


def _sagemaker(**settings: str) -> Json:
    keys = {"access_key": "a", "secret_key": "s", "region": "r", "endpoint_name": "e"}
    return {"service": "amazon_sagemaker", "service_settings": {**keys, **settings}}


def _custom(**json_parser: str) -> Json:
    settings = {**_CUSTOM, "response": {"json_parser": json_parser}}
    return {"service": "custom", "service_settings": settings}


def _chat(**more: Json) -> Json:
    return {"messages": [{"role": "user", "content": "a"}], **more}


RULES = {
    "chunking": Rules(
        shared_schema("ChunkingSettings"),
        taken=(
            {},
            {"strategy": "none"},
            {"strategy": "sentence", "max_chunk_size": 20},
            {"strategy": "sentence", "max_chunk_size": 20, "sentence_overlap": 0},
            _WORD,
            {**_WORD, "overlap": 5},
            {**_WORD, "max_chunk_size": 11, "overlap": 5},
            {"strategy": "recursive", "max_chunk_size": 10},
            {"strategy": "recursive", "max_chunk_size": 10, "separators": ["\n"] * 50},
            {"strategy": "recursive", "max_chunk_size": 10, "separator_group": "plaintext"},
        ),
        refused=(
            {"max_chunk_size": 100},
            {"overlap": 1},
            {"separators": ["\n"]},
            {"strategy": "sentence"},
            {"strategy": "sentence", "max_chunk_size": 19},
            {"strategy": "sentence", "max_chunk_size": 20, "overlap": 1},
            {"strategy": "sentence", "max_chunk_size": 20, "sentence_overlap": 2},
            {"strategy": "sentence", "max_chunk_size": 20, "separators": ["\n"]},
            {"strategy": "word", "max_chunk_size": 10},
            {"strategy": "word", "overlap": 1},
            {**_WORD, "max_chunk_size": 9},
            {**_WORD, "overlap": 0},
            {**_WORD, "overlap": 6},
            {**_WORD, "max_chunk_size": 11, "overlap": 6},
            {**_WORD, "sentence_overlap": 1},
            {**_WORD, "separator_group": "markdown"},
            {"strategy": "recursive"},
            {"strategy": "recursive", "max_chunk_size": 9},
            {"strategy": "recursive", "max_chunk_size": 10, "overlap": 1},
            {"strategy": "recursive", "max_chunk_size": 10, "separators": []},
            {"strategy": "recursive", "max_chunk_size": 10, "separators": ["\n"] * 51},
            {
                "strategy": "recursive",
                "max_chunk_size": 10,
                "separators": ["\n"],
                "separator_group": "markdown",
            },
            {"strategy": "paragraph", "max_chunk_size": 100},
        ),
    ),
    "adaptive_allocations": Rules(
        shared_schema("AdaptiveAllocations"),
        taken=(
            {},
            {"enabled": True, "min_number_of_allocations": 0},
            {"min_number_of_allocations": 2, "max_number_of_allocations": 2},
        ),
        refused=(
            {"min_number_of_allocations": -1},
            {"max_number_of_allocations": 0},
            {"min_number_of_allocations": 3, "max_number_of_allocations": 2},
        ),
    ),
    "rate_limit": Rules(
        shared_schema("RateLimit"),
        taken=({"requests_per_minute": 1}, {"requests_per_minute": 2**40}),
        refused=({"requests_per_minute": 0}, {"requests_per_minute": 1.5}),
    ),
    "openai": Rules(
        of("openai", "OpenAIServiceSettings"),
        taken=({"model_id": "m", "api_key": "k"}, {"model_id": "m", **_OPENAI_LOGIN}),
        refused=(
            {"model_id": "m"},
            {"model_id": "m", "api_key": "k", **_OPENAI_LOGIN},
            {"model_id": "m", "api_key": "k", "client_id": "c"},
            *(
                {
                    "model_id": "m",
                    **{key: _OPENAI_LOGIN[key] for key in _OPENAI_LOGIN.keys() - {gone}},
                }
                for gone in ("client_id", "client_secret", "scopes", "token_url")
            ),
        ),
    ),
    "azureopenai": Rules(
        of("azureopenai", "AzureOpenAIServiceSettings"),
        taken=(
            {**_AZURE, "api_key": "k"},
            {**_AZURE, "entra_id": "e"},
            {**_AZURE, **_AZURE_LOGIN},
        ),
        refused=(
            _AZURE,
            {**_AZURE, "api_key": "k", "entra_id": "e"},
            {**_AZURE, "entra_id": "e", **_AZURE_LOGIN},
            {**_AZURE, "api_key": "k", "tenant_id": "t"},
            {**_AZURE, "client_secret": "x"},
            {**_AZURE, "api_key": "k", "dimensions": 3},
        ),
    ),
    "elasticsearch": Rules(
        of("elasticsearch", "ElasticsearchServiceSettings"),
        taken=(
            {"deployment_id": "d"},
            {"model_id": "m", "num_threads": 32, "num_allocations": 1},
            {"model_id": "m", "num_threads": 1, "adaptive_allocations": _ADAPTIVE},
            # Adaptive allocations that are off leave the number to be fixed.
            {
                "model_id": "m",
                "num_threads": 1,
                "num_allocations": 1,
                "adaptive_allocations": {"enabled": False},
            },
        ),
        refused=(
            {},
            {"num_threads": 1, "num_allocations": 1},
            {"model_id": "m", "num_allocations": 1},
            {"model_id": "m", "num_threads": 1},
            {"model_id": "m", "num_threads": 3, "num_allocations": 1},
            {"model_id": "m", "num_threads": 64, "num_allocations": 1},
            {"model_id": "m", "num_threads": 1, "num_allocations": 0},
            {
                "model_id": "m",
                "num_threads": 1,
                "num_allocations": 1,
                "adaptive_allocations": _ADAPTIVE,
            },
        ),
    ),
    "elser": Rules(
        of("elser", "ElserServiceSettings"),
        taken=(
            {"num_threads": 1, "num_allocations": 1},
            {"num_threads": 1, "adaptive_allocations": _ADAPTIVE},
        ),
        refused=(
            {"num_threads": 1},
            {"num_allocations": 1},
            {"num_threads": 1, "num_allocations": 1, "adaptive_allocations": _ADAPTIVE},
        ),
    ),
    "amazonbedrock": Rules(
        of("amazonbedrock", "AmazonBedrockTaskSettings"),
        taken=({}, {"temperature": 1.0}, {"top_p": 0.0, "top_k": 5.0}),
        refused=(
            {"temperature": 0.5, "top_p": 0.5},
            {"temperature": 0.5, "top_k": 5.0},
            {"temperature": 1.1},
            {"top_p": -0.1},
            {"max_new_tokens": 0},
        ),
    ),
    "anthropic": Rules(
        of("anthropic", "AnthropicTaskSettings"),
        taken=({"max_tokens": 1}, {"max_tokens": 1, "temperature": 0.5, "top_k": 3}),
        refused=({}, {"max_tokens": 0}, {"max_tokens": 1, "temperature": 0.5, "top_p": 0.5}),
    ),
    "azureaistudio": Rules(
        of("azureaistudio", "AzureAIStudioTaskSettings"),
        taken=({}, {"do_sample": True, "temperature": 2.0}, {"top_p": 2.0}),
        refused=({"temperature": 0.5, "top_p": 0.5}, {"do_sample": 1.0}, {"temperature": 2.1}),
    ),
    "googlevertexai": Rules(
        of("googlevertexai", "GoogleVertexAIServiceSettings"),
        taken=(
            _GOOGLE,
            {**_GOOGLE, "provider": "google", "location": "l"},
            {**_VERTEX, "provider": "meta", "url": "u"},
            {**_VERTEX, "provider": "ai21", "streaming_url": "u"},
            {**_GOOGLE, "provider": "mistral", "url": "u", "streaming_url": "u"},
        ),
        refused=(
            _VERTEX,
            {**_VERTEX, "model_id": "m"},
            {**_VERTEX, "provider": "google", "project_id": "p"},
            {**_GOOGLE, "url": "u"},
            {**_GOOGLE, "provider": "google", "streaming_url": "u"},
            {**_GOOGLE, "provider": "anthropic"},
            {**_VERTEX, "provider": "openai", "url": "u"},
        ),
    ),
    "custom": Rules(
        of("custom", "CustomServiceSettings"),
        taken=(
            {**_CUSTOM, "response": {"json_parser": {"text_embeddings": "$"}}},
            {**_CUSTOM, "response": {"json_parser": {"token_path": "$", "weight_path": "$"}}},
            {**_CUSTOM, "response": {"json_parser": {"relevance_score": "$"}}},
        ),
        refused=(
            {**_CUSTOM, "response": {}},
            {**_CUSTOM, "response": {"json_parser": {}}},
            {**_CUSTOM, "response": {"json_parser": {"token_path": "$"}}},
            {
                **_CUSTOM,
                "response": {"json_parser": {"relevance_score": "$"}},
                "query_parameters": [["name"]],
            },
        ),
    ),
    "chunking of elser": Rules(
        services()["elser"],
        taken=(
            {**_ELSER, "chunking_settings": {"strategy": "recursive", "max_chunk_size": 300}},
            {**_ELSER, "chunking_settings": {}},
        ),
        refused=(
            {**_ELSER, "chunking_settings": {"strategy": "recursive", "max_chunk_size": 301}},
        ),
    ),
    "top_k of amazonbedrock": Rules(
        services()["amazonbedrock"],
        taken=(
            {**_BEDROCK["cohere"], "task_settings": {"top_k": 5.0}},
            {**_BEDROCK["meta"], "task_settings": {"top_p": 0.5}},
        ),
        refused=({**_BEDROCK["meta"], "task_settings": {"top_k": 5.0}},),
        parameters={"task_type": "completion"},
    ),
    "max_tokens of googlevertexai": Rules(
        services()["googlevertexai"],
        taken=(
            _vertex({**_VERTEX, "provider": "anthropic", "url": "u"}, {"max_tokens": 1}),
            _vertex(_GOOGLE, {"thinking_config": {"thinking_budget": 1}}),
        ),
        refused=(
            _vertex(_GOOGLE, {"max_tokens": 1}),
            _vertex({**_VERTEX, "provider": "meta", "url": "u"}, {"max_tokens": 1}),
            _vertex({**_VERTEX, "provider": "anthropic", "url": "u"}, {"max_tokens": 0}),
        ),
    ),
    "googlevertexai, text_embedding": Rules(
        services()["googlevertexai"],
        taken=(_vertex(_GOOGLE, {}), _vertex({**_GOOGLE, "provider": "google"}, {})),
        refused=(_vertex({**_VERTEX, "provider": "meta", "url": "u"}, {}),),
        parameters={"task_type": "text_embedding"},
    ),
    "hugging_face, text_embedding": Rules(
        services()["hugging_face"],
        taken=({"service": "hugging_face", "service_settings": _HUGGING_FACE},),
        refused=(
            {"service": "hugging_face", "service_settings": {**_HUGGING_FACE, "model_id": "m"}},
        ),
        parameters={"task_type": "text_embedding"},
    ),
    "hugging_face, completion": Rules(
        services()["hugging_face"],
        taken=(
            {"service": "hugging_face", "service_settings": {**_HUGGING_FACE, "model_id": "m"}},
        ),
        refused=(
            {
                "service": "hugging_face",
                "service_settings": _HUGGING_FACE,
                "chunking_settings": {},
            },
        ),
        parameters={"task_type": "completion"},
    ),
    "amazon_sagemaker, text_embedding": Rules(
        services()["amazon_sagemaker"],
        taken=(
            _sagemaker(api="openai"),
            _sagemaker(api="elastic", similarity="cosine", element_type="float"),
        ),
        refused=(
            _sagemaker(api="elastic"),
            _sagemaker(api="elastic", similarity="cosine"),
            _sagemaker(api="elastic", element_type="float"),
        ),
        parameters={"task_type": "text_embedding"},
    ),
    "amazon_sagemaker, completion": Rules(
        services()["amazon_sagemaker"],
        taken=(_sagemaker(api="elastic"),),
        refused=({**_sagemaker(api="elastic"), "chunking_settings": {}},),
        parameters={"task_type": "completion"},
    ),
    "custom, sparse_embedding": Rules(
        services()["custom"],
        taken=(_custom(token_path="$", weight_path="$"),),
        refused=(_custom(token_path="$", relevance_score="$"), _custom(text_embeddings="$")),
        parameters={"task_type": "sparse_embedding"},
    ),
    "custom, rerank": Rules(
        services()["custom"],
        taken=(_custom(relevance_score="$", reranked_index="$"),),
        refused=(_custom(text_embeddings="$"),),
        parameters={"task_type": "rerank"},
    ),
    "update": Rules(
        schema("endpoints", "InferenceEndpointUpdate"),
        taken=(
            {"service_settings": {"api_key": "k"}},
            {"service_settings": {"some_new_setting": None}},
            {"task_settings": {"user": "u"}},
        ),
        refused=({}, {"service": "openai"}, {"service_settings": {"num_allocations": 0}}),
    ),
    "text_embedding": Rules(
        schema("embedding", "TextEmbeddingRequest"),
        taken=({"input": "a"}, {"input": ["a"], "input_type": "ingest"}),
        refused=(
            {},
            {"input": []},
            {"input": None},
            {"input": "a", "input_type": "query"},
            {"input": "a", "query": "q"},
        ),
    ),
    "embedding": Rules(
        schema("embedding", "EmbeddingRequest"),
        taken=(
            {"input": "a"},
            {"input": ["a", {"content": {"type": "text", "value": "b"}}]},
            {"input": {"content": [{"type": "text", "format": "text", "value": "b"}]}},
            {"input": {"content": {"type": "pdf", "value": "data:application/pdf;base64,aa"}}},
        ),
        refused=(
            {"input": []},
            {"input": {"content": []}},
            {"input": {"content": {"type": "text", "format": "base64", "value": "b"}}},
            {"input": {"content": {"type": "image", "format": "text", "value": _IMAGE}}},
            {"input": {"content": {"type": "image", "value": "https://images.example.com/1"}}},
            {"input": {"content": {"type": "smell", "value": "b"}}},
        ),
    ),
    "rerank": Rules(
        schema("rerank", "RerankRequest"),
        taken=(
            {"query": "q", "input": "a"},
            {"query": "q", "input": ["a"], "top_n": 1},
            {
                "query": {"type": "image", "value": _IMAGE},
                "input": [{"type": "text", "value": "a"}],
            },
        ),
        refused=(
            {"input": "a"},
            {"query": "", "input": "a"},
            {"query": "q", "input": []},
            {"query": "q", "input": "a", "top_n": 0},
            {"query": "q", "input": {"type": "image", "format": "text", "value": _IMAGE}},
        ),
    ),
    "chat_completion": Rules(
        schema("chat_completion", "ChatCompletionRequest"),
        taken=(
            {"messages": [{"role": "user", "content": "a"}], "temperature": 1},
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]},
            _chat(reasoning={"effort": "low"}),
            _chat(reasoning={"enabled": True, "summary": "auto"}),
            _chat(reasoning={"enabled": False, "effort": "none"}),
            _chat(tool_choice="auto"),
        ),
        refused=(
            {"messages": []},
            {"messages": [{"role": "user"}]},
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            {
                "messages": [
                    {"role": "user", "content": [{"type": "text", "text": "a", "file": {}}]}
                ]
            },
            _chat(reasoning={}),
            _chat(reasoning={"exclude": True}),
            _chat(reasoning={"enabled": False}),
            _chat(tool_choice={"type": "function"}),
            _chat(stream=True),
        ),
    ),
    "region_policy": Rules(
        schema("region_policy", "RegionPolicyRequest"),
        taken=(
            {"region_policy": {"allowed_geos": ["eu"]}},
            {"region_policy": {"allowed_regions": [_REGION], "fallback_region": _REGION}},
        ),
        refused=(
            {},
            {"allowed_geos": ["eu"]},
            {"region_policy": {}},
            {"region_policy": {"allowed_geos": []}},
            {"region_policy": {"allowed_regions": []}},
            {"region_policy": {"allowed_geos": ["eu"], "allowed_regions": [_REGION]}},
            {"region_policy": {"allowed_regions": ["eu-west-1"]}},
        ),
    ),
    "watsonxai": Rules(
        of("watsonxai", "WatsonxServiceSettings")["properties"]["api_version"],
        taken=("2024-03-14",),
        refused=("2024-3-14", "v1", "2024-03-14T00:00"),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_taken(name: str) -> None:
    rules = RULES[name]
    wrong = {
        str(body): problems(rules.schema, body, parameters=rules.parameters) for body in rules.taken
    }

    assert {body: found for body, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", RULES)
def test_refused(name: str) -> None:
    rules = RULES[name]
    taken = [
        body
        for body in rules.refused
        if not problems(rules.schema, body, parameters=rules.parameters)
    ]

    assert taken == []
