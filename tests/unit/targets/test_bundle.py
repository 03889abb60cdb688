"""The bundled document as a file: samples in it, and a layout that makes small differences."""

import json

from oasmith.ir.types import Json
from oasmith.targets.bundle.files import emit_bundle
from oasmith.targets.markdown.samples import CodeSample


def test_samples_are_put_into_operations() -> None:
    document: dict[str, Json] = {
        "openapi": "3.1.0",
        "paths": {"/é": {"get": {"x-codeSamples": []}, "put": {}, "parameters": []}},
        "components": {"schemas": {"A": {"type": "string"}, "B": True}},
    }
    sample = CodeSample(title="curl", language="bash", source='curl "$X"\n')
    file = emit_bundle(document, {("GET", "/é"): [sample]})
    assert file.path == "openapi.bundled.json"
    assert file.text == (
        '{\n "openapi": "3.1.0",\n "paths": {\n'
        '  "/é": {"get": {"x-codeSamples": [{"lang": "Shell", "label": "curl", '
        '"source": "curl \\"$X\\"\\n"}]}, "put": {}, "parameters": []}\n },\n'
        ' "components": {\n  "schemas": {\n'
        '   "A": {"type": "string"},\n   "B": true\n  }\n }\n}\n'
    )
    assert document["paths"]["/é"]["get"] == {"x-codeSamples": []}  # type: ignore[call-overload, index]
    json.loads(file.text)
