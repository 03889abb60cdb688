"""The annotation of a use, as each face wants it.

Requests are strict: numbers and booleans are not taken for each other, constraints are checked,
choices are closed. Responses are lenient: no constraints, every choice is open. The input face is
for people and their type checker alone, it is never validated: models or plain dicts, no metadata.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol, assert_never

from oasmith.diagnostics import Diagnostics
from oasmith.ir import types as ir
from oasmith.ir.query import constants, discrimination, record_of, resolved, without_null
from oasmith.ir.scalars import PythonTypes
from oasmith.source import Location
from oasmith.targets.python.code import Code, fill, identifier, joined, literal, source, union
from oasmith.targets.python.faces import Face, Layout, Model
from oasmith.targets.python.imports import Name
from oasmith.targets.python.limits import limit, sizes
from oasmith.targets.python.patterns import RustPattern, UncheckedPattern, translate
from oasmith.targets.python.scopes import ModelScope

RUNTIME: Final = "._runtime.models"
CONSTRAINTS: Final = "._runtime.constraints"

ANNOTATED: Final = Name("typing", "Annotated")
ANY: Final = Name("typing", "Any")
JSON: Final = Name("._runtime.models", "Json")
LITERAL: Final = Name("typing", "Literal")
FIELD: Final = Name("pydantic", "Field")
TAG: Final = Name("pydantic", "Tag")
OMITTABLE: Final = Name(RUNTIME, "Omittable")
UNKNOWN_TAG: Final = "unknown"
"""The runtime's tag of `UnknownModel`."""

_LONGEST: Final = 5000
"""Characters of an annotation that may stand in the place of its name."""
_NONE: Final = source("None")
_STR: Final = source("str")


class Names(Protocol):
    """How the module that an annotation is written into calls things."""

    def use(self, name: Name) -> Code: ...
    def model(self, model: Model, *, as_dict: bool = False) -> Code: ...


