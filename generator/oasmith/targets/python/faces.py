"""The faces of a definition: the classes it becomes, their names and their homes.

What is sent is strict, what is received is lenient. A definition that is used on one side has one
class; one that is used on both has two (`Thing`, `ThingResponse`), unless both would say the same.
What is sent also has a plain form, `ThingDict`, for people who like to write dicts.
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.walk import deep, targets, uses_in_definition
from oasmith.targets.python import naming
from oasmith.targets.python.modules import Home, place


class Face(enum.Enum):
    """From which side an annotation is looked at."""

    __hash__ = object.__hash__  # Members are single, and keys of everything here.

    REQUEST = "request"
    """What is validated before it is sent: strict."""
    RESPONSE = "response"
    """What is validated when it is received: lenient."""
    INPUT = "input"
    """What a caller may write where `REQUEST` is validated: models or plain dicts."""


@frozen
class Model:
    """One face of a definition, as Python: a class, or an alias of an annotation."""

    id: ir.SchemaId
    face: Face
    name: str
    """Of the class or alias."""
    dict_name: str | None
    """Of its plain form, in the same module."""
    folder: tuple[str, ...]
    """Where people import it from: `models.<folder>`."""
    module: str = ""
    """Where it is defined, below the package: `models.inference.rate_limit`."""
    recursive: bool = False
    """An alias in a circle of references: pydantic has to meet it by name, not written out."""

    @property
    def path(self) -> str:
        """The dotted path that people use, `models.inference.RateLimit`."""
        return ".".join(("models", *self.folder, self.name))


_UNUSED = ir.Usage()

Key: TypeAlias = tuple[ir.SchemaId, Face]

References: TypeAlias = Mapping[ir.SchemaId, tuple[tuple[ir.Access | None, ir.SchemaId], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything is and what it is called."""

    definitions: Mapping[ir.SchemaId, ir.Definition]
    usage: Mapping[ir.SchemaId, ir.Usage]
    references: References
    """What a definition refers to, and, where it is through a field, on which side of it."""
    models: Mapping[Key, Model]
    """Keyed by `REQUEST` and `RESPONSE`. Both keys lead to the same model where there is one."""
    fields: Mapping[ir.SchemaId, Mapping[str, str]] = field(default_factory=dict)
    """Records: wire name -> Python name."""
    modules: tuple[tuple[str, tuple[Model, ...]], ...] = ()
    """Dotted path below the package -> what it defines, each after what it refers to."""

    def model(self, id: ir.SchemaId, face: Face) -> Model | None:
        """Return the model; None for a definition that this face writes out in full."""
        return self.models.get((id, Face.REQUEST if face is Face.INPUT else face))

    def shown(self, model: Model) -> Iterator[ir.Field]:
        """Give the fields of a record that this face has."""
        definition = self.definitions[model.id]
        if isinstance(definition, ir.Record):
            hidden = self._hidden(model)
            yield from (field for field in definition.fields if field.access is not hidden)

    def targets(self, model: Model) -> Iterator[Model]:
        """Give the models that a model refers to."""
        hidden = self._hidden(model)
        for access, id in self.references[model.id]:
            if access is not hidden or access is None:
                target = self.model(id, model.face)
                if target is not None:
                    yield target

    def _hidden(self, model: Model) -> ir.Access | None:
        """Return which fields a face does not have; one that is used nowhere has all."""
        usage = self.usage.get(model.id, _UNUSED)
        match model.face:
            case Face.REQUEST if usage.request:
                return ir.Access.READ
            case Face.RESPONSE if usage.response:
                return ir.Access.WRITE
            case _:
                return None


def lay_out(api: ir.Api, pins: Mapping[str, str], diagnostics: Diagnostics) -> Layout:
    """Decide classes, names, modules. `pins` are class names by schema, as the document says it.

    Reports `name-collision` for names that nothing tells apart.
    """
    names = _class_names(api.definitions, pins, diagnostics)
    references = {id: _references(definition) for id, definition in api.definitions.items()}
    differs = _differing(api, references)
    plain_forms = _with_plain_form(api.definitions, references)
    models: dict[Key, Model] = {}
    for id, definition in api.definitions.items():
        folder, name = names[id]
        usage = api.usage.get(id, _UNUSED)
        first = Face.RESPONSE if usage.response and not usage.request else Face.REQUEST
        has_dict = first is Face.REQUEST and id in plain_forms
        model = Model(
            id=id,
            face=first,
            name=name,
            dict_name=_derived(name, "Dict", names.taken[folder]) if has_dict else None,
            folder=folder,
        )
        models[id, first] = model
        other = Face.REQUEST if first is Face.RESPONSE else Face.RESPONSE
        if not (usage.request and usage.response and id in differs):
            models[id, other] = model
        elif not _written_out(definition):
            models[id, other] = replace(
                model,
                face=other,
                name=_derived(name, "Response", names.taken[folder]),
                dict_name=None,
            )
    layout = _placed(
        Layout(
            definitions=api.definitions,
            usage=api.usage,
            references=references,
            models=models,
        )
    )
    _check_depth(layout, diagnostics)
    return replace(layout, fields=_field_names(layout))


