"""Rules: what a schema says of its members together."""

from __future__ import annotations

import pytest

from oasmith.text import Text
from unit.ir.conftest import Build

FIELDS = """
type: object
properties:
  mode: {type: string, enum: [x, y, z]}
  size: {type: integer}
  a: {type: string}
  b: {type: string}
  c: {type: string}
  box:
    type: object
    properties: {x: {type: integer}, y: {type: string}, lid: {$ref: '#/components/schemas/Lid'}}
"""
LID = "Lid: {type: object, properties: {colour: {type: string, enum: [red, blue]}, z: {}}}"


def rules_of(schemas: Build, text: str) -> tuple[list[str], list[str]]:
    head = "".join(f"  {line}\n" for line in FIELDS.strip().splitlines())
    found = schemas(f"{LID}\nIt:\n{head}  {text}")
    lines = found.definitions["It"].splitlines()
    return [line[6:] for line in lines if line.startswith("rule: ")], found.messages


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("oneOf: [{required: [a]}, {required: [b, c]}]", ["exactly one of a, b+c"]),
        ("anyOf: [{required: [a]}, {required: [b]}]", ["at least one of a, b"]),
        (
            "oneOf: [{required: [a], not: {required: [b]}}, {required: [b], not: {required: [a]}}]",
            ["exactly one of a, b"],
        ),
        (
            "anyOf: [{required: [a], properties: {b: false}}, {required: [b], "
            "properties: {a: false}}]",
            ["exactly one of a, b"],
        ),
        (
            "oneOf: [{required: [a]}, {required: [b]}, "
            "{not: {anyOf: [{required: [a]}, {required: [b]}]}}]",
            ["not a+b"],
        ),
        ("dependentRequired: {a: [b, c]}", ["a needs b+c"]),
        (
            "dependentSchemas: {a: {required: [b], not: {required: [c]}}}",
            ["if given a then [needs b; not c]"],
        ),
        ("not: {required: [a]}", ["not a"]),
        ("not: {required: [a, b]}", ["not a+b"]),
        ("not: {anyOf: [{required: [a]}, {required: [b]}]}", ["not a", "not b"]),
        (
            "not: {properties: {mode: {const: x}}, required: [mode]}",
            ["if mode is 'x' then [not mode]"],
        ),
        ("not: {properties: {mode: {const: x}}}", ["needs mode", "if mode is 'x' then [not mode]"]),
        (
            "if: {properties: {mode: {const: x}}, required: [mode]}\n  then: {required: [a]}",
            ["if mode is 'x' then [needs a]"],
        ),
        (
            "if: {properties: {mode: {const: x}}}\n  then: {required: [a]}",
            ["if mode is 'x' or absent then [needs a]"],
        ),
        (
            "if: {properties: {mode: {enum: [x, y]}}, required: [mode, b]}\n"
            "  then: {required: [a]}\n  else: {not: {required: [c]}}",
            ["if mode is 'x'|'y' and given b then [needs a] else [not c]"],
        ),
        (
            "if: {required: [a]}\n"
            "  then: {properties: {size: {minimum: 2}, mode: {enum: [x]}, b: false}}",
            ["if given a then [size in integer{minimum=2}; mode in 'x'; not b]"],
        ),
        (
            "if: {not: {required: [a]}}\n  then: {required: [b]}",
            ["if given a then [] else [needs b]"],
        ),
        (
            "if: {properties: {mode: {not: {const: x}}}, required: [mode]}\n  "
            "then: {required: [a]}",
            ["if given mode and not (mode is 'x') then [needs a]"],
        ),
        (
            "if: {properties: {mode: {not: {const: x}}}}\n  then: {required: [a]}",
            ["if not (mode is 'x') then [needs a]"],
        ),
        (
            "if: {required: [a], not: {required: [b]}}\n  then: {required: [c]}\n"
            "  else: {required: [size]}",
            ["if given a then [if given b then [needs size] else [needs c]] else [needs size]"],
        ),
        (
            "if: {anyOf: [{required: [a]}, {required: [b]}]}\n  then: {required: [c]}",
            ["if given a then [needs c] else [if given b then [needs c]]"],
        ),
        (
            "allOf:\n  - if: {required: [a]}\n    then: {anyOf: [{required: [b]}, "
            "{required: [c]}]}\n"
            "  - not: {required: [b, c]}",
            ["if given a then [at least one of b, c]", "not b+c"],
        ),
        (
            "if: {properties: {box: {not: {required: [x], properties: {y: {const: k}}}}}}\n"
            "  then: {required: [a]}",
            ["if not (box has (y is 'k' or absent and given x)) then [needs a]"],
        ),
        ("x-at-most: {field: size, of: a}", ["size <= 1 * a"]),
        (
            "allOf: [{x-at-most: {field: size, of: a, times: 0.5}}, {required: [b]}]",
            ["size <= 0.5 * a"],
        ),
        (
            "if: {required: [a]}\n  then: {x-at-most: {field: size, of: b}}",
            ["if given a then [size <= 1 * b]"],
        ),
        (
            "if: {required: [a]}\n  then: {x-parameters: {task: {enum: [t]}, other: false}}",
            ["if given a then [narrows task: 't'; narrows other: nothing]"],
        ),
        (
            "if: {properties: {box: {properties: {lid: {properties: {colour: {const: red}}, "
            "required: [colour]}}, required: [lid, y]}}, required: [box]}\n  then: {required: [a]}",
            ["if box has (lid has (colour is 'red') and given y) then [needs a]"],
        ),
        (
            "if: {properties: {box: {required: [x]}}}\n  then: {required: [a]}",
            ["if box has (given x) or absent then [needs a]"],
        ),
        (
            "if: {properties: {box: {not: {required: [x, y]}}}, required: [box]}\n"
            "  then: {required: [a]}",
            ["if given box and not (box has (given x+y)) then [needs a]"],
        ),
        (
            "if: {properties: {box: {required: [x], not: {required: [y]}}}, required: [box]}\n"
            "  then: {required: [a]}",
            ["if box has (given x and not (given y)) then [needs a]"],
        ),
        (
            "not: {properties: {box: {required: [x]}}, required: [box, a]}",
            ["if box has (given x) and given a then [not box]"],
        ),
        (
            "if: {required: [a]}\n"
            "  then: {properties: {box: {required: [x], properties: {x: {maximum: 3}, y: false, "
            "lid: {properties: {colour: {enum: [red]}}}}}}}",
            [
                "if given a then [box: [needs x; x in integer{maximum=3}; not y; "
                "lid: [colour in 'red']]]"
            ],
        ),
    ],
)
def test_rules(schemas: Build, schema: str, expected: list[str]) -> None:
    assert rules_of(schemas, schema) == (expected, [])


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (
            "not: {properties: {a: {minLength: 3}}, required: [a]}",
            "not checked: an `if` that asks for more than constants",
        ),
        (
            "if: {properties: {size: {minimum: 3}}, required: [size]}\n  then: {required: [a]}",
            "not checked: an `if` that asks for more than constants",
        ),
        (
            "if: {required: [a]}\n  then: {minProperties: 3}",
            "not checked: `minProperties` in a condition",
        ),
        (
            "oneOf: [{required: [a], not: {required: [c]}}, {required: [b]}]",
            "not checked: it refuses a member that no other branch asks for",
        ),
        ("x-at-most: {field: size}", "not checked: `x-at-most` needs `field` and `of`"),
        (
            "x-at-most: {field: size, of: a, times: half}",
            "not checked: `times` of `x-at-most` is a number",
        ),
        (
            "if: {properties: {box: {properties: {x: {minimum: 1}}}}}\n  then: {required: [a]}",
            "not checked: an `if` that asks for more than constants",
        ),
        (
            "if: {properties: {box: {required: [x], not: {properties: {y: {const: k}, x: "
            "{const: 1}}}}}}\n  then: {required: [a]}",
            "not checked: `not` of several conditions",
        ),
    ],
)
def test_what_no_rule_says_is_reported(schemas: Build, schema: str, message: str) -> None:
    assert rules_of(schemas, schema) == ([], [f"degraded: {message}"])


