"""The steps of counting a side, for those who ask how a figure came about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cf_pipeline.kpi.definitions.sides import Side

IN_HISTORY, NOT_WITHDRAWN, IN_PERIOD = "in the history", "not withdrawn since", "in the period"
HAS_VALUE, WITHIN = "{} is known", "child counted in {}"
EACH_CHILD_ONCE, IN_ANY_LIST = "each child once", "counted in any of the lists"
FIRST = (IN_HISTORY, IN_ANY_LIST)
"""Steps that start from rows of their own, so they leave none out."""

Left = Callable[[Side, str, int], None]
"""Told, after each step of a side, what had to hold and how many rows were left."""


def ignored(side: Side, words: str, rows: int) -> None:
    """Nobody asks for the steps."""


@dataclass(frozen=True)
class Step:
    """One step of counting: the list, what had to hold, how many rows were left and how many left out.

    `list` is None where the rows of several lists are counted together.
    """

    list: str | None
    words: str
    rows: int
    left_out: int


@dataclass
class Steps:
    """The steps told so far, in the order they were taken."""

    taken: list[Step] = field(default_factory=list)

    def left(self, side: Side, words: str, rows: int) -> None:
        """A further step of a side, told as `Left` says."""
        before = rows if words in FIRST else self.taken[-1].rows
        self.taken.append(Step(list_of(side), words, rows, before - rows))


def list_of(side: Side) -> str | None:
    """The list whose rows a side counts; None where it counts those of several together."""
    return None if len(side.parts) > 1 else side.table
