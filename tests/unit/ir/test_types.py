"""Scalars, constants, containers, null, defaults, access."""

from __future__ import annotations

import pytest

from oasmith.text import Text
from unit.ir.conftest import Build


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: string}", "string"),
        ("{type: integer, format: int64, minimum: 1}", "integer<int64>{minimum=1}"),
        ("{type: number, exclusiveMaximum: 2.5}", "number{exclusive_maximum=2.5}"),
        ("{type: boolean}", "boolean"),
        ("{type: 'null'}", "null"),
        ("{type: string, format: date-time}", "date-time"),
        ("{type: string, format: date}", "date"),
        ("{type: string, format: uuid}", "uuid"),
        ("{type: string, format: byte}", "byte"),
        ("{type: string, format: binary}", "binary"),
        ("{type: string, contentEncoding: base64}", "byte"),
        ("{type: string, contentMediaType: image/png}", "binary"),
        ("{type: string, format: password}", "secret"),
        ("{type: string, format: hostname}", "string<hostname>"),
        ("{type: string, minLength: 1, pattern: a}", "string{min_length=1, patterns=a}"),
        ("{type: string, minLength: -1, maxLength: -2}", "string"),
        ("{type: array, items: {type: string}, minItems: -1}", "list[string]"),
        ("{minLength: 1}", "string{min_length=1}"),
        ("{multipleOf: 2}", "number{multiple_of=2}"),
        ("{const: a}", "'a'"),
        ("{type: integer, enum: [1.0, 2]}", "1|2"),
        ("{enum: [a, 1, true, null]}", "'a'|1|True?"),
        ("{enum: [null]}", "null"),
        ("{}", "anything"),
        ("true", "anything"),
        ("false", "nothing"),
        ("{type: array, items: {type: string}, maxItems: 3}", "list[string]{maximum=3}"),
        ("{type: array, uniqueItems: true}", "unique list[anything]"),
        ("{items: {type: string}}", "list[string]"),
        (
            "{prefixItems: [{type: string}, {type: integer}], items: false, minItems: 2}",
            "tuple[string, integer]{minimum=2}",
        ),
        (
            "{type: array, prefixItems: [{type: string}], items: {type: string}}",
            "tuple[string, *string]",
        ),
        ("{type: object}", "map[anything]"),
        ("{type: object, additionalProperties: {type: integer}}", "map[integer]"),
        (
            "{type: object, additionalProperties: true, minProperties: 1}",
            "map[anything]{minimum=1}",
        ),
        (
            "{patternProperties: {'^x-': {type: string}}, additionalProperties: false}",
            "map[{patterns=^x-}: string]",
        ),
        (
            "{type: object, propertyNames: {enum: [a, b]}, additionalProperties: {type: string}}",
            "map[{patterns=^(?:a|b)$}: string]",
        ),
        ("{type: [string, 'null']}", "string?"),
        (
            "{type: [string, integer, 'null'], minLength: 1}",
            "(string{min_length=1} | integer; by type)?",
        ),
        ("{type: [integer, number]}", "number"),
        ("{anyOf: [{type: string}, {type: 'null'}]}", "string?"),
        ("{oneOf: [{type: 'null'}, {type: array, items: {}}]}", "list[anything]?"),
        ("{anyOf: [{type: string}, {type: string}]}", "string"),
        ("{anyOf: [{type: string}, {type: integer}]}", "(string | integer; by type)"),
        ("{anyOf: [{type: integer}, {type: number}]}", "(integer | number; by trial)"),
        (
            "{oneOf: [{type: string}, {const: '-1'}, {const: '0'}]}",
            "(string | '-1' | '0'; by trial)",
        ),
        ("{oneOf: [{const: a, title: A}, {const: b}]}", "'a'|'b'"),
        ("{anyOf: [{enum: [a]}, {type: string}], type: string}", "('a' | string; by trial)"),
        ("{allOf: [{type: integer}, {minimum: 1}, {minimum: 2}]}", "integer{minimum=2}"),
        ("{allOf: [{enum: [a, b]}, {enum: [b, c]}]}", "'b'"),
        ("{allOf: [{type: number}, {type: integer}]}", "integer"),
        (
            "{type: string, contentMediaType: application/json, contentSchema: {type: integer}}",
            "string<application/json>(integer)",
        ),
    ],
)
def test_inline_schemas(schemas: Build, schema: str, expected: str) -> None:
    found = schemas(f"Holder: {{type: object, properties: {{it: {schema}}}}}")
    assert found.definitions == {"Holder": f"record\nit: {expected}"}
    assert found.messages == []


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: string, enum: [a, b]}", "enum 'a'|'b'"),
        ("{type: string, enum: [a]}", "enum 'a'"),
        ("{const: a}", "alias 'a'"),
        ("{enum: [a, b, null]}", "enum 'a'|'b'"),
        ("{type: string, oneOf: [{const: a}, {const: b}]}", "enum 'a'|'b'"),
        ("{type: string}", "alias string"),
        ("{type: [string, 'null']}", "alias string?"),
        ("{type: object, properties: {a: {type: string}}}", "record\na: string"),
        ("{type: object, additionalProperties: false}", "record closed"),
        (
            "{properties: {a: {}}, additionalProperties: {type: integer}}",
            "record and integer\na: anything",
        ),
        (
            "{properties: {a: {}}, patternProperties: {'^x': {type: integer}}, "
            "additionalProperties: false}",
            "record and {patterns=^x}: integer\na: anything",
        ),
        (
            "{anyOf: [{type: string}, {type: array, items: {type: string}}]}",
            "union string | list[string]; by type",
        ),
        (
            "{anyOf: [{type: string}, {type: integer}, {type: 'null'}]}",
            "union string | integer or null; by type",
        ),
        (
            "{type: object, required: [a], properties: {a: {default: 1}, b: {default: 1}}}",
            "record\na: anything!\nb: anything = 1",
        ),
        ("{type: object, required: [a]}", "record\na: anything!"),
    ],
)
def test_named_schemas(schemas: Build, schema: str, expected: str) -> None:
    assert schemas(f"It: {schema}").definitions == {"It": expected}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: string, nullable: true}", "string?"),
        ("{type: string, nullable: true, enum: [a, b]}", "'a'|'b'?"),
        ("{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}", "@A?"),
        ("{nullable: true, oneOf: [{$ref: '#/components/schemas/A'}]}", "@A?"),
        (
            "{nullable: true, anyOf: [{type: string}, {type: integer}]}",
            "(string | integer; by type)?",
        ),
        ("{type: integer, minimum: 1, exclusiveMinimum: true}", "integer{exclusive_minimum=1}"),
        ("{type: array, nullable: true, items: {type: string}}", "list[string]?"),
    ],
)
def test_spellings_of_3_0(schemas: Build, schema: str, expected: str) -> None:
    found = schemas(
        f"""
        A: {{type: object, properties: {{a: {{type: string}}}}}}
        Holder: {{type: object, properties: {{it: {schema}}}}}
        """,
        "3.0.3",
    )
    assert found.definitions == {"A": "record\na: string", "Holder": f"record\nit: {expected}"}


