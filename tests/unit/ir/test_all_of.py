"""`allOf`, `$ref` with siblings, identity and names of definitions."""

from __future__ import annotations

import pytest

from oasmith.text import Text
from unit.ir.conftest import Build


def test_one_reference_with_words_is_that_reference(schemas: Build) -> None:
    found = schemas(
        """
        Pet: {type: object, properties: {name: {type: string}}}
        Alias: {$ref: '#/components/schemas/Pet'}
        Holder:
          type: object
          properties:
            a: {allOf: [{$ref: '#/components/schemas/Pet'}], description: mine, x-state: new}
            b: {$ref: '#/components/schemas/Pet', description: mine}
            c: {allOf: [{$ref: '#/components/schemas/Alias'}, {description: mine}]}
        """
    )
    assert found.definitions == {
        "Pet": "record\nname: string",
        "Alias": "alias @Pet",
        "Holder": "record\na: @Pet\nb: @Pet\nc: @Alias",
    }
    (*_, holder) = found.api.definitions.values()
    assert [field.doc.description for field in holder.fields[:2]] == [Text("mine")] * 2  # type: ignore[union-attr]


def test_objects_are_merged(schemas: Build) -> None:
    found = schemas(
        """
        Base:
          type: object
          required: [id]
          properties:
            id: {type: string}
            kind: {type: string, enum: [a, b]}
            size: {type: number}
            inner: {type: object, properties: {x: {type: string}}}
        Derived:
          allOf:
          - $ref: '#/components/schemas/Base'
          - type: object
            required: [kind]
            properties:
              kind: {const: a}
              size: {type: integer, minimum: 1}
              own: {type: boolean}
            additionalProperties: {type: string}
        OwnFirst:
          type: object
          properties: {own: {type: boolean}}
          allOf: [{$ref: '#/components/schemas/Base'}]
        """
    )
    assert found.definitions == {
        "Base": "record\nid: string!\nkind: 'a'|'b'\nsize: number\ninner: @BaseInner",
        "Derived": "record and string\nid: string!\nkind: 'a'!\nsize: integer{minimum=1}\n"
        "inner: @BaseInner\nown: boolean",
        "OwnFirst": "record\nown: boolean\nid: string!\nkind: 'a'|'b'\nsize: number\n"
        "inner: @BaseInner",
        "BaseInner": "record\nx: string",
    }


def test_a_diamond_is_merged_once(schemas: Build) -> None:
    found = schemas(
        """
        Top: {type: object, properties: {t: {type: string}}}
        Left: {allOf: [{$ref: '#/components/schemas/Top'}, {properties: {l: {}}}]}
        Right: {allOf: [{$ref: '#/components/schemas/Top'}, {properties: {r: {}}}]}
        Bottom: {allOf: [{$ref: '#/components/schemas/Left'}, {$ref: '#/components/schemas/Right'}]}
        """
    )
    assert found.definitions["Bottom"] == "record\nt: string\nl: anything\nr: anything"


def test_the_narrower_of_two_references_wins(schemas: Build) -> None:
    found = schemas(
        """
        Animal: {type: object, properties: {name: {type: string}}}
        Cat:
          allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {lives: {type: integer}}}]
        Rock: {type: object, properties: {weight: {type: number}}}
        Owner: {type: object, properties: {pet: {$ref: '#/components/schemas/Animal'}}}
        CatOwner:
          allOf:
          - $ref: '#/components/schemas/Owner'
          - properties: {pet: {$ref: '#/components/schemas/Cat'}}
        RockOwner:
          allOf:
          - $ref: '#/components/schemas/Owner'
          - properties: {pet: {$ref: '#/components/schemas/Rock'}}
        """
    )
    assert found.definitions["CatOwner"] == "record\npet: @Cat"
    assert found.definitions["RockOwner"] == "record\npet: @RockOwnerPet"
    assert found.definitions["RockOwnerPet"] == "record\nname: string\nweight: number"


