"""Rules between the fields of a model, checked once every field by itself is right.

A rule speaks of Python field names. "Given" means that the caller set the field; what a field is
left to by default is not looked at.

Sources: JSON Schema 2020-12, `oneOf`/`anyOf`/`not` of `required`, `dependentRequired` and
`if`/`then`/`else`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias


class Subject(Protocol):
    """What rules are checked on: a pydantic model."""

    @property
    def model_fields_set(self) -> set[str]: ...


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken rule: the fields it is about and what it says, in plain words."""

    fields: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, init=False)
class RequiresOneOf:
    """Of the groups exactly one (or, when `inclusive`, at least one) is given in full."""

    groups: tuple[tuple[str, ...], ...]
    inclusive: bool
    message: str | None

    def __init__(
        self, *groups: tuple[str, ...], inclusive: bool = False, message: str | None = None
    ) -> None:
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "inclusive", inclusive)
        object.__setattr__(self, "message", message)


@dataclass(frozen=True, slots=True)
class RequiresAll:
    """All the fields are given."""

    fields: tuple[str, ...]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class RequiresWith:
    """Where `field` is given, `needs` are given too."""

    field: str
    needs: tuple[str, ...]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Excludes:
    """Not all of the fields together; one field alone: it is not given."""

    fields: tuple[str, ...]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class HasSize:
    """Least and greatest number of members given (JSON Schema validation 6.5)."""

    minimum: int | None
    maximum: int | None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Narrows:
    """Where the field is given, its value also fits the type."""

    field: str
    type: Callable[[], Any]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Is:
    """A condition: the field is given and is one of the values.

    `or_absent`: it also holds where the field is left out.
    """

    field: str
    values: tuple[bool | float | str | None, ...]
    or_absent: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A condition: all the fields are given."""

    fields: tuple[str, ...]


Condition: TypeAlias = "Is | Given"


@dataclass(frozen=True, slots=True)
class When:
    """If all the conditions hold, then `then`, else `otherwise`."""

    conditions: tuple[Condition, ...]
    then: tuple[Rule, ...]
    otherwise: tuple[Rule, ...] = ()
    message: str | None = None


Rule: TypeAlias = "RequiresOneOf | RequiresAll | RequiresWith | Excludes | HasSize | Narrows | When"


def broken(rules: Sequence[Rule], model: Subject) -> Iterator[Broken]:
    """Give every rule that the model breaks, in the order of the rules."""
    given = model.model_fields_set
    for rule in rules:
        yield from _check(rule, model, given)


def _check(rule: Rule, model: Subject, given: set[str]) -> Iterator[Broken]:
    match rule:
        case RequiresOneOf(groups=groups, inclusive=inclusive):
            full = [group for group in groups if given.issuperset(group)]
            if not full or (len(full) > 1 and not inclusive):
                fields = tuple(dict.fromkeys(name for group in groups for name in group))
                yield Broken(fields, rule.message or _one_of(groups, inclusive))
        case RequiresAll(fields=fields):
            missing = tuple(name for name in fields if name not in given)
            if missing:
                yield Broken(missing, rule.message or f"give {_all(missing)}")
        case RequiresWith(field=field, needs=needs):
            missing = tuple(name for name in needs if name not in given)
            if field in given and missing:
                message = rule.message or f"`{field}` needs {_all(missing)} beside it"
                yield Broken((field, *missing), message)
        case Excludes(fields=fields):
            if given.issuperset(fields):
                yield Broken(fields, rule.message or _excluded(fields))
        case HasSize(minimum=minimum, maximum=maximum):
            if minimum is not None and len(given) < minimum:
                yield Broken((), rule.message or f"give at least {_members(minimum)}")
            if maximum is not None and len(given) > maximum:
                yield Broken((), rule.message or f"give at most {_members(maximum)}")
        case Narrows(field=field):
            if field in given:
                problem = _misfit(rule, getattr(model, field))
                if problem is not None:
                    yield Broken((field,), rule.message or f"`{field}`: {problem}")
        case When(conditions=conditions):
            yield from _check_when(rule, model, given, conditions)


def _check_when(
    rule: When, model: Subject, given: set[str], conditions: tuple[Condition, ...]
) -> Iterator[Broken]:
    if all(_holds(condition, model, given) for condition in conditions):
        branch, words = rule.then, " and ".join(map(_condition, conditions))
        suffix = f" when {words}"
    else:
        branch, words = rule.otherwise, " and ".join(map(_condition, conditions))
        suffix = f" unless {words}"
    for inner in branch:
        for problem in _check(inner, model, given):
            if rule.message is not None:
                yield Broken(problem.fields, rule.message)
                return
            said = inner.message is not None
            yield problem if said else Broken(problem.fields, problem.message + suffix)


def _holds(condition: Condition, model: Subject, given: set[str]) -> bool:
    match condition:
        case Given(fields=fields):
            return given.issuperset(fields)
        case Is(field=field, values=values, or_absent=or_absent):
            if field not in given:
                return or_absent
            value = getattr(model, field)
            return any(_same(value, other) for other in values)


def _same(value: Any, other: bool | float | str | None) -> bool:
    # JSON's true is not 1, though Python's True is.
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


@functools.cache
def _adapter(type_: Callable[[], Any]) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type_())


def _misfit(rule: Narrows, value: object) -> str | None:
    from pydantic import ValidationError

    try:
        _adapter(rule.type).validate_python(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        first = details[0]["msg"]
        return first[:1].lower() + first[1:]
    return None


# --- the words ----------------------------------------------------------------------------------


def _all(fields: Sequence[str]) -> str:
    *init, last = [f"`{name}`" for name in fields]
    return f"{', '.join(init)} and {last}" if init else last


def _one_of(groups: Sequence[Sequence[str]], inclusive: bool) -> str:
    *init, last = [" with ".join(f"`{name}`" for name in group) for group in groups]
    count = "at least one" if inclusive else "exactly one"
    return f"give {count} of {', '.join(init)} and {last}" if init else f"give {last}"


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _excluded(fields: Sequence[str]) -> str:
    if len(fields) == 1:
        return f"`{fields[0]}` cannot be given"
    return f"{_all(fields)} cannot be given together"


def _condition(condition: Condition) -> str:
    match condition:
        case Given(fields=fields):
            return f"{_all(fields)} {'is' if len(fields) == 1 else 'are'} given"
        case Is(field=field, values=values, or_absent=or_absent):
            absent = " or left out" if or_absent else ""
            return f"`{field}` is {' or '.join(map(_literal, values))}{absent}"


def _literal(value: bool | float | str | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else repr(value)
