"""A service in memory, to test what uses a client without a server.

It stands behind the `Transport` of a client and knows the API as the client does: by its
operations. Bodies and parameters are checked as the document says; what is created is kept, without
secrets and with defaults filled in, and can be read, changed and deleted; all other answers are
made up from their types, always the same for the same request.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final, cast

from pydantic import BaseModel
from pydantic_core import ValidationError

from .errors import InvalidRequest
from .fake_routes import Pattern
from .fake_values import Wanted, adapter, filled, made_up, public
from .headers import Headers
from .operations import Operation, Parameter
from .requests import prepare
from .semantics.media_types import EVENTS, JSON, bare
from .semantics.styles import parameter_of, read_query, readings, settle
from .transport import AsyncResponse, AsyncTransport, Request, Response, Transport


@dataclass(frozen=True, slots=True)
class Refusal:
    """How the service says no. `reason` may name members and parameters: `no such thing [{id}]`."""

    status: int
    type: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that is created, read, updated and deleted. Operations are given by their ids.

    Attributes:
        create: Whose answer is what is kept.
        read: Gives one, or (without a key) all of them.
        update: Whose body replaces what it names.
        delete: Removes it.
        key: The path parameter that identifies a resource. None: there is at most one.
        list: The field of the response of `read` that lists the resources. None: the response is
            the resource.
        all_ids: Values of `key` that mean all resources.
        required_params: Path parameters that the service requires on creation and on update; later
            values must be equal.
        set_on_replace: Fields that are present once the resource was replaced.
        referenced_by: Fields of the response of `delete` that list what still uses the resource.
        dry_run: The parameter that asks what `delete` would do.
        force: The parameter that lets `delete` remove a resource that is in use.
        missing: The response where there is no such resource.
        exists: The response where there is one already. None: it is replaced.
        mismatch: The response where a parameter differs from its value on creation.
        in_use: The response where the resource is still used.
    """

    create: str
    read: str | None = None
    update: str | None = None
    delete: str | None = None
    key: str | None = None
    list: str | None = None
    all_ids: tuple[str, ...] = ()
    required_params: tuple[str, ...] = ()
    set_on_replace: tuple[str, ...] = ()
    referenced_by: tuple[str, ...] = ()
    dry_run: str | None = None
    force: str | None = None
    missing: Refusal = Refusal(404, "not_found", "there is no such thing")
    exists: Refusal | None = None
    mismatch: Refusal = Refusal(400, "mismatch", "it was created otherwise")
    in_use: Refusal = Refusal(409, "conflict", "it is in use")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a fake is told of its API.

    Attributes:
        operations: All of them.
        resources: What is kept.
        error: The body of an error. Texts in it may be `{type}`, `{reason}`, `{status}`.
        invalid: What is said of a request that the document does not allow.
        items: The member of a request that an answer has as many items as.
        lengths: The member of what is kept that says how long lists of numbers are.
    """

    operations: Sequence[Operation[Any]]
    resources: Sequence[Resource] = ()
    error: Mapping[str, Any] = field(
        default_factory=lambda: {"error": {"type": "{type}", "reason": "{reason}"}}
    )
    invalid: Refusal = Refusal(400, "invalid", "{problems}")
    items: str | None = None
    lengths: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request that came in. `body` is as JSON has it; it may hold secrets, hence is not shown."""

    operation: str
    parameters: Mapping[str, str]
    body: Any = field(repr=False)


def operations_of(*modules: ModuleType) -> tuple[Operation[Any], ...]:
    """Give the operations that modules define, the first of those that share an id."""
    found: dict[str, Operation[Any]] = {}
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, Operation):
                operation = cast("Operation[object]", value)
                found.setdefault(operation.id, operation)
    return tuple(found.values())


class _Refused(Exception):
    def __init__(self, refusal: Refusal, values: Mapping[str, object]) -> None:
        super().__init__()
        self.refusal = refusal
        self.values = values