_DEEPEST = 100
"""Modules that import one another in a row: each takes some 8 of the 1,000 calls within calls."""


def _check_depth(layout: Layout, diagnostics: Diagnostics) -> None:
    """Report a definition that leads on and on to others. Modules come after what they import."""
    depths: dict[str, int] = {}
    for path, models in layout.modules:
        further = {target.module for model in models for target in layout.targets(model)} - {path}
        depths[path] = 1 + max((depths[module] for module in further), default=0)
        if depths[path] == _DEEPEST + 1:
            diagnostics.error(
                "too-large",
                layout.definitions[models[0].id].at,
                f"this leads on to schemas that lead on to others, more than {_DEEPEST} in a row",
            )


def _derived(name: str, suffix: str, taken: set[str]) -> str:
    """Append the suffix; a definition that the document calls so keeps the name."""
    derived = f"{name}{suffix}"
    while derived in taken:
        derived = f"{derived.removesuffix(suffix)}As{suffix}"
    return derived


def _placed(layout: Layout) -> Layout:
    """Give every model its module."""
    number = {id(model): at for at, model in enumerate(layout.models.values())}
    nodes = {number[id(model)]: model for model in layout.models.values()}
    homes = {at: Home(model.folder, model.name) for at, model in nodes.items()}
    edges = {
        at: [number[id(target)] for target in layout.targets(model)] for at, model in nodes.items()
    }
    final: dict[int, Model] = {}
    modules: list[tuple[str, tuple[Model, ...]]] = []
    for path, members in place(homes, edges):
        circular = len(members) > 1 or members[0] in edges[members[0]]
        local = _local_names([nodes[at] for at in members], tuple(path.split(".")[1:-1]))
        for at, model in zip(members, local, strict=True):
            definition = layout.definitions[model.id]
            final[at] = replace(
                model,
                module=path,
                recursive=circular and isinstance(definition, ir.Alias | ir.Union),
            )
        modules.append((path, tuple([final[at] for at in members])))
    models = {key: final[number[id(model)]] for key, model in layout.models.items()}
    return replace(layout, models=models, modules=tuple(modules))


def _local_names(models: list[Model], folder: tuple[str, ...]) -> list[Model]:
    """Tell apart what has one name in several folders and lives in one module.

    What is at home there keeps its name, the others say where they are from: `IssuingDispute`.
    """
    counts = Counter(model.name for model in models)
    return [
        model
        if counts[model.name] == 1 or model.folder == folder
        else replace(
            model,
            name=_from(model.folder, model.name),
            dict_name=model.dict_name and _from(model.folder, model.dict_name),
        )
        for model in models
    ]


def _from(folder: tuple[str, ...], name: str) -> str:
    return naming.class_name("_".join((*folder, name)))


# --- do the two sides say the same? -----------------------------------------------------------


def _written_out(definition: ir.Definition) -> bool:
    """Say whether two names would be silly: `Count` and `CountResponse` for a number."""
    return isinstance(definition, ir.Alias) and isinstance(definition.type, ir.Scalar)


def _references(
    definition: ir.Definition,
) -> tuple[tuple[ir.Access | None, ir.SchemaId], ...]:
    found: dict[tuple[ir.Access | None, ir.SchemaId], None] = {}
    if isinstance(definition, ir.Record):
        for each in definition.fields:
            for id in targets((each.type,)):
                found[each.access, id] = None
    for id in targets(uses_in_definition(definition, lambda _: False)):
        found[None, id] = None
    return tuple(found)


def _differing(api: ir.Api, references: References) -> set[ir.SchemaId]:
    """Return the definitions whose request and response are not annotated alike."""
    found = {id for id, definition in api.definitions.items() if _is_checked(definition)}
    return _spread(found, api.definitions, references)


def _with_plain_form(
    definitions: Mapping[ir.SchemaId, ir.Definition], references: References
) -> set[ir.SchemaId]:
    """Return the definitions in which there is a record, so that a dict can stand for it."""
    records = {id for id, definition in definitions.items() if isinstance(definition, ir.Record)}
    return _spread(records, definitions, references)


