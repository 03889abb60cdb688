"""Methods that go through all pages of a list: which operations have them, and how pages follow.

The settings say how, or the document in the extensions `x-speakeasy-pagination` and
`x-fern-pagination`. What the settings of one operation name must be there; those for all concern
the operations that have what they name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from oasmith.config import Config, PaginationSettings
from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import record_of, without_null
from oasmith.targets.client.drafts import Draft
from oasmith.targets.python.code import Code, fill, identifier, joined, literal
from oasmith.targets.python.faces import Layout
from oasmith.targets.python.imports import Name
from oasmith.targets.python.media_types import received
from oasmith.targets.python.signatures import (
    BodyArgument,
    MemberArgument,
    ParameterArgument,
    Signature,
)

_PAGES = Name("._runtime.pages", "Pages")


@frozen
class PagesPlan:
    """What a method through all pages needs."""

    item: ir.Use
    arguments: tuple[tuple[str, object], ...]

    def code(self, bind: Callable[[Name], Code]) -> Code:
        """Return the expression that tells the runtime."""
        given = [fill("{}={}", identifier(name), literal(value)) for name, value in self.arguments]
        return fill("{}({})", bind(_PAGES), joined(", ", given))


class Missing(Exception):
    """The operation has not what the settings name: `key` of them, with what it says."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class Paginator:
    """Finds out which operations have pages."""

    def __init__(self, layout: Layout, config: Config, diagnostics: Diagnostics) -> None:
        self._layout = layout
        self._config = config
        self._diagnostics = diagnostics
        self._unused = set(config.pagination)

    def of(self, draft: Draft, signed: Signature) -> PagesPlan | None:
        """Return how the pages of a method follow each other; None: it has none."""
        operation = draft.operation
        own = self._config.operations.get(operation.id)
        if own is not None and own.pagination is not None:
            return self._required(draft, signed, own.pagination)
        said = from_extensions(operation)
        if said is not None:
            return self._required(draft, signed, said)
        for name, settings in self._config.pagination.items():
            try:
                plan = self._plan(draft, signed, settings)
            except Missing:
                continue
            self._unused.discard(name)
            return plan
        return None

    def report_unused(self) -> None:
        """Report settings for all operations that concern none."""
        for name in sorted(self._unused):
            self._diagnostics.warning(
                "unmatched",
                self._config.pagination[name].at,
                f"pagination.{name}: no operation has what it names",
            )

    def _required(
        self, draft: Draft, signed: Signature, settings: PaginationSettings
    ) -> PagesPlan | None:
        try:
            return self._plan(draft, signed, settings)
        except Missing as missing:
            message = f"pagination of `{draft.operation.id}`: {missing} (`{missing.key}`)"
            if settings.at is None:  # the document says so
                self._diagnostics.warning("unmatched", draft.operation.at, message)
            else:
                self._diagnostics.error("wrong-setting", settings.at, message)
            return None

    def _plan(self, draft: Draft, signed: Signature, settings: PaginationSettings) -> PagesPlan:
        answer = _answer(draft)
        items, item = self._items(answer, settings.items)
        found: list[tuple[str, object]] = [("style", settings.style), ("items", items)]
        if settings.parameter is not None:
            name, in_body = self._argument(signed, "parameter", settings.parameter)
            found.append(("argument", name))
            if in_body:
                found.append(("in_body", True))
        for key, said in (("next", settings.next), ("more", settings.more)):
            if said is not None:
                found.append((key, self._path(answer, key, said)[0]))
        if settings.size is not None:
            found.append(("size", self._argument(signed, "size", settings.size)[0]))
        if settings.style == "page" and settings.start != 1:
            found.append(("start", settings.start))
        return PagesPlan(item=item, arguments=tuple(found))

    # --- what is named --------------------------------------------------------------------------

    def _argument(self, signed: Signature, key: str, said: str) -> tuple[str, bool]:
        for argument in signed.arguments:
            match argument:
                case ParameterArgument(name=name, parameter=parameter):
                    if parameter.wire_name == said:
                        return name, False
                case MemberArgument(field=field):
                    if field.wire_name == said:
                        return said, True
                case BodyArgument(type=use):
                    record = record_of(use, self._layout.definitions)
                    if record is not None and any(f.wire_name == said for f in record.fields):
                        return said, True
        raise Missing(key, f"there is no parameter `{said}`")

    def _items(self, answer: ir.Use | None, said: str | None) -> tuple[tuple[str, ...], ir.Use]:
        if said:
            path, use = self._path(answer, "items", said)
            listed = self._list(use)
            if listed is None:
                raise Missing("items", f"`{said}` is no list")
            return path, listed
        if answer is not None and (listed := self._list(answer)) is not None:
            return (), listed
        record = self._record(answer)
        lists = [
            (field.wire_name, listed)
            for field in (() if record is None else record.fields)
            if (listed := self._list(field.type)) is not None
        ]
        if record is None or len(lists) != 1:
            raise Missing("items", "the answer is no list, and has not just one")
        ((wire_name, listed),) = lists
        return (self._layout.fields[record.id][wire_name],), listed

    def _path(
        self, use: ir.Use | None, key: str, said: str
    ) -> tuple[tuple[str, ...], ir.Use | None]:
        """Return the attributes that lead to a field, and its type, where that is known."""
        found: list[str] = []
        for name in said.split("."):
            record = self._record(use)
            if record is not None:
                field = next((f for f in record.fields if f.wire_name == name), None)
                if field is None:
                    raise Missing(key, f"there is no field `{said}`")
                found.append(self._layout.fields[record.id][name])
                use = field.type
            elif use is not None and isinstance(
                without_null(use, self._layout.definitions), ir.Anything | ir.MapOf
            ):
                found.append(name)
                use = None
            elif use is None and found:
                found.append(name)
            else:
                raise Missing(key, f"there is no field `{said}`")
        return tuple(found), use

    def _record(self, use: ir.Use | None) -> ir.Record | None:
        if use is None:
            return None
        return record_of(use, self._layout.definitions, besides_null=True)

    def _list(self, use: ir.Use | None) -> ir.Use | None:
        if use is None:
            return None
        bare = without_null(use, self._layout.definitions)
        return bare.item if isinstance(bare, ir.ListOf) else None