def test_null_of_a_record_or_enum_is_said_where_it_is_used(schemas: Build) -> None:
    found = schemas(
        """
        Pet: {type: [object, 'null'], properties: {name: {type: string}}}
        Kind: {type: [string, 'null'], enum: [cat, null]}
        Wrapped:
          anyOf:
          - type: object
            properties: {a: {type: string}}
          - type: 'null'
        Holder:
          type: object
          properties:
            pet: {$ref: '#/components/schemas/Pet'}
            kind: {allOf: [{$ref: '#/components/schemas/Kind'}]}
            wrapped: {$ref: '#/components/schemas/Wrapped'}
            either: {anyOf: [{$ref: '#/components/schemas/Pet'}, {type: string}]}
        """
    )
    assert found.definitions == {
        "Pet": "record\nname: string",
        "Kind": "enum 'cat'",
        "Wrapped": "record\na: string",
        "Holder": "record\npet: @Pet?\nkind: @Kind?\nwrapped: @Wrapped?\n"
        "either: (@Pet | string; by type)?",
    }


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: integer, default: 64.0}", "integer = 64"),
        ("{type: number, default: 64.0}", "number = 64.0"),
        ("{type: integer, default: x}", "integer"),
        ("{type: string, default: null}", "string"),
        ("{type: [string, 'null'], default: null}", "string? = None"),
        ("{type: array, items: {type: integer}, default: [1.0]}", "list[integer] = [1]"),
        ("{enum: [a, b], default: c}", "'a'|'b'"),
        ("{allOf: [{$ref: '#/components/schemas/Kind'}], default: b}", "@Kind = 'b'"),
        ("{allOf: [{$ref: '#/components/schemas/Kind'}], default: z}", "@Kind"),
        ("{$ref: '#/components/schemas/Size'}", "@Size = 10"),
        (
            "{anyOf: [{type: integer}, {type: string}], default: x}",
            "(integer | string; by type) = 'x'",
        ),
    ],
)
def test_defaults(schemas: Build, schema: str, expected: str) -> None:
    found = schemas(
        f"""
        Kind: {{type: string, enum: [a, b]}}
        Size: {{type: integer, default: 10}}
        Holder: {{type: object, properties: {{it: {schema}}}}}
        """
    )
    assert found.definitions["Holder"] == f"record\nit: {expected}"


