"""Records behind every total: one row for each counted record, so a count equals its number of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

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
    return records_behind_counted(prepare_counter(tables, registry), only)


def records_behind_counted(
    counter: RecordCounter, only: Collection[str] | None = None, bases: Iterable[str] = BASES
) -> pd.DataFrame:
    """Find every record that a KPI's total counts on some bases; `counter` as `prepare_counter` makes it."""
    periods = periods_to_measure(counter, bases)
    kpis = [kpi for kpi in counter.registry.values() if only is None or kpi.id in only]
    sides = [
        side
        for position, kpi in enumerate(kpis)
        for side in _count_kpi(counter, kpi, periods, position)
        if len(side.records)
    ]
    return MEMBERS.cast(_number_records(sides, periods)) if sides else MEMBERS.empty()


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


def _number_records(sides: list[RecordsOfSide], periods: Periods) -> pd.DataFrame:
    """One row for each counted record: KPI by KPI, in each basis by basis, role, period, child and record.

    Until the last step a figure is a pair of numbers: the position of its side in `sides` and of its period.
    """
    records, row = _all_records(sides)
    rank = records.groupby(["person_ref", "record_key"], dropna=False).ngroup().to_numpy()
    period = np.concatenate([side.records.period for side in sides])
    side_position = np.repeat(np.arange(len(sides)), [len(side.records) for side in sides])
    kpi = np.array([side.position for side in sides])[side_position]
    order = np.lexsort((rank[row], period, side_position, periods.part_positions[period], kpi))
    row, period, side_position = row[order], period[order], side_position[order]
    figures = _figure_columns(sides, periods, side_position, period)
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


def _figure_columns(
    sides: list[RecordsOfSide], periods: Periods, side_position: Positions, period: Positions
) -> pd.DataFrame:
    """Quarter, basis, KPI and role of each record, from the positions of its side and its period."""
    texts = {
        "basis": (periods.bases, period),
        "kpi_id": ([side.kpi_id for side in sides], side_position),
        "role": ([side.role for side in sides], side_position),
        "quarter_key": (periods.keys, period),
    }
    return pd.DataFrame(
        {name: pd.array(words, dtype="str").take(positions) for name, (words, positions) in texts.items()}
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
    own_text = None if team is None else table[OWN_TEXT + team]
    return table[["person_ref", "record_key"]].assign(list=table.get(LIST, name), team=own_text)
