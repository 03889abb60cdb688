"""`oneOf`, `anyOf`, discriminators: what the options are and how they are told apart."""

from __future__ import annotations

from unit.ir.conftest import Build

CAT_AND_DOG = """
Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {enum: [dog, wolf]}, tricks: {}}}
"""


def test_a_tag_is_found(schemas: Build) -> None:
    found = schemas(
        CAT_AND_DOG
        + """
Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Bird: {type: object, required: [kind], properties: {kind: {const: bird}}}
Animal: {oneOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Bird'}]}
Holder: {type: object, properties: {pets: {type: array, items: {anyOf: [
  {$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Bird'}, {type: 'null'}]}}}}
"""
    )
    assert found.definitions["Pet"] == "union @Cat | @Dog; by kind cat, dog/wolf"
    assert found.definitions["Animal"] == "union @Pet | @Bird; by kind cat/dog/wolf, bird"
    assert found.definitions["Holder"] == "record\npets: list[@HolderPetsItem]"
    assert found.definitions["HolderPetsItem"] == "union @Cat | @Bird or null; by kind cat, bird"
    assert found.messages == []


def test_a_declared_tag(schemas: Build) -> None:
    found = schemas(
        CAT_AND_DOG
        + """
Plain: {type: object, properties: {kind: {type: string}}}
Bare: {type: object, properties: {b: {}}}
ByMapping:
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
  discriminator: {propertyName: kind, mapping: {
    cat: '#/components/schemas/Cat', dog: Dog, wolf: Dog}}
ByName:
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Plain'},
    {$ref: '#/components/schemas/Bare'}]
  discriminator: {propertyName: kind}
"""
    )
    assert found.definitions["ByMapping"] == "union @Cat | @Dog; declared by kind cat, dog/wolf"
    assert found.definitions["ByName"] == (
        "union @Cat | @Plain | @Bare; declared by kind cat, Plain, Bare"
    )
    assert found.definitions["Plain"] == "record\nkind: 'Plain'!"
    assert found.definitions["Bare"] == "record\nkind: 'Bare'!\nb: anything"
    assert found.messages == [
        "discriminator: the discriminator `kind` is no property of this schema; it is added"
    ]


def test_a_discriminator_means_constants_that_are_not_required(schemas: Build) -> None:
    found = schemas(
        """
Song: {type: object, properties: {kind: {type: string, enum: [song]}}}
Show: {type: object, required: [kind], properties: {kind: {type: string, enum: [show]}}}
Either:
  oneOf: [{$ref: '#/components/schemas/Song'}, {$ref: '#/components/schemas/Show'}]
  discriminator: {propertyName: kind}
"""
    )
    assert found.definitions["Either"] == "union @Song | @Show; declared by kind song, show"
    assert found.definitions["Song"] == "record\nkind: 'song'"


def test_an_example_that_a_discriminator_leads_elsewhere(schemas: Build) -> None:
    found = schemas(
        """
Song: {type: object, properties: {kind: {type: string}}, example: {kind: show}}
Show: {type: object, properties: {kind: {type: string}}, example: {kind: show}}
Either:
  oneOf: [{$ref: '#/components/schemas/Song'}, {$ref: '#/components/schemas/Show'}]
  discriminator: {propertyName: kind, mapping: {song: Song, show: Show}}
"""
    )
    assert found.messages == ["example: by `kind` of the example the discriminator leads elsewhere"]


def test_a_discriminator_that_cannot_decide(schemas: Build) -> None:
    found = schemas(
        """
        A: {type: object, properties: {a: {}}}
        It:
          oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]
          discriminator: {propertyName: kind, mapping: {x: Missing}}
        """
    )
    assert found.definitions["It"] == "union @A | string; by type"
    assert sorted(found.messages) == [
        "discriminator: the discriminator `kind` does not tell these options apart",
        "discriminator: there is no schema `Missing` in this document",
    ]


