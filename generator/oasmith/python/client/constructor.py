"""The planning of the two client classes: how they are made, and what hangs on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from oasmith.config import ClientSettings
from oasmith.ir import types as ir
from oasmith.python.client.adapters import LIBRARIES
from oasmith.python.client.operations import NamespaceView
from oasmith.python.code import Code, docstring, fill, identifier, joined, literal, source
from oasmith.python.docstrings import wrapped
from oasmith.python.imports import Import, Name, Scope
from oasmith.python.naming import snake_case

_AUTH = "._runtime.auth"
_CLIENT = "._runtime.client"
_TRANSPORT = "._runtime.transport"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialView:
    """An argument of the constructor. `credential` makes of it what the runtime sends."""

    name: Code
    annotation: Code
    credential: Code


@dataclass(frozen=True, slots=True)
class SettingView:
    """A keyword argument of the settings."""

    name: Code
    value: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeView:
    """A namespace of a client: an attribute that imports its class when it is first asked for."""

    name: Code
    type: Code
    statement: Code
    """What imports the class."""
    docstring: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterView:
    """A constructor that takes an object of some library and sends over its connections."""

    method: Code
    argument: Code
    owner: Code
    module: Code
    transport: Code
    docstring: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """One of the two client classes."""

    name: Code
    base: Code
    transport: Code
    docstring: Code
    adapters: tuple[AdapterView, ...]
    attributes: tuple[AttributeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNames:
    """What the module calls the things that its template itself writes."""

    mapping: Code
    settings: Code
    network: Code
    timeout: Code
    cached_property: Code | None
    type_checking: Code | None
    credential: Code | None
    self_type: Code | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientModuleView:
    """The module `_client`."""

    imports: tuple[tuple[Import, ...], ...]
    checked_imports: tuple[Code, ...]
    """What only type checkers import."""
    names: ClientNames
    settings: tuple[SettingView, ...]
    credentials: tuple[CredentialView, ...]
    clients: tuple[ClientView, ...]


def plan_client(
    api: ir.Api,
    namespaces: Sequence[NamespaceView],
    settings: ClientSettings,
    user_agent: str,
) -> ClientModuleView:
    """Plan the module that holds `Client` and `AsyncClient`."""
    classes = {str(module.name) for each in namespaces for module in (each.sync, each.aio)}
    scope = Scope("_client", defines={"Client", "AsyncClient"}, hidden=classes)
    checked = Scope("_client", defines={"Client", "AsyncClient"})
    scope.use(Name("__future__", "annotations"))
    arguments = credential_arguments(api.security)
    credentials = tuple(
        CredentialView(
            name=identifier(name),
            annotation=_annotation(scheme, scope),
            credential=_credential(scheme, _spread(scheme, identifier(name)), scope),
        )
        for scheme, name in arguments
    )
    base_url = default_base_url(api.servers)
    has_lazy = any(not namespace.is_root for namespace in namespaces)
    lines = _class_doc(api, arguments, settings, base_url)
    return ClientModuleView(
        names=ClientNames(
            mapping=scope.use(Name("collections.abc", "Mapping")),
            settings=scope.use(Name("._runtime.options", "Settings")),
            network=scope.use(Name(_TRANSPORT, "Network")),
            timeout=scope.use(Name(_TRANSPORT, "Timeout")),
            cached_property=scope.use(Name("functools", "cached_property")) if has_lazy else None,
            type_checking=scope.use(Name("typing", "TYPE_CHECKING"))
            if has_lazy or settings.adapters
            else None,
            credential=scope.use(Name(_AUTH, "Credential")) if credentials else None,
            self_type=scope.use(Name("typing", "Self")) if settings.adapters else None,
        ),
        settings=_settings(base_url, settings, user_agent, arguments, scope),
        credentials=credentials,
        clients=(
            _client("Client", namespaces, settings, lines, scope, checked),
            _client("AsyncClient", namespaces, settings, lines, scope, checked),
        ),
        imports=scope.imports(),
        checked_imports=tuple(
            each.statement_at(4) for section in checked.imports() for each in section
        ),
    )


def _client(
    name: str,
    namespaces: Sequence[NamespaceView],
    settings: ClientSettings,
    doc: Sequence[str],
    scope: Scope,
    checked: Scope,
) -> ClientView:
    is_async = name == "AsyncClient"
    color = "aio" if is_async else "sync"
    base, transport = ("AsyncClient", "AsyncTransport") if is_async else ("SyncClient", "Transport")
    bases = []
    attributes = []
    for namespace in namespaces:
        module = namespace.sync if color == "sync" else namespace.aio
        where = Name(f".{color}.{namespace.attribute}", str(module.name))
        if namespace.is_root:
            bases.append(scope.use(where))
            continue
        attributes.append(
            AttributeView(
                name=identifier(namespace.attribute),
                type=checked.use(where),
                statement=checked.statement(where, 8),
                docstring=docstring(wrapped(namespace.summary, 8), 8),
            )
        )
    return ClientView(
        name=identifier(name),
        base=bases[0] if bases else scope.use(Name(_CLIENT, base)),
        transport=scope.use(Name(_TRANSPORT, transport)),
        docstring=docstring(_for_async(doc) if is_async else doc, 4),
        adapters=_adapters(settings, checked, is_async=is_async),
        attributes=tuple(attributes),
    )


def _adapters(
    settings: ClientSettings, checked: Scope, *, is_async: bool
) -> tuple[AdapterView, ...]:
    views = []
    for name, adapter in settings.adapters.items():
        library = LIBRARIES[adapter]
        module = f"._runtime.{library.module}"
        views.append(
            AdapterView(
                method=identifier(f"from_{name}"),
                argument=identifier(name),
                owner=checked.use(Name(module, library.owner[is_async])),
                module=fill("._runtime.{}", identifier(library.module)),
                transport=identifier(library.transport[is_async]),
                docstring=docstring(_adapter_doc(name, adapter), 8),
            )
        )
    return tuple(views)


def _adapter_doc(name: str, adapter: str) -> list[str]:
    return [
        f"Give a client over the connections of another one, built on {adapter}.",
        "",
        "Its nodes, TLS and credentials are used. Its connections stay its own to close. A stream",
        "comes in one piece, when it is over.",
        "",
        "Args:",
        f"    {name}: The other client. What is changed there later is not seen here.",
        "    timeout: Seconds for a whole call, or one by one. None: the defaults of `Timeout`.",
        "    max_retries: How often a call that may be repeated is tried again.",
        "    headers: Sent with every request.",
        "",
        "Raises:",
        "    TypeError: It is not such a client, or one of the other kind, sync or async.",
    ]


# --- servers -------------------------------------------------------------------------------------


def default_base_url(servers: Iterable[ir.Server]) -> str | None:
    """Return the first server that has a whole address, with the defaults of its variables."""
    for url in map(_address, servers):
        if re.match(r"https?://[^/{}]+[^{}]*$", url):
            return url
    return None


def _address(server: ir.Server) -> str:
    url = server.url
    for name, default in server.variables.items():
        url = url.replace(f"{{{name}}}", default)
    return url.rstrip("/")


# --- credentials ---------------------------------------------------------------------------------


def credential_arguments(
    schemes: Iterable[ir.SecurityScheme],
) -> list[tuple[ir.SecurityScheme, str]]:
    """Name the argument of each scheme by its kind; two of a kind by the document's names."""
    kinds = [(scheme, _kind(scheme)) for scheme in schemes]
    wanted = [kind for _, kind in kinds]
    return [
        (scheme, kind if wanted.count(kind) == 1 else snake_case(scheme.name))
        for scheme, kind in kinds
    ]


