"""Going through the intermediate model: what a node refers to, and nodes made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from oasmith.ir.types import (
    Alias,
    Allowed,
    AnyOf,
    Anything,
    Content,
    Definition,
    Enum,
    Extra,
    Field,
    Forbidden,
    ListOf,
    Literal,
    MapOf,
    Nothing,
    Nullable,
    Operation,
    Record,
    Ref,
    Response,
    Rule,
    Scalar,
    SchemaId,
    TupleOf,
    Union,
    Unstated,
    Use,
)
from oasmith.runtime.semantics.rules import (
    Narrows,
    ParameterNarrowing,
    SameNames,
    deep_rules,
    translated,
)


def parts(use: Use) -> tuple[Use, ...]:
    """Return the uses a use is made of; none of a reference."""
    match use:
        case Ref() | Literal() | Anything() | Nothing() | Scalar(holds=None):
            return ()
        case Scalar(holds=holds):
            return () if holds is None else (holds,)
        case ListOf():
            return (use.item,)
        case TupleOf():
            return use.items if use.rest is None else (*use.items, use.rest)
        case MapOf():
            return (use.value,)
        case Nullable():
            return (use.of,)
        case AnyOf():
            return use.options
        case _:
            assert_never(use)


def deep(use: Use) -> Iterator[Use]:
    """Give the use and all it is made of, outermost first."""
    yield use
    for part in parts(use):
        yield from deep(part)


def uses_in_rules(rules: Iterable[Rule]) -> Iterator[Use]:
    """Give the uses that rules hold, of their conclusions too."""
    for rule in deep_rules(rules):
        if isinstance(rule, Narrows | ParameterNarrowing) and rule.type is not None:
            yield rule.type


def uses_in_definition(
    definition: Definition, fields: Callable[[Field], bool] = lambda _: True
) -> Iterator[Use]:
    """Give the outermost uses of a definition; of a record, those of the wanted fields."""
    match definition:
        case Record():
            for field in definition.fields:
                if fields(field):
                    yield field.type
            if isinstance(definition.extra, Allowed):
                yield definition.extra.type
            yield from uses_in_rules(definition.rules)
        case Union():
            yield from definition.options
        case Alias():
            yield definition.type
        case Enum():
            pass
        case _:
            assert_never(definition)


def uses_in_content(content: Content) -> Iterator[Use]:
    """Give the outermost uses of a body."""
    yield content.type
    if content.stream is not None:
        yield content.stream.item
        if content.stream.error is not None and content.stream.error.type is not None:
            yield content.stream.error.type


def uses_in_request(operation: Operation) -> Iterator[Use]:
    """Give the outermost uses of parameters and body."""
    for parameter in operation.parameters:
        yield parameter.type
    if operation.body is not None:
        for content in operation.body.contents:
            yield from uses_in_content(content)


def uses_in_responses(responses: Iterable[Response]) -> Iterator[Use]:
    """Give the outermost uses of the bodies and headers of responses."""
    for response in responses:
        for content in response.contents:
            yield from uses_in_content(content)
        for header in response.headers:
            yield header.type


def uses_in_operation(operation: Operation) -> Iterator[Use]:
    """Give the outermost uses of an operation, both sides."""
    yield from uses_in_request(operation)
    yield from uses_in_responses(operation.responses)
    yield from uses_in_responses(operation.errors)


def targets(uses: Iterable[Use]) -> Iterator[SchemaId]:
    """Give the definitions that uses refer to."""
    waiting = [*uses]
    waiting.reverse()
    while waiting:
        use = waiting.pop()
        if isinstance(use, Ref):
            yield use.target
        else:
            waiting += reversed(parts(use))


def reachable(
    definitions: Mapping[SchemaId, Definition],
    start: Iterable[Use],
    fields: Callable[[Field], bool] = lambda _: True,
) -> set[SchemaId]:
    """Return what the uses lead to, through the wanted fields of records."""
    seen: set[SchemaId] = set()
    waiting = list(targets(start))
    while waiting:
        target = waiting.pop()
        if target not in seen and target in definitions:
            seen.add(target)
            waiting += targets(uses_in_definition(definitions[target], fields))
    return seen


Change = Callable[[Use], Use]


def rewrite(use: Use, change: Change) -> Use:
    """Return the use with `change` applied to each of its parts, innermost first, then to it."""
    match use:
        case Ref() | Literal() | Anything() | Nothing():
            pass
        case Scalar():
            if use.holds is not None:
                use = replace(use, holds=rewrite(use.holds, change))
        case ListOf():
            if (item := rewrite(use.item, change)) is not use.item:
                use = replace(use, item=item)
        case TupleOf():
            rest = use.rest if use.rest is None else rewrite(use.rest, change)
            use = replace(use, items=tuple(rewrite(i, change) for i in use.items), rest=rest)
        case MapOf():
            if (value := rewrite(use.value, change)) is not use.value:
                use = replace(use, value=value)
        case Nullable():
            if (of := rewrite(use.of, change)) is not use.of:
                use = replace(use, of=of)
        case AnyOf():
            use = replace(use, options=tuple(rewrite(o, change) for o in use.options))
        case _:
            assert_never(use)
    return change(use)


def rewrite_extra(extra: Extra, change: Change) -> Extra:
    """Return what a record says of further members, with its use changed."""
    match extra:
        case Allowed():
            return replace(extra, type=rewrite(extra.type, change))
        case Unstated() | Forbidden():
            return extra
        case _:
            assert_never(extra)


def rewrite_definition(definition: Definition, change: Change) -> Definition:
    """Return the definition with its uses changed."""
    match definition:
        case Record():
            return replace(
                definition,
                fields=tuple(
                    field
                    if (type_ := rewrite(field.type, change)) is field.type
                    else replace(field, type=type_)
                    for field in definition.fields
                ),
                extra=rewrite_extra(definition.extra, change),
                rules=tuple(
                    translated(
                        rule, lambda use: rewrite(use, change), lambda said: said, SameNames()
                    )
                    for rule in definition.rules
                ),
            )
        case Union():
            options = tuple(rewrite(option, change) for option in definition.options)
            return replace(definition, options=options)
        case Alias():
            return replace(definition, type=rewrite(definition.type, change))
        case Enum():
            return definition
        case _:
            assert_never(definition)
