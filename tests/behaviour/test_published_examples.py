"""The requests and answers that upstream publishes, against the generated models."""

import json

import pytest
from elasticsearch_inference import models
from pydantic import TypeAdapter, ValidationError

from spec.test_examples import REQUESTS, published

REQUEST: TypeAdapter[models.InferenceEndpoint] = TypeAdapter(models.InferenceEndpoint)
RESPONSE: TypeAdapter[models.InferenceEndpointInfo] = TypeAdapter(models.InferenceEndpointInfo)


@pytest.mark.shared
def test_requests_are_taken_but_for_those_that_are_wrong_upstream() -> None:
    refused = set()
    for file, body in published("request").items():
        for validate, value in (
            (REQUEST.validate_python, body),
            (REQUEST.validate_json, json.dumps(body)),
        ):
            try:
                validate(value)
            except ValidationError:
                refused.add(file)
    assert refused == set(REQUESTS)


@pytest.mark.shared
def test_answers_are_read_and_written_again_as_they_came() -> None:
    bodies = published("response")
    assert len(bodies) == 18
    for body in bodies.values():
        answer = RESPONSE.validate_json(json.dumps(body))
        assert RESPONSE.dump_python(answer, mode="json", exclude_unset=True) == body
