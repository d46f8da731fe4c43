"""Steps of counting a numerator or denominator, recorded for `explain`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cf_pipeline.kpi.definitions.sides import Side

IN_HISTORY, NOT_WITHDRAWN, IN_PERIOD = "in the history", "not withdrawn since", "in the period"
DATES_READ = "every date that it needs can be read"
HAS_VALUE, WITHIN = "{} is known", "child counted in {}"
EACH_CHILD_ONCE, IN_ANY_LIST = "each child once", "counted in any of the lists"
FIRST_STEPS = (IN_HISTORY, IN_ANY_LIST)
"""Steps that start with rows of their own, so they leave none out."""

StepListener = Callable[[Side, str, int], None]
"""Receives, after each step of a side, what had to hold and how many rows remain."""


def no_trace(side: Side, words: str, rows: int) -> None:
    """Do nothing: no trace was requested."""


@dataclass(frozen=True)
class Step:
    """One step of counting: the list, what had to hold, the rows that remain and those left out.

    `list` is None where the rows of several lists are counted together.
    """

    list: str | None
    words: str
    rows: int
    left_out: int


@dataclass
class StepTrace:
    """The steps of one count, in their order; `add` is a StepListener."""

    steps: list[Step] = field(default_factory=list)

    def add(self, side: Side, words: str, rows: int) -> None:
        """Record a further step of a side."""
        rows_before = rows if words in FIRST_STEPS else self.steps[-1].rows
        self.steps.append(Step(single_list(side), words, rows, rows_before - rows))


def single_list(side: Side) -> str | None:
    """The list whose rows a side counts; None where it counts those of several together."""
    return None if len(side.parts) > 1 else side.table
