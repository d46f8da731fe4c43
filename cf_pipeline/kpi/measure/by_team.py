"""Stocks by team and age band or gender: how many children each team has of each category."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.categories.category_codes import CategoryCodes
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side
from cf_pipeline.kpi.measure.counted_records import CountedRecords
from cf_pipeline.kpi.measure.periods import Periods, has_reason
from cf_pipeline.kpi.measure.quarterly import periods_to_measure

BY_TEAM = table_contract("kpi/by_team")
TEAM = "team"


def count_by_team(counter: RecordCounter, authority_code: str) -> pd.DataFrame:
    """The stocks of each team by the `team_splits` of their KPIs, at the end of each covered quarter.

    Args:
        counter: as `prepare_counter` makes it.
        authority_code: GSS code.

    Returns:
        The columns of BY_TEAM, one row a team and category that has a child; teams too small to be named
        are `other`, as in the figures by team (docs/rulings.md#31). Where the list has no team, no rows.
    """
    periods = periods_to_measure(counter)
    kpis = [kpi for kpi in counter.registry.values() if kpi.team_splits]
    parts = [part for kpi in kpis for part in _count_kpi(counter, kpi, periods)]
    if not parts:
        return BY_TEAM.empty()
    return BY_TEAM.cast(pd.concat(parts, ignore_index=True).assign(authority_code=authority_code))


def _count_kpi(counter: RecordCounter, kpi: Kpi, periods: Periods) -> Iterator[pd.DataFrame]:
    """The rows of one KPI, split by split."""
    if not counter.supplied_team_column(kpi.numerator):
        return
    side = count_side(counter, kpi.numerator, periods)
    # The periods of all bases are counted at once; a stock of a year is that of its last quarter.
    is_counted = (periods.part_positions == 0) & ~has_reason(side.reasons)
    records = side.records.where(is_counted[side.records.period])
    teams = counter.categories(TEAM, records, kpi.numerator)
    for split in kpi.team_splits:
        categories = counter.categories(split, records, kpi.numerator)
        yield _count_cells(records, teams, categories, periods).assign(kpi_id=kpi.id, breakdown=split)


def _count_cells(
    records: CountedRecords, teams: CategoryCodes, categories: CategoryCodes, periods: Periods
) -> pd.DataFrame:
    """Quarter, team, category and number of records, where there is one."""
    shape = (len(teams.names), len(categories.names), len(periods))
    place = (teams.codes.astype("int64") * shape[1] + categories.codes) * shape[2] + records.period
    counts = np.bincount(place, minlength=int(np.prod(shape)))
    filled = np.flatnonzero(counts)
    team, category, period = (
        np.unravel_index(filled, shape) if len(filled) else np.zeros((3, 0), dtype="int64")
    )
    return pd.DataFrame(
        {
            "quarter_key": np.array(periods.keys, dtype=object)[period],
            "team": np.array(teams.names, dtype=object)[team],
            "category": np.array(categories.names, dtype=object)[category],
            "numerator": counts[filled].astype("float64"),
        }
    )