def _kind(scheme: ir.SecurityScheme) -> str:
    match scheme:
        case ir.ApiKeyAuth() | ir.HttpAuth(scheme="apikey"):
            return "api_key"
        case ir.HttpAuth(scheme="basic"):
            return "basic_auth"
        case ir.HttpAuth(scheme="bearer"):
            return "bearer_auth"
        case ir.HttpAuth(scheme=word):
            return snake_case(f"{word}_auth")
        case ir.OAuth2() | ir.OpenIdConnect():
            return "access_token"
        case _:
            assert_never(scheme)


def _annotation(scheme: ir.SecurityScheme, scope: Scope) -> Code:
    secret = scope.use(Name(_AUTH, "SecretValue"))
    match scheme:
        case ir.HttpAuth(scheme="basic"):
            return fill("tuple[str, {}]", secret)
        case _:
            return secret


_SPELLED = {"apikey": "ApiKey", "dpop": "DPoP", "hoba": "HOBA", "gnap": "GNAP", "vapid": "vapid"}
"""Schemes that the registry of IANA does not write like a word."""


def _spread(scheme: ir.SecurityScheme, value: Code) -> Code:
    return fill("*{}", value) if _is_basic(scheme) else value


def _is_basic(scheme: ir.SecurityScheme) -> bool:
    return isinstance(scheme, ir.HttpAuth) and scheme.scheme == "basic"