class Fake:
    """A service in memory. It can be used from several threads.

    Args:
        description: Of the API.

    Attributes:
        calls: What came in, in order.
    """

    def __init__(self, description: Description) -> None:
        self.calls: list[Call] = []
        self._description = description
        self._things: dict[tuple[int, str], dict[str, Any]] = {}
        self._told: dict[tuple[int, str], dict[str, str]] = {}
        self._holders: dict[str, dict[str, list[str]]] = {}
        self._refusals: dict[str, deque[Refusal]] = {}
        self._lock = threading.Lock()
        self._routes = sorted(
            (
                (Pattern(route, operation.parameters), operation)
                for operation in description.operations
                for route in operation.routes
            ),
            key=lambda pair: pair[0].parameters,
        )

    @property
    def transport(self) -> Transport:
        """The way to it for a client."""
        return _Transport(self)

    @property
    def async_transport(self) -> AsyncTransport:
        """The way to it for an async client."""
        return _AsyncTransport(self)

    def hold(self, key: str, **holders: Sequence[str]) -> None:
        """Say what uses a thing: `fake.hold("my-id", pipelines=["my-pipeline"])`."""
        self._holders[key] = {name: list(users) for name, users in holders.items()}

    def refuse(self, operation: str, status: int, type: str, reason: str) -> None:
        """Let the next call of an operation fail. Can be called again, for the one after it.

        Raises:
            ValueError: There is no such operation.
        """
        if operation not in {known.id for known in self._description.operations}:
            raise ValueError(f"there is no operation {operation!r}")
        self._refusals.setdefault(operation, deque()).append(Refusal(status, type, reason))

    # --- from a request to an answer -----------------------------------------------------------

    def answer(self, request: Request) -> tuple[int, str, list[bytes]]:
        """Give status, media type and the chunks of the body."""
        path, _, query = request.target.partition("?")
        operation, pattern, parameters = self._match(request.method, path)
        if operation is None or pattern is None:
            refusal = Refusal(404, "no_route", f"nothing at {request.method} {path}")
            return 404, JSON, [self._envelope(refusal, {})]
        streams = next(
            (one for one in operation.responses if bare(one.media_type or "") == EVENTS), None
        )
        try:
            with self._lock:
                value = self._value(operation, pattern, parameters, query, request)
        except _Refused as refused:
            body = self._envelope(refused.refusal, refused.values)
            if streams is not None:
                return refused.refusal.status, EVENTS, [b"event: error\ndata: %b\n\n" % body]
            return refused.refusal.status, JSON, [body]
        if streams is None:
            return 200, JSON, [_json(value)]
        chunks = [b"event: message\ndata: %b\n\n" % _json(item) for item in value]
        if streams.end is not None:
            chunks.append(b"event: message\ndata: %b\n\n" % streams.end.encode())
        return 200, EVENTS, chunks

    def _match(
        self, method: str, path: str
    ) -> tuple[Operation[Any] | None, Pattern | None, dict[str, str]]:
        for pattern, operation in self._routes:
            if operation.method == method:
                found = pattern.match(path)
                if found is not None:
                    return operation, pattern, found
        return None, None, {}

    def _value(
        self,
        operation: Operation[Any],
        pattern: Pattern,
        parameters: dict[str, str],
        query: str,
        request: Request,
    ) -> Any:
        options = read_query(query)
        body = _read(request)
        self.calls.append(Call(operation.id, {**parameters, **options}, body))
        queued = self._refusals.get(operation.id)
        if queued:
            raise _Refused(queued.popleft(), parameters)
        self._check(operation, parameters, options, body)
        for index, resource in enumerate(self._description.resources):
            match operation.id:
                case resource.create:
                    return self._create(index, resource, operation, parameters, body)
                case resource.read:
                    return self._read(index, resource, parameters)
                case resource.update:
                    return self._update(index, resource, operation, parameters, body)
                case resource.delete:
                    return self._delete(index, resource, operation, parameters, options)
                case _ if resource.key is not None and resource.key in parameters:
                    known = {**self._implied(resource, pattern), **parameters}
                    thing = self._thing(index, resource, known)
                    return self._called(operation, body, resource, thing)
                case _:
                    pass
        return self._called(operation, body, None, {})

    def _check(
        self,
        operation: Operation[Any],
        parameters: Mapping[str, str],
        options: Mapping[str, str],
        body: Any,
    ) -> None:
        known = {one.wire_name or one.name: one for one in operation.parameters}
        arguments = {
            known[name].name: _argument(known[name], value) for name, value in parameters.items()
        }
        problems: list[str] = []
        # The members of an exploded object have names of their own.
        if not any(one.place == "query" and _is_exploded_object(one) for one in known.values()):
            given = {name if name in known else parameter_of(name) for name in options}
            problems += [f"{name}: unknown parameter" for name in given if name not in known]
            problems += [
                f"{one.name}: is required"
                for name, one in known.items()
                if one.required and one.place == "query" and name not in given
            ]
        try:
            prepare(_without_query(operation), arguments, body)
        except InvalidRequest as error:
            problems += map(str, error.problems)
        if problems:
            listed = "; ".join(problems)
            raise _Refused(self._description.invalid, {**parameters, "problems": listed})

    # --- what is kept --------------------------------------------------------------------------

    def _create(
        self,
        index: int,
        resource: Resource,
        operation: Operation[Any],
        parameters: Mapping[str, str],
        body: Any,
    ) -> Any:
        self._require(resource, parameters)
        at = (index, parameters.get(resource.key or "", ""))
        before = self._things.get(at)
        if before is not None and resource.exists is not None:
            raise _Refused(resource.exists, parameters)
        thing = self._kept(operation, public(operation, body), parameters)
        if before is not None:
            thing |= {
                name: made_up(_type_of(operation, name), Wanted(inputs=(), at=(name,)))
                for name in resource.set_on_replace
            }
        self._things[at] = thing
        self._told[at] = dict(parameters)
        return thing

    def _read(self, index: int, resource: Resource, parameters: Mapping[str, str]) -> Any:
        if resource.list is None:
            return self._thing(index, resource, parameters)
        key = parameters.get(resource.key or "")
        if key is not None and key not in resource.all_ids:
            return {resource.list: [self._thing(index, resource, parameters)]}
        fixed = {name: parameters[name] for name in resource.required_params if name in parameters}
        keys = sorted(at for at in self._things if at[0] == index)
        right = [self._things[at] for at in keys if fixed.items() <= self._told[at].items()]
        return {resource.list: right}

    def _update(
        self,
        index: int,
        resource: Resource,
        operation: Operation[Any],
        parameters: Mapping[str, str],
        body: Any,
    ) -> Any:
        self._require(resource, parameters)
        thing = self._thing(index, resource, parameters)
        changed = self._kept(operation, _merged(thing, public(operation, body)), {})
        self._things[index, parameters.get(resource.key or "", "")] = changed
        return changed

    def _delete(
        self,
        index: int,
        resource: Resource,
        operation: Operation[Any],
        parameters: Mapping[str, str],
        options: Mapping[str, str],
    ) -> Any:
        self._thing(index, resource, parameters)
        key = parameters.get(resource.key or "", "")
        said = self._holders.get(key, {})
        holders = {name: said.get(name, []) for name in resource.referenced_by}
        answer = self._called(operation, None, None, {}) | holders
        if resource.dry_run is not None and options.get(resource.dry_run) == "true":
            return {
                name: False if isinstance(value, bool) else value for name, value in answer.items()
            }
        if any(holders.values()) and options.get(resource.force or "") != "true":
            raise _Refused(resource.in_use, {**parameters, **holders})
        del self._things[index, key]
        return answer

    def _require(self, resource: Resource, parameters: Mapping[str, str]) -> None:
        for name in resource.required_params:
            if name not in parameters:
                problems = f"{name}: is required"
                raise _Refused(self._description.invalid, {**parameters, "problems": problems})

    def _thing(
        self, index: int, resource: Resource, parameters: Mapping[str, str]
    ) -> dict[str, Any]:
        at = (index, parameters.get(resource.key or "", ""))
        thing = self._things.get(at)
        if thing is None:
            raise _Refused(resource.missing, parameters)
        told = self._told[at]
        if any(
            name in parameters and parameters[name] != told[name]
            for name in resource.required_params
        ):
            raise _Refused(resource.mismatch, {**thing, **parameters})
        return thing

    def _kept(
        self, operation: Operation[Any], given: Mapping[str, Any], parameters: Mapping[str, str]
    ) -> dict[str, Any]:
        value = {**given, **parameters}
        type_ = _answer_type(operation)
        answer = type_()
        if isinstance(answer, type) and issubclass(answer, BaseModel):
            # What must be there and the request does not say, the service finds out by itself.
            value = {**made_up(answer, Wanted(inputs=())), **value}
        try:
            checked = adapter(type_).validate_python(value)
            kept: dict[str, Any] = filled(checked)
            # The path says more than some answers repeat.
            for name in parameters.keys() - given.keys() & (checked.model_extra or {}).keys():
                del kept[name]
        except ValidationError:
            # Without defaults, as they are not known then.
            kept = dict(value)
        return kept

    def _implied(self, resource: Resource, pattern: Pattern) -> dict[str, str]:
        """Give what the path says of a thing in plain words: `/things/{kind}/{id}` of another
        operation's `/things/red/{id}` that `kind` is `red`.
        """
        for other, operation in self._routes:
            if operation.id == resource.create:
                found = other.implied(pattern, resource.required_params)
                if found:
                    return found
        return {}

    # --- what is made up -----------------------------------------------------------------------

    def _called(
        self,
        operation: Operation[Any],
        body: Any,
        resource: Resource | None,
        thing: Mapping[str, Any],
    ) -> Any:
        member = self._description.items
        inputs = body
        if isinstance(body, dict) and member is not None:
            inputs = cast("dict[str, Any]", body).get(member)
        items = cast("list[object]", inputs) if isinstance(inputs, list) else [inputs]
        wanted = Wanted(
            inputs=items,
            hints=[str(thing.get(name)) for name in (resource.required_params if resource else ())],
            length=_found(thing, self._description.lengths),
        )
        type_ = _answer_type(operation)
        if not any(bare(one.media_type or "") == EVENTS for one in operation.responses):
            return made_up(type_(), wanted)
        return [
            made_up(type_(), Wanted(inputs=[(item, number)], topic=(item, number)))
            for item in items
            for number in range(_EVENTS_PER_ITEM)
        ]

    def _envelope(self, refusal: Refusal, values: Mapping[str, object]) -> bytes:
        said: dict[str, object] = {
            "type": refusal.type,
            "reason": _written(refusal.reason, values),
            "status": refusal.status,
        }
        return _json(_envelope(self._description.error, said))


