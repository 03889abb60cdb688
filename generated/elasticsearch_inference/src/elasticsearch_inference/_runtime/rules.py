"""Rules between the fields of a model.

A rule speaks of Python field names. "Given" means that the caller set the field; what a field is
left to by default is not looked at. A field that is wrong by itself is given, but its value is
not known: rules that would have to know it say nothing.

Sources: JSON Schema 2020-12, `oneOf`/`anyOf`/`not` of `required`, `dependentRequired` and
`if`/`then`/`else`; the extensions `x-at-most` and `x-parameters`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, Protocol, TypeAlias


class Subject(Protocol):
    """What rules are checked on: a pydantic model, or the part of one that is right."""

    @property
    def model_fields_set(self) -> set[str]: ...


class _Unknown(Enum):
    """The value of a field that is wrong by itself."""

    VALUE = 0


UNKNOWN: Final = _Unknown.VALUE


@dataclass(frozen=True, slots=True)
class Partial:
    """A model some of whose fields are wrong: those that were given, and the values of the rest."""

    model_fields_set: set[str]
    values: Mapping[str, object]


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
class AtMost:
    """Where both are given, the number `field` is at most `times` that of `of`."""

    field: str
    of: str
    times: int | float = 1
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """Where the field is given, an object, the rules hold for its members."""

    field: str
    rules: tuple[Rule, ...]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class ParameterNarrowing:
    """In a call with such a body the parameter, if given, fits the type; None: it is not given.

    A model alone has no parameters: see `narrowed`. `parameter` is the wire name.
    """

    parameter: str
    type: Callable[[], Any] | None
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


@dataclass(frozen=True, slots=True)
class Has:
    """A condition: the field is given and the conditions hold for its members.

    `or_absent`: it also holds where the field is left out.
    """

    field: str
    conditions: tuple[Condition, ...]
    or_absent: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """A condition: the other one does not hold."""

    condition: Condition


Condition: TypeAlias = "Is | Given | Has | Not"


@dataclass(frozen=True, slots=True)
class When:
    """If all the conditions hold, then `then`, else `otherwise`."""

    conditions: tuple[Condition, ...]
    then: tuple[Rule, ...]
    otherwise: tuple[Rule, ...] = ()
    message: str | None = None


Rule: TypeAlias = (
    RequiresOneOf
    | RequiresAll
    | RequiresWith
    | Excludes
    | HasSize
    | Narrows
    | AtMost
    | Inside
    | ParameterNarrowing
    | When
)


def broken(rules: Sequence[Rule], subject: Subject) -> Iterator[Broken]:
    """Give every rule that the model breaks, in the order of the rules.

    Rules of the same message are one: it is said once.
    """
    found: dict[str | int, list[Broken]] = {}
    for index, rule in enumerate(rules):
        key = index if rule.message is None else rule.message
        found.setdefault(key, []).extend(_check(rule, subject))
    for key, problems in found.items():
        yield from problems if isinstance(key, int) else _said(key, problems)


def _said(message: str, problems: Sequence[Broken]) -> Iterator[Broken]:
    """Say several problems in the words of the document, and in ours where those do not name all
    the fields.
    """
    if not problems:
        return
    fields = tuple(dict.fromkeys(name for problem in problems for name in problem.fields))
    more = [problem.message for problem in problems if not _names(message, problem.fields)]
    message = message.removesuffix(".")
    yield Broken(fields, f"{message}: {'; '.join(dict.fromkeys(more))}" if more else message)


def _names(message: str, fields: Iterable[str]) -> bool:
    return all(f"`{name.rpartition('.')[2]}`" in message for name in fields)


def _check(rule: Rule, subject: Subject) -> Iterator[Broken]:
    """Give what is broken, in our own words."""
    given = subject.model_fields_set
    match rule:
        case RequiresOneOf(groups=groups, inclusive=inclusive):
            full = [group for group in groups if given.issuperset(group)]
            if not full or (len(full) > 1 and not inclusive):
                fields = tuple(dict.fromkeys(name for group in groups for name in group))
                yield Broken(fields, _one_of(groups, inclusive))
        case RequiresAll(fields=fields):
            missing = tuple(name for name in fields if name not in given)
            if missing:
                yield Broken(missing, f"give {_all(missing)}")
        case RequiresWith(field=field, needs=needs):
            missing = tuple(name for name in needs if name not in given)
            if field in given and missing:
                yield Broken((field, *missing), f"`{field}` needs {_all(missing)} beside it")
        case Excludes(fields=fields):
            if given.issuperset(fields):
                yield Broken(fields, _excluded(fields))
        case HasSize(minimum=minimum, maximum=maximum):
            if minimum is not None and len(given) < minimum:
                yield Broken((), f"give at least {_members(minimum)}")
            if maximum is not None and len(given) > maximum:
                yield Broken((), f"give at most {_members(maximum)}")
        case Narrows(field=field, type=type_):
            value = _value(subject, field)
            if field in given and value is not UNKNOWN:
                problem = misfit(type_, value)
                if problem is not None:
                    yield Broken((field,), f"`{field}`: {problem}")
        case AtMost(field=field, of=of, times=times):
            number, limit = _number(subject, field), _number(subject, of)
            if number is not None and limit is not None and number > limit * Decimal(str(times)):
                yield Broken((field, of), f"`{field}` is at most {_times(times)}`{of}`")
        case Inside(field=field, rules=rules):
            inner = _inside(subject, field)
            if field in given and inner is not None and inner is not UNKNOWN:
                yield from (_moved(problem, field) for problem in broken(rules, inner))
        case ParameterNarrowing():
            pass
        case When():
            yield from _check_when(rule, subject)


def _check_when(rule: When, subject: Subject) -> Iterator[Broken]:
    held = _all_hold(rule.conditions, subject)
    if held is None:
        return
    suffix = _suffix(rule, held)
    for problem in broken(rule.then if held else rule.otherwise, subject):
        yield Broken(problem.fields, problem.message + suffix)


def _suffix(rule: When, held: bool) -> str:
    words = " and ".join(_condition(condition, "") for condition in rule.conditions)
    return f" {'when' if held else 'unless'} {words}"


def _moved(problem: Broken, field: str) -> Broken:
    """Give the problem of a member as one of the object that holds it."""
    message = problem.message
    for name in problem.fields:
        message = message.replace(f"`{name}`", f"`{field}.{name}`")
    return Broken(tuple(f"{field}.{name}" for name in problem.fields), message)


# --- parameters ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A parameter that has to fit a type in a call with some body.

    Attributes:
        parameter: Its wire name.
        type: None: the parameter cannot be given.
        message: The words of the document.
        suffix: When that is so, in ours.
    """

    parameter: str
    type: Callable[[], Any] | None
    message: str | None
    suffix: str

    def broken_by(self, value: object) -> str | None:
        """Say what is wrong with a value, None for nothing."""
        problem = "cannot be given" if self.type is None else misfit(self.type, value, strict=True)
        if problem is None:
            return None
        return problem + self.suffix if self.message is None else self.message.removesuffix(".")


