"""Rows that grow quarter by quarter: named numpy columns of one length.

Belongs here: keeping the columns together. Does not belong here: the meaning of a column.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cf_pipeline.sample.system.days import Days, Flags, Ints

Texts = npt.NDArray[np.object_]

_ABSENT: dict[str, Any] = {"M": np.datetime64("NaT"), "i": -1, "b": False, "f": np.nan, "O": None}


class Records:
    """A table under construction. Absent values: NaT, -1, False, None by the column's dtype."""

    def __init__(self, **dtypes: str) -> None:
        self._columns: dict[str, npt.NDArray[Any]] = {
            name: np.empty(0, dtype=dtype) for name, dtype in dtypes.items()
        }

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._columns[name]

    def add(self, count: int, **values: Any) -> Ints:
        """Append `count` rows and return their row numbers; KeyError names an unknown column."""
        unknown = sorted(set(values) - set(self._columns))
        if unknown:
            raise KeyError(f"no column {', '.join(unknown)}")
        first = len(self)
        for name, column in self._columns.items():
            value = values.get(name, _ABSENT[column.dtype.kind])
            new = np.broadcast_to(np.asarray(value, dtype=column.dtype), (count,))
            self._columns[name] = np.concatenate([column, new])
        return np.arange(first, first + count)

    def rows_where(self, is_chosen: Flags) -> Ints:
        """The row numbers where the condition holds."""
        return np.flatnonzero(is_chosen)


def pick_rows(rng: np.random.Generator, rows: Ints, count: int) -> Ints:
    """At most `count` of the rows, drawn without replacement, in ascending order."""
    return np.sort(rng.permutation(rows)[: max(count, 0)])


def draw_codes(rng: np.random.Generator, codes: dict[str, float], count: int) -> Texts:
    """`count` codes drawn with the given weights."""
    weights = np.array(list(codes.values()))
    return rng.choice(np.array(list(codes), dtype=object), count, p=weights / weights.sum())


def texts_where(holds: Flags, texts: Any) -> Texts:
    """The texts where the condition holds, blank elsewhere."""
    chosen = np.full(len(holds), None, dtype=object)
    chosen[holds] = np.broadcast_to(np.asarray(texts, dtype=object), holds.shape)[holds]
    return chosen


class Timeline:
    """Dated events by owner, to look up those before a day.

    Owners and days become one sorted key, so that each lookup is one binary search.
    """

    def __init__(self, owner: Ints, day: Days) -> None:
        has_day = ~np.isnat(day)
        key = _key(owner[has_day], day[has_day])
        self.order = np.flatnonzero(has_day)[np.argsort(key, kind="stable")]
        self.keys = np.sort(key, kind="stable")

    def latest(self, owner: Ints, day: Days | np.datetime64) -> Ints:
        """Row number of the owner's latest event on or before the day, -1 when there is none."""
        place = np.searchsorted(self.keys, _key(owner, day), side="right") - 1
        if not len(self.keys):
            return np.full(len(owner), -1)
        row = self.order[np.maximum(place, 0)]
        is_same_owner = (place >= 0) & (self.keys[np.maximum(place, 0)] // _SPAN == owner)
        return np.where(is_same_owner, row, -1)

    def count(self, owner: Ints, first: Days, last: Days) -> Ints:
        """How many of the owner's events lie in [first, last]."""
        upper = np.searchsorted(self.keys, _key(owner, last), side="right")
        return np.asarray(upper - np.searchsorted(self.keys, _key(owner, first), side="left"))


_SPAN = 200_000


def _key(owner: Ints, day: Days | np.datetime64) -> Ints:
    number = (np.asarray(day, dtype="M8[D]") - np.datetime64("1900-01-01")).astype(np.int64)
    return np.asarray(owner * _SPAN + number, dtype=np.int64)
