"""Values made up from types: always the same for the same request.

Numbers and texts are drawn from a hash of what they answer, so that equal inputs get equal answers
and different ones different answers.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    cast,
    final,
    get_args,
    get_origin,
)

from pydantic import (
    BaseModel,
    PydanticUserError,
    SecretStr,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import to_jsonable_python
from typing_extensions import TypeAliasType

from . import checks
from .bodies import set_members
from .models import Unique, UnknownModel
from .operations import Operation
from .semantics import samples
from .semantics.text import TextForm, form_of

_NUMBERS = 8
"""How long a list of numbers is, where nothing says it."""
_MOST_WORDS = 16


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of the answer.

    Attributes:
        inputs: What is answered, one by one; lists at the top of the answer have an item for each.
        hints: Where all members of an object may be left out, the one is there whose name begins
            like one of these, else the first.
        length: Of lists of numbers.
        topic: What the value at hand answers.
        position: Of the item at hand.
        series: Of the item at hand, where the items of a list are drawn one by one.
        is_listed: Whether they are.
        at: The names that lead to the value at hand.
    """

    inputs: Sequence[object]
    hints: Sequence[str] = ()
    length: int | None = None
    topic: object = None
    position: int = 0
    series: int = 0
    is_listed: bool = False
    at: tuple[str, ...] = ()

    # --- what shapes leave open (`semantics.samples.Chooser`) -----------------------------------

    def member(self, name: str) -> Wanted:
        return replace(self, at=(*self.at, name))

    entry = member

    def distinct(self, number: int) -> Wanted:
        return replace(self, series=number, is_listed=True)

    def items(self, item: samples.Shape[Any], least: int) -> Sequence[Wanted]:
        if isinstance(item, samples.Number):
            return [self.distinct(index) for index in range(max(self.length or _NUMBERS, least))]
        found: list[Wanted] = [self]
        if len(self.at) == 1:
            found = [
                replace(self, topic=topic, position=index)
                for index, topic in enumerate(self.inputs)
            ]
        return found + [replace(self, position=n) for n in range(len(found), least)]

    def keys(self) -> list[str]:
        words = self.topic.split() if isinstance(self.topic, str) else ["key"]
        return words[:_MOST_WORDS]

    def members(self, names: Sequence[str]) -> Sequence[str]:
        hinted = [name for name in names if any(name.startswith(hint) for hint in self.hints)]
        return (hinted or names)[:1]

    def option(self, options: Sequence[samples.Shape[Any]]) -> int:
        # The option that says the most: an open enumeration is `Literal[...] | str`.
        constant = (i for i, one in enumerate(options) if isinstance(one, samples.Constants))
        return next(constant, 0)

    def constant(self, values: Sequence[Any]) -> Any:
        return values[self.series % len(values)]

    def number(self, shape: samples.Number) -> int | float:
        if not self.is_listed and shape.is_whole:
            return self.position
        if not self.is_listed and len(self.at) == 2:
            return 1 / (1 + self.position)
        drawn = self._drawn()
        return drawn % 256 - 128 if shape.is_whole else round(drawn / 2**31 - 1, 6)

    def text(self) -> str:
        return f"{self.at[-1] if self.at else 'text'} {self._drawn():08x}"

    def form(self, form: TextForm) -> str:
        return form.example(self._drawn())

    def _drawn(self) -> int:
        drawn_from = repr((self.topic, self.at, self.series))
        data = drawn_from.encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest()[:4])


def made_up(annotation: Any, wanted: Wanted) -> Any:
    """Make a JSON value that fits the annotation of a response."""
    return samples.sample(annotation, _shape, wanted)


def _shape(annotation: Any) -> samples.Shape[Any]:
    """Return the shape of an annotation."""
    if isinstance(annotation, TypeAliasType):
        return _shape(annotation.__value__)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bounded(annotation, _shape(arguments[0]), arguments[1:])
    if origin is Literal:
        return samples.Constants(arguments)
    if origin is Union or origin is types.UnionType:
        options = [option for option in arguments if not _is_nothing(option)]
        is_nullable = type(None) in arguments
        return samples.Options(options or [type(None)], is_nullable)
    kind = origin or annotation
    if kind is list:
        return samples.Items(rest=arguments[0] if arguments else Any)
    if kind is tuple:
        return samples.Items(first=arguments)
    if kind is dict:
        return samples.Map(value=arguments[1] if arguments else Any)
    return _of_class(kind) if isinstance(kind, type) else samples.Anything()


def _is_nothing(option: Any) -> bool:
    """Return whether an option of a union is null, or the variant that is not known."""
    is_unknown = get_origin(option) is Annotated and get_args(option)[0] is UnknownModel
    return option is type(None) or is_unknown


