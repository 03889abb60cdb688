"""Ours, datamodel-code-generator's and JSON Schema's word on the same instances.

    python tests/oracle/compare.py [--cases N] [--instances N] DOCUMENT…

prints every difference between ours and JSON Schema. Requests: both take and refuse the same.
Responses: what is right is taken. Both: what is taken and right is written again as it was.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Required, TypeAlias, TypedDict

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pydantic import BaseModel, TypeAdapter, ValidationError

from oracle.document import MEMBER, Document, Json, NotFound, Place, rephrased
from oracle.instances import around, broken, edges, samples
from oracle.reasons import Name, look
from oracle.referee import READINGS, Reading, Referee, View

Kind: TypeAlias = Literal["refuses", "takes", "changes", "fails"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Ours and JSON Schema disagree about an instance.

    `kind` is what ours does: it `refuses` what is right, `takes` what is wrong, `changes` what it
    writes again, or `fails` with an exception of another kind.
    """

    document: str
    place: str
    view: View
    kind: Kind
    instance: Json
    theirs: bool | None
    """Whether datamodel-code-generator takes it, where it could be asked."""
    schema: Json
    """In the words of Draft 2020-12."""
    errors: tuple[Any, ...] = ()
    """Of pydantic, where it `refuses`."""
    written: Json = None
    """Where it `changes` something."""
    why: str = ""
    """The exception, where it `fails`."""
    reasons: tuple[Name, ...] = ()
    """Those of `REASONS` that explain it; none, and it is a mistake."""

    def __str__(self) -> str:
        shown = json.dumps(self.instance, ensure_ascii=True)
        short = shown if len(shown) < 400 else shown[:400] + "…"
        why = self.why or "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in self.errors[:4]
        )
        because = f" ({', '.join(self.reasons)})" if self.reasons else ""
        head = f"{self.kind} {self.view} {self.document} {self.place}{because}"
        written = f"\n    {json.dumps(self.written)[:400]}" if self.kind == "changes" else ""
        return f"{head}\n    {short}{written}\n    {why[:400]}"


