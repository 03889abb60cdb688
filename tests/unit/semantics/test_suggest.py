"""Did you mean …?"""

from __future__ import annotations

from oasmith.runtime.semantics.suggest import did_you_mean, nearest


def test_the_most_similar_name_is_suggested() -> None:
    assert nearest("moddel", ["mode", "size", "model"]) == "model"
    assert nearest("ID", iter(["name", "id"])) == "id"
    assert nearest("zebra", ["mode", "model"]) is None
    assert nearest("a", []) is None
    assert did_you_mean("moddel", ["model"]) == "did you mean `model`?"
    assert did_you_mean("zebra", ["model"]) is None