def _spread(
    found: set[ir.SchemaId],
    definitions: Mapping[ir.SchemaId, ir.Definition],
    references: References,
) -> set[ir.SchemaId]:
    """Add what refers to what is found, except from a record."""
    users: defaultdict[ir.SchemaId, list[ir.SchemaId]] = defaultdict(list)
    for id, definition in definitions.items():
        if not isinstance(definition, ir.Record):
            for _, target in references[id]:
                users[target].append(id)
    waiting = list(found)
    while waiting:
        for user in users[waiting.pop()]:
            if user not in found:
                found.add(user)
                waiting.append(user)
    return found


def _is_checked(definition: ir.Definition) -> bool:
    """Say whether the definition by itself is checked in requests as it is not in responses."""
    match definition:
        case ir.Record() | ir.Enum():
            return True
        case ir.Union(told_apart=ir.ByTag() | ir.ByRequiredKeys() | ir.ByTrial()):
            return True
        case ir.Union() | ir.Alias():
            return any(
                _is_checked_use(part)
                for use in uses_in_definition(definition)
                for part in deep(use)
            )
        case _:
            assert_never(definition)


def _is_checked_use(use: ir.Use) -> bool:
    match use:
        case ir.Scalar():
            return use.kind.request != use.kind.response or use.bounds is not None
        case ir.Literal():
            return True
        case ir.ListOf():
            return use.size is not None or use.unique
        case ir.TupleOf():
            return True
        case ir.MapOf():
            return use.size is not None or use.keys is not None
        case ir.AnyOf():
            return not isinstance(use.told_apart, ir.ByJsonType)
        case ir.Ref() | ir.Nullable() | ir.Anything() | ir.Nothing():
            return False
        case _:
            assert_never(use)


# --- names ------------------------------------------------------------------------------------


@frozen(kw_only=False)
class _ClassNames:
    of: Mapping[ir.SchemaId, tuple[tuple[str, ...], str]]
    taken: Mapping[tuple[str, ...], set[str]]

    def __getitem__(self, id: ir.SchemaId) -> tuple[tuple[str, ...], str]:
        return self.of[id]


def _class_names(
    definitions: Mapping[ir.SchemaId, ir.Definition],
    pins: Mapping[str, str],
    diagnostics: Diagnostics,
) -> _ClassNames:
    """Return folder and class name of each definition; names differ within a folder."""
    folders: defaultdict[tuple[str, ...], list[ir.SchemaId]] = defaultdict(list)
    for id in definitions:
        folders[naming.namespace_path(id.namespace)].append(id)
    of: dict[ir.SchemaId, tuple[tuple[str, ...], str]] = {}
    taken: dict[tuple[str, ...], set[str]] = {}
    for folder, ids in folders.items():
        texts: dict[str, ir.SchemaId] = {}
        # `a.X` and `a._types.X` share a folder: the longer one says all of its name.
        for id in sorted(ids, key=lambda id: (len(id.namespace), id)):
            texts[str(id) if id.name in texts else id.name] = id
        pinned = {text: pins[str(id)] for text, id in texts.items() if str(id) in pins}
        result = naming.distinct(texts, naming.class_name, pinned)
        for clash in result.clashes:
            first, *others = [definitions[texts[text]].at for text in clash]
            diagnostics.error(
                "name-collision",
                first,
                f"the schemas {', '.join(f'`{text}`' for text in clash)} would all be the class "
                f"`{result.names[clash[0]]}`",
                "give one of them another name under [tool.oasmith.names]",
                related=[("also so named", other) for other in others],
            )
        for text, id in texts.items():
            of[id] = (folder, result.names[text])
        taken[folder] = set(result.names.values())
    return _ClassNames(of, taken)


def _field_names(layout: Layout) -> dict[ir.SchemaId, Mapping[str, str]]:
    found: dict[ir.SchemaId, Mapping[str, str]] = {}
    for id, record in layout.definitions.items():
        if not isinstance(record, ir.Record):
            continue
        result = naming.distinct([f.wire_name for f in record.fields], naming.field_name)
        names = result.names
        capitals = {name for name in names.values() if name[0].isupper()}
        if capitals:
            # In its class a field hides what it is called like: `Usage: Usage | None = None`.
            used = {
                name
                for face in (Face.REQUEST, Face.RESPONSE)
                if (model := layout.model(id, face)) is not None
                for target in layout.targets(model)
                for name in (target.name, target.dict_name)
            }
            names = {wire: f"{name}_" if name in used else name for wire, name in names.items()}
        found[id] = names
    return found
