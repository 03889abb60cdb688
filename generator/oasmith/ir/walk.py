"""Going through the intermediate model: what a node refers to, and nodes made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import is_
from typing import TypeVar, assert_never

from oasmith.ir.types import (
    Alias,
    Allowed,
    AnyOf,
    Anything,
    Api,
    Body,
    Content,
    Definition,
    Enum,
    Extra,
    Field,
    Forbidden,
    Header,
    Incoming,
    ListOf,
    Literal,
    MapOf,
    Nothing,
    Nullable,
    Operation,
    Parameter,
    Record,
    Ref,
    Response,
    Rule,
    Scalar,
    SchemaId,
    Stream,
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
    """Return the use with `change` applied to each of its parts, innermost first, then to it.

    Whatever does not change is returned as it is, here and below.
    """
    match use:
        case Ref() | Literal() | Anything() | Nothing() | Scalar(holds=None):
            pass
        case Scalar(holds=holds):
            if holds is not None and (said := rewrite(holds, change)) is not holds:
                use = replace(use, holds=said)
        case ListOf():
            if (item := rewrite(use.item, change)) is not use.item:
                use = replace(use, item=item)
        case TupleOf():
            items = _rewrite_all(use.items, change)
            rest = use.rest if use.rest is None else rewrite(use.rest, change)
            if items is not use.items or rest is not use.rest:
                use = replace(use, items=items, rest=rest)
        case MapOf():
            if (value := rewrite(use.value, change)) is not use.value:
                use = replace(use, value=value)
        case Nullable():
            if (of := rewrite(use.of, change)) is not use.of:
                use = replace(use, of=of)
        case AnyOf():
            if (options := _rewrite_all(use.options, change)) is not use.options:
                use = replace(use, options=options)
        case _:
            assert_never(use)
    return change(use)


def _rewrite_all(uses: tuple[Use, ...], change: Change) -> tuple[Use, ...]:
    return _each(uses, lambda use: rewrite(use, change))


_Node = TypeVar("_Node")


def _each(nodes: tuple[_Node, ...], change: Callable[[_Node], _Node]) -> tuple[_Node, ...]:
    """Return the nodes changed, the same tuple if none is."""
    changed = tuple([change(node) for node in nodes])
    return nodes if all(map(is_, changed, nodes)) else changed


def _rewrite_extra(extra: Extra, change: Change) -> Extra:
    match extra:
        case Allowed():
            type_ = rewrite(extra.type, change)
            return extra if type_ is extra.type else replace(extra, type=type_)
        case Unstated() | Forbidden():
            return extra
        case _:
            assert_never(extra)


_Typed = TypeVar("_Typed", Field, Parameter, Header)


def _rewrite_typed(node: _Typed, change: Change) -> _Typed:
    type_ = rewrite(node.type, change)
    return node if type_ is node.type else replace(node, type=type_)


def _rewrite_rules(rules: tuple[Rule, ...], change: Change) -> tuple[Rule, ...]:
    if all(rewrite(use, change) is use for use in uses_in_rules(rules)):
        return rules
    names = SameNames()
    return tuple(
        translated(rule, lambda use: rewrite(use, change), lambda said: said, names)
        for rule in rules
    )


def rewrite_definition(definition: Definition, change: Change) -> Definition:
    """Return the definition with its uses changed, the same one if none is."""
    match definition:
        case Record():
            fields = _each(definition.fields, lambda field: _rewrite_typed(field, change))
            extra = _rewrite_extra(definition.extra, change)
            rules = _rewrite_rules(definition.rules, change)
            if (
                fields is definition.fields
                and extra is definition.extra
                and rules is definition.rules
            ):
                return definition
            return replace(definition, fields=fields, extra=extra, rules=rules)
        case Union():
            options = _rewrite_all(definition.options, change)
            return (
                definition
                if options is definition.options
                else replace(definition, options=options)
            )
        case Alias():
            type_ = rewrite(definition.type, change)
            return definition if type_ is definition.type else replace(definition, type=type_)
        case Enum():
            return definition
        case _:
            assert_never(definition)


def rewrite_operations(api: Api, change: Change) -> Api:
    """Return the API with the uses in its operations changed, those that it receives too."""
    return replace(
        api,
        operations=_each(api.operations, lambda each: _rewrite_operation(each, change)),
        incoming=_each(api.incoming, lambda each: _rewrite_incoming(each, change)),
    )


def _rewrite_incoming(incoming: Incoming, change: Change) -> Incoming:
    operation = _rewrite_operation(incoming.operation, change)
    return incoming if operation is incoming.operation else replace(incoming, operation=operation)


def _rewrite_operation(operation: Operation, change: Change) -> Operation:
    def response(node: Response) -> Response:
        return _rewrite_response(node, change)

    parameters = _each(operation.parameters, lambda each: _rewrite_typed(each, change))
    body = None if operation.body is None else _rewrite_body(operation.body, change)
    responses = _each(operation.responses, response)
    errors = _each(operation.errors, response)
    if (
        parameters is operation.parameters
        and body is operation.body
        and responses is operation.responses
        and errors is operation.errors
    ):
        return operation
    return replace(operation, parameters=parameters, body=body, responses=responses, errors=errors)


def _rewrite_body(body: Body, change: Change) -> Body:
    contents = _each(body.contents, lambda each: _rewrite_content(each, change))
    return body if contents is body.contents else replace(body, contents=contents)


def _rewrite_response(response: Response, change: Change) -> Response:
    contents = _each(response.contents, lambda each: _rewrite_content(each, change))
    headers = _each(response.headers, lambda each: _rewrite_typed(each, change))
    if contents is response.contents and headers is response.headers:
        return response
    return replace(response, contents=contents, headers=headers)


def _rewrite_content(content: Content, change: Change) -> Content:
    type_ = rewrite(content.type, change)
    stream = None if content.stream is None else _rewrite_stream(content.stream, change)
    if type_ is content.type and stream is content.stream:
        return content
    return replace(content, type=type_, stream=stream)


def _rewrite_stream(stream: Stream, change: Change) -> Stream:
    item = rewrite(stream.item, change)
    error = stream.error
    if error is not None and error.type is not None:
        type_ = rewrite(error.type, change)
        error = error if type_ is error.type else replace(error, type=type_)
    if item is stream.item and error is stream.error:
        return stream
    return replace(stream, item=item, error=error)
