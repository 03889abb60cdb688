"""Types in the notation of the docs, rules in sentences."""

from __future__ import annotations

import pytest

from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import (
    AtMost,
    Condition,
    Excludes,
    Given,
    Has,
    Inside,
    Is,
    Narrows,
    Not,
    ParameterNarrowing,
    RequiresAll,
    RequiresOneOf,
    RequiresWith,
    When,
)
from oasmith.targets.markdown.notation import Notation, constraints
from oasmith.targets.markdown.sentences import Sentences
from oasmith.targets.rendering.markdown import Markdown, code, link
from oasmith.text import Text
from unit.docs.model import (
    AT,
    INTEGER,
    OPTIONAL,
    SECRET,
    STATED,
    STRING,
    field,
    literal,
    name,
    ref,
    scalar,
)

NAMES = ("A", "TypesDuration", "RateLimit")
NOTATION = Notation({name(n): n for n in NAMES})


def declared(definition: ir.Definition) -> str:
    return Notation({name(n): n for n in NAMES}).definition(definition)


LIST = ir.ListOf(item=STRING, size=ir.SizeBounds(minimum=1, maximum=5), unique=True, at=AT)
CHOICE = ir.AnyOf(options=(STRING, ref("A")), told_apart=ir.ByTrial(), at=AT)


@pytest.mark.parametrize(
    ("use", "written", "cell"),
    [
        (STRING, "string", "`string`"),
        (INTEGER, "integer", "`integer`"),
        (SECRET, "string", "`string`"),
        (scalar(ir.ScalarKind.DATE_TIME), "string", "`string`"),
        (literal("a", 1, None, True), '"a" | 1 | null | true', '`"a"` or `1` or `null` or `true`'),
        (literal("a|b"), '"a|b"', "<code>&#34;a&#124;b&#34;</code>"),
        (LIST, "string[]", "`string[]`"),
        (ir.ListOf(item=CHOICE, at=AT), "(string | A)[]", "list of (`string` or [`A`](#A))"),
        (
            ir.MapOf(value=ref("A"), at=AT),
            "{ [key: string]: A }",
            "map of string to [`A`](#A)",
        ),
        (
            ir.TupleOf(items=(STRING, INTEGER), rest=ref("A"), at=AT),
            "[string, integer, ...A[]]",
            "tuple of (`string`, `integer`, [`A`](#A))",
        ),
        (ir.Nullable(of=ref("A"), at=AT), "A | null", "[`A`](#A) or `null`"),
        (ir.Anything(at=AT), "any", "`any`"),
        (ir.Nothing(at=AT), "never", "`never`"),
    ],
)
def test_use(use: ir.Use, written: str, cell: str) -> None:
    def to(target: ir.SchemaId) -> Markdown:
        return link(code(str(target)), f"#{target}")

    assert NOTATION.use(use) == written
    assert NOTATION.cell(use, to) == cell


@pytest.mark.parametrize(
    ("use", "remarks"),
    [
        (SECRET, ["secret"]),
        (LIST, ["1 to 5 items", "unique"]),
        (
            scalar(
                ir.ScalarKind.INTEGER,
                ir.NumberBounds(minimum=1, exclusive_maximum=9, multiple_of=2),
            ),
            [">= 1", "< 9", "a multiple of 2"],
        ),
        (
            scalar(
                ir.ScalarKind.STRING, ir.TextBounds(min_length=2, max_length=2, patterns=("^a$",))
            ),
            ["2 characters", "matches /^a$/"],
        ),
        (
            ir.MapOf(value=INTEGER, keys=ir.TextBounds(max_length=2, patterns=("^x",)), at=AT),
            ["keys of at most 2 characters", "keys match /^x/"],
        ),
    ],
)
def test_constraints(use: ir.Use, remarks: list[str]) -> None:
    assert constraints(use) == remarks


