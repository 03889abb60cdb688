"""Families of requests: bodies that are one of several records, told apart by a tag.

Each record of such a union is a thing of its own to a reader (a service, a kind of payment), so it
gets a page, and where the records narrow a parameter there is a matrix of records and values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import constants, record_of, union_of
from oasmith.targets.markdown.example_requests import json_content
from oasmith.targets.python.narrowings import narrowed_types


@frozen
class Variant:
    """One record of the union. `answers` are the records of responses that bear the same tag."""

    record: ir.Record
    tag: str
    answers: tuple[ir.Record, ...]


@frozen
class Family:
    """A union that is the body of `operations`; `property` is the tag."""

    union: ir.Union
    property: str
    variants: tuple[Variant, ...]
    operations: tuple[ir.Operation, ...]


@frozen
class Matrix:
    """Which values of a parameter go with which variant: `allowed[i]` belongs to variant i."""

    parameter: ir.Parameter
    values: tuple[ir.LiteralValue, ...]
    allowed: tuple[frozenset[ir.LiteralValue], ...]


def families(api: ir.Api) -> tuple[Family, ...]:
    """Return the families of an API, in the order of its operations."""
    found: dict[ir.SchemaId, list[ir.Operation]] = {}
    for operation in api.operations:
        content = json_content(operation.body)
        union = None if content is None else union_of(content.type, api.definitions)
        if isinstance(union, ir.Union):
            found.setdefault(union.id, []).append(operation)
    made = (_family(api, target, operations) for target, operations in found.items())
    return tuple(family for family in made if family is not None)


def _family(api: ir.Api, target: ir.SchemaId, operations: list[ir.Operation]) -> Family | None:
    union = api.definitions[target]
    assert isinstance(union, ir.Union)
    if not isinstance(union.told_apart, ir.ByTag) or len(union.options) < 2:
        return None
    records = [record_of(option, api.definitions) for option in union.options]
    answers = _answers(api, operations, union.told_apart.property)
    variants = []
    for record, tags in zip(records, union.told_apart.tags, strict=True):
        if record is None or not tags:
            return None
        of_tag = tuple(answer for answer in answers.get(tags[0], ()) if answer.id != record.id)
        variants.append(Variant(record=record, tag=tags[0], answers=of_tag))
    if len({variant.record.id for variant in variants}) < len(variants):
        return None
    return Family(
        union=union,
        property=union.told_apart.property,
        variants=tuple(variants),
        operations=tuple(operations),
    )


def _answers(
    api: ir.Api, operations: list[ir.Operation], tag: str
) -> Mapping[str, tuple[ir.Record, ...]]:
    """Return the records of responses by the tag they bear."""
    found: dict[str, dict[ir.SchemaId, ir.Record]] = {}
    for operation in operations:
        for response in operation.responses:
            for content in response.contents:
                union = union_of(content.type, api.definitions)
                if not isinstance(union, ir.Union) or not isinstance(union.told_apart, ir.ByTag):
                    continue
                if union.told_apart.property != tag:
                    continue
                for option, tags in zip(union.options, union.told_apart.tags, strict=True):
                    record = record_of(option, api.definitions)
                    if record is not None:
                        for value in tags:
                            found.setdefault(value, {})[record.id] = record
    return {value: tuple(records.values()) for value, records in found.items()}


def matrices(api: ir.Api, family: Family) -> Iterator[Matrix]:
    """Yield a matrix for each parameter that some variant narrows to a few values."""
    parameters = {
        parameter.wire_name: parameter
        for operation in family.operations
        for parameter in operation.parameters
    }
    types = [narrowed_types(variant.record) for variant in family.variants]
    for name, parameter in parameters.items():
        narrowed = [
            constants(of_variant[name], api.definitions, besides_null=True)
            if name in of_variant
            else ()
            for of_variant in types
        ]
        if not any(narrowed):
            continue
        values = dict.fromkeys(constants(parameter.type, api.definitions, besides_null=True))
        values |= dict.fromkeys(value for of_variant in narrowed for value in of_variant)
        yield Matrix(
            parameter=parameter,
            values=tuple(values),
            allowed=tuple(frozenset(of_variant or values) for of_variant in narrowed),
        )
