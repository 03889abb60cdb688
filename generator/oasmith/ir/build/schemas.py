"""Schemas become uses and definitions.

A use is built where it stands; a definition is put on a list and built in its turn, so that
recursion through references needs no care.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable

from oasmith.diagnostics import working_on
from oasmith.ir.build import targets
from oasmith.ir.build.choices import Choices
from oasmith.ir.build.inheritance import Family
from oasmith.ir.build.keywords import KNOWN, unread
from oasmith.ir.build.names import Context, Names, Within, component_id, context_names
from oasmith.ir.build.reading import NEVER, Reading, is_reference, is_silent
from oasmith.ir.build.records import Records
from oasmith.ir.build.rules import only_rules
from oasmith.ir.build.scalars import (
    literal_values,
    plain_scalar,
    scalar,
    size_bounds,
    unchecked,
)
from oasmith.ir.build.shapes import ANNOTATED, ANNOTATIONS, COMBINING, TYPES, Shape
from oasmith.ir.build.words import doc_of, merged_doc
from oasmith.ir.equality import equal
from oasmith.ir.scalars import OwnKinds
from oasmith.ir.types import (
    NO_DOC,
    Alias,
    Anything,
    Definition,
    Doc,
    Enum,
    EnumMember,
    ListOf,
    Literal,
    LiteralValue,
    Nothing,
    Nullable,
    Ref,
    Scalar,
    ScalarKind,
    SchemaId,
    TupleOf,
    Use,
)
from oasmith.openapi import Document, Node
from oasmith.source import Json, Location
from oasmith.text import Text

_ANNOTATED_REFERENCE = ANNOTATIONS | {"allOf"}

_NOUNS = {
    "record": "an object",
    "object": "an object whose keys are free",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "null": "null",
    "enum": "a choice of constants",
}


_MOST_COMBINATIONS = 64
"""Of options of different choices; each is a class, and twenty choices between two give a million.
"""


class Schemas(Reading):
    """Builds the schemas of one document; `definitions` fills as it goes."""

    def __init__(
        self, document: Document, names: Names, sensitive: Collection[str], types: OwnKinds
    ) -> None:
        super().__init__(document)
        self.names = names
        self._types = types
        self.definitions: dict[SchemaId, Definition] = {}
        self._inside: set[frozenset[int]] = set()
        self.records = Records(self, sensitive)
        self.choices = Choices(self)
        self.family = Family(self)
        self._ids: dict[Hashable, SchemaId] = {}
        self._targets: dict[Hashable, SchemaId | None] = {}
        self._takes_null: dict[SchemaId, bool] = {}
        self._nodes: dict[SchemaId, Node] = {}
        self._waiting: deque[tuple[SchemaId, Node | Shape]] = deque()

    # --- the whole --------------------------------------------------------------------------

    def add_components(self, components: Node | None) -> None:
        """Take every schema under `components/schemas` as a definition."""
        if components is None:
            return
        named = [(component_id(name), node) for name, node in components.members("schemas")]
        for id_, node in named:
            self.names.own(id_, id(node.value))
            self._nodes[id_] = node
            self._waiting.append((id_, node))
            self._ids.setdefault(id(node.value), id_)
        for id_, node in named:
            self._adopt(id_, node)
        self.family.find(named)

    def _adopt(self, id_: SchemaId, node: Node) -> None:
        """Let a component that only refers to a schema of another file be that schema's name."""
        value = node.value
        if isinstance(value, dict) and set(value) == {"$ref"}:
            target = node.target()
            if target is not None and target.source is not node.source:
                key = id(target.value)
                if key not in self._ids or targets.last_word(self.document, target) == id_.name:
                    self._ids[key] = id_

    def run(self) -> None:
        """Build what waits, and what that leads to."""
        while self._waiting:
            id_, source = self._waiting.popleft()
            if id_ in self.definitions:
                continue
            with working_on(source.at):
                if isinstance(source, Shape):
                    self._define_shape(id_, source, NO_DOC, nullable=False)
                else:
                    self.define(id_, source)

    def put(self, definition: Definition) -> None:
        """Take a finished definition."""
        self.definitions[definition.id] = definition

    def degraded(self, at: Location, why: str) -> Anything:
        """Return the widest type, and say why it is that wide."""
        self.diagnostics.warning("degraded", at, f"this may be anything: {why}")
        return Anything(why=why, at=at)

    def loose(self, at: Location, what: str) -> None:
        """Say that something the document asks for is not checked."""
        self.diagnostics.warning("degraded", at, f"not checked: {what}")

    # --- references -------------------------------------------------------------------------

    def id_of(self, target: Node) -> SchemaId:
        """Return the identity of what a reference leads to, which makes it a definition."""
        key = id(target.value)
        known = self._ids.get(key)
        if known is None:
            known = self.names.claim(targets.candidates(self.document, target), key, target.at)
            self._ids[key] = known
            self._nodes.setdefault(known, target)
            self._waiting.append((known, target))
        return known

    @property
    def named_by_document(self) -> int:
        """How many of the schemas have their name from the document."""
        return len({node.at for node in self._nodes.values()})

    def named(self, keys: Collection[int]) -> set[SchemaId]:
        """Return the definitions made of these schema objects, given by their identities."""
        return {id_ for key in keys if (id_ := self._ids.get(key)) is not None}

    def refer(self, node: Node) -> Use:
        """Return the use that `$ref` is."""
        value = node.value
        assert isinstance(value, dict)
        text = value["$ref"]
        if not isinstance(text, str):
            return self.degraded(node.at, "`$ref` is no text")
        place = self.document.place(node, text)
        if place in self._targets:
            id_ = self._targets[place]
        else:
            target = node.target()
            id_ = None if target is None else self.id_of(target)
            self._targets[place] = id_
        if id_ is None:
            return Anything(why="the reference leads to nothing", at=node.at)
        ref = Ref(target=id_, at=node.at)
        return Nullable(of=ref, at=node.at) if self.takes_null(id_) else ref

    def takes_null(self, id_: SchemaId) -> bool:
        """Say whether null fits a definition that cannot say so itself: a record or an enum."""
        known = self._takes_null.get(id_)
        if known is None:
            self._takes_null[id_] = False  # for a definition that is made of itself
            node = self._nodes.get(id_)
            known = False
            if node is not None:
                inner, nullable = self.peel(node)
                if nullable or self._may_be_null(inner):
                    kind = (
                        None
                        if is_reference(self.schema(inner).value)
                        else self.kind(Shape(self.flatten(inner, id_)))
                    )
                    known = kind in ("record", "enum")
            self._takes_null[id_] = known
        return known

    def _may_be_null(self, node: Node) -> bool:
        value = self.schema(node).value
        if not isinstance(value, dict) or is_reference(value):
            return False
        if "allOf" in value:
            return "null" in Shape(self.flatten(node, SchemaId(name=""))).types
        enum = value.get("enum")
        declared = value.get("type")
        if isinstance(enum, list) and None not in enum:
            return False
        if isinstance(enum, list) and declared is None:
            return True
        return isinstance(declared, list) and "null" in declared

    # --- uses -------------------------------------------------------------------------------

    def use(self, node: Node, context: Context) -> Use:
        """Return what a schema is where it stands. `context` names what has no name of its own."""
        schema = self.schema(node)
        value = schema.value
        inner, nullable = node, False
        if type(value) is dict:
            if "$ref" in value and len(value) == 1:
                return self.refer(schema)
            if "allOf" in value and value.keys() <= _ANNOTATED_REFERENCE:
                branches = value["allOf"]
                if isinstance(branches, list) and len(branches) == 1 and is_reference(branches[0]):
                    trail = ((schema.trail, "allOf"), 0)
                    return self.refer(Node(node.document, node.source, trail, branches[0]))
            if not COMBINING.isdisjoint(value):
                inner, nullable = self.peel(node)
                schema = self.schema(inner)
                value = schema.value
            elif value.keys() <= ANNOTATED and id(node.value) not in self._ids:
                plain = plain_scalar(value.get("type"), node)
                if plain is not None:
                    return plain
        use: Use
        if is_silent(value):
            use = Anything(at=node.at)
        elif value is False:
            use = Nothing(at=node.at)
        elif value is None:
            use = Anything(why="it is null", at=node.at)
        elif not isinstance(value, dict):
            node.report_type("a schema")
            use = Anything(why="this is no schema", at=node.at)
        elif is_reference(value):
            use = self.refer(schema)
        else:
            known = self._ids.get(id(inner.value))
            if known is not None:
                use = Ref(target=known, at=node.at)
                nullable = nullable or self.takes_null(known)
            else:
                use = self._inline(Shape(self.flatten(inner, context)), context)
        return nullable_of(use, node.at) if nullable else use

    def _inline(self, shape: Shape, context: Context) -> Use:
        """Return the use of a shape without a name, which cannot hold itself."""
        parts = frozenset(part.key for part in shape.parts)
        if parts in self._inside:
            return self.degraded(shape.at, "it holds itself, and has no name to refer to")
        self._inside.add(parts)
        try:
            return self.build(shape, context)
        finally:
            self._inside.discard(parts)

    def build(self, shape: Shape, context: Context) -> Use:
        """Return the use that a shape is; what needs a name is put on the list."""
        kind = self.kind(shape)
        self._tell_unread(shape, kind)
        use: Use
        match kind:
            case "nothing":
                return self.contradiction(shape, shape.at)
            case "anything":
                return self._anything(shape)
            case "combinations":
                many = self.choices.combinations(shape)
                return self.degraded(
                    shape.at, f"choices that hold at once have {many:,} combinations"
                )
            case "record" | "union":
                id_ = self.hoist(shape, context)
                use = Ref(target=id_, at=shape.at)
                if kind == "union":
                    return use
            case "enum":
                return self._literal(shape)
            case "choice":
                return self.choices.any_of(shape, context)
            case "types":
                return self._by_type(shape, context)
            case "null":
                return Scalar(kind=ScalarKind.NULL, at=shape.at)
            case _:
                use = self.plain(shape, kind, context)
        return nullable_of(use, shape.at) if "null" in shape.types else use

    def _anything(self, shape: Shape) -> Anything:
        words = [
            word
            for word in dict.fromkeys(shape.words())
            if word in KNOWN and (word != "required" or any(map(_is_list, shape.values(word))))
        ]
        if not words:
            return Anything(at=shape.at)
        listed = ", ".join(f"`{word}`" for word in words)
        return self.degraded(shape.at, f"{listed} without `type` says too little")

    def hoist(self, shape: Shape, context: Context) -> SchemaId:
        """Return the identity of a definition for what stands without a name in a context."""
        key = shape.key
        known = self._ids.get(key)
        if known is None:
            names = context_names(context)
            known = self.names.claim(names, key, shape.at)
            self._ids[key] = known
            if known != names[0]:  # what is inside is named after the name that it got
                shape = shape.owned(context, known)
            self._waiting.append((known, shape))
        return known

    def kind(self, shape: Shape) -> str:
        """Return what a shape is: `record`, `enum`, `union` (a choice that deserves a name),
        `choice`, `combinations` (of more choices than there can be classes for), `types`
        (several JSON types), `nothing`, `anything`, or one JSON type.
        """
        types = shape.types
        if not types:
            return "nothing"
        group = self.choices.group(shape)
        if group is not None:
            if self.choices.combinations(shape) > _MOST_COMBINATIONS:
                return "combinations"
            return "union" if self.choices.deserves_name(shape, group) else "choice"
        constants = self.choices.constants(shape)
        if constants is not None and not any(isinstance(c, (list, dict)) for c, _ in constants):
            return "enum"
        real = [type_ for type_ in types if type_ != "null"]
        if not real:
            return "null"
        if len(types) == len(TYPES) - 1:  # number takes integer in
            return "anything"
        if len(real) > 1:
            return "types"
        if real[0] == "object" and self.records.is_record(shape):
            return "record"
        return real[0]

    def plain(self, shape: Shape, type_: str, context: Context) -> Use:
        """Return the list, map or scalar of one JSON type."""
        match type_:
            case "object":
                return self.records.map_of(shape, context)
            case "array":
                return self._list(shape, context)
            case _:
                inner = Within(context, "Content")
                found = scalar(shape, type_, lambda node: self.use(node, inner), self._types)
                if (what := unchecked(found)) is not None:
                    self.loose(shape.at, what)
                return found

    def _by_type(self, shape: Shape, context: Context) -> Use:
        """Return the choice between several JSON types: `type: [string, integer]`."""
        real = [type_ for type_ in shape.types if type_ != "null"]
        options = tuple(
            self.build(Shape(shape.parts, shape.skip, only=type_), context) for type_ in real
        )
        use = self.choices.any_of_uses(options, shape.at)
        return nullable_of(use, shape.at) if "null" in shape.types else use

    def _literal(self, shape: Shape) -> Use:
        values = [value for value, _ in self.choices.constants(shape) or ()]
        literals = literal_values(value for value in values if value is not None)
        if not literals:
            return (
                Scalar(kind=ScalarKind.NULL, at=shape.at)
                if None in values
                else self.contradiction(shape, shape.at)
            )
        use = Literal(values=literals, at=shape.at)
        return Nullable(of=use, at=shape.at) if None in values else use

    def _list(self, shape: Shape, context: Context) -> Use:
        size = size_bounds(shape, "minItems", "maxItems")
        unique = True in shape.values("uniqueItems")
        further = shape.nodes("items") or shape.nodes("unevaluatedItems")
        item = self.together(further, Within(context, "Item"))
        prefixes = shape.having("prefixItems")
        if not prefixes:
            item = item or Anything(at=shape.at)
            return ListOf(item=item, size=size, unique=unique, at=shape.at)
        node = prefixes[-1].node["prefixItems"]
        if len(prefixes) > 1:
            self.loose(node.at, "`prefixItems` of several schemas at once: the last counts")
        items = tuple(
            self.use(entry, Within(context, targets.ordinal(index), "Item"))
            for index, entry in enumerate(node)
        )
        if unique:
            self.loose(shape.at, "`uniqueItems` of a list with `prefixItems`")
        most = size.maximum if size is not None else None
        rest: Use | None = item or Anything(at=node.at)
        if isinstance(rest, Nothing) or (most is not None and most <= len(items)):
            rest = None
        least = size.minimum if size is not None and size.minimum is not None else 0
        if rest is not None or least < len(items):
            kinds = items if rest is None else (*items, rest)
            if any(not equal(kinds[0], other) for other in kinds[1:]):
                # Python has no tuple that may end early, or goes on after what it begins with.
                self.loose(node.at, "which item of a list of no fixed length is of which type")
        return TupleOf(items=items, rest=rest, size=size, at=shape.at)

    def together(self, nodes: list[Node], context: Context) -> Use | None:
        """Return what fits all the schemas at once, None for none."""
        if not nodes:
            return None
        distinct: list[Node] = []
        for node in nodes:
            if all(node.value != other.value for other in distinct):
                distinct.append(node)
        if len(distinct) == 1:
            return self.use(distinct[0], context)
        flat = [self.flatten(node, context) for node in distinct]
        keys = [frozenset(part.key for part in parts) for parts in flat]
        everything = frozenset().union(*keys)
        for node, own in reversed(list(zip(distinct, keys, strict=True))):
            if own == everything:
                return self.use(node, context)
        merged = {part.key: part for parts in flat for part in parts}
        return self.build(Shape(tuple(merged.values())), context)

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

    def _tell_unread(self, shape: Shape, kind: str) -> None:
        """Say which keywords have no say in what becomes of a shape of this kind."""
        for word, node in unread(shape, kind):
            self.loose(node.at, f"`{word}` of {_NOUNS[kind]}")

    # --- definitions ------------------------------------------------------------------------

    def define(self, id_: SchemaId, node: Node) -> None:
        """Make the definition of a schema that has a name."""
        doc = doc_of(self.schema(node))
        inner, nullable = self.peel(node)
        schema = self.schema(inner)
        if is_reference(schema.value):
            target = schema.target()
            if target is not None and self._ids.get(id(target.value)) == id_:
                inner, schema = target, self.schema(target)  # it was given this name
                doc = merged_doc((doc_of(schema), doc))
        owner = self._ids.get(id(inner.value), id_)
        if is_reference(schema.value) or owner != id_:
            use = self.refer(schema) if is_reference(schema.value) else self.use(inner, id_)
            use = nullable_of(use, node.at) if nullable else use
            self.put(Alias(id=id_, type=use, doc=doc, at=node.at))
            return
        if not isinstance(schema.value, dict):
            self.put(Alias(id=id_, type=self.use(inner, id_), doc=doc, at=node.at))
            return
        if inner is not node:
            doc = merged_doc((doc_of(schema), doc))
        if self.family.define(id_, node, doc):
            return
        self._define_shape(id_, Shape(self.flatten(inner, id_)), doc, nullable=nullable)

    def _define_shape(self, id_: SchemaId, shape: Shape, doc: Doc, *, nullable: bool) -> None:
        if not doc.description and len(shape.parts) + (doc is NO_DOC) > 1:
            inside = [
                doc_of(part.node)
                for part in shape.parts
                if (part.owner == id_ or isinstance(part.owner, Within))
                and not only_rules(part.node)
            ]
            doc = merged_doc((*inside, doc))
        at = shape.at
        kind = self.kind(shape)
        match kind:
            case "record":
                self._tell_unread(shape, kind)
                self.put(self.records.record(id_, shape, doc))
            case "enum" if (members := self._members(shape)) is not None:
                self._tell_unread(shape, kind)
                self.put(Enum(id=id_, members=members, doc=doc, at=at))
            case "union" | "choice":
                sole = self.choices.sole(shape, id_)
                if sole is not None:
                    inner, null = sole
                    self._define_shape(id_, inner, doc, nullable=nullable or null)
                else:
                    self.put(self.choices.definition(id_, shape, doc, nullable=nullable))
            case _:
                use = self.build(shape, id_)
                use = nullable_of(use, at) if nullable else use
                self.put(Alias(id=id_, type=use, doc=doc, at=at))

    def _members(self, shape: Shape) -> tuple[EnumMember, ...] | None:
        """Return the members of an enum; None if it is a single `const` or not of scalars."""
        chosen = [each for each in self.choices.constants(shape) or () if each[0] is not None]
        values = literal_values(value for value, _ in chosen)
        if not values or (len(values) == 1 and shape.having("const")):
            return None
        if any(doc != NO_DOC for _, doc in chosen) or not shape.having("enum"):
            docs: Iterable[Doc] = [doc for _, doc in chosen]
        else:
            docs = self._member_docs(shape, values)
        return tuple(
            EnumMember(value=value, doc=doc) for value, doc in zip(values, docs, strict=True)
        )

    def _member_docs(self, shape: Shape, values: tuple[LiteralValue, ...]) -> Iterable[Doc]:
        """Return the words about each value that common extensions hold."""
        part = shape.having("enum")[-1]
        holder = part.value
        assert isinstance(holder, dict)
        texts = _per_value(holder, values, ("x-enum-descriptions", "x-enumDescriptions"))
        titles = _per_value(holder, values, ("x-enum-varnames", "x-enumNames", "x-enum-names"))
        return [
            Doc(title=title, description=text) for title, text in zip(titles, texts, strict=True)
        ]


def _per_value(
    holder: dict[str, Json], values: tuple[LiteralValue, ...], words: tuple[str, ...]
) -> list[Text | None]:
    """Return the text an extension gives each value, as a list beside `enum` or by value."""
    found: Json = next((holder[word] for word in words if word in holder), None)
    listed = holder.get("enum")
    if isinstance(found, list) and isinstance(listed, list):
        found = {str(value): text for value, text in zip(listed, found, strict=False)}
    texts = found if isinstance(found, dict) else {}
    picked = [texts.get(str(value)) for value in values]
    return [Text(text) if isinstance(text, str) else None for text in picked]


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def nullable_of(use: Use, at: Location) -> Use:
    """Return the use with null added, once."""
    if isinstance(use, (Nullable, Anything)) or (
        isinstance(use, Scalar) and use.kind is ScalarKind.NULL
    ):
        return use
    return Nullable(of=use, at=at)