def test_union() -> None:
    definition = ir.Union(
        id=name("TypesDuration"),
        options=(STRING, literal("-1"), literal("0")),
        told_apart=ir.ByTrial(),
        at=AT,
    )
    assert declared(definition) == 'type TypesDuration = string | "-1" | "0"'


def test_alias_with_a_constraint() -> None:
    use = scalar(ir.ScalarKind.STRING, ir.TextBounds(min_length=1))
    definition = ir.Alias(id=name("A"), type=use, at=AT)
    assert declared(definition) == "type A = string  // at least 1 character"


def test_long_enum_takes_a_line_for_each_value() -> None:
    members = tuple(ir.EnumMember(value=f"value_number_{n}") for n in range(5))
    definition = ir.Enum(id=name("A"), members=members, at=AT)
    assert declared(definition) == (
        "type A =\n"
        '  | "value_number_0"\n'
        '  | "value_number_1"\n'
        '  | "value_number_2"\n'
        '  | "value_number_3"\n'
        '  | "value_number_4"'
    )


def test_record() -> None:
    at_least_one = scalar(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=1))
    definition = ir.Record(
        id=name("RateLimit"),
        fields=(
            field("requests_per_minute", at_least_one, OPTIONAL),
            field("burst-size", INTEGER, ir.Default(value=5)),
            field("unit", ir.Nullable(of=STRING, at=AT)),
        ),
        extra=ir.Allowed(type=STRING),
        at=AT,
    )
    assert declared(definition) == (
        "type RateLimit = {\n"
        "  requests_per_minute?: integer  // >= 1\n"
        '  "burst-size"?: integer  // default 5\n'
        "  unit: string | null\n"
        "  [key: string]: string\n"
        "}"
    )


# --- rules -----------------------------------------------------------------------------------

WORD = (Is("strategy", ("word",)),)
AT_LEAST_TEN = scalar(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=10))


def one_of(*groups: tuple[str, ...], inclusive: bool = False) -> ir.Rule:
    return RequiresOneOf(*groups, inclusive=inclusive, message=STATED)


def all_of(*fields: str) -> ir.Rule:
    return RequiresAll(fields, message=STATED)


def excludes(*fields: str) -> ir.Rule:
    return Excludes(fields, message=STATED)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            one_of(("api_key",), ("client_secret",)),
            "Give exactly one of `api_key` and `client_secret`.",
        ),
        (one_of(("a",), ("b",), ("c",), inclusive=True), "Give at least one of `a`, `b` and `c`."),
        (one_of(("a",), ("b", "c")), "Give exactly one of these: `a`; `b` and `c`."),
        (
            RequiresWith("a", ("b",), message=STATED),
            "If `a` is given, `b` is required.",
        ),
        (excludes("a", "b"), "`a` and `b` cannot be given together."),
        (excludes("a"), "`a` is not allowed."),
        (
            When(WORD, (all_of("overlap"),), message=STATED),
            'If `strategy` is `"word"`, `overlap` is required.',
        ),
        (
            When(
                WORD,
                (
                    all_of("overlap", "size"),
                    Narrows("size", AT_LEAST_TEN, message=STATED),
                    excludes("separators"),
                    excludes("group"),
                ),
                (excludes("overlap"),),
                message=STATED,
            ),
            'If `strategy` is `"word"`, `overlap` and `size` are required, `size` is at least 10'
            " and `separators` and `group` are not allowed; otherwise `overlap` is not allowed.",
        ),
        (
            When(
                (
                    Given(("a", "b")),
                    Is("c", (1,), or_absent=True),
                ),
                (Narrows("d", literal("x", "y"), message=STATED),),
                message=STATED,
            ),
            'If `a` and `b` are given and `c` is `1` or left out, `d` is `"x"` or `"y"`.',
        ),
        (AtMost("a", "b", message=STATED), "`a` is at most `b`."),
        (AtMost("a", "b", 0.5, message=STATED), "`a` is at most half of `b`."),
        (AtMost("a", "b", 3, message=STATED), "`a` is at most 3 times `b`."),
        (
            Inside(
                "a",
                (
                    all_of("x"),
                    excludes("y"),
                    one_of(("p",), ("q",)),
                    RequiresWith("r", ("s",), message=STATED),
                    Inside(
                        "b",
                        (Narrows("z", literal(1), message=STATED),),
                        message=STATED,
                    ),
                ),
                message=STATED,
            ),
            "`a.x` is required, give exactly one of `a.p` and `a.q`, `a.b.z` is `1`, if `a.r` is "
            "given, `a.s` is required and `a.y` is not allowed.",
        ),
        (
            When(
                (
                    Has(
                        "a",
                        (
                            Is("x", (1,)),
                            Not(Given(("y",))),
                        ),
                    ),
                    Has("b", (Given(("z",)),), or_absent=True),
                    Not(Has("c", (Given(("p", "q")),))),
                    Not(Is("d", (1,), or_absent=True)),
                ),
                (
                    ParameterNarrowing("task", literal("t"), message=STATED),
                    ParameterNarrowing("size", None, message=STATED),
                ),
                message=STATED,
            ),
            "If `a.x` is `1` and `a.y` is not given and `b.z` is given or `b` is left out and "
            "`c.p` and `c.q` are not all given and `d` is given and not `1`, the parameter `task` "
            'is `"t"` and the parameter `size` is not allowed.',
        ),
        (
            When((Given(("a",)),), (), (all_of("b"),), message=STATED),
            "Unless `a` is given, `b` is required.",
        ),
    ],
)
def test_rule(rule: ir.Rule, sentence: str) -> None:
    assert [str(said) for said in Sentences(NOTATION).of((rule,))] == [sentence]


