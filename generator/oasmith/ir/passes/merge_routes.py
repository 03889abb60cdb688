"""One operation for what a document spells as several, one for each of its paths.

OpenAPI has no optional path parameter, so `GET /things` and `GET /things/{id}` are two operations
even where they are one to their authors, who then write `get`, `get-1`, `get-2`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias, assert_never

from oasmith.diagnostics import Diagnostics, working_on
from oasmith.ir.equality import equal
from oasmith.ir.types import (
    Api,
    Body,
    Callback,
    Content,
    Default,
    Definition,
    Incoming,
    Operation,
    Optional,
    Parameter,
    Required,
    Response,
    SchemaId,
    Webhook,
)
from oasmith.ir.walk import reachable, uses_in_definition, uses_in_operation
from oasmith.runtime.semantics.styles import Place
from oasmith.text import Text

_NUMBERED = re.compile(r"(?P<stem>.+)-\d+")
_PARAMETER = re.compile(r"\{[^{}]*\}")


_Key: TypeAlias = tuple[str, tuple[str, ...]]


def _key(operation: Operation) -> _Key:
    """Return what no two operations share."""
    return operation.method, tuple(route.path for route in operation.routes)


def merge_routes(api: Api, _diagnostics: Diagnostics) -> Api:
    """Merge operations whose ids differ in a trailing `-N` alone and which are the same thing.

    They are when method, body, responses, authentication and the types of shared parameters are
    equal, each path has a set of parameters of its own (so that the given arguments choose the
    path), and the fixed parts of the shortest path come in the others in the same order.
    A parameter that not every route takes becomes `Optional`.
    """
    same = _Sameness(api)
    families: dict[tuple[str, str], list[Operation]] = {}
    for operation in api.operations:
        numbered = _NUMBERED.fullmatch(operation.id)
        stem = numbered["stem"] if numbered else operation.id
        families.setdefault((stem, operation.method), []).append(operation)
    ids = Counter(operation.id for operation in api.operations)
    merged: dict[_Key, Operation] = {}
    dropped: list[Operation] = []
    renamed: dict[str, str] = {}
    for (stem, _), family in families.items():
        for group in same.groups(family):
            if len(group) == 1:
                continue
            plain = any(operation.id == stem for operation in group)
            name = stem if plain or not ids[stem] else group[0].id
            first = next((o for o in group if o.id == name), group[0])
            with working_on(first.at):
                merged[_key(first)] = _merge(replace(first, id=name), group)
            dropped += (operation for operation in group if operation is not first)
            renamed |= {operation.id: name for operation in group}
    if not merged:
        return api
    gone = set(map(_key, dropped))
    operations = tuple(
        merged.get(_key(operation), operation)
        for operation in api.operations
        if _key(operation) not in gone
    )
    return replace(
        api,
        operations=operations,
        incoming=tuple(_declared_by(each, renamed) for each in api.incoming),
        definitions=_without_orphans(api, dropped, operations),
    )


def _declared_by(incoming: Incoming, renamed: Mapping[str, str]) -> Incoming:
    match incoming:
        case Webhook():
            return incoming
        case Callback():
            of = dict.fromkeys(renamed.get(id_, id_) for id_ in incoming.of)
            return replace(incoming, of=tuple(of))
        case _:
            assert_never(incoming)


class _Sameness:
    """Equality of what two operations say, wherever they say it."""

    def __init__(self, api: Api) -> None:
        self.definitions = api.definitions
        self.assumed: set[frozenset[SchemaId]] = set()

    def groups(self, family: list[Operation]) -> list[list[Operation]]:
        """Return the family cut into groups that are one operation each."""
        groups: list[list[Operation]] = []
        for operation in family:
            for group in groups:
                if all(self.mergeable(operation, other) for other in group):
                    group.append(operation)
                    break
            else:
                groups.append([operation])
        return groups

    def mergeable(self, one: Operation, other: Operation) -> bool:
        shared = {(p.place, p.wire_name): p for p in one.parameters}
        return (
            set(one.routes[0].parameters) != set(other.routes[0].parameters)
            and _in_line(one.routes[0].path, other.routes[0].path)
            and one.doc.deprecated == other.doc.deprecated
            and one.auth == other.auth
            and one.tags == other.tags
            and self.equal(_bare_body(one.body), _bare_body(other.body))
            and self.equal(_bare(one.responses), _bare(other.responses))
            and self.equal(_bare(one.errors), _bare(other.errors))
            and all(
                self.equal(replace(p, presence=Optional()), replace(match, presence=Optional()))
                for p in other.parameters
                if (match := shared.get((p.place, p.wire_name))) is not None
            )
        )

    def equal(self, one: object, other: object) -> bool:
        return equal(one, other, self.equal_definitions)

    def equal_definitions(self, one: SchemaId, other: SchemaId) -> bool:
        """Compare by name; definitions that lie inside operations by what they say."""
        if one == other:
            return True
        pair = frozenset((one, other))
        if pair in self.assumed:
            return True
        first, second = self.definitions.get(one), self.definitions.get(other)
        if first is None or second is None or not (_inline(first) and _inline(second)):
            return False
        self.assumed.add(pair)
        if self.equal(first, second):
            return True
        self.assumed.discard(pair)
        return False


def _bare(responses: tuple[Response, ...]) -> tuple[Response, ...]:
    return tuple(sorted(responses, key=lambda response: response.status))


def _bare_body(body: Body | None) -> Body | None:
    return None if body is None else replace(body, required=True)


def _inline(definition: Definition) -> bool:
    return definition.at.pointer[:1] == ("paths",)


def _in_line(one: str, other: str) -> bool:
    """Say whether the fixed segments of one path come in the other in the same order."""
    short, long = sorted((_fixed(one), _fixed(other)), key=len)
    rest = iter(long)
    return all(segment in rest for segment in short)


def _fixed(path: str) -> list[str]:
    return [part for part in path.split("/") if part and not _PARAMETER.fullmatch(part)]


def _merge(first: Operation, group: list[Operation]) -> Operation:
    routes = sorted(
        (route for operation in group for route in operation.routes),
        key=lambda route: (len(route.parameters), len(route.path), route.path),
    )
    return replace(
        first,
        routes=tuple(routes),
        availability=Text.joined(
            "; ", dict.fromkeys(o.availability for o in group if o.availability)
        )
        or None,
        parameters=_merge_parameters(group),
        body=_merge_body(first.body, group),
        responses=_merge_responses(first.responses, [o.responses for o in group]),
        errors=_merge_responses(first.errors, [o.errors for o in group]),
    )


def _merge_parameters(group: list[Operation]) -> tuple[Parameter, ...]:
    """Path parameters in the order of the longest path, then the others as they come."""
    longest = max(group, key=lambda operation: len(operation.routes[0].parameters))
    kept: dict[tuple[Place, str], list[Parameter]] = {}
    for operation in (longest, *(o for o in group if o is not longest)):
        for parameter in operation.parameters:
            kept.setdefault((parameter.place, parameter.wire_name), []).append(parameter)
    merged = [
        _merge_presence(found, everywhere=len(found) == len(group)) for found in kept.values()
    ]
    return tuple(sorted(merged, key=lambda p: p.place != "path"))


def _merge_presence(found: list[Parameter], *, everywhere: bool) -> Parameter:
    first = found[0]
    if everywhere and all(isinstance(p.presence, Required) for p in found):
        return first
    defaults = [p.presence for p in found if isinstance(p.presence, Default)]
    if defaults and everywhere and len(defaults) == len(found):
        return first
    return replace(first, presence=Optional())


def _merge_body(body: Body | None, group: list[Operation]) -> Body | None:
    if body is None:
        return None
    bodies = [operation.body for operation in group if operation.body is not None]
    return replace(
        body,
        required=all(other.required for other in bodies),
        contents=_merge_contents(body.contents, [other.contents for other in bodies]),
    )


def _merge_responses(
    responses: tuple[Response, ...], all_: list[tuple[Response, ...]]
) -> tuple[Response, ...]:
    return tuple(
        replace(
            response,
            contents=_merge_contents(
                response.contents,
                [o.contents for other in all_ for o in other if o.status == response.status],
            ),
        )
        for response in responses
    )


def _merge_contents(
    contents: tuple[Content, ...], all_: Iterable[tuple[Content, ...]]
) -> tuple[Content, ...]:
    """Return the contents with the examples of all, each value once."""
    others = [content for other in all_ for content in other]
    merged = []
    for content in contents:
        examples = list(content.examples)
        for other in others:
            if other.media_type == content.media_type:
                examples += (
                    example
                    for example in other.examples
                    if all(example.value != known.value for known in examples)
                )
        merged.append(replace(content, examples=tuple(examples)))
    return tuple(merged)


def _without_orphans(
    api: Api, dropped: list[Operation], operations: Iterable[Operation]
) -> dict[SchemaId, Definition]:
    """Return the definitions without those that only the dropped operations had inside them."""
    suspects = {id_ for id_ in _reach(api, dropped) if _inline(api.definitions[id_])}
    if not suspects:
        return dict(api.definitions)
    everything = [*operations, *(each.operation for each in api.incoming)]
    kept = _reach(api, everything) | reachable(
        api.definitions,
        (
            use
            for id_, definition in api.definitions.items()
            if id_ not in suspects
            for use in uses_in_definition(definition)
        ),
    )
    orphans = suspects - kept
    return {id_: d for id_, d in api.definitions.items() if id_ not in orphans}


def _reach(api: Api, operations: Iterable[Operation]) -> set[SchemaId]:
    return reachable(
        api.definitions, (use for operation in operations for use in uses_in_operation(operation))
    )
