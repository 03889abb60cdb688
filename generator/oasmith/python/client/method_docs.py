"""Docstrings of methods, in Google's style, in the document's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from oasmith.ir import types as ir
from oasmith.python.client.signatures import (
    Argument,
    BodyArgument,
    MemberArgument,
    ParameterArgument,
)
from oasmith.python.docstrings import wrapped

INDENT = 8
"""Columns before the docstring of a method."""

_INVALID = "InvalidRequest: An argument is not as the API wants it. Nothing was sent."
_FAILED = "ConnectionFailed: There is no answer, or only a part of one."
_ODD = "InvalidResponse: The answer is not what the API describes."


def method_doc(
    operation: ir.Operation,
    arguments: Iterable[Argument],
    responses: Iterable[ir.Response],
    definitions: Mapping[ir.SchemaId, ir.Definition],
    *,
    variant: ir.Record | None = None,
    stream: bool = False,
    opening: str | None = None,
) -> list[str]:
    """Return the lines of the docstring.

    `variant` is the option of a union that the method sends; its words follow the operation's.
    `opening` stands in the place of what is said of the operation.
    """
    summary, description = _opening(operation) if opening is None else (opening, "")
    lines = wrapped(summary, INDENT)
    if variant is not None and variant.doc.description:
        lines += ["", *wrapped(variant.doc.description, INDENT)]
    if description:
        lines += ["", *wrapped(description, INDENT)]
    if operation.doc.deprecated:
        lines += ["", "Deprecated."]
    if operation.doc.external:
        lines += ["", f"More: {operation.doc.external}"]
    args = [entry for argument in arguments if (entry := _argument(argument, definitions))]
    if args:
        lines += ["", "Args:", *(line for entry in args for line in _entry(entry))]
    if returned := _returned(responses, stream):
        lines += ["", "Returns:", *_entry(returned, hanging=False)]
    raised = [_INVALID, _refused(operation.errors), _FAILED]
    if stream or opening or any(response.contents for response in responses):
        raised.append(_ODD)
    lines += ["", "Raises:", *(line for entry in raised for line in _entry(entry))]
    return lines


def _opening(operation: ir.Operation) -> tuple[str, str]:
    """Return the first line, and what follows it."""
    doc = operation.doc
    summary = " ".join((doc.summary or doc.title or "").split())
    description = (doc.description or "").strip()
    if not summary:
        summary, _, description = description.partition("\n\n")
        return summary or f"Call {operation.method} {operation.routes[0].path}.", description
    if description.rstrip(".") == summary.rstrip("."):
        description = ""
    return summary if summary[-1] in ".!?" else f"{summary}.", description.strip()


def _argument(argument: Argument, definitions: Mapping[ir.SchemaId, ir.Definition]) -> str | None:
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
        text = f"{text} Where it is not given, the server takes `{shown}`.".strip()
    return f"{argument.name}: {text}" if text else None


def _said(doc: ir.Doc, use: ir.Use, definitions: Mapping[ir.SchemaId, ir.Definition]) -> str:
    text = doc.description or doc.title
    if text is None and isinstance(use, ir.Ref):
        text = definitions[use.target].doc.description
    said = "\n\n".join(part.strip() for part in (text or "").split("\n\n") if part.strip())
    if said and said[-1].isalnum():
        said += "."
    return f"Deprecated. {said}".strip() if doc.deprecated else said


def _returned(responses: Iterable[ir.Response], stream: bool) -> str:
    texts = dict.fromkeys(
        " ".join(response.doc.description.split())
        for response in responses
        if response.doc.description
    )
    said = " ".join(text if text[-1] in ".!?" else f"{text}." for text in texts if text)
    return f"{said} A `with` statement opens the stream.".strip() if stream else said


def _refused(errors: Iterable[ir.Response]) -> str:
    known = [
        f"{response.status}: {' '.join(response.doc.description.split())}"
        for response in errors
        if response.doc.description and response.status != "default"
    ]
    text = "ApiError: The server refuses or fails; there is a class for each status."
    for line in known:
        text += f"\n{line if line[-1] in '.!?' else line + '.'}"
    return text


@lru_cache(maxsize=4096)
def _entry(text: str, *, hanging: bool = True) -> tuple[str, ...]:
    """Return one entry of a section; its further lines are indented more."""
    lines = [line for piece in text.split("\n") for line in wrapped(piece, INDENT + 8) or [""]]
    further = "        " if hanging else "    "
    return tuple(
        f"{further if number else '    '}{line}" if line else ""
        for number, line in enumerate(lines)
    )
