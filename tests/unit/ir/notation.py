"""The intermediate model in few characters, so that a test shows all of it.

Places and words are left out; everything else is there.
"""

from __future__ import annotations

from dataclasses import fields
from typing import assert_never

from oasmith.ir.types import (
    Access,
    Alias,
    Allowed,
    AnyOf,
    Anything,
    ByJsonType,
    ByRequiredKeys,
    ByTag,
    ByTrial,
    Content,
    Default,
    Definition,
    Discrimination,
    Enum,
    Field,
    Forbidden,
    ListOf,
    Literal,
    MapOf,
    Nothing,
    Nullable,
    NumberBounds,
    Operation,
    Optional,
    Parameter,
    Presence,
    Record,
    Ref,
    Required,
    Rule,
    Scalar,
    SizeBounds,
    Stream,
    TextBounds,
    TupleOf,
    Union,
    Unresolved,
    Unstated,
    Use,
)
from oasmith.runtime.semantics.rules import (
    AtMost,
    Condition,
    Excludes,
    Given,
    Has,
    HasSize,
    Inside,
    Is,
    Narrows,
    Not,
    ParameterNarrowing,
    RequiresAll,
    RequiresOneOf,
    RequiresWith,
    When,
)


def use(node: Use) -> str:
    """Write a use: `list[@Pet]`, `string?`, `integer{minimum=1}`."""
    match node:
        case Scalar():
            format_ = f"<{node.format}>" if node.format else ""
            holds = f"({use(node.holds)})" if node.holds is not None else ""
            return node.kind.name + format_ + bounds(node.bounds) + holds
        case Literal():
            return "|".join(map(repr, node.values))
        case ListOf():
            unique = "unique " if node.unique else ""
            return f"{unique}list[{use(node.item)}]{bounds(node.size)}"
        case TupleOf():
            rest = "" if node.rest is None else f", *{use(node.rest)}"
            return f"tuple[{', '.join(map(use, node.items))}{rest}]{bounds(node.size)}"
        case MapOf():
            return f"map[{_keys(node.keys)}{use(node.value)}]{bounds(node.size)}"
        case Ref():
            return f"@{node.target}"
        case Nullable():
            return f"{use(node.of)}?"
        case AnyOf():
            return f"({' | '.join(map(use, node.options))}; {told_apart(node.told_apart)})"
        case Anything():
            return "anything" + (f" because {node.why}" if node.why else "")
        case Nothing():
            return "nothing"
        case _:
            assert_never(node)


def bounds(node: NumberBounds | TextBounds | SizeBounds | None) -> str:
    """Write bounds: `{minimum=1, maximum=2}`; nothing for none."""
    if node is None:
        return ""
    said = ((field.name, getattr(node, field.name), field.default) for field in fields(node))
    found = [
        f"{name}={' '.join(value) if isinstance(value, tuple) else value}"
        for name, value, default in said
        if value != default
    ]
    return "{" + ", ".join(found) + "}"


def told_apart(node: Discrimination | Unresolved) -> str:
    """Write how options are told apart: `by kind cat, dog`."""
    match node:
        case ByTag():
            by = "declared by" if node.declared else "by"
            return f"{by} {node.property} " + ", ".join("/".join(tags) for tags in node.tags)
        case ByRequiredKeys():
            return "by keys " + ", ".join(node.keys)
        case ByJsonType():
            return "by type"
        case ByTrial():
            return "by trial"
        case Unresolved():
            return "unresolved"
        case _:
            assert_never(node)


def presence(node: Presence) -> str:
    """Write `!` for required, `= value` for a default."""
    match node:
        case Required():
            return "!"
        case Optional():
            return ""
        case Default():
            return f" = {node.value!r}"
        case _:
            assert_never(node)


def field(node: Field) -> str:
    """Write a field: `name: string!`."""
    access = "" if node.access is Access.BOTH else f" ({node.access.value})"
    return f"{node.wire_name}: {use(node.type)}{presence(node.presence)}{access}"


