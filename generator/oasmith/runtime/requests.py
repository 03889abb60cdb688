"""From the arguments of a call to the request that is sent. Pure: nothing is sent here."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin
from urllib.parse import quote

from pydantic import BaseModel, SecretStr, TypeAdapter
from pydantic_core import ValidationError

from . import auth, bodies, checks, parameters
from .errors import InvalidRequest, Problem
from .models import Bodies, RequestModel
from .operations import Body, Operation, Parameter, Route, TypeThunk
from .references import SecretUnavailable
from .rules import misfit
from .secrets import Reveal, reveal
from .semantics import media_types as types
from .semantics import styles
from .semantics.rules import Subject, misfit_of_parameter, narrowed
from .semantics.text import has_text, text
from .transport import Content


@dataclass(slots=True, repr=False)
class Prepared:
    """What is to be sent.

    Attributes:
        target: Path and query, escaped, below the base URL.
        headers: Names in lower case.
        content: The body.
        secrets: Every secret that is in it.
        grant: What a token has to be fetched for.
    """

    target: str
    headers: dict[str, str]
    content: bytes | Content | None
    secrets: list[str]
    grant: auth.ClientCredentials | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent again."""
        return self.content is None or isinstance(self.content, bytes) or self.content.repeatable


def prepare(
    operation: Operation[Any],
    arguments: Mapping[str, Any],
    body: Any,
    *,
    credentials: Sequence[auth.Credential] = (),
    media_types: Mapping[str, str] = {},
) -> Prepared:
    """Check the arguments and write the request.

    Args:
        operation: What is called.
        arguments: Values by `Parameter.name`; None: not given.
        body: A model, a dict, or what else the body takes; None: not given.
        credentials: To be sent along, unless the operation wants none.
        media_types: What to call a media type of the document in the request.

    Raises:
        InvalidRequest: With everything that is wrong.
    """
    compiled = _compile(operation)
    context = Reveal()
    found: list[Problem] = []
    paths: dict[str, str] = {}
    query: list[str] = []
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for parameter in compiled.parameters:
        value = arguments.get(parameter.name)
        if value is None:
            if parameter.required:
                found.append(Problem(parameter.name, "is required"))
            continue
        try:
            parameter.write(value, context, paths, query, headers, cookies)
        except _Refused as refused:
            found += refused.problems
    path = compiled.path(paths, arguments, found)
    content = None
    if compiled.body is not None:
        bodies_tried = Bodies()
        fitting = compiled.fitting(arguments, found)
        checked = compiled.body.check(body, bodies_tried, found)
        tried = compiled.body.tried(checked, bodies_tried)
        if tried is not None:
            compiled.check_narrowed(*tried, fitting, found)
        if checked is not None and not found:
            encoded = compiled.body.encode(checked, context, found)
            if encoded is not None:
                content = encoded.content
                headers["content-type"] = _named(encoded.media_type, media_types)
    accept = compiled.accept
    if accept:
        headers.setdefault("accept", ", ".join(_named(name, media_types) for name in accept))
    grant = None
    if credentials:
        try:
            applied = auth.apply(auth.chosen(credentials, operation.security))
        except SecretUnavailable as error:
            found.append(Problem("auth", str(error)))
        else:
            headers.update(applied.headers)
            query += [
                f"{quote(key, safe='')}={quote(item, safe='')}" for key, item in applied.query
            ]
            cookies += [
                f"{quote(key, safe='')}={quote(item, safe='')}" for key, item in applied.cookies
            ]
            context.values += applied.secrets
            grant = applied.grant
    if found:
        raise InvalidRequest(found, operation=operation.id) from None
    if cookies:
        headers["cookie"] = "; ".join(cookies)
    target = f"{path}?{'&'.join(query)}" if query else path
    return Prepared(target, headers, content, context.values, grant)


def _named(media_type: str, media_types: Mapping[str, str]) -> str:
    return media_types.get(media_type, media_type) if media_types else media_type


