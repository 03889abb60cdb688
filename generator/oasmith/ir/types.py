"""The intermediate model: what an API is, free of how OpenAPI writes it and of how Python will.

Definitions (`Record`, `Enum`, `Alias`, `Union`) have a name and live in `Api.definitions`.
Uses (`Scalar`, `ListOf`, … `Ref`) are anonymous and stand where a value is described.
All nodes are frozen; a pass answers a new `Api`. Every node knows where it stands in the document.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, Self, TypeAlias

from oasmith.frozen import frozen
from oasmith.ir.scalars import Kind as Kind
from oasmith.ir.scalars import ScalarKind as ScalarKind
from oasmith.runtime.semantics import rules
from oasmith.runtime.semantics.rules import LiteralValue as LiteralValue
from oasmith.runtime.semantics.styles import Place, Style
from oasmith.source import Json as Json
from oasmith.source import Location
from oasmith.text import Text


class _SchemaId(NamedTuple):
    namespace: tuple[str, ...]
    name: str


class SchemaId(_SchemaId):
    """The identity of a definition: its dotted prefix, as the document spells it, and its name.

    A tuple, since it is the key of nearly everything: its hash is taken a million times.
    """

    __slots__ = ()

    def __new__(cls, *, namespace: tuple[str, ...] = (), name: str) -> Self:
        return super().__new__(cls, namespace, name)

    def __str__(self) -> str:
        return ".".join((*self.namespace, self.name))


@frozen(kw_only=False)
class Within:
    """A place inside something that has a name: what a name is made of if one is needed."""

    parent: Context
    word: Word
    role: str = "Field"
    """What the word is to the parent, said only where names are contested."""


Context: TypeAlias = "SchemaId | Within"

Word: TypeAlias = "str | tuple[str | SchemaId, ...]"
"""A text, or its parts, of which some are the names of definitions."""


@frozen
class Unnamed:
    """A definition under a provisional id, and what its name is made of.

    The pass `name_definitions` gives it its name.
    """

    id: SchemaId
    candidates: Context | tuple[SchemaId, ...]
    """Where it is, or the names that it may get, the shortest first."""
    found_in: SchemaId | None
    """The definition in which it was found first; None: an operation."""
    at: Location


@frozen
class Example:
    """A value the document shows. `name` is the key it stands under, where it has one."""

    value: Json
    name: Text | None = None
    summary: Text | None = None
    description: Text | None = None
    at: Location


@frozen
class Doc:
    """Words for people."""

    title: Text | None = None
    summary: Text | None = None
    description: Text | None = None
    deprecated: bool = False
    external: Text | None = None
    """An address to read more at (`externalDocs.url`)."""
    examples: tuple[Example, ...] = ()


NO_DOC = Doc()


@frozen
class NumberBounds:
    """JSON Schema validation 6.2."""

    minimum: int | float | Decimal | None = None
    maximum: int | float | Decimal | None = None
    exclusive_minimum: int | float | Decimal | None = None
    exclusive_maximum: int | float | Decimal | None = None
    multiple_of: int | float | Decimal | None = None


@frozen
class TextBounds:
    """JSON Schema validation 6.3. Each of `patterns` is an ECMA-262 expression, searched for."""

    min_length: int | None = None
    max_length: int | None = None
    patterns: tuple[str, ...] = ()


@frozen
class SizeBounds:
    """Least and greatest number of items or members (JSON Schema validation 6.4 and 6.5)."""

    minimum: int | None = None
    maximum: int | None = None


@frozen
class Scalar:
    """One JSON scalar. `format` is the document's word where `kind` does not already say it."""

    kind: Kind
    bounds: NumberBounds | TextBounds | None = None
    format: str | None = None
    holds: Use | None = None
    """What a string says once it is read as JSON (`contentSchema`, JSON Schema validation 8.5)."""
    at: Location


@frozen
class Literal:
    """One of the values (`const`, or an `enum` that has no name of its own)."""

    values: tuple[LiteralValue, ...]
    at: Location


@frozen
class ListOf:
    item: Use
    size: SizeBounds | None = None
    unique: bool = False
    at: Location


@frozen
class TupleOf:
    """`prefixItems`; `rest` describes further items, None when there may be none."""

    items: tuple[Use, ...]
    rest: Use | None
    size: SizeBounds | None = None
    at: Location


@frozen
class MapOf:
    """An object whose keys are free. `keys` restricts them (`propertyNames`)."""

    value: Use
    keys: TextBounds | None = None
    size: SizeBounds | None = None
    at: Location


@frozen
class Ref:
    """A use of a definition."""

    target: SchemaId
    at: Location


@frozen
class Nullable:
    """The value, or null."""

    of: Use
    at: Location


@frozen
class AnyOf:
    """One of several uses, without a name. `Nullable` is used for null, never an option here."""

    options: tuple[Use, ...]
    told_apart: Discrimination | Unresolved
    at: Location


