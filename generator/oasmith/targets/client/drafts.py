"""Which methods an operation becomes, before they have types.

Most operations become one method. There is one more for a stream beside a plain answer, one for
each further media type of the body or of the answer that holds something else, and, where the
configuration splits the operation, one for each variant of the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import Definitions, record_of, union_of
from oasmith.runtime.semantics.media_types import is_json, is_text
from oasmith.targets.python.media_types import received, sent, suffix
from oasmith.targets.python.naming import snake_case
from oasmith.targets.python.narrowings import narrowed_types
from oasmith.targets.python.signatures import is_flattened


@frozen
class Draft:
    """One method. `content` is what it sends, `flattened` the record that it takes apart."""

    name: str
    operation: ir.Operation
    content: ir.Content | None
    responses: tuple[ir.Response, ...]
    is_stream: bool = False
    variant: ir.Record | None = None
    """The option of a union that the method is for."""
    flattened: ir.Record | None = None

    def narrowed(self) -> Mapping[str, ir.Use]:
        """Return the types to which the body narrows parameters, by wire name."""
        record = self.variant or self.flattened
        return narrowed_types(record) if record else {}


def drafts(
    operation: ir.Operation, name: str, definitions: Definitions, *, split: bool
) -> Iterator[Draft]:
    """Yield the methods of an operation, the main one first."""
    successes = operation.responses or tuple(
        response for response in operation.errors if response.status == "default"
    )
    if operation.method == "HEAD":  # its answers never have a body (RFC 9110, section 9.3.2)
        successes = tuple(replace(response, contents=()) for response in successes)
    plain = tuple(_first(response) for response in successes)
    streams = tuple(
        replace(response, contents=found)
        for response in successes
        if (found := tuple(c for c in response.contents if c.stream is not None))
    )
    is_stream = bool(streams) and not any(response.contents for response in plain)
    contents = _contents(operation.body)
    main = Draft(
        name=name,
        operation=operation,
        content=contents[0] if contents else None,
        responses=streams if is_stream else plain,
        is_stream=is_stream,
    )
    main = replace(main, flattened=_flattened(main.content, definitions))
    yield main
    for content in contents[1:]:
        yield replace(
            main,
            name=f"{name.rstrip('_')}_{suffix(content.media_type)}",
            content=content,
            flattened=_flattened(content, definitions),
        )
    for word, responses in _others(successes).items():
        yield replace(
            main, name=f"{name.rstrip('_')}_as_{word}", responses=responses, is_stream=False
        )
    if streams and not is_stream:
        yield replace(main, name=f"stream_{name.rstrip('_')}", responses=streams, is_stream=True)
    if split:
        yield from _split(main, definitions)


def variants(
    use: ir.Use, definitions: Definitions
) -> list[tuple[ir.Ref, ir.Record, tuple[str, ...]]]:
    """Return the options of a union, if all are records; with the tags that select each."""
    union = union_of(use, definitions)
    if union is None:
        return []
    found = []
    for index, option in enumerate(union.options):
        record = record_of(option, definitions)
        if not isinstance(option, ir.Ref) or record is None:
            return []
        tags = union.told_apart.tags[index] if isinstance(union.told_apart, ir.ByTag) else ()
        found.append((option, record, tags))
    return found


def for_variant(draft: Draft, option: ir.Ref, record: ir.Record, definitions: Definitions) -> Draft:
    """Return the method for bodies of one option of a union: its answer is narrowed as well."""
    assert draft.content is not None, "only a body has options"
    union = union_of(draft.content.type, definitions)
    assert union is not None, "only a union has options"
    responses = draft.responses
    if isinstance(union.told_apart, ir.ByTag):
        tags = union.told_apart.tags[union.options.index(option)]
        responses = tuple(
            _narrow(response, union.told_apart.property, tags, definitions)
            for response in responses
        )
    return replace(
        draft,
        content=replace(draft.content, type=option),
        responses=responses,
        variant=record,
    )


def _split(draft: Draft, definitions: Definitions) -> Iterator[Draft]:
    if draft.content is None:
        return
    for option, record, tags in variants(draft.content.type, definitions):
        if not tags:
            continue
        one = for_variant(draft, option, record, definitions)
        yield replace(
            one,
            name=f"{draft.name.rstrip('_')}_{snake_case(tags[0]).rstrip('_')}",
            flattened=_flattened(one.content, definitions),
        )


def _narrow(
    response: ir.Response, tag: str, tags: tuple[str, ...], definitions: Definitions
) -> ir.Response:
    """Replace a union of the same tag by its option of the same value."""
    contents = []
    for content in response.contents:
        union = union_of(content.type, definitions)
        if (
            union is not None
            and isinstance(union.told_apart, ir.ByTag)
            and union.told_apart.property == tag
        ):
            for option, found in zip(union.options, union.told_apart.tags, strict=True):
                if set(tags) & set(found):
                    content = replace(content, type=option)
        contents.append(content)
    return replace(response, contents=tuple(contents))


def _groups(response: ir.Response) -> list[list[ir.Content]]:
    """Return the contents that are no stream, those together that are read alike: JSON first, then
    as documented. What JSON says as well in other words, such as XML, is left out.
    """
    groups: list[list[ir.Content]] = []
    plain = [content for content in response.contents if content.stream is None]
    for content in sorted(plain, key=lambda c: not is_json(c.media_type)):
        for group in groups:
            if _reading(content) == _reading(group[0]):
                group.append(content)
                break
        else:
            if not any(_same(content.type, group[0].type) for group in groups):
                groups.append([content])
    return groups


def _reading(content: ir.Content) -> object:
    """Return what is equal for contents that are read alike."""
    use = received(content)
    if use is None:
        return None
    match use:
        case ir.Ref(target=target):
            return is_text(content.media_type), target
        case ir.Scalar(kind=kind):
            return is_text(content.media_type), kind
        case _:
            return is_text(content.media_type), use


def _first(response: ir.Response) -> ir.Response:
    groups = _groups(response)
    return replace(response, contents=tuple(groups[0]) if groups else ())


def _others(successes: Iterable[ir.Response]) -> dict[str, tuple[ir.Response, ...]]:
    """Return, by word, the answers in media types besides the first of each."""
    found: dict[str, dict[str, ir.Response]] = {}
    for response in successes:
        for group in _groups(response)[1:]:
            word = suffix(group[0].media_type)
            found.setdefault(word, {})[response.status] = replace(response, contents=tuple(group))
    return {
        word: tuple(
            own[response.status] if response.status in own else _first(response)
            for response in successes
        )
        for word, own in found.items()
    }


def _contents(body: ir.Body | None) -> list[ir.Content]:
    """Return the contents that hold different things: JSON first, then as documented."""
    found: list[ir.Content] = []
    for content in sorted(body.contents if body else (), key=lambda c: not is_json(c.media_type)):
        if not any(_same(content.type, other.type) for other in found):
            found.append(content)
    return list(map(sent, found))


def _same(one: ir.Use, other: ir.Use) -> bool:
    match one, other:
        case ir.Ref(target=target), ir.Ref(target=target_of_other):
            return target == target_of_other
        case ir.Scalar(kind=kind), ir.Scalar(kind=kind_of_other):
            return kind is kind_of_other
        case _:
            return one == other


def _flattened(content: ir.Content | None, definitions: Definitions) -> ir.Record | None:
    if content is None or content.stream is not None:
        return None
    record = record_of(content.type, definitions)
    return record if record is not None and is_flattened(record) else None
