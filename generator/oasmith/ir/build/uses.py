"""Build the uses of schemas: what a schema is where it stands.

What needs a name is extracted: it is put on the list of definitions to build.
"""

from __future__ import annotations

import re

from oasmith.ir.build import targets
from oasmith.ir.build.choices import (
    Group,
    combinations,
    constants_of,
    group_of,
    read_discriminator,
    skip_of,
    target_of,
)
from oasmith.ir.build.context import Build
from oasmith.ir.build.forms import Form, form_of
from oasmith.ir.build.keywords import KNOWN, unread
from oasmith.ir.build.labels import label, needs_name
from oasmith.ir.build.reading import is_reference, is_silent, is_silent_node
from oasmith.ir.build.references import refer, takes_null
from oasmith.ir.build.scalars import (
    constants,
    literal_values,
    plain_scalar,
    scalar,
    size_bounds,
    text_bounds,
    unchecked,
)
from oasmith.ir.build.shapes import ANNOTATED, ANNOTATIONS, COMBINING, Part, Shape, asks
from oasmith.ir.equality import equal
from oasmith.ir.types import (
    Allowed,
    AnyOf,
    Anything,
    Context,
    Declared,
    Extra,
    Forbidden,
    ListOf,
    Literal,
    MapOf,
    Nothing,
    Nullable,
    Ref,
    Scalar,
    ScalarKind,
    SchemaId,
    TextBounds,
    TupleOf,
    Unresolved,
    Unstated,
    Use,
    Within,
)
from oasmith.openapi import Node
from oasmith.source import Json, Location

_ANNOTATED_REFERENCE = ANNOTATIONS | {"allOf"}

_NOUNS = {
    Form.RECORD: "an object",
    Form.OBJECT: "an object whose keys are free",
    Form.ARRAY: "a list",
    Form.STRING: "a string",
    Form.INTEGER: "an integer",
    Form.NUMBER: "a number",
    Form.BOOLEAN: "a boolean",
    Form.NULL: "null",
    Form.ENUM: "a choice of constants",
}

_UNSTATED = Unstated()
_FORBIDDEN = Forbidden()


def _any_of(build: Build, shape: Shape, context: Context) -> Use:
    """Return the use that a choice is where it stands."""
    group = group_of(build, shape)
    assert group is not None
    options, nullable, declared = options_of(build, shape, group, context, named=False)
    use = any_of_uses(options, shape.at, declared)
    return Nullable(of=use, at=shape.at) if nullable and not isinstance(use, Nullable) else use


def any_of_uses(options: tuple[Use, ...], at: Location, declared: Declared | None = None) -> Use:
    """Return a choice between uses, or the use itself if there is but one."""
    distinct, nullable = _distinct(options)
    if not distinct:
        return Scalar(kind=ScalarKind.NULL, at=at)
    if len(distinct) == 1:
        use = distinct[0]
    else:
        use = AnyOf(options=distinct, told_apart=Unresolved(declared=declared), at=at)
    return Nullable(of=use, at=at) if nullable else use


def options_of(
    build: Build, shape: Shape, group: Group, context: Context, *, named: bool
) -> tuple[tuple[Use, ...], bool, Declared | None]:
    """Return the options, whether null is one, and the declared discriminator.

    What stands beside the choice holds for each option and is merged into it.
    """
    base = Shape(shape.parts, skip_of(shape, group), shape.only)
    real = [option for option in group.options if not build.is_null(option)]
    nullable = len(real) < len(group.options) and (
        "null" in base.types or not any(True for _ in base.words())
    )
    needy = sum(needs_name(option.value) for option in real)
    uses: list[Use] = []
    merged: dict[SchemaId, SchemaId] = {}
    for option in real:
        inside = context
        if (named or needy > 1) and needs_name(option.value):
            inside = Within(context, label(build, option, real), "Option")
        use = _option(build, option, base, inside)
        target = target_of(build, option)
        bare = use.of if isinstance(use, Nullable) else use
        if target is not None and isinstance(bare, Ref):
            merged[target] = bare.target
        uses.append(use)
    distinct, null = _distinct(tuple(uses))
    if not distinct:
        null_use = Scalar(kind=ScalarKind.NULL, at=shape.at)
        return (null_use,), False, None
    if isinstance(distinct[0], Nothing) and base.parts and shape.types:
        build.contradiction(base, group.part.node[group.word].at)
    return distinct, nullable or null, _declared(build, group, merged)


