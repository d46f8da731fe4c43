"""Counted rows: which rows of a table count in which period. Columns are fetched when they are read.

A table of a million rows has thirty columns, of which a KPI reads three; so members hold positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.kpi.measure.periods import Periods

LIST = "_list"
"""Column of joined members: the list that each one comes from."""
Positions = npt.NDArray[np.int64]


class Members:
    """Rows of a table by position, the period of each (its position too), and columns of their own.

    `members[name]` is a column of the table, `period`, `period_start`, `period_end`, or one that was
    assigned; all on the index 0, 1, 2, ...
    """

    def __init__(
        self,
        table: pd.DataFrame,
        row: Positions,
        period: Positions,
        periods: Periods,
        own: dict[str, pd.Series | str] | None = None,
    ) -> None:
        """Members of `table`; `own` holds assigned columns, or the name of the column that one repeats."""
        self.table, self.row, self.period, self.periods = table, row, period, periods
        self._own = dict(own or {})
        self._fetched: dict[str, pd.Series] = {}

    def __len__(self) -> int:
        """How many members there are."""
        return len(self.row)

    @property
    def index(self) -> pd.RangeIndex:
        """The index of every column."""
        return pd.RangeIndex(len(self.row))

    @property
    def columns(self) -> set[str]:
        """The columns there are."""
        return {*self.table.columns, *self._own, "period", "period_start", "period_end"}

    def __getitem__(self, name: str) -> pd.Series:
        """One column."""
        if name in self._own:
            own = self._own[name]
            return self[own] if isinstance(own, str) else own
        if name not in self._fetched:
            self._fetched[name] = self._fetch(name)
        return self._fetched[name]

    def _fetch(self, name: str) -> pd.Series:
        if name == "period":
            return pd.Series(self.period)
        if name in ("period_start", "period_end"):
            days = self.periods.starts if name == "period_start" else self.periods.ends
            return pd.Series(days[self.period].astype("datetime64[us]"))
        return self.table[name].take(self.row).reset_index(drop=True)

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Some columns side by side."""
        return pd.DataFrame({name: self[name] for name in names})

    def everything(self) -> pd.DataFrame:
        """All columns side by side."""
        own = {name: self[name] for name in self._own}
        return self.table.take(self.row).reset_index(drop=True).assign(**own)

    def where(self, holds: Any) -> Members:
        """The members for which a condition holds."""
        return self.at(np.flatnonzero(np.asarray(holds, dtype=bool)))

    def at(self, positions: Positions) -> Members:
        """The members at some positions, in that order."""
        if len(positions) == len(self) and (positions == np.arange(len(self))).all():
            return self
        own = {
            name: values if isinstance(values, str) else values.take(positions).reset_index(drop=True)
            for name, values in self._own.items()
        }
        return Members(self.table, self.row[positions], self.period[positions], self.periods, own)

    def assign(self, **columns: pd.Series | str) -> Members:
        """The members with further columns; a text names the column that the new one repeats."""
        if not columns:
            return self
        return Members(self.table, self.row, self.period, self.periods, self._own | columns)


def joined(parts: Sequence[tuple[str, Members]]) -> Members:
    """Members of several tables one after the other, as members of one table made of theirs.

    Each part comes with the name of its list, which the table keeps as `_list`.
    """
    filled = [part for part in parts if len(part[1])] or list(parts[:1])
    rows = [members.everything() for _, members in filled]
    lists = [
        each if LIST in each.columns else each.assign(**{LIST: name})
        for each, (name, _) in zip(rows, filled, strict=True)
    ]
    table = pd.concat(lists, ignore_index=True)
    period = np.concatenate([members.period for _, members in filled])
    return Members(table, np.arange(len(table)), period, filled[0][1].periods)


def first_of_each_child(members: Members, order: Sequence[str]) -> Members:
    """The first member of each child and period, in the order of some columns; None: as they come."""
    found = members.frame(["period", "person_ref", *order])
    if order:
        found = found.sort_values(["period", *order])
    found = found.drop_duplicates(["period", "person_ref"])
    return members.at(found.index.to_numpy(dtype="int64"))
