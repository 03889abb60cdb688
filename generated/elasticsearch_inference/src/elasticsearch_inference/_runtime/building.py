"""How models are built: each schema is generated once.

A model is built on its first use. Left to itself, pydantic then writes out the schema of
everything that the model refers to, and does so again for the next model. Here, what a model refers
to is built before it and stands in its schema as a reference: pydantic-core takes the validator and
the serializer that the class has. Models that refer to each other in a circle cannot wait for each
other: the first of them is built with the schemas of all, which are kept for the others. Generated
models of one circle share a module, and nothing else does.

This relies on more of pydantic than it documents: attributes and metadata of models, and the reuse
of validators. A version that is not known is tried first, with models of our own. If anything is
not as expected, pydantic builds models by itself: the same models, only slower.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, cast

from pydantic import (
    VERSION,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import (
    CoreConfig,
    CoreSchema,
    SchemaSerializer,
    SchemaValidator,
    core_schema,
)

__all__ = ["BuiltOnce"]


@dataclass(slots=True)
class _Build:
    """A model that is being built."""

    model: type[BaseModel]
    is_circle: bool = False
    """Whether the schemas of other models were written out in its own."""
    depth: int = 0
    """How many models of the circle are being written out, each within the one before."""
    left: dict[type[BaseModel], None] = field(default_factory=dict[type[BaseModel], None])
    """Models of the circle that are referred to, and have to be written out yet."""


_builds: Final[ContextVar[tuple[_Build, ...]]] = ContextVar("_builds", default=())
"""What is being built, each because of the one before."""


_DEEP: Final = 12
"""How many models may be in the making, each for the one before. pydantic takes some 30 frames of
Python's stack for each, and the caller may stand deep in it."""


