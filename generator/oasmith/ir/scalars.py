"""The kinds of scalar, a row for each: what selects it, Python types, text form, example.

Every layer reads this table. Python types are plain data here, a module and a name in it; the
Python layer makes imports of them. A new kind is a row here and, where its text is new too, a text
form in `runtime.semantics.text`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from oasmith.frozen import frozen
from oasmith.runtime.semantics import text as forms
from oasmith.runtime.semantics.text import TextForm
from oasmith.source import Json

JsonType: TypeAlias = Literal["string", "integer", "number", "boolean", "null"]
PythonTypes: TypeAlias = tuple[tuple[str, str], ...]
"""The options of a union, each a module and a name; builtins have no module."""

_RUNTIME = "._runtime.models"


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


def _plain(name: JsonType, python: str, *strict: str, example: Json) -> Kind:
    """Return the row of a type of JSON; `strict` are pydantic's strict types for it."""
    types = (("", python),)
    return Kind(
        name=name,
        json_type=name,
        formats=(),
        response=types,
        request=tuple(("pydantic", each) for each in strict) or types,
        input=types,
        checks=(),
        form=None,
        is_constructed=False,
        example=example,
    )


def _read(
    form: TextForm,
    module: str,
    *names: str,
    checks: PythonTypes = (("._runtime.constraints", "FromText"),),
    is_constructed: bool = False,
) -> Kind:
    """Return the row of a text that pydantic reads as types of the standard library.

    `checks` refuse numbers, from which pydantic would make a date or an address.
    """
    types = tuple((module, name) for name in names)
    return Kind(
        name=form.formats[0],
        json_type="string",
        formats=form.formats,
        response=types,
        request=types,
        input=(*types, _STR),
        checks=checks,
        form=form,
        is_constructed=is_constructed,
        example=form.example(0),
    )


def _address(form: TextForm, *names: str) -> Kind:
    return _read(form, "ipaddress", *names, is_constructed=True)


class ScalarKind:
    """The kinds by name."""

    STRING: Final = _plain("string", "str", example="text")
    INTEGER: Final = _plain("integer", "int", "StrictInt", example=1)
    # Both, so that an int stays an int on the wire.
    NUMBER: Final = _plain("number", "float", "StrictInt", "StrictFloat", example=1)
    BOOLEAN: Final = _plain("boolean", "bool", "StrictBool", example=True)
    NULL: Final = _plain("null", "None", example=None)
    SECRET: Final = Kind(  # also `x-sensitive`, and names in the settings
        name="secret",
        json_type="string",
        formats=("password",),
        response=((_RUNTIME, "Secret"),),
        request=((_RUNTIME, "Secret"),),
        input=((_RUNTIME, "Secret"),),
        checks=(),
        form=None,
        is_constructed=False,
        example="secret",
    )
    DATE: Final = _read(forms.DATE, "datetime", "date")
    TIME: Final = _read(forms.TIME, "datetime", "time")
    DATE_TIME: Final = _read(forms.DATE_TIME, "datetime", "datetime")
    DURATION: Final = _read(forms.DURATION, "datetime", "timedelta")
    UUID: Final = _read(forms.UUIDS, "uuid", "UUID", checks=(), is_constructed=True)
    DECIMAL: Final = _read(forms.DECIMAL, "decimal", "Decimal", checks=(), is_constructed=True)
    IPV4: Final = _address(forms.IPV4, "IPv4Address")
    IPV6: Final = _address(forms.IPV6, "IPv6Address")
    IPV4_NETWORK: Final = _address(forms.IPV4_NETWORK, "IPv4Network")
    IPV6_NETWORK: Final = _address(forms.IPV6_NETWORK, "IPv6Network")
    IPV4_INTERFACE: Final = _address(forms.IPV4_INTERFACE, "IPv4Interface")
    IPV6_INTERFACE: Final = _address(forms.IPV6_INTERFACE, "IPv6Interface")
    IP_ADDRESS: Final = _address(forms.IP_ADDRESS, "IPv4Address", "IPv6Address")
    IP_NETWORK: Final = _address(forms.IP_NETWORK, "IPv4Network", "IPv6Network")
    IP_INTERFACE: Final = _address(forms.IP_INTERFACE, "IPv4Interface", "IPv6Interface")
    BASE64: Final = Kind(  # also `contentEncoding: base64`
        name="byte",
        json_type="string",
        formats=forms.BASE64.formats,
        response=(("._runtime.encoded", "Base64"),),
        request=(("._runtime.encoded", "Base64"),),
        input=(("._runtime.encoded", "Base64"),),
        checks=(),
        form=forms.BASE64,
        is_constructed=False,
        example=forms.BASE64.example(0),
    )
    BINARY: Final = Kind(  # also `contentMediaType` of what is no text
        name="binary",
        json_type="string",
        formats=("binary",),
        # What is sent may be a file; what is received is in memory.
        response=(("", "bytes"),),
        request=((_RUNTIME, "Binary"),),
        input=((_RUNTIME, "Binary"),),
        checks=(),
        form=None,
        is_constructed=False,
        example="content",
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
        for json_type, plain in BY_TYPE.items():
            if json_type in ("string", "integer", "number"):
                found[json_type, format_] = Kind(
                    name=format_,
                    json_type=plain.json_type,
                    formats=(format_,),
                    response=((module, name),),
                    request=((module, name),),
                    input=((module, name), *plain.input),
                    checks=(),
                    form=None,
                    is_constructed=False,
                    example=plain.example,
                )
    return found


EXAMPLES: Final[Mapping[str, str]] = {
    "uri": "https://example.com",
    "url": "https://example.com",
    "email": "jane@example.com",
    "hostname": "example.com",
}
"""Examples of strings by formats that are no kinds of their own."""
