"""A reader's questions: the answer is at most two clicks away from the start page."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

import pytest

from behaviour.docs import flagship


@dataclass(frozen=True)
class Asked:
    question: str
    clicks: tuple[str, ...]
    """What the links lead to, as the pages have it, from the start page on."""
    answer: str
    """A regular expression that the place matches which the last link leads to."""
    search: str = ""
    """What one would type into the search of the site to find the same page; empty: nothing."""


MATRIX = "services/index.md"
QUESTIONS = [
    Asked(
        "Which secret does watsonxai need?",
        (MATRIX, "watsonxai.md"),
        r"`service_settings\.api_key`\]\S+ \| `string`<br>\*\*secret\*\* \| yes",
        search="watsonxai secret",
    ),
    Asked(
        "Which services rerank?",
        (MATRIX,),
        r"\[`contextualai`\]\(contextualai\.md\) \|  \|  \|"
        r" \[✓\]\(contextualai\.md#for-task_type-rerank\) \|  \|  \|  \|",
    ),
    Asked(
        "What is the least max_chunk_size for `word`?",
        ("types/index.md", "shared.md#type-ChunkingSettings"),
        r"`word` needs a `max_chunk_size` of at least 10",
        search="ChunkingSettings",
    ),
    Asked(
        "Which settings does Cohere rerank take?",
        (MATRIX, "cohere.md#for-task_type-rerank"),
        r"(?s)`service_settings\.model_id`.*`task_settings\.return_documents`"
        r".*`task_settings\.top_n`",
        search="cohere rerank",
    ),
    Asked(
        "Which task types has openai?",
        (MATRIX, "openai.md"),
        r"(?s)for-task_type-text_embedding.*for-task_type-completion"
        r".*for-task_type-chat_completion.*for-task_type-embedding",
        search="openai",
    ),
    Asked(
        "Does groq complete texts, or only chats?",
        (MATRIX,),
        r"\[`groq`\]\(groq\.md\) \|  \|  \|  \|  \|"
        r" \[✓\]\(groq\.md#for-task_type-chat_completion\)",
    ),
    Asked(
        "What is the default of embedding_type for cohere?",
        (MATRIX, "cohere.md#for-task_type-text_embedding"),
        r'`service_settings\.embedding_type`\]\S+ \| .* \| no \| `"float"` \|',
        search="cohere embedding_type",
    ),
    Asked(
        "How is an endpoint for elser created from the console?",
        (MATRIX, "elser.md#for-task_type-sparse_embedding"),
        r'PUT _inference/sparse_embedding/my-inference-id\n\{\n  "service": "elser"',
    ),
    Asked(
        "Which values can an element type of SageMaker have?",
        (MATRIX, "amazon_sagemaker.md"),
        r'`service_settings\.element_type`\]\S+ \| .*`"byte"`, `"float"`, `"bit"`',
        search="element_type",
    ),
    Asked(
        "Which privilege does creating an endpoint need?",
        ("operations/inference/put.md",),
        r"cluster privilege `manage_inference`",
    ),
    Asked(
        "Which privilege does reranking need?",
        ("operations/inference/rerank.md",),
        r"cluster privilege `monitor_inference`",
        search="rerank",
    ),
    Asked(
        "How long does the server wait for a new endpoint?",
        ("operations/inference/put.md",),
        r'`timeout` \| \[`TypesDuration`\]\S+ \| no \| `"30s"`',
    ),
    Asked(
        "How is a duration written?",
        ("operations/inference/put.md",),
        r'\ntype TypesDuration = string \| "-1" \| "0"\n',
        search="TypesDuration",
    ),
    Asked(
        "Which path streams a completion?",
        ("operations/inference/stream-completion.md",),
        r"POST /_inference/completion/\{inference_id\}/_stream\n",
        search="stream completion",
    ),
    Asked(
        "How does a stream of a completion end?",
        ("operations/inference/stream-completion.md",),
        r"ends with `\[DONE\]`|ends with <code>&#91;DONE&#93;</code>",
    ),
    Asked(
        "What comes back if an id is unknown?",
        ("operations/inference/get.md",),
        r"(?s)### 404\n.*resource_not_found_exception",
        search="read inference endpoints",
    ),
    Asked(
        "What does reranking send?",
        ("operations/inference/rerank.md",),
        r"(?s)type RerankRequest = \{\n.*  query: RerankQuery\n  input: RerankInput\n",
    ),
    Asked(
        "Since when is there voyageai?",
        (MATRIX, "voyageai.md"),
        r"Since Elasticsearch 8\.19\.",
        search="voyageai",
    ),
    Asked(
        "What is used instead of elser?",
        (MATRIX, "elser.md"),
        r"use the service `elasticsearch`",
        search="elser",
    ),
    Asked(
        "Which types use RateLimit?",
        ("types/index.md",),
        r"\[`RateLimit`\]\(shared\.md#type-RateLimit\) \| \[`AI21ServiceSettings`\]",
    ),
    Asked(
        "How are credentials sent?",
        ("operations/inference/put.md", "../../index.md#auth-apiKey"),
        r"`apiKey` \| header `Authorization: ApiKey …` \| `ELASTICSEARCH_API_KEY`",
    ),
    Asked(
        "Which settings of Cohere rerank are required?",
        (MATRIX, "cohere.md#for-task_type-rerank"),
        r"(?s)\A(?:(?!\| yes \|).)*api_key`\][^\n]*\| yes \|[^\n]*\n"
        r"[^\n]*model_id`\][^\n]*\| yes \|(?:(?!\| yes \|).)*\Z",
        search="cohere",
    ),
    Asked(
        "What does top_n of Cohere mean?",
        (MATRIX, "cohere.md#for-task_type-rerank"),
        r"`task_settings\.top_n`\]\S+ \| .* \| no \| How many of the best texts come back\.",
        search="top_n",
    ),
    Asked(
        "May one give both an API key and a client secret to openai?",
        (MATRIX, "openai.md#for-task_type-text_embedding"),
        r"Exactly one of `api_key` and `client_secret` is given\.",
        search="openai",
    ),
    Asked(
        "How often is OpenAI called by default?",
        (MATRIX, "openai.md#for-task_type-completion"),
        r"by default 3000 times a minute for `text_embedding`, 500 times for `completion`",
        search="openai rate limit",
    ),
    Asked(
        "Which task setting can anthropic not do without?",
        (MATRIX, "anthropic.md#for-task_type-completion"),
        r"`task_settings\.max_tokens`\]\S+ \| `integer`<br>int32, at least 1 \| yes \|",
        search="anthropic",
    ),
    Asked(
        "What may be left out if a deployment of elasticsearch already runs?",
        (MATRIX, "elasticsearch.md#for-task_type-text_embedding"),
        r"`model_id` is given, or `deployment_id`\.\n.*`num_threads` is given, or `deployment_id`",
        search="deployment_id",
    ),
    Asked(
        "How large may a chunk of elser be?",
        (MATRIX, "elser.md"),
        r"ELSER takes a `max_chunk_size` of at most 300\.",
        search="elser",
    ),
    Asked(
        "How much may chunks of words overlap?",
        ("types/index.md", "shared.md#type-ChunkingSettings"),
        r"`overlap` is at most half of `max_chunk_size`\.",
        search="chunking overlap",
    ),
    Asked(
        "Is embedding of images stable?",
        ("operations/inference/embedding.md",),
        r"\*\*Availability:\*\* Experimental since Elasticsearch 9\.4",
        search="embed images",
    ),
    Asked(
        "Since when can an endpoint be changed?",
        ("operations/inference/update.md",),
        r"since Elasticsearch 8\.17",
        search="change endpoint",
    ),
    Asked(
        "How does one see what uses an endpoint before deleting it?",
        ("operations/inference/delete.md",),
        r"`dry_run` \| `boolean` \| no \| `false` \| Whether to say what uses the endpoint",
        search="dry_run",
    ),
    Asked(
        "What does a stream of a completion send?",
        ("operations/inference/stream-completion.md",),
        r"(?s)\| `input` \|.*type CompletionChunk = \{\n  completion: CompletionDelta\[\]",
        search="stream completion",
    ),
    Asked(
        "How is an endpoint created with the async client?",
        (MATRIX, "mistral.md#for-task_type-text_embedding"),
        r"await client\.inference\.put_mistral\(",
    ),
]


def test_there_are_enough_questions() -> None:
    assert len({asked.question for asked in QUESTIONS}) >= 30


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.question)
def test_the_answer_is_two_clicks_away(asked: Asked) -> None:
    pages = flagship.pages()
    assert len(asked.clicks) <= 2
    page, place = "index.md", ""
    for click in asked.clicks:
        assert f"]({click})" in pages[page], f"{page} has no link to {click}"
        path, _, place = click.partition("#")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    text = pages[page]
    if place:
        text = section(text, place)
    assert re.search(asked.answer, text), text[:2000]


def section(page: str, anchor: str) -> str:
    """Return what stands at an anchor: its row of a table, or what is below its heading."""
    before, mark, rest = page.partition(f'<a id="{anchor}"></a>')
    assert mark, f"no anchor {anchor}"
    if before.rpartition("\n")[2].startswith("|"):
        return rest.partition("\n")[0]
    heading = re.search(r"^(#+) ", rest, re.MULTILINE)
    assert heading is not None
    end = re.compile(rf"^#{{1,{len(heading[1])}}} ", re.MULTILINE).search(rest, heading.end())
    return rest[: end.start()] if end else rest