class _TooDeep(Exception):
    """Unwinds the stack for a model to be built without what waits for it."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model


class BuiltOnce(BaseModel):
    """The base of models that are built after what they refer to."""

    model_config = ConfigDict(defer_build=True)

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        **private: Any,
    ) -> bool | None:
        """Build the model if it is not, or, with `force`, again. As in pydantic."""
        if _takes_depth():
            # One more: the caller is a frame further away.
            depth = private.get(_DEPTH, 2)
            private[_DEPTH] = depth and depth + 1
        if not _is_known():
            return super().model_rebuild(force=force, raise_errors=raise_errors, **private)
        if cls.__pydantic_complete__:
            if not force:
                return None
            # pydantic's own `force` would not take what the classes inside already have.
            del cls.__pydantic_core_schema__
            cls.__pydantic_complete__ = False
        waiting = _builds.get()
        build = _Build(cls)
        while True:
            token = _builds.set((*waiting, build))
            try:
                done = super().model_rebuild(raise_errors=raise_errors, **private)
                break
            except _TooDeep as deep:
                if waiting:
                    raise
                inside = deep.model
            finally:
                _builds.reset(token)
            inside.model_rebuild(raise_errors=False)
        known = _circles.pop(cls, None) if cls.__pydantic_complete__ else None
        if build.is_circle and cls.__pydantic_complete__ and known is None:
            _Circle(cls).break_up()
        return done

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        """Give the schema of the model itself, or a reference to it in that of another."""
        if not _is_known():
            return handler(source)
        builds = _builds.get()
        if builds and builds[-1].model is cls:
            circle = _circles.get(cls)
            if circle is not None:
                return circle.schema(cls)
            schema = handler(source)
            left = builds[-1].left
            while left:
                handler.generate_schema(left.popitem()[0])  # pydantic keeps it with the others
            return _own(schema)
        if cls.__pydantic_complete__:
            return _reference(cls)
        is_circle = any(build.model is cls for build in builds) or (
            bool(builds) and builds[-1].model.__module__ == cls.__module__
        )
        if not is_circle:
            if len(builds) >= _DEEP:
                raise _TooDeep(cls)
            cls.model_rebuild(raise_errors=False)
            if cls.__pydantic_complete__:
                return _reference(cls)
        if not builds:
            return handler(source)
        build = builds[-1]
        build.is_circle = True
        if build.depth >= _DEEP:
            build.left[cls] = None
            ref = core_schema.definition_reference_schema(_reference_of(cls))
            return {**ref, "metadata": _KEPT}
        build.depth += 1
        try:
            return handler(source)
        finally:
            build.depth -= 1


def _own(schema: CoreSchema) -> CoreSchema:
    """Give the schema from which a model is built."""
    if schema["type"] == "model":
        return schema
    # pydantic-core does not take a validator that is a function around the model as it is: the
    # function could be called twice. Ours are not written out around it again.
    inner: CoreSchema = schema
    if "ref" in schema:
        inner = core_schema.definition_reference_schema(schema["ref"])
    return core_schema.no_info_before_validator_function(
        _as_it_is, inner, metadata={"pydantic_js_functions": [_written_out]}
    )


def _as_it_is(value: Any) -> Any:
    return value


def _written_out(schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    # A copy: pydantic adds all definitions, and would add them to one of themselves.
    return dict(handler.resolve_ref_schema(handler(schema)))


# --- references ---------------------------------------------------------------------------------


def _reference(model: type[BaseModel]) -> CoreSchema:
    """Give a schema for which pydantic-core takes what the class has.

    It says no more of the model than unions ask for: the fields with which it can be told apart.
    """
    body, fields = _parts(model.__pydantic_core_schema__)
    constants = {name: each for name, each in fields.items() if _is_constant(each["schema"])}
    return _prebuilt(model, body.get("ref"), constants)


def _prebuilt(
    cls: type[Any], ref: str | None, fields: dict[str, core_schema.ModelField]
) -> CoreSchema:
    def json_schema(_: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(cls.__pydantic_core_schema__)

    return core_schema.model_schema(
        cls,
        core_schema.no_info_before_validator_function(
            _not_reused, core_schema.model_fields_schema(fields)
        ),
        ref=ref,
        metadata={"pydantic_js_functions": [json_schema]},
    )


def _not_reused(_: object) -> None:
    raise RuntimeError("this version of pydantic does not reuse the validators of models")


def _parts(schema: Any) -> tuple[Any, dict[str, core_schema.ModelField]]:
    """Give the part of a schema that bears its reference, and the fields."""
    body = schema
    definitions: dict[str, Any] = {}
    while schema["type"] != "model-fields":
        match schema["type"]:
            case "definitions":
                definitions = {each["ref"]: each for each in schema["definitions"]}
                schema = schema["schema"]
            case "definition-ref":
                schema = definitions[schema["schema_ref"]]
            case _ if "schema" in schema:
                schema = schema["schema"]
            case _:
                return body, {}
        if "ref" in schema and "ref" not in body:
            body = schema
    return body, schema["fields"]


def _is_constant(schema: Any) -> bool:
    while schema["type"] in ("default", "nullable"):
        schema = schema["schema"]
    return bool(schema["type"] == "literal")


# --- circles ------------------------------------------------------------------------------------

_KEPT: Final = {"circle": True}
"""pydantic writes out in its place what is referred to once, except where there is metadata. These
schemas stay as they are: they are used again."""


_MANY: Final = 10
"""How often something must be referred to before it is worth to be built for the others."""


class _Circle:
    """The schemas of models that refer to each other, by reference, none within another."""

    def __init__(self, first: type[BaseModel]) -> None:
        """Take apart the schema of the first model of the circle."""
        self._schemas: dict[str, Any] = {}
        self._models: dict[str, type[BaseModel]] = {}
        self._shared: dict[str, CoreSchema] = {}
        """What is no model, built by itself all the same."""
        self._references: Counter[str] = Counter()
        self._config: CoreConfig | None = None
        self._names: dict[str, str] = {}
        """The reference of a model, by that of the alias in which pydantic wrote it out."""
        self._name(first.__pydantic_core_schema__)
        self._apart(first.__pydantic_core_schema__)
        for model in self._models.values():
            if not model.__pydantic_complete__:
                _circles[model] = self

    def _name(self, schema: Any) -> None:
        """Find models that bear the reference of an alias, which would be made of itself."""
        match schema:
            case list() | tuple():
                for each in cast("list[object]", schema):
                    self._name(each)
            case dict():
                members = cast("dict[str, object]", schema)
                ref = members.get("ref")
                if isinstance(ref, str) and (model := _model_of(members)) is not None:
                    self._names[ref] = _reference_of(model["cls"])
                for each in members.values():
                    self._name(each)
            case _:
                pass

    def _apart(self, schema: Any) -> Any:
        match schema:
            case list():
                return [self._apart(each) for each in cast("list[object]", schema)]
            case tuple():
                return tuple(self._apart(each) for each in cast("tuple[object]", schema))
            case {"type": "definition-ref", "schema_ref": str(ref)}:
                ref = self._names.get(ref, ref)
                self._references[ref] += 1
                return {**schema, "schema_ref": ref, "metadata": schema.get("metadata") or _KEPT}
            case {"ref": str(ref)}:  # A map of fields may hold one of that name.
                ref = self._names.get(ref, ref)
                self._references[ref] += 1
                if ref not in self._schemas:
                    self._schemas[ref] = None
                    inner = {key: self._apart(value) for key, value in schema.items()}
                    self._schemas[ref] = {**inner, "ref": ref}
                    self._note(ref, schema)
                return {**core_schema.definition_reference_schema(ref), "metadata": _KEPT}
            case dict():
                members = cast("dict[str, object]", schema)
                return {key: self._apart(value) for key, value in members.items()}
            case _:
                return schema

    def _note(self, ref: str, schema: Any) -> None:
        if (model := _model_of(schema)) is not None:
            self._models[ref] = model["cls"]
            self._config = self._config or model.get("config")

    def break_up(self) -> None:
        """Build what is referred to most, once: the others then hold less of the circle."""
        for ref, count in self._references.most_common():
            if count < _MANY:
                return
            model = self._models.get(ref)
            if model is None:
                self._share(ref)
            else:
                model.model_rebuild(raise_errors=False)

    def _share(self, ref: str) -> None:
        entry = core_schema.no_info_before_validator_function(
            _as_it_is, core_schema.definition_reference_schema(ref)
        )
        schema = core_schema.definitions_schema(entry, self._definitions())
        built = {
            "__pydantic_complete__": True,
            "__pydantic_core_schema__": schema,
            "__pydantic_validator__": SchemaValidator(schema, self._config),
            "__pydantic_serializer__": SchemaSerializer(schema, self._config),
        }
        self._shared[ref] = _prebuilt(type(ref, (), built), ref, {})

    def _definitions(self) -> list[CoreSchema]:
        built = {
            ref: _reference(model)
            for ref, model in self._models.items()
            if model.__pydantic_complete__
        }
        return [*{**self._schemas, **self._shared, **built}.values()]

    def schema(self, model: type[BaseModel]) -> CoreSchema:
        """Give the schema of one of the models, with references to those that are built."""
        ref = next(ref for ref, each in self._models.items() if each is model)
        return core_schema.definitions_schema(_own(self._schemas[ref]), self._definitions())


def _model_of(schema: Any) -> Any:
    """Give the schema of a model inside of the functions around it; None if there is none."""
    while schema.get("type", "").startswith("function-") and "schema" in schema:
        schema = schema["schema"]
    return schema if schema.get("type") == "model" else None


def _reference_of(model: type[BaseModel]) -> str:
    """Name a model as pydantic does."""
    return f"{model.__module__}.{model.__qualname__}:{id(model)}"


_circles: dict[type[BaseModel], _Circle] = {}
"""The circle of each model that is not built, where another model of it is."""


# --- what is expected of pydantic ---------------------------------------------------------------

_log: Final = logging.getLogger(__name__)

_TESTED: Final = ("2.14.",)
"""Versions of pydantic that are known to be as expected."""

_DEPTH: Final = "_parent_namespace_depth"

_trying: Final[ContextVar[bool]] = ContextVar("_trying", default=False)


@functools.cache
def _takes_depth() -> bool:
    return _DEPTH in inspect.signature(BaseModel.model_rebuild).parameters


def _is_known() -> bool:
    """Return whether pydantic is as this module expects."""
    return _trying.get() or _is_as_expected()


@functools.cache
def _is_as_expected() -> bool:
    if VERSION.startswith(_TESTED):
        return True
    token = _trying.set(True)
    try:
        from . import building_trial

        expected = building_trial.succeeds()
    except Exception:  # noqa: BLE001 - what a later version raises is not known
        expected = False
    finally:
        _trying.reset(token)
    if not expected:
        _log.info("pydantic %s builds models by itself: it is not as expected", VERSION)
    return expected
