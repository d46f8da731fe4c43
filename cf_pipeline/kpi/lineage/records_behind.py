"""Records behind every total: one row for each counted record, so a count equals its number of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.tables.core_tables import team_column
from cf_pipeline.history.text_categories import OWN_TEXT
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side
from cf_pipeline.kpi.measure.counted_records import LIST, CountedRecords
from cf_pipeline.kpi.measure.periods import BASES, Periods, first_reason, has_reason
from cf_pipeline.kpi.measure.quarterly import periods_to_measure, prepare_counter

Positions = npt.NDArray[np.int64]
"""A position for each row."""
NUMERATOR, DENOMINATOR = "numerator", "denominator"
MEMBERS = table_contract("kpi/members")
RECORD_COLUMNS = ["person_ref", "record_key", "list", "team"]


def find_records_behind(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], only: Collection[str] | None = None
) -> pd.DataFrame:
    """Find every record that a KPI's total counts, in each complete quarter, year to date and year.

    Args:
        tables: the core tables of one authority.
        registry: the KPIs.
        only: ids of the KPIs to search; all of the registry when None.

    Returns:
        The columns of MEMBERS; `member_no` counts from 1 within a figure's numerator or denominator. A
        median or average has its records as denominator. Populations have no records.
    """
    return records_behind_counted(prepare_counter(tables, registry), only).members


def records_behind_counted(
    counter: RecordCounter, only: Collection[str] | None = None, bases: Iterable[str] = BASES
) -> RecordsBehind:
    """Find every record that a KPI's total counts on some bases; `counter` as `prepare_counter` makes it."""
    periods = periods_to_measure(counter, bases)
    kpis = [kpi for kpi in counter.registry.values() if only is None or kpi.id in only]
    sides = [
        side
        for position, kpi in enumerate(kpis)
        for side in _count_kpi(counter, kpi, periods, position)
        if len(side.records)
    ]
    return _order_records(sides, periods)


@dataclass(frozen=True)
class RecordsOfSide:
    """The records that one side of a KPI counts; `table` is the name of its list.

    `position` is that of the KPI among those that are counted.
    """

    kpi_id: str
    position: int
    role: str
    table: str
    records: CountedRecords


@dataclass(frozen=True)
class RecordsBehind:
    """The records that totals count: KPI by KPI, in each basis by basis, role, period, child and record.

    Attributes:
        sides: what is counted.
        periods: the periods in which it is counted.
        records: person_ref, record_key, list and team of the records of all tables, as categories.
        side: of each counted record the position of its side.
        period: that of its period.
        row: that of its row in `records`.
    """

    sides: list[RecordsOfSide]
    periods: Periods
    records: pd.DataFrame
    side: Positions
    period: Positions
    row: Positions

    @cached_property
    def members(self) -> pd.DataFrame:
        """One row for each counted record: the columns of MEMBERS."""
        sides, periods = self.sides, self.periods
        columns = {
            "quarter_key": _repeat_texts(periods.keys, self.period),
            "basis": _repeat_texts(periods.bases, self.period),
            "kpi_id": _repeat_texts([side.kpi_id for side in sides], self.side),
            "role": _repeat_texts([side.role for side in sides], self.side),
            "member_no": pd.array(self._numbers_from_one(), dtype="Int64"),
        }
        columns |= {name: self.records[name].array.take(self.row) for name in RECORD_COLUMNS}
        return MEMBERS.cast(pd.DataFrame(columns, copy=False))

    def _numbers_from_one(self) -> Positions:
        """The number of each record within its figure."""
        is_new_figure = (self.side[1:] != self.side[:-1]) | (self.period[1:] != self.period[:-1])
        position = np.arange(len(self.side))
        first = np.maximum.accumulate(np.where(np.append(True, is_new_figure), position, 0))
        return np.asarray(position - first + 1)


