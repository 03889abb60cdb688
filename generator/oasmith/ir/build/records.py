"""Build records: objects with named fields."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from oasmith.frozen import frozen
from oasmith.ir.build.context import Build, Inherited
from oasmith.ir.build.defaults import MISFIT, fitted
from oasmith.ir.build.forms import Form, form_of, has_required
from oasmith.ir.build.reading import is_silent_node
from oasmith.ir.build.rules import Rules, Unclear, is_choice_of_required, only_rules
from oasmith.ir.build.scalars import size_bounds
from oasmith.ir.build.shapes import Part, Shape
from oasmith.ir.build.uses import extra_of, together, use_of
from oasmith.ir.build.words import doc_of, merged_doc
from oasmith.ir.types import (
    Access,
    Allowed,
    Anything,
    Context,
    Default,
    Doc,
    Field,
    Forbidden,
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
    Use,
    Within,
)
from oasmith.openapi import Node
from oasmith.runtime.semantics.rules import AtMost, HasSize
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.source import Json

_ACCESS_WORDS = frozenset(("readOnly", "writeOnly"))
_OPTIONAL = Optional()
_REQUIRED = Required()

_NOTHING_INHERITED = Inherited()


def record_of_shape(build: Build, id_: SchemaId, shape: Shape, doc: Doc) -> Record:
    """Return the record that the parts of a shape make together."""
    described: dict[str, list[tuple[Node, Part]]] = {}
    required: dict[str, Node] = {}
    for part in shape.parts:
        value = part.value
        if "properties" in value:
            for name, member in build.properties(part):
                described.setdefault(name, []).append((member, part))
        if has_required(value):  # anything else is reported by `check`
            for item in part.node["required"]:
                if isinstance(item.value, str):
                    required.setdefault(item.value, item)
    fields = tuple(
        _in_record(build, id_, name, found, required=name in required)
        for name, found in described.items()
    )
    missing = tuple(  # required, and no word about what it is; `check` reports it
        Field(wire_name=name, type=Anything(at=node.at), presence=_REQUIRED, at=node.at)
        for name, node in required.items()
        if name not in described
    )
    known = {name: [member for member, _ in found] for name, found in described.items()}
    extra = extra_of(build, shape, id_)
    match extra:
        case Forbidden():
            _note_closed_parts(build, shape)
        case Allowed() if len(shape.parts) > 1:
            _note_further_of_parts(build, shape, described)
        case _:
            if described:
                _note_unknown(build, missing, described)
    return Record(
        id=id_,
        fields=fields + missing,
        extra=extra,
        rules=_rules(build, shape, id_, known),
        doc=doc,
        at=shape.at,
    )


def _in_record(
    build: Build, id_: SchemaId, name: str, found: list[tuple[Node, Part]], *, required: bool
) -> Field:
    if len(found) == 1:
        member, part = found[0]
        field = _field(build, name, member, Within(part.owner, name))
    else:
        field = _combined(build, name, [member for member, _ in found], Within(id_, name))
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


def _field(build: Build, name: str, node: Node, context: Context) -> Field:
    """Return the field that a property describes, as it is where nothing requires it."""
    key = node.identity
    known = build.fields.get(key) if isinstance(node.value, dict) else None
    if known is None or known.wire_name != name:
        type_ = _secret(build, name, use_of(build, node, context))
        schema = build.schema(node)
        known = Field(
            wire_name=name,
            type=type_,
            presence=presence_of(build, [node]),
            access=_access_of(build, node),
            doc=doc_of(schema),
            at=node.at,
        )
        build.fields[key] = known
    return known


def _combined(build: Build, name: str, nodes: list[Node], context: Context) -> Field:
    """Return the field of a property that several parts describe: all of them hold."""
    type_ = together(build, nodes, context) or Anything(at=nodes[-1].at)
    accesses = {_access_of(build, node) for node in nodes} - {Access.BOTH}
    return Field(
        wire_name=name,
        type=_secret(build, name, type_),
        presence=presence_of(build, nodes),
        access=accesses.pop() if len(accesses) == 1 else Access.BOTH,
        doc=merged_doc(doc_of(build.schema(node)) for node in nodes),
        at=nodes[-1].at,
    )


def _secret(build: Build, name: str, use: Use) -> Use:
    if name not in build.sensitive:
        return use
    match use:
        case Scalar(kind=ScalarKind.STRING):
            return replace(use, kind=ScalarKind.SECRET)
        case Nullable(of=Scalar(kind=ScalarKind.STRING) as inner):
            return replace(use, of=replace(inner, kind=ScalarKind.SECRET))
        case _:
            return use


def presence_of(build: Build, nodes: list[Node]) -> Presence:
    """Return `Default` where one of the schemas has a default that fits, else `Optional`."""
    for node in reversed(nodes):
        value = node.value
        if type(value) is not dict:
            continue
        holder = node if "default" in value else _inherited(build, node).default
        if holder is not None:
            value = holder.value
            assert isinstance(value, dict)
            fit = fitted(build, value["default"], holder)
            return _OPTIONAL if fit is MISFIT else Default(value=fit)
    return _OPTIONAL


def _access_of(build: Build, node: Node) -> Access:
    """Return who sends a property: its own word, else that of what it refers to."""
    value = node.value
    if type(value) is not dict:
        return Access.BOTH
    if not _ACCESS_WORDS.isdisjoint(value):
        return _declared_access(value)
    return _inherited(build, node).access


def _inherited(build: Build, node: Node) -> Inherited:
    """Return what a schema takes over from the one it refers to, by `$ref` or `allOf` of one:
    the nearest `default`, the nearest `readOnly` or `writeOnly`.
    """
    value = node.value
    if type(value) is not dict or ("$ref" not in value and "allOf" not in value):
        return _NOTHING_INHERITED
    target = build.stands_for(node)
    if target is None or type(target.value) is not dict:
        return _NOTHING_INHERITED
    key = target.identity
    known = build.inherited.get(key)
    if known is None:
        build.inherited[key] = _NOTHING_INHERITED  # for a reference that leads to itself
        further = _inherited(build, target)
        value = target.value
        known = Inherited(
            access=further.access if _ACCESS_WORDS.isdisjoint(value) else _declared_access(value),
            default=target if "default" in value else further.default,
        )
        build.inherited[key] = known
    return known


def _note_unknown(build: Build, missing: Iterable[Field], described: Collection[str]) -> None:
    """Say which required members no schema describes."""
    for field in missing:
        build.diagnostics.warning(
            "unknown-required",
            field.at,
            f"`{field.wire_name}` is required, but not among the properties",
            did_you_mean(field.wire_name, described),
        )


def _note_further_of_parts(
    build: Build, shape: Shape, described: dict[str, list[tuple[Node, Part]]]
) -> None:
    """Say where further members of one part are properties of others, which it forgets."""
    for part in shape.having("additionalProperties"):
        node = part.node["additionalProperties"]
        own = {name for name, _ in build.properties(part)}
        if not is_silent_node(node) and not described.keys() <= own:
            build.report_unchecked(node.at, "further members that `allOf` describes elsewhere")


def _note_closed_parts(build: Build, shape: Shape) -> None:
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
            for name, _ in build.properties(other)
        }
        if others - known:
            build.diagnostics.warning(
                "closed-part",
                (part.node["additionalProperties"]).at,
                "taken by the letter this refuses the properties that `allOf` adds",
                "use `unevaluatedProperties: false` beside the `allOf`",
            )


def _rules(
    build: Build, shape: Shape, id_: SchemaId, known: dict[str, list[Node]]
) -> tuple[Rule, ...]:
    reader = Rules(_Members(build, id_, known))
    # Of several schemas for a parameter the nearest one holds.
    nearest = {
        name: schema for node in shape.nodes("x-parameters") for name, schema in node.items()
    }
    rules = [*reader.parameters(nearest.items())]
    for part in shape.parts:
        try:
            rules += reader.of(part.node)
        except Unclear as unclear:
            build.report_unchecked(unclear.node.at, unclear.why)
        for word in ("oneOf", "anyOf"):
            if word in part.node and (part.key, word) not in shape.skip:
                rules += _choice(build, part, word, reader)
    for rule in rules:
        if isinstance(rule, AtMost) and not {rule.field, rule.of} <= known.keys():
            message = "`x-at-most` of a member that nothing describes"
            build.report_unchecked(rule.message.at, message)
    size = size_bounds(shape, "minProperties", "maxProperties")
    if size is not None:
        rules.append(HasSize(size.minimum, size.maximum, message=Statement(at=shape.at)))
    return tuple(rules)


def _choice(build: Build, part: Part, word: str, reader: Rules) -> tuple[Rule, ...]:
    node = part.node[word]
    try:
        if is_choice_of_required(part.node, word):
            return reader.choice(part.node, word)
        if all(only_rules(branch) for branch in node):
            raise Unclear(node, f"`{word}` of conditions of this form")
    except Unclear as unclear:
        build.report_unchecked(unclear.node.at, unclear.why)
    return ()


@frozen(kw_only=False)
class _Members:
    """The members of an object that rules are about: the schemas that describe each."""

    build: Build
    context: Context
    known: dict[str, list[Node]]

    def narrow(self, field: str, node: Node) -> Use:
        context = Within(Within(self.context, field), "Narrowed", "To")
        use = together(self.build, [*self.known.get(field, ()), node], context)
        assert use is not None
        return use

    def parameter(self, name: str, node: Node) -> Use:
        return use_of(self.build, node, Within(self.context, name, "Parameter"))

    def inside(self, field: str) -> _Members | None:
        context = Within(self.context, field)
        parts = [
            part
            for node in self.known.get(field, ())
            for part in self.build.flatten(self.build.peel(node)[0], context)
        ]
        if not parts or form_of(self.build, Shape(tuple(parts))) is not Form.RECORD:
            return None
        known: dict[str, list[Node]] = {}
        for part in parts:
            for name, member in self.build.properties(part):
                known.setdefault(name, []).append(member)
        return _Members(self.build, context, known)


def _declared_access(value: dict[str, Json]) -> Access:
    read, write = value.get("readOnly") is True, value.get("writeOnly") is True
    if read is write:
        return Access.BOTH
    return Access.READ if read else Access.WRITE
