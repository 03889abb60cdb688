"""What the options of a tagged union have in common: one record that stands for all of them.

The union alone says little, and its options are many; what a request holds whatever the option is
what a reader of the operation wants to know first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.ir.query import record_of, union_of
from oasmith.text import Text


@frozen
class CommonField:
    """A field of several options. `count` of them have it, with one of `types`."""

    name: str
    types: tuple[ir.Use, ...]
    required: bool
    """In every option."""
    count: int
    description: Text | None
    """What most options say of it."""


@frozen
class Common:
    """The fields of a union told apart by `tag` that has `count` options."""

    union: ir.Union
    tag: str
    count: int
    fields: tuple[CommonField, ...]


def common(use: ir.Use, definitions: Mapping[ir.SchemaId, ir.Definition]) -> Common | None:
    """Return what most options of a union of records have; None: it is no such union."""
    union = union_of(use, definitions)
    if not isinstance(union, ir.Union) or not isinstance(union.told_apart, ir.ByTag):
        return None
    records = [record_of(option, definitions) for option in union.options]
    found: dict[str, list[ir.Field]] = {}
    for record in records:
        if record is None:
            return None
        for field in record.fields:
            found.setdefault(field.wire_name, []).append(field)
    fields = tuple(
        _merged(name, each, len(records))
        for name, each in found.items()
        if 2 * len(each) > len(records)
    )
    tag = union.told_apart.property
    return Common(union=union, tag=tag, count=len(records), fields=fields)


def _merged(name: str, fields: Sequence[ir.Field], options: int) -> CommonField:
    words = Counter(field.doc.description for field in fields)
    return CommonField(
        name=name,
        types=tuple(_distinct(field.type for field in fields)),
        required=len(fields) == options
        and all(isinstance(field.presence, ir.Required) for field in fields),
        count=len(fields),
        description=words.most_common(1)[0][0],
    )


def _distinct(uses: Iterable[ir.Use]) -> Iterator[ir.Use]:
    """Yield types, each definition once, and all values of literals as one type."""
    seen: set[object] = set()
    values: dict[ir.LiteralValue, None] = {}
    last: ir.Literal | None = None
    for use in uses:
        match use:
            case ir.Literal():
                values |= dict.fromkeys(use.values)
                last = use
            case ir.Ref(target=target) if target not in seen:
                seen.add(target)
                yield use
            case ir.Ref():
                pass
            case _:
                if _shape(use) not in seen:
                    seen.add(_shape(use))
                    yield use
    if last is not None:
        yield replace(last, values=tuple(values))


def _shape(use: ir.Use) -> str:
    """Return what is the same for types that differ in their place alone."""
    match use:
        case ir.Nullable(of=of):
            return f"{_shape(of)}?"
        case ir.Ref(target=target):
            return str(target)
        case ir.Scalar(kind=kind):
            return kind.name
        case _:
            return type(use).__name__
