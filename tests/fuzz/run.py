"""Examine documents for as long as wanted: `make fuzz`, `make fuzz FUZZ="--cases 20000"`.

Prints how many there were, the time they took, and each promise that was broken, with the document
that broke it in the folder named by --keep.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzz.documents import Written, documents
from fuzz.judging import Judge
from fuzz.mutations import mutations
from fuzz.packages import Violation

_CHUNK: Final = 250
"""Cases of one seed: hypothesis keeps in mind what it made."""

_KINDS: Final = {"made": documents, "changed": mutations}
"""Documents that are made up, and documents of the tests that are changed in a few places."""


class _Broken:
    """The promises that were broken, each kind once."""

    def __init__(self, keep: Path) -> None:
        self.kinds: Counter[str] = Counter()
        self._keep = keep

    def note(self, error: Exception, written: Written) -> None:
        text = str(error) if isinstance(error, Violation) else traceback.format_exc()
        lines = [line for line in text.strip().splitlines() if line.strip(" ^~")] or ["?"]
        at = [line.strip() for line in lines if line.lstrip().startswith("File ")]
        where = re.sub(r".*/", "", at[-1]) if at else ""
        kind = f"{lines[-1].strip()[:160]} {where}"
        self.kinds[kind] += 1
        if self.kinds[kind] == 1:
            folder = self._keep / str(len(self.kinds))
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "violation.txt").write_text(text, errors="backslashreplace")
            for name, data in written.files.items():
                (folder / name).write_bytes(data)
            print(f"{folder}: {kind}".encode(errors="backslashreplace").decode(), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=sys.maxsize, help="default: without end")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after these")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=_KINDS, default="made", help="default: made")
    parser.add_argument("--every", type=int, default=200, help="run the command for each Nth case")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "oasmith-fuzz")
    arguments = parser.parse_args()
    broken = _Broken(arguments.keep)
    cases = 0
    start = time.monotonic()

    with tempfile.TemporaryDirectory() as temporary, Judge(Path(temporary)) as judge:

        def examine(written: Written) -> None:
            nonlocal cases
            cases += 1
            try:
                judge.examine(written, wholly=cases % arguments.every == 0)
            except AssertionError as error:
                broken.note(error, written)
            except ChildProcessError:
                raise
            except Exception as error:  # noqa: BLE001 - a traceback is a broken promise
                broken.note(error, written)

        def report() -> None:
            used = os.times()
            cpu = used.user + used.system + used.children_user + used.children_system
            print(
                f"{cases:,} cases ({judge.packages:,} packages, {judge.refusals:,} refusals) in "
                f"{time.monotonic() - start:,.0f} s, {cpu:,.0f} s of CPU; "
                f"{len(broken.kinds)} kinds of violations, {broken.kinds.total():,} cases",
                flush=True,
            )

        number = arguments.seed
        try:
            while cases < arguments.cases and time.monotonic() - start < arguments.seconds:
                number += 1
                chunk = settings(
                    max_examples=min(_CHUNK, arguments.cases - cases),
                    database=None,
                    deadline=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                seed(number)(chunk(given(_KINDS[arguments.kind]())(examine)))()
                if number % 4 == 0:
                    report()
        except KeyboardInterrupt:
            pass
        report()
    return 1 if broken.kinds else 0


if __name__ == "__main__":
    sys.exit(main())
