"""Our request models against those of datamodel-code-generator, body by body.

For every service both accept and reject the same bodies: right ones, and each right one with one
thing wrong. Where the two differ, the JSON Schema decides (closed for requests: nothing unknown,
nothing read-only), and ours has to agree with it, save for the differences in `ON_PURPOSE`.
"""

import importlib.util
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import elasticsearch_inference.models as ours
import pytest
from pydantic import TypeAdapter, ValidationError

from conftest import REPO
from oracle.instances import Json, around, broken, samples
from spec.document import Node, find, problems, services, validator

ON_PURPOSE = {
    "whole float": "An integer written `7.0` is refused: the server refuses it, although JSON "
    "Schema calls it an integer.",
    "implied tag": "The model of a service may be made without `service`, which is then sent all "
    "the same.",
}
"""Where ours and the JSON Schema differ; a test for each is below."""

Verdict = Callable[[Json], bool]


@pytest.fixture(scope="session")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The module that datamodel-code-generator makes of `spec/`."""
    folder = tmp_path_factory.mktemp("datamodel_code_generator")
    command = [
        str(Path(sys.executable).with_name("datamodel-codegen")),
        *("--input", "openapi.yaml", "--input-file-type", "openapi"),
        *("--output", str(folder / "theirs.py")),
        *("--output-model-type", "pydantic_v2.BaseModel"),
        *("--target-python-version", "3.11"),
        *("--use-annotated", "--strict-nullable", "--field-constraints"),
        *("--formatters", "builtin"),
    ]
    subprocess.run(command, cwd=REPO / "spec", check=True, capture_output=True)
    spec = importlib.util.spec_from_file_location("theirs", folder / "theirs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["theirs"] = module
    spec.loader.exec_module(module)
    return module


def bodies(variant: Node) -> Iterator[Json]:
    """Right bodies of a service, and each with one thing wrong."""
    inside = _inlined(variant)
    is_right = validator(variant, "request").is_valid
    seeds = [*cast("list[Json]", inside.get("examples", [])), *samples(inside)]
    seen: set[str] = set()
    for seed in seeds:
        if not is_right(seed):
            continue
        for right in around(inside, seed):
            if repr(right) not in seen:
                seen.add(repr(right))
                yield right
        for wrong in broken(seed):
            if repr(wrong) not in seen:
                seen.add(repr(wrong))
                yield wrong


def _inlined(node: Node) -> dict[str, Any]:
    """The schema with every reference replaced by what it leads to (requests do not recurse)."""
    followed = node.follow()

    def inline(value: Any, file: str) -> Any:
        match value:
            case {"$ref": str(reference)}:
                target = find(reference, file).follow()
                beside = {key: item for key, item in value.items() if key != "$ref"}
                return {**inline(target.value, target.file), **beside}
            case dict():
                return {key: inline(item, file) for key, item in value.items()}
            case list():
                return [inline(item, file) for item in value]
            case _:
                return value

    return cast("dict[str, Any]", inline(followed.value, followed.file))


def accepts(model: Any) -> Verdict:
    """Whether the model takes a body."""
    adapter: TypeAdapter[Any] = TypeAdapter(model)

    def verdict(body: Json) -> bool:
        try:
            adapter.validate_python(body)
        except ValidationError:
            return False
        return True

    return verdict


def _has_whole_float(value: Json) -> bool:
    match value:
        case float():
            return value.is_integer()
        case dict():
            return any(map(_has_whole_float, value.values()))
        case list():
            return any(map(_has_whole_float, value))
        case _:
            return False


@pytest.mark.parametrize("service", sorted(services()))
def test_both_accept_and_reject_the_same(service: str, theirs: Any) -> None:
    variant = services()[service]
    our_verdict = accepts(ours.InferenceEndpoint)
    their_verdict = accepts(theirs.InferenceEndpoint)

    counts: Counter[str] = Counter()
    unexplained = []
    for body in bodies(variant):
        mine, other = our_verdict(body), their_verdict(body)
        counts["accepted" if mine else "rejected"] += 1
        if mine == other:
            continue
        counts["differ"] += 1
        right = not problems(variant, body, parameters={})
        if mine != right and not (right and _has_whole_float(body)):
            unexplained.append(body)

    assert unexplained == []
    assert counts["accepted"] >= 10
    assert counts["rejected"] >= 50


def test_a_whole_float_is_refused_on_purpose(theirs: Any) -> None:
    settings: Json = {"api_key": "k", "model_id": "m", "rate_limit": {"requests_per_minute": 7.0}}
    body: Json = {"service": "cohere", "service_settings": settings}
    assert validator(services()["cohere"], "request").is_valid(body)
    assert accepts(theirs.CohereEndpoint)(body)
    assert not accepts(ours.CohereEndpoint)(body)


def test_a_tag_is_implied_on_purpose(theirs: Any) -> None:
    body: Json = {"service_settings": {"api_key": "k", "model_id": "m"}}
    assert not validator(services()["cohere"], "request").is_valid(body)
    assert not accepts(theirs.CohereEndpoint)(body)
    model = ours.CohereEndpoint.model_validate(body)
    assert "service" in model.model_fields_set
    assert model.service == "cohere"


def test_every_difference_on_purpose_is_tested() -> None:
    assert set(ON_PURPOSE) == {"whole float", "implied tag"}
