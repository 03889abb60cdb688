"""The example that README.md begins with works; `typing/` holds that its types are right."""

import re

import pytest
from elasticsearch_inference.testing import FakeService

from behaviour import readme
from conftest import REPO


def test_it_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    service = FakeService()
    monkeypatch.setenv("OPENAI_API_KEY", "the-key")
    monkeypatch.setattr(
        "elasticsearch_inference.Client", lambda *_, **__: service.client(), raising=False
    )
    exec(compile(readme.example(), "README.md", "exec"), {})

    assert [call.operation for call in service.calls] == [
        "inference.put",
        "inference.stream_completion",
    ]
    assert "the-key" not in capsys.readouterr().out


def test_the_model_that_it_shows_is_generated() -> None:
    text = (REPO / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(class .+?)```", text, re.DOTALL)
    models = REPO / "generated/elasticsearch_inference/src/elasticsearch_inference/models"
    assert len(shown) == 1
    assert shown[0] in (models / "rate_limit.py").read_text(encoding="utf-8")
