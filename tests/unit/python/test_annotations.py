"""The annotation of each use, for requests, responses and callers."""

from decimal import Decimal

import pytest

from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.targets.python.annotations import Annotator
from oasmith.targets.python.faces import Face, lay_out
from oasmith.targets.python.scopes import PublicScope
from unit.python.api import (
    AT,
    BOTH,
    INTEGER,
    NUMBER,
    TEXT,
    Kind,
    alias,
    api,
    by_tag,
    choice,
    enum,
    list_of,
    map_of,
    nullable,
    one_of,
    record,
    ref,
    required,
    scalar,
)

CAT = record("Cat", required("kind", one_of("cat")), required("claws"))
DOG = record("Dog", required("kind", one_of("dog")), required("tail"))
DEFINITIONS = (
    CAT,
    DOG,
    choice("Pet", by_tag("kind", "cat", "dog"), ref("Cat"), ref("Dog")),
    enum("Color", "red", "green"),
    alias("Id", TEXT),
    alias("Count", INTEGER),
    alias("Void", scalar(Kind.NULL)),
    alias("Cats", list_of(ref("Cat"))),
)


def annotations(use: ir.Use, usage: ir.Usage = BOTH) -> tuple[str, str, str]:
    """Return request, response, input."""
    diagnostics = Diagnostics()
    layout = lay_out(api(*DEFINITIONS, usage=usage), {}, diagnostics)
    scope = PublicScope("sync.a")
    request, response, input_ = (
        str(Annotator(layout, scope, face, diagnostics).annotate(use)).replace("models.", "")
        for face in (Face.REQUEST, Face.RESPONSE, Face.INPUT)
    )
    assert not list(diagnostics)
    return request, response, input_


def bounded(kind: ir.Kind, bounds: ir.NumberBounds | ir.TextBounds) -> tuple[str, str, str]:
    return annotations(scalar(kind, bounds))


def any_of(told_apart: ir.Discrimination, *options: ir.Use) -> ir.AnyOf:
    return ir.AnyOf(options=options, told_apart=told_apart, at=AT)


