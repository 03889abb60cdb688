"""An OpenAPI document: the file that was named, and the files it refers to."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from oasmith.diagnostics import Diagnostics, Stop
from oasmith.openapi.node import Node
from oasmith.openapi.reading import Limits, read
from oasmith.openapi.recognition import recognize
from oasmith.openapi.refs import Broken, parse, walk
from oasmith.openapi.versions import Version
from oasmith.source import Json, Location, Rearranged, Source

_END_OF_CYCLE = Broken(
    code="cyclic-reference",
    message="this reference leads back to itself without reaching a definition",
)


class Document:
    """The root file, the files reached from it so far, and what references lead to."""

    def __init__(
        self,
        root: Source,
        version: Version,
        diagnostics: Diagnostics,
        *,
        limits: Limits,
        allow_outside: bool,
    ) -> None:
        self.root = root
        self.version = version
        self.diagnostics = diagnostics
        self._limits = limits
        self._folder = None if allow_outside else root.path.parent
        self._files: dict[str, Source | Broken | None] = {str(root.path): root}
        self._targets: dict[tuple[Source, str], Node | Broken | None] = {}
        self._ends: dict[tuple[Source, str], Node | Broken | None] = {}
        self._parts: Mapping[int, Json] = {}

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
        """Return the SHA-256 of each file read, by its name relative to the folder of the root."""
        folder = self.root.path.parent
        return {
            Path(os.path.relpath(source.path, folder)).as_posix(): hashlib.sha256(
                source.text.encode("utf-8", "surrogatepass")
            ).hexdigest()
            for source in self.sources
        }

    def digest(self) -> str:
        """Return the SHA-256 of the file; of several files that of their digests and names."""
        digests = self.digests()
        if len(digests) == 1:
            return digests[self.root.path.name]
        listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
        return hashlib.sha256(listing.encode()).hexdigest()

    def target(self, source: Source, text: str, at: Node) -> Node | None:
        """Return what the reference `text` in `source` leads to, one step."""
        if (source, text) not in self._targets:
            self._targets[source, text] = self._find(source, text, at)
        return self._answer(self._targets[source, text], at)

    def end(self, source: Source, text: str, at: Node) -> Node | None:
        """Return what the reference `text` in `source` leads to in the end."""
        if (source, text) not in self._ends:
            self._ends[source, text] = self._find_end(source, text, at)
        return self._answer(self._ends[source, text], at)

    def met(self, source: Source, text: str, at: Node) -> Node | None:
        """Return what the reference `text` in `source` leads to, unless that takes a new file.

        A reference that is broken is not reported.
        """
        reference = parse(text)
        if isinstance(reference, Broken):
            return None
        if reference.file is not None and _named(source, reference.file) not in self._files:
            return None
        found = self._find(source, text, at)
        return found if isinstance(found, Node) else None

    def _answer(self, found: Node | Broken | None, at: Node) -> Node | None:
        if isinstance(found, Broken):
            self.diagnostics.error(found.code, _place(at), found.message, found.hint)
            return None
        return found

    def _find_end(self, source: Source, text: str, at: Node) -> Node | Broken | None:
        seen = set()
        while True:
            node = self.target(source, text, at)
            if node is None or node.reference is None:
                return node
            if node in seen:
                return _END_OF_CYCLE
            seen.add(node)
            source, text, at = node.source, node.reference, node

    def _find(self, source: Source, text: str, at: Node) -> Node | Broken | None:
        reference = parse(text)
        if isinstance(reference, Broken):
            return reference
        where = ""
        if reference.file is not None:
            where = reference.file
            file = self._file(source, reference.file, at)
            if not isinstance(file, Source):
                return file
            source = file
        found = walk(source.value, reference.pointer, where)
        if isinstance(found, Broken):
            return found
        trail, value = found
        return Node(self, source, trail, self._part(value))

    def _file(self, source: Source, name: str, at: Node) -> Source | Broken | None:
        """Return a file by its name relative to `source`; None if it was reported as unreadable."""
        named = _named(source, name)
        if named in self._files:
            return self._files[named]
        self._files[named] = file = self._read(name, Path(named), at)
        return file

    def _read(self, name: str, named: Path, at: Node) -> Source | Broken | None:
        try:
            path = named.resolve()
        except (OSError, ValueError, RuntimeError):
            path = named  # opening it will say what is wrong
        if self._folder is not None and not path.is_relative_to(self._folder):
            return Broken(
                code="reference-outside",
                message=f"`{name}` is outside the folder of the document",
                hint="use --allow-outside if that is intended",
            )
        known = self._files.get(str(path))
        if known is not None:
            return known
        if len(self._files) >= self._limits.files:
            return Broken(
                code="too-large",
                message=f"the document is spread over more than {self._limits.files:,} files",
            )
        file = read(path, self.diagnostics, self._limits, _place(at))
        if file is not None and isinstance(self.root, Rearranged):
            from oasmith.openapi.swagger import rearrangeable

            file = rearrangeable(file)
        self._files[str(path)] = file
        return file


def _named(source: Source, name: str) -> str:
    """Return the path that `name` means in `source`."""
    folder = os.path.dirname(str(source.path))  # noqa: PTH120 - five times as fast, thousands
    return os.path.normpath(f"{folder}/{name}")


def _place(node: Node) -> Location:
    """Return where the text of a reference stands."""
    return node.at / "$ref"


def load(
    path: Path,
    diagnostics: Diagnostics,
    limits: Limits | None = None,
    *,
    allow_outside: bool = False,
) -> Document:
    """Read the document at `path` and see which version of OpenAPI it is.

    Files that it refers to are read when a reference to them is followed. Raises Stop if there is
    no document to go on with; `diagnostics` then says why.
    """
    limits = limits or Limits()
    root = read(path.resolve(), diagnostics, limits, None)
    if root is None:
        raise Stop
    version = recognize(root, diagnostics)
    if version is None:
        raise Stop
    if version is not Version.V2_0:
        return Document(root, version, diagnostics, limits=limits, allow_outside=allow_outside)
    from oasmith.openapi.swagger import convert, rearrangeable

    root = rearrangeable(root)
    document = Document(
        root, Version.V3_0, diagnostics, limits=limits, allow_outside=allow_outside
    )
    convert(document)
    return document
