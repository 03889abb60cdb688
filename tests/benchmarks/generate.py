"""What a run of oasmith costs, beside datamodel-code-generator's models of the same document.

    python tests/benchmarks/generate.py [--runs N] [--no-peer]

The peer is installed once in an environment of its own, below `$XDG_CACHE_HOME`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import REPO, SHARED, Case, Cost, run, table, take_turns

SPEC = REPO / "spec" / "openapi.yaml"
ELASTICSEARCH = SHARED / "specs" / "es-serverless.json"
OASMITH = Path(sys.executable).parent / "oasmith"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--runs", type=int, default=7, help="per case; default: %(default)s")
    arguments.add_argument("--no-peer", action="store_true", help="measure oasmith alone")
    chosen = arguments.parse_args()
    peer = None if chosen.no_peer else install_peer()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        report("spec/", spec_cases(work), peer, SPEC, work, chosen.runs)
        if not ELASTICSEARCH.is_file():
            print("shared/specs/es-serverless.json is not there: the rest is left out")
            return
        document = str(ELASTICSEARCH)
        select = [document, "--select", "path:*_inference*"]
        part = alone(select, work / "part", "40 inference paths")
        report("es-serverless.json, selected", part, None, ELASTICSEARCH, work, chosen.runs)
        whole = alone([document], work / "whole", "whole")
        runs = max(1, chosen.runs // 2)
        report("es-serverless.json", whole, peer, ELASTICSEARCH, work, runs)


def report(
    title: str, cases: dict[str, Case], peer: Path | None, document: Path, work: Path, runs: int
) -> None:
    reference = next(iter(cases))
    if peer is not None:
        for formatted in (False, True):
            words = "formatted by ruff" if formatted else "not formatted"
            cases[f"datamodel-code-generator, {words}"] = peer_case(peer, document, work, formatted)
    print(f"{title}, {runs} runs\n{table(take_turns(cases, runs), reference)}\n", flush=True)


def spec_cases(work: Path) -> dict[str, Case]:
    """The project's own run, with the settings in pyproject.toml."""
    return alone([], work / "spec", "everything")


def alone(arguments: Sequence[str], output: Path, what: str) -> dict[str, Case]:
    command: list[str | Path] = [OASMITH, "generate", *arguments, "--output", output]

    def fresh() -> Cost:
        shutil.rmtree(output, ignore_errors=True)
        return run(command, REPO)

    def unchanged() -> Cost:
        return run(command, REPO)

    return {f"oasmith, {what}": fresh, "oasmith, nothing changed": unchanged}


def peer_case(scripts: Path, document: Path, work: Path, formatted: bool) -> Case:
    output = work / "peer"
    command: list[str | Path] = [scripts / "datamodel-codegen", "--input", document]
    command += ["--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel"]
    command += ["--formatters", "ruff-format"] if formatted else ["--no-formatters"]
    # Dots in the names of schemas are modules to it, and then it wants a folder.
    command += ["--output", output / ("models" if document == ELASTICSEARCH else "models.py")]

    def fresh() -> Cost:
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        return run(command, output)

    return fresh


def install_peer() -> Path:
    """Return the folder of the peer's commands, installed with the versions that are pinned."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "oasmith-benchmarks" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    constraints = REPO / ".ci" / "constraints.txt"
    installed = home / "constraints.txt"
    if not installed.is_file() or installed.read_bytes() != constraints.read_bytes():
        print(f"installing datamodel-code-generator in {home}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = ["-m", "pip", "install", "--quiet", "--constraint", str(constraints)]
        command = [str(home / "bin" / "python"), *pip, "datamodel-code-generator", "ruff"]
        subprocess.run(command, check=True)
        shutil.copyfile(constraints, installed)
    return home / "bin"


if __name__ == "__main__":
    main()
