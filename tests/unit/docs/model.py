"""A model to write docs of, made by hand: payments of two kinds."""

from __future__ import annotations

from pathlib import Path

from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import ParameterNarrowing, RequiresOneOf
from oasmith.runtime.semantics.styles import Place
from oasmith.source import Location, Source
from oasmith.text import Text

AT = Location(Source(Path("openapi.yaml"), "{}", value={}))
STATED = ir.Statement(at=AT)


def scalar(kind: ir.Kind, bounds: ir.NumberBounds | ir.TextBounds | None = None) -> ir.Scalar:
    return ir.Scalar(kind=kind, bounds=bounds, at=AT)


STRING = scalar(ir.ScalarKind.STRING)
INTEGER = scalar(ir.ScalarKind.INTEGER)
SECRET = scalar(ir.ScalarKind.SECRET)
REQUIRED = ir.Required()
OPTIONAL = ir.Optional()


def name(dotted: str) -> ir.SchemaId:
    *namespace, last = dotted.split(".")
    return ir.SchemaId(namespace=tuple(namespace), name=last)


def ref(dotted: str) -> ir.Ref:
    return ir.Ref(target=name(dotted), at=AT)


def literal(*values: ir.LiteralValue) -> ir.Literal:
    return ir.Literal(values=values, at=AT)


def said(description: str | None) -> ir.Doc:
    return ir.Doc(description=None if description is None else Text(description))


def field(
    wire_name: str,
    type_: ir.Use,
    presence: ir.Presence = REQUIRED,
    description: str | None = None,
) -> ir.Field:
    return ir.Field(
        wire_name=wire_name,
        type=type_,
        presence=presence,
        doc=said(description),
        at=AT,
    )


def payments() -> ir.Api:
    """Give an API with one operation of two routes, whose body is a card or a bank account."""
    records = (
        ir.Record(
            id=name("CardPayment"),
            fields=(
                field("kind", literal("card")),
                field("settings", ref("CardSettings"), description="Issuer."),
            ),
            rules=(ParameterNarrowing("speed", literal("now"), message=STATED),),
            doc=said("Pays by card.\n\nAt once."),
            at=AT,
        ),
        ir.Record(
            id=name("CardSettings"),
            fields=(
                field("api_key", SECRET, OPTIONAL, "The key."),
                field("client_secret", SECRET, OPTIONAL),
                field("limit", ref("Limit"), OPTIONAL),
                field(
                    "tries",
                    scalar(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=1)),
                    ir.Default(value=3),
                    "Try | at most.",
                ),
            ),
            rules=(
                RequiresOneOf(
                    *(("api_key",), ("client_secret",)),
                    inclusive=False,
                    message=STATED,
                ),
            ),
            at=AT,
        ),
        ir.Record(
            id=name("BankPayment"),
            fields=(
                field("kind", literal("bank")),
                field("iban", STRING),
                field("limit", ref("Limit"), OPTIONAL),
            ),
            doc=said("Pays from an account."),
            at=AT,
        ),
        ir.Record(
            id=name("Limit"),
            fields=(
                field(
                    "per_day", scalar(ir.ScalarKind.INTEGER, ir.NumberBounds(minimum=1)), OPTIONAL
                ),
            ),
            doc=said("How much is paid."),
            at=AT,
        ),
        ir.Record(
            id=name("CardReceipt"),
            fields=(field("kind", literal("card")), field("id", ref("TypesId"))),
            at=AT,
        ),
        ir.Record(
            id=name("BankReceipt"),
            fields=(field("kind", literal("bank")), field("id", ref("TypesId"))),
            at=AT,
        ),
        ir.Record(id=name("Problem"), fields=(field("reason", STRING),), at=AT),
    )
    definitions: list[ir.Definition] = [
        *records,
        ir.Union(
            id=name("Payment"),
            options=(ref("CardPayment"), ref("BankPayment")),
            told_apart=ir.ByTag(property="kind", tags=(("card",), ("bank",)), declared=True),
            doc=said("What is paid with."),
            at=AT,
        ),
        ir.Union(
            id=name("Receipt"),
            options=(ref("CardReceipt"), ref("BankReceipt")),
            told_apart=ir.ByTag(property="kind", tags=(("card",), ("bank",)), declared=True),
            at=AT,
        ),
        ir.Alias(id=name("TypesId"), type=STRING, at=AT),
        ir.Enum(
            id=name("Speed"),
            members=tuple(ir.EnumMember(value=value) for value in ("now", "soon")),
            at=AT,
        ),
    ]
    return api(
        definitions,
        (
            ir.Operation(
                id="payments.put",
                namespace="payments",
                method="PUT",
                routes=(
                    ir.Route(path="/pay/{id}", parameters=("id",), at=AT),
                    ir.Route(path="/pay/{speed}/{id}", parameters=("speed", "id"), at=AT),
                ),
                parameters=(
                    parameter("speed", ref("Speed"), "path", OPTIONAL),
                    parameter("id", ref("TypesId"), "path", ir.Required()),
                    parameter("dry", INTEGER, "query", OPTIONAL),
                ),
                body=ir.Body(contents=(content(ref("Payment")),), required=True, at=AT),
                responses=(ir.Response(status="200", contents=(content(ref("Receipt")),), at=AT),),
                errors=(ir.Response(status="default", contents=(content(ref("Problem")),), at=AT),),
                auth=(("key",),),
                doc=ir.Doc(
                    summary=Text("Pay <now>"),
                    description=Text(
                        "## Required authorization\n\n* `pay` <script>alert(1)</script>"
                    ),
                ),
                at=AT,
            ),
            ir.Operation(
                id="payments.get",
                namespace="payments",
                method="GET",
                routes=(ir.Route(path="/pay/{id}", parameters=("id",), at=AT),),
                parameters=(parameter("id", ref("TypesId"), "path", ir.Required()),),
                body=None,
                responses=(ir.Response(status="200", contents=(content(ref("Limit")),), at=AT),),
                errors=(),
                auth=(),
                at=AT,
            ),
        ),
    )


def api(definitions: list[ir.Definition], operations: tuple[ir.Operation, ...]) -> ir.Api:
    return ir.Api(
        title=Text("Payments"),
        version=Text("1.2"),
        doc=said("Pays bills."),
        servers=(ir.Server(url="http://localhost:8080", variables={}, at=AT),),
        tags=(ir.Tag(name="payments", doc=said("Money."), at=AT),),
        definitions={definition.id: definition for definition in definitions},
        operations=operations,
        security=(ir.HttpAuth(name="key", scheme="apikey", at=AT),),
        usage={},
        at=AT,
    )


def parameter(wire_name: str, type_: ir.Use, place: Place, presence: ir.Presence) -> ir.Parameter:
    in_path = place == "path"
    return ir.Parameter(
        wire_name=wire_name,
        place=place,
        type=type_,
        presence=presence,
        style="simple" if in_path else "form",
        explode=not in_path,
        at=AT,
    )


def content(type_: ir.Use) -> ir.Content:
    return ir.Content(media_type="application/json", type=type_, at=AT)
