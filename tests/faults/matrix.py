"""The rows of the fault matrix: so many trials each, and what was wrong with any of them.

FAULTS=quick    a few trials of each row (minutes); without it all of them (an hour)
FAULT_SEED=n    the moments and places of an earlier matrix, which prints its seed
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

IS_QUICK = os.environ.get("FAULTS") == "quick"
SEED = int(os.environ.get("FAULT_SEED") or time.time())


@dataclass
class Row:
    """One kind of fault: how many trials ended well, and the faults found in the others."""

    name: str
    trials: int = 0
    good: int = 0
    faults: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def add(self, trial: str, faults: Sequence[str]) -> None:
        """Count a trial, and keep what was wrong with it."""
        self.trials += 1
        self.good += not faults
        self.faults += [f"{trial}: {fault}" for fault in faults]

    def __str__(self) -> str:
        return "; ".join([f"{self.name}: {self.good} of {self.trials}", *self.figures])


MATRIX: list[Row] = []
"""Every row so far, in order; printed at the end of the tests."""


@contextmanager
def row(name: str) -> Iterator[Row]:
    """A row of the matrix: fails at its end with every fault found, and never without a trial."""
    made = Row(name)
    MATRIX.append(made)
    yield made
    print(f"\n{made} (FAULT_SEED={SEED})", flush=True)
    assert made.trials, "no trial was made"
    assert not made.faults, "\n".join([f"FAULT_SEED={SEED}", *made.faults])


def count(full: int, quick: int) -> int:
    """How many trials this time."""
    return quick if IS_QUICK else full


def dice(name: str, trial: int) -> random.Random:
    """What decides the moment or the place of a trial; the same for the same seed."""
    return random.Random(f"{SEED} {name} {trial}")
