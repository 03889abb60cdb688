"""Names that clash with Python, pydantic, file systems or each other: none is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hostile.running import Run, generate, imported

PYTHON = ["class", "match", "type", "_", "case", "None", "True", "async", "await", "yield", "self"]
BUILTINS = ["list", "dict", "str", "int", "object", "print", "id", "cls", "mro", "super", "bytes"]
PYDANTIC = ["model_config", "copy", "json", "schema", "validate", "model_dump", "model_x", "root"]
DUNDERS = ["__init__", "__class__", "__dict__", "__slots__", "__pydantic_validator__", "__x", "_x"]
ODD = [
    "1a",
    "123",
    "1",
    "",
    " ",
    "-",
    "--",
    "$",
    "@",
    "...",
    "a-b",
    "a_b",
    "a b",
    "A_B",
    "aB",
    "\n",
]
CASES = ["ab", "AB", "Ab", "True_", "true", "from", "from_", "_from", "import_", "import", "'", '"']
UNICODE = ["\U0001f600", "\u200b", "\ufb01", "fi", "\u2167", "VIII", "\u00e9", "e\u0301", "\u212a"]
MORE_UNICODE = [
    "K",
    "k",
    "\u0301a",
    "\u0661",
    "a\u0661",
    "\u00b5",
    "\u03bc",
    "\u017f",
    "s",
    "\u0130",
]
DEVICES = ["con", "nul", "aux", "COM1", "lpt9", "PRN"]
OURS = [
    "timeout",
    "body",
    "headers",
    "options",
    "client",
    "models",
    "fields",
    "data",
    "items",
    "Any",
]
LONG = ["x" * 300, "x" * 300 + "y", "X" * 300]
OTHERS = [*ODD, *CASES, *UNICODE, *MORE_UNICODE, *DEVICES, *OURS, *LONG]
NAMES = list(dict.fromkeys([*PYTHON, *BUILTINS, *PYDANTIC, *DUNDERS, *OTHERS]))
SHAPE = {"type": "object", "properties": {"a": {"type": "string"}}}
FINE = {"200": {"description": "ok"}}


def api(schemas: dict[str, Any], paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    info = {"title": "t", "version": "1"}
    components = {"schemas": schemas, **more}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}


def said(run: Run, program: str) -> Any:
    """Return what a program says that imports the package."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(run.source)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture
def made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    def make(document: object) -> Run:
        run = generate(tmp_path, document, monkeypatch, capsys)
        assert run.code == 0, run.err
        assert imported(run) == []
        longest = max(len(str(path.relative_to(run.folder))) for path in run.folder.rglob("*"))
        assert longest < 200
        folded = [str(path).casefold() for path in run.folder.rglob("*")]
        assert len(set(folded)) == len(folded)
        stems = {path.name.split(".")[0].casefold() for path in run.folder.rglob("*")}
        assert not stems & {"con", "nul", "aux", "com1", "lpt9", "prn"}
        return run

    return make


def test_fields(made: Any) -> None:
    properties = {name: {"type": "string"} for name in NAMES}
    run = made(api({"Thing": {"type": "object", "properties": properties}}, {}))
    body = json.dumps(dict.fromkeys(NAMES, "x"))
    program = (
        "import json\nfrom made.models import Thing\n"
        f"thing = Thing.model_validate_json({body!r})\n"
        "print(json.dumps([len(Thing.model_fields), json.loads(thing.model_dump_json())]))"
    )
    assert said(run, program) == [len(NAMES), json.loads(body)]


def test_values_of_enumerations(made: Any) -> None:
    made(api({"Choice": {"type": "string", "enum": NAMES}}, {}))


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_parameters(place: str, made: Any) -> None:
    parameters = [{"name": n, "in": place, "schema": {"type": "string"}} for n in NAMES if n]
    operation = {"operationId": "op", "parameters": parameters, "responses": FINE}
    run = made(api({}, {"/p": {"get": operation}}))
    program = (
        "import inspect, json\nimport made\n"
        "with made.Client('http://x') as c:\n"
        "    print(json.dumps(len(inspect.signature(c.op).parameters)))"
    )
    ours = {"header": {"content-type", "accept", "authorization"}}.get(place, set())
    wanted = len({n.lower() if place == "header" else n for n in NAMES if n} - ours)
    assert said(run, program) >= wanted


def test_operations(made: Any) -> None:
    paths = {
        f"/p{n}": {"get": {"operationId": name, "responses": FINE}} for n, name in enumerate(NAMES)
    }
    run = made(api({}, paths))
    assert f"{len(NAMES)} operations" in run.out


def test_tags(made: Any) -> None:
    names = [*NAMES, "sync", "aio", "models", "_runtime", "errors", "testing", "close", "_client"]
    paths = {
        f"/p{n}": {"get": {"operationId": f"op{n}", "tags": [name], "responses": FINE}}
        for n, name in enumerate(names)
    }
    run = made(api({}, paths))
    assert f"{len(names)} operations" in run.out


def test_schemas(made: Any) -> None:
    run = made(api(dict.fromkeys(NAMES, SHAPE), {}))
    program = (
        "import json, made.models as m\n"
        "print(json.dumps(sum(n == 'Dict' or not n.endswith('Dict') for n in m.__all__)))"
    )
    assert said(run, program) >= len(NAMES)


def test_namespaces(made: Any) -> None:
    names = ["a.b", "a", "A.b", "a.B", "..", ".", "con.aux", "models.x", "_runtime.x", "types.x"]
    names += ["types", "../../x", "/abs", "C:\\x", ".".join(["n" * 100] * 5), ".".join("abcdefgh")]
    made(api(dict.fromkeys(names, SHAPE), {}))


def test_security_schemes(made: Any) -> None:
    schemes = {
        name: {"type": "apiKey", "in": "header", "name": f"X-{n}"} for n, name in enumerate(NAMES)
    }
    made(
        api({}, {"/p": {"get": {"operationId": "op", "responses": FINE}}}, securitySchemes=schemes)
    )