@dataclass(slots=True, kw_only=True)
class Report:
    """What came of one document."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    peer: str = ""
    """Why datamodel-code-generator could not be asked."""


class NoModels(Exception):
    """A generator refuses the document, or what it wrote does not import."""


def compare(
    document: Document,
    places: Sequence[Place],
    folder: Path,
    name: str,
    *,
    instances: int = 80,
    peer: bool = True,
) -> Report:
    """Compare about the schemas at the places. `folder` is where the document may be rewritten.

    `name` is one that no package imported so far has. At most so many `instances` of each schema
    and side are tried; which, is the same from run to run.

    Raises:
        NoModels: oasmith refuses the document, or what it wrote does not import.
    """
    report = Report()
    cases = {f"Oracle{at:04}": place for at, place in enumerate(places)}
    entry = folder / f"{name}.json"
    entry.write_text(json.dumps(rephrased(document, cases)), encoding="utf-8")
    work = folder / name
    work.mkdir()
    sys.path.insert(0, str(work))
    sys.path.insert(0, str(work / "ours" / f"ours_{name}" / "src"))
    ours, pointers = _ours(entry, work / "ours", f"ours_{name}")
    told = frozenset(_in_original(each, cases) for each in pointers)
    theirs = None
    if peer:
        try:
            theirs = _theirs(entry, work, f"theirs_{name}")
        except NoModels as error:
            report.peer = str(error)
    reveal = importlib.import_module(f"ours_{name}._runtime.secrets").Reveal
    views: tuple[View, ...] = ("request", "response")
    for view in views:
        referee = Referee(document, view)
        explained = Explained(document, view, frozenset(document.tags()), told)
        for case, place in cases.items():
            try:
                schema = referee.schema(place)
                is_right = referee.validator(schema).is_valid
            except (NotFound, ValueError):
                report.counts["no validator"] += 1
                continue
            asked = Asked(
                model=getattr(ours, case + ("Response" if view == "response" else "")),
                theirs=getattr(theirs, case, None),
                reveal=reveal,
                view=view,
                is_extended="x-at-most" in json.dumps(referee.definitions),
            )
            draw = random.Random(f"{place} {view}")
            chosen = _chosen(_instances(schema, referee, is_right, view), instances, draw)
            report.counts["schemas"] += 1
            report.counts["no right instance"] += not any(right for _, right in chosen)
            for instance, right in chosen:
                found = asked.ask(instance, right, report.counts)
                if found is None:
                    continue
                difference = Difference(
                    document=document.entry.name,
                    place=str(place),
                    view=view,
                    instance=instance,
                    schema=referee.find(schema["$ref"]),
                    **found,
                )
                reasons = explained.by(difference, place, asked)
                report.differences.append(replace(difference, reasons=reasons))
    return report


@dataclass(slots=True)
class Explained:
    """Finds the reasons of differences."""

    document: Document
    view: View
    tags: frozenset[str]
    told: frozenset[str]
    _validators: dict[tuple[Place, frozenset[Reading]], Any] = field(default_factory=dict)
    _referees: dict[frozenset[Reading], Referee] = field(default_factory=dict)

    def by(self, difference: Difference, place: Place, asked: Asked) -> tuple[Name, ...]:
        """Give the reasons why ours differs; none if nothing explains it."""
        seen = look(difference, asked, self.tags)
        if seen is not None:
            return (seen,)
        if difference.kind not in ("refuses", "takes"):
            return ()
        needed = READINGS
        if not self._agrees(difference, place, needed):
            return ()
        for each in sorted(READINGS):
            if self._agrees(difference, place, needed - {each}):
                needed -= {each}
        return tuple(sorted(needed))

    def _agrees(self, difference: Difference, place: Place, readings: frozenset[Reading]) -> bool:
        key = place, readings
        if key not in self._validators:
            if readings not in self._referees:
                self._referees[readings] = Referee(self.document, self.view, readings, self.told)
            referee = self._referees[readings]
            self._validators[key] = referee.validator(referee.schema(place))
        found: bool = self._validators[key].is_valid(difference.instance)
        return found == (difference.kind == "takes")


class Found(TypedDict, total=False):
    """What is different about an instance."""

    kind: Required[Kind]
    theirs: Required[bool | None]
    errors: tuple[Any, ...]
    written: Json
    why: str


@dataclass(slots=True, kw_only=True)
class Asked:
    """The models of one case."""

    model: type[BaseModel]
    theirs: type[BaseModel] | None
    reveal: Any
    view: View
    is_extended: bool

    def takes(self, instance: Json) -> bool:
        """Whether ours takes the instance."""
        try:
            self._read({MEMBER: instance})
        except ValidationError:
            return False
        return True

    def _read(self, wrapped: Json) -> BaseModel:
        if self.view == "request":
            return self.model.model_validate(wrapped)
        return self.model.model_validate_json(json.dumps(wrapped))

    def ask(self, instance: Json, right: bool, counts: Counter[str]) -> Found | None:
        """Give what is different from what JSON Schema says; count what the peer says."""
        wrapped = {MEMBER: instance}
        theirs = self._of_peer(wrapped)
        word = "right" if right else "wrong"
        counts[f"{self.view} {word}"] += 1
        try:
            model = self._read(wrapped)
        except ValidationError as error:
            if theirs is True:
                counts[f"{self.view} {word}, only theirs takes it"] += 1
            if not right:
                return None
            errors = tuple(error.errors(include_url=False, include_input=False))
            return Found(kind="refuses", theirs=theirs, errors=errors)
        except Exception as error:  # noqa: BLE001 - of which kind it is, is the finding
            return Found(kind="fails", theirs=theirs, why=f"{type(error).__name__}: {error}")
        if theirs is False:
            counts[f"{self.view} {word}, only ours takes it"] += 1
        if not right:
            return Found(kind="takes", theirs=theirs) if self.view == "request" else None
        try:
            written = json.loads(
                TypeAdapter(type(model)).dump_json(
                    model, by_alias=True, exclude_unset=True, context=self.reveal()
                )
            )
        except Exception as error:  # noqa: BLE001
            why = f"writing: {type(error).__name__}: {error}"
            return Found(kind="fails", theirs=theirs, why=why)
        # 1 and 1.0 are the same number, but what is sent is sent as it was set.
        plain = canonical if self.view == "request" else _with_floats
        if plain(written) != plain(wrapped):
            return Found(kind="changes", theirs=theirs, written=written[MEMBER])
        return None

    def _of_peer(self, wrapped: Json) -> bool | None:
        if self.theirs is None:
            return None
        try:
            self.theirs.model_validate_json(json.dumps(wrapped))
        except ValidationError:
            return False
        except Exception:  # noqa: BLE001 - not ours to judge
            return None
        return True


def canonical(value: Json) -> str:
    """Give text that two values share if they are the same JSON."""
    return json.dumps(value, sort_keys=True)


def _with_floats(value: Json) -> str:
    return json.dumps(json.loads(json.dumps(value), parse_int=float), sort_keys=True)


def _instances(
    schema: Json, referee: Referee, is_right: Any, view: View
) -> Iterator[tuple[Json, bool]]:
    """Instances, and whether each is right: those that should be, then each with a mistake."""
    seeds = samples(schema, referee.find)
    seen: set[str] = set()

    def new(instance: Json) -> Iterator[tuple[Json, bool]]:
        try:
            text = canonical(instance)
        except TypeError:
            return
        if text not in seen:
            seen.add(text)
            yield instance, is_right(instance)

    for seed in seeds:
        for instance in around(schema, seed, referee.find):
            yield from new(instance)
    if view == "response":
        return
    for seed in seeds[:12]:
        if is_right(seed):
            for instance in edges(schema, seed, referee.find):
                yield from new(instance)
            for instance in broken(seed):
                yield from new(instance)


def _chosen(
    found: Iterator[tuple[Json, bool]], most: int, draw: random.Random
) -> list[tuple[Json, bool]]:
    """Half right, half wrong, the first of each for certain."""
    right: list[tuple[Json, bool]] = []
    wrong: list[tuple[Json, bool]] = []
    for count, each in enumerate(found):
        (right if each[1] else wrong).append(each)
        if count > 20 * most:
            break
    half = most // 2
    chosen = []
    for group in (right, wrong):
        rest = group[half // 2 :]
        chosen += group[: half // 2] + draw.sample(rest, min(len(rest), half - half // 2))
    return chosen


# --- the two generators -------------------------------------------------------------------------


def _in_original(pointer: str, cases: Mapping[str, Place]) -> str:
    """Give the pointer to what was written into a case."""
    match = re.fullmatch(rf"#/components/schemas/(Oracle\d+)/properties/{MEMBER}(/.*)", pointer)
    return f"{cases[match[1]]}{match[2]}" if match and match[1] in cases else pointer


def _ours(entry: Path, output: Path, package: str) -> tuple[ModuleType, list[str]]:
    """Give the models, and pointers to what is said not to be checked."""
    command = [sys.executable, "-m", "oasmith", "generate", str(entry), "--output", str(output)]
    command += ["--package", package, "--emit", "models", "--allow-outside", "--verbose"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=entry.parent, check=False)
    if run.returncode:
        raise NoModels(run.stderr[:3000])
    importlib.invalidate_caches()
    try:
        models = importlib.import_module(f"{package}.models")
        for name in models.__all__:
            getattr(models, name)
    except Exception as error:  # noqa: BLE001 - of which kind it is, is the finding
        raise NoModels(f"does not import: {type(error).__name__}: {error}") from None
    told = re.findall(r"warning\[degraded\].*\n(?:.*\n){0,3}?  in (#\S*)", run.stderr)
    return models, told


def _theirs(entry: Path, folder: Path, package: str) -> ModuleType:
    import datamodel_code_generator as peer
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import PythonVersion

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            peer.generate(
                entry,
                input_file_type=peer.InputFileType.OpenAPI,
                output=folder / package,
                output_model_type=DataModelType.PydanticV2BaseModel,
                target_python_version=PythonVersion.PY_311,
                openapi_scopes=[peer.OpenAPIScope.Schemas],
                use_annotated=True,
                field_constraints=True,
                strict_nullable=True,
                formatters=[],
            )
            if (folder / package).is_file():  # No name with a dot, hence no folder.
                (folder / package).rename(folder / f"{package}.py")
            importlib.invalidate_caches()
            return importlib.import_module(package)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it may fail as it likes
            raise NoModels(f"{type(error).__name__}: {error}"[:300]) from None


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("documents", nargs="+", type=Path)
    arguments.add_argument("--cases", type=int, default=100_000, help="schemas of each document")
    arguments.add_argument("--instances", type=int, default=80, help="of each schema and side")
    arguments.add_argument("--no-peer", action="store_true")
    arguments.add_argument("--jsonl", type=Path, help="where differences are appended")
    chosen = arguments.parse_args()
    for number, path in enumerate(chosen.documents):
        with tempfile.TemporaryDirectory() as scratch:
            folder = beside(path, Path(scratch))
            document = Document(folder / path.name)
            places = list(document.schemas())
            places = random.Random(path.name).sample(places, min(len(places), chosen.cases))
            try:
                report = compare(
                    document,
                    sorted(places),
                    folder,
                    f"document_{number}",
                    instances=chosen.instances,
                    peer=not chosen.no_peer,
                )
            except NoModels as error:
                print(f"{path}: no models\n{error}", flush=True)
                continue
        if chosen.jsonl:
            with chosen.jsonl.open("a") as lines:
                for each in report.differences:
                    record = {key: getattr(each, key) for key in Difference.__slots__}
                    lines.write(json.dumps(record, default=str) + "\n")
        else:
            for each in report.differences:
                print(each)
        kinds = Counter(
            f"{each.kind} {each.view}: {', '.join(each.reasons) or 'UNEXPLAINED'}"
            for each in report.differences
        )
        print(f"{path}: {dict(report.counts)} {dict(kinds)} {report.peer}", flush=True)


def beside(document: Path, scratch: Path) -> Path:
    """Give a copy of the document's folder if it has further files, else of the document alone."""
    text = document.read_text(encoding="utf-8")
    elsewhere = re.findall(r"""["']?\$ref["']?: *["']?([^"'#\s][^"'#\s]*)""", text)
    target = scratch / "document"
    if not elsewhere:
        target.mkdir()
        shutil.copyfile(document, target / document.name)
        return target
    top = document.parent
    for _ in range(max(path.count("../") for path in elsewhere)):
        top = top.parent
    shutil.copytree(top, target)
    return target / document.parent.relative_to(top)


if __name__ == "__main__":
    main()
