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

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.list_contract import UNREAD_DATES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.derived.reviews import REVIEW_DUTIES, REVIEWED_UNTIL, newest_reviewed_until
from cf_pipeline.history.tables.core_tables import states_table
from cf_pipeline.kpi.definitions.conditions import Condition
from cf_pipeline.kpi.definitions.needs import dates_read
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


def first_of_each_child(records: CountedRecords, order: Sequence[str]) -> CountedRecords:
    """The first record of each child and period, sorted by the columns of `order`; as they come without."""
    if not len(records):
        return records
    found = records.frame(["period", "person_ref", *order])
    if order:
        found = found.sort_values(["period", *order])
    found = found.drop_duplicates(["period", "person_ref"])
    return records.at(found.index.to_numpy(dtype="int64"))


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


def state_at_end(
    list_name: str,
    records: CountedRecords,
    states: pd.DataFrame,
    column: str,
    nearest: Sequence[str | None],
) -> pd.Series:
    """A column of each record as the delivery near its period's end has it; missing without such a delivery.

    A case closed between the period's end and that delivery keeps its last status before
    (docs/rulings.md#3).

    Args:
        list_name: their list.
        records: the counted records.
        states: record_key, delivery_id, as_at and the state columns of every record in every delivery.
        column: the state column.
        nearest: the delivery near the end of each period.
    """
    contract = list_contracts()[list_name]
    position = _position_of_state(records, states, nearest)
    value = _take_or_missing(states[column], position)
    closed_codes = contract.closed_codes.get(column)
    if closed_codes is None or contract.end_date is None:
        return value
    is_closed = value.isin(closed_codes) | _take_or_missing(states[contract.end_date], position).notna()
    earlier = states[~states[column].isin(closed_codes) & states[column].notna()]
    pairs = (
        records.frame(["record_key"])[is_closed]
        .assign(row=records.index[is_closed], until=_take_or_missing(states["as_at"], position)[is_closed])
        .merge(earlier[["record_key", "as_at", column]], on="record_key")
    )
    before = pairs[pairs["as_at"] < pairs["until"]].sort_values("as_at").groupby("row")[column].last()
    return value.where(~is_closed, before.reindex(records.index))


def _position_of_state(
    records: CountedRecords, states: pd.DataFrame, nearest: Sequence[str | None]
) -> Positions:
    """The position of each record's state in the delivery near its period's end; -1 where there is none."""
    key, keys = pd.factorize(states["record_key"])
    delivery, deliveries = pd.factorize(states["delivery_id"])
    of_period = deliveries.get_indexer(pd.Index(list(nearest), dtype="str"))[records.period]
    of_record = keys.get_indexer(pd.Index(records["record_key"]))
    number = key * len(deliveries) + delivery
    order = np.argsort(number)
    wanted = np.where((of_record < 0) | (of_period < 0), -1, of_record * len(deliveries) + of_period)
    if not len(order):
        return np.full(len(wanted), -1)
    place = np.minimum(np.searchsorted(number[order], wanted), len(order) - 1)
    return np.where(number[order][place] == wanted, order[place], -1)


def _take_or_missing(values: pd.Series, position: Positions) -> pd.Series:
    """The values at some positions, missing at -1; with the index 0, 1, 2, ..."""
    return pd.Series(values.array.take(position, allow_fill=True))


def has_unread_date(table: pd.DataFrame, side: Side) -> npt.NDArray[np.bool_]:
    """Which rows of a table have a date filled and unread that a side needs (docs/rulings.md#22)."""
    if UNREAD_DATES not in table.columns or table[UNREAD_DATES].isna().all():
        return np.zeros(len(table), dtype=bool)
    dates = (*dates_read(side), *side.other_dates)
    found: npt.NDArray[np.bool_] = is_unread(table[UNREAD_DATES], dates).to_numpy(dtype=bool)
    return found


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
