"""All that is counted in the histories of one authority, in one pass: each side of a KPI is counted once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.as_reported import report_of_figures
from cf_pipeline.kpi.lineage.erased_amounts import (
    BY_TEAM,
    MONTHLY,
    QUARTERLY,
    add_amounts,
    amounts_at,
)
from cf_pipeline.kpi.lineage.erased_members import add_erased_members
from cf_pipeline.kpi.lineage.records_behind import records_behind_counted
from cf_pipeline.kpi.lineage.replay import Replay, ReplayInput, replay_deliveries
from cf_pipeline.kpi.measure.by_team import count_by_team
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.monthly import count_months
from cf_pipeline.kpi.measure.quarterly import measure_counted, prepare_counter


@dataclass(frozen=True)
class CountedFigures:
    """The figures of one authority by quarter and month, the records behind them, and what was revised.

    `quarterly`: QUARTERLY. `monthly`: as `count_months` returns them. `by_team`: BY_TEAM. `members`: MEMBERS.
    `counter`: with which they were counted.
    """

    quarterly: pd.DataFrame
    monthly: pd.DataFrame
    by_team: pd.DataFrame
    members: pd.DataFrame
    replay: Replay
    counter: RecordCounter


def count_figures(
    replay_input: ReplayInput, registry: dict[str, Kpi], edition: str, earlier: Replay
) -> CountedFigures:
    """Count the KPIs of one authority and replay its deliveries; arguments as for `replay_deliveries`."""
    code = replay_input.authority_code
    counter = prepare_counter(replay_input.core | replay_input.reference, registry)
    quarterly = measure_counted(counter, code)
    by_team, monthly = count_by_team(counter, code), count_months(counter, code)
    behind = records_behind_counted(counter)
    members = behind.members
    if len(replay_input.amounts):
        newest_day = replay_input.core["deliveries"]["as_at"].max()
        amounts = amounts_at(replay_input.amounts, newest_day, registry)
        quarterly = add_amounts(QUARTERLY, quarterly, amounts, registry)
        monthly = add_amounts(MONTHLY, monthly, amounts, registry)
        by_team = add_amounts(BY_TEAM, by_team, amounts, registry)
        members = add_erased_members(members, amounts)
    newest = report_of_figures(quarterly, counter, behind)
    replay = replay_deliveries(replay_input, registry, edition, earlier, newest)
    return CountedFigures(quarterly, monthly, by_team, members, replay, counter)
