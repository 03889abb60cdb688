"""The state of building the model of one document."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable

from oasmith.frozen import frozen
from oasmith.ir.build import targets
from oasmith.ir.build.reading import NEVER, Reading
from oasmith.ir.build.shapes import Shape
from oasmith.ir.scalars import OwnKinds
from oasmith.ir.types import (
    Access,
    Anything,
    Context,
    Definition,
    Doc,
    Field,
    Nothing,
    SchemaId,
    Unnamed,
)
from oasmith.openapi import Document, Node
from oasmith.source import Json, Location

PROVISIONAL = ("?",)
"""The namespace of provisional ids, which no document has."""


@frozen(kw_only=False)
class Inherited:
    """What a schema takes over from the one that it refers to."""

    access: Access = Access.BOTH
    default: Node | None = None


class Build(Reading):
    """What is known of a document while its model is built, and what is still to be built.

    `sensitive` are names of fields whose texts are secrets, `types` kinds of scalar that the
    settings add. Schema objects are known by the identity of their values.
    """

    def __init__(self, document: Document, sensitive: Collection[str], types: OwnKinds) -> None:
        super().__init__(document)
        self.sensitive = frozenset(sensitive)
        self.types = types
        self.definitions: dict[SchemaId, Definition] = {}
        self.unnamed: list[Unnamed] = []
        self.current: SchemaId | None = None
        """The definition that is being built."""
        self.waiting: deque[tuple[SchemaId, Node | Shape]] = deque()
        """Definitions to build."""
        self.inside: set[frozenset[int]] = set()
        """Shapes without a name that are being built."""
        self.ids: dict[Hashable, SchemaId] = {}
        self.nodes: dict[SchemaId, Node] = {}
        self.targets: dict[Hashable, SchemaId | None] = {}
        """What references lead to."""
        self.bases: set[int] = set()
        """Schemas with a discriminator that others inherit from."""
        self.children: dict[int, list[Node]] = {}
        # What was found out already:
        self.null_fits: dict[SchemaId, bool] = {}
        self.are_objects: dict[int, bool] = {}
        self.choices_of_constants: dict[tuple[int, str], dict[tuple[str, Json], Doc] | None] = {}
        self.properties_of: dict[int, dict[str, Node]] = {}
        self.rules_only: dict[tuple[int, str], bool] = {}
        self.fields: dict[int, Field] = {}
        self.inherited: dict[int, Inherited] = {}

    def put(self, definition: Definition) -> None:
        """Take a finished definition."""
        self.definitions[definition.id] = definition

    def degraded(self, at: Location, why: str) -> Anything:
        """Return the widest type, and say why it is that wide."""
        self.diagnostics.warning("degraded", at, f"this may be anything: {why}")
        return Anything(why=why, at=at)

    def report_unchecked(self, at: Location, what: str) -> None:
        """Say that something the document asks for is not checked."""
        self.diagnostics.warning("degraded", at, f"not checked: {what}")

    def unnamed_id(self, candidates: Context | tuple[SchemaId, ...], at: Location) -> SchemaId:
        """Return a provisional id for a definition that gets its name later."""
        id_ = SchemaId(namespace=PROVISIONAL, name=str(len(self.unnamed)))
        self.unnamed.append(Unnamed(id=id_, candidates=candidates, found_in=self.current, at=at))
        return id_

    def id_of(self, target: Node) -> SchemaId:
        """Return the identity of what a reference leads to, which makes it a definition."""
        key = target.identity
        known = self.ids.get(key)
        if known is None:
            known = self.unnamed_id(targets.candidates(self.document, target), target.at)
            self.ids[key] = known
            self.nodes.setdefault(known, target)
            self.waiting.append((known, target))
        return known

    @property
    def named_by_document(self) -> int:
        """How many of the schemas have their name from the document."""
        return len({node.at for node in self.nodes.values()})

    def named(self, keys: Collection[int]) -> set[SchemaId]:
        """Return the definitions made of these schema objects, given by their identities."""
        return {id_ for key in keys if (id_ := self.ids.get(key)) is not None}

    def contradiction(self, shape: Shape, at: Location) -> Nothing:
        """Return the type of no value; say so unless the document does."""
        if all(part.value is not NEVER for part in shape.parts):
            self.diagnostics.warning(
                "contradiction",
                at,
                "no value can be what this schema and the ones it is combined with ask for",
                related=[
                    ("the other one", part.node.at) for part in shape.parts if part.node.at != at
                ],
            )
        return Nothing(at=at)
