"""Builders of small models, for the tests of the planning of clients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from oasmith.config import Config, OperationSettings
from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.ir.passes.usage import usage
from oasmith.runtime.semantics.rules import ParameterNarrowing
from oasmith.runtime.semantics.styles import Place
from oasmith.source import Location, Source
from oasmith.targets.client.operations import Operations, plan_operations
from oasmith.targets.python.faces import Layout, lay_out
from oasmith.text import Text

AT = Location(Source(Path("api.yaml"), ""))
STATED = ir.Statement(at=AT)
STRING = ir.Scalar(kind=ir.ScalarKind.STRING, at=AT)
INTEGER = ir.Scalar(kind=ir.ScalarKind.INTEGER, at=AT)
BINARY = ir.Scalar(kind=ir.ScalarKind.BINARY, at=AT)


def ref(name: str) -> ir.Ref:
    return ir.Ref(target=ir.SchemaId(name=name), at=AT)


def one_of(*values: ir.LiteralValue) -> ir.Literal:
    return ir.Literal(values=values, at=AT)


def field(name: str, type: ir.Use = STRING, *, required: bool = False) -> ir.Field:
    presence = ir.Required() if required else ir.Optional()
    return ir.Field(wire_name=name, type=type, presence=presence, at=AT)


def record(name: str, *fields: ir.Field, narrows: Mapping[str, ir.Use] | None = None) -> ir.Record:
    return ir.Record(
        id=ir.SchemaId(name=name),
        fields=fields,
        rules=tuple(
            ParameterNarrowing(parameter, type, message=STATED)
            for parameter, type in (narrows or {}).items()
        ),
        at=AT,
    )


def union(name: str, *options: str, tag: str, tags: Iterable[str]) -> ir.Union:
    return ir.Union(
        id=ir.SchemaId(name=name),
        options=tuple(ref(option) for option in options),
        told_apart=ir.ByTag(property=tag, tags=tuple((t,) for t in tags), declared=True),
        at=AT,
    )


def parameter(
    name: str,
    place: Place = "query",
    type: ir.Use = STRING,
    *,
    required: bool | None = None,
) -> ir.Parameter:
    in_query = place in ("query", "cookie")
    if required is None:
        required = place == "path"
    return ir.Parameter(
        wire_name=name,
        place=place,
        type=type,
        presence=ir.Required() if required else ir.Optional(),
        style="form" if in_query else "simple",
        explode=in_query,
        at=AT,
    )


def content(
    type: ir.Use, media_type: str = "application/json", item: ir.Use | None = None
) -> ir.Content:
    stream = None if item is None else ir.Stream(item=item, at=AT)
    return ir.Content(media_type=media_type, type=type, stream=stream, at=AT)


def body(*contents: ir.Content, required: bool = True) -> ir.Body:
    return ir.Body(contents=contents, required=required, at=AT)


def response(*contents: ir.Content, status: str = "200") -> ir.Response:
    return ir.Response(status=status, contents=contents, at=AT)


def operation(
    id: str,
    *paths: str,
    method: str = "POST",
    tag: str | None = None,
    parameters: Iterable[ir.Parameter] = (),
    body: ir.Body | None = None,
    responses: Iterable[ir.Response] = (),
    deprecated: bool = False,
) -> ir.Operation:
    return ir.Operation(
        id=id,
        namespace=tag,
        method=method,
        routes=tuple(
            ir.Route(
                path=path,
                parameters=tuple(p[1:-1] for p in path.split("/") if p.startswith("{")),
                at=AT,
            )
            for path in paths
        ),
        parameters=tuple(parameters),
        body=body,
        responses=tuple(responses),
        errors=(),
        auth=(),
        doc=ir.Doc(summary=Text(f"Do {id}"), deprecated=deprecated),
        at=AT,
    )


def api(operations: Iterable[ir.Operation], *definitions: ir.Definition) -> ir.Api:
    return usage(
        ir.Api(
            title=Text("Test"),
            version=Text("1"),
            doc=ir.NO_DOC,
            servers=(),
            tags=(),
            definitions={definition.id: definition for definition in definitions},
            operations=tuple(operations),
            security=(),
            usage={},
            at=AT,
        ),
        Diagnostics(),
    )


def planned(model: ir.Api, **settings: object) -> tuple[Layout, Operations]:
    """Plan the operations of an API, which must raise no diagnostics."""
    diagnostics = Diagnostics()
    config = Config(document=Path("api.yaml"), output=Path("out"), **settings)  # type: ignore[arg-type]
    layout = lay_out(model, {}, diagnostics)
    operations = plan_operations(model, layout, config, diagnostics)
    assert list(diagnostics) == []
    return layout, operations


def split(*ids: str) -> dict[str, OperationSettings]:
    return {id: OperationSettings(split=True) for id in ids}
