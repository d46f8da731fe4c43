"""What a command costs: CPU seconds of it and of its children, peak memory, and the unit B of CPU seconds.

B is `benchmarks/read.py --measure bare` on 200,000 rows: what calamine alone takes to read a large workbook.
It is measured in turn with what it is compared with, because a busy or slow machine changes both alike, and
because it moves by a tenth within minutes.

Belongs here: starting a command and reading its costs. Does not belong here: what is measured, or its bar.
Nothing heavy is imported: the peak memory of a new process is never below that of the one that starts it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = Path(sys.executable)
UNIT_ROWS = 200_000


class CommandError(Exception):
    """A measured command ended with an exit status that it may not have."""


@dataclass(frozen=True)
class Cost:
    """What a command took; `peak_mb` is that of whichever of its processes used most."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Ratio:
    """Median costs of a command, and of B measured in turn with it."""

    cost: Cost
    unit_seconds: float

    @property
    def in_units(self) -> float:
        """CPU seconds as a multiple of B."""
        return self.cost.cpu_seconds / self.unit_seconds


def measure_command(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    allowed: Sequence[int] = (0,),
) -> Cost:
    """Run a command to its end and return its costs; what it prints is shown only when it fails.

    CPU seconds are user and system time of the process and of every child that was waited for.

    Args:
        command: the program and its arguments; it runs in the folder of the project.
        environment: variables that it has beside those of this process.
        without: variables of this process that it has not.
        allowed: exit statuses that count as done.

    Raises:
        CommandError: its exit status is not one of those allowed.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in without}
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**inherited, **(environment or {})},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_seconds = time.perf_counter() - start
    if process.returncode not in allowed:
        shown = output.decode(errors="replace")[-4000:]
        raise CommandError(f"exit status {process.returncode}: {' '.join(map(str, command))}\n{shown}")
    return Cost(usage.ru_utime + usage.ru_stime, wall_seconds, usage.ru_maxrss / 1024)


def read_output(command: Sequence[str | Path], allowed: Sequence[int] = (0,)) -> str:
    """What a measuring command of its own prints.

    Raises:
        CommandError: its exit status is not one of those allowed.
    """
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in allowed:
        raise CommandError(
            f"exit status {done.returncode}: {' '.join(map(str, command))}\n{done.stderr[-4000:]}"
        )
    return done.stdout


def measure_unit(workbook: Path) -> float:
    """CPU seconds of B on a workbook of `UNIT_ROWS` rows."""
    script = ROOT / "benchmarks" / "read.py"
    return measure_command([PYTHON, script, "--measure", "bare", workbook]).cpu_seconds


def measure_in_turn(measure: Callable[[], Cost], workbook: Path, times: int) -> Ratio:
    """Measure B and a command alternately; returns the median of each.

    Args:
        measure: prepares and runs the command once; what it returns is the command's cost alone.
        workbook: what B reads.
        times: how many pairs.
    """
    pairs = [(measure_unit(workbook), measure()) for _ in range(times)]
    return Ratio(median_cost([cost for _, cost in pairs]), statistics.median(unit for unit, _ in pairs))


def median_cost(costs: Sequence[Cost]) -> Cost:
    """The median of CPU and of wall seconds, and the largest peak of memory."""
    return Cost(
        statistics.median(cost.cpu_seconds for cost in costs),
        statistics.median(cost.wall_seconds for cost in costs),
        max(cost.peak_mb for cost in costs),
    )
