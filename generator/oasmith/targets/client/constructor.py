"""The planning of the two client classes: how they are made, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.targets.client.adapters import LIBRARIES
from oasmith.targets.client.operations import NamespaceView
from oasmith.targets.client.settings import ClientSettings
from oasmith.targets.python.client_arguments import (
    address,
    client_variables,
    credential_arguments,
    credential_variables,
    default_server,
    is_basic,
    server_variables,
)
from oasmith.targets.python.code import Code, docstring, fill, identifier, joined, literal, source
from oasmith.targets.python.docstrings import wrapped
from oasmith.targets.python.imports import Import, Name, Scope
from oasmith.text import NO_TEXT, Text

_AUTH = "._runtime.auth"
_TRANSPORT = "._runtime.transport"


@frozen
class CredentialView:
    """An argument of the constructor. `credential` makes of it what the runtime sends."""

    name: Code
    annotation: Code
    credential: Code


@frozen(kw_only=False)
class SettingView:
    """A keyword argument of the settings."""

    name: Code
    value: Code


@frozen
class AttributeView:
    """A namespace of a client: an attribute that imports its class when it is first asked for."""

    name: Code
    type: Code
    statement: Code
    """What imports the class."""
    docstring: Code


@frozen
class AdapterView:
    """A constructor that takes an object of some library and sends over its connections."""

    method: Code
    argument: Code
    owner: Code
    module: Code
    transport: Code
    docstring: Code


@frozen
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


@frozen
class ClientModuleView:
    """The module `_client`."""

    imports: tuple[tuple[Import, ...], ...]
    checked_imports: tuple[Code, ...]
    """What only type checkers import."""
    names: ClientNames
    settings: tuple[SettingView, ...]
    credentials: tuple[CredentialView, ...]
    variables: tuple[VariableView, ...]
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
            credential=_credential(scheme, _spread(scheme, identifier(name)), scope, given=True),
        )
        for scheme, name in arguments
    )
    server = default_server(api.servers)
    base_url = None if server is None else address(server)
    variables = server_variables(server, [name for _, name in arguments])
    has_lazy = any(not namespace.is_root for namespace in namespaces)
    opening = Text.of("{}.", api.title.strip().without_stop())
    doc = _arguments_doc(api, arguments, variables, settings, base_url)
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
        settings=_settings(
            server.url.rstrip("/") if server is not None and variables else base_url,
            settings,
            user_agent,
            arguments,
            scope,
        ),
        credentials=credentials,
        variables=tuple(_variable(*each, scope) for each in variables),
        clients=(
            _client("Client", namespaces, settings, [opening, doc], scope, checked),
            _client("AsyncClient", namespaces, settings, [opening, _ONE_LOOP, doc], scope, checked),
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
    doc: Sequence[Text],
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
        base=bases[0] if bases else scope.use(Name(f"._runtime.{color}.client", base)),
        transport=scope.use(Name(_TRANSPORT, transport)),
        docstring=docstring(Text.joined("\n\n", doc), 4),
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
                docstring=docstring(Text.of(_ADAPTER_DOC, adapter, name), 8),
            )
        )
    return tuple(views)


_ADAPTER_DOC = """\
Give a client over the connections of another one, built on {}.

Its nodes, TLS and credentials are used. Its connections stay its own to close. A stream
comes in one piece, when it is over.

Args:
    {}: The other client. What is changed there later is not seen here.
    timeout: Seconds for a whole call, or one by one. None: the defaults of `Timeout`.
    max_retries: How often a call that may be repeated is tried again.
    headers: Sent with every request.

Raises:
    TypeError: It is not such a client, or one of the other kind, sync or async."""


@frozen
class VariableView:
    """An argument of the constructor that is a part of the server's address."""

    name: Code
    key: Code
    annotation: Code
    default: Code


def _variable(wire_name: str, name: str, variable: ir.ServerVariable, scope: Scope) -> VariableView:
    values = dict.fromkeys((variable.default, *variable.values)) if variable.values else ()
    return VariableView(
        name=identifier(name),
        key=literal(wire_name),
        annotation=fill(
            "{}[{}]",
            scope.use(Name("typing", "Literal")),
            joined(", ", [literal(value) for value in values]),
        )
        if values
        else source("str"),
        default=literal(variable.default),
    )


def _annotation(scheme: ir.SecurityScheme, scope: Scope) -> Code:
    secret = scope.use(Name(_AUTH, "SecretValue"))
    match scheme:
        case ir.HttpAuth(scheme="basic"):
            return fill("tuple[str, {}]", secret)
        case ir.OAuth2(token_url=str()):
            return fill("{} | {}", secret, scope.use(Name(_AUTH, "ClientCredentials")))
        case _:
            return secret


_SPELLED = {"apikey": "ApiKey", "dpop": "DPoP", "hoba": "HOBA", "gnap": "GNAP", "vapid": "vapid"}
"""Schemes that the registry of IANA does not write like a word."""


def _spread(scheme: ir.SecurityScheme, value: Code) -> Code:
    return fill("*{}", value) if is_basic(scheme) else value