def _credential(scheme: ir.SecurityScheme, value: Code, scope: Scope) -> Code:
    """Return the expression of the credential that carries a value (for `Basic` a pair)."""
    match scheme:
        case ir.ApiKeyAuth(wire_name=name, place=place):
            arguments = [value, fill("name={}", literal(name))]
            if place is not ir.ParameterPlace.HEADER:
                arguments.append(fill("place={}", literal(place.value)))
            return fill("{}({})", scope.use(Name(_AUTH, "ApiKey")), joined(", ", arguments))
        case ir.HttpAuth(scheme="basic"):
            return fill("{}({})", scope.use(Name(_AUTH, "Basic")), value)
        case ir.HttpAuth(scheme="bearer") | ir.OAuth2() | ir.OpenIdConnect():
            return fill("{}({})", scope.use(Name(_AUTH, "Bearer")), value)
        case ir.HttpAuth(scheme=word):
            prefix = literal(f"{_SPELLED.get(word, word.capitalize())} ")
            return fill("{}({}, prefix={})", scope.use(Name(_AUTH, "ApiKey")), value, prefix)
        case _:
            assert_never(scheme)


def _settings(
    base_url: str | None,
    settings: ClientSettings,
    user_agent: str,
    arguments: Iterable[tuple[ir.SecurityScheme, str]],
    scope: Scope,
) -> tuple[SettingView, ...]:
    found = [SettingView(source("user_agent"), literal(user_agent))]
    if base_url is not None:
        found.append(SettingView(source("base_url"), literal(base_url)))
    if settings.base_url_env is not None:
        found.append(SettingView(source("base_url_variable"), literal(settings.base_url_env)))
    known = [
        _credential(scheme, _references(scheme, variable), scope)
        for scheme, _ in arguments
        if (variable := settings.auth_env.get(scheme.name)) is not None
    ]
    if known:
        found.append(SettingView(source("credentials"), fill("({},)", joined(", ", known))))
    if settings.headers:
        found.append(SettingView(source("headers"), literal(dict(settings.headers))))
    if settings.media_types:
        found.append(SettingView(source("media_types"), literal(dict(settings.media_types))))
    return tuple(found)


def _references(scheme: ir.SecurityScheme, variable: str) -> Code:
    """Return references to environment variables, which the runtime resolves."""
    return joined(", ", [literal(f"env:{name}") for name in credential_variables(scheme, variable)])


def credential_variables(scheme: ir.SecurityScheme, variable: str) -> tuple[str, ...]:
    """Return the environment variables of a scheme for which `variable` is configured."""
    if _is_basic(scheme):
        return (f"{variable}_USERNAME", f"{variable}_PASSWORD")
    return (variable,)


# --- words ---------------------------------------------------------------------------------------


def _class_doc(
    api: ir.Api,
    arguments: Iterable[tuple[ir.SecurityScheme, str]],
    settings: ClientSettings,
    base_url: str | None,
) -> list[str]:
    lines = [f"{api.title.strip().rstrip('.')}.", "", "Args:"]
    entries = [("base_url", _base_url_words(settings, base_url))]
    for scheme, name in arguments:
        words = " ".join((scheme.doc.description or _credential_words(scheme)).split())
        variable = settings.auth_env.get(scheme.name)
        if variable is not None:
            shown = " and ".join(credential_variables(scheme, variable))
            words = f"{words.rstrip('.')}. None: as the environment says, in {shown}."
        entries.append((name, words))
    entries += [
        ("timeout", "Seconds for a whole call, or one by one. None: the defaults of `Timeout`."),
        ("max_retries", "How often a call that may be repeated is tried again."),
        ("headers", "Sent with every request."),
        ("network", "TLS, proxy and limits of the default transport."),
        ("transport", "In place of the default one. It is closed with the client."),
    ]
    for name, words in entries:
        first, *rest = wrapped(f"{name}: {words}", 12)
        lines += [f"    {first}", *(f"        {line}" for line in rest)]
    lines += [
        "",
        "Raises:",
        "    ValueError: No server is known, or an argument makes no sense.",
    ]
    return lines


def _base_url_words(settings: ClientSettings, base_url: str | None) -> str:
    words = "The address of the server."
    variable = settings.base_url_env
    match variable, base_url:
        case None, None:
            return f"{words} The document names none."
        case None, _:
            return f"{words} None: {base_url}."
        case _, None:
            return f"{words} None: as the environment says, in {variable}."
        case _:
            return f"{words} None: as the environment says, in {variable}, else {base_url}."


def _credential_words(scheme: ir.SecurityScheme) -> str:
    match scheme:
        case ir.ApiKeyAuth(wire_name=name, place=place):
            return f"The key that is sent in the {place.value} `{name}`."
        case ir.HttpAuth(scheme="basic"):
            return "User name and password."
        case ir.HttpAuth(scheme="bearer"):
            return "The token of the header `Authorization`."
        case ir.HttpAuth():
            return "What the header `Authorization` holds behind the name of the scheme."
        case ir.OAuth2() | ir.OpenIdConnect():
            return "An access token that was issued before."
        case _:
            assert_never(scheme)


def _for_async(lines: Sequence[str]) -> list[str]:
    return [lines[0], "", "One client belongs to one event loop.", *lines[1:]]
