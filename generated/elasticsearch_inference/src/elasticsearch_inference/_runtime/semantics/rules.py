"""Rules between the fields of an object: what they are, whether they hold, how they are worded.

The generator reads them from schemas, checks examples with them and describes them in the docs;
generated packages check requests with them. The names of fields are wire names in the generator and
Python names in packages.

"Given" means that the caller set the field; a default is not looked at. A field that is wrong by
itself is given, but its value is unknown: rules that depend on the value are then not checked.

Sources: JSON Schema 2020-12, `oneOf`/`anyOf`/`not` of `required`, `dependentRequired`,
`if`/`then`/`else`, `minProperties` and `maxProperties`; the extensions `x-at-most` and
`x-parameters`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from enum import Enum
from typing import (
    Any,
    Final,
    Generic,
    Literal,
    Protocol,
    TypeAlias,
    TypeVar,
    assert_never,
    cast,
)

LiteralValue: TypeAlias = "bool | int | float | str | None"

T = TypeVar("T")
U = TypeVar("U")
M = TypeVar("M")
N = TypeVar("N")
T_co = TypeVar("T_co", covariant=True)
"""A type that a value may have to fit: a use of the model, or a function that returns a type."""
M_co = TypeVar("M_co", covariant=True)
"""What the document says of a rule: `Statement` of the model, or a text (None: nothing)."""


@dataclass(frozen=True, slots=True)
class _Stated(Generic[M_co]):
    _: KW_ONLY
    message: M_co = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, init=False)
class RequiresOneOf(_Stated[M_co]):
    """All fields of exactly one group (of at least one, if `inclusive`) are given."""

    groups: tuple[tuple[str, ...], ...]
    _: KW_ONLY
    inclusive: bool = False

    def __init__(self, *groups: tuple[str, ...], inclusive: bool = False, message: Any = None):
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "inclusive", inclusive)
        object.__setattr__(self, "message", message)


@dataclass(frozen=True, slots=True)
class RequiresAll(_Stated[M_co]):
    """All the fields are given."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequiresWith(_Stated[M_co]):
    """If `field` is given, `needs` are given too (`dependentRequired`)."""

    field: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excludes(_Stated[M_co]):
    """The fields are not all given (`not: {required: […]}`); a single field is not given."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasSize(_Stated[M_co]):
    """Minimum and maximum number of fields given (JSON Schema validation 6.5)."""

    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Narrows(_Stated[M_co], Generic[T_co, M_co]):
    """If the field is given, its value also fits the type."""

    field: str
    type: T_co


@dataclass(frozen=True, slots=True)
class AtMost(_Stated[M_co]):
    """If both are given, the number `field` is at most `times` the number `of` (`x-at-most`)."""

    field: str
    of: str
    times: int | float = 1


@dataclass(frozen=True, slots=True)
class Inside(_Stated[M_co], Generic[T_co, M_co]):
    """If the field is given and is an object, the rules hold for its fields."""

    field: str
    rules: tuple[Rule[T_co, M_co], ...]


@dataclass(frozen=True, slots=True)
class ParameterNarrowing(_Stated[M_co], Generic[T_co, M_co]):
    """In a call with such a body the parameter, if given, fits the type (`x-parameters`).

    Attributes:
        parameter: Its wire name.
        type: None: the parameter is not given.
    """

    parameter: str
    type: T_co | None


@dataclass(frozen=True, slots=True)
class Is:
    """A condition: the field is given and is one of the values.

    `or_absent`: it also holds if the field is not given, as a `properties` in an `if` does
    without `required` (JSON Schema applicator 10.3.2.1).
    """

    field: str
    values: tuple[LiteralValue, ...]
    _: KW_ONLY
    or_absent: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A condition: all the fields are given."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """A condition: the field is given and the conditions hold for its fields.

    `or_absent`: it also holds if the field is not given.
    """

    field: str
    conditions: tuple[Condition, ...]
    _: KW_ONLY
    or_absent: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """A condition: the other one does not hold."""

    condition: Condition


Condition: TypeAlias = Is | Given | Has | Not


@dataclass(frozen=True, slots=True)
class When(_Stated[M_co], Generic[T_co, M_co]):
    """If all the conditions hold, then `then`, else `otherwise` (`if`/`then`/`else`)."""

    conditions: tuple[Condition, ...]
    then: tuple[Rule[T_co, M_co], ...]
    otherwise: tuple[Rule[T_co, M_co], ...] = ()


Rule: TypeAlias = (
    Narrows[T, M]
    | RequiresOneOf[M]
    | RequiresAll[M]
    | RequiresWith[M]
    | Excludes[M]
    | HasSize[M]
    | AtMost[M]
    | Inside[T, M]
    | ParameterNarrowing[T, M]
    | When[T, M]
)


# --- parts and translation ----------------------------------------------------------------------


def deep_rules(rules: Iterable[Rule[T, M]]) -> Iterator[Rule[T, M]]:
    """Yield the rules and all rules that they consist of, outermost first."""
    for rule in rules:
        yield rule
        match rule:
            case Inside(rules=inner):
                yield from deep_rules(inner)
            case When(then=then, otherwise=otherwise):
                yield from deep_rules((*then, *otherwise))
            case RequiresOneOf() | RequiresAll() | RequiresWith() | Excludes() | HasSize():
                pass
            case Narrows() | AtMost() | ParameterNarrowing():
                pass
            case _:
                assert_never(rule)


class Names(Protocol):
    """The names of an object's fields in another notation."""

    def of(self, field: str) -> str:
        """Return the other name of a field."""
        ...

    def inside(self, field: str) -> Names:
        """Return the names for the object that a field holds."""
        ...


