"""Objects: records with named fields, and maps whose keys are free."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from oasmith.ir.lower.defaults import MISFIT, fitted
from oasmith.ir.lower.names import Context, Within
from oasmith.ir.lower.rules import Rules, Unclear, is_choice_of_required, only_rules
from oasmith.ir.lower.scalars import constants, size_bounds
from oasmith.ir.lower.shapes import Part, Shape
from oasmith.ir.lower.words import doc_of, merged_doc
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
    ParameterNarrowing,
    Presence,
    Record,
    Required,
    Rule,
    Scalar,
    ScalarKind,
    SchemaId,
    Unstated,
    Use,
)
from oasmith.openapi import Node
from oasmith.source import Json

if TYPE_CHECKING:
    from oasmith.ir.lower.schemas import Schemas

_OPTIONAL = Optional()
_REQUIRED = Required()
_UNSTATED = Unstated()
_FORBIDDEN = Forbidden()


class Records:
    """Lowers object schemas. `sensitive` are names of fields whose texts are secrets."""

    def __init__(self, schemas: Schemas, sensitive: Collection[str]) -> None:
        self.schemas = schemas
        self.sensitive = frozenset(sensitive)
        self._fields: dict[int, Field] = {}
        self._with_unions: set[int] = set()

    # --- what kind of object ----------------------------------------------------------------

    def is_record(self, shape: Shape) -> bool:
        """Say whether an object has members of its own, or may have none at all."""
        for part in shape.parts:
            value = part.node.value
            assert isinstance(value, dict)
            if value.get("properties") or value.get("required"):
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
            value = part.node.value
            assert isinstance(value, dict)
            if "properties" in value:
                for name, member in part.node["properties"].items():
                    described.setdefault(name, []).append((member, part))
            if "required" in value:
                for item in part.node["required"]:
                    if isinstance(item.value, str):
                        required.setdefault(item.value, item)
        fields = tuple(
            self._in_record(id_, name, found, required=name in required)
            for name, found in described.items()
        )
        missing = tuple(
            self._undescribed(name, node) for name, node in required.items() if name not in described
        )
        known = {name: [member for member, _ in found] for name, found in described.items()}
        extra = self._extra(shape, id_)
        if isinstance(extra, Forbidden):
            self._note_closed_parts(shape)
        return Record(
            id=id_,
            fields=fields + missing,
            extra=extra,
            rules=self._rules(shape, id_, known),
            narrows=self._narrows(shape, id_),
            size=size_bounds(shape, "minProperties", "maxProperties"),
            doc=doc,
            at=shape.at,
        )

    def _undescribed(self, name: str, node: Node) -> Field:
        self.schemas.diagnostics.warning(
            "unknown-required",
            node.at,
            f"`{name}` is required, but no property of that name is described",
            "describe it under `properties`, or take it out of `required`",
        )
        return Field(
            wire_name=name, type=Anything(at=node.at), presence=_REQUIRED, at=node.at
        )

    def _in_record(
        self, id_: SchemaId, name: str, found: list[tuple[Node, Part]], *, required: bool
    ) -> Field:
        if len(found) == 1:
            member, part = found[0]
            field = self.field(name, member, Within(part.owner, name))
        else:
            field = self._combined(name, [member for member, _ in found], Within(id_, name))
        return replace(field, presence=_REQUIRED) if required else field

    def field(self, name: str, node: Node, context: Context) -> Field:
        """Return the field that a property describes, as it is where nothing requires it."""
        key = id(node.value)
        known = self._fields.get(key) if isinstance(node.value, dict) else None
        if known is not None and known.wire_name == name:
            self.schemas.holds_union |= key in self._with_unions
        else:
            before, self.schemas.holds_union = self.schemas.holds_union, False
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
            if self.schemas.holds_union:
                self._with_unions.add(key)
            self.schemas.holds_union |= before
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
        for node in reversed(nodes):
            value = self.schemas.schema(node).value
            found = self._default(node, value)
            if found is not None:
                return found
        return _OPTIONAL

    def _default(self, node: Node, value: Json) -> Presence | None:
        """Return the default that a schema has, its own or of what it refers to."""
        if not isinstance(value, dict):
            return None
        if "default" in value:
            return self.presence_of_default(node)
        if "$ref" in value:
            target = self.schemas.schema(node).target()
            if target is not None:
                end = self.schemas.schema(target.follow())
                if isinstance(end.value, dict) and "default" in end.value:
                    return self.presence_of_default(end)
        return None

    def presence_of_default(self, node: Node) -> Presence:
        """Return `Default` if the value under `default` fits the schema, else `Optional`."""
        schema = self.schemas.schema(node)
        default = schema["default"]
        value = fitted(self.schemas, default.value, node)
        if value is MISFIT:
            if default.value is not None:  # a null says no more than that there is no default
                self.schemas.diagnostics.warning(
                    "invalid-default", default.at, "this default does not fit its schema"
                )
            return _OPTIONAL
        return Default(value=value)  # type: ignore[arg-type]

    # --- who sends it -----------------------------------------------------------------------

    def _access_of(self, node: Node) -> Access:
        value = self.schemas.schema(node).value
        if not isinstance(value, dict):
            return Access.BOTH
        own = _declared_access(value)
        if own is not Access.BOTH:
            return own
        if "$ref" in value or "allOf" in value:
            for part in self.schemas.referred(node):
                inner = self.schemas.schema(part).value
                if isinstance(inner, dict):
                    own = _declared_access(inner)
                    if own is not Access.BOTH:
                        return own
        return Access.BOTH

    # --- further members --------------------------------------------------------------------

    def _extra(self, shape: Shape, context: Context) -> Extra:
        closed = False
        allowed: list[Node] = []
        stated = False
        for word in ("additionalProperties", "unevaluatedProperties"):
            for node in shape.nodes(word):
                if node.value is False:
                    closed = True
                elif node.value is True:
                    stated = True
                else:
                    allowed.append(node)
        patterns = shape.nodes("patternProperties")
        if patterns:
            pattern, type_ = self._patterns(patterns, Within(context, "Value"))
            if allowed or stated:
                self.schemas.loose(patterns[-1].at, "`patternProperties` beside further members")
                rest = self.schemas.together(allowed, Within(context, "Value"))
                use = rest if rest is not None else Anything(at=patterns[-1].at)
                return Allowed(type=self.schemas.choices.undecided_any_of(
                    (type_, use), patterns[-1].at))
            return Allowed(type=type_, pattern=pattern)
        if closed:
            return _FORBIDDEN
        if allowed:
            use = self.schemas.together(allowed, Within(context, "Value"))
            assert use is not None
            return Allowed(type=use, pattern=self._key_pattern(shape))
        pattern_of_names = self._key_pattern(shape)
        if stated or pattern_of_names is not None:
            return Allowed(type=Anything(at=shape.at), pattern=pattern_of_names)
        return _UNSTATED

    def _patterns(self, nodes: list[Node], context: Context) -> tuple[str, Use]:
        """Return one pattern for all names, and what the members may be."""
        entries = [entry for node in nodes for entry in node.items()]
        types = [self.schemas.use(entry, context) for _, entry in entries]
        if len(entries) > 1:
            self.schemas.loose(nodes[0].at, "which pattern of `patternProperties` goes with what")
        pattern = "|".join(
            pattern if len(entries) == 1 else f"(?:{pattern})" for pattern, _ in entries
        )
        if not types:
            return "(?!)", Nothing(at=nodes[0].at)
        return pattern, self.schemas.choices.undecided_any_of(tuple(types), nodes[0].at)

    def _key_pattern(self, shape: Shape) -> str | None:
        """Return the pattern that `propertyNames` asks of keys."""
        nodes = shape.nodes("propertyNames")
        if not nodes:
            return None
        flat = [part for node in nodes for part in self.schemas.flatten(node, SchemaId(name=""))]
        names = Shape(tuple(flat), only="string")
        values = constants(names)
        if values is not None:
            return "^(?:" + "|".join(re.escape(str(value)) for value in values) + ")$"
        words = set(names.words()) - {"type"}
        patterns = [p for p in names.values("pattern") if isinstance(p, str)]
        if words <= {"pattern"} and len(patterns) <= 1:
            return patterns[0] if patterns else None
        least, most = names.values("minLength"), names.values("maxLength")
        if words <= {"minLength", "maxLength"} and len(least) <= 1 and len(most) <= 1:
            low = least[0] if least else 0
            high = most[0] if most else ""
            return f"^[\\s\\S]{{{low},{high}}}$"
        self.schemas.loose(nodes[-1].at, "`propertyNames` of this form")
        return None

    def _note_closed_parts(self, shape: Shape) -> None:
        """Say where `additionalProperties: false` in a part would refuse the fields of others."""
        for part in shape.having("additionalProperties"):
            value = part.node.value
            assert isinstance(value, dict)
            if value["additionalProperties"] is not False:
                continue
            own = value.get("properties")
            known = set(own) if isinstance(own, dict) else set()
            others = {
                name
                for other in shape.parts
                if other is not part
                for name, _ in other.node.members("properties")
            }
            if others - known:
                self.schemas.diagnostics.warning(
                    "closed-part",
                    (part.node["additionalProperties"]).at,
                    "taken by the letter this refuses the properties that `allOf` adds",
                    "use `unevaluatedProperties: false` beside the `allOf`",
                )

    # --- rules ------------------------------------------------------------------------------

    def _rules(
        self, shape: Shape, id_: SchemaId, known: dict[str, list[Node]]
    ) -> tuple[Rule, ...]:
        def narrow(field: str, node: Node) -> Use:
            nodes = [*known.get(field, ()), node]
            use = self.schemas.together(nodes, Within(Within(id_, field), "Narrowed", "To"))
            assert use is not None
            return use

        reader = Rules(narrow)
        rules: list[Rule] = []
        for part in shape.parts:
            try:
                rules += reader.of(part.node)
            except Unclear as unclear:
                self.schemas.loose(unclear.node.at, unclear.why)
            for word in ("oneOf", "anyOf"):
                if word in part.node and (part.key, word) not in shape.skip:
                    rules += self._choice(part, word, reader)
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

    def _narrows(self, shape: Shape, id_: SchemaId) -> tuple[ParameterNarrowing, ...]:
        """Return what `x-parameters` says, the nearest part first to speak of a parameter."""
        found: dict[str, ParameterNarrowing] = {}
        for node in shape.nodes("x-parameters"):
            for name, schema in node.items():
                use = self.schemas.use(schema, Within(id_, name, "Parameter"))
                found[name] = ParameterNarrowing(parameter=name, type=use, at=schema.at)
        return tuple(found.values())

    # --- maps -------------------------------------------------------------------------------

    def map_of(self, shape: Shape, context: Context) -> MapOf:
        """Return the map that an object without named members is."""
        for word in ("not", "if", "dependentRequired", "dependentSchemas"):
            for node in shape.nodes(word):
                self.schemas.loose(node.at, f"`{word}` of a map")
        size = size_bounds(shape, "minProperties", "maxProperties")
        match self._extra(shape, context):
            case Allowed() as extra:
                return MapOf(value=extra.type, key_pattern=extra.pattern, size=size, at=shape.at)
            case Forbidden():
                return MapOf(value=Nothing(at=shape.at), size=size, at=shape.at)
            case Unstated():
                value = Anything(at=shape.at)
                return MapOf(value=value, size=size, at=shape.at)


def _declared_access(value: dict[str, Json]) -> Access:
    read, write = value.get("readOnly") is True, value.get("writeOnly") is True
    if read is write:
        return Access.BOTH
    return Access.READ if read else Access.WRITE