class Annotator:
    """Writes annotations of one face into one module."""

    def __init__(self, layout: Layout, names: Names, face: Face, diagnostics: Diagnostics) -> None:
        self._layout = layout
        self._names = names
        self._face = face
        self._diagnostics = diagnostics
        self._open: set[ir.SchemaId] = set()
        """What is being written out."""

    def annotate(self, use: ir.Use) -> Code:
        """Return the annotation of the use."""
        match use:
            case ir.Ref():
                return self._reference(use)
            case ir.Scalar():
                return self._scalar(use)
            case ir.Nullable():
                return union([self.annotate(use.of), _NONE])
            case ir.ListOf():
                return self._list(use)
            case ir.Literal():
                return self._literal(use.values)
            case ir.MapOf():
                return self._map(use)
            case ir.AnyOf():
                return self.choice(use.options, discrimination(use))
            case ir.Anything():
                return self._names.use(JSON if self._face is Face.REQUEST else ANY)
            case ir.TupleOf():
                return self._tuple(use)
            case ir.Nothing():
                return self._nothing()
            case _:
                assert_never(use)

    def plain(self, use: ir.Use) -> Code:
        """Return the annotation of the use without the models that a dict can stand for."""
        if isinstance(use, ir.Ref):
            model = self._layout.model(use.target, self._face)
            if model is not None and model.dict_name is not None:
                return self._dict(model)
        return self.annotate(use)

    def plain_form(self, model: Model) -> Code:
        """Return what the plain form of an alias or a union stands for."""
        definition = self._layout.definitions[model.id]
        self._open.add(model.id)
        try:
            match definition:
                case ir.Alias():
                    return self.plain(definition.type)
                case ir.Union():
                    options = [self.plain(option) for option in merged(definition.options)]
                    return union([*options, _NONE] if definition.nullable else options)
                case ir.Enum():
                    values = tuple([member.value for member in definition.members])
                    return self._literal(values)
                case ir.Record():
                    return self._names.model(model, as_dict=True)
                case _:
                    assert_never(definition)
        finally:
            self._open.discard(model.id)

    def _dict(self, model: Model) -> Code:
        """Return the plain form, written out where the name would close a circle of aliases.

        mypy walks through the TypedDicts of such a circle again and again for its aliases: half a
        minute where this way it takes a second.
        """
        if (
            model.recursive
            and isinstance(self._names, ModelScope)
            and model.module == self._names.module
            and model.id not in self._open
            and len(written := self.plain_form(model)) <= _LONGEST
        ):
            return written
        return self._names.model(model, as_dict=True)

    # --- references ----------------------------------------------------------------------------

    def _reference(self, use: ir.Ref) -> Code:
        match self._layout.definitions[use.target]:
            case ir.Alias(type=ir.Scalar(kind=ir.ScalarKind.NULL)):
                return _NONE  # `Nothing | None` is `None | None`, which Python cannot compute.
            case definition:
                model = self._layout.model(use.target, self._face)
        if model is None:
            assert isinstance(definition, ir.Alias)
            return self.annotate(definition.type)
        if self._face is Face.INPUT and model.dict_name is not None:
            return union([self._names.model(model), self._dict(model)])
        return self._names.model(model)

    # --- scalars -------------------------------------------------------------------------------

    def _scalar(self, use: ir.Scalar) -> Code:
        kind = use.kind
        match self._face:
            case Face.RESPONSE:
                return self._types(kind.response)
            case Face.INPUT:
                return self._types(kind.input)
            case Face.REQUEST:
                pass
            case _:
                assert_never(self._face)
        code = self._types(kind.request)
        if kind.checks:
            checks = [fill("{}()", self._names.use(Name(*each))) for each in kind.checks]
            code = self._annotated(code, checks)
        if isinstance(use.bounds, ir.NumberBounds) and kind.is_plain:
            return self._number(code, kind, use.bounds)
        if not isinstance(use.bounds, ir.TextBounds) or kind is ir.ScalarKind.BINARY:
            return code
        if kind is ir.ScalarKind.STRING:
            return self.text(use.bounds, use.at)
        if kind is ir.ScalarKind.SECRET:
            return self._constrained(code, _lengths(use.bounds))
        least, most = use.bounds.min_length or 0, use.bounds.max_length
        if least <= 0 and most is None:
            return code
        length = self._names.use(Name(CONSTRAINTS, "TextLength"))
        return self._annotated(code, [fill("{}({}, {})", length, literal(least), literal(most))])

    def _types(self, types: PythonTypes) -> Code:
        """Return the union of the types of a row of the table of scalars."""
        if len(types) == 1:
            return self._type(*types[0])
        return union([self._type(module, name) for module, name in types])

    def _type(self, module: str, name: str) -> Code:
        if module:
            return self._names.use(Name(module, name))
        return _NONE if name == "None" else identifier(name)

    def _number(self, code: Code, kind: ir.Kind, bounds: ir.NumberBounds) -> Code:
        given = {
            "ge": bounds.minimum,
            "gt": bounds.exclusive_minimum,
            "le": bounds.maximum,
            "lt": bounds.exclusive_maximum,
            "multiple_of": bounds.multiple_of,
        }
        whole = kind is ir.ScalarKind.INTEGER
        limits = {
            name: number
            for name, bound in given.items()
            if bound is not None and (number := limit(name, bound, whole)) is not None
        }
        metadata: list[Code] = []
        step = bounds.multiple_of
        if isinstance(step, float) and step > 0 and math.isfinite(step) and step != int(step):
            # pydantic's integers know no multiples of fractions.
            multiple_of = self._names.use(Name(CONSTRAINTS, "MultipleOf"))
            metadata = [fill("{}({})", multiple_of, literal(float(step)))]
            limits.pop("multiple_of", None)
        if kind is ir.ScalarKind.DECIMAL:
            limits = {name: limit for name, limit in limits.items() if isinstance(limit, int)}
            metadata = []
        return self._constrained(code, limits, metadata)

    def text(self, bounds: ir.TextBounds, at: Location) -> Code:
        """Return the annotation of a string within bounds; it may be a key of a map."""
        limits = _lengths(bounds)
        patterns: list[str] = []
        for pattern in bounds.patterns:
            match translate(pattern):
                case RustPattern(text=text):
                    patterns.append(text)
                case UncheckedPattern(reason=reason, hint=hint):
                    message = f"{reason}; it is documented but not checked"
                    self._diagnostics.warning("pattern-not-checked", at, message, hint)
        if patterns:
            limits["pattern"] = patterns[0]
        further = [
            fill("{}({})", self._names.use(Name(CONSTRAINTS, "Pattern")), literal(pattern))
            for pattern in patterns[1:]
        ]
        return self._constrained(_STR, limits, further)

    def _literal(self, values: Sequence[ir.LiteralValue]) -> Code:
        parts: list[Code] = []
        fractions = [value for value in values if isinstance(value, float)]
        exact = [value for value in values if not isinstance(value, float)]
        if exact:
            listed = joined(", ", [literal(value) for value in exact])
            code = fill("{}[{}]", self._names.use(LITERAL), listed)
            if self._face is Face.REQUEST and any(isinstance(value, int) for value in exact):
                exactly = self._names.use(Name(CONSTRAINTS, "Exact"))
                code = self._annotated(code, [fill("{}()", exactly)])
            parts.append(code)
        match self._face:
            case Face.REQUEST if fractions:
                one_of = self._names.use(Name(RUNTIME, "OneOf"))
                check = fill("{}({})", one_of, joined(", ", map(literal, fractions)))
                number = self._names.use(Name("pydantic", "StrictFloat"))
                parts.append(self._annotated(number, [check]))
            case Face.INPUT if fractions:
                parts.append(source("float"))
            case Face.RESPONSE:
                kinds = {type(value) for value in values}
                parts += [code for kind, code in _OPEN.items() if kind in kinds]
            case _:
                pass
        return union(parts)

    # --- containers ----------------------------------------------------------------------------

    def _list(self, use: ir.ListOf) -> Code:
        item = self.annotate(use.item)
        if self._face is Face.INPUT:
            return self._input_list(item)
        code = fill("list[{}]", item)
        if self._face is Face.RESPONSE:
            return code
        unique = [fill("{}()", self._names.use(Name(RUNTIME, "Unique")))] if use.unique else []
        return self._constrained(code, sizes(use.size), unique)

    def _input_list(self, item: Code) -> Code:
        # A str is a sequence of str: only where that cannot be mistaken, any sequence will do.
        if item == _STR:
            return source("list[str]")
        return fill("{}[{}]", self._names.use(Name("collections.abc", "Sequence")), item)

    def _map(self, use: ir.MapOf) -> Code:
        value = self.annotate(use.value)
        if self._face is Face.INPUT:
            mapping = self._names.use(Name("collections.abc", "Mapping"))
            return fill("{}[str, {}]", mapping, value)
        key = _STR
        limits: dict[str, object] = {}
        if self._face is Face.REQUEST:
            limits = sizes(use.size)
            if use.keys is not None:
                key = self.text(use.keys, use.at)
        return self._constrained(fill("dict[{}, {}]", key, value), limits)

    def _tuple(self, use: ir.TupleOf) -> Code:
        items = [self.annotate(item) for item in use.items]
        least = use.size.minimum if use.size is not None and use.size.minimum is not None else 0
        if use.rest is None and least >= len(items) and items:
            return fill("tuple[{}]", joined(", ", items))
        # Items may be missing, or further ones follow: Python has no tuple for that.
        if use.rest is not None:
            items.append(self.annotate(use.rest))
        item = union(items) if items else self._names.use(ANY)
        if self._face is Face.INPUT:
            return self._input_list(item)
        code = fill("list[{}]", item)
        if self._face is Face.RESPONSE:
            return code
        limits = sizes(use.size)
        if use.rest is None:
            most = limits.get("max_length")
            limits["max_length"] = (
                min(most, len(use.items)) if isinstance(most, int) else len(use.items)
            )
        return self._constrained(code, limits)

    def _nothing(self) -> Code:
        match self._face:
            case Face.REQUEST:
                never = fill("{}()", self._names.use(Name(RUNTIME, "OneOf")))
                return self._annotated(_NONE, [never])
            case Face.RESPONSE:
                return self._names.use(ANY)
            case Face.INPUT:
                return _NONE
            case _:
                assert_never(self._face)

    # --- choices -------------------------------------------------------------------------------

    def choice(self, options: Sequence[ir.Use], told_apart: ir.Discrimination) -> Code:
        """Return the union of the options, with what tells them apart."""
        if not isinstance(told_apart, ir.ByTag | ir.ByRequiredKeys):
            options = merged(options)
        codes = [self.annotate(option) for option in options]
        if self._face is Face.INPUT and "float" in codes:
            return union([code for code in codes if code != "int"])  # typing: `float` takes both
        if self._face is Face.INPUT or len(set(codes)) < 2 or self._distinct(options) < 2:
            return union(codes)
        match told_apart:
            case ir.ByTag():
                return self._by_tag(options, codes, told_apart)
            case ir.ByRequiredKeys():
                return self._by_key(options, codes, told_apart)
            case ir.ByTrial() if self._face is Face.REQUEST or _parses_text(options):
                order = fill("{}()", self._names.use(Name(CONSTRAINTS, "InOrder")))
                return self._annotated(union(codes), [order])
            case ir.ByTrial() | ir.ByJsonType():
                return union(codes)
            case _:
                assert_never(told_apart)

    def _distinct(self, options: Iterable[ir.Use]) -> int:
        """Count the options that Python does not take for one, whatever they are called."""
        return len(
            {meaning for option in options if (meaning := self._meaning(option)) is not None}
        )

    def _meaning(self, option: ir.Use) -> object:
        """Return a key of what is validated; None for null."""
        match without_null(option, self._layout.definitions):
            case ir.Record() | ir.Enum() | ir.Union() as definition:
                return definition.id
            case ir.Scalar(kind=ir.ScalarKind.NULL) | ir.Literal(values=(None,)):
                return None
            case ir.Scalar(kind=kind, bounds=bounds):
                return kind, bounds if self._face is Face.REQUEST else None
            case found:
                return id(found)

    def _by_tag(
        self, options: Sequence[ir.Use], codes: Sequence[Code], told_apart: ir.ByTag
    ) -> Code:
        attributes = [self._attribute(option, told_apart.property) for option in options]
        attribute = attributes[0] if len(set(attributes)) == 1 else None
        labels = [_label(values[0]) for values in told_apart.tags]
        may_lack = [self._may_lack(option, told_apart.property) for option in options]
        lacking = None if len(set(may_lack)) == 1 else labels[may_lack.index(True)]
        is_strict = self._face is Face.REQUEST
        if is_strict and attribute is not None and len(codes) > 1 and lacking is None:
            tag = fill("{}(discriminator={})", self._names.use(FIELD), literal(attribute))
            return self._annotated(union(codes), [tag])
        tagged = self._tagged(labels, codes)
        by_value = {
            value: label
            for label, values in zip(labels, told_apart.tags, strict=True)
            for value in values
        }
        arguments = [literal(told_apart.property), literal(by_value)]
        names = {self._python_name(option, told_apart.property) for option in options}
        if names != {told_apart.property} and len(names) == 1:
            arguments.append(fill("attribute={}", literal(names.pop())))
        if lacking is not None:
            arguments.append(fill("absent={}", literal(lacking)))
        if is_strict:
            arguments.append(source("closed=True"))
        by_tag = self._names.use(Name(RUNTIME, "by_tag"))
        return self._annotated(tagged, [fill("{}({})", by_tag, joined(", ", arguments))])

    def _by_key(
        self, options: Sequence[ir.Use], codes: Sequence[Code], told_apart: ir.ByRequiredKeys
    ) -> Code:
        labels = [_label(key) for key in told_apart.keys]
        keys: dict[str, str] = {}
        for option, key, label in zip(options, told_apart.keys, labels, strict=True):
            keys[key] = label
            keys[self._python_name(option, key)] = label
        arguments = [literal(keys)]
        if self._face is Face.RESPONSE:
            arguments.append(source("open=True"))
        by_key = self._names.use(Name(RUNTIME, "by_key"))
        check = fill("{}({})", by_key, joined(", ", arguments))
        return self._annotated(self._tagged(labels, codes), [check])

    def _tagged(self, labels: Sequence[str], codes: Sequence[Code]) -> Code:
        tag = self._names.use(TAG)
        parts = [
            self._annotated(code, [fill("{}({})", tag, literal(label))])
            for label, code in zip(labels, codes, strict=True)
        ]
        if self._face is Face.RESPONSE:
            unknown = self._names.use(Name(RUNTIME, "UnknownModel"))
            parts.append(self._annotated(unknown, [fill("{}({})", tag, literal(UNKNOWN_TAG))]))
        return union(parts)

    def _may_lack(self, option: ir.Use, property: str) -> bool:
        """Say whether an option may do without the property, which then says as much."""
        record = record_of(option, self._layout.definitions)
        return record is not None and any(
            field.wire_name == property and not isinstance(field.presence, ir.Required)
            for field in record.fields
        )

    def _attribute(self, option: ir.Use, property: str) -> str | None:
        """Return the attribute by which pydantic itself tells the option; None if it cannot."""
        match resolved(option, self._layout.definitions):
            case ir.Union(told_apart=ir.ByTag(property=inner)) as choice if inner == property:
                if choice.nullable:
                    return None
                found = {self._attribute(each, property) for each in choice.options}
                return found.pop() if len(found) == 1 else None
            case ir.Record() as record:
                model = self._layout.model(record.id, self._face)
                if model is None or model.face is not Face.REQUEST:
                    return None  # what was made for responses takes any tag
                for field in record.fields:
                    if field.wire_name == property:
                        values = constants(field.type, self._layout.definitions)
                        if values and all(isinstance(value, str) for value in values):
                            return self._layout.fields[record.id][property]
            case _:
                pass
        return None

    def _python_name(self, option: ir.Use, wire_name: str) -> str:
        record = record_of(option, self._layout.definitions)
        names = {} if record is None else self._layout.fields[record.id]
        return names.get(wire_name, wire_name)

    # --- metadata ------------------------------------------------------------------------------

    def _constrained(
        self, code: Code, limits: Mapping[str, object], metadata: Iterable[Code] = ()
    ) -> Code:
        checks = list(metadata)
        if limits:
            arguments = [
                fill("{}={}", identifier(name), literal(value)) for name, value in limits.items()
            ]
            checks.insert(0, fill("{}({})", self._names.use(FIELD), joined(", ", arguments)))
        return self._annotated(code, checks)

    def _annotated(self, code: Code, metadata: Sequence[Code]) -> Code:
        if not metadata:
            return code
        return fill("{}[{}]", self._names.use(ANNOTATED), joined(", ", [code, *metadata]))