class SameNames:
    """Names that stay the same."""

    def of(self, field: str) -> str:
        return field

    def inside(self, field: str) -> SameNames:
        return self


def translated(
    rule: Rule[T, M], type_: Callable[[T], U], message: Callable[[M], N], names: Names
) -> Rule[U, N]:
    """Return the rule with other types, messages and names."""

    def all_of(fields: Iterable[str]) -> tuple[str, ...]:
        return tuple([names.of(name) for name in fields])

    def each(rules: Iterable[Rule[T, M]], names: Names = names) -> tuple[Rule[U, N], ...]:
        return tuple([translated(inner, type_, message, names) for inner in rules])

    said = message(rule.message)
    match rule:
        case RequiresOneOf(groups=groups, inclusive=inclusive):
            return RequiresOneOf(*map(all_of, groups), inclusive=inclusive, message=said)
        case RequiresAll(fields=fields):
            return RequiresAll(all_of(fields), message=said)
        case RequiresWith(field=name, needs=needs):
            return RequiresWith(names.of(name), all_of(needs), message=said)
        case Excludes(fields=fields):
            return Excludes(all_of(fields), message=said)
        case HasSize(minimum=minimum, maximum=maximum):
            return HasSize(minimum, maximum, message=said)
        case Narrows(field=name, type=wanted):
            return Narrows(names.of(name), type_(wanted), message=said)
        case AtMost(field=name, of=of, times=times):
            return AtMost(names.of(name), names.of(of), times, message=said)
        case Inside(field=name, rules=rules):
            return Inside(names.of(name), each(rules, names.inside(name)), message=said)
        case ParameterNarrowing(parameter=parameter, type=only):
            narrow = None if only is None else type_(only)
            return ParameterNarrowing(parameter, narrow, message=said)
        case When(conditions=conditions, then=then, otherwise=otherwise):
            tests = tuple([_translated(condition, names) for condition in conditions])
            return When(tests, each(then), each(otherwise), message=said)
        case _:
            assert_never(rule)


