"""What the server would refuse is never sent, and all that is wrong is said at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from elasticsearch_inference import Client, errors

from behaviour.rules.cases import Call, Refused
from behaviour.rules.cloud import CLOUD
from behaviour.rules.own import OWN
from behaviour.rules.recording import Recording, Sent
from behaviour.rules.settings import SETTINGS

RULES = (*CLOUD, *OWN, *SETTINGS)

NO_RULES = {
    "alibabacloud-ai-search/return_token_default": "a default",
    "amazon_sagemaker/note": "of inference calls, whose task settings are free",
    "cohere/similarity_default": "a default",
    "cohere/input_type_required": "depends on what the model id means",
    "contextualai/task_settings_task_types": "it offers no other task type",
    "custom/batch_size_default": "a default",
    "elasticsearch/long_document_strategy_default": "a default",
    "jinaai/defaults": "defaults",
    "openai/url_default": "a default",
}
"""Of what the facts hold as curated, that which refuses nothing."""


def perform(recording: Recording, call: Call) -> None:
    with Client("http://localhost:9200", transport=recording, max_retries=0) as client:
        method = getattr(client.inference, call.method)
        ids = [] if call.method == "put_region_policy" else ["x"]
        answer = method(*ids, **call.arguments)
        with answer:
            pass


@pytest.mark.parametrize(
    "call", [pytest.param(call, id=rule.place) for rule in RULES for call in rule.taken]
)
def test_what_keeps_a_rule_is_sent(call: Call) -> None:
    recording = Recording()
    with pytest.raises(Sent):
        perform(recording, call)
    (request,) = recording.requests
    assert isinstance(request.content, bytes)
    body = call.arguments.get("body")
    sent: Any = json.loads(request.content)
    assert sent == (call.arguments if body is None else body)


@pytest.mark.parametrize(
    "refused", [pytest.param(each, id=rule.place) for rule in RULES for each in rule.refused]
)
def test_what_breaks_a_rule_is_not_sent(refused: Refused) -> None:
    recording = Recording()
    with pytest.raises(errors.InvalidRequest) as caught:
        perform(recording, refused.call)
    assert recording.requests == []
    assert tuple(map(str, caught.value.problems)) == refused.said


def test_every_rule_is_tried(shared: Path) -> None:
    facts = json.loads((shared / "facts" / "facts.json").read_text(encoding="utf-8"))
    curated = {
        f"{service['service']}/{key}"
        for service in facts["services"]
        for key in service.get("curated") or {}
    }
    tried = {rule.place for rule in RULES}
    assert len(curated) > 40
    assert curated - tried == NO_RULES.keys()
    assert all(rule.taken and rule.refused for rule in RULES)