def _misfit(type_: TypeThunk, value: object) -> str | None:
    """Return why a parameter does not fit a type. An integer stands for the text it spells."""
    problem = misfit(type_, value, strict=True)
    if problem is not None and type(value) is int:
        return problem if misfit(type_, str(value), strict=True) else None
    return problem


class _Refused(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


# --- what is worked out once per operation ------------------------------------------------------


class _Parameter:
    """A parameter with its type resolved (when it is first given) and its style settled."""

    __slots__ = (
        "_adapter",
        "_explode",
        "_is_content",
        "_parameter",
        "_style",
        "name",
        "required",
        "wire_name",
    )

    def __init__(self, parameter: Parameter) -> None:
        self._parameter = parameter
        self._adapter: TypeAdapter[Any] | None = None
        self.name = parameter.name
        self.wire_name = parameter.wire_name or parameter.name
        self.required = parameter.required and parameter.place != "path"
        self._is_content = parameter.style == "content" or parameter.place == "querystring"
        style, explode = styles.settle(parameter.place, parameter.style, parameter.explode)
        self._style: styles.Style = style
        self._explode = explode

    def write(
        self,
        value: Any,
        context: Reveal,
        paths: dict[str, str],
        query: list[str],
        headers: dict[str, str],
        cookies: list[str],
    ) -> None:
        """Check the value and put it where it belongs."""
        checked = self._check(value)
        try:
            plain = self._plain(checked, context)
            if self._parameter.place == "query":
                query += styles.pairs(
                    self.wire_name,
                    plain,
                    self._style,
                    self._explode,
                    self._parameter.allow_reserved,
                    text,
                )
                return
            written = styles.flat(plain, text)
            match self._parameter.place:
                case "path":
                    paths[self.wire_name] = self._segment(written)
                case "querystring":
                    assert isinstance(written, str)
                    if written:
                        query.append(written)
                case "header":
                    if written or isinstance(written, str):
                        line = styles.header(written, self._explode)
                        styles.check_header(line)
                        headers[self.wire_name.lower()] = line
                case "cookie":
                    pairs = styles.cookie(self.wire_name, written, self._style, self._explode)
                    styles.check_cookies(pairs)
                    cookies += pairs
        except UnicodeEncodeError:
            raise self._refused("holds half a character (a lone surrogate)") from None
        except ValueError as error:
            raise self._refused(str(error)) from None
        except bodies.Unwritable as error:
            raise _Refused([Problem(self.name, each.message) for each in error.problems]) from None

    def _check(self, value: Any) -> Any:
        if self._adapter is None:
            self._adapter = checks.adapter(self._parameter.type)
        try:
            value = self.plain(value)
        except ValueError as error:
            raise self._refused(str(error)) from None
        if isinstance(value, tuple | set | frozenset):
            value = list(cast("Iterable[Any]", value))
        try:
            # Strictly: `True` is not 1 and 1 is not "1".
            checked = self._adapter.validator.validate_python(value, strict=True)
        except ValidationError as error:
            units = self._parameter.units
            text = None if units is None else parameters.length_in_words(units)
            raise _Refused(checks.problems(error, value, self.name, text)) from None
        if isinstance(value, bool) and not isinstance(checked, bool):
            # `Literal[0]` takes False.
            raise self._refused("should not be a boolean")
        return checked

    def plain(self, value: Any) -> Any:
        """Give the text of a length of time, anything else as it is.

        Raises:
            ValueError: There is no unit for the length.
        """
        if isinstance(value, timedelta) and self._parameter.units is not None:
            return parameters.duration(value, self._parameter.units)
        return value

    def _plain(self, value: Any, context: Reveal) -> Any:
        """Return the value without models and secrets, text if it has a media type."""
        if isinstance(value, str) and not self._is_content:
            return value
        if isinstance(value, SecretStr):
            revealed = reveal(value)
            context.values.append(revealed)
            return revealed
        if self._is_content:
            return self._content(value, context)
        if isinstance(value, bytes) or not has_text(value):
            return self._dumped(value, context)
        return value

    def _content(self, value: Any, context: Reveal) -> str:
        """Write what has a media type; only a whole query string is not escaped further."""
        assert self._adapter is not None
        body = Body(self._parameter.media_type, self._parameter.type)
        content = bodies.encode(body, value, self._adapter, context).content
        assert isinstance(content, bytes)
        if self._parameter.place != "querystring" or types.is_form(body.media_type):
            return content.decode()
        return quote(content, safe="")

    def _dumped(self, value: Any, context: Reveal) -> Any:
        assert self._adapter is not None
        return self._adapter.dump_python(
            value, mode="json", by_alias=True, exclude_unset=True, context=context
        )

    def _segment(self, written: styles.Flat) -> str:
        if not written:
            raise ValueError("must not be empty")
        return styles.path(
            self.wire_name, written, self._style, self._explode, self._parameter.allow_reserved
        )

    def _refused(self, message: str) -> _Refused:
        return _Refused([Problem(self.name, message)])


class _Template:
    """A route, cut at its parameters."""

    __slots__ = ("_others", "_path", "_pieces", "names")

    def __init__(self, route: Route) -> None:
        self._path = route.path
        self._pieces = styles.cut(route.path)
        self._others = route.others
        self.names = frozenset(self._pieces[1::2])

    def fill(self, values: Mapping[str, str]) -> str:
        """Put the escaped values in."""
        path = styles.fill(self._pieces, values)
        for other in self._others:
            self._refuse(path, other)
        return path

    def _refuse(self, path: str, other: str) -> None:
        """Refuse a path that leads to another operation."""
        segments = list(zip(self._path.split("/"), path.split("/"), other.split("/"), strict=True))
        if all(filled == fixed or "{" in fixed for _, filled, fixed in segments):
            wire_name, value = next(
                (styles.cut(own)[1], fixed)
                for own, _, fixed in segments
                if "{" in own and "{" not in fixed
            )
            raise _Refused([Problem(wire_name, f"must not be {value!r}: {other} is another path")])


class _Body:
    """A body with its type resolved when it is first given."""

    __slots__ = ("_adapter", "_body", "_null")

    def __init__(self, body: Body) -> None:
        self._body = body
        self._adapter: TypeAdapter[Any] | None = None
        self._null: frozenset[str] = frozenset()

    def check(self, value: Any, context: Bodies, found: list[Problem]) -> Any:
        """Give the checked body; None: there is none, or there are problems."""
        if self._adapter is None:
            self._adapter = checks.adapter(self._body.type)
            self._null = _null_names(self._body.type())
        if self._body.flattened:
            value = self._given(value)
        if value is None:
            if self._body.required:
                found.append(Problem("body", "is required"))
            return None
        try:
            return self._adapter.validator.validate_python(value, context=context)
        except ValidationError as error:
            given: object = value
            at = "" if isinstance(given, Mapping | BaseModel) else "body"
            found += checks.problems(error, value, at)
            return None

    def tried(self, checked: Any, bodies: Bodies) -> tuple[type[RequestModel], Subject] | None:
        """Return the model of a body and what is right of it. None: the body is no model, or does
        not fit several options, and nobody knows which was meant.
        """
        if isinstance(checked, RequestModel):
            return type(checked), checked
        options = set(_options(self._body.type())) if bodies.refused else set[object]()
        match [each for each in bodies.refused if each[0] in options]:
            case [(model, right)] if right is not None:
                return model, right
            case _:
                return None

    def encode(self, value: Any, context: Reveal, found: list[Problem]) -> bodies.Encoded | None:
        """Write the checked body."""
        assert self._adapter is not None
        try:
            return bodies.encode(self._body, value, self._adapter, context)
        except bodies.Unwritable as error:
            found += error.problems
            return None

    def _given(self, value: Mapping[str, Any]) -> dict[str, Any] | None:
        given = {key: item for key, item in value.items() if item is not None}
        if not given and not self._body.required:
            return None
        # None says "not given", except where a member must be there and may be null.
        return given | {key: None for key in value if key not in given and key in self._null}


def _options(type_: object) -> Iterator[object]:
    """Yield the options of a union, or the type itself."""
    type_ = getattr(type_, "__value__", type_)
    origin = get_origin(type_)
    if origin is Annotated:
        yield from _options(get_args(type_)[0])
    elif origin in (Union, UnionType):
        for option in get_args(type_):
            yield from _options(option)
    else:
        yield type_


def _null_names(model: object) -> frozenset[str]:
    """Give the names of the members that must be there and may be null."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return frozenset()
    names: set[str] = set()
    for name, field in model.model_fields.items():
        if field.is_required() and type(None) in get_args(field.annotation):
            names.add(name)
            if isinstance(field.validation_alias, str):
                names.add(field.validation_alias)
    return frozenset(names)


class _Compiled:
    """An operation, ready to be called."""

    __slots__ = (
        "_names",
        "_templates",
        "accept",
        "body",
        "parameters",
    )

    def __init__(self, operation: Operation[Any]) -> None:
        self.parameters = [_Parameter(parameter) for parameter in operation.parameters]
        self._names = {
            parameter.wire_name or parameter.name: parameter.name
            for parameter in operation.parameters
            if parameter.place == "path"
        }
        templates = [_Template(route) for route in operation.routes]
        self._templates = {template.names: template for template in reversed(templates)}
        self.body = None if operation.body is None else _Body(operation.body)
        self.accept = tuple(
            dict.fromkeys(
                response.media_type
                for response in operation.responses
                if response.media_type is not None
            )
        )

    def fitting(self, arguments: Mapping[str, Any], found: list[Problem]) -> dict[str, Any]:
        """Give the arguments with which nothing is wrong so far, durations as their texts."""
        wrong = {problem.field.partition("[")[0] for problem in found}
        return {
            parameter.name: parameter.plain(value)
            for parameter in self.parameters
            if (value := arguments.get(parameter.name)) is not None and parameter.name not in wrong
        }

    def check_narrowed(
        self,
        model: type[RequestModel],
        body: Subject,
        arguments: Mapping[str, Any],
        found: list[Problem],
    ) -> None:
        """Add a problem where a parameter does not fit what the rules of the body ask of it."""
        for asked in narrowed(model._rules, body):  # pyright: ignore[reportPrivateUsage]
            for parameter in self.parameters:
                if parameter.wire_name == asked.parameter and parameter.name in arguments:
                    value = arguments[parameter.name]
                    problem = misfit_of_parameter(asked, value, _misfit, model.__name__)
                    if problem is not None:
                        found.append(Problem(parameter.name, problem))

    def path(
        self, values: Mapping[str, str], arguments: Mapping[str, Any], found: list[Problem]
    ) -> str:
        """Fill in the route that takes exactly the path parameters that are given."""
        template = self._templates.get(frozenset(values))
        if template is not None:
            try:
                return template.fill(values)
            except _Refused as refused:
                found += [Problem(self._names[p.field], p.message) for p in refused.problems]
                return ""
        given = frozenset(
            wire for wire, name in self._names.items() if arguments.get(name) is not None
        )
        if given in self._templates:
            # All that is wrong is a value, which is in `found` already.
            return ""
        # Say what is missing, by the route that needs the least more.
        fitting = [names for names in self._templates if names > given]
        if fitting:
            missing = sorted(min(fitting, key=len) - given)
            found += [Problem(self._names.get(wire, wire), "is required") for wire in missing]
        else:
            named = " and ".join(f"`{self._names[wire]}`" for wire in sorted(given))
            found.append(Problem("", f"there is no path with {named}"))
        return ""


@functools.cache
def _compile(operation: Operation[Any]) -> _Compiled:
    return _Compiled(operation)
