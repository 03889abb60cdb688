"""Every kind of scalar, from the document to a parameter, a body and what the fake responds."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from oasmith.ir.scalars import BY_FORMAT, KINDS, Kind, ScalarKind

PARAMETERS = [kind for kind in KINDS if kind not in (ScalarKind.NULL, ScalarKind.BINARY)]
SENT = [kind for kind in KINDS if kind is not ScalarKind.BINARY]


def named(kind: Kind) -> str:
    return f"a_{kind.name.replace('-', '_')}"


def of(kinds: list[Kind]) -> dict[str, Any]:
    properties = {named(kind): dict(kind.schema) for kind in kinds}
    return {"type": "object", "required": list(properties), "properties": properties}


def document() -> dict[str, Any]:
    schemas: dict[str, Any] = {"All": of(list(KINDS)), "Sent": of(SENT)}
    responses = {
        "200": {
            "description": "All of them.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/All"}}},
        }
    }
    paths: dict[str, Any] = {"/all": {"get": {"operationId": "get_all", "responses": responses}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}}}
    paths["/sent"] = {
        "post": {
            "operationId": "send",
            "requestBody": {"required": True, **body},
            "responses": {"204": {"description": "Sent."}},
        }
    }
    for kind in PARAMETERS:
        name = named(kind)
        paths[f"/{name}/{{value}}"] = {
            "get": {
                "operationId": name,
                "parameters": [
                    {
                        "name": "value" if place == "path" else f"in-{place}",
                        "in": place,
                        "required": True,
                        "schema": dict(kind.schema),
                    }
                    for place in ("path", "query", "header")
                ],
                "responses": {"204": {"description": "Read."}},
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kinds", "version": "1"},
        "servers": [{"url": "http://localhost"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "kinds.json").write_text(json.dumps(document()))
    (folder / "oasmith.toml").write_text(
        'document = "kinds.json"\noutput = "out"\npackage = "kinds"\n[targets.fake]\n'
    )
    command = [sys.executable, "-m", "oasmith", "generate"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    sys.path.insert(0, str(folder / "out" / "kinds" / "src"))
    yield importlib.import_module("kinds")
    sys.path.pop(0)
    for name in [name for name in sys.modules if name.split(".")[0] == "kinds"]:
        del sys.modules[name]


def value_of(kind: Kind) -> Any:
    """Return the example as the Python type that the annotation of requests asks for."""
    return kind.example if kind.form is None else kind.form.read(str(kind.example))


def test_the_fake_makes_every_kind(kinds: Any) -> None:
    testing = importlib.import_module("kinds.testing")
    transport = importlib.import_module("kinds._runtime.transport")
    fake = testing.FakeService()
    request = transport.Request("GET", "", "/all", (), None, None, None)
    made = b"".join(fake.transport.send(request).body)
    models = importlib.import_module("kinds.models")
    assert models.All.model_validate_json(made, strict=True).model_fields_set >= {
        named(kind) for kind in KINDS
    }
    formats = {name: kind.form.fits for name, kind in BY_FORMAT.items() if kind.form}
    jsonschema_rs.validator_for(of(list(KINDS)), formats=formats, validate_formats=True).validate(
        json.loads(made)
    )
    assert fake.client().get_all() == fake.client().get_all()


@pytest.mark.parametrize("kind", PARAMETERS, ids=named)
def test_a_parameter_is_written_as_its_text(kinds: Any, kind: Kind) -> None:
    sent: list[Any] = []

    class Recorder:
        def send(self, request: Any) -> Any:
            sent.append(request)
            raise RuntimeError("sent")

        def close(self) -> None:
            pass

    client = kinds.Client(transport=Recorder())
    value = value_of(kind)
    with pytest.raises(RuntimeError, match="sent"):
        getattr(client, named(kind))(value, in_query=value, in_header=value)
    path, _, query = sent[0].target.partition("?")
    text = str(kind.example).lower() if isinstance(kind.example, bool) else str(kind.example)
    assert unquote(path) == f"/{named(kind)}/{text}"
    assert unquote(query) == f"in-query={text}"
    assert dict(sent[0].headers)["in-header"] == text


def test_a_body_takes_each_kind_and_its_text(kinds: Any) -> None:
    models = importlib.import_module("kinds.models")
    texts = {named(kind): kind.example for kind in SENT}
    values = {named(kind): value_of(kind) for kind in SENT}
    for given in (texts, values):
        body = models.Sent(**given)
        assert json.loads(body.model_dump_json(context=None)) == {
            **texts,
            named(ScalarKind.SECRET): "**********",
        }


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.takes_text], ids=named)
@pytest.mark.parametrize("wrong", [1, 1.5, True, "no text of it"])
def test_a_body_takes_nothing_else(kinds: Any, kind: Kind, wrong: object) -> None:
    if kind is ScalarKind.DECIMAL and isinstance(wrong, float | int) and wrong is not True:
        pytest.skip("a number is a decimal")
    models = importlib.import_module("kinds.models")
    texts = {named(each): each.example for each in SENT}
    with pytest.raises(ValueError, match=named(kind)):
        models.Sent(**{**texts, named(kind): wrong})