def _translated(condition: Condition, names: Names) -> Condition:
    match condition:
        case Is(field=name, values=values, or_absent=or_absent):
            return Is(names.of(name), values, or_absent=or_absent)
        case Given(fields=fields):
            return Given(tuple([names.of(name) for name in fields]))
        case Has(field=name, conditions=conditions, or_absent=or_absent):
            inner = names.inside(name)
            tests = tuple([_translated(each, inner) for each in conditions])
            return Has(names.of(name), tests, or_absent=or_absent)
        case Not(condition=other):
            return Not(_translated(other, names))
        case _:
            assert_never(condition)


# --- what rules are checked on ------------------------------------------------------------------


class Subject(Protocol):
    """An object that rules are checked on: a pydantic model, or `Partial`."""

    @property
    def model_fields_set(self) -> set[str] | frozenset[str]: ...


class _Unknown(Enum):
    """The value of a field that is wrong by itself."""

    VALUE = 0


UNKNOWN: Final = _Unknown.VALUE


@dataclass(frozen=True, slots=True)
class Partial:
    """The fields that were given, and the values of those whose value is known."""

    model_fields_set: set[str] | frozenset[str]
    values: Mapping[str, object]


def object_of(value: object) -> Subject | None:
    """Return a model or a JSON object as what rules are checked on; None for other values."""
    if isinstance(value, Mapping):
        known = cast("Mapping[str, object]", value)
        return Partial(frozenset(known), known)
    return cast("Subject", value) if hasattr(value, "model_fields_set") else None


def same(value: Any, other: Any) -> bool:
    """Return whether JSON values are equal (JSON Schema core 4.2.2: true is not 1)."""
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _value(subject: Subject, name: str) -> Any:
    if isinstance(subject, Partial):
        return subject.values.get(name, UNKNOWN)
    return getattr(subject, name, None)


def _inside(subject: Subject, name: str) -> Subject | Literal[_Unknown.VALUE] | None:
    """Return the object that a field holds; None if it holds another value, or is not given."""
    value = _value(subject, name) if name in subject.model_fields_set else None
    return UNKNOWN if value is UNKNOWN else object_of(value)


def _number(subject: Subject, name: str) -> Decimal | None:
    value = _value(subject, name) if name in subject.model_fields_set else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(str(value))


def _all_hold(conditions: Iterable[Condition], subject: Subject | None) -> bool | None:
    """Return whether all conditions hold; None if that is unknown. One that fails decides."""
    found = [_holds(condition, subject) for condition in conditions]
    if False in found:
        return False
    return None if None in found else True


def _holds(condition: Condition, subject: Subject | None) -> bool | None:
    if isinstance(condition, Not):
        held = _holds(condition.condition, subject)
        return None if held is None else not held
    if subject is None:
        # What JSON Schema asks of properties holds for whatever is not an object.
        return True
    given = subject.model_fields_set
    match condition:
        case Given(fields=fields):
            return given.issuperset(fields)
        case Is(field=name, values=values, or_absent=or_absent):
            if name not in given:
                return or_absent
            value = _value(subject, name)
            return None if value is UNKNOWN else any(same(value, other) for other in values)
        case Has(field=name, conditions=conditions, or_absent=or_absent):
            if name not in given:
                return or_absent
            inner = _inside(subject, name)
            return None if inner is UNKNOWN else _all_hold(conditions, inner)
        case _:
            assert_never(condition)


# --- checking -----------------------------------------------------------------------------------


Misfit: TypeAlias = Callable[[T, object], "str | None"]
"""Returns why a value does not fit a type; None if it does."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is not kept: the fields it is about, and the message."""

    fields: tuple[str, ...]
    message: str


def violations(
    rules: Sequence[Rule[T, str | None]], subject: Subject, misfit: Misfit[T], path: str = ""
) -> list[Violation]:
    """Return what the object violates, in the order of the rules.

    Rules with the same message are reported once. `path` leads to the object, with a dot at its
    end.
    """
    found: dict[str | int, list[Violation]] = {}
    for index, rule in enumerate(rules):
        if broken := _check(rule, subject, misfit, path):
            found.setdefault(index if rule.message is None else rule.message, []).extend(broken)
    return [
        violation
        for key, broken in found.items()
        for violation in (broken if isinstance(key, int) else (_in_words(key, broken, path),))
    ]


