"""Digests of everything that the generator makes, to show that a change of it changes nothing.

    python tests/digests/digests.py record FILE [--code CHECKOUT] [--only GLOB] [--keep FOLDER]
    python tests/digests/digests.py compare OLD NEW

`record` generates `spec/` and every document of `../shared/specs`, with defaults and once per
`--emit` part, and stores a digest per file. `--code` takes the generator of another checkout;
`--keep` keeps what was generated, for `diff -r`. `compare` lists the files that differ and exits
with 1 if there are any. `make digests AGAINST=REVISION` does both, for that revision and the
working tree.
"""

import argparse
import fnmatch
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SPECS = REPO.parent / "shared" / "specs"
PARTS = (None, "models", "client", "docs")
UNSTABLE = {".oasmith-cache"}

Digests = dict[str, dict[str, str]]
"""Digests by path, by case: `stripe.yaml client`."""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(dest="command", required=True)
    record = commands.add_parser("record")
    record.add_argument("file", type=Path)
    record.add_argument("--code", type=Path, default=REPO)
    record.add_argument("--only", default="*", metavar="GLOB")
    record.add_argument("--keep", type=Path, metavar="FOLDER")
    compare = commands.add_parser("compare")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    arguments = parser.parse_args(argv)
    if arguments.command == "compare":
        return _compare(_read(arguments.old), _read(arguments.new))
    found = _record(arguments.code.resolve(), arguments.only, arguments.keep)
    arguments.file.parent.mkdir(parents=True, exist_ok=True)
    arguments.file.write_text(json.dumps(found, indent=0, sort_keys=True), encoding="utf-8")
    print(f"{len(found)} cases, {sum(map(len, found.values())):,} files")
    return 1 if any(len(digests) < 2 for digests in found.values()) else 0


def _documents() -> Iterator[Path]:
    """Yield the root documents of `../shared/specs`, as its manifest names them."""
    lines = (SPECS / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    entry = lines[0].split("\t").index("entry")
    for line in lines[1:]:
        yield SPECS / line.split("\t")[entry]


def _record(code: Path, only: str, keep: Path | None) -> Digests:
    cases: list[tuple[Path | None, str | None]] = [
        (document, part)
        for document in (None, *sorted(_documents()))
        for part in PARTS
        if fnmatch.fnmatch("spec" if document is None else document.name, only)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda case: _case(code, case[0], case[1], keep), cases)
        return dict(found)


def _case(
    code: Path, document: Path | None, part: str | None, keep: Path | None
) -> tuple[str, dict[str, str]]:
    """Generate a case and return its name and digests. No document: the settings of `code`."""
    name = "spec" if document is None else str(document.relative_to(SPECS))
    name = f"{name} {part or 'all'}"
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) if keep is None else keep / name.replace("/", "_").replace(" ", ".")
        output = root / "out"
        command = [sys.executable, "-P", "-m", "oasmith", "generate", "--output", str(output)]
        if document is not None:
            command += [str(document), "--package", "made", "--allow-outside"]
        if part is not None:
            command += ["--emit", part]
        environment = {**os.environ, "PYTHONPATH": str(code / "generator")}
        run = subprocess.run(
            command, cwd=code, env=environment, capture_output=True, text=True, check=False
        )
        digests = {
            # What a user reads belongs to the output as well.
            "(exit code and messages)": _digest(
                f"{run.returncode}\n{run.stdout}\n{run.stderr}".replace(str(output), "").replace(
                    os.path.relpath(output, code), ""
                )
            )
        }
        for file in sorted(output.rglob("*")):
            path = file.relative_to(output)
            if file.is_file() and not UNSTABLE.intersection(path.parts):
                digests[str(path)] = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    if len(digests) < 2:
        sys.stderr.write(f"{name}: nothing was generated\n{run.stderr}\n")
    return name, digests


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(file: Path) -> Digests:
    digests: Digests = json.loads(file.read_text(encoding="utf-8"))
    return digests


def _compare(old: Digests, new: Digests) -> int:
    """Print the files that differ, those of the runtime and of manifests once."""
    differing: Counter[str] = Counter()
    first: dict[str, str] = {}
    for case in sorted(old.keys() | new.keys()):
        before, after = old.get(case, {}), new.get(case, {})
        for path in sorted(before.keys() | after.keys()):
            if before.get(path) == after.get(path):
                continue
            verb = "gone" if path not in after else "new" if path not in before else "different"
            shared = "_runtime/" in path or path == ".oasmith.json" or path.startswith("(")
            line = f"{verb:10}{path[path.find('_runtime/') :] if '_runtime/' in path else path}"
            if not shared:
                line = f"{verb:10}{case}: {path}"
            differing[line] += 1
            first.setdefault(line, case)
    for line, count in sorted(differing.items()):
        print(line if count == 1 else f"{line} ({count} cases, the first is {first[line]})")
    print(f"{sum(differing.values()):,} files differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