def test_access(schemas: Build) -> None:
    found = schemas(
        """
        Id: {type: string, readOnly: true}
        Holder:
          type: object
          properties:
            own: {type: string, writeOnly: true}
            referred: {$ref: '#/components/schemas/Id'}
            wrapped: {allOf: [{$ref: '#/components/schemas/Id'}]}
            both: {type: string, readOnly: true, writeOnly: true}
        """
    )
    assert found.definitions["Holder"] == (
        "record\nown: string (write)\nreferred: @Id (read)\nwrapped: @Id (read)\nboth: string"
    )


def test_words(schemas: Build) -> None:
    found = schemas(
        """
        Pet:
          title: A pet
          description: Lives with people.
          externalDocs: {url: 'https://example.com'}
          type: object
          properties:
            name: {type: string, description: What it is called., deprecated: true, examples: [Rex]}
        """
    )
    (pet,) = found.api.definitions.values()
    assert (pet.doc.title, pet.doc.description) == (Text("A pet"), Text("Lives with people."))
    assert pet.doc.external == Text("https://example.com")
    name = pet.fields[0].doc  # type: ignore[union-attr]
    assert (name.description, name.deprecated) == (Text("What it is called."), True)
    assert [example.value for example in name.examples] == ["Rex"]


def test_what_cannot_be_said_is_said_to_be_so(schemas: Build) -> None:
    found = schemas(
        """
        Holder:
          type: object
          properties:
            word: {not: {type: string}}
            text: {type: string, not: {const: a}}
            list: {type: array, contains: {const: 1}}
            broken: {$ref: '#/components/schemas/Missing'}
        """
    )
    assert found.definitions["Holder"] == (
        "record\n"
        "word: anything because `not` without `type` says too little\n"
        "text: string\n"
        "list: list[anything]\n"
        "broken: anything because the reference leads to nothing"
    )
    assert sorted(found.messages) == [
        "degraded: not checked: `contains` of a list",
        "degraded: not checked: `not` of a string",
        "degraded: this may be anything: `not` without `type` says too little",
        "unresolved-reference: `#/components/schemas/Missing` does not exist: "
        "there is no `Missing` in #/components/schemas",
    ]


def test_bounds_beside_constants(schemas: Build) -> None:
    found = schemas(
        """
        Size: {type: integer, minimum: 2, enum: [1, 2, 3]}
        Letter: {type: string, maxLength: 1, enum: [alpha, beta]}
        """
    )
    assert found.definitions == {"Size": "enum 2|3", "Letter": "enum 'alpha'|'beta'"}