def _of_class(kind: type[Any]) -> samples.Shape[Any]:
    if issubclass(kind, BaseModel):
        return _record(kind)
    if issubclass(kind, bool):
        return samples.Constants((True, False))
    if issubclass(kind, int | float):
        return samples.Number(is_whole=issubclass(kind, int))
    if issubclass(kind, str | SecretStr):
        return samples.Text()
    if kind is type(None):
        return samples.Constants((None,))
    if (form := form_of(kind)) is not None:
        return samples.Text(form=form)
    return samples.Anything() if kind in (Any, object) else _foreign(kind)


def _foreign(kind: type[Any]) -> samples.Shape[Any]:
    """Return the shape of a class that the settings name, as pydantic describes it."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    try:
        schema = adapter.json_schema()
    except PydanticUserError:
        schema = {}
    match schema:
        case {"enum": [*values]}:
            return samples.Constants(values)
        case {"type": "integer" | "number" as type_}:
            return samples.Number(is_whole=type_ == "integer")
        case _:
            examples = [each for each in schema.get("examples", ()) if isinstance(each, str)]
            return samples.Text(matches=_acceptance(kind), examples=examples)


def _record(model: type[BaseModel]) -> samples.Record[Any]:
    # What is referred to by name only is known after this.
    model.model_rebuild()
    return samples.Record(
        members=[
            samples.Member(
                field.serialization_alias or name,
                Annotated[(field.annotation, *field.metadata)]
                if field.metadata
                else field.annotation,
                field.is_required(),
            )
            for name, field in model.model_fields.items()
        ]
    )


_BOUNDS: Final = {
    "ge": "minimum",
    "gt": "exclusive_minimum",
    "le": "maximum",
    "lt": "exclusive_maximum",
    "multiple_of": "multiple_of",
}


def _bounded(
    annotation: Any, shape: samples.Shape[Any], metadata: Sequence[Any]
) -> samples.Shape[Any]:
    """Return the shape with the bounds that the metadata of its annotation states."""
    stated = [one for each in metadata for one in getattr(each, "metadata", (each,))]

    def bound(name: str) -> Any:
        return next(
            (found for one in stated if (found := getattr(one, name, None)) is not None), None
        )

    match shape:
        case samples.Number():
            return replace(shape, **{to: bound(name) for name, to in _BOUNDS.items()})
        case samples.Text(form=None):
            least, most = bound("min_length") or 0, bound("max_length")
            matches = None if bound("pattern") is None else _acceptance(annotation)
            return replace(shape, least=least, most=most, matches=matches)
        case samples.Items():
            least, most = bound("min_length") or 0, bound("max_length")
            is_unique = any(isinstance(one, Unique) for one in stated)
            return replace(shape, least=least, most=most, is_unique=is_unique)
        case samples.Map():
            return replace(shape, least=bound("min_length") or 0)
        case _:
            return shape


def _acceptance(annotation: Any) -> Callable[[object], bool]:
    """Return a function that says whether pydantic takes a value."""
    adapter = TypeAdapter(annotation)

    def accepts(value: object) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    return accepts


def filled(value: Any) -> Any:
    """Give a checked response as JSON values, with the defaults that the document states."""
    match value:
        case BaseModel():
            members = {
                field.serialization_alias or name: filled(getattr(value, name))
                for name, field in type(value).model_fields.items()
                if name in value.model_fields_set or getattr(value, name) is not None
            }
            return members | {key: filled(item) for key, item in (value.model_extra or {}).items()}
        case Mapping():
            given = cast("Mapping[str, Any]", value)
            return {key: filled(item) for key, item in given.items()}
        case list() | tuple():
            return [filled(item) for item in cast("Iterable[Any]", value)]
        case _:
            other: object = value
            form = form_of(type(other))
            return to_jsonable_python(value) if form is None else form.write(value)


# --- without secrets ----------------------------------------------------------------------------


@cache
def adapter(type_: Callable[[], Any]) -> TypeAdapter[Any]:
    """Make the adapter of a type once: that of a large union takes far longer than a check."""
    return checks.adapter(type_)


def public(operation: Operation[Any], body: Any) -> dict[str, Any]:
    """Give the body without its secrets."""
    if operation.body is None:
        return {}
    shown = _shown(adapter(operation.body.type).validate_python(body))
    return cast("dict[str, Any]", shown) if isinstance(shown, dict) else {}


_HIDDEN: Final = object()


def _shown(value: Any) -> Any:
    match value:
        case SecretStr():
            return _HIDDEN
        case BaseModel():
            return _without_hidden(set_members(value))
        case Mapping():
            return _without_hidden(cast("Mapping[str, Any]", value))
        case list() | tuple():
            items = cast("Iterable[Any]", value)
            return [shown for item in items if (shown := _shown(item)) is not _HIDDEN]
        case _:
            return value


def _without_hidden(members: Mapping[str, Any]) -> Any:
    shown = {key: _shown(item) for key, item in members.items()}
    left = {key: item for key, item in shown.items() if item is not _HIDDEN}
    # Secrets and nothing else: not even their names are shown.
    return _HIDDEN if shown and not left else left
