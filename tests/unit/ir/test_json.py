"""The model as JSON."""

from __future__ import annotations

import json

from oasmith.ir.json import to_json
from unit.ir.conftest import Build


def test_the_model_as_json(schemas: Build) -> None:
    api = schemas(
        """
        a.Pet:
          type: object
          required: [kind]
          properties:
            kind: {const: cat}
            age: {type: [integer, 'null'], default: null, minimum: 0}
        """
    ).api
    found = json.loads(json.dumps(to_json(api)))
    assert found["kind"] == "Api"
    pet = found["definitions"]["a.Pet"]
    file = pet["at"].partition("#")[0]
    assert pet == {
        "kind": "Record",
        "id": "a.Pet",
        "fields": [
            {
                "kind": "Field",
                "wire_name": "kind",
                "type": {
                    "kind": "Literal",
                    "values": ["cat"],
                    "at": f"{file}#/components/schemas/a.Pet/properties/kind",
                },
                "presence": {"kind": "Required"},
                "at": f"{file}#/components/schemas/a.Pet/properties/kind",
            },
            {
                "kind": "Field",
                "wire_name": "age",
                "type": {
                    "kind": "Nullable",
                    "of": {
                        "kind": "Scalar",
                        "scalar": "integer",
                        "bounds": {"kind": "NumberBounds", "minimum": 0},
                        "at": f"{file}#/components/schemas/a.Pet/properties/age",
                    },
                    "at": f"{file}#/components/schemas/a.Pet/properties/age",
                },
                "presence": {"kind": "Default", "value": None},
                "at": f"{file}#/components/schemas/a.Pet/properties/age",
            },
        ],
        "at": f"{file}#/components/schemas/a.Pet",
    }