def _option(build: Build, option: Node, base: Shape, context: Context) -> Use:
    own = build.flatten(option, context)
    words = set(base.words())
    if not words or (words == {"type"} and set(Shape(own).types) <= set(base.types)):
        return use_of(build, option, context)
    keys = {part.key for part in own}
    asking = {part.key for part in base.parts if _asks(part, base)}
    if asking <= keys:
        return use_of(build, option, context)
    target = target_of(build, option)
    if target is not None:
        context = Within(context, (target,), "Option")
    added = tuple(part for part in own if part.key not in {p.key for p in base.parts})
    merged = Shape((*base.parts, *added), base.skip, base.only)
    values = constants_of(build, merged)
    if not merged.types or values == []:
        return Nothing(at=option.at)  # what stands beside the choice rules this option out
    return use_of_shape(build, merged, context)


def _asks(part: Part, base: Shape) -> bool:
    value = part.value
    return any(
        word not in ("$ref", "allOf") and (part.key, word) not in base.skip for word in asks(value)
    )


def _declared(build: Build, group: Group, merged: dict[SchemaId, SchemaId]) -> Declared | None:
    node = group.part.node.get("discriminator")
    return None if node is None else read_discriminator(build, node, merged)


def use_of(build: Build, node: Node, context: Context) -> Use:
    """Return what a schema is where it stands. `context` names what has no name of its own."""
    schema = build.schema(node)
    value = schema.value
    inner, nullable = node, False
    if type(value) is dict:
        if "$ref" in value and len(value) == 1:
            return refer(build, schema)
        if "allOf" in value and value.keys() <= _ANNOTATED_REFERENCE:
            branches = value["allOf"]
            if isinstance(branches, list) and len(branches) == 1 and is_reference(branches[0]):
                trail = ((schema.trail, "allOf"), 0)
                return refer(build, Node(node.document, node.source, trail, branches[0]))
        if not COMBINING.isdisjoint(value):
            inner, nullable = build.peel(node)
            schema = build.schema(inner)
            value = schema.value
        elif value.keys() <= ANNOTATED and node.identity not in build.ids:
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
        use = refer(build, schema)
    else:
        known = build.ids.get(inner.identity)
        if known is not None:
            use = Ref(target=known, at=node.at)
            nullable = nullable or takes_null(build, known)
        else:
            use = _inline(build, Shape(build.flatten(inner, context)), context)
    return nullable_of(use, node.at) if nullable else use


def _inline(build: Build, shape: Shape, context: Context) -> Use:
    """Return the use of a shape without a name, which cannot hold itself."""
    parts = frozenset(part.key for part in shape.parts)
    if parts in build.inside:
        return build.degraded(shape.at, "it holds itself, and has no name to refer to")
    build.inside.add(parts)
    try:
        return use_of_shape(build, shape, context)
    finally:
        build.inside.discard(parts)


def use_of_shape(build: Build, shape: Shape, context: Context) -> Use:
    """Return the use that a shape is; what needs a name is put on the list."""
    kind = form_of(build, shape)
    report_unread(build, shape, kind)
    use: Use
    match kind:
        case Form.NOTHING:
            return build.contradiction(shape, shape.at)
        case Form.ANYTHING:
            return _anything(build, shape)
        case Form.COMBINATIONS:
            many = combinations(build, shape)
            return build.degraded(shape.at, f"choices that hold at once have {many:,} combinations")
        case Form.RECORD | Form.UNION:
            id_ = _extract(build, shape, context)
            use = Ref(target=id_, at=shape.at)
            if kind is Form.UNION:
                return use
        case Form.ENUM:
            return _literal(build, shape)
        case Form.CHOICE:
            return _any_of(build, shape, context)
        case Form.TYPES:
            return _by_type(build, shape, context)
        case Form.NULL:
            return Scalar(kind=ScalarKind.NULL, at=shape.at)
        case _:
            use = _plain(build, shape, kind, context)
    return nullable_of(use, shape.at) if "null" in shape.types else use


def _anything(build: Build, shape: Shape) -> Anything:
    words = [
        word
        for word in dict.fromkeys(shape.words())
        if word in KNOWN and (word != "required" or any(map(_is_list, shape.values(word))))
    ]
    if not words:
        return Anything(at=shape.at)
    listed = ", ".join(f"`{word}`" for word in words)
    return build.degraded(shape.at, f"{listed} without `type` says too little")


def _extract(build: Build, shape: Shape, context: Context) -> SchemaId:
    """Return the identity of a definition for what stands without a name in a context."""
    key = shape.key
    known = build.ids.get(key)
    if known is None:
        known = build.unnamed_id(context, shape.at)
        build.ids[key] = known
        # What is inside is named after the name that it gets.
        build.waiting.append((known, shape.owned(context, known)))
    return known