def _credential(
    scheme: ir.SecurityScheme, value: Code, scope: Scope, *, given: bool = False
) -> Code:
    """Return the expression of the credential that carries a value (for `Basic` a pair).

    `given`: the value is the argument of the constructor, which may also be what gets a token.
    """
    arguments = [value]
    match scheme:
        case ir.ApiKeyAuth(wire_name=name, place=place):
            kind = "ApiKey"
            arguments.append(fill("name={}", literal(name)))
            if place != "header":
                arguments.append(fill("place={}", literal(place)))
        case ir.HttpAuth(scheme="basic"):
            kind = "Basic"
        case ir.OAuth2(token_url=str(url)) if given:
            kind = "of_oauth2"
            arguments.append(literal(url))
        case ir.HttpAuth(scheme="bearer") | ir.OAuth2() | ir.OpenIdConnect():
            kind = "Bearer"
        case ir.HttpAuth(scheme=word):
            kind = "ApiKey"
            arguments.append(
                fill("prefix={}", literal(f"{_SPELLED.get(word, word.capitalize())} "))
            )
        case _:
            assert_never(scheme)
    arguments.append(fill("scheme={}", literal(scheme.name)))
    return fill("{}({})", scope.use(Name(_AUTH, kind)), joined(", ", arguments))


def _from_environment(scheme: ir.SecurityScheme, variable: str, scope: Scope) -> Iterator[Code]:
    """Yield the credentials that the variables of a scheme may give."""
    yield _credential(scheme, _references(scheme, variable), scope)
    match scheme:
        case ir.OAuth2(token_url=str(url)):
            pair = [literal(f"env:{name}") for name in client_variables(variable)]
            yield fill(
                "{}({}, {}, scheme={})",
                scope.use(Name(_AUTH, "ClientCredentials")),
                joined(", ", pair),
                literal(url),
                literal(scheme.name),
            )
        case _:
            pass


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
        credential
        for scheme, _ in arguments
        if (variable := settings.auth_env.get(scheme.name)) is not None
        for credential in _from_environment(scheme, variable, scope)
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


# --- words ---------------------------------------------------------------------------------------


_ONE_LOOP = Text("One client belongs to one event loop.")


def _arguments_doc(
    api: ir.Api,
    arguments: Iterable[tuple[ir.SecurityScheme, str]],
    variables: Iterable[tuple[str, str, ir.ServerVariable]],
    settings: ClientSettings,
    base_url: str | None,
) -> Text:
    entries = [("base_url", _base_url_words(settings, api.servers, base_url))]
    for scheme, name in arguments:
        words = (scheme.doc.description or Text(_credential_words(scheme))).line()
        variable = settings.auth_env.get(scheme.name)
        if variable is not None:
            shown = " and ".join(credential_variables(scheme, variable))
            if isinstance(scheme, ir.OAuth2) and scheme.token_url is not None:
                shown += f", or in {' and '.join(client_variables(variable))}"
            words = Text.of(
                "{}. None: as the environment says, in {}.", words.without_stop(), shown
            )
        if isinstance(scheme, ir.OAuth2) and scheme.token_url is not None:
            words = Text.of("{} `ClientCredentials` get such tokens and renew them.", words)
        entries.append((name, words))
    for wire_name, name, part in variables:
        said = (part.doc.description or NO_TEXT).line()
        place = Text.of("`{{{}}}` in the address of the server. {}", wire_name, said)
        entries.append((name, place.strip()))
    entries += [(name, Text(words)) for name, words in _OTHER_ARGUMENTS]
    lines = [
        wrapped(Text.of("{}: {}", name, words), 12).indented("    ", "        ")
        for name, words in entries
    ]
    return Text.joined("\n", [Text("Args:"), *lines, _NO_SERVER])


_NO_SERVER = Text("\nRaises:\n    ValueError: No server is known, or an argument makes no sense.")
_OTHER_ARGUMENTS = (
    ("timeout", "Seconds for a whole call, or one by one. None: the defaults of `Timeout`."),
    ("max_retries", "How often a call that may be repeated is tried again."),
    ("headers", "Sent with every request."),
    ("network", "TLS, proxy and limits of the default transport."),
    ("transport", "In place of the default one. It is closed with the client."),
)


def _base_url_words(
    settings: ClientSettings, servers: Sequence[ir.Server], base_url: str | None
) -> Text:
    words = Text("The address of the server.")
    for server in servers:
        url, said = address(server), (server.doc.description or NO_TEXT).line()
        if url.startswith("/"):
            words = Text.of("{} The document says that the API lies below {} there.", words, url)
        elif url and url != base_url and server.url != "/":
            remark = Text.of(" ({})", said) if said else said
            words = Text.of("{} Also known: {}{}.", words, url, remark)
    variable = settings.base_url_env
    if variable is None and base_url is None:
        return Text.of("{} The document names none.", words)
    if variable is not None:
        variable = f"as the environment says, in {variable}"
    return Text.of("{} None: {}.", words, ", else ".join(filter(None, (variable, base_url))))


def _credential_words(scheme: ir.SecurityScheme) -> str:
    match scheme:
        case ir.ApiKeyAuth(wire_name=name, place=place):
            return f"The key that is sent in the {place} `{name}`."
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
