"""Reads `spec/`: its schemas with references followed, and validators for them."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import yaml
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from conftest import REPO

Json: TypeAlias = Any
View: TypeAlias = Literal["request", "response"]

SPEC = REPO / "spec"
ROOT = "openapi.yaml"
_BASE = "https://spec.example/"


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document. `file` is relative to `spec/`; `pointer` holds unescaped keys."""

    file: str
    pointer: tuple[str, ...]
    value: Json

    def __getitem__(self, key: str) -> "Node":
        return Node(self.file, (*self.pointer, key), self.value[key])

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def members(self, key: str) -> dict[str, "Node"]:
        """Give the members of the object under `key`; none if the key is absent."""
        return {name: self[key][name] for name in self.value.get(key, {})}

    def follow(self) -> "Node":
        """Answer what `$ref` points to, with the keywords beside `$ref` laid over it."""
        if "$ref" not in self.value:
            return self
        target = self.target().follow()
        beside = {key: value for key, value in self.value.items() if key != "$ref"}
        return Node(target.file, target.pointer, {**target.value, **beside})

    def target(self) -> "Node":
        """Answer exactly what `$ref` points to."""
        return find(self.value["$ref"], self.file)


@functools.cache
def files() -> Mapping[str, Json]:
    """Read every file of the document, by its path from `spec/`."""
    return {
        path.relative_to(SPEC).as_posix(): yaml.safe_load(path.read_text("utf-8"))
        for path in sorted(SPEC.rglob("*.yaml"))
    }


def find(reference: str, file: str = ROOT) -> Node:
    """Look up a reference (`path#/pointer`) that stands in `file`."""
    path, _, fragment = reference.partition("#")
    target = (SPEC / file).parent.joinpath(path).resolve() if path else SPEC / file
    name = target.relative_to(SPEC).as_posix()
    pointer = tuple(fragment.strip("/").split("/"))
    return functools.reduce(Node.__getitem__, pointer, Node(name, (), files()[name]))


def shared_schema(name: str) -> Node:
    """Give a schema of `openapi.yaml`."""
    return find(f"#/components/schemas/{name}")


def schema(file: str, name: str) -> Node:
    """Give a schema of a file under `operations/`, which is named without its ending."""
    return find(f"./operations/{file}.yaml#/components/schemas/{name}")


def operations() -> dict[tuple[str, str], Node]:
    """Give the operations by their methods and paths."""
    found: dict[tuple[str, str], Node] = {}
    for path, item in Node(ROOT, (), files()[ROOT]).members("paths").items():
        whole = item.follow()
        for method in ("get", "put", "post", "delete"):
            if method in whole:
                found[method.upper(), path] = whole[method]
    return found


def services(union: str = "InferenceEndpoint") -> dict[str, Node]:
    """Give the variants of a tagged union by their tags."""
    mapping = shared_schema(union)["discriminator"].value["mapping"]
    return {tag: find(reference) for tag, reference in mapping.items()}


def walk(node: Node) -> Iterator[Node]:
    """Give every object below `node`, itself included, but for those in examples and defaults."""
    if isinstance(node.value, dict):
        yield node
        for key in node.value:
            if key not in ("examples", "default", "const", "enum", "mapping"):
                yield from walk(node[key])
    elif isinstance(node.value, list):
        for index, item in enumerate(node.value):
            yield from walk(Node(node.file, (*node.pointer, str(index)), item))


def everything() -> Iterator[Node]:
    """Give every object of every file."""
    for name, value in files().items():
        yield from walk(Node(name, (), value))


def validator(node: Node, view: View) -> Draft202012Validator:
    """Build a validator for a schema, as it is for requests or as it is for responses.

    Requests are closed: unknown and read-only members are refused. Responses are open, hold no
    write-only members, and know no rules between members.
    """
    return Draft202012Validator(_reference(node), registry=_registry(view))


def problems(
    node: Node, instance: Json, view: View = "request", parameters: Mapping[str, str] | None = None
) -> list[str]:
    """List what is wrong with an instance: places and messages, those of unions included.

    Where `parameters` of a request are given, if only an empty mapping, our own extensions of JSON
    Schema have a say too.
    """
    checker = validator(node, view)
    if parameters is not None:
        checker = _extended(parameters)(_reference(node), registry=_registry(view))
    leaves = [
        leaf for error in checker.iter_errors(instance) for leaf in (error.context or [error])
    ]
    return sorted(f"{leaf.json_path}: {leaf.message}" for leaf in leaves)


def _reference(node: Node) -> Json:
    fragment = "/".join(key.replace("~", "~0").replace("/", "~1") for key in node.pointer)
    return {"$ref": f"{_BASE}{node.file}#/{fragment}"}


def _extended(parameters: Mapping[str, str]) -> Any:
    def at_most(
        checker: Any, rule: Json, instance: Json, schema: Json
    ) -> Iterator[ValidationError]:
        if not isinstance(instance, dict):
            return
        number, limit = instance.get(rule["field"]), instance.get(rule["of"])
        if checker.is_type(number, "number") and checker.is_type(limit, "number"):
            most = rule.get("times", 1) * limit
            if number > most:
                yield ValidationError(f"{rule['field']} is more than {most}")

    def narrowed(
        checker: Any, schemas: Json, instance: Json, schema: Json
    ) -> Iterator[ValidationError]:
        for name in schemas.keys() & parameters.keys():
            yield from checker.descend(parameters[name], schemas[name])

    keywords = {"x-at-most": at_most, "x-parameters": narrowed}
    return extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]


@functools.cache
def _registry(view: View) -> Registry[Json]:
    return Registry().with_resources(
        (_BASE + name, DRAFT202012.create_resource(_seen(value, view)))
        for name, value in files().items()
    )


def _seen(value: Json, view: View) -> Json:
    match value:
        case {"type": "object", "properties": dict(properties)}:
            hidden = "readOnly" if view == "request" else "writeOnly"
            gone = {name for name, member in properties.items() if member.get(hidden)}
            schema = {key: _seen(item, view) for key, item in value.items()}
            schema["properties"].update(dict.fromkeys(gone, False))
            schema["required"] = [name for name in value.get("required", ()) if name not in gone]
            if view == "request":
                schema.setdefault("additionalProperties", False)
            else:
                schema.pop("allOf", None)
            return schema
        case dict():
            return {key: _seen(item, view) for key, item in value.items()}
        case list():
            return [_seen(item, view) for item in value]
        case _:
            return value