@pytest.mark.parametrize(
    ("use", "request_", "response", "input_"),
    [
        (TEXT, "str", "str", "str"),
        (nullable(ref("Void")), "None", "None", "None"),
        (INTEGER, "StrictInt", "int", "int"),
        (NUMBER, "StrictInt | StrictFloat", "float", "float"),
        (scalar(Kind.BOOLEAN), "StrictBool", "bool", "bool"),
        (scalar(Kind.NULL), "None", "None", "None"),
        (scalar(Kind.DATE), "Annotated[date, FromText()]", "date", "date | str"),
        (scalar(Kind.DATE_TIME), "Annotated[datetime, FromText()]", "datetime", "datetime | str"),
        (scalar(Kind.TIME), "Annotated[time, FromText()]", "time", "time | str"),
        (scalar(Kind.DURATION), "Annotated[timedelta, FromText()]", "timedelta", "timedelta | str"),
        (scalar(Kind.UUID), "UUID", "UUID", "UUID | str"),
        (scalar(Kind.DECIMAL), "Decimal", "Decimal", "Decimal | str"),
        (scalar(Kind.SECRET), "Secret", "Secret", "Secret"),
        (scalar(Kind.BASE64), "Base64", "Base64", "Base64"),
        (scalar(Kind.BINARY), "Binary", "bytes", "Binary"),
        (nullable(TEXT), "str | None", "str | None", "str | None"),
        (nullable(nullable(TEXT)), "str | None", "str | None", "str | None"),
        (list_of(TEXT), "list[str]", "list[str]", "list[str]"),
        (list_of(INTEGER), "list[StrictInt]", "list[int]", "Sequence[int]"),
        (
            list_of(TEXT, ir.SizeBounds(minimum=1, maximum=2), unique=True),
            "Annotated[list[str], Field(min_length=1, max_length=2), Unique()]",
            "list[str]",
            "list[str]",
        ),
        (map_of(TEXT), "dict[str, str]", "dict[str, str]", "Mapping[str, str]"),
        (
            map_of(INTEGER, ir.TextBounds(max_length=9, patterns=("^x",))),
            'dict[Annotated[str, Field(max_length=9, pattern="^x")], StrictInt]',
            "dict[str, int]",
            "Mapping[str, int]",
        ),
        (
            one_of("a", 1),
            'Annotated[Literal["a", 1], Exact()]',
            'Literal["a", 1] | str | int',
            'Literal["a", 1]',
        ),
        (
            one_of("a", 1.5),
            'Literal["a"] | Annotated[StrictFloat, OneOf(1.5)]',
            'Literal["a"] | str | float',
            'Literal["a"] | float',
        ),
        (ref("Cat"), "Cat", "CatResponse", "Cat | CatDict"),
        (ref("Pet"), "Pet", "PetResponse", "Pet | PetDict"),
        (ref("Color"), "Color", "ColorResponse", "Color"),
        (ref("Id"), "Id", "Id", "Id"),
        (ref("Count"), "Count", "int", "Count"),
        (ref("Cats"), "Cats", "CatsResponse", "Cats | CatsDict"),
        (list_of(ref("Cat")), "list[Cat]", "list[CatResponse]", "Sequence[Cat | CatDict]"),
        (ir.Anything(at=AT), "Json", "Any", "Any"),
        (ir.Nothing(at=AT), "Annotated[None, OneOf()]", "Any", "None"),
        (
            ir.TupleOf(items=(TEXT, INTEGER), rest=None, size=ir.SizeBounds(minimum=2), at=AT),
            "tuple[str, StrictInt]",
            "tuple[str, int]",
            "tuple[str, int]",
        ),
        (
            ir.TupleOf(items=(TEXT, INTEGER), rest=None, at=AT),
            "Annotated[list[str | StrictInt], Field(max_length=2)]",
            "list[str | int]",
            "Sequence[str | int]",
        ),
        (
            ir.TupleOf(items=(TEXT,), rest=INTEGER, size=ir.SizeBounds(minimum=1), at=AT),
            "Annotated[list[str | StrictInt], Field(min_length=1)]",
            "list[str | int]",
            "Sequence[str | int]",
        ),
    ],
)
def test_an_annotation(use: ir.Use, request_: str, response: str, input_: str) -> None:
    assert annotations(use) == (request_, response, input_)


@pytest.mark.parametrize(
    ("use", "request_", "response", "input_"),
    [
        (
            any_of(ir.ByJsonType(), TEXT, list_of(TEXT)),
            "str | list[str]",
            "str | list[str]",
            "str | list[str]",
        ),
        (
            any_of(ir.ByTrial(), scalar(Kind.DATE), TEXT),
            "Annotated[Annotated[date, FromText()] | str, InOrder()]",
            "Annotated[date | str, InOrder()]",
            "date | str",
        ),
        # What Python takes for one needs no order.
        (any_of(ir.ByTrial(), TEXT, ref("Id")), "str | Id", "str | Id", "str | Id"),
        (any_of(ir.ByTrial(), TEXT, nullable(ref("Id"))), *["str | Id | None"] * 3),
        (
            any_of(ir.ByTrial(), TEXT, one_of("-1"), one_of("0")),
            'Annotated[str | Literal["-1", "0"], InOrder()]',
            'str | Literal["-1", "0"]',
            'str | Literal["-1", "0"]',
        ),
        (
            any_of(by_tag("kind", "cat", "dog"), ref("Cat"), ref("Dog")),
            'Annotated[Cat | Dog, Field(discriminator="kind")]',
            'Annotated[Annotated[CatResponse, Tag("cat")] | Annotated[DogResponse, Tag("dog")]'
            ' | Annotated[UnknownModel, Tag("unknown")],'
            ' by_tag("kind", {"cat": "cat", "dog": "dog"})]',
            "Cat | CatDict | Dog | DogDict",
        ),
        (
            any_of(ir.ByRequiredKeys(keys=("claws", "tail")), ref("Cat"), ref("Dog")),
            'Annotated[Annotated[Cat, Tag("claws")] | Annotated[Dog, Tag("tail")],'
            ' by_key({"claws": "claws", "tail": "tail"})]',
            'Annotated[Annotated[CatResponse, Tag("claws")] | Annotated[DogResponse, Tag("tail")]'
            ' | Annotated[UnknownModel, Tag("unknown")],'
            ' by_key({"claws": "claws", "tail": "tail"}, open=True)]',
            "Cat | CatDict | Dog | DogDict",
        ),
    ],
)
def test_a_choice(use: ir.Use, request_: str, response: str, input_: str) -> None:
    assert annotations(use) == (request_, response, input_)


