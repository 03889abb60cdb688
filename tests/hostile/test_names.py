"""Names that clash with Python, pydantic, file systems or each other: none is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hostile.running import Run, generate, imported
from oasmith import cli

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
JSON = {"application/json": {"schema": SHAPE}}


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


LIBRARY = [
    "BaseModel",
    "Field",
    "Any",
    "Client",
    "AsyncClient",
    "TypedDict",
    "Literal",
    "Annotated",
]
LIBRARY += ["models", "pydantic", "typing", "datetime", "RequestModel", "Omittable", "t", "T"]


@pytest.mark.parametrize("names", [LIBRARY, NAMES], ids=["library", "all"])
def test_variants(names: list[str], made: Any) -> None:
    escaped = [quote(name.replace("~", "~0").replace("/", "~1")) for name in names]
    references = [f"#/components/schemas/{name}" for name in escaped]
    schemas: dict[str, Any] = {
        name: {
            "type": "object",
            "required": ["__class__"],
            "properties": {
                "__class__": {"type": "string"},
                f"only{n}": {"$ref": references[n - 1]},
            },
        }
        for n, name in enumerate(names)
    }
    mapping = {f"v{n}": reference for n, reference in enumerate(references)}
    schemas["TheUnion"] = {
        "oneOf": [{"$ref": reference} for reference in references],
        "discriminator": {"propertyName": "__class__", "mapping": mapping},
    }
    run = made(api(schemas, {}))
    program = (
        "import json\nfrom pydantic import TypeAdapter\nfrom made.models import TheUnion\n"
        f"values = [{{'__class__': f'v{{n}}', f'only{{n}}': None}} for n in range({len(names)})]\n"
        "values = [{**value, **{k: {'__class__': f'v{(n - 1) % len(values)}'} for k in value"
        " if k != '__class__'}} for n, value in enumerate(values)]\n"
        "union = TypeAdapter(TheUnion)\n"
        "read = [union.validate_python(value) for value in values]\n"
        "print(json.dumps([[type(each).__name__ for each in read],"
        " [json.loads(each.model_dump_json(exclude_unset=True)) for each in read] == values]))"
    )
    kinds, same = said(run, program)
    assert len(set(kinds)) == len(names)
    assert same


def test_paths(made: Any) -> None:
    """Operations without ids and tags are named after their paths."""
    templates = ["/", "//", "/a", "/a/", "/A", "/a-b", "/a_b", "/a.b", "/a/b", "/{a}", "/a/{b}"]
    templates += ["/a/{b}/", "/class", "/__init__", "/..", "/../x", "/%2e%2e", "/\u00e9", "/a b"]
    paths = {
        template: {
            method: {
                "parameters": [
                    {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                    for name in ("a", "b")
                    if f"{{{name}}}" in template
                ],
                "responses": {"200": {"description": "d", "content": JSON}},
            }
            for method in ("get", "delete")
        }
        for template in templates
    }
    run = made(api({}, paths))
    assert f"{2 * len(templates)} operations" in run.out
    program = (
        "import ast, json, pathlib, made.sync\n"
        "texts = [f.read_text() for f in pathlib.Path(made.sync.__path__[0]).glob('*.py')]\n"
        "nodes = [node for text in texts for node in ast.walk(ast.parse(text))]\n"
        "print(json.dumps([n.name for n in nodes if isinstance(n, ast.FunctionDef)]))"
    )
    methods = [name for name in said(run, program) if name != "__init__"]
    assert len(set(methods)) == 2 * len(templates)
    assert {"get_a_with_slash", "delete_class"} <= set(methods)


def test_what_the_api_sends(made: Any) -> None:
    receive = {"post": {"requestBody": {"content": JSON}, "responses": FINE}}
    callbacks = {name: {"{$request.body#/u}": receive} for name in NAMES}
    operation = {"operationId": "op", "responses": FINE, "callbacks": callbacks}
    document = api({}, {"/p": {"post": operation}})
    document["webhooks"] = dict.fromkeys(NAMES, receive)
    made(document)


def test_parts_and_variables(made: Any) -> None:
    names = [name for name in NAMES if name]
    schema = {
        "type": "object",
        "properties": {name: {"type": "string", "format": "binary"} for name in names},
    }
    body = {"content": {"multipart/form-data": {"schema": schema}}}
    operation = {"operationId": "op", "requestBody": body, "responses": FINE}
    document = api({}, {"/p": {"post": operation}})
    plain = [name for name in names if not set("{}") & set(name)]
    variables = {name: {"default": "x", "enum": ["x", "'\""]} for name in plain}
    url = "https://" + ".".join(f"{{{name}}}" for name in plain)
    document["servers"] = [{"url": url, "variables": variables}]
    made(document)


def test_many_models_in_a_circle(made: Any) -> None:
    schemas = {
        f"V{n}": {
            "type": "object",
            "properties": {"next": {"$ref": f"#/components/schemas/V{(n + 1) % 90}"}},
        }
        for n in range(90)
    }
    run = made(api(schemas, {}))
    program = (
        "import json\nfrom made.models import V0, V89\n"
        "print(json.dumps([json.loads(v.model_validate({'next': {'next': {}}})"
        ".model_dump_json(exclude_unset=True)) for v in (V0, V89)]))"
    )
    assert said(run, program) == [{"next": {"next": {}}}] * 2


def test_options_that_are_one_type(made: Any) -> None:
    """`list[str] | list[str]` is no union to Python."""
    texts = {"type": "array", "items": {"type": "string"}}
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in ("A", "B", "C", "D")]
    schemas = {
        "A": texts,
        "B": {**texts, "maxItems": 5},
        "C": {},
        "D": {"type": "object"},
        "U": {"oneOf": refs[:2]},
        "V": {"anyOf": refs[2:]},
        "W": {"type": "object", "properties": {"u": {"oneOf": [refs[0], texts]}}},
    }
    content = {"application/json": {"schema": {"oneOf": refs[:2]}}}
    answer = {"200": {"description": "d", "content": content}}
    body = {"content": content}
    operation = {"operationId": "op", "requestBody": body, "responses": answer}
    run = made(api(schemas, {"/p": {"post": operation}}))
    program = (
        "import json\nfrom pydantic import TypeAdapter\nfrom made.models import U, V, W\n"
        "print(json.dumps([TypeAdapter(each).validate_python(['a']) for each in (U, V)]"
        " + [W(u=['b']).u]))"
    )
    assert said(run, program) == [["a"], ["a"], ["b"]]


def test_the_name_of_a_package_is_no_longer_than_a_path_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = api({}, {"/p": {"get": {"tags": ["t" * 300], "responses": FINE}}})
    document["info"]["title"] = "../" + "x" * 300
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["generate", "openapi.json", "--output", "made"]) == 0
    paths = [path.relative_to(tmp_path) for path in tmp_path.rglob("*")]
    assert max(len(str(path)) for path in paths) < 200
