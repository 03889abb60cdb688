"""Calls of every method of a generated client, with as few arguments as it takes."""

import inspect
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from real import minimal


class Sent(Exception):
    """Stands for the answer: what was sent is all that is asked."""

    def __init__(self, request: Any) -> None:
        super().__init__(repr(request))
        self.method: str = request.method
        self.target: str = request.target
        self.content: bytes | None = request.content

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Recorder:
    """A transport that answers with what was sent, as an exception."""

    def send(self, request: Any) -> Any:
        raise Sent(request)

    def close(self) -> None:
        pass


class AsyncRecorder:
    """The same, async."""

    async def send(self, request: Any) -> Any:
        raise Sent(request)

    async def close(self) -> None:
        pass


def methods(client: Any) -> dict[str, Callable[..., Any]]:
    """Return the methods of the client's namespaces, by their names."""
    package = type(client).__module__.partition(".")[0]
    inside = (f"{package}.sync.", f"{package}.aio.")
    members = [getattr(client, name) for name in dir(client) if not name.startswith("_")]
    namespaces = [one for one in members if type(one).__module__.startswith(inside)]
    return {
        name: getattr(namespace, name)
        for namespace in namespaces
        for name in dir(namespace)
        if not name.startswith("_")
    }


def operation_of(method: Any) -> Any:
    """Return the constant that the method hands to the client."""
    function = inspect.unwrap(method.__func__)  # a deprecated method is wrapped
    constants = [function.__globals__.get(name) for name in function.__code__.co_names]
    (operation,) = [one for one in constants if type(one).__name__ == "Operation"]
    return operation


def arguments_for(method: Any, route: str) -> dict[str, Any]:
    """Return the fewest arguments that call the method on the route."""
    operation = operation_of(method)
    in_route = re.findall(r"{(.+?)}", route)
    parameters = {parameter.name: parameter for parameter in operation.parameters}
    body = operation.body
    fields = minimal.members(body.type()) if body is not None and body.flattened else {}
    arguments: dict[str, Any] = {}
    for name, argument in inspect.signature(method).parameters.items():
        is_required = argument.default is inspect.Parameter.empty
        if name not in parameters:
            if is_required:
                whole = name == "body" and not fields
                arguments[name] = minimal.value(body.type()) if whole else fields[name]
            continue
        parameter = parameters[name]
        if parameter.place == "path":
            is_required = (parameter.wire_name or name) in in_route
        if is_required:
            arguments[name] = minimal.value(parameter.type())
    return arguments


def path_of(method: Any, route: str, arguments: dict[str, Any]) -> str:
    """Return the path that the arguments make of the route."""
    by_wire_name = {
        parameter.wire_name or parameter.name: arguments.get(parameter.name)
        for parameter in operation_of(method).parameters
    }
    return re.sub(r"{(.+?)}", lambda match: quote(str(by_wire_name[match[1]]), safe=""), route)