def rule(node: Rule) -> str:
    """Write a rule: `a needs b`."""
    match node:
        case RequiresOneOf():
            few = "at least" if node.inclusive else "exactly"
            return f"{few} one of " + ", ".join("+".join(group) for group in node.groups)
        case RequiresAll():
            return "needs " + "+".join(node.fields)
        case RequiresWith():
            return f"{node.field} needs " + "+".join(node.needs)
        case Excludes():
            return "not " + "+".join(node.fields)
        case Narrows():
            return f"{node.field} in {use(node.type)}"
        case AtMost():
            return f"{node.field} <= {node.times} * {node.of}"
        case Inside():
            return f"{node.field}: [{'; '.join(map(rule, node.rules))}]"
        case ParameterNarrowing():
            return f"narrows {node.parameter}: {'nothing' if node.type is None else use(node.type)}"
        case HasSize():
            return f"size {node.minimum}..{node.maximum}"
        case When():
            conditions = " and ".join(map(condition, node.conditions))
            text = f"if {conditions} then [{'; '.join(map(rule, node.then))}]"
            if node.otherwise:
                text += f" else [{'; '.join(map(rule, node.otherwise))}]"
            return text
        case _:
            assert_never(node)


def condition(node: Condition) -> str:
    """Write a condition: `a is 1`."""
    match node:
        case Is():
            absent = " or absent" if node.or_absent else ""
            return f"{node.field} is {'|'.join(map(repr, node.values))}{absent}"
        case Given():
            return "given " + "+".join(node.fields)
        case Has():
            absent = " or absent" if node.or_absent else ""
            return f"{node.field} has ({' and '.join(map(condition, node.conditions))}){absent}"
        case Not():
            return f"not ({condition(node.condition)})"
        case _:
            assert_never(node)


def definition(node: Definition) -> str:
    """Write a definition on one line per field and rule."""
    match node:
        case Record():
            lines = [f"record{_extra(node)}"]
            lines += map(field, node.fields)
            lines += (f"rule: {rule(each)}" for each in node.rules)
            return "\n".join(lines)
        case Enum():
            return "enum " + "|".join(repr(member.value) for member in node.members)
        case Alias():
            return f"alias {use(node.type)}"
        case Union():
            null = " or null" if node.nullable else ""
            options = " | ".join(map(use, node.options))
            return f"union {options}{null}; {told_apart(node.told_apart)}"
        case _:
            assert_never(node)


def _keys(found: TextBounds | None) -> str:
    """Write what keys are bound to: `{max_length=2, patterns=^x}: `."""
    return f"{bounds(found)}: " if found is not None else ""


def _extra(node: Record) -> str:
    match node.extra:
        case Unstated():
            return ""
        case Forbidden():
            return " closed"
        case Allowed(type=type_, keys=keys):
            return f" and {_keys(keys)}{use(type_)}"
        case _:
            assert_never(node.extra)


def content(node: Content) -> str:
    """Write a content: `application/json @Pet`."""
    of = "" if node.stream is None else f" of {stream(node.stream)}"
    return f"{node.media_type} {use(node.type)}{of}"


def stream(node: Stream) -> str:
    """Write what comes bit by bit: `@Chunk until '[DONE]' or error: @Failure`."""
    text = use(node.item)
    if node.end is not None:
        text += f" until {node.end!r}"
    if node.error is not None:
        text += f" or {node.error.name}"
        if node.error.type is not None:
            text += f": {use(node.error.type)}"
    return text


def parameter(node: Parameter) -> str:
    """Write a parameter: `query limit: integer (form, exploded)`."""
    style = node.style + (", exploded" if node.explode else "")
    reserved = ", reserved" if node.allow_reserved else ""
    return (
        f"{node.place} {node.wire_name}: {use(node.type)}{presence(node.presence)}"
        f" ({style}{reserved})"
    )


def operation(node: Operation) -> str:
    """Write an operation on one line per part."""
    lines = [f"{node.id}: {node.method} " + " ".join(route.path for route in node.routes)]
    lines += map(parameter, node.parameters)
    if node.body is not None:
        mark = "!" if node.body.required else ""
        lines.append(f"body{mark}: " + ", ".join(map(content, node.body.contents)))
    lines += (
        f"{response.status}: " + ", ".join(map(content, response.contents))
        for response in node.responses
    )
    lines += (
        f"error {response.status}: " + ", ".join(map(content, response.contents))
        for response in node.errors
    )
    return "\n".join(lines)
