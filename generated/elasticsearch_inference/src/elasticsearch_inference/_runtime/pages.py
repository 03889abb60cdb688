"""Going through the pages of a list: what asks for the next page, and when there is none.

Pure: nothing is sent here. Pages are read as they are needed, one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, cast
from urllib.parse import urlsplit

from .errors import InvalidResponse, Problem
from .raw_responses import RawResponse
from .requests import Prepared

Style: TypeAlias = Literal["cursor", "link", "link-header", "offset", "page"]

Path: TypeAlias = tuple[str, ...]
"""Names of attributes, or of members of a dict, one inside of the other."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How the pages of an operation follow each other.

    Attributes:
        style: `cursor`: the answer holds what the next request repeats. `link`, `link-header`:
            the answer holds the address of the next page, in its body or in the header `Link` with
            `rel=next` (RFC 8288). `offset`, `page`: the items, or the pages, are counted.
        items: Where the items are in an answer; empty: it is the list.
        argument: What is given to get the next page, by name of the parameter; with `in_body`
            by wire name of the member.
        next: Where the cursor or the address is in an answer.
        more: Where the answer says whether there is a further page.
        size: The argument that says how many items a page has.
        start: The number of the first page.
        in_body: The argument is a member of the body.
    """

    style: Style
    items: Path = ()
    argument: str | None = None
    next: Path = ()
    more: Path = ()
    size: str | None = None
    start: int = 1
    in_body: bool = False


class Turn:
    """Where a caller is among the pages.

    Args:
        pages: How they follow each other.
        arguments: Those of the first page.
        body: That of the first page.
    """

    def __init__(self, pages: Pages, arguments: Mapping[str, Any], body: Any) -> None:
        self.done = False
        self.arguments = arguments
        self.body: Any = body
        self._pages = pages
        self._query: str | None = None
        self._seen: set[object] = set()
        self._last = b""

    def readdress(self, prepared: Prepared) -> Prepared:
        """Put the query of the address that the server gave in the place of the first one. Only
        the query is taken, so that no answer leads credentials to another place.
        """
        if self._query is not None:
            path, _, query = prepared.target.partition("?")
            given = {pair.partition("=")[0] for pair in self._query.split("&")}
            kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in given]
            prepared.target = f"{path}?{'&'.join(filter(None, [self._query, *kept]))}"
        return prepared

    def take(self, raw: RawResponse[Any], value: Any) -> Sequence[Any]:
        """Give the items of a page, and see what the next one is.

        Raises:
            InvalidResponse: The next page is one that was there before.
        """
        items: Sequence[Any] = _at(value, self._pages.items) or ()
        more = _at(value, self._pages.more) if self._pages.more else None
        self.done = more is False or more == 0
        match self._pages.style:
            case "cursor":
                self._go_to(_at(value, self._pages.next), raw)
            case "link" | "link-header":
                link = (
                    _at(value, self._pages.next)
                    if self._pages.style == "link"
                    else _next_link(raw.headers.get("link", ""))
                )
                self._go_to(link if link is None else str(link), raw)
                self._query = None if link is None else urlsplit(str(link)).query
            case "offset" | "page":
                self._count(items, raw)
        return items

    def _go_to(self, cursor: object, raw: RawResponse[Any]) -> None:
        if cursor is None or cursor == "":
            self.done = True
        elif not self.done:
            if cursor in self._seen:
                raise _again(raw)
            self._seen.add(cursor)
            if self._pages.argument is not None:
                self._set(cursor)

    def _count(self, items: Sequence[Any], raw: RawResponse[Any]) -> None:
        wanted = self._get(self._pages.size) if self._pages.size is not None else None
        short = isinstance(wanted, int) and len(items) < wanted and not self._pages.more
        if not items or short:
            self.done = True
        if self.done:
            return
        if raw.body == self._last:
            raise _again(raw)
        self._last = raw.body
        first = self._pages.start if self._pages.style == "page" else 0
        now = self._get(self._pages.argument)
        step = 1 if self._pages.style == "page" else len(items)
        self._set((first if now is None else now) + step)

    def _get(self, name: str | None) -> Any:
        held: Any = self.body if self._pages.in_body else self.arguments
        if name is None or not isinstance(held, Mapping):
            return None
        return cast("Mapping[str, Any]", held).get(name)

    def _set(self, value: object) -> None:
        assert self._pages.argument is not None
        if self._pages.in_body:
            self.body = {**(self.body or {}), self._pages.argument: value}
        else:
            self.arguments = {**self.arguments, self._pages.argument: value}


def _at(value: Any, path: Path) -> Any:
    for name in path:
        if isinstance(value, Mapping):
            value = cast("Mapping[str, Any]", value).get(name)
        else:
            value = getattr(value, name, None)
    return value


def _again(raw: RawResponse[Any]) -> InvalidResponse:
    return InvalidResponse(
        [Problem("", "the next page is one that was there before")],
        status=raw.status,
        headers=raw.headers,
        body=raw.body,
        operation=raw.operation.id,
    )


_LINK: Final = re.compile(
    r"<([^>]*)>((?:\s*;\s*[^;,\"=\s]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\",;]*))?)*)"
)
_REL: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))", re.IGNORECASE)


def _next_link(header: str) -> str | None:
    """Read the address of the next page from a header `Link` (RFC 8288, section 3)."""
    links: Iterable[re.Match[str]] = _LINK.finditer(header)
    for link in links:
        relation = _REL.search(link[2])
        if relation is not None and "next" in (relation[1] or relation[2] or "").lower().split():
            return link[1]
    return None
