"""Everything that is counted of one authority, now and at each as-at date, to compare two counts of it."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.as_reported import kpis_with_total
from cf_pipeline.kpi.lineage.erased_amounts import (
    BY_TEAM,
    MONTHLY,
    QUARTERLY,
    CountedParts,
    add_amounts,
    amounts_at,
)
from cf_pipeline.kpi.lineage.erased_members import add_erased_members
from cf_pipeline.kpi.lineage.records_behind import records_behind_counted
from cf_pipeline.kpi.lineage.replay import ReplayInput, Tables, tables_at_each_date
from cf_pipeline.kpi.measure.by_team import count_by_team
from cf_pipeline.kpi.measure.monthly import count_months
from cf_pipeline.kpi.measure.quarterly import measure_counted, measure_kpis, prepare_counter


def count_parts(replay_input: ReplayInput, registry: dict[str, Kpi]) -> CountedParts:
    """The figures and members of an authority, with the amounts of `replay_input`."""
    code, newest = replay_input.authority_code, replay_input.core["deliveries"]["as_at"].max()
    counter = prepare_counter(replay_input.core | replay_input.reference, registry)
    amounts = amounts_at(replay_input.amounts, newest, registry)
    members = records_behind_counted(counter).members
    return CountedParts(
        {
            day: _totals(replay_input, registry, tables, day)
            for day, tables in tables_at_each_date(replay_input, registry)
            if day != newest
        },
        add_amounts(QUARTERLY, measure_counted(counter, code), amounts, registry),
        add_amounts(MONTHLY, count_months(counter, code), amounts, registry),
        add_amounts(BY_TEAM, count_by_team(counter, code), amounts, registry),
        add_erased_members(members, amounts),
    )


def _totals(
    replay_input: ReplayInput, registry: dict[str, Kpi], tables: Tables, day: pd.Timestamp
) -> pd.DataFrame:
    """The totals as they were at a day: QUARTERLY."""
    kpis = kpis_with_total(registry)
    figures = measure_kpis(tables | replay_input.reference, kpis, replay_input.authority_code)
    figures = add_amounts(QUARTERLY, figures, amounts_at(replay_input.amounts, day, kpis), kpis)
    return figures[figures["breakdown"].eq("total")]