@frozen
class Anything:
    """The empty schema. `why` says, where the document means more, what could not be expressed."""

    why: str | None = None
    at: Location


@frozen
class Nothing:
    """The schema `false`: no value is right."""

    at: Location


Use: TypeAlias = (
    "Scalar | Literal | ListOf | TupleOf | MapOf | Ref | Nullable | AnyOf | Anything | Nothing"
)


@frozen
class ByTag:
    """A property with distinct constants. `tags[i]` are the values that select option i."""

    property: str
    tags: tuple[tuple[str, ...], ...]
    declared: bool
    """Whether the document has a `discriminator`; else the constants were found."""


@frozen
class ByJsonType:
    """No two options share a JSON type."""


@frozen
class ByRequiredKeys:
    """`keys[i]` is required in option i and unknown to the others."""

    keys: tuple[str, ...]


@frozen
class ByTrial:
    """Nothing tells them apart beforehand: the first that fits, in the document's order."""


Discrimination: TypeAlias = "ByTag | ByJsonType | ByRequiredKeys | ByTrial"


@frozen
class Declared:
    """A `discriminator` of the document (OpenAPI 3.1, discriminator object).

    `mapping` are the tags that it gives to definitions.
    """

    property: str
    mapping: tuple[tuple[SchemaId, tuple[str, ...]], ...] = ()


@frozen
class Unresolved:
    """How options are discriminated before all definitions are known.

    The pass `resolve_unions` replaces it; none is left in a finished model.
    """

    declared: Declared | None = None


@frozen
class Required:
    """The field must be there."""


@frozen
class Optional:
    """The field may be left out; leaving out is not null."""


@frozen
class Default:
    """May be left out, and the other side then assumes `value`. It is never sent unasked."""

    value: Json


Presence: TypeAlias = "Required | Optional | Default"


class Access(enum.Enum):
    """`readOnly` and `writeOnly` (OpenAPI 3.1, schema object; JSON Schema validation 9.4)."""

    READ = "read"
    WRITE = "write"
    BOTH = "both"


@frozen
class Field:
    wire_name: str
    type: Use
    presence: Presence
    access: Access = Access.BOTH
    doc: Doc = NO_DOC
    at: Location


@frozen
class Statement:
    """Where the document says something, and its documentation."""

    doc: Doc = NO_DOC
    at: Location


Rule: TypeAlias = rules.Rule["Use", Statement]
"""What a schema says of the fields of an object beyond their types; `message` says where."""


@frozen
class Unstated:
    """The document says nothing of further members."""


@frozen
class Forbidden:
    """`additionalProperties: false`."""


@frozen
class Allowed:
    """Further members are of `type`; `keys` restricts their names (`patternProperties`)."""

    type: Use
    keys: TextBounds | None = None


Extra: TypeAlias = "Unstated | Forbidden | Allowed"


@frozen
class Record:
    """An object with named fields; `allOf` is already merged in."""

    id: SchemaId
    fields: tuple[Field, ...]
    extra: Extra = Unstated()
    rules: tuple[Rule, ...] = ()
    doc: Doc = NO_DOC
    at: Location


@frozen
class EnumMember:
    value: LiteralValue
    doc: Doc = NO_DOC


@frozen
class Enum:
    id: SchemaId
    members: tuple[EnumMember, ...]
    doc: Doc = NO_DOC
    at: Location


@frozen
class Alias:
    """A name for a use."""

    id: SchemaId
    type: Use
    doc: Doc = NO_DOC
    at: Location


@frozen
class Union:
    """A named choice. `nullable`: null is one more option."""

    id: SchemaId
    options: tuple[Use, ...]
    told_apart: Discrimination | Unresolved
    nullable: bool = False
    doc: Doc = NO_DOC
    at: Location


Definition: TypeAlias = "Record | Enum | Alias | Union"


@frozen
class Parameter:
    wire_name: str
    place: Place
    type: Use
    presence: Presence
    style: Style
    explode: bool
    allow_reserved: bool = False
    media_type: str | None = None
    """Of the style `content`."""
    doc: Doc = NO_DOC
    at: Location


@frozen
class Route:
    """One path template. `parameters` are the wire names of the path parameters it holds."""

    path: str
    parameters: tuple[str, ...]
    at: Location


@frozen
class Encoding:
    """How one field of a form or multipart body is written (OpenAPI 3.1, encoding object)."""

    field: str
    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    at: Location


@frozen
class ErrorEvent:
    """The event of a stream that reports a failure. `type` is what its data says, if that is known.

    No event follows it.
    """

    name: str
    type: Use | None = None


@frozen
class Stream:
    """A body of one value after the other (OpenAPI 3.2, sequential media types).

    `end` is the data of the event that comes last and says nothing else; a stream that stops
    without it was cut. `x-stream` names it, and the event that reports errors.
    """

    item: Use
    """One line, or the data of one event that reports no error."""
    end: str | None = None
    error: ErrorEvent | None = None
    at: Location


