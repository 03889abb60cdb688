"""What a command costs: CPU seconds and peak memory of it and everything it starts.

CPU seconds, because wall time says more about the machine's other work. Cases take turns, so that
a slow minute of the machine slows all of them; medians, because of the rest.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

# Not from conftest, which imports pytest: the system counts the memory of who starts a process
# towards that process's peak, so this one stays small.
REPO = Path(__file__).resolve().parents[2]
SHARED = REPO.parent / "shared"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run: CPU (user and system) and wall seconds, peak resident memory in MB, output."""

    cpu: float
    wall: float
    rss: float
    output: str


def run(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run the command to its end.

    Exits the benchmark with the command's output if it fails: the figures would mean nothing.
    """
    # Without bytecode every run would compile what it imports, which users do not do.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        actions = [(os.POSIX_SPAWN_DUP2, output.fileno(), fd) for fd in (1, 2)]
        before = Path.cwd()
        os.chdir(cwd)
        try:
            pid = os.posix_spawn(
                command[0],
                list(map(str, command)),
                {**inherited, **(env or {})},
                file_actions=actions,
            )
        finally:
            os.chdir(before)
        # What wait4 answers includes the processes that the command itself waited for.
        _, status, used = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        output.seek(0)
        text = output.read().decode(errors="replace")
    if code := os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(map(str, command))}: exit code {code}\n{text[-4000:]}")
    per_mb = 1024 if sys.platform != "darwin" else 1024**2
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / per_mb, text)


Case: TypeAlias = Callable[[], Cost]


def take_turns(cases: Mapping[str, Case], runs: int) -> dict[str, list[Cost]]:
    """Run every case once to warm up, then `runs` times in turns."""
    for case in cases.values():
        case()
    costs: dict[str, list[Cost]] = {name: [] for name in cases}
    for _ in range(runs):
        for name, case in cases.items():
            costs[name].append(case())
    return costs


def table(costs: Mapping[str, list[Cost]], reference: str) -> str:
    """Return a table of the medians, with each case's CPU as a multiple of the reference's."""
    width = max(len(name) for name in costs)
    base = statistics.median(cost.cpu for cost in costs[reference])
    lines = [f"{'':{width}}  {'CPU s':>7}  {'least':>7}  {'wall s':>7}  {'MB':>5}  {'ratio':>6}"]
    for name, all_costs in costs.items():
        cpu = statistics.median(cost.cpu for cost in all_costs)
        least = min(cost.cpu for cost in all_costs)
        wall = statistics.median(cost.wall for cost in all_costs)
        rss = statistics.median(cost.rss for cost in all_costs)
        lines.append(
            f"{name:{width}}  {cpu:7.3f}  {least:7.3f}  {wall:7.3f}  {rss:5.0f}  {cpu / base:6.2f}"
        )
    return "\n".join(lines)