def test_merging_what_refers_to_itself_ends(schemas: Build) -> None:
    found = schemas(
        """
        A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}, a: {}}}
        B: {type: object, properties: {next: {$ref: '#/components/schemas/B'}, b: {}}}
        Both: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
        """
    )
    assert found.definitions["Both"] == "record\nnext: @BothNext\na: anything\nb: anything"
    assert found.definitions["BothNext"] == "record\nnext: @BothNext\na: anything\nb: anything"


def test_recursion_through_everything(schemas: Build) -> None:
    found = schemas(
        """
        Tree:
          type: object
          properties:
            children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
            named: {additionalProperties: {$ref: '#/components/schemas/Tree'}}
            either: {anyOf: [{type: string}, {$ref: '#/components/schemas/Tree'}]}
            child:
              allOf: [{$ref: '#/components/schemas/Tree'}, {properties: {extra: {}}}]
        """
    )
    assert found.definitions == {
        "Tree": "record\nchildren: list[@Tree]\nnamed: map[@Tree]\n"
        "either: (string | @Tree; by type)\nchild: @TreeChild",
        "TreeChild": "record\nchildren: list[@Tree]\nnamed: map[@Tree]\n"
        "either: (string | @Tree; by type)\nchild: @TreeChild\nextra: anything",
    }


@pytest.mark.parametrize(
    "schema",
    [
        "{allOf: [{type: string}, {type: object}]}",
        "{allOf: [{enum: [a]}, {enum: [b]}]}",
        "{type: string, oneOf: [{type: integer}, {type: boolean}]}",
    ],
)
def test_contradictions_are_nothing_and_reported(schemas: Build, schema: str) -> None:
    found = schemas(f"It: {schema}")
    assert found.definitions == {"It": "alias nothing"}
    assert found.messages == [
        "contradiction: no value can be what this schema and the ones it is combined with ask for"
    ]
    (message,) = found.diagnostics
    assert message.location is not None
    assert message.related != () or "oneOf" in schema


def test_a_schema_that_includes_itself_is_reported(schemas: Build) -> None:
    found = schemas("A: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {a: {}}}]}")
    assert found.definitions == {"A": "record\na: anything"}
    assert found.messages == ["cyclic-reference: this schema includes itself by `allOf`"]


def test_a_closed_part_closes_the_whole(schemas: Build) -> None:
    found = schemas(
        """
        Base: {type: object, additionalProperties: false, properties: {a: {}}}
        It: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {b: {}}}]}
        """
    )
    assert found.definitions["It"] == "record closed\na: anything\nb: anything"
    assert [found.code for found in found.diagnostics] == ["closed-part"]


def test_names_come_from_the_context(schemas: Build) -> None:
    found = schemas(
        """
        shop.types.Order:
          type: object
          properties:
            delivery_address: {type: object, properties: {city: {type: string}}}
            lines:
              type: array
              items: {type: object, properties: {sku: {type: string}}}
            notes:
              additionalProperties: {type: object, properties: {text: {type: string}}}
            pair:
              prefixItems: [{type: object, properties: {x: {}}}, {type: string}]
        """
    )
    assert list(found.definitions) == [
        "shop.types.Order",
        "shop.types.OrderDeliveryAddress",
        "shop.types.OrderLinesItem",
        "shop.types.OrderNotesValue",
        "shop.types.OrderPairFirst",
    ]


def test_a_name_that_is_taken_gets_longer(schemas: Build) -> None:
    text = """
        A: {type: object, properties: {bC: {type: object, properties: {x: {}}}}}
        AB: {type: object, properties: {c: {type: object, properties: {y: {}}}}}
        """
    forward = schemas(text).definitions
    assert forward["A"] == "record\nbC: @AFieldBC"
    assert forward["AB"] == "record\nc: @ABFieldC"
    first, second = text.strip().splitlines()
    assert schemas(f"{second.strip()}\n{first.strip()}").definitions == forward


def test_components_keep_their_names(schemas: Build) -> None:
    found = schemas(
        """
        Pet: {type: object, properties: {owner: {type: object, properties: {x: {}}}}}
        PetOwner: {type: string}
        """
    )
    assert found.definitions["PetOwner"] == "alias string"
    assert found.definitions["Pet"] == "record\nowner: @PetFieldOwner"
    assert found.messages == []