_EVENTS_PER_ITEM: Final = 3


def _argument(parameter: Parameter, text: str) -> Any:
    """Return the value of a parameter: the reading of its text that its type takes."""
    takes = adapter(parameter.type)
    for value in readings(text):
        with suppress(ValidationError):
            takes.validate_python(value, strict=True)
            return value
    return text


def _is_exploded_object(parameter: Parameter) -> bool:
    style, explode = settle(parameter.place, parameter.style, parameter.explode)
    if parameter.style == "content" or style != "form" or not explode:
        return False
    errors: list[str] = []
    try:
        adapter(parameter.type).validate_python({}, strict=True)
    except ValidationError as error:
        errors = [detail["type"] for detail in error.errors(include_url=False)]
    return not errors or "missing" in errors


def _without_query(operation: Operation[Any]) -> Operation[Any]:
    known: Operation[Any] | None = _CHECKED.get(id(operation))
    if known is None:
        known = Operation(
            id=operation.id,
            method=operation.method,
            routes=operation.routes,
            parameters=tuple(one for one in operation.parameters if one.place == "path"),
            body=operation.body,
            security=(),
        )
        _CHECKED[id(operation)] = known
    return known


_CHECKED: dict[int, Operation[Any]] = {}
"""Operations as the fake checks them. They live as long as the modules that define them."""


