"""The records behind every total: one row a counted record, so that a count equals its number of rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.tables.core_tables import team_column
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.availability import Availability, first_reason, has_reason
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side
from cf_pipeline.kpi.measure.counted_records import LIST, CountedRecords
from cf_pipeline.kpi.measure.periods import BASES, Periods, periods_of
from cf_pipeline.kpi.measure.quarterly import quarters_to_measure

Places = npt.NDArray[np.int64]
"""A place for each member."""
NUMERATOR, DENOMINATOR = "numerator", "denominator"
MEMBERS = table_contract("kpi/members")


def members_of(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], only: Collection[str] | None = None
) -> pd.DataFrame:
    """Every record that a KPI's total counts, in each complete quarter, year to date and year.

    Args:
        tables: the core tables of one authority.
        registry: the KPIs.
        only: the ids of those that are wanted; all when missing.

    Returns:
        The columns of MEMBERS; `member_no` counts from 1 within a figure's numerator or denominator. A
        measure of values (median, average) has its records as denominator. Populations have no records.
    """
    counter = RecordCounter(tables, registry, Availability(tables["coverage"]))
    quarters = quarters_to_measure(tables["deliveries"], tables["coverage"])
    counted = [
        one
        for kpi in registry.values()
        if only is None or kpi.id in only
        for basis in BASES
        for one in _of_kpi(counter, kpi, periods_of(quarters, basis))
        if len(one.members)
    ]
    if not counted:
        return MEMBERS.empty()
    return MEMBERS.cast(_numbered(counted))


@dataclass(frozen=True)
class Counted:
    """What one side of a KPI counts on one basis; `table` is the name of its list."""

    kpi_id: str
    role: str
    table: str
    periods: Periods
    members: CountedRecords


def _of_kpi(counter: RecordCounter, kpi: Kpi, periods: Periods) -> list[Counted]:
    if not len(periods):
        return []
    numerator = count_side(counter, kpi.numerator, periods)
    reasons = numerator.reasons
    # A measure of values has no numerator of its own: its records are what the value is taken of.
    sides = [(DENOMINATOR if kpi.numerator.value else NUMERATOR, kpi.numerator, numerator.records)]
    if kpi.denominator is not None:
        denominator = count_side(counter, kpi.denominator, periods)
        reasons = first_reason(reasons, denominator.reasons)
        sides.append((DENOMINATOR, kpi.denominator, denominator.records))
    known = ~has_reason(reasons)
    return [
        Counted(kpi.id, role, side.table, periods, members.where(known[members.period]))
        for role, side, members in sides
        if side.sum is None and "person_ref" in members.columns
    ]


def _numbered(counted: list[Counted]) -> pd.DataFrame:
    """One row a counted record, in the order of child and record within a figure.

    Figures are numbers until the last step: a side's place in `counted` and a period's within the side.
    """
    records, place = _all_records(counted)
    rank = records.groupby(["person_ref", "record_key"], dropna=False).ngroup().to_numpy()
    period = np.concatenate([one.members.period for one in counted])
    side = np.repeat(np.arange(len(counted)), [len(one.members) for one in counted])
    order = np.lexsort((rank[place], period, side))
    place, period, side = place[order], period[order], side[order]
    figures = _figures(counted, side, period)
    return pd.concat([figures, records.take(place).set_axis(figures.index)], axis=1).assign(
        member_no=_counted_from_one(side, period)
    )[MEMBERS.column_names]


def _all_records(counted: list[Counted]) -> tuple[pd.DataFrame, Places]:
    """The records of every table, once however many KPIs count it, and the place of each member in them."""
    records: dict[int, pd.DataFrame] = {}
    offsets: dict[int, int] = {}
    size = 0
    for one in counted:
        table = one.members.table
        if id(table) not in records:
            records[id(table)], offsets[id(table)] = _records(table, one.table), size
            size += len(table)
    places = [one.members.row + offsets[id(one.members.table)] for one in counted]
    return pd.concat(list(records.values()), ignore_index=True), np.concatenate(places)


def _figures(counted: list[Counted], side: Places, period: Places) -> pd.DataFrame:
    """Quarter, basis, KPI and role of each member, from its side's place and its period's."""
    sides = pd.DataFrame(
        {
            "basis": [one.periods.basis for one in counted],
            "kpi_id": [one.kpi_id for one in counted],
            "role": [one.role for one in counted],
        }
    )
    keys = [one.periods.keys for one in counted]
    starts = np.cumsum([0, *(len(names) for names in keys[:-1])])
    quarters = pd.Series([key for names in keys for key in names], dtype="str")
    return (
        sides.take(side)
        .reset_index(drop=True)
        .assign(quarter_key=quarters.take(starts[side] + period).to_numpy())
    )


def _counted_from_one(side: Places, period: Places) -> Places:
    """The number of each member within its figure, of members in the order of figures."""
    is_first = np.append(True, (side[1:] != side[:-1]) | (period[1:] != period[:-1]))
    place = np.arange(len(side))
    first = np.maximum.accumulate(np.where(is_first, place, 0))
    return np.asarray(place - first + 1)


def _records(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Who and which record each row of a table is, its list and team; rows of several lists say their own."""
    team = team_column(name)
    return table[["person_ref", "record_key"]].assign(
        list=table.get(LIST, name), team=None if team is None else table[team]
    )
