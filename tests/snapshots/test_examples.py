"""The examples say of the documents what is true of them: JSON Schema is the referee."""

from typing import Any, Protocol

import jsonschema_rs
import pytest
import yaml
from openapi_schema_validator import OAS30Validator

from snapshots.features import FEATURES, Feature


class Referee(Protocol):
    def is_valid(self, instance: Any) -> bool: ...


JUDGED = [
    (feature, name, schema)
    for feature in FEATURES
    for name, examples in feature.examples().items()
    if (schema := examples.get("schema", name)) is not None
]


@pytest.mark.parametrize(
    ("feature", "name", "schema"), JUDGED, ids=[f"{f.name}-{name}" for f, name, _ in JUDGED]
)
def test_examples_fit_the_schema_or_not(feature: Feature, name: str, schema: str) -> None:
    examples = feature.examples()[name]
    assert examples.keys() <= {"schema", "valid", "invalid", "stricter", "lenient"}
    judge = referee(feature, schema)
    for value in [*examples["valid"], *examples.get("stricter", ())]:
        assert judge.is_valid(value), value
    for value in [*examples["invalid"], *examples.get("lenient", ())]:
        assert not judge.is_valid(value), value


def referee(feature: Feature, schema: str) -> Referee:
    document = yaml.safe_load(feature.document.read_bytes())
    components = document["components"]
    assert schema in components["schemas"]
    root = {"$ref": f"#/components/schemas/{schema}", "components": components}
    if document["openapi"].startswith("3.0"):
        validator: Referee = OAS30Validator(root)
        return validator
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True)
