"""Categories as whole numbers: a million rows are counted by number, not by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

UNKNOWN = "unknown"
"""The category of a member of which nothing is recorded."""


@dataclass(frozen=True)
class Coded:
    """The category of each member as the position of its name; names are in their sorted order."""

    names: list[str]
    codes: npt.NDArray[np.integer[Any]]

    @classmethod
    def of(cls, categories: pd.Series) -> Coded:
        """The categories of some members; a missing one is UNKNOWN."""
        every = cls.every(categories)
        return cls.named(every.names, every.codes)

    @classmethod
    def every(cls, categories: pd.Series) -> Coded:
        """The same with all the names that the column may have, in whatever order, to take members from."""
        numbered = pd.Categorical(categories)
        names, codes = [str(name) for name in numbered.categories], numbered.codes
        is_missing = codes < 0
        if not is_missing.any():
            return cls(names, codes)
        return cls([*names, UNKNOWN], np.where(is_missing, len(names), codes))

    def among(self, names: list[str]) -> npt.NDArray[np.integer[Any]]:
        """The positions in another list of names that holds every one of these."""
        if names == self.names:
            return self.codes
        place = {name: position for position, name in enumerate(names)}
        return np.array([place[name] for name in self.names], dtype="int64").take(self.codes)

    @classmethod
    def named(cls, names: Sequence[str], codes: npt.NDArray[np.integer[Any]]) -> Coded:
        """The categories of some members whose names stand in any order, a name perhaps twice."""
        met = np.flatnonzero(np.bincount(codes, minlength=len(names))).tolist()
        if len(met) == len(names) and list(names) == sorted(set(names)):
            return cls(list(names), codes)
        ordered = sorted({names[position] for position in met})
        place = np.zeros(len(names), dtype="int64")
        ranks = {name: rank for rank, name in enumerate(ordered)}
        place[met] = [ranks[names[position]] for position in met]
        return cls(ordered, place.take(codes))

    def taken(self, rows: npt.NDArray[np.int64]) -> Coded:
        """The categories of some of the members; only names that are met."""
        return Coded.named(self.names, self.codes.take(rows))