def test_a_schema_of_another_file_gives_way_to_a_component(schemas: Build) -> None:
    found = schemas(
        """
        Holder: {type: object, properties: {x: {$ref: 'other.yaml#/definitions/Thing'}}}
        Thing: {type: integer}
        """,
        other="definitions: {Thing: {type: boolean}}",
    )
    assert found.definitions["Holder"] == "record\nx: @OtherThing"
    assert found.definitions["OtherThing"] == "alias boolean"
    assert found.messages == []


def test_a_name_that_cannot_be_found_gets_a_digest_of_its_place(schemas: Build) -> None:
    found = schemas(
        """
        A: {type: object, properties: {x: {type: object, properties: {y: {}}}}}
        AX: {type: string}
        AFieldX: {type: string}
        AField_x: {type: string}
        """
    )
    assert found.messages == []
    assert found.definitions["A"] == "record\nx: @AX_7640b6bf"
    assert found.definitions["AX_7640b6bf"] == "record\ny: anything"


def test_names_are_compared_by_their_words(schemas: Build) -> None:
    found = schemas(
        """
        pet_owner: {type: string}
        pet: {type: object, properties: {owner: {type: object, properties: {n: {}}}}}
        """
    )
    assert found.definitions["pet"] == "record\nowner: @petFieldOwner"
    assert found.messages == []


def test_what_is_inside_is_named_after_the_name_that_was_found(schemas: Build) -> None:
    inner = "{type: object, properties: {z: {type: integer}}}"
    found = schemas(
        f"""
        A: {{type: object, properties: {{x: {{type: object, properties: {{y: {inner}}}}}}}}}
        AX: {{type: object, properties: {{y: {inner}}}}}
        """
    )
    assert found.definitions["AFieldX"] == "record\ny: @AFieldXY"
    assert found.definitions["AX"] == "record\ny: @AXY"
    assert found.messages == []


def test_schemas_in_other_files(schemas: Build) -> None:
    found = schemas(
        """
        Pet: {$ref: 'pet.yaml'}
        Other: {$ref: 'pet.yaml'}
        Tag: {type: array, items: {$ref: 'defs.yaml#/$defs/tag'}}
        """,
        pet="{type: object, properties: {tag: {$ref: 'defs.yaml#/$defs/tag'}}}",
        defs="$defs: {tag: {type: string}}",
    )
    assert found.definitions == {
        "Pet": "record\ntag: @DefsTag",
        "Other": "alias @Pet",
        "Tag": "alias list[@DefsTag]",
        "DefsTag": "alias string",
    }


def test_references_into_schemas(schemas: Build) -> None:
    found = schemas(
        """
        Pet: {type: object, properties: {size: {type: integer}, home: {properties: {x: {}}}}}
        Holder:
          type: object
          properties:
            size: {$ref: '#/components/schemas/Pet/properties/size'}
            home: {$ref: '#/components/schemas/Pet/properties/home'}
        """
    )
    assert found.definitions["Holder"] == "record\nsize: @PetSize\nhome: @PetHome"
    assert found.definitions["PetSize"] == "alias integer"
    assert found.definitions["PetHome"] == "record\nx: anything"


def test_secrets(schemas: Build) -> None:
    found = schemas(
        """
        It:
          type: object
          properties:
            a: {type: string, format: password}
            b: {type: string, x-sensitive: true}
            c: {type: [string, 'null'], format: password}
        """
    )
    assert found.definitions["It"] == "record\na: secret\nb: secret\nc: secret?"


def test_narrowing_of_parameters(schemas: Build) -> None:
    found = schemas(
        """
        Base: {type: object, properties: {a: {}}, x-parameters: {kind: {enum: [x, y]}}}
        It: {allOf: [{$ref: '#/components/schemas/Base'}], x-parameters: {kind: {enum: [x]}},
             properties: {b: {}}}
        """
    )
    assert found.definitions["Base"] == "record\na: anything\nrule: narrows kind: 'x'|'y'"
    assert found.definitions["It"] == "record\na: anything\nb: anything\nrule: narrows kind: 'x'"