def _answer(draft: Draft) -> ir.Use | None:
    """Return what the first success with a body holds."""
    for response in draft.responses:
        for content in response.contents:
            return received(content)
    return None


# --- extensions ----------------------------------------------------------------------------------


def from_extensions(operation: ir.Operation) -> PaginationSettings | None:
    """Return what the document says of pages in one of the extensions that are widely known."""
    found = dict(_speakeasy(operation.extensions.get("x-speakeasy-pagination")))
    found = found or dict(_fern(operation.extensions.get("x-fern-pagination")))
    if "style" not in found:
        return None
    return PaginationSettings(**cast("Mapping[str, str]", found))  # type: ignore[arg-type]


def _speakeasy(said: object) -> Iterator[tuple[str, str]]:
    match said:
        case {"type": "offsetLimit", "inputs": list(inputs)}:
            pass
        case {"type": "cursor", "inputs": list(inputs)}:
            yield "style", "cursor"
        case {"type": "url", **rest}:
            listed = rest.get("inputs")
            inputs = listed if isinstance(listed, list) else []
            yield "style", "link"
        case _:
            return
    for each in inputs:
        match each:
            case {"type": "offset" | "page" as style, "name": str(name)}:
                yield "style", style
                yield "parameter", name
            case {"type": "cursor", "name": str(name)}:
                yield "parameter", name
            case {"type": "limit", "name": str(name)}:
                yield "size", name
            case _:
                pass
    outputs = said.get("outputs") if isinstance(said, dict) else None
    for key, word in (("results", "items"), ("nextCursor", "next"), ("nextUrl", "next")):
        if isinstance(outputs, dict) and isinstance(path := outputs.get(key), str):
            yield word, path.removeprefix("$").removeprefix(".")


def _fern(said: object) -> Iterator[tuple[str, str]]:
    if not isinstance(said, dict):
        return
    if "next_cursor" in said:
        yield "style", "cursor"
    elif "offset" in said:
        yield "style", "offset" if "step" in said else "page"
    elif "next_uri" in said:
        yield "style", "link"
    else:
        return
    words = {
        "cursor": "parameter",
        "offset": "parameter",
        "step": "size",
        "next_cursor": "next",
        "next_uri": "next",
        "results": "items",
        "has-next-page": "more",
    }
    for key, word in words.items():
        if isinstance(path := said.get(key), str):
            yield word, path.removeprefix("$request.").removeprefix("$response.")
