"""Where things are in the docs: the page of each operation, variant and type, and its anchor.

A type that only one page leads to is described there. What several pages lead to is shared and
stands on a page of its namespace, which is cut into smaller ones where it would be too long.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import assert_never

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.walk import targets, uses_in_definition, uses_in_operation
from oasmith.targets.markdown.variants import Family
from oasmith.targets.python.naming import DEVICES
from oasmith.text import NO_TEXT

INDEX = "index.md"
TYPE_INDEX = "types/index.md"

PAGE_WEIGHT = 125_000
"""Estimated bytes from which on the page of a namespace is cut in one for each letter."""
LETTER_WEIGHT = 180_000
"""The same for the page of a letter, of which each type then gets its own."""
OWN_WEIGHT = 90_000
"""Estimated bytes of types up to which the page of an operation describes its own types."""

LONGEST = 80
"""Characters of the longest part of an address; what is longer ends in a digest of the whole."""

_RESERVED = frozenset({"callbacks", "index", "operations", "types", "webhooks"})


@frozen
class Address:
    """A page, relative to the docs, and an anchor on it."""

    page: str
    anchor: str


@frozen
class Addresses:
    """The places of everything. Pages are paths relative to the docs.

    `homes` says where each definition is described, `residents` what a page describes, in the
    order of the document; `shared` are the pages that describe shared types, with their titles,
    that of the namespace first, then those of what the page has of it, if that is not all.
    `leads_to` has the definitions that a definition refers to, `starts` those that the operation
    on a page does. `incoming` are the pages of webhooks and callbacks, one for each of the API.
    """

    operations: Mapping[str, str]
    incoming: tuple[str, ...]
    folders: Mapping[ir.SchemaId, str]
    variants: Mapping[ir.SchemaId, str]
    homes: Mapping[ir.SchemaId, Address]
    residents: Mapping[str, tuple[ir.SchemaId, ...]]
    shared: Mapping[str, tuple[str, ...]]
    leads_to: Mapping[ir.SchemaId, tuple[ir.SchemaId, ...]]
    starts: Mapping[str, tuple[ir.SchemaId, ...]]

    def href(self, page: str, target: ir.SchemaId) -> str:
        """Return the link from a page to the description of a definition."""
        home = self.homes[target]
        if home.page == page:
            return f"#{home.anchor}"
        return f"{relative(page, home.page)}#{home.anchor}"

    def index(self, family: Family) -> str:
        """Return the page that compares the variants of a family."""
        return f"{self.folders[family.union.id]}/index.md"


@lru_cache(maxsize=65536)
def relative(page: str, target: str) -> str:
    """Return the link from one page to another."""
    here, there = page.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "/".join([*[".."] * (len(here) - shared), *there[shared:]])


def slug(text: str) -> str:
    """Return text as a part of an address: ASCII letters and digits in lower case, and `-._`.

    It is a file's name on every system: not too long, and no device of Windows.
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text)
    made = re.sub(r"[^a-z0-9._]+", "-", spaced.lower()).strip("-._") or "unnamed"
    if len(made) > LONGEST:
        made = f"{made[: LONGEST - 7].rstrip('-._')}-{_digest(text)}"
    stem, dot, rest = made.partition(".")
    return f"{stem}-{dot}{rest}" if stem in DEVICES else made


def slugs(names: Iterable[str], reserved: frozenset[str] = frozenset({"index"})) -> dict[str, str]:
    """Return a slug for each name, all differently: where two are the same both get a digest."""
    by_slug: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_slug[slug(name)].append(name)
    return {
        name: made if len(group) == 1 and made not in reserved else f"{made}-{_digest(name)}"
        for made, group in by_slug.items()
        for name in group
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def fragment(words: str) -> str:
    """Return what names a place on a page in ASCII; other characters are in it by number."""
    return re.sub(r"[^\w.-]", lambda m: f"-{ord(m[0]):x}-", words, flags=re.ASCII)


def anchor(target: ir.SchemaId) -> str:
    """Return the anchor of a definition, which is the same on whatever page it stands."""
    return fragment(f"type-{target}")


def value_anchor(parameter: str, value: ir.LiteralValue) -> str:
    """Return the anchor of a value of a parameter on the page of a variant."""
    return fragment(f"for-{parameter}-{value}")


def plural(word: str) -> str:
    """Return an English noun in the plural: `service` gives `services`, `category` `categories`."""
    if re.search(r"(?:s|x|z|ch|sh)$", word):
        return f"{word}es"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}s"