_OPEN: Final = {
    str: _STR,
    int: source("int"),
    float: source("float"),
    bool: source("bool"),
}
"""What an open choice takes besides its values, by the type of these."""


def merged(options: Sequence[ir.Use]) -> list[ir.Use]:
    """Make one of all constants, in the place of the first."""
    constants = [option for option in options if isinstance(option, ir.Literal)]
    if len(constants) < 2:
        return list(options)
    first = constants[0]
    values = [value for option in constants for value in option.values]
    distinct = {(type(value), value): value for value in values}
    one = ir.Literal(values=tuple(distinct.values()), at=first.at)
    return [
        one if option is first else option
        for option in options
        if option is first or not isinstance(option, ir.Literal)
    ]


def _label(text: str) -> str:
    return f"{UNKNOWN_TAG}_" if text == UNKNOWN_TAG else text


def _parses_text(options: Iterable[ir.Use]) -> bool:
    """Say whether trying in order is right for what is received: `date | str`.

    A lenient number or boolean would take texts too, hence these are left to pydantic, which
    prefers the exact type.
    """
    kinds = {option.kind for option in options if isinstance(option, ir.Scalar)}
    return any(kind.takes_text for kind in kinds) and not any(
        kind.json_type in ("integer", "number", "boolean") for kind in kinds
    )


def _lengths(bounds: ir.TextBounds) -> dict[str, object]:
    """Return what `Field` takes for the length of a text."""
    limits: dict[str, object] = {}
    if bounds.min_length:
        limits["min_length"] = bounds.min_length
    if bounds.max_length is not None:
        limits["max_length"] = bounds.max_length
    return limits
