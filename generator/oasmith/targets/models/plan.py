"""The planning of models: what every module of `models/` says."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from oasmith.config import Table
from oasmith.diagnostics import Diagnostics, working_on
from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import discrimination, only_value, takes_null
from oasmith.targets.contract import Context
from oasmith.targets.models.defaults import is_literal
from oasmith.targets.models.rules import RuleWriter
from oasmith.targets.models.views import (
    AliasView,
    DictView,
    FieldView,
    ModelsView,
    ModuleView,
    RecordView,
    StatementView,
)
from oasmith.targets.python import Python
from oasmith.targets.python.annotations import FIELD, OMITTABLE, RUNTIME, Annotator
from oasmith.targets.python.code import (
    Code,
    fill,
    identifier,
    joined,
    literal,
    quoted,
    source,
    union,
)
from oasmith.targets.python.distribution import TYPING_EXTENSIONS
from oasmith.targets.python.docstrings import words_of
from oasmith.targets.python.faces import Face, Layout, Model
from oasmith.targets.python.imports import Name, Scope, sorted_exports
from oasmith.targets.python.lazy_package import LazyModule, LazyPackageView
from oasmith.targets.python.naming import ANNOTATION_BUILTINS
from oasmith.targets.python.scopes import ModelScope
from oasmith.text import NO_TEXT, Text

_BASES: Final = {
    Face.REQUEST: Name(RUNTIME, "RequestModel"),
    Face.RESPONSE: Name(RUNTIME, "ResponseModel"),
}
_NONE: Final = source("None")


@frozen
class ModelsPlan:
    """The models and where they go."""

    root: str
    models: ModelsView
    dependencies: tuple[str, ...]


def plan(context: Context[Table]) -> ModelsPlan:
    """Decide fields, annotations and rules of the models. Reports what cannot be checked."""
    python = context.plan(Python)
    models = python.layout.models.values()
    return ModelsPlan(
        root=python.root,
        models=plan_models(python.layout, context.diagnostics),
        dependencies=(TYPING_EXTENSIONS,) if any(each.recursive for each in models) else (),
    )


def plan_models(layout: Layout, diagnostics: Diagnostics) -> ModelsView:
    """Decide all that the modules of models and their packages say."""
    modules = (
        _ModulePlanner(layout, path, models, diagnostics).plan() for path, models in layout.modules
    )
    return ModelsView(modules=modules, packages=tuple(_packages(layout)))


class _ModulePlanner:
    """Plans one module."""

    def __init__(
        self, layout: Layout, path: str, models: Sequence[Model], diagnostics: Diagnostics
    ) -> None:
        self._layout = layout
        self._models = models
        hidden: set[str] = set()
        for model in models:
            names = layout.fields.get(model.id, {})
            hidden.update(names)
            hidden.update(names.values())
        self._scope = ModelScope(
            path,
            defines=[name for model in models for name in (model.name, model.dict_name) if name],
            hidden=hidden,
        )
        self._annotators = {
            face: Annotator(layout, self._scope, face, diagnostics) for face in Face
        }

    def plan(self) -> ModuleView:
        """Plan the statements in an order in which no alias needs what comes after it."""
        statements: list[StatementView] = []
        pending = list(self._models)
        while pending:
            model = next(model for model in pending if self._can_stand(model, pending))
            pending.remove(model)
            with working_on(self._layout.definitions[model.id].at):
                for name, statement in self._statements(model):
                    statements.append(statement)
                    self._scope.defined.add(name)
        names = [model.name for model in self._models]
        return ModuleView(
            path=self._scope.module,
            at=self._layout.definitions[self._models[-1].id].at,
            doc=Text.of("`{}`." if len(names) == 1 else "`{}` and what it is tied to.", names[-1]),
            imports=self._scope.import_block(),
            statements=tuple(statements),
        )

    def _can_stand(self, model: Model, pending: Sequence[Model]) -> bool:
        if (
            len(pending) == 1
            or model.recursive
            or isinstance(self._layout.definitions[model.id], ir.Record)
        ):
            return True
        waiting = {each.name for each in pending}
        return not any(
            target.module == model.module and target.name in waiting
            for target in self._layout.targets(model)
        )

    def _statements(self, model: Model) -> Iterable[tuple[str, StatementView]]:
        definition = self._layout.definitions[model.id]
        match definition:
            case ir.Record():
                yield model.name, self._record(model, definition)
                if model.dict_name is not None:
                    yield model.dict_name, self._dict(model, model.dict_name, definition)
            case ir.Enum() | ir.Alias() | ir.Union():
                annotation = self._named(definition, model.face)
                yield model.name, self._alias(model, model.name, annotation, _alias_doc(definition))
                if model.dict_name is not None:
                    annotation = self._plain(model)
                    doc = Text.of("`{}` as plain dicts.", model.name)
                    yield model.dict_name, self._alias(model, model.dict_name, annotation, doc)
            case _:
                assert_never(definition)

    # --- aliases -------------------------------------------------------------------------------

    def _named(self, definition: ir.Enum | ir.Alias | ir.Union, face: Face) -> Code:
        self._scope.forward = False
        annotator = self._annotators[face]
        match definition:
            case ir.Enum():
                values = tuple([member.value for member in definition.members])
                return annotator.annotate(ir.Literal(values=values, at=definition.at))
            case ir.Alias():
                return annotator.annotate(definition.type)
            case ir.Union():
                choice = annotator.choice(definition.options, discrimination(definition))
                return union([choice, _NONE]) if definition.nullable else choice
            case _:
                assert_never(definition)

    def _plain(self, model: Model) -> Code:
        """Return the annotation of the plain form: no models but inside of lists and maps."""
        self._scope.forward = False
        return self._annotators[Face.INPUT].plain_form(model)

    def _alias(self, model: Model, name: str, annotation: Code, doc: Text) -> AliasView:
        kind = (
            Name("typing_extensions", "TypeAliasType")
            if model.recursive
            else Name("typing", "TypeAlias")
        )
        return AliasView(
            name=identifier(name),
            title=literal(name),
            alias_type=self._scope.use(kind),
            annotation=self._in_quotes(annotation),
            doc=doc,
            is_recursive=model.recursive,
        )

    def _in_quotes(self, annotation: Code) -> Code:
        """Quote an annotation that names what stands further down."""
        return quoted(annotation) if self._scope.forward else annotation

    # --- records -------------------------------------------------------------------------------

    def _record(self, model: Model, record: ir.Record) -> RecordView:
        request = model.face is Face.REQUEST
        names = self._layout.fields[model.id]
        shown = list(self._layout.shown(model))
        fields = [self._field(model.face, field, names[field.wire_name]) for field in shown]
        constants: list[str] = []
        rules: list[Code] = []
        if request:
            constants = [names[f.wire_name] for f in shown if self._is_constant(f)]
            rules = self._rules(record)
        config, extras = self._extras(model, record)
        doc = words_of(record.doc)
        parts = (doc, config, extras, constants, rules, fields)
        return RecordView(
            name=identifier(model.name),
            base=self._scope.use(_BASES[model.face]),
            doc=doc,
            config=config,
            extras=extras,
            constants=literal(tuple(constants)) if constants else None,
            rules=tuple(rules),
            class_var=self._scope.use(Name("typing", "ClassVar")) if constants or rules else None,
            rule=self._scope.use(Name("._runtime.rules", "Rule")) if rules else None,
            fields=tuple(fields),
            is_empty=not any(parts),
        )

    def _field(self, face: Face, field: ir.Field, name: str) -> FieldView:
        self._scope.forward = False
        annotation = self._annotators[face].annotate(field.type)
        doc = words_of(field.doc)
        default: Code | None = None
        match field.presence:
            case ir.Required():
                if face is Face.REQUEST and self._is_constant(field):
                    default = literal(only_value(field, self._layout.definitions)[0])
            case ir.Default(value=value) if is_literal(field.type, value, self._layout.definitions):
                default = literal(value)
            case ir.Optional() | ir.Default():
                default = _NONE
                annotation = self._optional(face, field.type, annotation)
                if isinstance(field.presence, ir.Default):
                    said = json.dumps(field.presence.value, ensure_ascii=False)
                    doc = Text.of("{}\n\nLeft out, it is `{}`.", doc, said).strip()
            case _:
                assert_never(field.presence)
        if name != field.wire_name:
            default = self._field_call(default, field.wire_name)
        elif isinstance(field.presence, ir.Default) and isinstance(
            field.presence.value, list | dict
        ):
            # Not itself: checkers take a list that all instances share for a mistake.
            default = self._field_call(default)
        declared = fill("{}: {}", identifier(name), self._in_quotes(annotation))
        if default is not None:
            declared = fill("{} = {}", declared, default)
        return FieldView(declaration=declared, doc=doc)

    def _is_constant(self, field: ir.Field) -> bool:
        """Say whether the field must be there and has only one value."""
        values = only_value(field, self._layout.definitions)
        return bool(values) and not isinstance(values[0], float)

    def _optional(self, face: Face, use: ir.Use, annotation: Code) -> Code:
        if isinstance(use, ir.Anything | ir.Nothing):
            return annotation
        if face is Face.REQUEST and not takes_null(use, self._layout.definitions):
            return fill("{}[{}]", self._scope.use(OMITTABLE), annotation)
        return union([annotation, _NONE])

    def _field_call(self, default: Code | None, wire_name: str | None = None) -> Code:
        arguments = [] if default is None else [fill("default={}", default)]
        if wire_name is not None:
            wire = literal(wire_name)
            arguments.append(fill("validation_alias={}, serialization_alias={}", wire, wire))
        return fill("{}({})", self._scope.use(FIELD), joined(", ", arguments))

    def _extras(self, model: Model, record: ir.Record) -> tuple[Code | None, Code | None]:
        """Return the configuration and the annotation of members beyond the fields."""
        if not isinstance(record.extra, ir.Allowed):
            return None, None
        config: Code | None = None
        if model.face is Face.REQUEST:
            config = fill('{}(extra="allow")', self._scope.use(Name("pydantic", "ConfigDict")))
        use = record.extra.type
        keys = record.extra.keys if model.face is Face.REQUEST else None
        if isinstance(use, ir.Anything) and keys is None:
            return config, None
        self._scope.forward = False
        annotator = self._annotators[model.face]
        key = source("str") if keys is None else annotator.text(keys, use.at)
        extras = self._in_quotes(fill("dict[{}, {}]", key, annotator.annotate(use)))
        return config, extras

    def _rules(self, record: ir.Record) -> list[Code]:
        writer = RuleWriter(
            self._scope.use,
            self._annotators[Face.REQUEST].annotate,
            self._layout,
            record,
        )
        return [writer.write(rule) for rule in record.rules]

    # --- plain dicts ---------------------------------------------------------------------------

    def _dict(self, model: Model, name: str, record: ir.Record) -> DictView | AliasView:
        doc = Text.of("`{}` as a plain dict.", model.name)
        if isinstance(record.extra, ir.Allowed):
            # A TypedDict cannot say that there may be further keys.
            mapping = self._scope.use(Name("collections.abc", "Mapping"))
            any_ = self._scope.use(Name("typing", "Any"))
            self._scope.forward = False
            return self._alias_of_dict(name, fill("{}[str, {}]", mapping, any_), doc)
        shown = list(self._layout.shown(model))
        functional = not all(_is_attribute(field.wire_name) for field in shown)
        return DictView(
            name=identifier(name),
            base=self._scope.use(Name("typing", "TypedDict")),
            title=literal(name),
            doc=doc,
            is_functional=functional,
            keys=tuple([self._key(field, functional=functional) for field in shown]),
        )

    def _alias_of_dict(self, name: str, annotation: Code, doc: Text) -> AliasView:
        return AliasView(
            name=identifier(name),
            title=literal(name),
            alias_type=self._scope.use(Name("typing", "TypeAlias")),
            annotation=annotation,
            doc=doc,
            is_recursive=False,
        )

    def _key(self, field: ir.Field, *, functional: bool) -> Code:
        self._scope.forward = False
        annotation = self._annotators[Face.INPUT].annotate(field.type)
        if not isinstance(field.presence, ir.Required):
            annotation = fill("{}[{}]", self._scope.use(Name("typing", "NotRequired")), annotation)
        key = literal(field.wire_name) if functional else identifier(field.wire_name)
        return fill("{}: {}", key, self._in_quotes(annotation))


def _is_attribute(key: str) -> bool:
    """Say whether a TypedDict can have the key in its class form."""
    try:
        identifier(key)
    except ValueError:
        return False
    return key.isascii() and not key.startswith("__") and key not in ANNOTATION_BUILTINS


def _alias_doc(definition: ir.Enum | ir.Alias | ir.Union) -> Text:
    doc = words_of(definition.doc)
    if not isinstance(definition, ir.Enum):
        return doc
    said = [
        Text.of("- `{}`: {}", json.dumps(member.value, ensure_ascii=False), words)
        for member in definition.members
        if (words := words_of(member.doc).line())
    ]
    return Text.joined("\n", [doc, NO_TEXT, *said]).strip() if said else doc


# --- packages ---------------------------------------------------------------------------------


def _packages(layout: Layout) -> Iterable[LazyPackageView]:
    """Plan the `__init__` of each namespace; people import models from there."""
    shown: defaultdict[tuple[str, ...], list[Model]] = defaultdict(list)
    inside: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    shown[()] = []
    for _, models in layout.modules:
        for model in models:
            shown[model.folder].append(model)
        # A component may live elsewhere than its members are shown.
        folder = tuple(models[0].module.split(".")[1:-1])
        for path in (folder, *(model.folder for model in models)):
            for end in range(len(path)):
                inside[path[:end]].add(path[end])
                shown.setdefault(path[: end + 1], [])
    for folder in sorted(shown):
        yield _package(folder, shown[folder], sorted(inside[folder]))


def _package(
    folder: tuple[str, ...], models: Sequence[Model], packages: Sequence[str]
) -> LazyPackageView:
    path = ".".join(("models", *folder))
    runs = Scope(path, is_package=True)
    type_checking = runs.use(Name("typing", "TYPE_CHECKING"))
    lazy = runs.use(Name("._runtime.lazy", "lazy"))
    typed = Scope(path, is_package=True)
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for model in models:
        for name in (model.name, model.dict_name):
            if name is not None:
                typed.use(Name(f".{model.module}", name))
                modules[model.module].append(name)
    for package in packages:
        typed.use(Name(f".{path}", package))
    exported = sorted_exports([*packages, *(name for names in modules.values() for name in names)])
    return LazyPackageView(
        path=path,
        doc=Text.of("Models of the namespace {}.", ".".join(folder)) if folder else Text("Models."),
        imports=runs.imports(),
        typed_imports=tuple(
            [each.statement_at(4) for section in typed.imports() for each in section]
        ),
        lazy=lazy,
        type_checking=type_checking,
        packages=tuple([literal(package) for package in packages]),
        modules=tuple(
            [
                LazyModule(
                    module=literal(typed.relative(f".{module}")),
                    names=tuple([literal(name) for name in sorted(names)]),
                )
                for module, names in sorted(modules.items())
            ]
        ),
        exported=tuple([literal(name) for name in exported]),
    )