def _read(request: Request) -> Any:
    content = request.content
    if content is None:
        return None
    data = content if isinstance(content, bytes) else b"".join(content.chunks())
    try:
        return json.loads(data)
    except ValueError:
        return None


def _answer_type(operation: Operation[Any]) -> Any:
    for response in operation.responses:
        if response.type is not None:
            return response.type
    return _anything


def _anything() -> Any:
    return Any


def _type_of(operation: Operation[Any], member: str) -> Any:
    model = _answer_type(operation)()
    if isinstance(model, type) and issubclass(model, BaseModel):
        model.model_rebuild()
        return model.model_fields[member].annotation
    return str


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        first, more = cast("dict[str, Any]", old), cast("dict[str, Any]", new)
        return first | {key: _merged(first.get(key), item) for key, item in more.items()}
    return new


def _found(value: Any, name: str | None) -> int | None:
    """Give the number of that name, however deep it stands."""
    if not isinstance(value, dict) or name is None:
        return None
    members = cast("dict[str, Any]", value)
    here = members.get(name)
    if isinstance(here, int) and not isinstance(here, bool):
        return here
    return next((deep for item in members.values() if (deep := _found(item, name))), None)


def _written(text: str, values: Mapping[str, object]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), text)


def _envelope(shape: Any, said: Mapping[str, object]) -> Any:
    match shape:
        case str() if shape.startswith("{") and shape[1:-1] in said:
            return said[shape[1:-1]]
        case Mapping():
            members = cast("Mapping[str, Any]", shape)
            return {key: _envelope(item, said) for key, item in members.items()}
        case list() | tuple():
            return [_envelope(item, said) for item in cast("Iterable[Any]", shape)]
        case _:
            return shape


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# --- transports ---------------------------------------------------------------------------------


class _Transport:
    def __init__(self, fake: Fake) -> None:
        self._fake = fake

    def send(self, request: Request) -> Response:
        status, media_type, chunks = self._fake.answer(request)
        return Response(status, Headers((("content-type", media_type),)), chunks, lambda: None)

    def close(self) -> None:
        """Do nothing: another client may still want the service."""


class _AsyncTransport:
    def __init__(self, fake: Fake) -> None:
        self._fake = fake

    async def send(self, request: Request) -> AsyncResponse:
        status, media_type, chunks = self._fake.answer(request)
        return AsyncResponse(
            status, Headers((("content-type", media_type),)), _each(chunks), _nothing
        )

    async def close(self) -> None:
        """Do nothing: another client may still want the service."""


async def _each(chunks: Sequence[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def _nothing() -> None:
    pass
