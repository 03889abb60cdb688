"""The example that README.md begins with works; `typing/` holds that its types are right."""

import pytest
from elasticsearch_inference.testing import FakeService

from behaviour import readme


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