# --- pages -----------------------------------------------------------------------------------


def place(api: ir.Api, families: tuple[Family, ...], methods: Mapping[str, str]) -> Addresses:
    """Find a place for everything. `methods` are the names of the methods, by operationId."""
    operations = _operation_pages(api, methods)
    folders = _folders(families)
    variants: dict[ir.SchemaId, str] = {}
    homes: dict[ir.SchemaId, str] = {}
    roots: dict[str, set[ir.SchemaId]] = {}
    for family in families:
        tags = slugs(variant.tag for variant in family.variants)
        for variant in family.variants:
            # A record may be an option of several unions; it lives with the first.
            if variant.record.id in variants:
                continue
            page = f"{folders[family.union.id]}/{tags[variant.tag]}.md"
            variants[variant.record.id] = page
            for record in (variant.record, *variant.answers):
                homes.setdefault(record.id, page)
            roots[page] = {variant.record.id, *(answer.id for answer in variant.answers)}
    incoming = tuple(_incoming_pages(api.incoming))
    starts = {
        page: (*dict.fromkeys(targets(uses_in_operation(operation))),)
        for page, operation in (
            *((operations[operation.id], operation) for operation in api.operations),
            *zip(incoming, (each.operation for each in api.incoming), strict=True),
        )
    }
    leads_to = {
        target: (*dict.fromkeys(targets(uses_in_definition(definition))),)
        for target, definition in api.definitions.items()
    }
    roots |= {page: {*started} for page, started in starts.items()}
    owned = _owned(leads_to, roots, homes)
    weights: dict[str, int] = defaultdict(int)
    for target, page in owned.items():
        weights[page] += weight(api.definitions[target])
    for target, page in owned.items():
        if target not in homes and weights[page] <= OWN_WEIGHT:
            homes[target] = page
    shared = _share(api, [target for target in api.definitions if target not in homes])
    homes |= {target: page for page, (_, ids) in shared.items() for target in ids}
    residents: dict[str, list[ir.SchemaId]] = defaultdict(list)
    for target in api.definitions:
        residents[homes[target]].append(target)
    return Addresses(
        operations=operations,
        incoming=incoming,
        folders=folders,
        variants=variants,
        homes={t: Address(page=page, anchor=anchor(t)) for t, page in homes.items()},
        residents={page: tuple(ids) for page, ids in residents.items()},
        shared={page: titles for page, (titles, _) in shared.items()},
        leads_to=leads_to,
        starts=starts,
    )


def operations_by_tag(api: ir.Api) -> dict[str | None, list[ir.Operation]]:
    """Return the operations by their first tag, in the order of the document's list of tags."""
    by_tag: dict[str | None, list[ir.Operation]] = {tag.name: [] for tag in api.tags}
    for operation in api.operations:
        by_tag.setdefault(operation.namespace, []).append(operation)
    return by_tag


def _operation_pages(api: ir.Api, methods: Mapping[str, str]) -> dict[str, str]:
    by_tag: dict[str | None, list[ir.Operation]] = defaultdict(list)
    for operation in api.operations:
        by_tag[operation.namespace].append(operation)
    tags = slugs((tag for tag in by_tag if tag is not None), frozenset())
    pages: dict[str, str] = {}
    for tag, operations in by_tag.items():
        folder = "operations" if tag is None else f"operations/{tags[tag]}"
        names = slugs(methods[operation.id] for operation in operations)
        pages |= {
            op.id: f"{folder}/{names[methods[op.id]].replace('_', '-')}.md" for op in operations
        }
    return pages


def _incoming_pages(incoming: Sequence[ir.Incoming]) -> Iterator[str]:
    """Name the page of each webhook and callback, after as much as tells it from the others."""
    candidates = [tuple(_incoming_names(each)) for each in incoming]
    uses = Counter(name for names in candidates for name in {*names})
    names = [next((n for n in each if uses[n] == 1), each[-1]) for each in candidates]
    made = slugs(name for _, name in names)
    for folder, name in names:
        yield f"{folder}/{made[name].replace('_', '-')}.md"