def _in_words(message: str, broken: Sequence[Violation], path: str) -> Violation:
    """Report violations with the message of the document, and with ours if it names not all the
    fields.
    """
    fields = tuple(dict.fromkeys(name for violation in broken for name in violation.fields))
    names = {name: f"`{name.rpartition('.')[2]}`" for name in fields}
    more = [v.message for v in broken if not all(names[name] in message for name in v.fields)]
    message = message.removesuffix(".")
    if path:
        for name in fields:
            message = message.replace(names[name], f"`{name}`")
    return Violation(fields, f"{message}: {'; '.join(dict.fromkeys(more))}" if more else message)


def _check(
    rule: Rule[T, str | None], subject: Subject, misfit: Misfit[T], path: str
) -> Sequence[Violation]:
    """Return what the object violates, with messages of our own."""
    given = subject.model_fields_set
    match rule:
        case When(conditions=conditions, then=then, otherwise=otherwise):
            held = _all_hold(conditions, subject)
            if held is None:
                return ()
            broken = violations(then if held else otherwise, subject, misfit, path)
            if not broken:
                return ()
            when = _when(conditions, held, PLAIN, path)
            return [Violation(violation.fields, violation.message + when) for violation in broken]
        case RequiresOneOf(groups=groups, inclusive=inclusive):
            full = sum(map(given.issuperset, groups))
            if full == 1 or (full and inclusive):
                return ()
            fields = dict.fromkeys(name for group in groups for name in group)
            return [Violation(_under(path, fields), _one_of(groups, inclusive, PLAIN, path))]
        case RequiresAll(fields=wanted):
            if missing := [name for name in wanted if name not in given]:
                return [Violation(_under(path, missing), f"give {_all(missing, PLAIN, path)}")]
        case RequiresWith(field=name, needs=needs):
            missing = [] if name not in given else [other for other in needs if other not in given]
            if missing:
                message = f"{_plain(path + name)} needs {_all(missing, PLAIN, path)} beside it"
                return [Violation(_under(path, (name, *missing)), message)]
        case Excludes(fields=excluded):
            if given.issuperset(excluded):
                names = _all(excluded, PLAIN, path)
                message = f"{names} {_NEVER}{'' if len(excluded) == 1 else _TOGETHER}"
                return [Violation(_under(path, excluded), message)]
        case HasSize(minimum=minimum, maximum=maximum):
            too_few = minimum is not None and len(given) < minimum
            if too_few or (maximum is not None and len(given) > maximum):
                return [Violation((), _size(minimum, maximum, PLAIN, path))]
        case Narrows(field=name, type=type_):
            if name in given and (value := _value(subject, name)) is not UNKNOWN:
                problem = misfit(type_, value)
                if problem is not None:
                    return [Violation(_under(path, (name,)), f"{_plain(path + name)}: {problem}")]
        case AtMost(field=name, of=of, times=times):
            number, limit = _number(subject, name), _number(subject, of)
            if number is not None and limit is not None and number > limit * Decimal(str(times)):
                message = _at_most(name, of, times, PLAIN, path)
                return [Violation(_under(path, (name, of)), message)]
        case Inside(field=name, rules=rules):
            inner = _inside(subject, name)
            if inner is not None and inner is not UNKNOWN:
                return violations(rules, inner, misfit, f"{path}{name}.")
        case ParameterNarrowing():
            pass  # an object alone has no parameters: see `narrowed`
        case _:
            assert_never(rule)
    return ()


@dataclass(frozen=True, slots=True)
class Narrowed(Generic[T_co, M_co]):
    """What rules ask of a parameter in a call with some body.

    Attributes:
        parameter: Its wire name.
        type: None: the parameter cannot be given.
        message: What the document says.
        when: The conditions that led to it, in words.
    """

    parameter: str
    type: T_co | None
    message: M_co
    when: str


