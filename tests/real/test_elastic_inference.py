"""The inference part of Elastic's own document, which nobody here wrote: 40 paths, oddities."""

import asyncio
import importlib
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from conftest import REPO
from oasmith.cli import main
from real.calls import AsyncRecorder, Recorder, Sent, arguments_for, methods, operation_of, path_of

pytestmark = [
    pytest.mark.shared,
    # The document calls an operation deprecated, and so does the client.
    pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning"),
]

PACKAGE = "elastic_inference_part"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
SERVER = "http://localhost:9200"


@pytest.fixture(scope="module")
def document(shared: Path) -> Any:
    return json.loads((shared / "specs" / "es-serverless.json").read_bytes())


@pytest.fixture(scope="module")
def paths(document: Any) -> dict[str, Any]:
    """The path items that are selected."""
    return {path: item for path, item in document["paths"].items() if "_inference" in path}


@pytest.fixture(scope="module")
def output(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elastic") / "out"
    arguments = ["generate", str(shared / "specs" / "es-serverless.json")]
    arguments += ["--select", "path:*_inference*", "--package", PACKAGE, "--output", str(folder)]
    assert main(arguments) == 0
    return folder


@pytest.fixture(scope="module")
def source(output: Path) -> Path:
    return output / PACKAGE / "src"


@pytest.fixture(scope="module")
def package(source: Path) -> Iterator[ModuleType]:
    sys.path.insert(0, str(source))
    importlib.invalidate_caches()
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(source))


@pytest.fixture(scope="module")
def models(package: ModuleType) -> Any:
    return importlib.import_module(f"{PACKAGE}.models")


# --- methods ------------------------------------------------------------------------------------


def documented(paths: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (name.upper(), path) for path, item in paths.items() for name in item if name in METHODS
    }


def test_the_part_is_what_the_tests_below_suppose(paths: dict[str, Any]) -> None:
    assert len(paths) == 40
    assert len(documented(paths)) == 48


def test_every_path_has_its_methods(package: ModuleType, paths: dict[str, Any]) -> None:
    def send(method: Callable[..., Any], arguments: dict[str, Any]) -> None:
        with method(**arguments):  # A stream; every other method has sent by now.
            pass

    client = package.Client(SERVER, transport=Recorder())
    assert reached(methods(client), send) == documented(paths)


def test_every_path_has_its_async_methods(package: ModuleType, paths: dict[str, Any]) -> None:
    async def send(method: Callable[..., Any], arguments: dict[str, Any]) -> None:
        result = method(**arguments)
        if inspect.isawaitable(result):
            await result
        async with result:
            pass

    client = package.AsyncClient(SERVER, transport=AsyncRecorder())
    calls = methods(client)
    assert reached(calls, lambda *call: asyncio.run(send(*call))) == documented(paths)


def reached(
    calls: dict[str, Callable[..., Any]], send: Callable[[Any, dict[str, Any]], None]
) -> set[tuple[str, str]]:
    """Call every method on each of its routes; return the method and path of what was sent."""
    found = set()
    for name, method in calls.items():
        operation = operation_of(method)
        for route in operation.routes:
            arguments = arguments_for(method, route.path)
            with pytest.raises(Sent) as sent:
                send(method, arguments)
            assert sent.value.method == operation.method, name
            assert sent.value.path == path_of(method, route.path, arguments), name
            assert (sent.value.content is not None) == (operation.body is not None), name
            found.add((operation.method, route.path))
    return found


def test_sync_and_async_clients_are_the_same(package: ModuleType) -> None:
    sync = methods(package.Client(SERVER))
    aio = methods(package.AsyncClient(SERVER))
    assert sync.keys() == aio.keys()
    for name, method in sync.items():
        parameters = inspect.signature(method).parameters
        assert parameters == inspect.signature(aio[name]).parameters, name


# --- the package --------------------------------------------------------------------------------


def test_every_module_imports_and_every_model_is_built(package: ModuleType) -> None:
    built = 0
    for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        for thing in vars(importlib.import_module(module.name)).values():
            if not isinstance(thing, type) or not issubclass(thing, BaseModel):
                continue
            if thing.__module__ == module.name and "_runtime" not in module.name:
                thing.model_rebuild(force=True)
                assert thing.__pydantic_complete__, thing
                built += 1
    assert built > 140


