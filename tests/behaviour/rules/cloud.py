"""Rules of the services that sell models."""

from __future__ import annotations

from behaviour.rules.cases import Call, Json, Rule, put, refused

_ALIBABA = {"api_key": "k", "host": "h", "service_id": "s", "workspace": "w"}
_MAKER = {"access_key": "a", "secret_key": "s", "region": "r", "endpoint_name": "e"}
_STUDIO = {"api_key": "k", "target": "t", "endpoint_type": "token"}
_VERTEX = {"service_account_json": "{}"}
_GOOGLE = {**_VERTEX, "model_id": "m", "project_id": "p"}
_ANTHROPIC = {"api_key": "k", "model_id": "m"}
_WATSONX = {"api_key": "k", "model_id": "m", "project_id": "p", "url": "u"}


def _bedrock(provider: str, task_type: str, **task_settings: Json) -> Call:
    settings = {
        "access_key": "a",
        "secret_key": "s",
        "region": "r",
        "model": "m",
        "provider": provider,
    }
    more = {"task_settings": task_settings} if task_settings else {}
    return put("amazonbedrock", task_type, settings, **more)


def _studio(provider: str, task_type: str, **task_settings: Json) -> Call:
    more = {"task_settings": task_settings} if task_settings else {}
    return put("azureaistudio", task_type, {**_STUDIO, "provider": provider}, **more)


_TOP = "task_settings: `temperature` and `top_p` exclude each other"

