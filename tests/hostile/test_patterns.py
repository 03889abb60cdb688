"""Patterns with which an engine that backtracks would never end, wherever a pattern can stand."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from hostile.running import generate, imported

BRANCHES = "^(?!x)(?:a|a)+$"
"""Two branches that are alike match n letters in 2^n ways; the look-ahead is why it is not run."""
NESTED = "^(a|a)*(a*)*b$"
HUGE = "(a{1000}){1000}"
LONG = "a" * 60 + "!"


def string(pattern: str, **more: object) -> dict[str, object]:
    return {"type": "string", "pattern": pattern, **more}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [
        {
            "url": "https://{region}.x.example",
            "variables": {"region": {"default": LONG, "enum": [LONG, "b"]}},
        }
    ],
    "paths": {
        "/a/{p}": {
            "post": {
                "operationId": "send",
                "parameters": [
                    {"name": "p", "in": "path", "required": True, "schema": string(BRANCHES)},
                    {"name": "q", "in": "query", "schema": string(NESTED, default=LONG)},
                    {"name": "a" * 60 + "b", "in": "query", "schema": string("^my-(?!x)(?:a|a)+$")},
                    {"name": "h", "in": "header", "schema": string(HUGE), "example": LONG},
                    {"name": "c", "in": "cookie", "schema": string(r"^(a|a)*\1$", examples=[LONG])},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Thing"},
                            "example": {
                                LONG: 1,
                                "names": {LONG: 1},
                                "keys": {LONG: 1},
                                "texts": [LONG, "a" * 2_000_000 + "!"],
                            },
                        }
                    }
                },
                "responses": {"200": {"description": ""}},
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "x-parameters": {"q": string(BRANCHES)},
                "properties": {
                    "names": {"type": "object", "propertyNames": {"pattern": BRANCHES}},
                    "keys": {
                        "type": "object",
                        "patternProperties": {BRANCHES: {}, NESTED: {}},
                        "additionalProperties": False,
                    },
                    "texts": {
                        "type": "array",
                        "items": {
                            "anyOf": [string("^([ab]{0,45}){45}[c-z]{2}$"), string(NESTED)],
                        },
                    },
                    "both": {"allOf": [string(NESTED), string(BRANCHES), string("^a")]},
                },
                "patternProperties": {HUGE: {"type": "integer"}},
                "unevaluatedProperties": False,
                "if": {"properties": {"names": {"propertyNames": {"pattern": BRANCHES}}}},
                "then": {"properties": {"both": {"pattern": BRANCHES}}},
            }
        }
    },
}

CALL = f"""
import sys, made
client = made.Client("http://127.0.0.1:1", max_retries=0)
for arguments in (
    {{"q": {LONG!r}}},
    {{"body": {{"both": {LONG!r}}}}},
    {{"body": {{"keys": {{{LONG!r}: 1}}}}}},
    {{"body": {{"texts": [{LONG!r}]}}}},
):
    try:
        client.send({LONG!r}, **arguments)
    except made.InvalidRequest:
        print("refused")
    except made.ConnectionFailed:
        print("sent")
"""


def test_patterns_never_keep_anyone_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.process_time()
    run = generate(tmp_path, DOCUMENT, monkeypatch, capsys, "--verbose")
    assert (run.code, imported(run)) == (0, [])
    assert run.err.count("[pattern-not-checked]") == 9
    call = subprocess.run(
        [sys.executable, "-c", CALL],
        env={"PYTHONPATH": str(run.source)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    # What is checked is refused; what no pattern can be run on goes to the server.
    assert call.stdout.split() == ["refused", "refused", "sent", "refused"]
    assert time.process_time() - started < 20