def test_a_pattern_is_matched() -> None:
    both = scalar(ir.ScalarKind.STRING, ir.TextBounds(min_length=3, patterns=("^a",)))
    rules = [
        Narrows("a", use, message=STATED)
        for use in (both, scalar(ir.ScalarKind.STRING, ir.TextBounds(patterns=("^a",))))
    ]
    assert [str(said) for said in Sentences(NOTATION).of(rules)] == [
        "`a` is at least 3 characters and matches `^a`.",
        "`a` matches `^a`.",
    ]


@pytest.mark.parametrize(
    ("words", "condition", "inside", "follows"),
    [
        ("`size` is ten.", Given(("chunks",)), "chunks", False),
        ("`size` is ten.", Given(("others",)), "chunks", True),
        (
            "Not with `others` that are on.",
            Has("others", (Is("on", (True,)),)),
            "chunks",
            False,
        ),
    ],
)
def test_words_need_not_say_what_goes_without_saying(
    words: str, condition: Condition, inside: str, follows: bool
) -> None:
    narrows = Narrows("size", literal(10), message=STATED)
    rule = When(
        (condition,),
        (Inside(inside, (narrows,), message=STATED),),
        message=ir.Statement(doc=ir.Doc(description=Text(words)), at=AT),
    )
    [said] = Sentences(NOTATION).of((rule,))
    assert (str(said) != words) is follows


def test_fields_that_all_need_each_other_are_one_sentence() -> None:
    rules: list[ir.Rule] = [
        RequiresWith(one, tuple(n for n in "abc" if n != one), message=STATED) for one in "abc"
    ]
    assert [str(said) for said in Sentences(NOTATION).of(rules)] == [
        "Give `a`, `b` and `c` together or not at all."
    ]


def test_words_of_the_document_stand_for_the_rule_where_they_name_its_fields() -> None:
    whole = ir.Doc(description=Text("Either `a` or `b`."))
    part = ir.Doc(description=Text("Only `a`."))
    rules: list[ir.Rule] = [
        RequiresOneOf(("a",), ("b",), message=ir.Statement(doc=doc, at=AT)) for doc in (whole, part)
    ]
    assert [str(said) for said in Sentences(NOTATION).of(rules)] == [
        "Either `a` or `b`.",
        "Only `a`. Give exactly one of `a` and `b`.",
    ]
