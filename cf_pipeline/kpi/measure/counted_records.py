"""Counted records: which rows of a table count in which period.

A table of a million rows has thirty columns, of which a KPI reads three. So a counted record is the position
of its row and of its period; a column is taken from the table when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.history.derived.reviews import REVIEW_DUTIES, REVIEWED_UNTIL, newest_reviewed_until
from cf_pipeline.history.tables.core_tables import states_table
from cf_pipeline.kpi.definitions.conditions import Condition
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.periods import Periods

LIST = "_list"
"""Column of records of several lists: the list of each."""
Positions = npt.NDArray[np.int64]


class CountedRecords:
    """Rows of a table with the period in which each counts, both by position, and assigned columns.

    `records[name]` is a column of the table, `period` (a position), `period_start`, `period_end`, or an
    assigned column; all have the index 0, 1, 2, ...
    """

    def __init__(
        self,
        table: pd.DataFrame,
        row: Positions,
        period: Positions,
        periods: Periods,
        further_columns: dict[str, pd.Series | str] | None = None,
    ) -> None:
        """Records of `table`; in `further_columns` a text names the column that the new one repeats."""
        self.table, self.row, self.period, self.periods = table, row, period, periods
        self._assigned = dict(further_columns or {})
        self._columns_read: dict[str, pd.Series] = {}

    def __len__(self) -> int:
        """The number of records."""
        return len(self.row)

    @property
    def index(self) -> pd.RangeIndex:
        """The index of every column."""
        return pd.RangeIndex(len(self.row))

    @property
    def further_columns(self) -> Iterable[str]:
        """The names of the columns that are not the table's, or stand in place of one of its own."""
        return self._assigned.keys()

    @property
    def columns(self) -> set[str]:
        """The names of all columns."""
        return {*self.table.columns, *self._assigned, "period", "period_start", "period_end"}

    def __getitem__(self, name: str) -> pd.Series:
        """One column."""
        if name in self._assigned:
            assigned = self._assigned[name]
            return self[assigned] if isinstance(assigned, str) else assigned
        if name not in self._columns_read:
            self._columns_read[name] = self._read_column(name)
        return self._columns_read[name]

    def _read_column(self, name: str) -> pd.Series:
        if name == "period":
            return pd.Series(self.period)
        if name in ("period_start", "period_end"):
            days = self.periods.starts if name == "period_start" else self.periods.ends
            return pd.Series(days[self.period].astype("datetime64[us]"))
        return pd.Series(self.table[name].array.take(self.row), name=name, copy=False)

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Some columns as a DataFrame."""
        return pd.DataFrame({name: self[name] for name in names})

    def whole_frame(self) -> pd.DataFrame:
        """The columns of the table and the assigned ones as a DataFrame."""
        assigned = {name: self[name] for name in self._assigned}
        return self.table.take(self.row).reset_index(drop=True).assign(**assigned)

    def where(self, mask: Any) -> CountedRecords:
        """The records for which a boolean array is true."""
        return self.at(np.flatnonzero(np.asarray(mask, dtype=bool)))

    def at(self, positions: Positions) -> CountedRecords:
        """The records at some positions, in that order."""
        if len(positions) == len(self) and (positions == np.arange(len(self))).all():
            return self
        assigned = {
            name: values if isinstance(values, str) else values.take(positions).reset_index(drop=True)
            for name, values in self._assigned.items()
        }
        return CountedRecords(self.table, self.row[positions], self.period[positions], self.periods, assigned)

    def assign(self, **columns: pd.Series | str) -> CountedRecords:
        """The records with further columns; a text names the column that the new one repeats."""
        if not columns:
            return self
        return CountedRecords(self.table, self.row, self.period, self.periods, self._assigned | columns)


def no_records(table: pd.DataFrame, periods: Periods) -> CountedRecords:
    """No row of a table in any period."""
    nowhere = np.zeros(0, dtype="int64")
    return CountedRecords(table, nowhere, nowhere, periods)


def needs_period(condition: Condition) -> bool:
    """Whether a condition can only be evaluated once a row has a period or its prefixed columns."""
    return condition.needs_period or any(name.startswith((AT_END, PERSON)) for name in condition.columns)


def age_day(side: Side, records: CountedRecords) -> pd.Series | str:
    """The day on which the age of each record's child is taken, or the column that holds it."""
    if side.date is not None:
        return side.date
    if side.overlaps is not None:
        return records.frame([side.overlaps[0], "period_start"]).max(axis=1)
    return "period_end"


