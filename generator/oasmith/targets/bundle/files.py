"""The document in one file, with the samples of each operation.

Programs that show documents know samples by `x-codeSamples` (Redoc, Scalar and others): a list of
`lang`, `label` and `source` in each operation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from oasmith.ir.types import Json
from oasmith.targets.bundle.plan import Sample, Samples
from oasmith.targets.contract import File

_LANGUAGES = {"bash": "Shell", "python": "Python", "text": "HTTP"}
"""What programs that show documents call the languages of code blocks."""
_KEY = "x-codeSamples"
_DELICATE = re.compile("<(?=[/!sS])|[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What would end or confuse a `<script>` that somebody puts the document into (HTML, "Restrictions
for contents of script elements"), and what turns text around.
"""
_DEPTHS = {"paths": 1, "webhooks": 1, "components": 2}
"""How many levels of a member have a line for each of their own members."""


def emit_bundle(document: Mapping[str, Json], samples: Samples) -> File:
    """Give the document, which is in one piece, as a file."""
    paths = document.get("paths")
    if isinstance(paths, dict):
        with_samples = {path: _path_item(item, path, samples) for path, item in paths.items()}
        document = {**document, "paths": with_samples}
    lines = (
        f" {_text(key)}: {_laid_out(value, _DEPTHS.get(key, 0), 2)}"
        for key, value in document.items()
    )
    return File("openapi.bundled.json", "{\n" + ",\n".join(lines) + "\n}\n")


def _path_item(item: Json, path: str, samples: Samples) -> Json:
    if not isinstance(item, dict):
        return item
    made = dict(item)
    for key, operation in item.items():
        own = samples.get((key.upper(), path))
        if own and isinstance(operation, dict):
            made[key] = {**operation, _KEY: [*map(_sample, own)]}
    return made


def _sample(sample: Sample) -> Json:
    lang = _LANGUAGES[sample.language]
    return {"lang": lang, "label": sample.title, "source": sample.source}


def _laid_out(value: Json, depth: int, indent: int) -> str:
    """Return JSON with a line for each path and component: differences are small, writing fast."""
    if depth == 0 or not isinstance(value, dict) or not value:
        return _text(value)
    margin = " " * indent
    lines = (
        f"{margin}{_text(key)}: {_laid_out(child, depth - 1, indent + 1)}"
        for key, child in value.items()
    )
    return "{\n" + ",\n".join(lines) + f"\n{margin[1:]}}}"


def _text(value: Json) -> str:
    return _DELICATE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