def narrowed(rules: Sequence[Rule], subject: Subject) -> Iterator[Narrowed]:
    """Give what the rules ask of the parameters of a call with this body."""
    for rule in rules:
        match rule:
            case ParameterNarrowing(parameter=parameter, type=type_, message=message):
                yield Narrowed(parameter, type_, message, "")
            case Inside(field=field, rules=inner, message=message):
                value = _inside(subject, field)
                if value is not None and value is not UNKNOWN:
                    for each in narrowed(inner, value):
                        yield Narrowed(
                            each.parameter, each.type, message or each.message, each.suffix
                        )
            case When(conditions=conditions, message=message):
                held = _all_hold(conditions, subject)
                if held is not None:
                    suffix = _suffix(rule, held)
                    for each in narrowed(rule.then if held else rule.otherwise, subject):
                        yield Narrowed(
                            each.parameter,
                            each.type,
                            message or each.message,
                            each.suffix + suffix,
                        )
            case _:
                pass


# --- conditions and values ----------------------------------------------------------------------


def _all_hold(conditions: Iterable[Condition], subject: Subject | None) -> bool | None:
    """Say whether all conditions hold; None: that cannot be known. One that fails decides."""
    found = [_holds(condition, subject) for condition in conditions]
    if False in found:
        return False
    return None if None in found else True


