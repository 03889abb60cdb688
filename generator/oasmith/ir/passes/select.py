"""Keep a part of an API: the wanted operations and what they refer to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from oasmith.ir.types import Api, Operation
from oasmith.ir.walk import reachable, uses_in_operation

KINDS = ("path", "tag", "id", "ext")


@dataclass(frozen=True, slots=True)
class Selector:
    """One `KIND:GLOB`. `ext:x-name` asks for an extension, `ext:x-name=GLOB` for its value."""

    kind: str
    pattern: str

    def matches(self, operation: Operation) -> bool:
        """Say whether the operation is meant."""
        match self.kind:
            case "path":
                return any(fnmatchcase(route.path, self.pattern) for route in operation.routes)
            case "tag":
                return any(fnmatchcase(tag, self.pattern) for tag in operation.tags)
            case "id":
                return fnmatchcase(operation.id, self.pattern)
            case _:
                name, equals, wanted = self.pattern.partition("=")
                if name not in operation.extensions:
                    return False
                value = operation.extensions[name]
                text = value if isinstance(value, str) else json.dumps(value)
                return not equals or fnmatchcase(text, wanted)


def parse_selector(text: str) -> Selector:
    """Return the selector that `text` spells.

    Raises `ValueError`, with a sentence for people, when it spells none.
    """
    kind, colon, pattern = text.partition(":")
    if not colon or kind not in KINDS or not pattern:
        kinds = ", ".join(f"{kind}:" for kind in KINDS)
        raise ValueError(f"{text!r} is not a selector: begin with one of {kinds}, then a pattern")
    return Selector(kind, pattern)


def select(api: Api, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Api:
    """Keep the operations that match some of `include` (empty: all) and none of `exclude`, the
    definitions they reach, and their tags. Without any selector the API stays as it is.

    Raises `ValueError` as `parse_selector` does.
    """
    if not include and not exclude:
        return api
    wanted = [parse_selector(text) for text in include]
    unwanted = [parse_selector(text) for text in exclude]
    operations = tuple(
        operation
        for operation in api.operations
        if (not wanted or any(selector.matches(operation) for selector in wanted))
        and not any(selector.matches(operation) for selector in unwanted)
    )
    kept = reachable(
        api.definitions,
        (use for operation in operations for use in uses_in_operation(operation)),
    )
    tags = {tag for operation in operations for tag in operation.tags}
    return replace(
        api,
        operations=operations,
        definitions={id_: d for id_, d in api.definitions.items() if id_ in kept},
        usage={id_: u for id_, u in api.usage.items() if id_ in kept},
        tags=tuple(tag for tag in api.tags if tag.name in tags),
    )


def unmatched(api: Api, selectors: Sequence[str]) -> tuple[str, ...]:
    """Return the selectors that match no operation: most likely they are misspelt."""
    return tuple(
        text
        for text in selectors
        if not any(parse_selector(text).matches(operation) for operation in api.operations)
    )
