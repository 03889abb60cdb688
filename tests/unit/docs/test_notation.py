"""Types in the notation of the docs, rules in sentences."""

from __future__ import annotations

import pytest

from oasmith.ir import types as ir
from oasmith.python.docs.markdown import Markdown, code, link
from oasmith.python.docs.notation import Notation, constraints
from oasmith.python.docs.sentences import Sentences
from oasmith.text import Text
from unit.docs.model import (
    AT,
    INTEGER,
    OPTIONAL,
    SECRET,
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

WORD = (ir.Is(field="strategy", values=("word",)),)
AT_LEAST_TEN = scalar(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=10))


def one_of(*groups: tuple[str, ...], inclusive: bool = False) -> ir.RequiresOneOf:
    return ir.RequiresOneOf(groups=groups, inclusive=inclusive, at=AT)


def all_of(*fields: str) -> ir.RequiresAll:
    return ir.RequiresAll(fields=fields, at=AT)


def excludes(*fields: str) -> ir.Excludes:
    return ir.Excludes(fields=fields, at=AT)


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
            ir.RequiresWith(field="a", needs=("b",), at=AT),
            "If `a` is given, `b` is required.",
        ),
        (excludes("a", "b"), "`a` and `b` cannot be given together."),
        (excludes("a"), "`a` is not allowed."),
        (
            ir.When(conditions=WORD, then=(all_of("overlap"),), at=AT),
            'If `strategy` is `"word"`, `overlap` is required.',
        ),
        (
            ir.When(
                conditions=WORD,
                then=(
                    all_of("overlap", "size"),
                    ir.Narrows(field="size", type=AT_LEAST_TEN, at=AT),
                    excludes("separators"),
                    excludes("group"),
                ),
                otherwise=(excludes("overlap"),),
                at=AT,
            ),
            'If `strategy` is `"word"`, `overlap` and `size` are required, `size` is at least 10'
            " and `separators` and `group` are not allowed; otherwise `overlap` is not allowed.",
        ),
        (
            ir.When(
                conditions=(
                    ir.Given(fields=("a", "b")),
                    ir.Is(field="c", values=(1,), or_absent=True),
                ),
                then=(ir.Narrows(field="d", type=literal("x", "y"), at=AT),),
                at=AT,
            ),
            'If `a` and `b` are given and `c` is `1` or left out, `d` is `"x"` or `"y"`.',
        ),
        (ir.AtMost(field="a", of="b", at=AT), "`a` is at most `b`."),
        (ir.AtMost(field="a", of="b", times=0.5, at=AT), "`a` is at most half of `b`."),
        (ir.AtMost(field="a", of="b", times=3, at=AT), "`a` is at most 3 times `b`."),
        (
            ir.Inside(
                field="a",
                rules=(
                    all_of("x"),
                    excludes("y"),
                    one_of(("p",), ("q",)),
                    ir.RequiresWith(field="r", needs=("s",), at=AT),
                    ir.Inside(
                        field="b", rules=(ir.Narrows(field="z", type=literal(1), at=AT),), at=AT
                    ),
                ),
                at=AT,
            ),
            "`a.x` is required, give exactly one of `a.p` and `a.q`, `a.b.z` is `1`, if `a.r` is "
            "given, `a.s` is required and `a.y` is not allowed.",
        ),
        (
            ir.When(
                conditions=(
                    ir.Has(
                        field="a",
                        conditions=(
                            ir.Is(field="x", values=(1,)),
                            ir.Not(condition=ir.Given(fields=("y",))),
                        ),
                    ),
                    ir.Has(field="b", conditions=(ir.Given(fields=("z",)),), or_absent=True),
                    ir.Not(condition=ir.Has(field="c", conditions=(ir.Given(fields=("p", "q")),))),
                    ir.Not(condition=ir.Is(field="d", values=(1,), or_absent=True)),
                ),
                then=(
                    ir.ParameterNarrowing(parameter="task", type=literal("t"), at=AT),
                    ir.ParameterNarrowing(parameter="size", type=ir.Nothing(at=AT), at=AT),
                ),
                at=AT,
            ),
            "If `a.x` is `1` and `a.y` is not given and `b.z` is given or `b` is left out and "
            "`c.p` and `c.q` are not all given and `d` is given and not `1`, the parameter `task` "
            'is `"t"` and the parameter `size` is not allowed.',
        ),
        (
            ir.When(
                conditions=(ir.Given(fields=("a",)),), then=(), otherwise=(all_of("b"),), at=AT
            ),
            "Unless `a` is given, `b` is required.",
        ),
    ],
)
def test_rule(rule: ir.Rule, sentence: str) -> None:
    assert [str(said) for said in Sentences(NOTATION).of((rule,))] == [sentence]


def test_a_pattern_is_matched() -> None:
    both = scalar(ir.ScalarKind.STRING, ir.TextBounds(min_length=3, patterns=("^a",)))
    rules = [
        ir.Narrows(field="a", type=use, at=AT)
        for use in (both, scalar(ir.ScalarKind.STRING, ir.TextBounds(patterns=("^a",))))
    ]
    assert [str(said) for said in Sentences(NOTATION).of(rules)] == [
        "`a` is at least 3 characters and matches `^a`.",
        "`a` matches `^a`.",
    ]


@pytest.mark.parametrize(
    ("words", "condition", "inside", "follows"),
    [
        ("`size` is ten.", ir.Given(fields=("chunks",)), "chunks", False),
        ("`size` is ten.", ir.Given(fields=("others",)), "chunks", True),
        (
            "Not with `others` that are on.",
            ir.Has(field="others", conditions=(ir.Is(field="on", values=(True,)),)),
            "chunks",
            False,
        ),
    ],
)
def test_words_need_not_say_what_goes_without_saying(
    words: str, condition: ir.Condition, inside: str, follows: bool
) -> None:
    narrows = ir.Narrows(field="size", type=literal(10), at=AT)
    rule = ir.When(
        conditions=(condition,),
        then=(ir.Inside(field=inside, rules=(narrows,), at=AT),),
        doc=ir.Doc(description=Text(words)),
        at=AT,
    )
    [said] = Sentences(NOTATION).of((rule,))
    assert (str(said) != words) is follows


def test_fields_that_all_need_each_other_are_one_sentence() -> None:
    rules = [
        ir.RequiresWith(field=one, needs=tuple(n for n in "abc" if n != one), at=AT)
        for one in "abc"
    ]
    assert [str(said) for said in Sentences(NOTATION).of(rules)] == [
        "Give `a`, `b` and `c` together or not at all."
    ]


def test_words_of_the_document_stand_for_the_rule_where_they_name_its_fields() -> None:
    whole = ir.Doc(description=Text("Either `a` or `b`."))
    part = ir.Doc(description=Text("Only `a`."))
    rules = [
        ir.RequiresOneOf(groups=(("a",), ("b",)), inclusive=False, doc=doc, at=AT)
        for doc in (whole, part)
    ]
    assert [str(said) for said in Sentences(NOTATION).of(rules)] == [
        "Either `a` or `b`.",
        "Only `a`. Give exactly one of `a` and `b`.",
    ]