def _plain(build: Build, shape: Shape, type_: Form, context: Context) -> Use:
    """Return the list, map or scalar of one JSON type."""
    match type_:
        case Form.OBJECT:
            return _map_of(build, shape, context)
        case Form.ARRAY:
            return _list(build, shape, context)
        case _:
            inner = Within(context, "Content")
            found = scalar(shape, type_.value, lambda node: use_of(build, node, inner), build.types)
            if (what := unchecked(found)) is not None:
                build.report_unchecked(shape.at, what)
            return found


def _by_type(build: Build, shape: Shape, context: Context) -> Use:
    """Return the choice between several JSON types: `type: [string, integer]`."""
    real = [type_ for type_ in shape.types if type_ != "null"]
    options = tuple(
        use_of_shape(build, Shape(shape.parts, shape.skip, only=type_), context) for type_ in real
    )
    use = any_of_uses(options, shape.at)
    return nullable_of(use, shape.at) if "null" in shape.types else use


def _literal(build: Build, shape: Shape) -> Use:
    values = [value for value, _ in constants_of(build, shape) or ()]
    literals = literal_values(value for value in values if value is not None)
    if not literals:
        return (
            Scalar(kind=ScalarKind.NULL, at=shape.at)
            if None in values
            else build.contradiction(shape, shape.at)
        )
    use = Literal(values=literals, at=shape.at)
    return Nullable(of=use, at=shape.at) if None in values else use


def _list(build: Build, shape: Shape, context: Context) -> Use:
    size = size_bounds(shape, "minItems", "maxItems")
    unique = True in shape.values("uniqueItems")
    further = shape.nodes("items") or shape.nodes("unevaluatedItems")
    item = together(build, further, Within(context, "Item"))
    prefixes = shape.having("prefixItems")
    if not prefixes:
        item = item or Anything(at=shape.at)
        return ListOf(item=item, size=size, unique=unique, at=shape.at)
    node = prefixes[-1].node["prefixItems"]
    if len(prefixes) > 1:
        build.report_unchecked(node.at, "`prefixItems` of several schemas at once: the last counts")
    items = tuple(
        use_of(build, entry, Within(context, targets.ordinal(index), "Item"))
        for index, entry in enumerate(node)
    )
    if unique:
        build.report_unchecked(shape.at, "`uniqueItems` of a list with `prefixItems`")
    most = size.maximum if size is not None else None
    rest: Use | None = item or Anything(at=node.at)
    if isinstance(rest, Nothing) or (most is not None and most <= len(items)):
        rest = None
    least = size.minimum if size is not None and size.minimum is not None else 0
    if rest is not None or least < len(items):
        kinds = items if rest is None else (*items, rest)
        if any(not equal(kinds[0], other) for other in kinds[1:]):
            # Python has no tuple that may end early, or goes on after what it begins with.
            build.report_unchecked(
                node.at, "which item of a list of no fixed length is of which type"
            )
    return TupleOf(items=items, rest=rest, size=size, at=shape.at)


def together(build: Build, nodes: list[Node], context: Context) -> Use | None:
    """Return what fits all the schemas at once, None for none."""
    if not nodes:
        return None
    distinct: list[Node] = []
    for node in nodes:
        if all(node.value != other.value for other in distinct):
            distinct.append(node)
    if len(distinct) == 1:
        return use_of(build, distinct[0], context)
    flat = [build.flatten(node, context) for node in distinct]
    keys = [frozenset(part.key for part in parts) for parts in flat]
    everything = frozenset().union(*keys)
    for node, own in reversed(list(zip(distinct, keys, strict=True))):
        if own == everything:
            return use_of(build, node, context)
    merged = {part.key: part for parts in flat for part in parts}
    return use_of_shape(build, Shape(tuple(merged.values())), context)


def report_unread(build: Build, shape: Shape, kind: Form) -> None:
    """Say which keywords have no say in what becomes of a shape of this kind."""
    for word, node in unread(shape, kind):
        build.report_unchecked(node.at, f"`{word}` of {_NOUNS[kind]}")


def _map_of(build: Build, shape: Shape, context: Context) -> MapOf:
    """Return the map that an object without named members is."""
    size = size_bounds(shape, "minProperties", "maxProperties")
    match extra_of(build, shape, context):
        case Allowed() as extra:
            return MapOf(value=extra.type, keys=extra.keys, size=size, at=shape.at)
        case Forbidden():
            return MapOf(value=Nothing(at=shape.at), size=size, at=shape.at)
        case Unstated():
            value = Anything(at=shape.at)
            return MapOf(value=value, size=size, at=shape.at)