def _holds(condition: Condition, subject: Subject | None) -> bool | None:
    if isinstance(condition, Not):
        held = _holds(condition.condition, subject)
        return None if held is None else not held
    if subject is None:
        # No object: what JSON Schema asks of members is then true.
        return True
    given = subject.model_fields_set
    match condition:
        case Given(fields=fields):
            return given.issuperset(fields)
        case Is(field=field, values=values, or_absent=or_absent):
            if field not in given:
                return or_absent
            value = _value(subject, field)
            return None if value is UNKNOWN else any(_same(value, other) for other in values)
        case Has(field=field, conditions=conditions, or_absent=or_absent):
            if field not in given:
                return or_absent
            inner = _inside(subject, field)
            return None if inner is UNKNOWN else _all_hold(conditions, inner)


def _same(value: Any, other: bool | float | str | None) -> bool:
    # JSON's true is not 1, though Python's True is.
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _value(subject: Subject, field: str) -> Any:
    if isinstance(subject, Partial):
        return subject.values.get(field, UNKNOWN)
    return getattr(subject, field, None)


def _inside(subject: Subject, field: str) -> Subject | Literal[_Unknown.VALUE] | None:
    """Give the object that a field holds; None: it holds something else, or nothing."""
    value: Subject | Literal[_Unknown.VALUE] = _value(subject, field)
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, Mapping):
        return Partial(set(value), value)
    return value if hasattr(value, "model_fields_set") else None


def _number(subject: Subject, field: str) -> Decimal | None:
    value = _value(subject, field) if field in subject.model_fields_set else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(str(value))


@functools.cache
def _adapter(type_: Callable[[], Any]) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type_())


def misfit(type_: Callable[[], Any], value: object, *, strict: bool | None = None) -> str | None:
    """Say why a value does not fit a type, None if it does."""
    from pydantic import ValidationError

    try:
        _adapter(type_).validate_python(value, strict=strict)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        first = details[0]["msg"].removeprefix("Input ").removeprefix("String ")
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


def _times(times: float) -> str:
    match times:
        case 1:
            return ""
        case 0.5:
            return "half of "
        case _:
            return f"{times:g} times "


def _condition(condition: Condition, path: str, *, refused: bool = False) -> str:
    """Say a condition, or its opposite; `path` leads to the object, with a dot at its end."""
    no = "not " if refused else ""
    match condition:
        case Given(fields=fields):
            names = _all([path + name for name in fields])
            if len(fields) == 1:
                return f"{names} is {no}given"
            return f"{names} are {'not all ' if refused else ''}given"
        case Is(field=field, values=values, or_absent=or_absent):
            listed = " or ".join(map(_literal, values))
            if refused and or_absent:
                return f"`{path}{field}` is given and not {listed}"
            return f"`{path}{field}` is {no}{listed}{' or left out' if or_absent else ''}"
        case Has(field=field, conditions=conditions, or_absent=or_absent):
            inner = f"{path}{field}."
            words = [_condition(each, inner, refused=refused) for each in conditions]
            said = (" or " if refused else " and ").join(words)
            if refused or not or_absent:
                return said
            return f"{said} or `{path}{field}` is left out"
        case Not(condition=other):
            return _condition(other, path, refused=not refused)


def _literal(value: bool | float | str | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else repr(value)