def _count_kpi(counter: RecordCounter, kpi: Kpi, periods: Periods, position: int) -> list[RecordsOfSide]:
    numerator = count_side(counter, kpi.numerator, periods)
    reasons = numerator.reasons
    # A median or average is taken of the values of its records, whose number is the published denominator.
    sides = [(DENOMINATOR if kpi.numerator.value else NUMERATOR, kpi.numerator, numerator.records)]
    if kpi.denominator is not None:
        denominator = count_side(counter, kpi.denominator, periods)
        reasons = first_reason(reasons, denominator.reasons)
        sides.append((DENOMINATOR, kpi.denominator, denominator.records))
    known = ~has_reason(reasons)
    return [
        RecordsOfSide(kpi.id, position, role, side.table, records.where(known[records.period]))
        for role, side, records in sides
        if side.sum is None and "person_ref" in records.columns
    ]


def _order_records(sides: list[RecordsOfSide], periods: Periods) -> RecordsBehind:
    """The records of all sides in the order of `RecordsBehind`."""
    if not sides:
        return RecordsBehind(sides, periods, MEMBERS.empty(), *np.zeros((3, 0), dtype="int64"))
    records, row = _all_records(sides)
    rank = _rank_records(records)
    period = np.concatenate([side.records.period for side in sides])
    side_position = np.repeat(np.arange(len(sides)), [len(side.records) for side in sides])
    kpi = np.array([side.position for side in sides])
    # The place of each figure, a side in a period, among all: KPI by KPI, basis by basis, side by side.
    figure_side, figure_period = np.indices((len(sides), len(periods))).reshape(2, -1)
    figures = np.lexsort(
        (figure_period, figure_side, periods.part_positions[figure_period], kpi[figure_side])
    )
    place = np.argsort(figures)
    by_record = _stable_order(rank[row])
    figure = place[side_position[by_record] * len(periods) + period[by_record]]
    order = by_record[_stable_order(figure)]
    return RecordsBehind(sides, periods, records, side_position[order], period[order], row[order])


def _rank_records(records: pd.DataFrame) -> Positions:
    """The place of each record among all by child and record key, those without one last."""
    child, key = (records[name].cat for name in ("person_ref", "record_key"))
    number = child.codes.to_numpy(dtype="int64") % (len(child.categories) + 1) * (len(key.categories) + 1)
    number += key.codes.to_numpy(dtype="int64") % (len(key.categories) + 1)
    return np.unique(number, return_inverse=True)[1]


def _repeat_texts(texts: Sequence[str], positions: Positions) -> pd.Categorical:
    """The texts at some positions; one that is there several times is one category."""
    codes, categories = pd.factorize(np.array(texts, dtype=object))
    return pd.Categorical.from_codes(codes, pd.Index(categories, dtype="str")).take(positions)


def _stable_order(numbers: npt.NDArray[np.integer[Any]]) -> Positions:
    """The order of some whole numbers from 0, equal ones as they come; numbers of two bytes sort fastest."""
    return np.argsort(numbers.astype(np.min_scalar_type(int(numbers.max(initial=0)))), kind="stable")


def _all_records(sides: list[RecordsOfSide]) -> tuple[pd.DataFrame, Positions]:
    """The records of every table, once however many KPIs count it, and the position of each counted one."""
    tables: dict[int, tuple[pd.DataFrame, str]] = {}
    for side in sides:
        tables.setdefault(id(side.records.table), (side.records.table, side.table))
    offsets, size = {}, 0
    for key, (table, _) in tables.items():
        offsets[key], size = size, size + len(table)
    parts = [_identify_records(table, name) for table, name in tables.values()]
    records = {
        column: pd.concat([part[column] for part in parts], ignore_index=True).astype("category")
        for column in RECORD_COLUMNS
    }
    rows = [side.records.row + offsets[id(side.records.table)] for side in sides]
    return pd.DataFrame(records), np.concatenate(rows)


def _identify_records(table: pd.DataFrame, name: str) -> dict[str, pd.Series]:
    """The child, record key, list and team of each row; a table of several lists has the list of each row."""
    team = team_column(name)
    columns = {
        "person_ref": table["person_ref"],
        "record_key": table["record_key"],
        "list": table[LIST] if LIST in table.columns else pd.Series(name, table.index),
        "team": pd.Series(None, table.index) if team is None else table[OWN_TEXT + team],
    }
    return {column: texts.astype("str") for column, texts in columns.items()}
