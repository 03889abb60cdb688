"""Docstrings of methods, in Google's style, in the document's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from oasmith.ir import types as ir
from oasmith.targets.python.docstrings import wrapped
from oasmith.targets.python.signatures import (
    Argument,
    BodyArgument,
    MemberArgument,
    ParameterArgument,
)
from oasmith.text import NO_TEXT, Text

INDENT = 8
"""Columns before the docstring of a method."""

_INVALID = Text("InvalidRequest: An argument is not as the API wants it. Nothing was sent.")
_FAILED = Text("ConnectionFailed: There is no answer, or only a part of one.")
_ODD = Text("InvalidResponse: The answer is not what the API describes.")
_REFUSED = Text("ApiError: The server refuses or fails; there is a class for each status.")


def method_doc(
    operation: ir.Operation,
    arguments: Iterable[Argument],
    responses: Iterable[ir.Response],
    definitions: Mapping[ir.SchemaId, ir.Definition],
    *,
    variant: ir.Record | None = None,
    stream: bool = False,
    opening: Text | None = None,
) -> Text:
    """Return the lines of the docstring.

    `variant` is the option of a union that the method sends; its words follow the operation's.
    `opening` stands in the place of what is said of the operation.
    """
    summary, description = _opening(operation) if opening is None else (opening, NO_TEXT)
    parts = [wrapped(summary, INDENT)]
    if variant is not None and variant.doc.description:
        parts += [NO_TEXT, wrapped(variant.doc.description, INDENT)]
    if description:
        parts += [NO_TEXT, wrapped(description, INDENT)]
    if operation.availability and variant is None and opening is None:
        said = Text.of("Availability: {}.", operation.availability)
        parts += [NO_TEXT, wrapped(said, INDENT)]
    if operation.doc.deprecated:
        parts += [NO_TEXT, Text("Deprecated.")]
    if operation.doc.external:
        parts += [NO_TEXT, Text.of("More: {}", operation.doc.external)]
    args = [entry for argument in arguments if (entry := _argument(argument, definitions))]
    if args:
        parts += [NO_TEXT, Text("Args:"), *map(_entry, args)]
    if returned := _returned(responses, stream):
        parts += [NO_TEXT, Text("Returns:"), _entry(returned, hanging=False)]
    raised = [_INVALID, _refused(operation.errors), _FAILED]
    if stream or opening or any(response.contents for response in responses):
        raised.append(_ODD)
    parts += [NO_TEXT, Text("Raises:"), *map(_entry, raised)]
    return Text.joined("\n", parts)


def _opening(operation: ir.Operation) -> tuple[Text, Text]:
    """Return the first line, and what follows it."""
    doc = operation.doc
    summary = (doc.summary or doc.title or NO_TEXT).line()
    description = (doc.description or NO_TEXT).strip()
    if not summary:
        summary, description = description.opening()
        path = operation.routes[0].path
        return summary or Text.of("Call {} {}.", operation.method, path), description
    if description.without_stop() == summary.without_stop():
        description = NO_TEXT
    return summary.sentence(), description


def _argument(argument: Argument, definitions: Mapping[ir.SchemaId, ir.Definition]) -> Text | None:
    match argument:
        case ParameterArgument(parameter=parameter):
            text = _said(parameter.doc, argument.type, definitions)
            presence = parameter.presence
        case MemberArgument(field=field):
            text = _said(field.doc, field.type, definitions)
            presence = field.presence
        case BodyArgument(body=body):
            text = _said(body.doc, argument.type, definitions)
            presence = ir.Optional()
    if isinstance(presence, ir.Default):
        value = presence.value
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        text = Text.of("{} Where it is not given, the server takes `{}`.", text, shown).strip()
    return Text.of("{}: {}", argument.name, text) if text else None


def _said(doc: ir.Doc, use: ir.Use, definitions: Mapping[ir.SchemaId, ir.Definition]) -> Text:
    text = doc.description or doc.title
    if text is None and isinstance(use, ir.Ref):
        text = definitions[use.target].doc.description
    pieces = [piece.strip() for piece in (text or NO_TEXT).pieces("\n\n")]
    said = Text.joined("\n\n", filter(None, pieces)).ended()
    return Text.of("Deprecated. {}", said).strip() if doc.deprecated else said


def _returned(responses: Iterable[ir.Response], stream: bool) -> Text:
    texts = dict.fromkeys(
        response.doc.description.line() for response in responses if response.doc.description
    )
    said = Text.joined(" ", [text.sentence() for text in texts if text])
    return Text.of("{} A `with` statement opens the stream.", said).strip() if stream else said


def _refused(errors: Iterable[ir.Response]) -> Text:
    known = [
        Text.of("{}: {}", response.status, response.doc.description.line()).sentence()
        for response in errors
        if response.doc.description and response.status != "default"
    ]
    return Text.joined("\n", [_REFUSED, *known])


@lru_cache(maxsize=4096)
def _entry(text: Text, *, hanging: bool = True) -> Text:
    """Return one entry of a section; its further lines are indented more."""
    lines = Text.joined("\n", [wrapped(piece, INDENT + 8) for piece in text.pieces("\n")])
    return lines.indented("    ", "        " if hanging else "    ")
