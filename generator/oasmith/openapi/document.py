"""An OpenAPI document: the file that was named, and the files it refers to."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from oasmith.diagnostics import Diagnostics
from oasmith.openapi.dynamic import Dynamic
from oasmith.openapi.node import Node
from oasmith.openapi.reading import Limits, read, read_bytes
from oasmith.openapi.refs import Broken, parse, walk
from oasmith.openapi.scopes import Resource, Scopes, has_scheme, join, scopes_of
from oasmith.openapi.versions import Version
from oasmith.source import Json, Location, Source, resolved

if TYPE_CHECKING:
    from oasmith.openapi.remote import Remote

_END_OF_CYCLE = Broken(
    code="cyclic-reference",
    message="this reference leads back to itself without reaching a definition",
)


class Document:
    """The root file, the files reached from it so far, and what references lead to.

    `prepare` is applied to each further file that is read.
    """

    def __init__(
        self,
        root: Source,
        version: Version,
        diagnostics: Diagnostics,
        *,
        limits: Limits,
        allow_outside: bool,
        remote: Remote | None,
        prepare: Callable[[Source], Source] | None = None,
    ) -> None:
        self.root = root
        self.version = version
        self.diagnostics = diagnostics
        self._limits = limits
        self._folder = None if allow_outside else root.path.parent
        self._files: dict[str, Source | Broken | None] = {str(root.path): root}
        self._remote = remote
        self._prepare = prepare
        self._targets: dict[Hashable, Node | Broken | None] = {}
        self._ends: dict[Hashable, Node | Broken | None] = {}
        self._parts: Mapping[int, Json] = {}
        self._scopes: dict[Source, Scopes] = {}
        self._resources: dict[str, Resource] = {}
        self.dynamic = Dynamic(self._follow)
        self._note_names(root)

    @property
    def node(self) -> Node:
        """The OpenAPI object."""
        return Node(self, self.root, None, self._part(self.root.value))

    def narrow(self, parts: Mapping[int, Json]) -> None:
        """Read a part of some objects from now on: `parts` by the identity of the whole.

        That holds for the OpenAPI object and for what a reference leads to as a whole. References
        go through the whole objects, so they lead to all that they did before.
        """
        self._parts = parts
        self._targets.clear()
        self._ends.clear()

    def _part(self, value: Json) -> Json:
        return self._parts.get(id(value), value)

    @property
    def sources(self) -> Iterator[Source]:
        """The files read so far, the root first."""
        return (source for source in self._files.values() if isinstance(source, Source))

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each file read, by its address or its name relative to the folder
        of the root.
        """
        folder = self.root.path.parent
        found = {}
        for source in self.sources:
            name = source.url or Path(os.path.relpath(source.path, folder)).as_posix()
            found[name] = source.digest()
        return found

    def place(self, at: Node, text: str) -> Hashable:
        """Return what is the same for references that lead to the same."""
        if self._scopes:
            if self.dynamic.concerns(at):
                return id(at.value), text
            scopes = self._scopes.get(at.source)
            if scopes is not None:
                return at.source, text, scopes.base(at.trail)
        return at.source, text

    def target(self, at: Node, text: str) -> Node | None:
        """Return what the reference `text` at a place leads to, one step."""
        return self._answer(self.find(at, text), at)

    def end(self, at: Node, text: str) -> Node | None:
        """Return what the reference `text` at a place leads to in the end."""
        place = self.place(at, text)
        if place not in self._ends:
            self._ends[place] = self._find_end(at, text)
        return self._answer(self._ends[place], at)

    def find(self, at: Node, text: str) -> Node | Broken | None:
        """Return what a reference leads to, one step, or why it leads to nothing; None if that was
        reported already.
        """
        place = self.place(at, text)
        if place not in self._targets:
            self._targets[place] = self._find_here(at, text)
        return self._targets[place]

    def met(self, at: Node, text: str) -> Node | None:
        """Return what a reference leads to, unless that takes a new file.

        A reference that is broken is not reported.
        """
        reference = parse(text)
        if isinstance(reference, Broken):
            return None
        if reference.address is not None:
            full = self._address(at, reference.address)
            if full not in self._files and full not in self._resources:
                return None
        found = self.find(at, text)
        return found if isinstance(found, Node) else None

    def _answer(self, found: Node | Broken | None, at: Node) -> Node | None:
        if isinstance(found, Broken):
            self.diagnostics.error(found.code, _place(at), found.message, found.hint)
            return None
        return found

    def _find_end(self, at: Node, text: str) -> Node | Broken | None:
        passed = []
        seen = set()
        end: Node | Broken | None = None
        while True:
            node = self.target(at, text)
            if node is None or node.reference is None:
                end = node
                break
            if node in seen:
                end = _END_OF_CYCLE
                break
            seen.add(node)
            text, at = node.reference, node
            place = self.place(at, text)
            if place in self._ends:
                end = self._ends[place]
                break
            passed.append(place)
        self._ends.update(dict.fromkeys(passed, end))  # a long chain is gone through once
        return end

    def _find_here(self, at: Node, text: str) -> Node | Broken | None:
        filling = self.dynamic.filling(at)
        if filling is not None:
            return filling
        found = self._find(at, text)
        return self.dynamic.instance(at, found) if isinstance(found, Node) else found

    def _follow(self, at: Node, text: str) -> Node | None:
        """Return what a reference leads to, whatever fills the gaps in it."""
        found = self._find(at, text)
        return found if isinstance(found, Node) else None

    def _find(self, at: Node, text: str) -> Node | Broken | None:
        reference = parse(text)
        if isinstance(reference, Broken):
            return reference
        where = reference.address or ""
        part = self._part_at(at, reference.address)
        if not isinstance(part, Resource):
            return part
        if isinstance(reference.fragment, str):
            return self._anchor(part, reference.fragment, where)
        found = walk(part.value, reference.fragment, where, part.trail)
        if isinstance(found, Broken) and part.trail is not None:
            # A pointer goes through the part it stands in; most people mean the whole file.
            found = walk(part.source.value, reference.fragment, where)
        if isinstance(found, Broken) and reference.fragment == ("",):
            found = part.trail, part.value  # `file.yaml#/`: who writes it means the whole
        if isinstance(found, Broken):
            return found
        trail, value = found
        return Node(self, part.source, trail, self._part(value))

    def _anchor(self, part: Resource, name: str, where: str) -> Node | Broken:
        scopes = self._scopes.get(part.source)
        found = None if scopes is None else scopes.anchor(part.base, name)
        if found is None:
            return Broken(
                code="unresolved-reference",
                message=f"`{where}#{name}` does not exist: there is no `$anchor` of that name",
                hint="a pointer into a document starts with `#/`",
            )
        return Node(self, found.source, found.trail, self._part(found.value))

    def _address(self, at: Node, address: str | None) -> str:
        """Return the whole address of a reference: that of a file or of a part of one."""
        scopes = self._scopes.get(at.source)
        base = at.source.address if scopes is None else scopes.base(at.trail)
        return base if address is None else join(base, address)

    def _part_at(self, at: Node, address: str | None) -> Resource | Broken | None:
        """Return the file, or the part of one, that a reference leads into."""
        full = self._address(at, address)
        if address is None:
            scopes = self._scopes.get(at.source)
            return _whole(at.source) if scopes is None else scopes.part(full)
        if (known := self._resources.get(full)) is not None:
            return known
        beside = self._beside(full)
        if beside is not None:
            full = beside
        elif not has_scheme(address):  # an identifier need not be where the file is
            full = join(at.source.address, address)
        file = self._file(full, address, at)
        if not isinstance(file, Source):
            return file
        scopes = self._scopes.get(file)
        return _whole(file) if scopes is None else scopes.part(scopes.base(None))

    def _beside(self, full: str) -> str | None:
        """Return the path of a file by what the document calls it, if that is where it itself
        claims to be.
        """
        scopes = self._scopes.get(self.root)
        own = self.root.address if scopes is None else scopes.base(None)
        folder, slash, _ = own.rpartition("/")
        if own == self.root.address or not full.startswith(folder + slash):
            return None
        return join(self.root.address, full.removeprefix(folder + slash))

    def _file(self, full: str, name: str, at: Node) -> Source | Broken | None:
        """Return a file by its path or address; None if it was reported as unreadable."""
        if full not in self._files:
            if len(self._files) >= self._limits.files:
                return Broken(
                    code="too-large",
                    message=f"the document is spread over more than {self._limits.files:,} files",
                )
            is_remote = has_scheme(full)
            file = self._fetch(full, at) if is_remote else self._read(name, Path(full), at)
            self._files[full] = file
        return self._files[full]

    def _fetch(self, address: str, at: Node) -> Source | Broken | None:
        if not address.lower().startswith(("http://", "https://")):
            return Broken(
                code="reference-outside",
                message=f"`{address}` is neither a file nor on the web",
                hint="save a copy below the folder of the document and refer to that",
            )
        if self._remote is None:
            return Broken(
                code="reference-outside",
                message=f"`{address}` is on the web, which is not read",
                hint="use --allow-remote if that is intended, or refer to a copy beside the "
                "document",
            )
        data = self._remote.read(address)
        if isinstance(data, Broken):
            return data
        return self._taken(read_bytes(address, data, self.diagnostics, self._limits))

    def _read(self, name: str, named: Path, at: Node) -> Source | Broken | None:
        path = resolved(named)
        if self._folder is not None and not path.is_relative_to(self._folder):
            return Broken(
                code="reference-outside",
                message=f"`{name}` is outside the folder of the document",
                hint="use --allow-outside if that is intended",
            )
        known = self._files.get(str(path))
        if known is not None:
            return known
        file = self._taken(read(path, self.diagnostics, self._limits, _place(at)))
        self._files[str(path)] = file
        return file

    def _taken(self, file: Source | None) -> Source | None:
        """Return a file that was read as this document takes it."""
        if file is not None and self._prepare is not None:
            file = self._prepare(file)
        if file is not None:
            self._note_names(file)
        return file

    def _note_names(self, source: Source) -> None:
        """Learn what a file calls its parts."""
        scopes = scopes_of(source)
        if scopes is None:
            return
        self._scopes[source] = scopes
        for address, resource in scopes.resources.items():
            self._resources.setdefault(address, resource)
        self.dynamic.add(
            scopes.dynamic,
            {
                key: {name: self._node(each) for name, each in bindings.items()}
                for key, bindings in scopes.bindings.items()
            },
        )

    def _node(self, part: Resource) -> Node:
        return Node(self, part.source, part.trail, part.value)


def _whole(source: Source) -> Resource:
    return Resource(source=source, trail=None, value=source.value, base=source.address)


def _place(node: Node) -> Location:
    """Return where the text of a reference stands: in `$ref`, or alone in a mapping."""
    return node.at if isinstance(node.value, str) else node.at / "$ref"
