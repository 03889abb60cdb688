"""What a client is told: by the generated package, by its caller, by the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from .auth import (
    ApiKey,
    Auth,
    Basic,
    Bearer,
    ClientCredentials,
    Credential,
    available,
    place_of,
)
from .transport import Timeout


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a generated package knows about its API.

    Attributes:
        user_agent: How the client names itself.
        base_url: The server, where the document has one; it may hold `{variables}`.
        base_url_variable: The environment variable that names the server.
        credentials: Tried in turn where the caller gives none; their values are references
            (`env:NAME`), and for each place the first whose variables are set is taken.
        headers: Sent with every request.
        media_types: What to call a media type of the document in `Accept` and `Content-Type`.
        request_id_headers: Where the server puts its name of the request.
    """

    user_agent: str
    base_url: str | None = None
    base_url_variable: str | None = None
    credentials: tuple[Credential, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    media_types: Mapping[str, str] = field(default_factory=dict[str, str])
    request_id_headers: tuple[str, ...] = ("x-request-id",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `with_options` can change."""

    base_url: str
    is_explicit: bool
    """Whether the server was named by the caller or the environment, not by the document."""
    credentials: tuple[Credential, ...] = field(repr=False)
    timeout: Timeout
    max_retries: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)


def initial(
    settings: Settings,
    base_url: str | None,
    auth: Auth | None,
    timeout: Timeout | float | None,
    max_retries: int,
    headers: Mapping[str, str] | None,
    has_transport: bool,
    variables: Mapping[str, str],
) -> Options:
    """Settle the options of a new client.

    Raises:
        ValueError: One of them makes no sense, or no server is known.
        TypeError: One of them is not of the type that it has to be.
    """
    if base_url is None and settings.base_url_variable is not None:
        base_url = os.environ.get(settings.base_url_variable) or None
    is_explicit = base_url is not None or has_transport
    if base_url is None and settings.base_url is not None:
        base_url = filled(settings.base_url, variables)
    credentials = None if auth is None else _credentials(auth)
    if base_url is None:
        if not has_transport:
            variable = settings.base_url_variable
            hint = "" if variable is None else f" or set {variable}"
            raise ValueError(f"no server is known: give `base_url`{hint}")
        base_url = ""
    else:
        base_url, user = _address(base_url)
        if user is not None and credentials is None:
            credentials = (user,)
    if credentials is None:
        # The first for each place; several that stand in different places are sent together.
        found: dict[tuple[str, str], Credential] = {}
        for credential in filter(available, settings.credentials):
            found.setdefault(place_of(credential), credential)
        credentials = tuple(found.values())
    return Options(
        base_url=base_url,
        is_explicit=is_explicit,
        credentials=credentials,
        timeout=_timeout(timeout) or Timeout(),
        max_retries=_retries(max_retries),
        headers=_merged((("user-agent", settings.user_agent),), settings.headers, headers),
    )


def filled(url: str, variables: Mapping[str, str]) -> str:
    """Give an address with the variables in it (OpenAPI 3.1, server object)."""
    for name, value in variables.items():
        url = url.replace(f"{{{name}}}", value)
    return url


def changed(
    options: Options,
    auth: Auth | None,
    timeout: Timeout | float | None,
    max_retries: int | None,
    headers: Mapping[str, str] | None,
) -> Options:
    """Give other options; None: as before.

    Raises:
        ValueError: One of them makes no sense.
    """
    return replace(
        options,
        credentials=options.credentials if auth is None else _credentials(auth),
        timeout=_timeout(timeout) or options.timeout,
        max_retries=options.max_retries if max_retries is None else _retries(max_retries),
        headers=_merged(options.headers, headers),
    )


def elsewhere(options: Options, base_url: str, auth: Auth, total: float | None) -> Options:
    """Return the options of a client for another server, with `total` seconds for each call:
    nothing of what is told to this one.
    """
    return replace(
        options,
        base_url=base_url,
        credentials=_credentials(auth),
        timeout=replace(options.timeout, total=total),
        headers=tuple(pair for pair in options.headers if pair[0] == "user-agent"),
    )


def _credentials(auth: Auth) -> tuple[Credential, ...]:
    if isinstance(auth, ApiKey | Basic | Bearer | ClientCredentials):
        return (auth,)
    places = [place_of(credential) for credential in auth]
    if len(set(places)) < len(places):
        raise ValueError("several credentials were given for the same place: give one of them")
    return tuple(auth)


def _timeout(timeout: object) -> Timeout | None:
    if timeout is None or isinstance(timeout, Timeout):
        return timeout
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise TypeError("timeout: must be a number of seconds, or a `Timeout`")
    return Timeout(connect=min(timeout, 10.0), read=timeout, total=timeout)


def _retries(count: object) -> int:
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError("max_retries: must be an integer")
    if count < 0:
        raise ValueError("max_retries: must be 0 or more")
    return count


def _merged(
    first: tuple[tuple[str, str], ...], *more: Mapping[str, object] | None
) -> tuple[tuple[str, str], ...]:
    merged = dict(first)
    for headers in more:
        for name, value in (headers or {}).items():
            if not (isinstance(value, str) and value.isascii() and value.isprintable()):
                # It may be a secret, hence is not shown.
                raise ValueError(f"headers: the value of {name!r} must be printable ASCII")
            merged[name.lower()] = value
    return tuple(merged.items())


def _address(url: str) -> tuple[str, Basic | None]:
    """Take user name and password out of an address, so that it can be shown."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        # Of brackets that do not close, of a port that is no number. It names the address, which
        # may hold a password.
        parts, known = None, False
    if parts is None or not known:
        raise ValueError("base_url: must be an address like https://localhost:9200") from None
    if parts.query or parts.fragment:
        raise ValueError("base_url: must have neither a query nor a fragment")
    user, at, host = parts.netloc.rpartition("@")
    address = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
    if not at:
        return address, None
    name, _, password = user.partition(":")
    return address, Basic(unquote(name), unquote(password))
