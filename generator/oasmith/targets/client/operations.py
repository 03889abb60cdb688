"""The planning of the client: which classes of operations there are, with which methods."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from oasmith.config import Config, OperationSettings
from oasmith.diagnostics import Diagnostics, working_on
from oasmith.frozen import frozen
from oasmith.ir import types as ir
from oasmith.source import Location
from oasmith.targets.client.descriptors import (
    Constant,
    Descriptor,
    DescriptorPlanner,
)
from oasmith.targets.client.drafts import Draft, drafts, for_variant, variants
from oasmith.targets.client.method_docs import method_doc
from oasmith.targets.client.methods import CLIENT_ATTRIBUTES, method_names, namespace_name
from oasmith.targets.client.pagination import Paginator
from oasmith.targets.client.routes import Routes
from oasmith.targets.client.text_values import TextValues
from oasmith.targets.python.annotations import Annotator
from oasmith.targets.python.code import (
    Code,
    docstring,
    fill,
    identifier,
    joined,
    literal,
    renamed,
    source,
    union,
)
from oasmith.targets.python.docstrings import words_of, wrapped
from oasmith.targets.python.faces import Face, Layout, Model
from oasmith.targets.python.imports import Import, Name
from oasmith.targets.python.media_types import received
from oasmith.targets.python.naming import ANNOTATION_BUILTINS, class_name
from oasmith.targets.python.narrowings import check_narrowings, narrowed_types
from oasmith.targets.python.scopes import PublicScope
from oasmith.targets.python.signatures import (
    Argument,
    BodyArgument,
    MemberArgument,
    ParameterArgument,
    Signature,
    signature,
)
from oasmith.text import NO_TEXT, Text

ROOT = "_operations"
"""The module of operations without a tag; no tag gives such a name."""


@frozen
class ArgumentView:
    name: Code
    annotation: Code
    is_optional: bool


@frozen
class SignatureView:
    positional: tuple[ArgumentView, ...]
    keywords: tuple[ArgumentView, ...]
    result: Code
    is_overload: bool


@frozen
class MethodView:
    """One method. `parameters` and `body` are the expressions that it hands to the runtime."""

    name: Code
    constant: Code
    signatures: tuple[SignatureView, ...]
    """The overloads, then that of the method itself."""
    docstring: Code
    parameters: Code
    body: Code | None
    is_stream: bool
    pages: Code | None
    """How the pages follow each other, where the method goes through all of them."""
    deprecated: Code | None
    """The message of the warning."""


@frozen
class Names:
    """What a module calls the things that its template itself writes."""

    base: Code
    """The client of the runtime."""
    overload: Code | None
    deprecated: Code | None
    stream: Code | None
    iterator: Code | None


@frozen
class ModuleView:
    """A module of operations, for one of the two clients. `name` is that of the class."""

    name: Code
    imports: tuple[tuple[Import, ...], ...]
    names: Names


@frozen
class NamespaceView:
    """The operations of one tag, or, `is_root`, those without any, which the client has itself.

    `at` is the place of the first of them in the document.
    """

    at: Location
    attribute: str
    """Of the client; also the name of the module."""
    summary: Text
    docstring: Code
    module_docstring: Code
    is_root: bool
    client: Code
    """The expression of the client, in a method."""
    sync: ModuleView
    aio: ModuleView
    constants: tuple[Constant, ...]
    descriptors: tuple[Descriptor, ...]
    methods: tuple[MethodView, ...]


@frozen
class PlannedMethod:
    """A method as the docs and the samples know it; `path` leads to it from the client."""

    operation: ir.Operation
    path: str
    signature: Signature
    is_stream: bool
    variant: ir.SchemaId | None = None
    """The option of the body that the method is for."""


@frozen
class Operations:
    """All operations as Python."""

    namespaces: tuple[NamespaceView, ...]
    methods: tuple[PlannedMethod, ...]


def plan_operations(
    api: ir.Api, layout: Layout, config: Config, diagnostics: Diagnostics
) -> Operations:
    """Plan the methods of the client.

    Reports `duplicate-name` for operations whose methods nothing tells apart.
    """
    by_namespace: defaultdict[str | None, list[ir.Operation]] = defaultdict(list)
    for operation in api.operations:
        by_namespace[_home(operation, config)].append(operation)
    paginator = Paginator(layout, config, diagnostics)
    routes = Routes(api)
    check_narrowings(api, diagnostics)
    tags = {namespace_name(tag.name): tag for tag in reversed(api.tags)}
    attributes = frozenset(name for name in by_namespace if name is not None)
    text_values = TextValues(
        layout.definitions, {name: setting.units for name, setting in config.durations.items()}
    )
    namespaces = []
    methods: list[PlannedMethod] = []
    for name, operations in by_namespace.items():
        drafted = _drafted(
            operations,
            layout,
            config,
            diagnostics,
            CLIENT_ATTRIBUTES | attributes if name is None else frozenset(),
        )
        planner = _NamespacePlanner(
            api, layout, text_values, name, drafted, paginator, routes, diagnostics
        )
        namespaces.append(planner.plan(tags.get(name) if name else None))
        methods += planner.planned
    paginator.report_unused()
    return Operations(namespaces=tuple(namespaces), methods=tuple(methods))


def _pin(operation: ir.Operation, config: Config) -> str | None:
    settings = config.operations.get(operation.id)
    return None if settings is None else settings.name


def _home(operation: ir.Operation, config: Config) -> str | None:
    """Return the namespace of an operation: as it is pinned, else that of its tag."""
    pin, tag = _pin(operation, config), operation.namespace
    if pin is not None and "." in pin:
        return namespace_name(pin.partition(".")[0])
    return None if tag is None else namespace_name(tag)


def _drafted(
    operations: Sequence[ir.Operation],
    layout: Layout,
    config: Config,
    diagnostics: Diagnostics,
    reserved: frozenset[str],
) -> list[Draft]:
    pinned = {
        operation.id: pin.rpartition(".")[2]
        for operation in operations
        if (pin := _pin(operation, config)) is not None
    }
    names = method_names(
        [operation for operation in operations if operation.id not in pinned],
        reserved | frozenset(pinned.values()),
    )
    names |= pinned
    found: dict[str, Draft] = {}
    for operation in operations:
        settings = config.operations.get(operation.id, OperationSettings())
        made = 0
        for draft in drafts(
            operation, names[operation.id], layout.definitions, split=settings.split
        ):
            made += draft.variant is not None
            other = found.setdefault(draft.name, draft)
            if other is not draft and other.operation is not operation:
                _clash(draft.name, [other.operation, operation], diagnostics)
        if settings.split and not made:
            diagnostics.warning(
                "unmatched",
                settings.at,
                f"`split` changes nothing: the body of `{operation.id}` is no tagged union of "
                "objects",
            )
    return list(found.values())


def _clash(name: str, group: Sequence[ir.Operation], diagnostics: Diagnostics) -> None:
    diagnostics.error(
        "duplicate-name",
        group[0].at,
        f"{len(group)} operations would become the method `{name}`",
        "give them operationIds that differ in more than punctuation",
        related=[("also here", operation.at) for operation in group[1:]],
    )


class _BothScopes:
    """The names of the two modules of a namespace. What both use, both call the same."""

    def __init__(self, module: str, defines: set[str], hidden: set[str]) -> None:
        self.sync = PublicScope(f"sync.{module}", defines=defines, hidden=hidden)
        self.aio = PublicScope(f"aio.{module}", defines=defines, hidden=hidden)
        self._codes: dict[Name, Code] = {}
        self._models: dict[tuple[str, str], Code] = {}

    def use(self, name: Name) -> Code:
        code = self._codes.get(name)
        if code is None:
            self.aio.use(name)
            code = self._codes[name] = self.sync.use(name)
        return code

    def model(self, model: Model, *, as_dict: bool = False) -> Code:
        key = (model.module, model.dict_name if as_dict and model.dict_name else model.name)
        code = self._models.get(key)
        if code is None:
            self.aio.model(model, as_dict=as_dict)
            code = self._models[key] = self.sync.model(model, as_dict=as_dict)
        return code


class _NamespacePlanner:
    """Plans one class of operations. The two clients differ in imports only."""

    def __init__(
        self,
        api: ir.Api,
        layout: Layout,
        text_values: TextValues,
        namespace: str | None,
        drafted: Sequence[Draft],
        paginator: Paginator,
        routes: Routes,
        diagnostics: Diagnostics,
    ) -> None:
        self._layout = layout
        self._paginator = paginator
        self._diagnostics = diagnostics
        self._text_values = text_values
        self._namespace = namespace
        self._drafts = drafted
        self._class = "Operations" if namespace is None else class_name(namespace)
        if self._class in ("Client", "AsyncClient", "SyncClient"):
            self._class = f"{self._class}Operations"
        methods = {draft.name for draft in drafted}
        self._scopes = _BothScopes(
            ROOT if namespace is None else namespace,
            defines={
                self._class,
                f"Async{self._class}",
                *(_constant(name) for name in methods),
            },
            hidden=methods,
        )
        self._hidden_methods = methods
        self._hidden = methods & ANNOTATION_BUILTINS
        self._annotations: dict[tuple[object, Face], Code] = {}
        """Of references and plain scalars, which come again and again."""
        self._annotators = {
            face: Annotator(layout, self._scopes, face, diagnostics) for face in Face
        }
        self._descriptors = DescriptorPlanner(
            self._annotate,
            self._scopes.use,
            text_values,
            frozenset(scheme.name for scheme in api.security),
            routes,
        )
        self.planned: list[PlannedMethod] = []

    def plan(self, tag: ir.Tag | None) -> NamespaceView:
        """Plan the class; `tag` is what the document says of it."""
        self._scopes.use(Name("__future__", "annotations"))
        descriptors = []
        methods = []
        for draft in self._drafts:
            with working_on(draft.operation.at):
                descriptor, method = self._method(draft)
                descriptors.append(descriptor)
                methods.append(method)
                if (pages := self._pages(draft, method)) is not None:
                    methods.append(pages)
        about = self._about(tag)
        said = (words_of(tag.doc) if tag is not None else NO_TEXT) or about
        return NamespaceView(
            at=self._drafts[0].operation.at,
            attribute=self._namespace or ROOT,
            summary=said,
            docstring=docstring(wrapped(said, 4), 4),
            module_docstring=docstring(about, 0),
            is_root=self._namespace is None,
            client=source("self") if self._namespace is None else source("self._client"),
            sync=self._module(self._scopes.sync, methods),
            aio=self._module(self._scopes.aio, methods),
            constants=tuple(self._descriptors.constants.values()),
            descriptors=tuple(descriptors),
            methods=tuple(methods),
        )

    def _about(self, tag: ir.Tag | None) -> Text:
        if self._namespace is None:
            return Text("Operations without a tag.")
        name = self._drafts[0].operation.namespace if tag is None else tag.name
        return Text.of("Operations of the tag {}.", name or "")

    def _annotate(self, use: ir.Use, face: Face) -> Code:
        match use:
            case ir.Ref(target=target):
                key: tuple[object, Face] = (target, face)
            case ir.Scalar(kind=kind, bounds=None):
                key = (kind, face)
            case _:
                return self._annotators[face].annotate(use)
        code = self._annotations.get(key)
        if code is None:
            code = self._annotations[key] = self._annotators[face].annotate(use)
        return code

    def _module(self, scope: PublicScope, methods: Sequence[MethodView]) -> ModuleView:
        is_sync = scope is self._scopes.sync
        half = f"._runtime.{'sync' if is_sync else 'aio'}"
        use = scope.use
        names = Names(
            base=use(Name(f"{half}.client", "SyncClient" if is_sync else "AsyncClient")),
            overload=use(_OVERLOAD) if any(len(m.signatures) > 1 for m in methods) else None,
            deprecated=use(_DEPRECATED) if any(m.deprecated for m in methods) else None,
            stream=use(Name(f"{half}.streams", "EventStream" if is_sync else "AsyncEventStream"))
            if any(m.is_stream for m in methods)
            else None,
            iterator=use(Name("collections.abc", "Iterator" if is_sync else "AsyncIterator"))
            if any(m.pages for m in methods)
            else None,
        )
        return ModuleView(
            name=identifier(self._class if is_sync else f"Async{self._class}"),
            imports=scope.imports(),
            names=names,
        )

    # --- one method ----------------------------------------------------------------------------

    def _method(self, draft: Draft) -> tuple[Descriptor, MethodView]:
        signed = self._signature(draft)
        result = self._result(draft.responses)
        options = self._options(draft)
        constant = identifier(_constant(draft.name))
        descriptor = self._descriptors.plan(
            constant,
            draft.operation,
            signed,
            draft.content,
            draft.responses,
            result,
        )
        self._plan(draft, draft.name, signed)
        doc = method_doc(
            draft.operation,
            signed.arguments,
            draft.responses,
            self._layout.definitions,
            variant=draft.variant,
            stream=draft.is_stream,
        )
        signatures = [self._view(signed, result, is_overload=False)]
        if len(options) > 1 and any(narrowed_types(record) for _, record in options):
            signatures[:0] = [
                self._view(
                    self._signature(option), self._result(option.responses), is_overload=True
                )
                for option, _ in options
            ]
        return descriptor, MethodView(
            name=identifier(draft.name),
            constant=constant,
            signatures=tuple(signatures),
            docstring=docstring(doc, 8),
            parameters=_mapping((a.name, _identifier(a.name)) for a in signed.parameters),
            body=_body(draft, signed),
            is_stream=draft.is_stream,
            pages=None,
            deprecated=literal(f"{draft.operation.id} is deprecated")
            if draft.operation.doc.deprecated
            else None,
        )

    def _plan(self, draft: Draft, name: str, signed: Signature) -> None:
        self.planned.append(
            PlannedMethod(
                operation=draft.operation,
                path=f"{self._namespace}.{name}" if self._namespace else name,
                signature=signed,
                is_stream=draft.is_stream,
                variant=draft.variant.id if draft.variant else None,
            )
        )

    def _pages(self, draft: Draft, method: MethodView) -> MethodView | None:
        """Return the method that goes through all pages of another one."""
        if draft.is_stream:
            return None
        signed = self._signature(draft)
        plan = self._paginator.of(draft, signed)
        name = f"{draft.name.rstrip('_')}_iter"
        if plan is None:
            return None
        if name in self._hidden_methods:
            self._diagnostics.warning(
                "duplicate-name",
                draft.operation.at,
                f"there is a method `{name}` already: none goes through the pages",
            )
            return None
        words = Text.of(
            "Go through the items of all pages of `{}`, read as they are needed.", draft.name
        )
        doc = method_doc(
            draft.operation, signed.arguments, (), self._layout.definitions, opening=words
        )
        item = self._annotate(plan.item, Face.RESPONSE)
        self._plan(draft, name, signed)
        return replace(
            method,
            name=identifier(name),
            signatures=(self._view(signed, item, is_overload=False),),
            docstring=docstring(doc, 8),
            pages=plan.code(self._scopes.use),
        )

    def _signature(self, draft: Draft) -> Signature:
        return signature(
            draft.operation, draft.content, draft.flattened, draft.narrowed(), self._layout
        )

    def _options(self, draft: Draft) -> list[tuple[Draft, ir.Record]]:
        """Return a method for each option of a body that is a union of records."""
        if draft.content is None or draft.flattened is not None:
            return []
        definitions = self._layout.definitions
        return [
            (for_variant(draft, option, record, definitions), record)
            for option, record, _ in variants(draft.content.type, definitions)
        ]

    def _view(self, signed: Signature, result: Code, *, is_overload: bool) -> SignatureView:
        return SignatureView(
            positional=tuple(self._argument(argument) for argument in signed.positional),
            keywords=tuple(self._argument(argument) for argument in signed.keywords),
            result=self._in_class(result),
            is_overload=is_overload,
        )

    def _argument(self, argument: Argument) -> ArgumentView:
        match argument:
            case ParameterArgument(type=use):
                annotation = self._text_values.annotation(
                    use, lambda each: self._annotate(each, Face.INPUT), self._scopes.use
                )
            case MemberArgument(field=field):
                annotation = self._annotate(field.type, Face.INPUT)
            case BodyArgument(type=use):
                annotation = self._annotate(use, Face.INPUT)
        return ArgumentView(
            name=_identifier(argument.name),
            annotation=self._in_class(
                annotation if argument.required else union([annotation, _NONE])
            ),
            is_optional=not argument.required,
        )

    def _result(self, responses: Iterable[ir.Response]) -> Code:
        """Return the annotation of what a call answers: one of the documented successes."""
        found: dict[Code, None] = {}
        for response in responses:
            if not response.contents:
                found[_NONE] = None
            for content in response.contents:
                use = received(content)
                if use is None:
                    found[_BYTES] = None
                else:
                    found[self._annotate(use, Face.RESPONSE)] = None
        return union(found) if found else _NONE

    def _in_class(self, annotation: Code) -> Code:
        """Write builtins in full where methods are called like them (`list`)."""
        for name in sorted(self._hidden):
            if name in str(annotation):
                builtin = self._scopes.use(Name("builtins", name))
                annotation = renamed(annotation, name, builtin)
        return annotation


_identifier = lru_cache(maxsize=4096)(identifier)
_BYTES = source("bytes")
_NONE = source("None")
_OVERLOAD = Name("typing", "overload")
_DEPRECATED = Name("typing_extensions", "deprecated")


def _constant(method: str) -> str:
    # The capital of a letter may be two characters that are one by NFKC, as Python compares them.
    return unicodedata.normalize("NFKC", f"_{method.upper()}")


def _body(draft: Draft, signed: Signature) -> Code | None:
    """Return the expression of the body, in the order of the record's fields."""
    if signed.body is not None:
        return identifier(signed.body.name)
    if draft.flattened is None:
        return None
    members = {member.field.wire_name: _identifier(member.name) for member in signed.members}
    members |= {name: literal(value) for name, value in signed.constants}
    order = [field.wire_name for field in draft.flattened.fields]
    return _mapping((name, members[name]) for name in order if name in members)


def _mapping(members: Iterable[tuple[str, Code]]) -> Code:
    pairs = [fill("{}: {}", literal(name), value) for name, value in members]
    return fill("{{{}}}", joined(", ", pairs))