def extra_of(build: Build, shape: Shape, context: Context) -> Extra:
    """Return what an object says of properties that it does not list."""
    # Whatever `additionalProperties` is about counts as evaluated.
    nodes = shape.nodes("additionalProperties") or shape.nodes("unevaluatedProperties")
    closed = any(node.value is False for node in nodes)
    stated = any(node.value is True for node in nodes)
    allowed = [node for node in nodes if not isinstance(node.value, bool)]
    patterns = [node for node in shape.nodes("patternProperties") if node.value]
    if patterns:
        pattern, type_ = _patterns(build, patterns, Within(context, "Value"))
        _report_names(build, shape)
        if closed:
            return Allowed(type=type_, keys=TextBounds(patterns=(pattern,)))
        rest = together(build, allowed, Within(context, "Value"))
        use = rest if rest is not None else Anything(at=patterns[-1].at)
        if equal(type_, use):
            return Allowed(type=type_)
        build.report_unchecked(patterns[-1].at, "which members go by `patternProperties`")
        both = any_of_uses((type_, use), patterns[-1].at)
        return Allowed(type=both)
    if closed:
        _report_names(build, shape)
        return _FORBIDDEN
    if allowed:
        value = together(build, allowed, Within(context, "Value"))
        assert value is not None
        return Allowed(type=value, keys=_keys(build, shape))
    keys = _keys(build, shape)
    if stated or keys is not None:
        return Allowed(type=Anything(at=shape.at), keys=keys)
    return _UNSTATED


def _patterns(build: Build, nodes: list[Node], context: Context) -> tuple[str, Use]:
    """Return one pattern for all names, and what the members may be."""
    entries = [entry for node in nodes for entry in node.items()]
    types = [use_of(build, entry, context) for _, entry in entries]
    if any(not equal(types[0], other) for other in types[1:]):
        build.report_unchecked(nodes[0].at, "which pattern of `patternProperties` goes with what")
    pattern = "|".join(pattern if len(entries) == 1 else f"(?:{pattern})" for pattern, _ in entries)
    return pattern, any_of_uses(tuple(types), nodes[0].at)


def _keys(build: Build, shape: Shape) -> TextBounds | None:
    """Return what `propertyNames` asks of keys."""
    nodes = shape.nodes("propertyNames")
    if not nodes:
        return None
    flat = [part for node in nodes for part in build.flatten(node, SchemaId(name=""))]
    names = Shape(tuple(flat), only="string")
    values = constants(names)
    if values is not None:
        names_ = "|".join(re.escape(str(value)) for value in values)
        return TextBounds(patterns=(f"^(?:{names_})$",))
    words = set(names.words()) & KNOWN - {"type"}
    if not names.types or not words <= {"pattern", "minLength", "maxLength"}:
        build.report_unchecked(nodes[-1].at, "`propertyNames` of this form")
        return None
    return text_bounds(names)


def _report_names(build: Build, shape: Shape) -> None:
    """Say that `propertyNames` has no say beside names that are given."""
    for node in shape.nodes("propertyNames"):
        if not is_silent_node(node):
            build.report_unchecked(node.at, "`propertyNames` beside names that are given")


def nullable_of(use: Use, at: Location) -> Use:
    """Return the use with null added, once."""
    if isinstance(use, (Nullable, Anything)) or (
        isinstance(use, Scalar) and use.kind is ScalarKind.NULL
    ):
        return use
    return Nullable(of=use, at=at)


def _distinct(options: tuple[Use, ...]) -> tuple[tuple[Use, ...], bool]:
    """Return the options without nested choices, repetitions and null, and whether null was one."""
    found: list[Use] = []
    referred: set[SchemaId] = set()
    nullable = False
    waiting = list(options)
    while waiting:
        use = waiting.pop(0)
        if isinstance(use, Nullable):
            nullable = True
            waiting.insert(0, use.of)
        elif isinstance(use, AnyOf) and use.told_apart == Unresolved():
            waiting[:0] = use.options
        elif isinstance(use, Scalar) and use.kind is ScalarKind.NULL:
            nullable = True
        elif isinstance(use, Ref):
            if use.target not in referred:
                referred.add(use.target)
                found.append(use)
        elif not isinstance(use, Nothing) and not any(equal(use, other) for other in found):
            found.append(use)
    if not found and options and not nullable:
        return options[:1], False
    return tuple(found), nullable


def _is_list(value: Json) -> bool:
    return isinstance(value, list)
