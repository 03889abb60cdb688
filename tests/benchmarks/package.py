"""What a large generated package costs its users: all modules, all models, and a type checker.

    python tests/benchmarks/package.py [--runs N] [--document FILE]

Generates the package of the document, and the models of datamodel-code-generator where that is
installed and takes the document. The floor of each is the libraries alone.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import SHARED, Case, run, table, take_turns

FLOOR = "import httpx2, pydantic"

IMPORT = """
import importlib, pkgutil, sys
from pydantic import BaseModel

package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package.__name__}."):
    importlib.import_module(module.name)
"""

BUILD = (
    IMPORT
    + """
def below(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from below(sub)

models = [each for each in below(BaseModel) if each.__module__.startswith(package.__name__)]
for model in models:
    model.model_rebuild()
assert models and all(model.__pydantic_complete__ for model in models)
"""
)

MYPY = ["-m", "mypy", "--strict", "--no-incremental", "--cache-dir", "/dev/null"]

# The switches with which its output is nearest to ours, as its own documentation gives them.
PEER = ["-m", "datamodel_code_generator", "--output-model-type", "pydantic_v2.BaseModel"]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--runs", type=int, default=3, help="per case; default: %(default)s")
    arguments.add_argument("--document", type=Path, default=SHARED / "specs" / "es-serverless.json")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(given.document.resolve(), Path(folder), given.runs)


def measure(document: Path, folder: Path, runs: int) -> None:
    python = sys.executable
    generate = ["generate", document, "--output", folder / "ours", "--package", "ours"]
    run([python, "-m", "oasmith", *map(str, generate)], folder)
    sources = {"ours": folder / "ours" / "ours" / "src"}
    try:
        # It may refuse the document, and what it writes may not import.
        (folder / "peer").mkdir()
        models = str(folder / "peer" / "peer")
        run([python, *PEER, "--input", str(document), "--output", models], folder)
        run([python, "-c", IMPORT, "peer"], folder, {"PYTHONPATH": str(folder / "peer")})
        sources["peer"] = folder / "peer"
    except SystemExit as refused:
        print(f"datamodel-code-generator is left out: {str(refused).strip().splitlines()[-1]}")

    (folder / "floor.py").write_text(f"{FLOOR}\n")
    builds: dict[str, Case] = {FLOOR: lambda: run([python, "-c", FLOOR], folder)}
    checks: dict[str, Case] = {FLOOR: lambda: run([python, *MYPY, "floor.py"], folder)}
    for name, source in sources.items():
        for what, program in {"import": IMPORT, "import and build": BUILD}.items():
            builds[f"{name}: {what}"] = lambda program=program, name=name, source=source: run(  # type: ignore[misc]
                [python, "-c", program, name], folder, {"PYTHONPATH": str(source)}
            )
    # Only ours: the peer's findings would end the run.
    checks["ours: mypy --strict"] = lambda: run([python, *MYPY, "-p", "ours"], sources["ours"])
    print(f"{document.name}, {runs} runs; peer: datamodel-code-generator, models alone")
    print(table(take_turns(builds, runs), FLOOR))
    print(table(take_turns(checks, 1), FLOOR))


if __name__ == "__main__":
    main()
