"""Rules of chunking, and of the bodies of other operations."""

from __future__ import annotations

from behaviour.rules.cases import Call, Json, Rule, call, put, refused

_MISTRAL = {"api_key": "k", "model": "m"}
_WORD = {"strategy": "word", "max_chunk_size": 10, "overlap": 1}
_ONE_SENTENCE = {"strategy": "sentence", "max_chunk_size": 20}
_IMAGE = "data:image/png;base64,aa"
_REGION = {"csp": "aws", "region": "eu-west-1"}


def _chat(**more: Json) -> Call:
    return call("chat_completion_unified", messages=[{"role": "user", "content": "a"}], **more)


def _region(**policy: Json) -> Call:
    return call("put_region_policy", region_policy=policy)


_CHUNKS_OF_TEXT = "task_type: `chunking_settings` go with `text_embedding` only"


def chunks(**settings: Json) -> Call:
    return put("mistral", "text_embedding", _MISTRAL, chunking_settings=settings)


SETTINGS = (
    Rule(
        "chunking/strategy",
        taken=(chunks(), chunks(strategy="none")),
        refused=(
            refused(
                chunks(max_chunk_size=100, overlap=1),
                "chunking_settings: Whatever is set, `strategy` is set too: "
                "`max_chunk_size` needs `strategy` beside it; `overlap` needs `strategy` "
                "beside it",
            ),
        ),
    ),
    Rule(
        "chunking/sentence",
        taken=(chunks(**_ONE_SENTENCE), chunks(**_ONE_SENTENCE, sentence_overlap=0)),
        refused=(
            refused(
                chunks(strategy="sentence"),
                "chunking_settings: `sentence` needs a `max_chunk_size` of at least 20 "
                "and takes only `sentence_overlap` besides",
            ),
            refused(
                chunks(strategy="sentence", max_chunk_size=19),
                "chunking_settings: `sentence` needs a `max_chunk_size` of at least 20 "
                "and takes only `sentence_overlap` besides",
            ),
            refused(
                chunks(**_ONE_SENTENCE, sentence_overlap=2),
                "chunking_settings.sentence_overlap: should be less than or equal to 1",
            ),
            refused(
                chunks(**_ONE_SENTENCE, overlap=1, separators=["a"]),
                "chunking_settings: `sentence` needs a `max_chunk_size` of at least 20 "
                "and takes only `sentence_overlap` besides: `overlap` cannot be given "
                'when `strategy` is "sentence"; `separators` cannot be given when '
                '`strategy` is "sentence"',
            ),
        ),
    ),
    Rule(
        "chunking/word",
        taken=(chunks(**_WORD), chunks(**{**_WORD, "max_chunk_size": 11, "overlap": 5})),
        refused=(
            refused(
                chunks(strategy="word", max_chunk_size=10),
                "chunking_settings: `word` needs a `max_chunk_size` of at least 10 and "
                "an `overlap` of at least 1, and takes nothing else",
            ),
            refused(
                chunks(**{**_WORD, "overlap": 0}),
                "chunking_settings: `word` needs a `max_chunk_size` of at least 10 and "
                "an `overlap` of at least 1, and takes nothing else",
            ),
            refused(
                chunks(**{**_WORD, "max_chunk_size": 11, "overlap": 6}),
                "chunking_settings: `overlap` is at most half of `max_chunk_size`",
            ),
            refused(
                chunks(**_WORD, sentence_overlap=1),
                "chunking_settings: `word` needs a `max_chunk_size` of at least 10 and "
                "an `overlap` of at least 1, and takes nothing else: `sentence_overlap` "
                'cannot be given when `strategy` is "word"',
            ),
        ),
    ),
    Rule(
        "chunking/recursive",
        taken=(
            chunks(strategy="recursive", max_chunk_size=10, separators=["a"] * 50),
            chunks(strategy="recursive", max_chunk_size=10, separator_group="markdown"),
        ),
        refused=(
            refused(
                chunks(strategy="recursive", max_chunk_size=10, overlap=1),
                "chunking_settings: `recursive` needs a `max_chunk_size` of at least 10 "
                "and takes no overlap of any kind: `overlap` cannot be given when "
                '`strategy` is "recursive"',
            ),
            refused(
                chunks(strategy="recursive", max_chunk_size=10, separators=["a"] * 51),
                "chunking_settings.separators: should have at most 50 items",
            ),
            refused(
                chunks(
                    strategy="recursive",
                    max_chunk_size=9,
                    separators=["a"],
                    separator_group="markdown",
                ),
                "chunking_settings: `recursive` needs a `max_chunk_size` of at least 10 "
                "and takes no overlap of any kind; `separator_group` and `separators` "
                "exclude each other",
            ),
        ),
    ),
    Rule(
        "chunking/only_for",
        taken=(put("mistral", "text_embedding", _MISTRAL, chunking_settings={}),),
        refused=(
            refused(put("mistral", "completion", _MISTRAL, chunking_settings={}), _CHUNKS_OF_TEXT),
        ),
    ),
    Rule(
        "embedding_input",
        taken=(
            call("embedding", input=["a", {"content": {"type": "image", "value": _IMAGE}}]),
            call("embedding", input={"content": [{"type": "text", "value": "a"}]}),
        ),
        refused=(
            refused(
                call("embedding", input=[]),
                "input: should be a valid string; or should be a dict or the model "
                "`EmbeddingObject`; or should have at least 1 item",
            ),
            refused(
                call(
                    "embedding",
                    input={"content": {"type": "image", "format": "text", "value": "http://a"}},
                ),
                "input: should be a valid string; or should be a valid list",
                "input.content: What is not a text is written as `base64`, in a data "
                'URI: `format`: should be \'base64\' when `type` is "image", "audio", '
                '"video" or "pdf"; `value`: should match pattern '
                '\'^data:[^/]+/[^,]+;base64,\' when `type` is "image", "audio", '
                '"video" or "pdf"; should be a valid list',
            ),
        ),
    ),
    Rule(
        "chat_request/reasoning",
        taken=(
            _chat(reasoning={"effort": "low"}),
            _chat(reasoning={"enabled": False, "effort": "none"}),
        ),
        refused=(
            refused(
                _chat(reasoning={"exclude": True}),
                "reasoning: At least one of `effort` and `enabled` is given",
            ),
            refused(
                _chat(reasoning={"enabled": False}),
                "reasoning: Where `enabled` is false, `effort` is given",
            ),
        ),
    ),
    Rule(
        "chat_request/content_object",
        taken=(
            call(
                "chat_completion_unified",
                messages=[{"role": "user", "content": [{"type": "text", "text": "a"}]}],
            ),
        ),
        refused=(
            refused(
                call(
                    "chat_completion_unified",
                    messages=[
                        {"role": "user", "content": [{"type": "text", "text": "a", "file": {}}]}
                    ],
                ),
                "messages[0].content: should be a valid string",
                "messages[0].content[0].text.file: unknown key `file`; known are `type`, `text`",
            ),
        ),
    ),
    Rule(
        "region_policy/exclusive",
        taken=(_region(allowed_geos=["eu"]), _region(allowed_regions=[_REGION])),
        refused=(
            refused(
                _region(allowed_geos=["eu"], allowed_regions=[_REGION]),
                "region_policy: Exactly one of `allowed_geos` and `allowed_regions` is given",
            ),
        ),
    ),
    Rule(
        "region_policy/empty_list",
        taken=(_region(allowed_geos=["eu"], fallback_region=_REGION),),
        refused=(
            refused(
                _region(allowed_geos=[]),
                "region_policy.allowed_geos: should have at least 1 item",
            ),
        ),
    ),
)