def narrowed(
    rules: Iterable[Rule[T, M]], subject: Subject, path: str = ""
) -> Iterator[Narrowed[T, M]]:
    """Yield what the rules ask of the parameters of a call with this body."""
    for rule in rules:
        match rule:
            case ParameterNarrowing(parameter=parameter, type=type_, message=message):
                yield Narrowed(parameter, type_, message, "")
            case Inside(field=name, rules=inner, message=message):
                value = _inside(subject, name)
                if value is not None and value is not UNKNOWN:
                    for each in narrowed(inner, value, f"{path}{name}."):
                        yield Narrowed(
                            each.parameter, each.type, message or each.message, each.when
                        )
            case When(conditions=conditions, message=message):
                held = _all_hold(conditions, subject)
                if held is not None:
                    for each in narrowed(rule.then if held else rule.otherwise, subject, path):
                        when = each.when + _when(conditions, held, PLAIN, path)
                        yield Narrowed(each.parameter, each.type, message or each.message, when)
            case RequiresOneOf() | RequiresAll() | RequiresWith() | Excludes() | HasSize():
                pass
            case Narrows() | AtMost():
                pass
            case _:
                assert_never(rule)


def misfit_of_parameter(
    asked: Narrowed[T, str | None], value: object, misfit: Misfit[T], body: str
) -> str | None:
    """Return why the value of a parameter does not go with a body of that name; None if it does."""
    problem = _NEVER if asked.type is None else misfit(asked.type, value)
    if problem is None:
        return None
    if asked.message is not None:
        return asked.message.removesuffix(".")
    return problem + (asked.when or f", as the body is {body}")


def needed(rules: Iterable[Rule[T, M]], subject: Subject) -> Iterator[str]:
    """Yield the fields that have to be given besides; of several groups those of the first."""
    given = subject.model_fields_set
    for rule in rules:
        match rule:
            case RequiresOneOf(groups=groups):
                if not any(map(given.issuperset, groups)):
                    yield from (name for name in groups[0] if name not in given)
            case RequiresAll(fields=fields):
                yield from (name for name in fields if name not in given)
            case RequiresWith(field=name, needs=needs):
                if name in given:
                    yield from (other for other in needs if other not in given)
            case When(conditions=conditions, then=then, otherwise=otherwise):
                held = _all_hold(conditions, subject)
                if held is not None:
                    yield from needed(then if held else otherwise, subject)
            case Excludes() | HasSize() | Narrows() | AtMost() | Inside() | ParameterNarrowing():
                pass
            case _:
                assert_never(rule)


# --- wording ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marks(Generic[T]):
    """How the parts of a sentence are written.

    Attributes:
        name: The name of a field or a parameter.
        value: A constant.
        type: What a value of a type is, as a clause without its subject: "is at least 3".
    """

    name: Callable[[str], str]
    value: Callable[[LiteralValue], str]
    type: Callable[[T], str]


def _plain(name: str) -> str:
    return f"`{name}`"


def _json(value: LiteralValue) -> str:
    return json.dumps(value, ensure_ascii=False)


PLAIN: Final[Marks[Any]] = Marks(_plain, _json, str)
"""In messages."""

_NEVER: Final = "cannot be given"
_TOGETHER: Final = " together"


