"""Examples and defaults that are none of what their own schema describes (JSON Schema validation,
9.2 and 9.5).

jsonschema-rs judges, all of them in one go. A schema is unfolded along the examples first: what no
example has a value for is left out, so that the cost is that of the examples, not of the document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from oasmith.diagnostics import Diagnostics
from oasmith.frozen import frozen
from oasmith.openapi.contradictions import BOUNDS
from oasmith.openapi.node import Node, json_type
from oasmith.openapi.unfolding import Unfolding, pattern_options
from oasmith.runtime.semantics.media_types import is_json, is_range
from oasmith.runtime.semantics.suggest import did_you_mean
from oasmith.runtime.semantics.text import BY_FORMAT
from oasmith.source import Json, Location

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

HOLDERS = frozenset(("schema", "media type", "parameter", "header"))
"""Kinds of objects that show examples."""

WORDS = frozenset(("default", "example", "examples"))

_OF_REQUESTS = frozenset(("requestBody", "requestBodies"))


def check_examples(holders: Iterable[tuple[Node, str]], diagnostics: Diagnostics) -> None:
    """Report each value that does not fit; `holders` are objects that show some, by kind."""
    cases = [case for holder, kind in holders for case in _cases(holder, kind)]
    if not cases:
        return
    unfolding = Unfolding()
    schemas = [unfolding.of(case.schema, [case.value], closed=case.is_request) for case in cases]
    if all(schema is True for schema in schemas):
        return
    values = [case.value for case in cases]
    for index, found in _errors(schemas, unfolding.definitions, values):
        error = _deepest(found)
        at, where = cases[index].at, ""
        for step in error.instance_path[1:]:
            if cases[index].is_text:
                where += f"/{step}"
            else:
                at = at / step
        inside = f", at `{where}`," if where else ""
        word = cases[index].word
        diagnostics.warning(
            "invalid-default" if word == "default" else "example",
            at,
            f"the {word}{inside} {_misfit(error)}",
            cases[index].broken or _meant(error),
        )


# --- which examples ---------------------------------------------------------------------------


@frozen
class _Case:
    """An example, or a default, as `word` says, with its schema.

    `is_text`: the document has it as a text that is JSON; `broken`: why such a text is no JSON.
    In a request nothing is sent that the schema does not describe.
    """

    schema: Node
    value: Json
    at: Location
    word: Literal["default", "example"] = "example"
    is_text: bool = False
    is_request: bool = False
    broken: str | None = None


def _cases(holder: Node, kind: str) -> Iterator[_Case]:
    schema = holder if kind == "schema" else holder.get("schema")
    if schema is None:
        return
    if kind == "schema" and (default := schema.get("default")) is not None:
        yield _Case(schema=schema, value=default.value, at=default.at, word="default")
    is_request = kind == "media type" and not _OF_REQUESTS.isdisjoint(holder.pointer)
    for node in _examples(holder):
        value, is_text, broken = node.value, False, None
        if kind == "media type" and isinstance(value, str):
            is_text = value.lstrip()[:1] in ("{", "[")
            if is_text:
                try:
                    value = json.loads(value)
                except ValueError as error:
                    is_text, broken = False, f"the text is no JSON: {error}"
            if not is_text and (not is_json(str(holder.key)) or is_range(str(holder.key))):
                continue  # a text in another notation
        yield _Case(
            schema=schema,
            value=value,
            at=node.at,
            is_text=is_text,
            is_request=is_request,
            broken=broken,
        )


def _examples(holder: Node) -> Iterator[Node]:
    single, several = holder.get("example"), holder.get("examples")
    if single is not None:
        yield single
    if several is None:
        return
    if isinstance(several.value, list):
        yield from several
    elif isinstance(several.value, dict):
        for entry in dict(several.items()).values():
            example = entry.follow()
            for key in ("value", "dataValue"):
                if key in example:
                    yield example[key]
                    break


# --- the verdict ------------------------------------------------------------------------------


_BUILT_IN = ("date-time", "date", "time", "duration", "uuid", "ipv4", "ipv6")
_FORMATS = {name: form.fits for name, form in BY_FORMAT.items() if name not in _BUILT_IN}
"""Formats that jsonschema-rs does not know."""


def _errors(
    schemas: list[Json], definitions: dict[str, Json], values: list[Json]
) -> Iterator[tuple[int, ValidationError]]:
    """Give the first error of each value that does not fit its schema."""
    import jsonschema_rs

    def look(these: list[Json], those: list[Json]) -> list[ValidationError]:
        schema = {"prefixItems": these, "$defs": definitions}
        validator = jsonschema_rs.Draft202012Validator(
            schema,
            formats=_FORMATS,
            pattern_options=pattern_options(),
            validate_formats=True,
            offline=True,
        )
        return list(validator.iter_errors(those))

    seen: set[int] = set()
    try:
        for error in look(schemas, values):
            index = int(error.instance_path[0])
            if index not in seen:
                seen.add(index)
                yield index, error
    except ValueError:  # one of them is no schema: each has to be judged alone
        for index, (schema, value) in enumerate(zip(schemas, values, strict=True)):
            with suppress(ValueError):
                for error in look([schema], [value])[:1]:
                    yield index, error


def _deepest(error: ValidationError) -> ValidationError:
    """Return what is wrong with the option that was most likely meant: that which fits longest."""
    kind: Any = error.kind
    if kind.name not in ("anyOf", "oneOf"):
        return error
    found = [_deepest(branch[0]) for branch in kind.context if branch]
    nearest = max(found, key=lambda each: len(each.instance_path), default=error)
    return nearest if len(nearest.instance_path) > len(error.instance_path) else error


def _misfit(error: ValidationError) -> str:
    kind: Any = error.kind
    value: Any = error.instance
    match kind.name:
        case "type":
            return f"is {json_type(value)}, the type is {' or '.join(kind.types)}"
        case "required":
            return f"lacks `{kind.property}`"
        case "enum":
            return "is not in `enum`"
        case "const":
            return "is not the `const`"
        case "falseSchema":
            return "stands where nothing may be"
        case "additionalProperties" | "unevaluatedProperties":
            return f"has `{kind.unexpected[0]}`, which the schema does not describe"
        case "format":
            return f"is not in the format `{kind.format}`"
        case "anyOf" | "oneOf":
            return "fits no option"
        case "multipleOf":
            return f"does not keep `multipleOf` {kind.multiple_of}"
        case keyword if keyword in BOUNDS:
            return f"does not keep `{keyword}` {kind.limit}"
        case keyword:
            return f"does not keep `{keyword}`"


def _meant(error: ValidationError) -> str | None:
    """Return a hint at the value that was perhaps meant."""
    kind: Any = error.kind
    value: Any = error.instance
    if kind.name != "enum" or not isinstance(value, str):
        return None
    return did_you_mean(value, [each for each in kind.options if isinstance(each, str)])
