"""The kinds of scalar, a row for each: what selects it, Python types, text form, example.

Every layer reads this table. Python types are plain data here, a module and a name in it; the
Python layer makes imports of them. A new kind is a row here and, where its text is new too, a text
form in `runtime.semantics.text`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal, TypeAlias

from oasmith.frozen import frozen
from oasmith.runtime.semantics import text as forms
from oasmith.runtime.semantics.text import TextForm
from oasmith.source import Json

JsonType: TypeAlias = Literal["string", "integer", "number", "boolean", "null"]
PythonTypes: TypeAlias = tuple[tuple[str, str], ...]
"""The options of a union, each a module and a name; builtins have no module."""


@frozen
class Kind:
    """A row of the table. All columns are required: a kind that lacks one cannot be written."""

    name: str
    """Its name in documentation and in `oasmith ir`: the format where it has one."""
    json_type: JsonType
    formats: tuple[str, ...]
    """Values of `format` that select it (the OpenAPI format registry, and pydantic's)."""
    response: PythonTypes
    """How response models annotate it."""
    request: PythonTypes
    """How request models annotate it: strict, no type is taken for another."""
    input: PythonTypes
    """What a caller may write, as type checkers see it."""
    checks: PythonTypes
    """Metadata of `request`, classes of the runtime that are called without arguments."""
    form: TextForm | None
    """Its text form; None where JSON has a type for it, or any text is right."""
    is_constructed: bool
    """Samples write the Python type, called with the text."""
    example: Json
    """The value that documentation shows where the document has none."""

    __eq__ = object.__eq__  # Rows are single, and keys of many tables.
    __hash__ = object.__hash__

    @property
    def schema(self) -> Mapping[str, Json]:
        """The JSON Schema that selects this kind."""
        return {"type": self.json_type, **({"format": self.formats[0]} if self.formats else {})}

    @property
    def is_plain(self) -> bool:
        """Whether this is a type of JSON without a format."""
        return self.name == self.json_type

    @property
    def takes_text(self) -> bool:
        """Whether a caller may write the text in place of the value."""
        return self.form is not None and _STR in self.input

    def fits(self, value: Json) -> bool:
        """Return whether a JSON value is one of this kind."""
        if self.form is not None and isinstance(value, str):
            return self.form.fits(value)
        return is_of(value, self.json_type)


def is_of(value: Json, json_type: JsonType) -> bool:
    """Return whether a value is of a type of JSON; a whole number is a number too."""
    match json_type:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None


_STR: Final = ("", "str")
_FROM_TEXT: Final = ("._runtime.constraints", "FromText")


def _kind(
    name: str,
    json_type: JsonType,
    response: PythonTypes,
    example: Json,
    *,
    formats: tuple[str, ...] = (),
    request: PythonTypes = (),
    input: PythonTypes = (),
    checks: PythonTypes = (),
    form: TextForm | None = None,
    is_constructed: bool = False,
) -> Kind:
    """Return a row; annotations that are not given are those of responses."""
    return Kind(
        name=name,
        json_type=json_type,
        formats=formats,
        response=response,
        request=request or response,
        input=input or response,
        checks=checks,
        form=form,
        is_constructed=is_constructed,
        example=example,
    )


def _plain(json_type: JsonType, python: str, example: Json, *strict: str) -> Kind:
    """Return the row of a type of JSON; `strict` are pydantic's strict types for it."""
    request = tuple(("pydantic", name) for name in strict)
    return _kind(json_type, json_type, (("", python),), example, request=request)


def _read(form: TextForm, *names: str, is_constructed: bool = False, numbers: bool = False) -> Kind:
    """Return the row of a text that pydantic reads as a type of the standard library.

    Unless `numbers`, requests refuse numbers: pydantic would make dates and addresses of them.
    """
    types = tuple((form.type.__module__, name) for name in names)
    return _kind(
        form.formats[0],
        "string",
        types,
        form.example(0),
        formats=form.formats,
        input=(*types, _STR),
        checks=() if numbers else (_FROM_TEXT,),
        form=form,
        is_constructed=is_constructed,
    )


_address = partial(_read, is_constructed=True)
_SECRET: Final = (("._runtime.models", "Secret"),)
_BASE64: Final = (("._runtime.encoded", "Base64"),)
_BINARY: Final = (("._runtime.models", "Binary"),)


class ScalarKind:
    """The kinds by name."""

    STRING: Final = _plain("string", "str", "text")
    INTEGER: Final = _plain("integer", "int", 1, "StrictInt")
    # Both, so that an int stays an int on the wire.
    NUMBER: Final = _plain("number", "float", 1, "StrictInt", "StrictFloat")
    BOOLEAN: Final = _plain("boolean", "bool", True, "StrictBool")
    NULL: Final = _plain("null", "None", None)
    # Also `x-sensitive`, and names in the settings.
    SECRET: Final = _kind("secret", "string", _SECRET, "secret", formats=("password",))
    DATE: Final = _read(forms.DATE, "date")
    TIME: Final = _read(forms.TIME, "time")
    DATE_TIME: Final = _read(forms.DATE_TIME, "datetime")
    DURATION: Final = _read(forms.DURATION, "timedelta")
    UUID: Final = _read(forms.UUIDS, "UUID", is_constructed=True, numbers=True)
    DECIMAL: Final = _read(forms.DECIMAL, "Decimal", is_constructed=True, numbers=True)
    IPV4: Final = _address(forms.IPV4, "IPv4Address")
    IPV6: Final = _address(forms.IPV6, "IPv6Address")
    IPV4_NETWORK: Final = _address(forms.IPV4_NETWORK, "IPv4Network")
    IPV6_NETWORK: Final = _address(forms.IPV6_NETWORK, "IPv6Network")
    IPV4_INTERFACE: Final = _address(forms.IPV4_INTERFACE, "IPv4Interface")
    IPV6_INTERFACE: Final = _address(forms.IPV6_INTERFACE, "IPv6Interface")
    IP_ADDRESS: Final = _address(forms.IP_ADDRESS, "IPv4Address", "IPv6Address")
    IP_NETWORK: Final = _address(forms.IP_NETWORK, "IPv4Network", "IPv6Network")
    IP_INTERFACE: Final = _address(forms.IP_INTERFACE, "IPv4Interface", "IPv6Interface")
    # Also `contentEncoding: base64`.
    BASE64: Final = _kind(
        *("byte", "string", _BASE64, forms.BASE64.example(0)),
        formats=forms.BASE64.formats,
        form=forms.BASE64,
    )
    # Also `contentMediaType` of what is no text. What is sent may be a file; what is received is
    # in memory.
    BINARY: Final = _kind(
        *("binary", "string", (("", "bytes"),), "content"),
        formats=("binary",),
        request=_BINARY,
        input=_BINARY,
    )


KINDS: Final = tuple(kind for kind in vars(ScalarKind).values() if isinstance(kind, Kind))
BY_TYPE: Final[Mapping[str, Kind]] = {kind.json_type: kind for kind in KINDS if kind.is_plain}
BY_FORMAT: Final[Mapping[str, Kind]] = {format_: kind for kind in KINDS for format_ in kind.formats}

OwnKinds: TypeAlias = Mapping[tuple[str, str], Kind]
"""Kinds that the settings add, by type and format."""


def own_kinds(types: Mapping[str, str]) -> OwnKinds:
    """Return rows for classes of the user's: `types` are `module.Class` by `format:NAME`.

    Pydantic has to know how such a class is read from JSON and written.
    """
    found: dict[tuple[str, str], Kind] = {}
    for key, path in types.items():
        module, _, name = path.rpartition(".")
        format_ = key.removeprefix("format:")
        own = ((module, name),)
        for json_type in ("string", "integer", "number"):
            plain = BY_TYPE[json_type]
            found[json_type, format_] = _kind(
                *(format_, plain.json_type, own, plain.example),
                formats=(format_,),
                input=(*own, *plain.input),
            )
    return found


EXAMPLES: Final[Mapping[str, str]] = {
    "uri": "https://example.com",
    "url": "https://example.com",
    "email": "jane@example.com",
    "hostname": "example.com",
}
"""Examples of strings by formats that are no kinds of their own."""
