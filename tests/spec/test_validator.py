"""What the referees say of the document: openapi-spec-validator and JSON Schema's meta-schema."""

import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, SchemaError
from openapi_spec_validator import validate_url
from openapi_spec_validator.schemas import openapi_v32_schema_validator
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from spec.document import SPEC, Json, everything, files


def test_the_document_is_valid() -> None:
    validate_url((SPEC / "openapi.yaml").as_uri())


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("operations/endpoints.yaml", "operationId: inference.put-1", "operationId: inference.put"),
        ("openapi.yaml", "name: timeout", "nmae: timeout"),
        ("services/amazonbedrock.yaml", "default: 64", "default: many"),
    ],
)
def test_the_validator_reads_it_all(tmp_path: Path, file: str, right: str, wrong: str) -> None:
    shutil.copytree(SPEC, tmp_path / "spec")
    broken = tmp_path / "spec" / file
    text = broken.read_text("utf-8")
    assert right in text
    broken.write_text(text.replace(right, wrong, 1), "utf-8")

    with pytest.raises(OpenAPIValidationError):
        validate_url((tmp_path / "spec" / "openapi.yaml").as_uri())


def test_the_other_files_hold_components() -> None:
    """The validator above follows references without asking what the files are made of."""
    head = {"openapi": "3.2.0", "info": {"title": "A file", "version": "0"}}
    wrong = {
        file: [error.message for error in openapi_v32_schema_validator.iter_errors(head | document)]
        for file, document in files().items()
        if file != "openapi.yaml"
    }

    assert {file: errors for file, errors in wrong.items() if errors} == {}
    broken: Json = {
        "components": {"pathItems": {"Completion": {"post": {"responses": {"600": {}}}}}}
    }
    assert list(openapi_v32_schema_validator.iter_errors(head | broken)) != []


def test_schemas_are_valid_json_schema() -> None:
    wrong: dict[str, str] = {}
    for file, document in files().items():
        for name, schema in document["components"]["schemas"].items():
            try:
                Draft202012Validator.check_schema(schema)
            except SchemaError as error:
                wrong[f"{file} {name}"] = error.message

    assert wrong == {}
    assert len(files()) == 36


def test_references_lead_somewhere() -> None:
    targets = {
        (target.file, target.pointer)
        for node in everything()
        if isinstance(node.value.get("$ref"), str)
        for target in [node.target()]
    }
    defined = {
        (file, ("components", "schemas", name))
        for file, document in files().items()
        for name in document["components"]["schemas"]
    }

    assert defined - targets == set(), "schemas that nothing refers to"