CLOUD = (
    Rule(
        "alibabacloud-ai-search/input_type_values",
        taken=(
            put(
                "alibabacloud-ai-search",
                "text_embedding",
                _ALIBABA,
                task_settings={"input_type": "ingest"},
            ),
        ),
        refused=(
            refused(
                put(
                    "alibabacloud-ai-search",
                    "text_embedding",
                    _ALIBABA,
                    task_settings={"input_type": "classification"},
                ),
                "task_settings.input_type: should be 'ingest' or 'search'",
            ),
        ),
    ),
    Rule(
        "amazon_sagemaker/when",
        taken=(
            put("amazon_sagemaker", "completion", {**_MAKER, "api": "elastic"}),
            put("amazon_sagemaker", "text_embedding", {**_MAKER, "api": "openai"}),
            put(
                "amazon_sagemaker",
                "text_embedding",
                {**_MAKER, "api": "elastic", "similarity": "cosine", "element_type": "float"},
            ),
        ),
        refused=(
            refused(
                put(
                    "amazon_sagemaker",
                    "text_embedding",
                    {**_MAKER, "api": "elastic", "similarity": "cosine"},
                ),
                "task_type: With the `api` `elastic`, `text_embedding` needs `similarity` and "
                "`element_type`",
            ),
        ),
    ),
    Rule(
        "amazonbedrock/task_settings_mutually_exclusive",
        taken=(_bedrock("cohere", "completion", top_p=0.5, top_k=5.0),),
        refused=(
            refused(
                _bedrock("cohere", "completion", temperature=0.5, top_p=0.5, top_k=5.0),
                f"{_TOP}; `temperature` and `top_k` exclude each other",
            ),
        ),
    ),
    Rule(
        "amazonbedrock/top_k_only_providers",
        taken=(_bedrock("mistral", "completion", top_k=5.0),),
        refused=(
            refused(
                _bedrock("meta", "completion", top_k=5.0),
                "`top_k` is for the providers `anthropic`, `cohere` and `mistral`: "
                "`service_settings.provider`: should be 'anthropic', 'cohere' or 'mistral' when "
                "`task_settings.top_k` is given",
            ),
        ),
    ),
    Rule(
        "amazonbedrock/provider_task_types",
        taken=(_bedrock("cohere", "text_embedding"), _bedrock("meta", "chat_completion")),
        refused=(
            refused(
                _bedrock("amazontitan", "chat_completion"),
                "task_type: The provider `amazontitan` is for `completion` and `text_embedding`",
            ),
            refused(
                _bedrock("ai21labs", "text_embedding"),
                "task_type: The providers `anthropic`, `ai21labs`, `meta` and `mistral` are for "
                "`chat_completion` and `completion`",
            ),
            # All at once, rules inside of members and between them.
            refused(
                _bedrock("meta", "text_embedding", temperature=0.5, top_p=0.5, top_k=5.0),
                f"{_TOP}; `temperature` and `top_k` exclude each other",
                "`top_k` is for the providers `anthropic`, `cohere` and `mistral`: "
                "`service_settings.provider`: should be 'anthropic', 'cohere' or 'mistral' when "
                "`task_settings.top_k` is given",
                "task_type: The providers `anthropic`, `ai21labs`, `meta` and `mistral` are for "
                "`chat_completion` and `completion`",
            ),
        ),
    ),
    Rule(
        "anthropic/task_settings_mutually_exclusive",
        taken=(
            put("anthropic", "completion", _ANTHROPIC, task_settings={"max_tokens": 1}),
            put(
                "anthropic",
                "completion",
                _ANTHROPIC,
                task_settings={"max_tokens": 1, "temperature": 0.5},
            ),
        ),
        refused=(
            refused(
                put(
                    "anthropic",
                    "completion",
                    _ANTHROPIC,
                    task_settings={"max_tokens": 1, "temperature": 0.5, "top_p": 0.5},
                ),
                _TOP,
            ),
        ),
    ),
    Rule(
        "anthropic/max_tokens",
        taken=(put("anthropic", "completion", _ANTHROPIC, task_settings={"max_tokens": 1}),),
        refused=(
            refused(
                put("anthropic", "completion", _ANTHROPIC, task_settings={"top_k": 1}),
                "task_settings.max_tokens: is required",
            ),
        ),
    ),
    Rule(
        "azureaistudio/endpoint_type_values",
        taken=(_studio("cohere", "rerank"),),
        refused=(
            refused(
                put(
                    "azureaistudio",
                    "rerank",
                    {**_STUDIO, "provider": "cohere", "endpoint_type": "tokens"},
                ),
                "service_settings.endpoint_type: should be 'token' or 'realtime'",
            ),
        ),
    ),
    Rule(
        "azureaistudio/task_settings_mutually_exclusive",
        taken=(_studio("openai", "completion", temperature=0.5),),
        refused=(refused(_studio("openai", "completion", temperature=0.5, top_p=0.5), _TOP),),
    ),
    Rule(
        "azureaistudio/provider_task_types",
        taken=(_studio("openai", "text_embedding"), _studio("meta", "completion")),
        refused=(
            refused(
                _studio("openai", "rerank"),
                "task_type: The provider `openai` is for `completion` and `text_embedding`",
            ),
            refused(
                _studio("databricks", "text_embedding"),
                "task_type: The providers `databricks`, `meta`, `microsoft_phi` and `mistral` are "
                "for `completion`",
            ),
        ),
    ),
    Rule(
        "fireworksai/task_settings_task_types",
        taken=(
            put(
                "fireworksai",
                "completion",
                {"api_key": "k", "model_id": "m"},
                task_settings={"user": "u"},
            ),
        ),
        refused=(
            refused(
                put(
                    "fireworksai",
                    "text_embedding",
                    {"api_key": "k", "model_id": "m"},
                    task_settings={"user": "u"},
                ),
                "task_type: `task_settings` go with `completion` and `chat_completion` only",
            ),
        ),
    ),
    Rule(
        "googlevertexai/when",
        taken=(
            put("googlevertexai", "rerank", _GOOGLE),
            put("googlevertexai", "completion", {**_VERTEX, "provider": "meta", "url": "u"}),
        ),
        refused=(
            refused(
                put("googlevertexai", "rerank", _VERTEX),
                "service_settings: Models of Google need `model_id` and `project_id` and "
                "take no `url` and no `streaming_url`; other models need one of these "
                "URLs",
            ),
            refused(
                put("googlevertexai", "rerank", {**_GOOGLE, "url": "u"}),
                "service_settings: Models of Google need `model_id` and `project_id` and "
                "take no `url` and no `streaming_url`; other models need one of these "
                "URLs",
            ),
            refused(
                put("googlevertexai", "completion", {**_VERTEX, "provider": "meta"}),
                "service_settings: Models of Google need `model_id` and `project_id` and "
                "take no `url` and no `streaming_url`; other models need one of these "
                "URLs",
            ),
            refused(
                put(
                    "googlevertexai", "text_embedding", {**_VERTEX, "provider": "meta", "url": "u"}
                ),
                "task_type: The models of providers other than Google are for "
                "`completion` and `chat_completion`",
            ),
        ),
    ),
    Rule(
        "googlevertexai/task_settings",
        taken=(
            put(
                "googlevertexai",
                "completion",
                {**_VERTEX, "provider": "anthropic", "url": "u"},
                task_settings={"max_tokens": 1},
            ),
        ),
        refused=(
            refused(
                put("googlevertexai", "completion", _GOOGLE, task_settings={"max_tokens": 1}),
                "`max_tokens` is for the provider `anthropic`: give "
                "`service_settings.provider` when `task_settings.max_tokens` is given",
            ),
            refused(
                put(
                    "googlevertexai",
                    "completion",
                    {**_VERTEX, "provider": "anthropic", "url": "u"},
                    task_settings={"max_tokens": 0},
                ),
                "task_settings.max_tokens: should be greater than or equal to 1",
            ),
        ),
    ),
    Rule(
        "nvidia/task_settings_task_types",
        taken=(
            put(
                "nvidia",
                "text_embedding",
                {"api_key": "k", "model_id": "m"},
                task_settings={"truncate": "NONE"},
            ),
        ),
        refused=(
            refused(
                put(
                    "nvidia",
                    "rerank",
                    {"api_key": "k", "model_id": "m"},
                    task_settings={"truncate": "NONE"},
                ),
                "task_type: `task_settings` go with `text_embedding` only",
            ),
        ),
    ),
    Rule(
        "openshift_ai/task_settings_task_types",
        taken=(
            put(
                "openshift_ai",
                "rerank",
                {"api_key": "k", "url": "u"},
                task_settings={"top_n": 1},
            ),
        ),
        refused=(
            refused(
                put(
                    "openshift_ai",
                    "completion",
                    {"api_key": "k", "url": "u"},
                    task_settings={"top_n": 1},
                ),
                "task_type: `task_settings` go with `rerank` only",
            ),
        ),
    ),
    Rule(
        "voyageai/api_key",
        taken=(put("voyageai", "rerank", {"api_key": "k", "model_id": "m"}),),
        refused=(
            refused(
                put("voyageai", "rerank", {"model_id": "m"}),
                "service_settings.api_key: is required",
            ),
        ),
    ),
    Rule(
        "voyageai/embedding_type",
        taken=(
            put(
                "voyageai",
                "text_embedding",
                {"api_key": "k", "model_id": "m", "embedding_type": "int8"},
            ),
        ),
        refused=(
            refused(
                put(
                    "voyageai",
                    "text_embedding",
                    {"api_key": "k", "model_id": "m", "embedding_type": 1.0},
                ),
                "service_settings.embedding_type: should be 'float', 'int8' or 'bit'",
            ),
        ),
    ),
    Rule(
        "voyageai/input_type_values",
        taken=(
            put(
                "voyageai",
                "text_embedding",
                {"api_key": "k", "model_id": "m"},
                task_settings={"input_type": "search"},
            ),
        ),
        refused=(
            refused(
                put(
                    "voyageai",
                    "text_embedding",
                    {"api_key": "k", "model_id": "m"},
                    task_settings={"input_type": "clustering"},
                ),
                "task_settings.input_type: should be 'ingest' or 'search'",
            ),
        ),
    ),
    Rule(
        "watsonxai/api_version_format",
        taken=(put("watsonxai", "completion", {**_WATSONX, "api_version": "2024-03-14"}),),
        refused=(
            refused(
                put("watsonxai", "completion", {**_WATSONX, "api_version": "v1"}),
                "service_settings.api_version: should match pattern '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'",
            ),
        ),
    ),
)