def test_inheritance(schemas: Build) -> None:
    found = schemas(
        """
        Pet:
          type: object
          required: [kind]
          properties: {kind: {type: string}}
          discriminator: {propertyName: kind, mapping: {kitty: '#/components/schemas/Cat'}}
        Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {}}}]}
        Lion: {allOf: [{$ref: '#/components/schemas/Cat'}, {properties: {mane: {}}}]}
        Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {tricks: {}}}]}
        Owner: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
        """
    )
    assert found.definitions == {
        "Pet": "union @Cat | @Dog | @Lion | @PetBase; declared by kind kitty, Dog, Lion, Pet",
        "PetBase": "record\nkind: 'Pet'!",
        "Cat": "record\nkind: 'kitty'!\nlives: anything",
        "Lion": "record\nkind: 'Lion'!\nlives: anything\nmane: anything",
        "Dog": "record\nkind: 'Dog'!\ntricks: anything",
        "Owner": "record\npet: @Pet",
    }


def test_an_abstract_base_is_no_option(schemas: Build) -> None:
    found = schemas(
        """
        Pet:
          type: object
          required: [kind]
          properties: {kind: {type: string, enum: [cat, dog]}}
          discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}
        Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {}}}]}
        Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {tricks: {}}}]}
        """
    )
    assert found.definitions == {
        "Pet": "union @Cat | @Dog; declared by kind cat, dog",
        "Cat": "record\nkind: 'cat'!\nlives: anything",
        "Dog": "record\nkind: 'dog'!\ntricks: anything",
    }


def test_a_base_without_children_is_a_record(schemas: Build) -> None:
    found = schemas(
        "Pet: {type: object, properties: {kind: {}}, discriminator: {propertyName: kind}}"
    )
    assert found.definitions == {"Pet": "record\nkind: anything"}


def test_a_choice_that_its_options_inherit_from(schemas: Build) -> None:
    found = schemas(
        """
        Pet:
          type: object
          properties: {name: {type: string}}
          oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
        Cat:
          allOf: [{$ref: '#/components/schemas/Pet'},
            {required: [kind], properties: {kind: {const: cat}}}]
        Dog:
          allOf: [{$ref: '#/components/schemas/Pet'},
            {required: [kind], properties: {kind: {const: dog}}}]
        """
    )
    assert found.definitions == {
        "Pet": "union @Cat | @Dog; by kind cat, dog",
        "Cat": "record\nname: string\nkind: 'cat'!",
        "Dog": "record\nname: string\nkind: 'dog'!",
    }


def test_what_stands_beside_a_choice_holds_for_each_option(schemas: Build) -> None:
    found = schemas(
        CAT_AND_DOG
        + """
Pet:
  type: object
  required: [name]
  properties: {name: {type: string}}
  oneOf:
  - $ref: '#/components/schemas/Cat'
  - $ref: '#/components/schemas/Dog'
  - title: Lost
    properties: {kind: {const: lost}}
    required: [kind]
"""
    )
    assert (
        found.definitions["Pet"]
        == "union @PetCat | @PetDog | @PetLost; by kind cat, dog/wolf, lost"
    )
    assert found.definitions["PetCat"] == "record\nname: string!\nkind: 'cat'!\nlives: integer"
    assert found.definitions["PetLost"] == "record\nname: string!\nkind: 'lost'!"


def test_by_json_type(schemas: Build) -> None:
    found = schemas(
        """
        It: {oneOf: [{type: string}, {type: object, properties: {a: {}}}, {type: array, items: {}}]}
        Kind: {type: string, enum: [a]}
        Mixed: {oneOf: [{$ref: '#/components/schemas/Kind'}, {$ref: '#/components/schemas/It'}]}
        Numbers: {oneOf: [{type: boolean}, {type: integer}, {enum: [0.5]}]}
        """
    )
    assert found.definitions["It"] == "union string | @ItObject | list[anything]; by type"
    assert found.definitions["Mixed"] == "union @Kind | @It; by trial"
    assert found.definitions["Numbers"] == "union boolean | integer | 0.5; by type"
    assert found.messages == []


def test_by_required_keys(schemas: Build) -> None:
    found = schemas(
        """
        A: {type: object, required: [a], properties: {a: {}, x: {}}}
        B: {type: object, required: [x, b], properties: {b: {}, x: {}}}
        It: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
        """
    )
    assert found.definitions["It"] == "union @A | @B; by keys a, b"


def test_objects_among_others_are_told_apart_by_themselves(schemas: Build) -> None:
    found = schemas(
        CAT_AND_DOG
        + """
It: {oneOf: [{type: string}, {$ref: '#/components/schemas/Cat'},
  {$ref: '#/components/schemas/Dog'}]}
"""
    )
    assert found.definitions["It"] == (
        "union string | (@Cat | @Dog; by kind cat, dog/wolf); by type"
    )