@pytest.mark.parametrize(
    ("kind", "bounds", "request_"),
    [
        (Kind.INTEGER, ir.NumberBounds(minimum=1), "Annotated[StrictInt, Field(ge=1)]"),
        (
            Kind.INTEGER,
            ir.NumberBounds(minimum=0.5, exclusive_maximum=Decimal("9.5")),
            "Annotated[StrictInt, Field(ge=1, lt=10)]",
        ),
        (
            Kind.NUMBER,
            ir.NumberBounds(exclusive_minimum=0, maximum=Decimal("1.5")),
            "Annotated[StrictInt | StrictFloat, Field(gt=0, le=1.5)]",
        ),
        (
            Kind.NUMBER,
            ir.NumberBounds(multiple_of=0.01),
            "Annotated[StrictInt | StrictFloat, MultipleOf(0.01)]",
        ),
        (Kind.NUMBER, ir.NumberBounds(multiple_of=0), "StrictInt | StrictFloat"),
        (
            Kind.STRING,
            ir.TextBounds(min_length=1, max_length=9, patterns=('^"\\d',)),
            "Annotated[str, Field(min_length=1, max_length=9, pattern='^\"[0-9]')]",
        ),
        (
            Kind.STRING,
            ir.TextBounds(patterns=("^a", "b$")),
            'Annotated[str, Field(pattern="^a"), Pattern("b$")]',
        ),
        (Kind.STRING, ir.TextBounds(min_length=0), "str"),
        (Kind.SECRET, ir.TextBounds(min_length=3), "Annotated[Secret, Field(min_length=3)]"),
    ],
)
def test_bounds_are_checked_in_requests_alone(
    kind: ir.Kind, bounds: ir.NumberBounds | ir.TextBounds, request_: str
) -> None:
    request, response, input_ = bounded(kind, bounds)
    assert request == request_
    assert response == annotations(scalar(kind))[1]
    assert input_ == annotations(scalar(kind))[2]


def test_a_definition_of_one_side_has_the_plain_name() -> None:
    assert annotations(ref("Cat"), ir.Usage(response=True))[1] == "Cat"
    assert annotations(ref("Cat"), ir.Usage(request=True))[0] == "Cat"


@pytest.mark.parametrize("pattern", ["(", "^(?!x)(?:a|a)+$", r"(a)\1", "(a{1000}){1000}"])
def test_a_pattern_that_cannot_be_run_is_reported(pattern: str) -> None:
    diagnostics = Diagnostics()
    layout = lay_out(api(), {}, diagnostics)
    annotator = Annotator(layout, PublicScope("sync.a"), Face.REQUEST, diagnostics)
    bounds = ir.TextBounds(min_length=2, patterns=(pattern,))
    assert str(annotator.annotate(scalar(Kind.STRING, bounds))) == (
        "Annotated[str, Field(min_length=2)]"
    )
    assert str(annotator.annotate(ir.MapOf(value=TEXT, keys=bounds, at=AT))) == (
        "dict[Annotated[str, Field(min_length=2)], str]"
    )
    assert {found.code for found in diagnostics} == {"pattern-not-checked"}
