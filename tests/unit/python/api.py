"""Short ways to write the intermediate model by hand."""

from __future__ import annotations

from pathlib import Path

from oasmith.ir import types as ir
from oasmith.source import Location, Source
from oasmith.text import Text

AT = Location(Source(Path("/openapi.yaml"), "openapi: 3.1.0\n"))

Kind = ir.ScalarKind


def scalar(
    kind: ir.Kind = Kind.STRING, bounds: ir.NumberBounds | ir.TextBounds | None = None
) -> ir.Scalar:
    return ir.Scalar(kind=kind, bounds=bounds, at=AT)


TEXT = scalar()
INTEGER = scalar(Kind.INTEGER)
NUMBER = scalar(Kind.NUMBER)


def named(name: str) -> ir.SchemaId:
    *namespace, last = name.split(".")
    return ir.SchemaId(namespace=tuple(namespace), name=last)


def ref(name: str) -> ir.Ref:
    return ir.Ref(target=named(name), at=AT)


def one_of(*values: ir.LiteralValue) -> ir.Literal:
    return ir.Literal(values=values, at=AT)


def list_of(item: ir.Use, size: ir.SizeBounds | None = None, *, unique: bool = False) -> ir.ListOf:
    return ir.ListOf(item=item, size=size, unique=unique, at=AT)


def map_of(value: ir.Use, keys: ir.TextBounds | None = None) -> ir.MapOf:
    return ir.MapOf(value=value, keys=keys, at=AT)


def nullable(use: ir.Use) -> ir.Nullable:
    return ir.Nullable(of=use, at=AT)


def field(
    name: str,
    type: ir.Use = TEXT,
    presence: ir.Presence | None = None,
    *,
    access: ir.Access = ir.Access.BOTH,
    doc: str | None = None,
) -> ir.Field:
    return ir.Field(
        wire_name=name,
        type=type,
        presence=presence or ir.Optional(),
        access=access,
        doc=ir.Doc(description=None if doc is None else Text(doc)),
        at=AT,
    )


def required(name: str, type: ir.Use = TEXT) -> ir.Field:
    return field(name, type, ir.Required())


def record(
    name: str,
    *fields: ir.Field,
    extra: ir.Extra | None = None,
    rules: tuple[ir.Rule, ...] = (),
    doc: str | None = None,
) -> ir.Record:
    return ir.Record(
        id=named(name),
        fields=fields,
        extra=extra or ir.Unstated(),
        rules=rules,
        doc=ir.Doc(description=None if doc is None else Text(doc)),
        at=AT,
    )


def alias(name: str, type: ir.Use) -> ir.Alias:
    return ir.Alias(id=named(name), type=type, at=AT)


def choice(
    name: str, told_apart: ir.Discrimination, *options: ir.Use, nullable: bool = False
) -> ir.Union:
    return ir.Union(
        id=named(name), options=options, told_apart=told_apart, nullable=nullable, at=AT
    )


def enum(name: str, *values: ir.LiteralValue) -> ir.Enum:
    members = tuple(ir.EnumMember(value=value) for value in values)
    return ir.Enum(id=named(name), members=members, at=AT)


def by_tag(property: str, *tags: str) -> ir.ByTag:
    return ir.ByTag(property=property, tags=tuple((tag,) for tag in tags), declared=True)


def api(*definitions: ir.Definition, usage: ir.Usage | dict[str, ir.Usage] | None = None) -> ir.Api:
    used = (
        {named(name): each for name, each in usage.items()}
        if isinstance(usage, dict)
        else {definition.id: usage for definition in definitions if usage is not None}
    )
    return ir.Api(
        title=Text("Test"),
        version=Text("1"),
        doc=ir.Doc(),
        servers=(),
        tags=(),
        definitions={definition.id: definition for definition in definitions},
        operations=(),
        security=(),
        usage=used,
        at=AT,
    )


REQUEST = ir.Usage(request=True)
RESPONSE = ir.Usage(response=True)
BOTH = ir.Usage(request=True, response=True)