def clauses(rules: Iterable[Rule[T, M]], marks: Marks[T], path: str = "") -> list[str]:
    """Return a clause per rule, one for all `RequiresWith` that need the same.

    `path` leads to the object that the rules are about, with a dot at its end.
    """
    found: list[str] = []
    pairs: dict[frozenset[str], list[RequiresWith[M]]] = {}
    for rule in rules:
        if isinstance(rule, RequiresWith):
            pairs.setdefault(frozenset((rule.field, *rule.needs)), []).append(rule)
        else:
            found.append(_clause(rule, marks, path))
    by_needs: dict[tuple[str, ...], list[str]] = {}
    for whole, members in pairs.items():
        if len({rule.field for rule in members}) == len(whole) > 1:
            names = dict.fromkeys(name for r in members for name in (r.field, *r.needs))
            found.append(f"give {_all(names, marks, path)}{_TOGETHER} or not at all")
        else:
            for rule in members:
                by_needs.setdefault(rule.needs, []).append(rule.field)
    for needs, fields in by_needs.items():
        given = series([marks.name(path + name) for name in fields], "or")
        found.append(f"if {given} is given, {_required(needs, marks, path)}")
    return found


def _clause(rule: Rule[T, M], marks: Marks[T], path: str) -> str:
    match rule:
        case RequiresOneOf(groups=groups, inclusive=inclusive):
            return _one_of(groups, inclusive, marks, path)
        case RequiresAll(fields=fields):
            return _required(fields, marks, path)
        case RequiresWith(field=name, needs=needs):
            return f"if {marks.name(path + name)} is given, {_required(needs, marks, path)}"
        case Excludes(fields=(_,) as fields):
            return _not_allowed(fields, marks, path)
        case Excludes(fields=fields):
            return f"{_all(fields, marks, path)} {_NEVER}{_TOGETHER}"
        case HasSize(minimum=minimum, maximum=maximum):
            return _size(minimum, maximum, marks, path)
        case Narrows(field=name, type=type_):
            return f"{marks.name(path + name)} {marks.type(type_)}"
        case AtMost(field=name, of=of, times=times):
            return _at_most(name, of, times, marks, path)
        case Inside(field=name, rules=rules):
            return _joined(rules, marks, f"{path}{name}.")
        case ParameterNarrowing(parameter=parameter, type=only):
            asked = "is not allowed" if only is None else marks.type(only)
            return f"the parameter {marks.name(parameter)} {asked}"
        case When(conditions=conditions, then=then, otherwise=otherwise):
            held = _conditions(conditions, marks, path)
            if not then:
                return f"unless {held}, {_joined(otherwise, marks, path)}"
            clause = f"if {held}, {_joined(then, marks, path)}"
            return f"{clause}; otherwise {_joined(otherwise, marks, path)}" if otherwise else clause
        case _:
            assert_never(rule)


def _joined(rules: Sequence[Rule[T, M]], marks: Marks[T], path: str) -> str:
    """Return the rules as one clause; the fields that are not allowed stand together, last."""
    never = [rule for rule in rules if isinstance(rule, Excludes) and len(rule.fields) == 1]
    parts = clauses([rule for rule in rules if rule not in never], marks, path)
    if never:
        parts.append(_not_allowed([rule.fields[0] for rule in never], marks, path))
    return series(parts, "and") if parts else "nothing else is asked for"


def _when(conditions: Iterable[Condition], held: bool, marks: Marks[T], path: str) -> str:
    return f" {'when' if held else 'unless'} {_conditions(conditions, marks, path)}"


def _conditions(conditions: Iterable[Condition], marks: Marks[T], path: str) -> str:
    return " and ".join([_condition(each, marks, path) for each in conditions])


def _condition(condition: Condition, marks: Marks[T], path: str, *, negated: bool = False) -> str:
    no = "not " if negated else ""
    match condition:
        case Is(field=name, values=values, or_absent=or_absent):
            subject, listed = marks.name(path + name), series([*map(marks.value, values)], "or")
            if negated and or_absent:
                return f"{subject} is given and not {listed}"
            return f"{subject} is {no}{listed}{' or left out' if or_absent else ''}"
        case Given(fields=fields):
            names = _all(fields, marks, path)
            if len(fields) == 1:
                return f"{names} is {no}given"
            return f"{names} are {'not all ' if negated else ''}given"
        case Has(field=name, conditions=conditions, or_absent=or_absent):
            inner = f"{path}{name}."
            parts = [_condition(each, marks, inner, negated=negated) for each in conditions]
            clause = (" or " if negated else " and ").join(parts)
            if negated or not or_absent:
                return clause
            return f"{clause} or {marks.name(path + name)} is left out"
        case Not(condition=other):
            return _condition(other, marks, path, negated=not negated)
        case _:
            assert_never(condition)


