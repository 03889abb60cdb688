"""Objects: records with named fields, and maps whose keys are free."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from oasmith.frozen import frozen
from oasmith.ir.build.defaults import MISFIT, fitted
from oasmith.ir.build.keywords import KNOWN
from oasmith.ir.build.names import Context, Within
from oasmith.ir.build.reading import is_silent_node
from oasmith.ir.build.rules import Rules, Unclear, is_choice_of_required, only_rules
from oasmith.ir.build.scalars import constants, size_bounds, text_bounds
from oasmith.ir.build.shapes import Part, Shape
from oasmith.ir.build.words import doc_of, merged_doc
from oasmith.ir.equality import equal
from oasmith.ir.types import (
    Access,
    Allowed,
    Anything,
    Default,
    Doc,
    Extra,
    Field,
    Forbidden,
    MapOf,
    Nothing,
    Nullable,
    Optional,
    Presence,
    Record,
    Required,
    Rule,
    Scalar,
    ScalarKind,
    SchemaId,
    Statement,
    TextBounds,
    Unstated,
    Use,
)
from oasmith.openapi import Node
from oasmith.runtime.semantics.rules import AtMost, HasSize
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.source import Json

if TYPE_CHECKING:
    from oasmith.ir.build.schemas import Schemas

_ACCESS_WORDS = frozenset(("readOnly", "writeOnly"))
_OPTIONAL = Optional()
_REQUIRED = Required()
_UNSTATED = Unstated()
_FORBIDDEN = Forbidden()


@frozen(kw_only=False)
class _Inherited:
    access: Access = Access.BOTH
    default: Node | None = None


_NOTHING_INHERITED = _Inherited()


class Records:
    """Builds records and maps. `sensitive` are names of fields whose texts are secrets."""

    def __init__(self, schemas: Schemas, sensitive: Collection[str]) -> None:
        self.schemas = schemas
        self.sensitive = frozenset(sensitive)
        self._fields: dict[int, Field] = {}
        self._inheritance: dict[int, _Inherited] = {}

    # --- what kind of object ----------------------------------------------------------------

    def is_record(self, shape: Shape) -> bool:
        """Say whether an object has members of its own, or may have none at all."""
        for part in shape.parts:
            value = part.value
            if value.get("properties") or _required(value):
                return True
            if value.get("additionalProperties") is False and not value.get("patternProperties"):
                return True
        return False

    # --- records ----------------------------------------------------------------------------

    def record(self, id_: SchemaId, shape: Shape, doc: Doc) -> Record:
        """Return the record that the parts of a shape make together."""
        described: dict[str, list[tuple[Node, Part]]] = {}
        required: dict[str, Node] = {}
        for part in shape.parts:
            value = part.value
            if "properties" in value:
                for name, member in self.schemas.properties(part):
                    described.setdefault(name, []).append((member, part))
            if _required(value):  # anything else is reported by `check`
                for item in part.node["required"]:
                    if isinstance(item.value, str):
                        required.setdefault(item.value, item)
        fields = tuple(
            self._in_record(id_, name, found, required=name in required)
            for name, found in described.items()
        )
        missing = tuple(  # required, and no word about what it is; `check` reports it
            Field(wire_name=name, type=Anything(at=node.at), presence=_REQUIRED, at=node.at)
            for name, node in required.items()
            if name not in described
        )
        known = {name: [member for member, _ in found] for name, found in described.items()}
        extra = self._extra(shape, id_)
        match extra:
            case Forbidden():
                self._note_closed_parts(shape)
            case Allowed() if len(shape.parts) > 1:
                self._note_further_of_parts(shape, described)
            case _:
                if described:
                    self._note_unknown(missing, described)
        return Record(
            id=id_,
            fields=fields + missing,
            extra=extra,
            rules=self._rules(shape, id_, known),
            doc=doc,
            at=shape.at,
        )

    def _in_record(
        self, id_: SchemaId, name: str, found: list[tuple[Node, Part]], *, required: bool
    ) -> Field:
        if len(found) == 1:
            member, part = found[0]
            field = self.field(name, member, Within(part.owner, name))
        else:
            field = self._combined(name, [member for member, _ in found], Within(id_, name))
        if not required:
            return field
        return Field(
            wire_name=name,
            type=field.type,
            presence=_REQUIRED,
            access=field.access,
            doc=field.doc,
            at=field.at,
        )

    def field(self, name: str, node: Node, context: Context) -> Field:
        """Return the field that a property describes, as it is where nothing requires it."""
        key = id(node.value)
        known = self._fields.get(key) if isinstance(node.value, dict) else None
        if known is None or known.wire_name != name:
            type_ = self._secret(name, self.schemas.use(node, context))
            schema = self.schemas.schema(node)
            known = Field(
                wire_name=name,
                type=type_,
                presence=self.presence([node]),
                access=self._access_of(node),
                doc=doc_of(schema),
                at=node.at,
            )
            self._fields[key] = known
        return known

    def _combined(self, name: str, nodes: list[Node], context: Context) -> Field:
        """Return the field of a property that several parts describe: all of them hold."""
        type_ = self.schemas.together(nodes, context) or Anything(at=nodes[-1].at)
        accesses = {self._access_of(node) for node in nodes} - {Access.BOTH}
        return Field(
            wire_name=name,
            type=self._secret(name, type_),
            presence=self.presence(nodes),
            access=accesses.pop() if len(accesses) == 1 else Access.BOTH,
            doc=merged_doc(doc_of(self.schemas.schema(node)) for node in nodes),
            at=nodes[-1].at,
        )

    def _secret(self, name: str, use: Use) -> Use:
        if name not in self.sensitive:
            return use
        match use:
            case Scalar(kind=ScalarKind.STRING):
                return replace(use, kind=ScalarKind.SECRET)
            case Nullable(of=Scalar(kind=ScalarKind.STRING) as inner):
                return replace(use, of=replace(inner, kind=ScalarKind.SECRET))
            case _:
                return use

    def presence(self, nodes: list[Node]) -> Presence:
        """Return `Default` where one of the schemas has a default that fits, else `Optional`."""
        for node in reversed(nodes):
            value = node.value
            if type(value) is not dict:
                continue
            holder = node if "default" in value else self._inherited(node).default
            if holder is not None:
                value = holder.value
                assert isinstance(value, dict)
                fit = fitted(self.schemas, value["default"], holder)
                return _OPTIONAL if fit is MISFIT else Default(value=fit)
        return _OPTIONAL

    # --- who sends it -----------------------------------------------------------------------

    def _access_of(self, node: Node) -> Access:
        """Return who sends a property: its own word, else that of what it refers to."""
        value = node.value
        if type(value) is not dict:
            return Access.BOTH
        if not _ACCESS_WORDS.isdisjoint(value):
            return _declared_access(value)
        return self._inherited(node).access

    def _inherited(self, node: Node) -> _Inherited:
        """Return what a schema takes over from the one it refers to, by `$ref` or `allOf` of one:
        the nearest `default`, the nearest `readOnly` or `writeOnly`.
        """
        value = node.value
        if type(value) is not dict or ("$ref" not in value and "allOf" not in value):
            return _NOTHING_INHERITED
        target = self.schemas.stands_for(node)
        if target is None or type(target.value) is not dict:
            return _NOTHING_INHERITED
        key = id(target.value)
        known = self._inheritance.get(key)
        if known is None:
            self._inheritance[key] = _NOTHING_INHERITED  # for a reference that leads to itself
            further = self._inherited(target)
            value = target.value
            known = _Inherited(
                access=further.access
                if _ACCESS_WORDS.isdisjoint(value)
                else _declared_access(value),
                default=target if "default" in value else further.default,
            )
            self._inheritance[key] = known
        return known

    # --- further members --------------------------------------------------------------------

    def _extra(self, shape: Shape, context: Context) -> Extra:
        # Whatever `additionalProperties` is about counts as evaluated.
        nodes = shape.nodes("additionalProperties") or shape.nodes("unevaluatedProperties")
        closed = any(node.value is False for node in nodes)
        stated = any(node.value is True for node in nodes)
        allowed = [node for node in nodes if not isinstance(node.value, bool)]
        patterns = [node for node in shape.nodes("patternProperties") if node.value]
        if patterns:
            pattern, type_ = self._patterns(patterns, Within(context, "Value"))
            self._tell_names(shape)
            if closed:
                return Allowed(type=type_, keys=TextBounds(patterns=(pattern,)))
            rest = self.schemas.together(allowed, Within(context, "Value"))
            use = rest if rest is not None else Anything(at=patterns[-1].at)
            if equal(type_, use):
                return Allowed(type=type_)
            self.schemas.loose(patterns[-1].at, "which members go by `patternProperties`")
            both = self.schemas.choices.any_of_uses((type_, use), patterns[-1].at)
            return Allowed(type=both)
        if closed:
            self._tell_names(shape)
            return _FORBIDDEN
        if allowed:
            value = self.schemas.together(allowed, Within(context, "Value"))
            assert value is not None
            return Allowed(type=value, keys=self._keys(shape))
        keys = self._keys(shape)
        if stated or keys is not None:
            return Allowed(type=Anything(at=shape.at), keys=keys)
        return _UNSTATED

    def _patterns(self, nodes: list[Node], context: Context) -> tuple[str, Use]:
        """Return one pattern for all names, and what the members may be."""
        entries = [entry for node in nodes for entry in node.items()]
        types = [self.schemas.use(entry, context) for _, entry in entries]
        if any(not equal(types[0], other) for other in types[1:]):
            self.schemas.loose(nodes[0].at, "which pattern of `patternProperties` goes with what")
        pattern = "|".join(
            pattern if len(entries) == 1 else f"(?:{pattern})" for pattern, _ in entries
        )
        return pattern, self.schemas.choices.any_of_uses(tuple(types), nodes[0].at)

    def _keys(self, shape: Shape) -> TextBounds | None:
        """Return what `propertyNames` asks of keys."""
        nodes = shape.nodes("propertyNames")
        if not nodes:
            return None
        flat = [part for node in nodes for part in self.schemas.flatten(node, SchemaId(name=""))]
        names = Shape(tuple(flat), only="string")
        values = constants(names)
        if values is not None:
            names_ = "|".join(re.escape(str(value)) for value in values)
            return TextBounds(patterns=(f"^(?:{names_})$",))
        words = set(names.words()) & KNOWN - {"type"}
        if not names.types or not words <= {"pattern", "minLength", "maxLength"}:
            self.schemas.loose(nodes[-1].at, "`propertyNames` of this form")
            return None
        return text_bounds(names)

    def _tell_names(self, shape: Shape) -> None:
        """Say that `propertyNames` has no say beside names that are given."""
        for node in shape.nodes("propertyNames"):
            if not is_silent_node(node):
                self.schemas.loose(node.at, "`propertyNames` beside names that are given")

    def _note_unknown(self, missing: Iterable[Field], described: Collection[str]) -> None:
        """Say which required members no schema describes."""
        for field in missing:
            self.schemas.diagnostics.warning(
                "unknown-required",
                field.at,
                f"`{field.wire_name}` is required, but not among the properties",
                did_you_mean(field.wire_name, described),
            )

    def _note_further_of_parts(
        self, shape: Shape, described: dict[str, list[tuple[Node, Part]]]
    ) -> None:
        """Say where further members of one part are properties of others, which it forgets."""
        for part in shape.having("additionalProperties"):
            node = part.node["additionalProperties"]
            own = {name for name, _ in self.schemas.properties(part)}
            if not is_silent_node(node) and not described.keys() <= own:
                self.schemas.loose(node.at, "further members that `allOf` describes elsewhere")

    def _note_closed_parts(self, shape: Shape) -> None:
        """Say where `additionalProperties: false` in a part would refuse the fields of others."""
        for part in shape.having("additionalProperties"):
            value = part.value
            if value["additionalProperties"] is not False:
                continue
            own = value.get("properties")
            known = set(own) if isinstance(own, dict) else set()
            others = {
                name
                for other in shape.parts
                if other is not part
                for name, _ in self.schemas.properties(other)
            }
            if others - known:
                self.schemas.diagnostics.warning(
                    "closed-part",
                    (part.node["additionalProperties"]).at,
                    "taken by the letter this refuses the properties that `allOf` adds",
                    "use `unevaluatedProperties: false` beside the `allOf`",
                )

    # --- rules ------------------------------------------------------------------------------

    def _rules(self, shape: Shape, id_: SchemaId, known: dict[str, list[Node]]) -> tuple[Rule, ...]:
        reader = Rules(_Members(self.schemas, id_, known))
        # Of several schemas for a parameter the nearest one holds.
        nearest = {
            name: schema for node in shape.nodes("x-parameters") for name, schema in node.items()
        }
        rules = [*reader.parameters(nearest.items())]
        for part in shape.parts:
            try:
                rules += reader.of(part.node)
            except Unclear as unclear:
                self.schemas.loose(unclear.node.at, unclear.why)
            for word in ("oneOf", "anyOf"):
                if word in part.node and (part.key, word) not in shape.skip:
                    rules += self._choice(part, word, reader)
        for rule in rules:
            if isinstance(rule, AtMost) and not {rule.field, rule.of} <= known.keys():
                message = "`x-at-most` of a member that nothing describes"
                self.schemas.loose(rule.message.at, message)
        size = size_bounds(shape, "minProperties", "maxProperties")
        if size is not None:
            rules.append(HasSize(size.minimum, size.maximum, message=Statement(at=shape.at)))
        return tuple(rules)

    def _choice(self, part: Part, word: str, reader: Rules) -> tuple[Rule, ...]:
        node = part.node[word]
        try:
            if is_choice_of_required(part.node, word):
                return reader.choice(part.node, word)
            if all(only_rules(branch) for branch in node):
                raise Unclear(node, f"`{word}` of conditions of this form")
        except Unclear as unclear:
            self.schemas.loose(unclear.node.at, unclear.why)
        return ()

    # --- maps -------------------------------------------------------------------------------

    def map_of(self, shape: Shape, context: Context) -> MapOf:
        """Return the map that an object without named members is."""
        size = size_bounds(shape, "minProperties", "maxProperties")
        match self._extra(shape, context):
            case Allowed() as extra:
                return MapOf(value=extra.type, keys=extra.keys, size=size, at=shape.at)
            case Forbidden():
                return MapOf(value=Nothing(at=shape.at), size=size, at=shape.at)
            case Unstated():
                value = Anything(at=shape.at)
                return MapOf(value=value, size=size, at=shape.at)


@frozen(kw_only=False)
class _Members:
    """The members of an object that rules are about: the schemas that describe each."""

    schemas: Schemas
    context: Context
    known: dict[str, list[Node]]

    def narrow(self, field: str, node: Node) -> Use:
        context = Within(Within(self.context, field), "Narrowed", "To")
        use = self.schemas.together([*self.known.get(field, ()), node], context)
        assert use is not None
        return use

    def parameter(self, name: str, node: Node) -> Use:
        return self.schemas.use(node, Within(self.context, name, "Parameter"))

    def inside(self, field: str) -> _Members | None:
        context = Within(self.context, field)
        parts = [
            part
            for node in self.known.get(field, ())
            for part in self.schemas.flatten(self.schemas.peel(node)[0], context)
        ]
        if not parts or self.schemas.kind(Shape(tuple(parts))) != "record":
            return None
        known: dict[str, list[Node]] = {}
        for part in parts:
            for name, member in self.schemas.properties(part):
                known.setdefault(name, []).append(member)
        return _Members(self.schemas, context, known)


def _required(value: dict[str, Json]) -> bool:
    """Say whether a schema requires something: an empty list does not."""
    return isinstance(required := value.get("required"), list) and bool(required)


def _declared_access(value: dict[str, Json]) -> Access:
    read, write = value.get("readOnly") is True, value.get("writeOnly") is True
    if read is write:
        return Access.BOTH
    return Access.READ if read else Access.WRITE