def test_types(source: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull]
    command += ["--cache-dir", str(REPO / ".mypy_cache" / "real"), "--python-version", "3.11"]
    done = subprocess.run(
        [*command, "--package", PACKAGE],
        env={**os.environ, "MYPYPATH": str(source)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr


def test_lint(output: Path) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--target-version", "py311"]
    done = subprocess.run([*command, output], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-8000:]


# --- the oddities -------------------------------------------------------------------------------


def test_dotted_names_are_namespaces(models: Any) -> None:
    assert models.inference.OpenAIServiceSettings.__name__ == "OpenAIServiceSettings"
    assert models.inference.OpenAIServiceSettings.__module__.startswith(
        f"{PACKAGE}.models.inference."
    )
    assert TypeAdapter(models.types.Id).validate_python("my-endpoint") == "my-endpoint"


def test_all_of_one_reference_is_that_reference(models: Any, package: ModuleType) -> None:
    put_openai = methods(package.Client(SERVER))["put_openai"]
    body = operation_of(put_openai).body.type()
    members = body.model_fields
    settings = models.inference.OpenAIServiceSettings
    assert members["service_settings"].annotation is settings
    given = body.model_validate(
        {"service": "openai", "service_settings": {"model_id": "m", "api_key": "k"}}
    )
    assert type(given.service_settings) is settings


def test_overlapping_strings_take_them_all(package: ModuleType) -> None:
    client = package.Client(SERVER, transport=Recorder())
    for given, written in (("30s", "30s"), ("-1", "-1"), ("0", "0"), (-1, "-1"), (0, "0")):
        with pytest.raises(Sent) as sent:
            client.inference.completion("my-endpoint", input="Hello", timeout=given)
        assert sent.value.target == f"/_inference/completion/my-endpoint?timeout={written}"
    for wrong in (True, 30, 1.5, ["30s"]):
        with pytest.raises(ValueError, match="timeout"):
            client.inference.completion("my-endpoint", input="Hello", timeout=wrong)


def test_paths_that_differ_in_a_name_alone_are_methods_of_their_own(
    package: ModuleType, paths: dict[str, Any]
) -> None:
    alike = [
        path for path in paths if re.fullmatch(r"/_inference/{task_type}/{\w+_inference_id}", path)
    ]
    assert len(alike) == 26
    client = package.Client(SERVER)
    routes = {
        operation_of(method).routes[0].path: (name, method)
        for name, method in methods(client).items()
        if operation_of(method).method == "PUT"
    }
    for path in alike:
        name, method = routes[path]
        assert name.startswith("put_")
        assert [*inspect.signature(method).parameters][:2] == re.findall(r"{(\w+)}", path)


def test_numbered_ids_are_routes_of_one_operation(package: ModuleType) -> None:
    routes = {
        name: sorted(route.path for route in operation_of(method).routes)
        for name, method in methods(package.Client(SERVER)).items()
        if len(operation_of(method).routes) > 1
    }
    both = ["/_inference/{inference_id}", "/_inference/{task_type}/{inference_id}"]
    assert routes == {
        "get": ["/_inference", both[0], "/_inference/{task_type}/_all", both[1]],
        "put": both,
        "delete": both,
        "inference": both,
        "update": [f"{path}/_update" for path in both],
    }


def test_examples_that_are_text_are_read_as_json(
    package: ModuleType, document: Any, paths: dict[str, Any]
) -> None:
    unfit: set[str] = set()
    wrong: set[str] = set()
    taken = 0
    bodies = {
        (operation.method, route.path): TypeAdapter(operation.body.type())
        for operation in map(operation_of, methods(package.Client(SERVER)).values())
        if operation.body is not None
        for route in operation.routes
    }
    for (method, path), adapter in bodies.items():
        body = paths[path][method.lower()]["requestBody"]
        if reference := body.get("$ref"):
            body = document["components"]["requestBodies"][reference.rpartition("/")[2]]
        content = body["content"]["application/json"]
        referee = OAS30Validator({**content["schema"], "components": document["components"]})
        for name, example in content.get("examples", {}).items():
            assert isinstance(example["value"], str)
            if not referee.is_valid(json.loads(example["value"])):
                unfit.add(name)
            try:
                adapter.validate_json(example["value"])
            except ValidationError:
                wrong.add(name)
            else:
                taken += 1
    # The one has a member that is not described, which the server refuses as well.
    assert wrong - unfit == {"PutLlamaRequestExample1"}
    assert unfit - wrong == set()
    assert (taken, len(unfit)) == (106, 12)


def test_examples_that_are_text_are_shown_as_json(output: Path) -> None:
    pages = [page.read_text(encoding="utf-8") for page in (output / "docs").rglob("*.md")]
    assert any('"model_id": "text-embedding-3-small"' in page for page in pages)
    assert not any(r"\"model_id\"" in page for page in pages)


def test_without_servers_the_address_has_to_be_given(package: ModuleType) -> None:
    with pytest.raises(ValueError, match="no server is known: give `base_url`"):
        package.Client()