def _one_of(groups: Sequence[Sequence[str]], inclusive: bool, marks: Marks[T], path: str) -> str:
    if len(groups) == 1:
        return f"give {_all(groups[0], marks, path)}"
    count = "at least" if inclusive else "exactly"
    if all(len(group) == 1 for group in groups):
        return f"give {count} one of {_all([name for (name,) in groups], marks, path)}"
    listed = "; ".join([_all(group, marks, path) for group in groups])
    return f"give {count} one of these: {listed}"


def _required(fields: Sequence[str], marks: Marks[T], path: str) -> str:
    return f"{_all(fields, marks, path)} {_be(fields)} required"


def _not_allowed(fields: Sequence[str], marks: Marks[T], path: str) -> str:
    return f"{_all(fields, marks, path)} {_be(fields)} not allowed"


def _size(minimum: int | None, maximum: int | None, marks: Marks[T], path: str) -> str:
    exactly = minimum == maximum
    limits = [
        f"{limit} {count} field{'' if count == 1 else 's'}"
        for limit, count in (
            ("exactly" if exactly else "at least", minimum),
            ("at most", None if exactly else maximum),
        )
        if count is not None
    ]
    return f"give {' and '.join(limits)}{' of ' + marks.name(path[:-1]) if path else ''}"


def _at_most(name: str, of: str, times: float, marks: Marks[T], path: str) -> str:
    factor = "" if times == 1 else "half of " if times == 0.5 else f"{times:g} times "
    return f"{marks.name(path + name)} is at most {factor}{marks.name(path + of)}"


def series(parts: Sequence[str], last: str) -> str:
    """Return parts as a series: `a, b and c`."""
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _all(names: Iterable[str], marks: Marks[T], path: str) -> str:
    return series([marks.name(path + name) for name in names], "and")


def _be(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _under(path: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple([path + name for name in names])


def is_said(rule: Rule[T, M], mentions: Callable[[str], bool]) -> bool:
    """Return whether a text says a rule, because it mentions what the rule is about.

    Of an `if` these are its conditions, of what goes with another field the fields that it needs;
    of other rules all fields.
    """
    match rule:
        case When(conditions=conditions):
            return all(
                any(map(mentions, _terms(condition)))
                for condition in conditions
                if not _goes_without_saying(condition, rule)
            )
        case RequiresOneOf(groups=groups):
            return all(mentions(name) for group in groups for name in group)
        case RequiresAll(fields=names) | RequiresWith(needs=names) | Excludes(fields=names):
            return all(map(mentions, names))
        case HasSize():
            return False
        case Narrows(field=name) | ParameterNarrowing(parameter=name):
            return mentions(name)
        case AtMost(field=name, of=of):
            return mentions(name) and mentions(of)
        case Inside(rules=rules):
            return all(is_said(inner, mentions) for inner in rules)
        case _:
            assert_never(rule)


def _goes_without_saying(condition: Condition, rule: When[T, M]) -> bool:
    """Return whether a condition only says that the object is given which the rule is about."""
    match condition:
        case Given(fields=(only,)):
            return all(isinstance(then, Inside) and then.field == only for then in rule.then)
        case _:
            return False


def _terms(condition: Condition) -> Iterator[str]:
    """Yield the fields that a condition is about and the values that it compares them with."""
    match condition:
        case Is(field=name, values=values):
            yield from (name, *map(str, values))
        case Given(fields=fields):
            yield from fields
        case Has(field=name, conditions=conditions):
            yield name
            for each in conditions:
                yield from _terms(each)
        case Not(condition=other):
            yield from _terms(other)
        case _:
            assert_never(condition)