def add_empty_columns(
    side: Side, records: CountedRecords, columns: Iterable[str], tables: dict[str, pd.DataFrame]
) -> CountedRecords:
    """No records with those prefixed columns that are not there yet: `at_end.` and `person.`."""
    found = {}
    for name in set(columns) - set(records.columns):
        if name.startswith(PERSON):
            found[name] = tables["person"][name.removeprefix(PERSON)].iloc[:0]
        elif name.startswith(AT_END):
            found[name] = tables[states_table(side.table)][name.removeprefix(AT_END)].iloc[:0]
    return records.assign(**{name: column.reset_index(drop=True) for name, column in found.items()})


def concat_records(parts: Sequence[tuple[str, CountedRecords]]) -> CountedRecords:
    """Records of several tables as records of one table, in the order of the parts.

    Args:
        parts: the list's name and its records; the table that is made keeps the name as `_list`.
    """
    filled = [part for part in parts if len(part[1])] or list(parts[:1])
    frames = [records.whole_frame() for _, records in filled]
    with_list = [
        frame if LIST in frame.columns else frame.assign(**{LIST: name})
        for frame, (name, _) in zip(frames, filled, strict=True)
    ]
    table = pd.concat(with_list, ignore_index=True)
    period = np.concatenate([records.period for _, records in filled])
    return CountedRecords(table, np.arange(len(table)), period, filled[0][1].periods)


def first_of_each_child(
    records: CountedRecords, child: Positions, ranks: Positions | None = None
) -> CountedRecords:
    """The first record of each child and period.

    Args:
        records: the records.
        child: a number for the child of each row of their table; -1 without one.
        ranks: the place of each row of their table among all; without it records stay as they come.
    """
    row, period = records.row, records.period
    order = np.arange(len(row)) if ranks is None else np.lexsort((ranks[row], period))
    number = period * (child.max(initial=0) + 2) + child[row] + 1
    is_first = ~pd.Series(number[order]).duplicated().to_numpy()
    return records.at(order[is_first])


def first_of_each_child_in_any(
    parts: Sequence[tuple[str, CountedRecords]],
) -> list[tuple[str, CountedRecords]]:
    """Records of several lists less those of a child that an earlier part has in the same period.

    Args:
        parts: the list's name and its records, as `concat_records` takes them.
    """
    frames = [records.frame(["period", "person_ref"]) for _, records in parts]
    is_first = ~pd.concat(frames, ignore_index=True).duplicated().to_numpy()
    ends = np.cumsum([len(frame) for frame in frames])
    masks = np.split(is_first, ends[:-1])
    return [(name, records.where(mask)) for (name, records), mask in zip(parts, masks, strict=True)]


def use_newest_reviews(
    side: Side,
    records: CountedRecords,
    columns: Iterable[str],
    tables: dict[str, pd.DataFrame],
    availability: Availability,
) -> CountedRecords:
    """The records; of newest reviews alone, those known at each period's end decide `reviewed_until_date`.

    Source: docs/rulings.md#26.

    Args:
        side: the numerator or denominator that counts the records.
        records: its records.
        columns: the columns that are read.
        tables: the core tables.
        availability: what the deliveries cover.
    """
    duty = REVIEW_DUTIES.get(side.table) if REVIEWED_UNTIL in columns else None
    if duty is None or not availability.is_newest_alone(duty.reviews):
        return records
    rows = records.frame(["person_ref", duty.start, duty.end, "period_end"])
    return records.assign(**{REVIEWED_UNTIL: newest_reviewed_until(side.table, rows, tables)})
