"""Rules of the services that run a model of the user, and of those that offer OpenAI."""

from __future__ import annotations

from behaviour.rules.cases import Call, Json, Rule, put, refused

_AZURE = {"resource_name": "r", "deployment_id": "d", "api_version": "2024-02-01"}
_AZURE_LOGIN = {"client_id": "c", "client_secret": "x", "scopes": ["s"], "tenant_id": "t"}
_OPENAI_LOGIN = {"client_id": "c", "client_secret": "x", "scopes": ["s"], "token_url": "u"}
_ELASTICSEARCH = {"model_id": "m", "num_threads": 1}
_HUGGING_FACE = {"api_key": "k", "url": "u"}


def _custom(task_type: str, json_parser: Json, **settings: Json) -> Call:
    whole = {
        "url": "u",
        "request": "{}",
        "secret_parameters": {},
        "response": {"json_parser": json_parser},
        **settings,
    }
    return put("custom", task_type, whole)


def _hosted(service: str, settings: Json, **members: Json) -> Call:
    return put(service, "sparse_embedding", settings, **members)


_OPENAI = "service_settings: Exactly one of `api_key` and `client_secret` is given"

OWN = (
    Rule(
        "azureopenai/exactly_one_of",
        taken=(
            put("azureopenai", "completion", {**_AZURE, "api_key": "k"}),
            put("azureopenai", "completion", {**_AZURE, "entra_id": "e"}),
        ),
        refused=(
            refused(
                put("azureopenai", "completion", _AZURE),
                "service_settings: Exactly one of `api_key`, `entra_id` and `client_secret` is "
                "given",
            ),
            refused(
                put("azureopenai", "completion", {**_AZURE, "api_key": "k", "entra_id": "e"}),
                "service_settings: Exactly one of `api_key`, `entra_id` and `client_secret` is "
                "given",
            ),
        ),
    ),
    Rule(
        "azureopenai/all_or_none",
        taken=(put("azureopenai", "completion", {**_AZURE, **_AZURE_LOGIN}),),
        refused=(
            refused(
                put("azureopenai", "completion", {**_AZURE, "client_secret": "x"}),
                "service_settings: `client_id`, `client_secret`, `scopes` and "
                "`tenant_id` are given together",
            ),
        ),
    ),
    Rule(
        "custom/json_parser_by_task",
        taken=(
            _custom("text_embedding", {"text_embeddings": "$"}),
            _custom("sparse_embedding", {"token_path": "$", "weight_path": "$"}),
            _custom("rerank", {"relevance_score": "$"}),
            _custom("completion", {"completion_result": "$"}),
        ),
        refused=(
            refused(
                _custom("text_embedding", {"relevance_score": "$"}),
                "task_type: `text_embedding` needs `text_embeddings` in the `json_parser`",
            ),
            refused(
                _custom("sparse_embedding", {"token_path": "$", "relevance_score": "$"}),
                "task_type: `sparse_embedding` needs `token_path` and `weight_path` in the "
                "`json_parser`",
            ),
            refused(
                _custom("rerank", {"text_embeddings": "$"}),
                "task_type: `rerank` needs `relevance_score` in the `json_parser`",
            ),
            refused(
                _custom("completion", {"text_embeddings": "$"}),
                "task_type: `completion` needs `completion_result` in the `json_parser`",
            ),
            refused(
                _custom("completion", {"token_path": "$"}),
                "service_settings.response.json_parser: The paths of one task type are "
                "given: `text_embeddings`, or `token_path` and `weight_path`, or "
                "`relevance_score`, or `completion_result`",
                "task_type: `completion` needs `completion_result` in the `json_parser`",
            ),
        ),
    ),
    Rule(
        "custom/embedding_type_values",
        taken=(_custom("text_embedding", {"text_embeddings": "$", "embedding_type": "bit"}),),
        refused=(
            refused(
                _custom("text_embedding", {"text_embeddings": "$", "embedding_type": "int8"}),
                "service_settings.response.json_parser.embedding_type: should be "
                "'float', 'byte', 'bit' or 'binary'",
            ),
        ),
    ),
    Rule(
        "custom/query_parameters",
        taken=(_custom("rerank", {"relevance_score": "$"}, query_parameters=[["a", "b"]]),),
        refused=(
            refused(
                _custom("rerank", {"relevance_score": "$"}, query_parameters=[["a"]]),
                "service_settings.query_parameters[0]: should have at least 2 items",
            ),
            refused(
                _custom("rerank", {"relevance_score": "$"}, query_parameters={"a": "b"}),
                "service_settings.query_parameters: should be a valid list",
            ),
        ),
    ),
    Rule(
        "custom/input_type",
        taken=(
            _custom(
                "text_embedding",
                {"text_embeddings": "$"},
                input_type={"translation": {"ingest": "doc"}, "default": "query"},
            ),
        ),
        refused=(
            refused(
                _custom("text_embedding", {"text_embeddings": "$"}, input_type={"ingest": "doc"}),
                "service_settings.input_type.ingest: unknown key `ingest`; known are "
                "`translation`, `default`",
            ),
        ),
    ),
    Rule(
        "custom/request",
        taken=(_custom("rerank", {"relevance_score": "$"}, request="{}"),),
        refused=(
            refused(
                _custom("rerank", {"relevance_score": "$"}, request={"content": "{}"}),
                "service_settings.request: should be a valid string",
            ),
        ),
    ),
    Rule(
        "elasticsearch/model_id",
        taken=(_hosted("elasticsearch", {"deployment_id": "d"}),),
        refused=(
            refused(
                _hosted("elasticsearch", {"num_threads": 1, "num_allocations": 1}),
                "service_settings: `model_id` is given, or `deployment_id`",
            ),
        ),
    ),
    Rule(
        "elasticsearch/num_allocations_xor",
        taken=(
            _hosted("elasticsearch", {**_ELASTICSEARCH, "num_allocations": 1}),
            _hosted("elasticsearch", {**_ELASTICSEARCH, "adaptive_allocations": {"enabled": True}}),
            _hosted(
                "elasticsearch",
                {
                    **_ELASTICSEARCH,
                    "num_allocations": 1,
                    "adaptive_allocations": {"enabled": False},
                },
            ),
        ),
        refused=(
            refused(
                _hosted("elasticsearch", _ELASTICSEARCH),
                "service_settings: `num_allocations` is given, or "
                "`adaptive_allocations`, or `deployment_id`",
            ),
            refused(
                _hosted(
                    "elasticsearch",
                    {
                        **_ELASTICSEARCH,
                        "num_allocations": 1,
                        "adaptive_allocations": {"enabled": True},
                    },
                ),
                "service_settings: `num_allocations` does not go with "
                "`adaptive_allocations` that are enabled",
            ),
        ),
    ),
    Rule(
        "elasticsearch/num_threads",
        taken=(
            _hosted("elasticsearch", {"model_id": "m", "num_threads": 32, "num_allocations": 1}),
        ),
        refused=(
            refused(
                _hosted("elasticsearch", {"model_id": "m", "num_threads": 3, "num_allocations": 1}),
                "service_settings.num_threads: should be 1, 2, 4, 8, 16 or 32",
            ),
        ),
    ),
    Rule(
        "elasticsearch/long_document_strategy_values",
        taken=(
            put(
                "elasticsearch",
                "rerank",
                {"deployment_id": "d", "long_document_strategy": "chunk"},
            ),
        ),
        refused=(
            refused(
                put(
                    "elasticsearch",
                    "rerank",
                    {"deployment_id": "d", "long_document_strategy": "split"},
                ),
                "service_settings.long_document_strategy: should be 'truncate' or 'chunk'",
            ),
        ),
    ),
    Rule(
        "elser/max_chunk_size_max",
        taken=(
            _hosted(
                "elser",
                {"num_threads": 1, "num_allocations": 1},
                chunking_settings={"strategy": "recursive", "max_chunk_size": 300},
            ),
        ),
        refused=(
            refused(
                _hosted(
                    "elser",
                    {"num_threads": 1, "num_allocations": 1},
                    chunking_settings={"strategy": "recursive", "max_chunk_size": 301},
                ),
                "ELSER takes a `max_chunk_size` of at most 300",
            ),
        ),
    ),
    Rule(
        "elser/num_allocations_xor",
        taken=(_hosted("elser", {"num_threads": 1, "adaptive_allocations": {"enabled": True}}),),
        refused=(
            refused(
                _hosted("elser", {"num_threads": 1}),
                "service_settings: `num_allocations` is given, or `adaptive_allocations`",
            ),
            refused(
                _hosted(
                    "elser",
                    {
                        "num_threads": 1,
                        "num_allocations": 1,
                        "adaptive_allocations": {"enabled": True},
                    },
                ),
                "service_settings: `num_allocations` does not go with "
                "`adaptive_allocations` that are enabled",
            ),
        ),
    ),
    Rule(
        "elser/num_threads",
        taken=(_hosted("elser", {"num_threads": 16, "num_allocations": 1}),),
        refused=(
            refused(
                _hosted("elser", {"num_threads": 64, "num_allocations": 1}),
                "service_settings.num_threads: should be 1, 2, 4, 8, 16 or 32",
            ),
        ),
    ),
    Rule(
        "hugging_face/model_id",
        taken=(
            put("hugging_face", "text_embedding", _HUGGING_FACE),
            put("hugging_face", "completion", {**_HUGGING_FACE, "model_id": "m"}),
        ),
        refused=(
            refused(
                put("hugging_face", "text_embedding", {**_HUGGING_FACE, "model_id": "m"}),
                "task_type: `model_id` does not go with `text_embedding`",
            ),
        ),
    ),
    Rule(
        "openai/exactly_one_of",
        taken=(put("openai", "completion", {"model_id": "m", "api_key": "k"}),),
        refused=(
            refused(put("openai", "completion", {"model_id": "m"}), _OPENAI),
            refused(
                put("openai", "completion", {"model_id": "m", "api_key": "k", **_OPENAI_LOGIN}),
                _OPENAI,
            ),
            # All at once, wherever it stands and whatever else is wrong.
            refused(
                put(
                    "openai",
                    "completion",
                    {"model_id": "m"},
                    chunking_settings={"overlap": 3},
                    task_settings={"usr": "u"},
                ),
                _OPENAI,
                "task_settings.usr: unknown key `usr`, did you mean `user`?",
                "chunking_settings: Whatever is set, `strategy` is set too: `overlap` "
                "needs `strategy` beside it",
                "task_type: `chunking_settings` go with `text_embedding` and `embedding` only",
            ),
        ),
    ),
    Rule(
        "openai/all_or_none",
        taken=(put("openai", "completion", {"model_id": "m", **_OPENAI_LOGIN}),),
        refused=(
            refused(
                put("openai", "completion", {"model_id": "m", "client_secret": "x"}),
                "service_settings: `client_id`, `client_secret`, `scopes` and "
                "`token_url` are given together",
            ),
        ),
    ),
)