def _incoming_names(incoming: ir.Incoming) -> Iterator[tuple[str, str]]:
    """Yield a folder and names to choose from, the shortest first."""
    operation = incoming.operation
    match incoming:
        case ir.Webhook(name=name):
            yield "webhooks", name
            yield "webhooks", f"{name} {operation.method}"
        case ir.Callback(name=name, of=of):
            yield "callbacks", name
            full = " ".join((*of[:1], name))
            yield "callbacks", full
            yield "callbacks", f"{full} {operation.method}"
            yield "callbacks", f"{full} {operation.method} {operation.routes[0].path}"
        case _:
            assert_never(incoming)


def _folders(families: tuple[Family, ...]) -> dict[ir.SchemaId, str]:
    """Name the folder of each family after its tag, or where that is not enough after its union."""
    wanted = {family.union.id: slug(plural(family.property)) for family in families}
    taken = [*wanted.values()]
    by_union = slugs((str(target) for target in wanted), _RESERVED | {*taken})
    return {
        target: folder
        if taken.count(folder) == 1 and folder not in _RESERVED
        else by_union[str(target)]
        for target, folder in wanted.items()
    }


def _owned(
    leads_to: Mapping[ir.SchemaId, tuple[ir.SchemaId, ...]],
    roots: Mapping[str, set[ir.SchemaId]],
    fixed: Mapping[ir.SchemaId, str],
) -> dict[ir.SchemaId, str]:
    """Return the definitions that only one page leads to, with that page."""
    several = ""
    reached: dict[ir.SchemaId, str] = {}
    for page, starts in roots.items():
        waiting = list(starts)
        while waiting:
            target = waiting.pop()
            if fixed.get(target, page) != page:
                continue
            before = reached.get(target)
            if before in (page, several):
                continue
            reached[target] = page if before is None else several
            waiting += leads_to[target]
    return {target: page for target, page in reached.items() if page != several}


# --- pages of shared types -------------------------------------------------------------------


def weight(definition: ir.Definition) -> int:
    """Estimate how many bytes the description of a definition takes, rather too many."""
    size = 500 + len(definition.doc.description or NO_TEXT)
    match definition:
        case ir.Record(fields=fields, rules=rules):
            size += sum(300 + 2 * len(field.doc.description or NO_TEXT) for field in fields)
            return size + 200 * len(rules)
        case ir.Enum(members=members):
            return size + sum(
                60 + 2 * len(str(member.value)) + len(member.doc.description or NO_TEXT)
                for member in members
            )
        case ir.Union(options=options):
            return size + 150 * len(options)
        case ir.Alias():
            return size


def _share(
    api: ir.Api, shared: list[ir.SchemaId]
) -> dict[str, tuple[tuple[str, ...], tuple[ir.SchemaId, ...]]]:
    """Lay out the shared definitions: page -> titles and definitions."""
    by_namespace: dict[str, list[ir.SchemaId]] = defaultdict(list)
    for target in sorted(shared):
        by_namespace[".".join(target.namespace)].append(target)
    files = slugs((name for name in by_namespace if name), frozenset({"index", "shared"}))
    pages: dict[str, tuple[tuple[str, ...], tuple[ir.SchemaId, ...]]] = {}
    for namespace, ids in sorted(by_namespace.items()):
        file = files.get(namespace, "shared")
        title = namespace or "Shared types"
        if _weight(api, ids) <= PAGE_WEIGHT:
            pages[f"types/{file}.md"] = ((title,), tuple(ids))
            continue
        by_letter: dict[str, list[ir.SchemaId]] = defaultdict(list)
        for target in ids:
            letter = slug(target.name)[0]
            by_letter[letter].append(target)
        for letter, of_letter in sorted(by_letter.items()):
            if _weight(api, of_letter) <= LETTER_WEIGHT:
                pages[f"types/{file}/{letter}.md"] = ((title, letter.upper()), tuple(of_letter))
                continue
            names = slugs(target.name for target in of_letter)
            for target in of_letter:
                # Two letters or more: the pages of single letters have other names.
                page = f"types/{file}/{letter}/{names[target.name]}.md"
                pages[page] = ((title, letter.upper(), target.name), (target,))
    return pages


def shared_title(titles: tuple[str, ...]) -> str:
    """Return the title of a page of shared types."""
    return titles[0] if len(titles) == 1 else f"{titles[0]}: {titles[-1]}"


def _weight(api: ir.Api, ids: Iterable[ir.SchemaId]) -> int:
    return sum(weight(api.definitions[target]) for target in ids)
