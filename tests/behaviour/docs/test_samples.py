"""The samples of the docs do what they show, and all forms of a sample are one request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import elasticsearch_inference
import pytest
from elasticsearch_inference.errors import NotFound
from elasticsearch_inference.testing import FakeService

from behaviour.docs import flagship
from behaviour.docs.samples import Recorder, groups, of_console, of_curl, run, variables

SERVER = "http://server.test"
MEDIA_TYPES = {"application/vnd.elasticsearch+json; compatible-with=9": "application/json"}
PAGES = [
    path
    for path, page in flagship.pages().items()
    if path.startswith(("services/", "operations/")) and path != "services/index.md"
]
TASK_TYPE: dict[str, Any] = {
    "chat-completion-unified": "chat_completion",
    "completion": "completion",
    "embedding": "embedding",
    "rerank": "rerank",
    "stream-completion": "completion",
    "text-embedding": "text_embedding",
}
"""Which endpoint an operation needs that uses one; for the others any does."""
SERVICES: dict[str, tuple[str, dict[str, object]]] = {
    "rerank": ("cohere", {"api_key": "k", "model_id": "m"}),
    "sparse_embedding": ("elser", {"num_allocations": 1, "num_threads": 1}),
}
"""Which service creates it, where it is not OpenAI."""


@cache
def service() -> FakeService:
    return FakeService()


def prepared(page: str) -> FakeService:
    """Return a service in which there is what the operation of a page asks for, and no more."""
    fake = service()
    client = fake.client()
    with suppress(NotFound):
        client.inference.delete("my-inference-id")
    with suppress(NotFound):
        client.inference.delete_region_policy()
    if page.startswith("operations/") and not page.endswith("/put.md"):
        task_type = TASK_TYPE.get(Path(page).stem, "sparse_embedding")
        name, settings = SERVICES.get(task_type, ("openai", {"api_key": "k", "model_id": "m"}))
        body: Any = {"service": name, "service_settings": settings}
        client.inference.put("my-inference-id", task_type=task_type, body=body)
    if "region-policy" in page:
        client.inference.put_region_policy(region_policy={"allowed_geos": ["us"]})
    return fake


@pytest.mark.parametrize("page", PAGES)
def test_every_form_of_a_sample_is_the_same_request(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [*groups(flagship.pages()[page])]
    assert found
    for group in found:
        assert [*group] == ["Python", "Python, async", "curl", "Console"]
        environment = {"ELASTICSEARCH_URL": SERVER} | variables(group)
        environment["ELASTICSEARCH_URL"] = SERVER
        environment["ELASTICSEARCH_API_KEY"] = "key-of-the-test"
        requests = []
        for form in ("Python", "Python, async"):
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            fake = prepared(page)
            recorder = Recorder(fake.transport, fake.async_transport)
            requests.append(run(group[form], elasticsearch_inference, monkeypatch, recorder))
        sync, aio = requests
        assert sync.authorization == "ApiKey key-of-the-test"
        assert aio == sync
        # The settings of the client name the version of the API; what a reader types need not.
        media_type = MEDIA_TYPES.get(sync.media_type, sync.media_type)
        shown = replace(sync, media_type=media_type)
        assert of_curl(group["curl"], environment, servers=[SERVER]) == shown
        console = of_console(group["Console"], environment, media_type)
        assert console == replace(shown, authorization=None)