@frozen
class Content:
    """A body in one media type. `stream`: it comes bit by bit; `type` is then the list of all."""

    media_type: str
    type: Use
    stream: Stream | None = None
    encodings: tuple[Encoding, ...] = ()
    examples: tuple[Example, ...] = ()
    at: Location


@frozen
class Body:
    contents: tuple[Content, ...]
    required: bool
    doc: Doc = NO_DOC
    at: Location


@frozen
class Header:
    """A header of a response."""

    wire_name: str
    type: Use
    presence: Presence
    doc: Doc = NO_DOC
    at: Location


@frozen
class Response:
    """`status` as the document writes it: `200`, `4XX`, `default`. No contents: no body."""

    status: str
    contents: tuple[Content, ...]
    headers: tuple[Header, ...] = ()
    doc: Doc = NO_DOC
    at: Location


@frozen
class Operation:
    id: str
    """The operationId, or where it is missing the method and path."""
    namespace: str | None
    """The first tag."""
    tags: tuple[str, ...] = ()
    """All tags."""
    method: str
    """Upper case."""
    routes: tuple[Route, ...]
    parameters: tuple[Parameter, ...]
    """Of all routes together; a path parameter that some route lacks is `Optional`."""
    body: Body | None
    responses: tuple[Response, ...]
    """Successes."""
    errors: tuple[Response, ...]
    """4XX, 5XX, default."""
    availability: Text | None = None
    """Since when it is there, and how stable it is, in words (`x-state`)."""
    auth: tuple[tuple[str, ...], ...]
    """Alternatives of security schemes that are needed together; empty: none is asked for."""
    server: Server | None = None
    """Where it has one of its own."""
    extensions: Mapping[str, Json] = MappingProxyType({})
    """The members that begin with `x-`."""
    doc: Doc = NO_DOC
    at: Location


@frozen
class Webhook:
    """A request that the API sends to those who use it, to an address agreed on elsewhere (OpenAPI
    3.1, `webhooks`). Its operation has no routes.
    """

    name: str
    operation: Operation
    at: Location


@frozen
class Callback:
    """A request that the API sends in the course of an operation (OpenAPI 3.1, callback object).

    The only route of its operation is an expression that says where it is sent, such as
    `{$request.body#/url}`.
    """

    name: str
    operation: Operation
    of: tuple[str, ...]
    """The ids of the operations that declare it; none: it is only in the document."""
    at: Location


Incoming: TypeAlias = "Webhook | Callback"


@frozen
class ApiKeyAuth:
    name: str
    wire_name: str
    place: Place
    doc: Doc = NO_DOC
    at: Location


@frozen
class HttpAuth:
    """`scheme` in lower case: basic, bearer, apikey, …"""

    name: str
    scheme: str
    doc: Doc = NO_DOC
    at: Location


@frozen
class OAuth2:
    """`token_url` of the client-credentials flow where the document has one."""

    name: str
    token_url: str | None
    scopes: tuple[str, ...]
    doc: Doc = NO_DOC
    at: Location


@frozen
class OpenIdConnect:
    name: str
    url: Text
    doc: Doc = NO_DOC
    at: Location


SecurityScheme: TypeAlias = "ApiKeyAuth | HttpAuth | OAuth2 | OpenIdConnect"


@frozen
class ServerVariable:
    """`values` are those it may have; empty: any."""

    default: str
    values: tuple[str, ...] = ()
    doc: Doc = NO_DOC
    at: Location


@frozen
class Server:
    """`url` may hold `{variables}`; one without a host is relative to where the document is."""

    url: str
    variables: Mapping[str, ServerVariable]
    doc: Doc = NO_DOC
    at: Location


@frozen
class Tag:
    name: str
    doc: Doc = NO_DOC
    at: Location


@frozen
class Usage:
    """From which side a definition is reached. Neither: it is only in the document."""

    request: bool = False
    response: bool = False


@frozen
class Api:
    title: Text
    version: Text
    doc: Doc
    servers: tuple[Server, ...]
    tags: tuple[Tag, ...]
    definitions: Mapping[SchemaId, Definition]
    operations: tuple[Operation, ...]
    incoming: tuple[Incoming, ...] = ()
    """What the API asks of those who use it: they receive requests and answer them."""
    security: tuple[SecurityScheme, ...]
    usage: Mapping[SchemaId, Usage]
    """Filled by the pass `usage`; empty before it."""
    unnamed: tuple[Unnamed, ...] = ()
    """Definitions without a name yet, in the order in which the document leads to them. Emptied by
    the pass `name_definitions`."""
    event_wrappers: frozenset[SchemaId] = frozenset()
    """Definitions of whole events, of which streams carry the data. Emptied by the pass
    `drop_event_wrappers`."""
    schemas: int = 0
    """How many schemas the document gives a name: its components, and targets of references."""
    at: Location
