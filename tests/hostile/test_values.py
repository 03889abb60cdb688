"""Schemas that ask for what cannot be, or for what no engine can check: told, and never broken.

Each stands as a property of a model. The empty message says that there is nothing to complain of.
"""
# ruff: noqa: E501 - messages stand in full

import re
from pathlib import Path

import pytest

from hostile.running import Run, first_line, generate, imported, is_safe_to_print

CASES: dict[str, tuple[object, str]] = {
    "pattern_none": (
        {"type": "string", "pattern": "("},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_none2": (
        {"type": "string", "pattern": "[z-a]"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_lookahead": (
        {"type": "string", "pattern": "^(?=.*[0-9])(?!a).*$"},
        "warning[pattern-not-checked]: the pattern has a look-around assertion, which cannot be checked in linear time; it is documented but not checked",
    ),
    "pattern_lookbehind": (
        {"type": "string", "pattern": "(?<=a)b"},
        "warning[pattern-not-checked]: the pattern has a look-around assertion, which cannot be checked in linear time; it is documented but not checked",
    ),
    "pattern_lookbehind_of_any_length": (
        {"type": "string", "pattern": "(?<=a+)b"},
        "warning[pattern-not-checked]: the pattern has a look-around assertion, which cannot be checked in linear time; it is documented but not checked",
    ),
    "pattern_back_reference": (
        {"type": "string", "pattern": "(a)\\1"},
        "warning[pattern-not-checked]: the pattern has a back-reference, which cannot be checked in linear time; it is documented but not checked",
    ),
    "pattern_endless": ({"type": "string", "pattern": "^(a+)+$"}, ""),
    "pattern_endless_2": (
        {"type": "string", "pattern": "^(?=x)(a+)+$"},
        "warning[pattern-not-checked]: the pattern has a look-around assertion, which cannot be checked in linear time; it is documented but not checked",
    ),
    "pattern_endless_3": (
        {"type": "string", "pattern": "^(?!x)([a-z]+)*\\d$"},
        "warning[pattern-not-checked]: the pattern has a look-around assertion, which cannot be checked in linear time; it is documented but not checked",
    ),
    "pattern_big": ({"type": "string", "pattern": "a{1,100000}"}, ""),
    "pattern_big2": (
        {"type": "string", "pattern": "((a{1,1000}){1,1000}){1,1000}"},
        "warning[pattern-not-checked]: the pattern is too large to compile; it is documented but not checked",
    ),
    "pattern_big3": (
        {"type": "string", "pattern": "(?!x)((a{1,1000}){1,1000}){1,1000}"},
        "warning[pattern-not-checked]: the pattern has a look-around assertion, which cannot be checked in linear time; it is documented but not checked",
    ),
    "pattern_flags": ({"type": "string", "pattern": "(?i)abc"}, ""),
    "pattern_inline": ({"type": "string", "pattern": "a(?i)b"}, ""),
    "pattern_deep": (
        {"type": "string", "pattern": "(" * 5000 + ")" * 5000},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_long": ({"type": "string", "pattern": "a" * 200_000}, ""),
    "pattern_uni": ({"type": "string", "pattern": "^\\p{Lu}\\p{Script=Greek}\\u{1F600}$"}, ""),
    "pattern_uni2": (
        {"type": "string", "pattern": "\\p{Nope}"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_ctl": (
        {"type": "string", "pattern": "\n\u2028\x00\\"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_slash": ({"type": "string", "pattern": "/^abc$/i"}, ""),
    "pattern_posix": (
        {"type": "string", "pattern": "[[:alpha:]]"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_atomic": (
        {"type": "string", "pattern": "(?>a)b"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_cond": (
        {"type": "string", "pattern": "(a)?(?(1)b|c)"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_comment": (
        {"type": "string", "pattern": "(?#x)a"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_z": ({"type": "string", "pattern": "\\Aabc\\Z"}, ""),
    "pattern_G": (
        {"type": "string", "pattern": "\\Ga"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_rep": (
        {"type": "string", "pattern": "a{99999999999999999999}"},
        "warning[pattern-not-checked]: the pattern is too large to compile; it is documented but not checked",
    ),
    "pattern_empty": ({"type": "string", "pattern": ""}, ""),
    "pattern_type": (
        {"type": "string", "pattern": 7},
        "warning[wrong-type]: `pattern` must be a string, not an integer",
    ),
    "pattern_named": (
        {"type": "string", "pattern": "(?P<a>x)(?P=a)"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "pattern_recur": (
        {"type": "string", "pattern": "(?R)"},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "mult0": (
        {"type": "integer", "multipleOf": 0},
        "warning[contradiction]: `multipleOf` must be above 0, not 0",
    ),
    "multneg": (
        {"type": "integer", "multipleOf": -2},
        "warning[contradiction]: `multipleOf` must be above 0, not -2",
    ),
    "multf": (
        {"type": "number", "multipleOf": 0.0},
        "warning[contradiction]: `multipleOf` must be above 0, not 0.0",
    ),
    "multstr": (
        {"type": "number", "multipleOf": "2"},
        "warning[wrong-type]: `multipleOf` must be a number, not a string",
    ),
    "multtiny": ({"type": "number", "multipleOf": 5e-324}, ""),
    "multhuge": ({"type": "integer", "multipleOf": 10**400}, ""),
    "minmax": (
        {"type": "integer", "minimum": 5, "maximum": 1},
        "error[contradiction]: `minimum` 5 is above `maximum` 1: no value fits",
    ),
    "exmin": (
        {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 5},
        "error[contradiction]: `exclusiveMinimum` 5 is not below `exclusiveMaximum` 5: no value fits",
    ),
    "exold": (
        {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
        "warning[wrong-type]: `exclusiveMinimum` must be a number, not a boolean",
    ),
    "neglen": (
        {"type": "string", "minLength": -1},
        "warning[contradiction]: `minLength` counts something and cannot be -1",
    ),
    "negmax": (
        {"type": "string", "maxLength": -1},
        "warning[contradiction]: `maxLength` counts something and cannot be -1",
    ),
    "lenswap": (
        {"type": "string", "minLength": 5, "maxLength": 1},
        "error[contradiction]: `minLength` 5 is above `maxLength` 1: no value fits",
    ),
    "lenf": ({"type": "string", "minLength": 1.0}, ""),
    "lenf2": (
        {"type": "string", "minLength": 1.5},
        "warning[wrong-type]: `minLength` must be an integer, not a number",
    ),
    "lenhuge": ({"type": "string", "maxLength": 1000000000000000000000000000000}, ""),
    "lenstr": (
        {"type": "string", "maxLength": "5"},
        "warning[wrong-type]: `maxLength` must be an integer, not a string",
    ),
    "items_neg": (
        {"type": "array", "items": {}, "minItems": -1},
        "warning[contradiction]: `minItems` counts something and cannot be -1",
    ),
    "items_swap": (
        {"type": "array", "items": {}, "minItems": 3, "maxItems": 1},
        "error[contradiction]: `minItems` 3 is above `maxItems` 1: no value fits",
    ),
    "items_huge": ({"type": "array", "items": {}, "minItems": 1000000000000000000000000000000}, ""),
    "propsneg": (
        {"type": "object", "minProperties": -1},
        "warning[contradiction]: `minProperties` counts something and cannot be -1",
    ),
    "propsswap": (
        {"type": "object", "minProperties": 5, "maxProperties": 1},
        "error[contradiction]: `minProperties` 5 is above `maxProperties` 1: no value fits",
    ),
    "contains": (
        {"type": "array", "contains": {"type": "string"}, "minContains": 5, "maxContains": 1},
        "error[contradiction]: `minContains` 5 is above `maxContains` 1: no value fits",
    ),
    "minhuge": ({"type": "integer", "minimum": 10**400}, ""),
    "minhugef": (
        {"type": "number", "minimum": 1e308, "maximum": -1e308},
        "error[contradiction]: `minimum` 1e+308 is above `maximum` -1e+308: no value fits",
    ),
    "minint": ({"type": "integer", "minimum": 0.5}, ""),
    "minf64": ({"type": "integer", "minimum": 100000000000000000000}, ""),
    "default_wrong": (
        {"type": "integer", "default": "x"},
        "warning[invalid-default]: the default is a string, the type is integer",
    ),
    "default_obj": (
        {"type": "string", "default": {"a": [1]}},
        "warning[invalid-default]: the default is an object, the type is string",
    ),
    "default_none": (
        {"type": "string", "default": None},
        "warning[invalid-default]: the default is null, the type is string",
    ),
    "default_big": ({"type": "integer", "default": 10**900}, ""),
    "default_bool": (
        {"type": "integer", "default": True},
        "warning[invalid-default]: the default is a boolean, the type is integer",
    ),
    "default_inf": (
        {"type": "number", "default": "inf"},
        "warning[invalid-default]: the default is a string, the type is number",
    ),
    "default_nan": (
        {"type": "number", "default": "nan"},
        "warning[invalid-default]: the default is a string, the type is number",
    ),
    "default_list": (
        {"type": "array", "items": {"type": "integer"}, "default": ["a"]},
        "warning[invalid-default]: the default is a string, the type is integer",
    ),
    "default_enum": (
        {"type": "string", "enum": ["a"], "default": "b"},
        "warning[invalid-default]: the default is not in `enum`",
    ),
    "default_date": (
        {"type": "string", "format": "date", "default": "nope"},
        "warning[invalid-default]: the default is not in the format `date`",
    ),
    "default_dt": (
        {"type": "string", "format": "date-time", "default": "2020-13-45T99:00:00Z"},
        "warning[invalid-default]: the default is not in the format `date-time`",
    ),
    "default_uuid": (
        {"type": "string", "format": "uuid", "default": "x"},
        "warning[invalid-default]: the default is not in the format `uuid`",
    ),
    "default_byte": (
        {"type": "string", "format": "byte", "default": "***"},
        "warning[invalid-default]: the default is not in the format `byte`",
    ),
    "default_dec": (
        {"type": "string", "format": "decimal", "default": "x"},
        "warning[invalid-default]: the default is not in the format `decimal`",
    ),
    "default_inside": (
        {"type": "array", "items": {"type": "string", "format": "date"}, "default": ["nope"]},
        "warning[invalid-default]: the default is not in the format `date`",
    ),
    "default_member": (
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}},
            "default": {"a": "x"},
        },
        "warning[invalid-default]: the default is a string, the type is integer",
    ),
    "default_dur": (
        {"type": "string", "format": "duration", "default": "x"},
        "warning[invalid-default]: the default is not in the format `duration`",
    ),
    "default_pattern": (
        {"type": "string", "pattern": "^a$", "default": "b"},
        "warning[invalid-default]: the default does not keep `pattern`",
    ),
    "default_min": (
        {"type": "integer", "minimum": 5, "default": 1},
        "warning[invalid-default]: the default does not keep `minimum` 5",
    ),
    "default_length": (
        {"type": "string", "maxLength": 1, "default": "abc"},
        "warning[invalid-default]: the default does not keep `maxLength` 1",
    ),
    "default_multiple": (
        {"type": "integer", "multipleOf": 3, "default": 4},
        "warning[invalid-default]: the default does not keep `multipleOf` 3",
    ),
    "default_call": ({"type": "string", "default": "__import__('os').system('touch CANARY')"}, ""),
    "default_binary": ({"type": "string", "format": "binary", "default": "x"}, ""),
    "default_sec": ({"type": "string", "format": "password", "default": "x"}, ""),
    "default_ip": (
        {"type": "string", "format": "ipv4", "default": "999"},
        "warning[invalid-default]: the default is not in the format `ipv4`",
    ),
    "default_email": ({"type": "string", "format": "email", "default": "x"}, ""),
    "example_wrong": (
        {"type": "integer", "example": "x"},
        "warning[example]: the example is a string, the type is integer",
    ),
    "examples_wrong": (
        {"type": "integer", "examples": ["x", None]},
        "warning[example]: the example is a string, the type is integer",
    ),
    "examples_type": (
        {"type": "integer", "examples": "x"},
        "error[wrong-type]: `examples` must be a list, not a string",
    ),
    "example_deep": (
        {"type": "integer", "example": {"a": {"b": [1, 1, 1, 1, 1]}}},
        "warning[example]: the example is an object, the type is integer",
    ),
    "enum_kinds": (
        {"enum": [1, 1.0, True, None, "a", [1], {"a": 1}, "", 1e300, -0.0]},
        "warning[degraded]: this may be anything: `enum` without `type` says too little",
    ),
    "enum_empty": (
        {"type": "string", "enum": []},
        "warning[contradiction]: `enum` is empty: no value fits",
    ),
    "enum_dup": (
        {"type": "string", "enum": ["a", "a"]},
        "warning[schema-structure]: `a` is in `enum` twice",
    ),
    "enum_type": (
        {"type": "string", "enum": "a"},
        "error[wrong-type]: `enum` must be a list, not a string",
    ),
    "enum_obj": (
        {"type": "string", "enum": {"a": 1}},
        "error[wrong-type]: `enum` must be a list, not an object",
    ),
    "enum_1": ({"enum": [None]}, ""),
    "enum_case": (
        {
            "type": "string",
            "enum": [
                *("and", "AND", "And", "a-b", "a_b", "a b", "1", "+1", "-1", ""),
                *("__class__", "mro", "name", "value", "None", "True"),
            ],
        },
        "",
    ),
    "enum_float": ({"type": "number", "enum": [1.5, 2]}, ""),
    "enum_big": ({"type": "integer", "enum": [10**400]}, ""),
    "enum_bool": ({"type": "boolean", "enum": [True]}, ""),
    "enum_many": ({"type": "string", "enum": [f"v{n}" for n in range(5000)]}, ""),
    "enum_long": ({"type": "string", "enum": ["x" * 100_000]}, ""),
    "const_obj": (
        {"const": {"a": [1]}},
        "warning[degraded]: this may be anything: `const` without `type` says too little",
    ),
    "const_null": ({"const": None}, ""),
    "const_list": (
        {"const": []},
        "warning[degraded]: this may be anything: `const` without `type` says too little",
    ),
    "const_type": (
        {"type": "integer", "const": "x"},
        "error[contradiction]: `const` is a string, the type is integer: no value fits",
    ),
    "const_big": ({"type": "integer", "const": 10**400}, ""),
    "const_f": ({"const": 1e300}, ""),
    "format": ({"type": "string", "format": "x'\");__import__('os')"}, ""),
    "format_type": (
        {"type": "string", "format": 7},
        "warning[wrong-type]: `format` must be a string, not an integer",
    ),
    "int_dt": ({"type": "integer", "format": "date-time"}, ""),
    "type_odd": (
        {"type": "file"},
        "error[unknown-value]: `type` cannot be `file`: it is `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`",
    ),
    "type_list": (
        {"type": []},
        "error[unknown-value]: `type` cannot be `[]`: it is `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`",
    ),
    "type_list2": (
        {"type": ["string", "nope"]},
        "warning[unknown-value]: this cannot be `nope`: it is `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`",
    ),
    "type_dup": (
        {"type": ["string", "string"]},
        'error[unknown-value]: `type` cannot be `["string", "string"]`: it is `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`',
    ),
    "type_null": ({"type": "null"}, ""),
    "type_Null": (
        {"type": None},
        "warning[wrong-type]: `type` must be a string, not null",
    ),
    "required_type": (
        {"type": "object", "required": "a"},
        "warning[wrong-type]: `required` must be a list, not a string",
    ),
    "required_ne": (
        {"type": "object", "required": ["a", 7, None]},
        "warning[wrong-type]: this must be a string, not an integer",
    ),
    "required_dup": (
        {"type": "object", "required": ["a", "a"]},
        "warning[schema-structure]: `required` holds the same item twice",
    ),
    "required_true": (
        {"type": "string", "required": True},
        "warning[wrong-type]: `required` must be a list, not a boolean",
    ),
    "props_list": (
        {"type": "object", "properties": [1]},
        "error[wrong-type]: `properties` must be an object, not a list",
    ),
    "addl": (
        {"type": "object", "additionalProperties": "x"},
        "error[wrong-type]: `additionalProperties` must be a boolean or an object, not a string",
    ),
    "items_list": (
        {"type": "array", "items": [{"type": "string"}]},
        "warning[degraded]: not checked: which item of a list of no fixed length is of which type",
    ),
    "items_no": ({"type": "array"}, ""),
    "items_str": (
        {"type": "array", "items": "string"},
        "error[wrong-type]: `items` must be a boolean or an object, not a string",
    ),
    "tuple": (
        {"type": "array", "prefixItems": [{"type": "string"}] * 300},
        "warning[degraded]: not checked: which item of a list of no fixed length is of which type",
    ),
    "allof_empty": ({"allOf": []}, "warning[schema-structure]: `allOf` must not be empty"),
    "oneof_empty": (
        {"oneOf": []},
        "warning[degraded]: this may be anything: `oneOf` without `type` says too little",
    ),
    "anyof_one": ({"anyOf": [{}]}, ""),
    "oneof_obj": (
        {"oneOf": {"type": "string"}},
        "error[wrong-type]: `oneOf` must be a list, not an object",
    ),
    "allof_contr": (
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        "warning[contradiction]: no value can be what this schema and the ones it is combined with ask for",
    ),
    "nots": (
        {"not": {}},
        "warning[degraded]: this may be anything: `not` without `type` says too little",
    ),
    "false": (False, ""),
    "true": (True, ""),
    "ifelse": (
        {"if": True, "then": False, "else": {"type": "string"}},
        "warning[degraded]: this may be anything: `if`, `then`, `else` without `type` says too little",
    ),
    "discriminator_str": (
        {"oneOf": [{"type": "object"}], "discriminator": "kind"},
        "error[wrong-type]: `discriminator` must be an object, not a string",
    ),
    "discriminator_none": (
        {"oneOf": [{"type": "object"}], "discriminator": {}},
        "warning[schema-structure]: the discriminator object needs `propertyName`",
    ),
    "discriminator_map": (
        {
            "oneOf": [{"type": "object"}],
            "discriminator": {
                "propertyName": "k",
                "mapping": {"a": "#/nope", "b": "http://x/y", "c": "../../etc/passwd", "d": 7},
            },
        },
        "error[unresolved-reference]: `#/nope` does not exist: there is no `nope` at the top",
    ),
    "discriminator_name": (
        {"oneOf": [{"type": "object"}, {"type": "string"}], "discriminator": {"propertyName": 7}},
        "warning[discriminator]: the discriminator `7` does not tell these options apart",
    ),
    "discriminator_file": (
        {
            "anyOf": [{"type": "object"}],
            "discriminator": {"propertyName": "k", "mapping": {"b": "../../etc/passwd"}},
        },
        "error[reference-outside]: `../../etc/passwd` is outside the folder of the document",
    ),
    "choices_multiplied": (
        {
            "allOf": [
                {"oneOf": [{"type": "object", "properties": {f"{side}{n}": {}}} for side in "ab"]}
                for n in range(24)
            ]
        },
        "warning[degraded]: this may be anything: choices that hold at once have 16,777,216 combinations",
    ),
    "enums_crossed": (
        {"allOf": [{"enum": [f"v{n}" for n in range(2000)]} for _ in range(20)]},
        "",
    ),
    "self": (
        {"$ref": "#/components/schemas/Thing/properties/v"},
        "error[cyclic-reference]: this reference leads back to itself without reaching a definition",
    ),
    "nullable": ({"type": "string", "nullable": "yes"}, ""),
    "deprecated": (
        {"type": "string", "deprecated": "x"},
        "warning[wrong-type]: `deprecated` must be a boolean, not a string",
    ),
    "xml": ({"type": "string", "xml": {"name": "\n"}}, ""),
    "xs": ({"type": "string", "x-enum-varnames": 7, "x-sensitive": "q"}, ""),
    "anchor": (
        {"$anchor": 7, "$id": ["x"]},
        "error[wrong-type]: `$id` must be a string, not a list",
    ),
    "id": ({"$id": "http://[::1", "type": "string"}, ""),
    "dyn": (
        {"$dynamicRef": "#nope"},
        "error[unresolved-reference]: `#nope` does not exist: there is no `$anchor` of that name",
    ),
    "refnum": ({"$ref": 7}, "warning[degraded]: this may be anything: `$ref` is no text"),
    "refempty": ({"$ref": ""}, "error[unresolved-reference]: this reference is empty"),
    "refbad": (
        {"$ref": "#/a/%zz"},
        "error[unresolved-reference]: `#/a/%zz` does not exist: there is no `a` at the top",
    ),
    "refpct": (
        {"$ref": "#/components/schemas/%00"},
        "error[unresolved-reference]: `#/components/schemas/\\x00` does not exist: there is no `\\x00` in #/components/schemas",
    ),
    "defs": ({"$defs": 7}, "error[wrong-type]: `$defs` must be an object, not an integer"),
    "dialect": (
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "divisibleBy": 0},
        "",
    ),
    "pprops": (
        {
            "type": "object",
            "patternProperties": {
                "(": {"type": "string"},
                "^(?=a)": {"type": "integer"},
                "^(a+)+$": {},
            },
        },
        "warning[degraded]: not checked: which members go by `patternProperties`",
    ),
    "pnames": (
        {"type": "object", "propertyNames": {"pattern": "("}},
        "warning[pattern-not-checked]: the pattern is not a valid regular expression; it is documented but not checked",
    ),
    "depr": (
        {"type": "object", "dependentRequired": {"a": "b"}},
        "error[wrong-type]: `a` must be a list, not a string",
    ),
    "contentenc": (
        {
            "type": "string",
            "contentEncoding": "base64",
            "contentSchema": {"type": "x"},
            "contentMediaType": "\r\n",
        },
        "error[unknown-value]: `type` cannot be `x`: it is `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`",
    ),
    "uneval": (
        {"type": "object", "unevaluatedProperties": 7},
        "error[wrong-type]: `unevaluatedProperties` must be a boolean or an object, not an integer",
    ),
}


def generated(
    properties: dict[str, object],
    folder: Path,
    patch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    thing = {"$ref": "#/components/schemas/Thing"}
    content = {"content": {"application/json": {"schema": thing}}}
    operation = {
        "operationId": "op",
        "requestBody": content,
        "responses": {"200": {"description": "ok", **content}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": {"Thing": {"type": "object", "properties": properties}}},
    }
    return generate(folder, document, patch, capsys)


@pytest.mark.parametrize(("schema", "message"), CASES.values(), ids=CASES)
def test_it_is_told(
    schema: object,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = generated({"v": schema}, tmp_path, monkeypatch, capsys)
    place, found = re.fullmatch(r"(openapi\.json:1:\d+: )?(.*)", first_line(run)).groups()  # type: ignore[union-attr]
    assert found == message
    assert (place is not None) is bool(message)
    assert run.code == message.startswith("error[")
    assert is_safe_to_print(run.out + run.err)


def test_a_package_with_all_that_is_taken_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = {
        name: schema
        for name, (schema, message) in CASES.items()
        if not message.startswith("error[")
    }
    assert len(taken) > 90
    run = generated(taken, tmp_path, monkeypatch, capsys)
    assert (run.code, imported(run)) == (0, [])
