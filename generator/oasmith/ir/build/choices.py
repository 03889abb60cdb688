"""`oneOf` and `anyOf`: which of them are choices between types, and what their options are.

How the options are discriminated is resolved when every definition is known (the pass
`resolve_unions`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oasmith.frozen import frozen
from oasmith.ir.build.names import Context, Within, component_id, pascal
from oasmith.ir.build.rules import only_rules
from oasmith.ir.build.scalars import constants
from oasmith.ir.build.shapes import Part, Shape, asks
from oasmith.ir.build.words import doc_of
from oasmith.ir.equality import equal
from oasmith.ir.types import (
    Alias,
    AnyOf,
    Declared,
    Definition,
    Doc,
    Nothing,
    Nullable,
    Ref,
    Scalar,
    ScalarKind,
    SchemaId,
    Union,
    Unresolved,
    Use,
)
from oasmith.openapi import Node
from oasmith.openapi.refs import looks_like_reference
from oasmith.source import Json, Location

if TYPE_CHECKING:
    from oasmith.ir.build.schemas import Schemas

_CONSTANT_WORDS = frozenset(("const", "enum", "oneOf", "anyOf"))


@frozen
class Group:
    """The options of one `oneOf` or `anyOf`."""

    part: Part
    word: str
    options: tuple[Node, ...]


class Choices:
    """Builds the compositions of one document."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self._objects: dict[int, bool] = {}
        self._constants: dict[tuple[int, str], dict[tuple[str, Json], Doc] | None] = {}
        self._members: dict[int, dict[str, Node]] = {}
        self._rules_only: dict[tuple[int, str], bool] = {}

    # --- what is a choice -------------------------------------------------------------------

    def group(self, shape: Shape) -> Group | None:
        """Return the first choice between types, None if there is none.

        A choice of which an option includes the whole shape again is none: a child by `allOf`
        inherits what its parent says, not that it is one of the parent's children.
        """
        for part in shape.parts:
            value = part.value
            for word in ("oneOf", "anyOf"):
                if word not in value or (part.key, word) in shape.skip:
                    continue
                if self._is_rule(part, word) or self.constants_of(part, word) is not None:
                    continue
                options = tuple(part.node[word])
                if options and not self._leads_back(shape, part, options):
                    return Group(part=part, word=word, options=options)
        return None

    def _is_rule(self, part: Part, word: str) -> bool:
        known = self._rules_only.get((part.key, word))
        if known is None:
            known = all(only_rules(option) for option in part.node[word])
            self._rules_only[part.key, word] = known
        return known

    def _leads_back(self, shape: Shape, part: Part, options: tuple[Node, ...]) -> bool:
        if len(shape.parts) == 1:
            return False
        inside = {other.key for other in shape.parts if other is not part}
        for option in options:
            value = self.schemas.schema(option).value
            if isinstance(value, dict) and "$ref" in value:
                keys = {p.key for p in self.schemas.flatten(option, SchemaId(name=""))}
                if part.key in keys and keys & inside:
                    return True
        return False

    def constants_of(self, part: Part, word: str) -> dict[tuple[str, Json], Doc] | None:
        """Return the values of a choice between constants alone, each with its words; None if
        the choice is between anything else.
        """
        key = (part.key, word)
        if key not in self._constants:
            self._constants[key] = self._read_constants(part.node[word])
        return self._constants[key]

    def _read_constants(self, options: Node) -> dict[tuple[str, Json], Doc] | None:
        found: dict[tuple[str, Json], Doc] = {}
        for option in options:
            schema = self.schemas.schema(option)
            value = schema.value
            if not isinstance(value, dict):
                return None
            if self.schemas.is_null(option):
                found.setdefault((_kind(None), None), Doc())
                continue
            if not {*asks(value)} <= {"const", "enum", "type"}:
                return None
            values = [value["const"]] if "const" in value else value.get("enum")
            if not isinstance(values, list):
                return None
            for each in values:
                if isinstance(each, (list, dict)):
                    return None
                found.setdefault((_kind(each), each), doc_of(schema) if len(values) == 1 else Doc())
        return found if any(value is not None for _, value in found) else None

    def constants(self, shape: Shape) -> list[tuple[Json, Doc]] | None:
        """Return the values that `const`, `enum` and choices between constants leave, with their
        words; None where the shape has none of these.
        """
        if not shape.has_any(_CONSTANT_WORDS):
            return None
        values = constants(shape)
        chosen: list[dict[tuple[str, Json], Doc]] = [
            found
            for part in shape.parts
            for word in ("oneOf", "anyOf")
            if word in part.node
            and (part.key, word) not in shape.skip
            and (found := self.constants_of(part, word)) is not None
        ]
        if not chosen:
            return None if values is None else [(value, Doc()) for value in values]
        listed = [value for _, value in chosen[0]] if values is None else values
        return [
            (value, chosen[0][_kind(value), value])
            for value in listed
            if all(
                not isinstance(value, (list, dict)) and (_kind(value), value) in found
                for found in chosen
            )
        ]

    def combinations(self, shape: Shape) -> int:
        """Return in how many ways options of different choices can hold at once."""
        sizes = [
            len(options)
            for part in shape.parts
            for word in ("oneOf", "anyOf")
            if isinstance(options := part.value.get(word), list)
            and options
            and not self._is_rule(part, word)
            and self.constants_of(part, word) is None
        ]
        return math.prod(sizes) if len(sizes) > 1 else 1

    def deserves_name(self, shape: Shape, group: Group) -> bool:
        """Say whether a choice is worth a name of its own: one between objects is."""
        if "discriminator" in group.part.node:
            return True
        return sum(self._is_object(option) for option in group.options) > 1

    def _is_object(self, node: Node) -> bool:
        inner, _ = self.schemas.peel(node)
        inner = self.schemas.end(inner)
        key = id(inner.value)
        known = self._objects.get(key)
        if known is None:
            self._objects[key] = False  # for a choice that is an option of itself
            shape = Shape(self.schemas.flatten(inner, SchemaId(name="")))
            types = [type_ for type_ in shape.types if type_ != "null"]
            group = self.group(shape)
            known = types == ["object"] or (
                group is not None and any(self._is_object(option) for option in group.options)
            )
            self._objects[key] = known
        return known

    # --- uses and definitions ---------------------------------------------------------------

    def any_of(self, shape: Shape, context: Context) -> Use:
        """Return the use that a choice is where it stands."""
        group = self.group(shape)
        assert group is not None
        options, nullable, declared = self._options(shape, group, context, named=False)
        use = self.any_of_uses(options, shape.at, declared)
        return Nullable(of=use, at=shape.at) if nullable and not isinstance(use, Nullable) else use

    def definition(self, id_: SchemaId, shape: Shape, doc: Doc, *, nullable: bool) -> Definition:
        """Return the union that a choice with a name is; an alias if one option is left."""
        group = self.group(shape)
        assert group is not None
        options, null, declared = self._options(shape, group, id_, named=True)
        nullable = nullable or null
        if len(options) == 1:
            use = Nullable(of=options[0], at=shape.at) if nullable else options[0]
            return Alias(id=id_, type=use, doc=doc, at=shape.at)
        return Union(
            id=id_,
            options=options,
            told_apart=Unresolved(declared=declared),
            nullable=nullable,
            doc=doc,
            at=shape.at,
        )

    def sole(self, shape: Shape, owner: SchemaId) -> tuple[Shape, bool] | None:
        """Return the shape of a choice with one option, and whether null is the other; None if
        there are more.
        """
        group = self.group(shape)
        assert group is not None
        real = [option for option in group.options if not self.schemas.is_null(option)]
        if len(real) != 1:
            return None
        keys = {part.key for part in shape.parts}
        added = tuple(p for p in self.schemas.flatten(real[0], owner) if p.key not in keys)
        merged = Shape((*shape.parts, *added), self._skip(shape, group), shape.only)
        return merged, len(real) < len(group.options)

    def any_of_uses(
        self, options: tuple[Use, ...], at: Location, declared: Declared | None = None
    ) -> Use:
        """Return a choice between uses, or the use itself if there is but one."""
        distinct, nullable = _distinct(options)
        if not distinct:
            return Scalar(kind=ScalarKind.NULL, at=at)
        if len(distinct) == 1:
            use = distinct[0]
        else:
            use = AnyOf(options=distinct, told_apart=Unresolved(declared=declared), at=at)
        return Nullable(of=use, at=at) if nullable else use

    # --- options ----------------------------------------------------------------------------

    def _skip(self, shape: Shape, group: Group) -> frozenset[tuple[int, str]]:
        return shape.skip | {(group.part.key, group.word)}

    def _options(
        self, shape: Shape, group: Group, context: Context, *, named: bool
    ) -> tuple[tuple[Use, ...], bool, Declared | None]:
        """Return the options, whether null is one, and the declared discriminator.

        What stands beside the choice holds for each option and is merged into it.
        """
        base = Shape(shape.parts, self._skip(shape, group), shape.only)
        real = [option for option in group.options if not self.schemas.is_null(option)]
        nullable = len(real) < len(group.options) and (
            "null" in base.types or not any(True for _ in base.words())
        )
        needy = sum(_needs_name(option.value) for option in real)
        uses: list[Use] = []
        merged: dict[SchemaId, SchemaId] = {}
        for option in real:
            inside = context
            if (named or needy > 1) and _needs_name(option.value):
                inside = Within(context, self._label(option, real), "Option")
            use = self._option(option, base, inside)
            target = self._target(option)
            bare = use.of if isinstance(use, Nullable) else use
            if target is not None and isinstance(bare, Ref):
                merged[target] = bare.target
            uses.append(use)
        distinct, null = _distinct(tuple(uses))
        if not distinct:
            null_use = Scalar(kind=ScalarKind.NULL, at=shape.at)
            return (null_use,), False, None
        if isinstance(distinct[0], Nothing) and base.parts and shape.types:
            self.schemas.contradiction(base, group.part.node[group.word].at)
        return distinct, nullable or null, self._declared(group, merged)

    def _option(self, option: Node, base: Shape, context: Context) -> Use:
        own = self.schemas.flatten(option, context)
        words = set(base.words())
        if not words or (words == {"type"} and set(Shape(own).types) <= set(base.types)):
            return self.schemas.use(option, context)
        keys = {part.key for part in own}
        asking = {part.key for part in base.parts if self._asks(part, base)}
        if asking <= keys:
            return self.schemas.use(option, context)
        target = self._target(option)
        if target is not None:
            context = Within(context, target.name, "Option")
        added = tuple(part for part in own if part.key not in {p.key for p in base.parts})
        merged = Shape((*base.parts, *added), base.skip, base.only)
        values = self.constants(merged)
        if not merged.types or values == []:
            return Nothing(at=option.at)  # what stands beside the choice rules this option out
        return self.schemas.build(merged, context)

    def _asks(self, part: Part, base: Shape) -> bool:
        value = part.value
        return any(
            word not in ("$ref", "allOf") and (part.key, word) not in base.skip
            for word in asks(value)
        )

    def _target(self, option: Node) -> SchemaId | None:
        """Return the definition that an option is a reference to."""
        inner, _ = self.schemas.peel(option)
        if "$ref" not in inner:
            return None
        target = inner.target()
        return None if target is None else self.schemas.id_of(target)

    def _label(self, option: Node, siblings: list[Node]) -> str:
        """Return a word for an option without a name: its title, its tag, a property that only
        it has, its JSON type.
        """
        schema = self.schemas.schema(option)
        value = schema.value
        if not isinstance(value, dict):
            return "Option"
        title = value.get("title")
        if (
            isinstance(title, str)
            and title
            and not any(self._title(other) == title for other in siblings if other is not option)
        ):
            return pascal(title)
        own = self._properties(option)
        if sum(_needs_name(sibling.value) for sibling in siblings) == 1:
            return self._type_word(option)
        for name, member in own.items():
            constant = _constant(member)
            if constant is not None and not any(
                _constant(self._properties(other).get(name)) == constant
                for other in siblings
                if other is not option
            ):
                return pascal(constant)
        for name in own:
            others = [self._properties(other) for other in siblings if other is not option]
            if not any(name in other for other in others):
                return "With" + pascal(name)
        required = value.get("required")
        said = own or (required if isinstance(required, list) else ())
        if said:
            twins = [
                theirs
                for other in siblings
                if other is not option and (theirs := self._properties(other)).keys() == own.keys()
            ]
            for name, member in own.items() if twins else ():
                word = self._kind_word(member)
                if word not in [self._kind_word(theirs[name]) for theirs in twins]:
                    return f"With{word}{pascal(name)}"
            return "With" + "".join(pascal(str(name)) for name in said)
        return self._type_word(option)

    def _kind_word(self, member: Node) -> str:
        """Return a word for what a property holds, or a list of it."""
        schema = self.schemas.schema(member)
        value = schema.value
        if isinstance(value, dict) and isinstance(value.get("items"), dict):
            return self._kind_word(schema["items"])
        target = self._target(member)
        return self._type_word(member) if target is None else pascal(target.name)

    def _type_word(self, option: Node) -> str:
        types = Shape(self.schemas.flatten(option, SchemaId(name=""))).types
        return pascal(types[0]) if len(types) == 1 else "Option"

    def _title(self, option: Node) -> Json:
        value = self.schemas.schema(option).value
        return value.get("title") if isinstance(value, dict) else None

    def _properties(self, option: Node) -> dict[str, Node]:
        key = id(option.value)
        known = self._members.get(key)
        if known is None:
            known = self._members[key] = {
                name: member
                for part in self.schemas.flatten(option, SchemaId(name=""))
                for name, member in self.schemas.properties(part)
            }
        return known

    # --- the discriminator ------------------------------------------------------------------

    def _declared(self, group: Group, merged: dict[SchemaId, SchemaId]) -> Declared | None:
        node = group.part.node.get("discriminator")
        return None if node is None else self.read_discriminator(node, merged)

    def read_discriminator(
        self, node: Node, merged: dict[SchemaId, SchemaId] | None = None
    ) -> Declared | None:
        """Return what a discriminator object says; `merged` are options under other names."""
        name = node.string("propertyName") if isinstance(node.value, dict) else None
        if name is None:
            return None
        mapping: dict[SchemaId, tuple[str, ...]] = {}
        for tag, entry in node.members("mapping"):
            target = self.mapped(entry)
            if target is not None:
                target = (merged or {}).get(target, target)
                mapping[target] = (*mapping.get(target, ()), tag)
        return Declared(property=name, mapping=tuple(mapping.items()))

    def mapped(self, entry: Node) -> SchemaId | None:
        """Return the definition a value of `mapping` means: a component's name, or a reference."""
        text = entry.value
        if not isinstance(text, str):
            entry.report_type("a string")
            return None
        document = self.schemas.document
        components = document.node.get("components")
        named = components.get("schemas") if components is not None else None
        if named is not None and text in named:
            return component_id(text)
        if looks_like_reference(text):
            target = document.target(entry, text)
            return None if target is None else self.schemas.id_of(target)
        self.schemas.diagnostics.warning(
            "discriminator", entry.at, f"there is no schema `{text}` in this document"
        )
        return None


def _distinct(options: tuple[Use, ...]) -> tuple[tuple[Use, ...], bool]:
    """Return the options without nested choices, repetitions and null, and whether null was one."""
    found: list[Use] = []
    targets: set[SchemaId] = set()
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
            if use.target not in targets:
                targets.add(use.target)
                found.append(use)
        elif not isinstance(use, Nothing) and not any(equal(use, other) for other in found):
            found.append(use)
    if not found and options and not nullable:
        return options[:1], False
    return tuple(found), nullable


def _needs_name(value: Json) -> bool:
    """Say whether something in an option may need a name: anything but references and scalars."""
    if not isinstance(value, dict) or "$ref" in value:
        return False
    if value.get("type") == "array":
        return _needs_name(value.get("items"))
    return bool(value) and value.get("type") not in ("string", "integer", "number", "boolean")


def _kind(value: Json) -> str:
    return type(value).__name__


def _constant(node: Node | None) -> str | None:
    value = node.value if node is not None else None
    if isinstance(value, dict):
        values = [value["const"]] if "const" in value else value.get("enum")
        if isinstance(values, list) and len(values) == 1 and isinstance(values[0], str):
            return values[0]
    return None
