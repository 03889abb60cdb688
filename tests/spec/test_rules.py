"""The rules between members: what the server refuses is refused, what it takes is taken."""

from dataclasses import dataclass

import pytest

from spec.document import Json, Node, find, problems, shared_schema


@dataclass(frozen=True, slots=True)
class Rules:
    schema: Node
    taken: tuple[Json, ...]
    refused: tuple[Json, ...]


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

RULES = {
    "chunking": Rules(
        shared_schema("ChunkingSettings"),
        taken=(
            {},
            {"strategy": "none"},
            {"strategy": "sentence", "max_chunk_size": 20},
            {"strategy": "sentence", "max_chunk_size": 20, "sentence_overlap": 0},
            _WORD,
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
        taken=({}, {"enabled": True, "min_number_of_allocations": 0}),
        refused=({"min_number_of_allocations": -1}, {"max_number_of_allocations": 0}),
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
        ),
    ),
    "elser": Rules(
        of("elser", "ElserServiceSettings"),
        taken=(
            {"num_threads": 1, "num_allocations": 1},
            {"num_threads": 1, "adaptive_allocations": _ADAPTIVE},
        ),
        refused=({"num_threads": 1}, {"num_allocations": 1}),
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
    "watsonxai": Rules(
        of("watsonxai", "WatsonxServiceSettings")["properties"]["api_version"],
        taken=("2024-03-14",),
        refused=("2024-3-14", "v1", "2024-03-14T00:00"),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_taken(name: str) -> None:
    wrong = {str(body): problems(RULES[name].schema, body) for body in RULES[name].taken}

    assert {body: found for body, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", RULES)
def test_refused(name: str) -> None:
    schema = RULES[name].schema

    assert [body for body in RULES[name].refused if not problems(schema, body)] == []
