"""Steps of counting a numerator or denominator, recorded for `explain`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.counted_records import CountedRecords

IN_HISTORY, NOT_WITHDRAWN, IN_PERIOD = "in the history", "not withdrawn since", "in the period"
DATES_READ = "every date that it needs can be read"
HAS_VALUE, WITHIN = "{} is known", "child counted in {}"
EACH_CHILD_ONCE, IN_ANY_LIST = "each child once", "counted in any of the lists"
FIRST_STEPS = (IN_HISTORY, IN_ANY_LIST)
"""Steps that start with rows of their own, so they leave none out."""


@dataclass(frozen=True)
class SelectedRows:
    """The rows of a table for which an array is true; every row without one."""

    table: pd.DataFrame
    is_selected: npt.NDArray[np.bool_] | None = None

    @property
    def row(self) -> npt.NDArray[np.int64]:
        """Their positions."""
        return np.arange(len(self.table)) if self.is_selected is None else np.flatnonzero(self.is_selected)


KeptRows = SelectedRows | CountedRecords
"""A table, and the positions of the rows that remain in it: `table` and `row`."""
StepListener = Callable[[Side, str, KeptRows], None]
"""Receives, after each step of a side, what had to hold and which rows remain."""


def no_trace(side: Side, words: str, rows: KeptRows) -> None:
    """Do nothing: no trace was requested."""


@dataclass(frozen=True)
class Step:
    """One step of counting: the list, what had to hold, the rows that remain and those left out.

    `list` is None where the rows of several lists are counted together; `kept` are the rows themselves.
    """

    list: str | None
    words: str
    rows: int
    left_out: int
    kept: KeptRows = field(compare=False, repr=False)


@dataclass
class StepTrace:
    """The steps of one count, in their order; `add` is a StepListener."""

    steps: list[Step] = field(default_factory=list)

    def add(self, side: Side, words: str, rows: KeptRows) -> None:
        """Record a further step of a side."""
        number = len(rows.row)
        number_before = number if words in FIRST_STEPS else self.steps[-1].rows
        self.steps.append(Step(single_list(side), words, number, number_before - number, rows))


def single_list(side: Side) -> str | None:
    """The list whose rows a side counts; None where it counts those of several together."""
    return None if len(side.parts) > 1 else side.table
