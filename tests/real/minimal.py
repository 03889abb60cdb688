"""A small value that a type takes, from pydantic's JSON schema of it."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class _Schema(GenerateJsonSchema):
    """Says "anything" of what is no JSON (a `timedelta` beside the text it is written as)."""

    def handle_invalid_for_json_schema(
        self, schema: core_schema.CoreSchema, error_info: str
    ) -> JsonSchemaValue:
        return {}


def value(type_: Any) -> Any:
    """Return plain data: the required members, or one where none is; the first of options."""
    schema = TypeAdapter(type_).json_schema(by_alias=False, schema_generator=_Schema)
    return _value(schema, schema.get("$defs", {}))


def members(type_: Any) -> dict[str, Any]:
    """Return a value per member of a model, required or not, by its Python name."""
    schema = TypeAdapter(type_).json_schema(by_alias=False, schema_generator=_Schema)
    definitions = schema.get("$defs", {})
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return {name: _value(member, definitions) for name, member in schema["properties"].items()}


def _value(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    match schema:
        case {"$ref": reference}:
            return _value(definitions[reference.rpartition("/")[2]], definitions)
        case {"const": constant}:
            return constant
        case {"enum": [first, *_]}:
            return first
        case {"anyOf": options} | {"oneOf": options} | {"allOf": options}:
            return _value(options[0], definitions)
        case {"type": "object"}:
            properties = schema.get("properties", {})
            required = schema.get("required") or [*properties][:1]
            return {name: _value(properties[name], definitions) for name in required}
        case {"type": "array"}:
            return [_value(schema.get("items", {}), definitions)] * schema.get("minItems", 0)
        case {"type": "string"}:
            return "x" * max(1, schema.get("minLength", 1))
        case {"type": "integer" | "number"}:
            return schema.get("minimum", 1)
        case {"type": "boolean"}:
            return True
        case {"type": "null"}:
            return None
        case _:
            return "x"