def test_rules_keep_their_words(schemas: Build) -> None:
    found = schemas(
        """
        It:
          type: object
          properties: {a: {}, b: {}}
          allOf:
          - description: Only one of them.
            oneOf: [{required: [a]}, {required: [b]}]
          - description: Never both.
            not: {required: [a, b]}
        """
    )
    (it,) = found.api.definitions.values()
    said = [rule.message.doc.description for rule in it.rules]  # type: ignore[union-attr]
    assert said == [Text("Only one of them."), Text("Never both.")]


def test_rules_are_inherited(schemas: Build) -> None:
    found = schemas(
        """
        Base: {type: object, properties: {a: {}, b: {}}, dependentRequired: {a: [b]}}
        It: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {c: {}}}]}
        """
    )
    assert found.definitions["It"].splitlines()[-1] == "rule: a needs b"


def test_a_choice_with_types_is_no_rule(schemas: Build) -> None:
    found = schemas(
        """
        It:
          type: object
          properties: {a: {type: string}}
          oneOf:
          - {required: [a]}
          - {required: [b], properties: {b: {type: integer}}}
        """
    )
    assert found.definitions == {
        "It": "union @ItWithA | @ItWithB; by trial",
        "ItWithA": "record\na: string!",
        "ItWithB": "record\na: string\nb: integer!",
    }


def test_a_comparison_of_what_nothing_describes_is_reported(schemas: Build) -> None:
    found = schemas("It: {type: object, properties: {a: {}}, x-at-most: {field: a, of: b}}")
    assert found.messages == [
        "degraded: not checked: `x-at-most` of a member that nothing describes"
    ]


def test_a_conclusion_that_describes_more_than_members_narrows_the_type(schemas: Build) -> None:
    found = schemas(
        """
        It:
          type: object
          properties: {a: {}, box: {type: object, properties: {x: {type: integer}}}}
          if: {required: [a]}
          then: {properties: {box: {minProperties: 1}}}
        """
    )
    assert "rule: if given a then [box in @ItBoxNarrowed]" in found.definitions["It"].splitlines()
