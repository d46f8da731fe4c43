"""What every case is given: where to work, what B reads, and how often to measure."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost import Cost, Ratio, measure_in_turn
from benchmarks.project import Project


@dataclass(frozen=True)
class Plan:
    """The folder of the measurement, the workbook that B reads, the repetitions.

    `is_quick` is for a look: fewer and smaller councils, whose figures are not those of the bars.
    """

    folder: Path
    unit_workbook: Path
    times: int
    is_quick: bool

    def project(self, name: str, settings: Mapping[str, str] | None = None) -> Project:
        """An empty project of that name."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return Project(folder, settings or {})

    def measure(self, measure: Callable[[], Cost], times: int | None = None) -> Ratio:
        """Median costs of a command, B measured in turn."""
        return measure_in_turn(measure, self.unit_workbook, times or self.times)
