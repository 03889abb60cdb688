"""Scalars as text: how a value is written in a parameter, a form or JSON, and how it is read.

A `TextForm` is the text form of one Python type; `FORMS` holds all of them. Pydantic reads and
writes JSON by the same rules.
"""

from __future__ import annotations

import enum
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
)
from typing import Any, Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TextForm:
    """The text form of a Python type.

    Attributes:
        formats: The values of `format` that ask for it.
        type: The Python type, or the first of several.
        read: Return the value of a text. Raises `ValueError` for any other text.
        write: Return the text of a value.
        example: Return the text of one of a series of values. The first, 0, is for documentation.
    """

    formats: tuple[str, ...]
    type: type
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    example: Callable[[int], str]

    def fits(self, text: str) -> bool:
        """Return whether a text is of this form."""
        try:
            self.read(text)
        except ValueError:
            return False
        return True


def text(value: object) -> str:
    """Return the text of one scalar.

    Raises:
        ValueError: The value has no text form.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case enum.Enum():
            return text(value.value)
        case float() if not math.isfinite(value):
            raise ValueError("is not a finite number")
        case int() | float():
            return str(value)
        case None:
            return "null"
        case _:
            form = form_of(type(value))
            if form is None or form is BASE64:  # bytes are not always meant as base64
                raise ValueError(f"cannot be written as text: {type(value).__name__}")
            return form.write(value)


def has_text(value: object) -> bool:
    """Return whether `text` knows the type of a value."""
    return (
        value is None
        or isinstance(value, str | int | float | enum.Enum)
        or form_of(type(value)) is not None
    )


def form_of(type_: type) -> TextForm | None:
    """Return the text form of a type or of the nearest of its bases; None if it has none."""
    return next((_BY_TYPE[base] for base in type_.__mro__ if base in _BY_TYPE), None)


# --- dates and times (RFC 3339; an offset may be missing) ----------------------------------------

_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME: Final = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
_IS_DATE: Final = re.compile(_DATE, re.ASCII)
_IS_TIME: Final = re.compile(_TIME, re.ASCII)
_IS_DATETIME: Final = re.compile(f"{_DATE}[Tt ]{_TIME}", re.ASCII)


def _read_date(text: str) -> date:
    return date.fromisoformat(_matched(_IS_DATE, text, "a date"))


def _read_time(text: str) -> time:
    return time.fromisoformat(_matched(_IS_TIME, text, "a time").upper())


def _read_datetime(text: str) -> datetime:
    return datetime.fromisoformat(_matched(_IS_DATETIME, text, "a date and time").upper())


def _matched(pattern: re.Pattern[str], text: str, what: str) -> str:
    if pattern.fullmatch(text) is None:
        raise ValueError(f"is not {what}")
    return text


def _write_time(value: datetime | time) -> str:
    written = value.isoformat()
    return written.removesuffix("+00:00") + "Z" if written.endswith("+00:00") else written


# --- durations (ISO 8601) ------------------------------------------------------------------------

_NUMBER: Final = r"[0-9]+(?:\.[0-9]+)?"
_DURATION: Final = re.compile(
    rf"(?P<sign>[+-]?)P(?=.)(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?"
    rf"(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=.)(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?"
    rf"(?:(?P<seconds>{_NUMBER})S)?)?",
    re.ASCII,
)
_DAYS: Final = {"years": 365, "months": 30, "weeks": 7, "days": 1}
"""Days of each unit of the date part, as pydantic counts them."""


def _read_duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError("is not an ISO 8601 duration")
    parts = {name: float(found[name] or 0) for name in found.groupdict() if name != "sign"}
    days = sum(parts.pop(name) * count for name, count in _DAYS.items())
    try:
        length = timedelta(days=days, **parts)
    except OverflowError:
        raise ValueError("is too long a duration") from None
    return -length if found["sign"] == "-" else length


def _write_duration(value: timedelta) -> str:
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    years, days = divmod(value.days, 365)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    rest = f"{seconds}.{value.microseconds:06}".rstrip("0") if value.microseconds else seconds
    day = "".join(f"{count}{unit}" for count, unit in ((years, "Y"), (days, "D")) if count)
    clock = "".join(
        f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count
    )
    if not day and not clock:
        return "PT0S"
    return f"{sign}P{day}{'T' if clock else ''}{clock}"


# --- numbers, identifiers, bytes -----------------------------------------------------------------

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def _read_uuid(text: str) -> UUID:
    return UUID(_matched(_UUID, text, "a UUID"))


def _read_decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("is not a decimal number") from None
    if not value.is_finite():
        raise ValueError("is not a finite number")
    return value


def read_base64(text: str) -> bytes:
    """Return the bytes of a base64 text, in which white space does not count (RFC 4648).

    Raises:
        ValueError: The text is not base64.
    """
    return b64decode("".join(text.split()), validate=True)


def write_base64(value: bytes) -> str:
    """Return bytes in base64 (RFC 4648, section 4)."""
    return b64encode(value).decode("ascii")


# --- the forms -----------------------------------------------------------------------------------

_NOON: Final = datetime(2026, 1, 31, 12, 30)
_YEAR: Final = 365

DATE: Final = TextForm(
    ("date",),
    date,
    _read_date,
    date.isoformat,
    lambda n: str(_NOON.date() + timedelta(days=n % _YEAR)),
)
TIME: Final = TextForm(
    ("time",),
    time,
    _read_time,
    _write_time,
    lambda n: f"{(12 + n // 60) % 24:02}:{(30 + n) % 60:02}:00Z",
)
DATE_TIME: Final = TextForm(
    ("date-time",),
    datetime,
    _read_datetime,
    _write_time,
    lambda n: (_NOON + timedelta(days=n % _YEAR)).isoformat() + "Z",
)
DURATION: Final = TextForm(
    ("duration",),
    timedelta,
    _read_duration,
    _write_duration,
    lambda n: _write_duration(timedelta(minutes=5 + n % 1000)),
)
UUIDS: Final = TextForm(
    ("uuid",),
    UUID,
    _read_uuid,
    str,
    lambda n: str(UUID(int=0x123E4567E89B12D3A456426614174000 + n % 2**32)),
)
DECIMAL: Final = TextForm(("decimal",), Decimal, _read_decimal, str, lambda n: f"{1 + n % 1000}.5")
BASE64: Final = TextForm(
    ("byte", "base64"),
    bytes,
    read_base64,
    write_base64,
    lambda n: write_base64(b"hello" + (b"%d" % n if n else b"")),
)


def _ip(
    format_: str, type_: type, read: Callable[[str], Any], example: Callable[[int], str]
) -> TextForm:
    return TextForm((format_,), type_, read, str, example)


IPV4: Final = _ip("ipv4", IPv4Address, IPv4Address, lambda n: f"192.0.2.{1 + n % 254}")
IPV6: Final = _ip("ipv6", IPv6Address, IPv6Address, lambda n: f"2001:db8::{1 + n % 2**15:x}")
IPV4_NETWORK: Final = _ip(
    "ipv4network", IPv4Network, IPv4Network, lambda n: f"10.{n // 256 % 256}.{n % 256}.0/24"
)
IPV6_NETWORK: Final = _ip(
    "ipv6network", IPv6Network, IPv6Network, lambda n: f"2001:db8:{1 + n % 2**15:x}::/48"
)
IPV4_INTERFACE: Final = _ip(
    "ipv4interface", IPv4Interface, IPv4Interface, lambda n: f"192.0.2.{1 + n % 254}/24"
)
IPV6_INTERFACE: Final = _ip(
    "ipv6interface", IPv6Interface, IPv6Interface, lambda n: f"2001:db8::{1 + n % 2**15:x}/64"
)
# Of either version, as pydantic calls them; the examples are of version 4.
IP_ADDRESS: Final = _ip("ipvanyaddress", IPv4Address, ip_address, IPV4.example)
IP_NETWORK: Final = _ip("ipvanynetwork", IPv4Network, ip_network, IPV4_NETWORK.example)
IP_INTERFACE: Final = _ip("ipvanyinterface", IPv4Interface, ip_interface, IPV4_INTERFACE.example)

FORMS: Final = (
    *(DATE, TIME, DATE_TIME, DURATION, UUIDS, DECIMAL, BASE64),
    *(IPV4, IPV6, IPV4_NETWORK, IPV6_NETWORK, IPV4_INTERFACE, IPV6_INTERFACE),
)
"""One for each Python type."""
BY_FORMAT: Final = {
    name: form for form in (*FORMS, IP_ADDRESS, IP_NETWORK, IP_INTERFACE) for name in form.formats
}
_BY_TYPE: Final = {form.type: form for form in FORMS}
