"""Questions that several layers ask of the model: what a use is, by whatever name it goes.

Each is answered for every model, also for one that is not complete yet: a reference that leads to
nothing, or by aliases back to itself, is taken for what it is, a reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias, assert_never

from oasmith.ir.types import (
    Alias,
    AnyOf,
    Anything,
    Definition,
    Discrimination,
    Enum,
    Field,
    ListOf,
    Literal,
    LiteralValue,
    MapOf,
    Nothing,
    Nullable,
    Record,
    Ref,
    Required,
    Scalar,
    ScalarKind,
    SchemaId,
    TupleOf,
    Union,
    Unresolved,
    Use,
)

Definitions: TypeAlias = Mapping[SchemaId, Definition]

Resolved: TypeAlias = "Record | Enum | Union | Use"
"""What a use is; a reference only if it leads nowhere."""

Leaf: TypeAlias = "Record | Enum | Scalar | Literal | ListOf | TupleOf | MapOf | Anything | Nothing"
"""What a value may be once all choices are made."""


def resolved(use: Use, definitions: Definitions) -> Resolved:
    """Return what a use is, behind references and aliases."""
    left = len(definitions)  # as many aliases as there can be without a cycle
    while isinstance(use, Ref) and left >= 0:
        left -= 1
        definition = definitions.get(use.target)
        if not isinstance(definition, Alias):
            return use if definition is None else definition
        use = definition.type
    return use


def without_null(use: Use, definitions: Definitions) -> Resolved:
    """Return what a use is besides null, behind references and aliases."""
    for _ in range(len(definitions) + 1):
        found = resolved(use, definitions)
        if not isinstance(found, Nullable):
            return found
        use = found.of
    return use


def record_of(use: Use, definitions: Definitions, *, besides_null: bool = False) -> Record | None:
    """Return the record that a use is; None if it is something else.

    Args:
        besides_null: Whether the use may also be null.
    """
    found = without_null(use, definitions) if besides_null else resolved(use, definitions)
    return found if isinstance(found, Record) else None


def union_of(use: Use, definitions: Definitions) -> Union | AnyOf | None:
    """Return the union that a use is; None if it is something else, or a union and null."""
    found = resolved(use, definitions)
    return found if isinstance(found, Union | AnyOf) else None


def discrimination(union: Union | AnyOf) -> Discrimination:
    """Return how the options of a union in a finished model are discriminated."""
    assert not isinstance(union.told_apart, Unresolved)
    return union.told_apart


def constants(
    use: Use, definitions: Definitions, *, besides_null: bool = False
) -> tuple[LiteralValue, ...]:
    """Return the values of a use that is nothing but a choice of constants, else none.

    Args:
        besides_null: Whether the use may also be null, which is then not among the values.
    """
    found = without_null(use, definitions) if besides_null else resolved(use, definitions)
    return values_of(found)


def only_value(field: Field, definitions: Definitions) -> tuple[LiteralValue, ...]:
    """Return the one value that a required field may have, as it may be None; else nothing."""
    values = constants(field.type, definitions) if isinstance(field.presence, Required) else ()
    return values if len(values) == 1 else ()


def values_of(found: Resolved) -> tuple[LiteralValue, ...]:
    """Return the values of a choice of constants, else none."""
    match found:
        case Literal(values=values):
            return values
        case Enum(members=members):
            return tuple([member.value for member in members])
        case _:
            return ()


def leaves(
    use: Use, definitions: Definitions, _seen: set[SchemaId] | None = None
) -> Iterator[Leaf]:
    """Yield what a use may be, through references, aliases and unions; null is a scalar.

    What several references lead to is yielded once; a reference to nothing may be anything.
    """
    seen = set() if _seen is None else _seen
    match use:
        case Ref():
            if use.target in seen:
                return
            seen.add(use.target)
            match definitions.get(use.target):
                case Alias() as alias:
                    yield from leaves(alias.type, definitions, seen)
                case Union() as union:
                    for option in union.options:
                        yield from leaves(option, definitions, seen)
                    if union.nullable:
                        yield Scalar(kind=ScalarKind.NULL, at=use.at)
                case Record() | Enum() as definition:
                    yield definition
                case None:
                    yield Anything(at=use.at)
                case other:
                    assert_never(other)
        case Nullable():
            yield from leaves(use.of, definitions, seen)
            yield Scalar(kind=ScalarKind.NULL, at=use.at)
        case AnyOf():
            for option in use.options:
                yield from leaves(option, definitions, seen)
        case Scalar() | Literal() | ListOf() | TupleOf() | MapOf() | Anything() | Nothing():
            yield use
        case _:
            assert_never(use)


def takes_null(use: Use, definitions: Definitions) -> bool:
    """Return whether null is a value of the use."""
    return any(_is_null(leaf) for leaf in leaves(use, definitions))


def _is_null(leaf: Leaf) -> bool:
    match leaf:
        case Anything() | Scalar(kind=ScalarKind.NULL):
            return True
        case _:
            return None in values_of(leaf)
