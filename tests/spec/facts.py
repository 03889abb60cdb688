"""What upstream's facts and `spec/` say of one and the same thing, brought to one form."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from conftest import SHARED
from spec.document import Json, Node, services, shared_schema

# service (or "shared"), place (a part of the body, or upstream's name of a type), field, aspect
Key: TypeAlias = tuple[str, str, str, str]

_SCALARS = {
    "string": "string",
    "boolean": "boolean",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
}
_INTEGER_FORMATS = {"integer": "int32", "long": "int64"}


@dataclass(frozen=True, slots=True)
class Difference:
    facts: Json
    spec: Json


@dataclass(frozen=True, slots=True)
class Place:
    """Where fields stand. `curated` holds what the facts' authors read out of prose."""

    service: str
    name: str
    task_types: frozenset[str]
    curated: Json


class Facts:
    """`facts.json`, compared with `spec/` field by field."""

    def __init__(self) -> None:
        self._facts: Json = json.loads((SHARED / "facts" / "facts.json").read_text("utf-8"))

    @property
    def services(self) -> list[Json]:
        services: list[Json] = self._facts["services"]
        return services

    @property
    def shared(self) -> Json:
        return self._facts["shared"]

    @property
    def operations(self) -> list[Json]:
        """Those of which there is one for all services; `put_openai` and its like are left out."""
        services = {fact["rest_spec_name"] for fact in self.services}
        return [
            fact for fact in self._facts["operations"] if fact["rest_spec_name"] not in services
        ]

    @property
    def schemas(self) -> Json:
        return self._facts["schemas"]

    def differences(self) -> dict[Key, Difference]:
        """Find everything that facts and spec say differently of services and shared types."""
        found: dict[Key, Difference] = {}
        for key, facts, spec in self._compared():
            if (facts, type(facts)) != (spec, type(spec)):
                assert key not in found, key
                found[key] = Difference(facts, spec)
        return found

    def _compared(self) -> Iterator[tuple[Key, Json, Json]]:
        requests, responses = services(), services("InferenceEndpointInfo")
        for fact in self.services:
            name = fact["service"]
            yield from self._service(fact, requests[name], responses[name])
        for name, schema, curated in (
            ("chunking_settings", "ChunkingSettings", self._chunking()),
            ("rate_limit", "RateLimit", {}),
            ("adaptive_allocations", "AdaptiveAllocations", {}),
        ):
            place = Place("shared", name, frozenset(self.shared["task_types"]), curated)
            yield from self.fields(place, self.shared[name]["fields"], shared_schema(schema))

    def _chunking(self) -> Json:
        rules = self.shared["chunking_settings"]["rules"]
        return {
            "strategy_values": rules["strategies"],
            "separator_group_values": rules["separator_group"]["values"],
        }

    def _service(
        self, fact: Json, request: Node, response: Node
    ) -> Iterator[tuple[Key, Json, Json]]:
        name, body = fact["service"], request.members("properties")
        extra = response["allOf"].value[1]
        narrowed = request["x-parameters"].value["task_type"]["enum"]
        parts = [part for part in ("task_settings", "chunking_settings") if fact[part] is not None]

        yield (name, "body", "service", "const"), fact["service"], body["service"].value["const"]
        yield (name, "body", "", "fields"), {"service", "service_settings", *parts}, set(body)
        yield (
            (name, "body", "", "required"),
            set(fact["body_required"]),
            set(request.value["required"]),
        )
        yield (name, "request", "task_type", "enum"), set(fact["task_types"]), set(narrowed)
        yield (
            (name, "response", "task_type", "enum"),
            set(fact["response_task_types"]),
            set(extra["properties"]["task_type"]["enum"]),
        )
        yield (
            (name, "body", "", "deprecated"),
            fact["deprecated"] is not None,
            request.value.get("deprecated", False),
        )
        yield (name, "parameters", "timeout", "default"), fact["timeout_default"], "30s"
        if fact["chunking_settings"] and "chunking_settings" in body:
            described = self._task_types(body["chunking_settings"])
            applies = fact["chunking_settings"]["applies_to"]
            yield (
                (name, "body", "chunking_settings", "task types"),
                None if applies is None else set(applies),
                described,
            )
        for part in ("service_settings", "task_settings"):
            if fact[part] is not None:
                curated = fact.get("curated", {})
                place = Place(name, part, frozenset(fact["task_types"]), curated)
                yield from self.fields(place, fact[part]["fields"], body[part].follow())
        yield from self._secrets(fact, body)
        yield from self._rate(fact, body["service_settings"].follow())

    def _secrets(self, fact: Json, body: dict[str, Node]) -> Iterator[tuple[Key, Json, Json]]:
        secret = {
            field
            for part in ("service_settings", "task_settings")
            if part in body
            for field, node in body[part].follow().members("properties").items()
            if "password" in (node.value.get("format"), _map_values(node).get("format"))
            and node.value.get("writeOnly") is True
        }
        yield (fact["service"], "body", "", "secrets"), set(fact["secret_fields"]), secret

    def _rate(self, fact: Json, settings: Node) -> Iterator[tuple[Key, Json, Json]]:
        """Compare the default rate limits, which are prose on both sides."""
        known = {
            row["per_minute"]
            for row in self.shared["rate_limit"]["defaults_per_minute"]
            if row["service"] == fact["service"]
        }
        known |= {fact["rate_limit_default_prose"]} if "rate_limit_default_prose" in fact else set()
        rate = settings.members("properties").get("rate_limit")
        text = rate.value["description"] if rate else ""
        described = {int(number) for number in re.findall(r"\b\d+\b", text)}
        yield (fact["service"], "service_settings", "rate_limit", "default"), known, described

    def fields(
        self, place: Place, facts: list[Json], schema: Node, *, nested: bool = True
    ) -> Iterator[tuple[Key, Json, Json]]:
        """Compare fields; `nested`: those of the objects that they hold, too."""
        fields = schema.members("properties")
        known = {fact["name"]: fact for fact in facts}
        for name in sorted(known.keys() | fields.keys()):
            key = (place.service, place.name, name)
            yield (*key, "field"), name in known, name in fields
            if name in known and name in fields:
                required = name in schema.value.get("required", ())
                yield (*key, "required"), known[name]["required"], required
                yield from self._field(place, known[name], fields[name], nested)

    def _field(
        self, place: Place, fact: Json, node: Node, nested: bool
    ) -> Iterator[tuple[Key, Json, Json]]:
        key = (place.service, place.name, fact["name"])
        schema = node.follow()
        yield (*key, "type"), self.shape(fact), shape(schema)
        if shape(schema) == "integer":
            yield (*key, "format"), _INTEGER_FORMATS.get(fact["ts_type"]), schema.value["format"]
        constant = [schema.value["const"]] if "const" in schema else None
        yield (*key, "enum"), self._values(place, fact), _set(schema.value.get("enum", constant))
        yield (*key, "default"), self._default(place, fact), schema.value.get("default")
        if "prose_range" in fact:
            bounds = [float(schema.value[bound]) for bound in ("minimum", "maximum")]
            yield (*key, "range"), fact["prose_range"], bounds
        if "prose_task_types" in fact and set(fact["prose_task_types"]) != place.task_types:
            yield (*key, "task types"), set(fact["prose_task_types"]), self._task_types(node)
        target = self._facts["schemas"].get(fact.get("ref"), {})
        if nested and target.get("kind") == "object" and schema.value.get("type") == "object":
            inner = Place(
                place.service, fact["ref"].rpartition(".")[2], place.task_types, place.curated
            )
            # The shared types are compared once, not wherever they are used.
            if inner.name not in ("RateLimitSetting", "AdaptiveAllocations"):
                yield from self.fields(inner, target["fields"], schema)

    def _task_types(self, node: Node) -> set[str]:
        words = set(re.findall(r"`(\w+)`", node.value["description"]))
        return words & set(self.shared["task_types"])

    def shape(self, fact: Json) -> str:
        """Say what kind of value it is: "string", "array of object", "integer | string"."""
        return " | ".join(sorted(self._shapes(fact)))

    def _shapes(self, fact: Json) -> set[str]:
        if "ref" in fact:
            target = self.schemas[fact["ref"]]
            match target["kind"]:
                case "enum":
                    return {"string"}
                case "alias":
                    return self._shapes(target)
                case "oneOf" if "discriminator" not in target:
                    return self._any(target["of"])
                case "oneOf" | "allOf":
                    return {"object"}
                case kind:
                    return {str(kind)}
        match fact["type"]:
            case "map":
                return {f"map of {self.shape(fact['values'])}"}
            case "array":
                return {f"array of {_enclosed(self.shape(fact['items']))}"}
            case "oneOf":
                return self._any(fact["of"])
            case kind:
                return {_SCALARS.get(fact.get("ts_type", kind), str(kind))}

    def _any(self, options: list[Json]) -> set[str]:
        return {shape for option in options for shape in self._shapes(option)}

    def _values(self, place: Place, fact: Json) -> set[Json] | None:
        if self.shape(fact) != "string":
            return None
        curated = place.curated.get(f"{fact['name']}_values")
        return _set(fact.get("enum") or fact.get("prose_values") or curated)

    def _default(self, place: Place, fact: Json) -> Json:
        curated = place.curated.get(f"{fact['name']}_default")
        text = fact.get("ts_server_default", fact.get("prose_default"))
        if text is None:
            return None if isinstance(curated, dict) else curated
        return json.loads(text) if self.shape(fact) in ("integer", "boolean") else text


def _set(values: list[Json] | None) -> set[Json] | None:
    return None if values is None else set(values)


def _map_values(node: Node) -> Json:
    """Give the schema of the values of a map; an empty one if it is no map."""
    values = node.value.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def shape(node: Node) -> str:
    """Say what kind of value a schema describes, as `Facts.shape` does."""
    return " | ".join(sorted(_shapes(node)))


def _shapes(node: Node) -> set[str]:
    schema = node.follow()
    for word in ("anyOf", "oneOf"):
        if word in schema:
            options = (Node(schema.file, (), option) for option in schema.value[word])
            return {shape for option in options for shape in _shapes(option)}
    if "const" in schema:
        assert isinstance(schema.value["const"], str)
        return {"string"}
    if "allOf" in schema and "type" not in schema:
        return {"object"}
    match schema.value["type"]:
        case "array":
            return {f"array of {_enclosed(shape(schema['items']))}"}
        case "object" if _map_values(schema) and "properties" not in schema:
            return {f"map of {shape(schema['additionalProperties'])}"}
        case kind:
            return {str(kind)}


def _enclosed(shape: str) -> str:
    return f"({shape})" if " | " in shape else shape
