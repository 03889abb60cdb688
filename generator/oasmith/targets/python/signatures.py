"""What a method takes: which arguments, in which order, under which names.

Path parameters that every route asks for may be given by position, in the order of the path.
Everything else is given by keyword, the required ones first. A body that is a record is taken
apart: its fields are arguments. Any other body is one argument.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import only_value
from oasmith.runtime.semantics.styles import Place
from oasmith.targets.python.faces import Layout
from oasmith.targets.python.naming import distinct, parameter_name

BODY = "body"
"""What the argument is called that holds a whole body."""


@frozen
class ParameterArgument:
    """A parameter. `type` is the parameter's own, or what the body of the method narrows it to."""

    name: str
    parameter: ir.Parameter
    type: ir.Use

    @property
    def required(self) -> bool:
        return isinstance(self.parameter.presence, ir.Required)


@frozen
class MemberArgument:
    """A field of a body that was taken apart."""

    name: str
    field: ir.Field
    body_required: bool

    @property
    def required(self) -> bool:
        return self.body_required and isinstance(self.field.presence, ir.Required)


@frozen
class BodyArgument:
    """A whole body."""

    name: str
    body: ir.Body
    type: ir.Use

    @property
    def required(self) -> bool:
        return self.body.required


Argument: TypeAlias = "ParameterArgument | MemberArgument | BodyArgument"


@frozen
class Signature:
    """The arguments of one method. `constants` are the fields of the body with only one value."""

    positional: tuple[ParameterArgument, ...]
    keywords: tuple[Argument, ...]
    constants: tuple[tuple[str, ir.LiteralValue], ...] = ()

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*self.positional, *self.keywords)

    @property
    def parameters(self) -> tuple[ParameterArgument, ...]:
        """In the document's order of the path, then as they stand in the signature."""
        return tuple(a for a in self.arguments if isinstance(a, ParameterArgument))

    @property
    def members(self) -> tuple[MemberArgument, ...]:
        return tuple(a for a in self.keywords if isinstance(a, MemberArgument))

    @property
    def body(self) -> BodyArgument | None:
        return next((a for a in self.keywords if isinstance(a, BodyArgument)), None)


def is_flattened(record: ir.Record) -> bool:
    """Say whether the fields of a body can be arguments: there are some, and no others besides."""
    writable = any(field.access is not ir.Access.READ for field in record.fields)
    return writable and not isinstance(record.extra, ir.Allowed)


def signature(
    operation: ir.Operation,
    content: ir.Content | None,
    flattened: ir.Record | None,
    narrowed: Mapping[str, ir.Use],
    layout: Layout,
) -> Signature:
    """Lay out the arguments of a method.

    `content` is what the method sends, `flattened` the record that it is, where it is taken apart;
    `narrowed` are the types to which it narrows parameters, by wire name.
    """
    names = _parameter_names(operation.parameters)
    parameters = [
        ParameterArgument(
            name=name,
            parameter=parameter,
            type=narrowed.get(parameter.wire_name, parameter.type),
        )
        for parameter, name in zip(operation.parameters, names, strict=True)
    ]
    positional = _positional(operation, parameters)
    keywords: list[Argument] = [p for p in parameters if p not in positional]
    constants: list[tuple[str, ir.LiteralValue]] = []
    body = operation.body
    if body is not None and content is not None and flattened is None:
        name = BODY
        while name in names:
            name = f"request_{name}"
        keywords.append(BodyArgument(name=name, body=body, type=content.type))
    elif body is not None and flattened is not None:
        own = layout.fields[flattened.id]
        taken = {*names, *own.values()}
        for field in flattened.fields:
            if field.access is ir.Access.READ:
                continue
            if only := only_value(field, layout.definitions):
                constants.append((field.wire_name, only[0]))
                continue
            name = own[field.wire_name]
            if name in names:
                name = _free(name, BODY, taken)
            keywords.append(MemberArgument(name=name, field=field, body_required=body.required))
    signature = Signature(
        positional=positional,
        keywords=tuple(sorted(keywords, key=_rank)),
        constants=tuple(constants),
    )
    given = [argument.name for argument in signature.arguments]
    # The formatter, which parses the output, would let two arguments of one name pass.
    assert len(set(given)) == len(given), f"{operation.id}: arguments {given}"
    return signature


def _positional(
    operation: ir.Operation, parameters: Sequence[ParameterArgument]
) -> tuple[ParameterArgument, ...]:
    by_name = {
        p.parameter.wire_name: p for p in parameters if p.parameter.place == "path" and p.required
    }
    return tuple(by_name[name] for name in longest_route(operation).parameters if name in by_name)


def longest_route(operation: ir.Operation) -> ir.Route:
    """Return the route of an operation with most parameters, the first of several."""
    return max(operation.routes, key=lambda route: len(route.parameters))


def _rank(argument: Argument) -> tuple[bool, int]:
    """Required before optional; within each: what the path needs, the body, the rest."""
    match argument:
        case ParameterArgument(parameter=ir.Parameter(place="path")):
            place = 0
        case BodyArgument() | MemberArgument():
            place = 1
        case ParameterArgument():
            place = 2
    return (not argument.required, place)


def _parameter_names(parameters: Sequence[ir.Parameter]) -> list[str]:
    """Name the parameters; where two are the same, all but that of the path say their place."""
    by_place: defaultdict[Place, list[str]] = defaultdict(list)
    for parameter in parameters:
        by_place[parameter.place].append(parameter.wire_name)
    wanted = {
        (place, text): name
        for place, texts in by_place.items()
        for text, name in distinct(texts, partial(_wanted, place)).names.items()
    }
    counts = Counter(wanted.values())
    taken = set(counts)
    names = []
    for parameter in parameters:
        name = wanted[parameter.place, parameter.wire_name]
        if counts[name] > 1 and parameter.place != "path":
            name = _free(name, parameter.place, taken)
        names.append(name)
    return names


def _free(name: str, suffix: str, taken: set[str]) -> str:
    """Return the name with the suffix, as often as it takes until nobody has it, and take it."""
    name = name.rstrip("_")
    while (name := f"{name}_{suffix}") in taken:
        pass
    taken.add(name)
    return name


def _wanted(place: Place, wire_name: str) -> str:
    # Names of headers are the same in any case (RFC 9110, section 5.1).
    return parameter_name(wire_name.lower() if place == "header" else wire_name)
