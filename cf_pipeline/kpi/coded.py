"""Categories as whole numbers: a million rows are counted by number, not by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class Coded:
    """The category of each member as the position of its name; names are in their sorted order."""

    names: list[str]
    codes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, categories: pd.Series) -> Coded:
        """The categories of some members, none of them missing."""
        codes, names = pd.factorize(categories, sort=True)
        return cls([str(name) for name in names], codes.astype("int64"))

    def among(self, names: list[str]) -> npt.NDArray[np.int64]:
        """The positions in another list of names that holds every one of these."""
        if names == self.names:
            return self.codes
        place = {name: position for position, name in enumerate(names)}
        return np.array([place[name] for name in self.names], dtype="int64")[self.codes]

    @classmethod
    def named(cls, names: Sequence[str], codes: npt.NDArray[np.int64]) -> Coded:
        """The categories of some members whose names stand in any order, a name perhaps twice."""
        met = np.flatnonzero(np.bincount(codes, minlength=len(names))).tolist()
        if len(met) == len(names) and list(names) == sorted(set(names)):
            return cls(list(names), codes)
        ordered = sorted({names[position] for position in met})
        place = np.zeros(len(names), dtype="int64")
        place[met] = [ordered.index(names[position]) for position in met]
        return cls(ordered, place[codes])

    def taken(self, rows: npt.NDArray[np.int64]) -> Coded:
        """The categories of some of the members; only names that are met."""
        return Coded.named(self.names, self.codes.take(rows))
