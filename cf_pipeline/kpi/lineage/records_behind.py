"""Records behind every total: one row for each counted record, so a count equals its number of rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.tables.core_tables import team_column
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side
from cf_pipeline.kpi.measure.counted_records import LIST, CountedRecords
from cf_pipeline.kpi.measure.periods import BASES, Periods, first_reason, has_reason, periods_of
from cf_pipeline.kpi.measure.quarterly import quarters_to_measure

Positions = npt.NDArray[np.int64]
"""A position for each row."""
NUMERATOR, DENOMINATOR = "numerator", "denominator"
MEMBERS = table_contract("kpi/members")


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
    counter = RecordCounter(tables, registry, Availability.from_tables(tables))
    quarters = quarters_to_measure(tables["deliveries"], tables["coverage"])
    sides = [
        side
        for kpi in registry.values()
        if only is None or kpi.id in only
        for basis in BASES
        for side in _count_kpi(counter, kpi, periods_of(quarters, basis))
        if len(side.records)
    ]
    return MEMBERS.cast(_number_records(sides)) if sides else MEMBERS.empty()


@dataclass(frozen=True)
class RecordsOfSide:
    """The records that one side of a KPI counts on one basis; `table` is the name of its list."""

    kpi_id: str
    role: str
    table: str
    periods: Periods
    records: CountedRecords


def _count_kpi(counter: RecordCounter, kpi: Kpi, periods: Periods) -> list[RecordsOfSide]:
    if not len(periods):
        return []
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
        RecordsOfSide(kpi.id, role, side.table, periods, records.where(known[records.period]))
        for role, side, records in sides
        if side.sum is None and "person_ref" in records.columns
    ]


def _number_records(sides: list[RecordsOfSide]) -> pd.DataFrame:
    """One row for each counted record, in the order of child and record within a figure.

    Until the last step a figure is a pair of numbers: the position of its side in `sides` and of its period.
    """
    records, row = _all_records(sides)
    rank = records.groupby(["person_ref", "record_key"], dropna=False).ngroup().to_numpy()
    period = np.concatenate([side.records.period for side in sides])
    side_position = np.repeat(np.arange(len(sides)), [len(side.records) for side in sides])
    order = np.lexsort((rank[row], period, side_position))
    row, period, side_position = row[order], period[order], side_position[order]
    figures = _figure_columns(sides, side_position, period)
    return pd.concat([figures, records.take(row).set_axis(figures.index)], axis=1).assign(
        member_no=_numbers_from_one(side_position, period)
    )


def _all_records(sides: list[RecordsOfSide]) -> tuple[pd.DataFrame, Positions]:
    """The records of every table, once however many KPIs count it, and the position of each counted one."""
    records: dict[int, pd.DataFrame] = {}
    offsets: dict[int, int] = {}
    size = 0
    for side in sides:
        table = side.records.table
        if id(table) not in records:
            records[id(table)], offsets[id(table)] = _identify_records(table, side.table), size
            size += len(table)
    rows = [side.records.row + offsets[id(side.records.table)] for side in sides]
    return pd.concat(list(records.values()), ignore_index=True), np.concatenate(rows)


def _figure_columns(sides: list[RecordsOfSide], side_position: Positions, period: Positions) -> pd.DataFrame:
    """Quarter, basis, KPI and role of each record, from the positions of its side and its period."""
    by_side = pd.DataFrame(
        {
            "basis": [side.periods.basis for side in sides],
            "kpi_id": [side.kpi_id for side in sides],
            "role": [side.role for side in sides],
        }
    )
    keys = [side.periods.keys for side in sides]
    starts = np.cumsum([0, *(len(side_keys) for side_keys in keys[:-1])])
    quarters = pd.Series([key for side_keys in keys for key in side_keys], dtype="str")
    return (
        by_side.take(side_position)
        .reset_index(drop=True)
        .assign(quarter_key=quarters.take(starts[side_position] + period).to_numpy())
    )


def _numbers_from_one(side_position: Positions, period: Positions) -> Positions:
    """The number of each record within its figure, for records in the order of figures."""
    is_new_figure = (side_position[1:] != side_position[:-1]) | (period[1:] != period[:-1])
    position = np.arange(len(side_position))
    first = np.maximum.accumulate(np.where(np.append(True, is_new_figure), position, 0))
    return np.asarray(position - first + 1)


def _identify_records(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The child, record key, list and team of each row; a table of several lists has the list of each row."""
    team = team_column(name)
    return table[["person_ref", "record_key"]].assign(
        list=table.get(LIST, name), team=None if team is None else table[team]
    )