def test_by_trial_is_reported_where_options_overlap(schemas: Build) -> None:
    found = schemas(
        """
        A: {type: object, properties: {a: {}}}
        B: {type: object, properties: {b: {}}}
        C: {type: object, required: [n], properties: {n: {type: string}}}
        D: {type: object, required: [n], properties: {n: {type: integer}}}
        Overlap: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
        Apart: {oneOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/D'}]}
        Lists:
          oneOf:
          - {type: array, items: {$ref: '#/components/schemas/A'}}
          - {type: array, items: {type: string}}
        """
    )
    assert found.definitions["Overlap"] == "union @A | @B; by trial"
    assert found.definitions["Apart"] == "union @C | @D; by trial"
    assert found.definitions["Lists"] == "union list[@A] | list[string]; by trial"
    assert found.messages == [
        "union-by-trial: nothing tells these options apart: "
        "a value is taken for the first that it fits"
    ]


def test_names_of_options_say_what_they_are(schemas: Build) -> None:
    found = schemas(
        """
        It:
          oneOf:
          - {title: Big one, type: object, properties: {a: {}}}
          - {type: object, required: [kind], properties: {kind: {const: small}}}
          - {type: object, properties: {only: {}, a: {}}}
          - {type: object, properties: {a: {}}}
          - {type: array, items: {type: object, properties: {x: {}}}}
        Holder: {type: object, properties: {it: {anyOf: [{type: string}, {properties: {z: {}}}]}}}
        """
    )
    assert list(found.definitions) == [
        "It",
        "Holder",
        "ItBigOne",
        "ItSmall",
        "ItWithOnly",
        "ItWithA",
        "ItArrayItem",
        "HolderIt",
    ]


def test_a_choice_with_one_option_is_no_choice(schemas: Build) -> None:
    found = schemas(
        """
        It: {type: object, properties: {a: {}}, oneOf: [{properties: {b: {}}}]}
        Or: {type: object, properties: {a: {}}, anyOf: [{properties: {b: {}}}, {type: 'null'}]}
        """
    )
    assert found.definitions["It"] == "record\na: anything\nb: anything"
    assert found.definitions["Or"] == "record\na: anything\nb: anything"


def test_choices_that_are_options_of_themselves_end(schemas: Build) -> None:
    found = schemas(
        """
        It:
          oneOf: [{$ref: '#/components/schemas/It'}, {$ref: '#/components/schemas/Other'}]
          discriminator: {propertyName: kind}
        Other: {type: object, properties: {kind: {type: string}}}
        A: {$ref: '#/components/schemas/B'}
        B: {$ref: '#/components/schemas/A'}
        Either: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}
        """
    )
    assert found.definitions["It"] == "alias @Other"
    assert found.definitions["A"] == "alias @B"
    assert found.definitions["Either"] == "union @A | string; by type"


def test_a_choice_of_nothing_but_null(schemas: Build) -> None:
    found = schemas(
        "It: {type: object, properties: {a: {oneOf: [{type: 'null'}, {enum: [null]}]}}}"
    )
    assert found.definitions == {"It": "record\na: null"}


def test_a_record_that_has_tags_of_several_unions(schemas: Build) -> None:
    found = schemas(
        """
        Any:
          oneOf: [{$ref: '#/components/schemas/Plain'}, {$ref: '#/components/schemas/Loud'}]
          discriminator:
            propertyName: kind
            mapping: {plain: '#/components/schemas/Plain', loud: '#/components/schemas/Loud'}
        Other:
          oneOf: [{$ref: '#/components/schemas/Plain'}, {$ref: '#/components/schemas/Third'}]
          discriminator:
            propertyName: kind
            mapping: {loud: '#/components/schemas/Plain', third: '#/components/schemas/Third'}
        Plain: {type: object, required: [kind], properties: {kind: {type: string}}}
        Loud: {type: object, required: [kind], properties: {kind: {const: loud}}}
        Third: {type: object, required: [kind], properties: {kind: {const: third}}}
        """
    )
    assert found.definitions["Any"] == "union @Plain | @Loud; by trial"
    assert found.definitions["Plain"] == "record\nkind: 'plain'|'loud'!"
    assert [message for message in found.messages if message.startswith("discriminator")] == [
        "discriminator: by `kind` some options have tags in common, which other unions give them"
    ]
