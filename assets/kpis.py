"""Counts the histories: figures by quarter and month, their records, what was revised, and today's lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.core import core_keys
from assets.support.partitions import authority_code
from assets.support.specs import list_keys, table_spec
from assets.support.steps import step, table
from cf_pipeline.comparators import authority_population
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import load_mapping
from cf_pipeline.history.tables.core_tables import core_tables
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.figures import count_figures
from cf_pipeline.kpi.lineage.replay import Replay, ReplayInput
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.input_hash import edition
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.parquet_table import DamagedTableError
from cf_pipeline.project.privacy.erasures import read_erasures
from cf_pipeline.project.unfinished_runs import RUN_ID
from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.today import list_today
from cf_pipeline.worklists.worker_names import worker_names
from resources.settings import PipelineSettings

CORE = "core_"
"""What a table of the core is called beside the cleaned list of the same name."""
OF_THE_REPLAY = (lake_layout.REPORTED, lake_layout.REVISIONS, lake_layout.NEWEST_REPORT)
"""What a run keeps of the replay for the next one, beside the members."""
OF_TODAY = (lake_layout.WORKLISTS, lake_layout.WORKLIST_ITEMS, lake_layout.TIMELINE)
OF_THE_CORE = list(core_keys().values())
DELIVERED = [lake_layout.CLEAN_DELIVERIES, lake_layout.QUARANTINE, *list_keys("clean").values()]


@step(
    "figures",
    [
        table_spec(lake_layout.QUARTERLY, deps=[*OF_THE_CORE, lake_layout.POPULATION]),
        table_spec(lake_layout.MONTHLY, deps=OF_THE_CORE),
        table_spec(lake_layout.BY_TEAM, deps=OF_THE_CORE),
        table_spec(lake_layout.MEMBERS, deps=OF_THE_CORE),
        *(table_spec(key, deps=[*OF_THE_CORE, lake_layout.POPULATION, *DELIVERED]) for key in OF_THE_REPLAY),
        *(table_spec(key, deps=[*OF_THE_CORE, lake_layout.ISSUES_BY_CHILD]) for key in OF_TODAY),
    ],
    reads={
        "manifest": lake_layout.CLEAN_DELIVERIES,
        "population": lake_layout.POPULATION,
        "quarantine": lake_layout.QUARANTINE,
        "issues": lake_layout.ISSUES_BY_CHILD,
        **list_keys("clean"),
        **{CORE + name: key for name, key in core_keys().items()},
    },
)
def figures(
    context: dg.AssetExecutionContext,
    settings: PipelineSettings,
    manifest: pd.DataFrame,
    population: pd.DataFrame,
    quarantine: pd.DataFrame,
    issues: pd.DataFrame,
    **tables: pd.DataFrame,
) -> Iterator[Any]:
    """Count the KPIs, and every total as at each delivery date; unchanged results of the latter are reused.

    What the KPIs count on the newest as-at date makes today's lists.

    The check of core/row_ledger blocks it: nothing is counted while a row of a delivery is unaccounted for.
    """
    slug, now = context.partition_key, settings.load()
    code = authority_code(slug)
    replay_input = ReplayInput(
        {name: tables[name] for name in list_contracts()},
        quarantine,
        manifest,
        {name: tables[CORE + name] for name in core_tables()},
        {"population": authority_population(population, code)},
        code,
        verified_id_key(now),
        read_erasures(now.data, slug).amounts,
    )
    earlier = _earlier_replay(context, LakeReader(now))
    found = count_figures(replay_input, load_registry(), edition(now, slug), earlier)
    yield table(lake_layout.QUARTERLY, found.quarterly)
    yield table(lake_layout.MONTHLY, found.monthly)
    yield table(lake_layout.BY_TEAM, found.by_team)
    yield table(lake_layout.MEMBERS, found.members)
    yield table(lake_layout.REPORTED, found.replay.reports)
    yield table(lake_layout.REVISIONS, found.replay.revisions)
    yield table(lake_layout.NEWEST_REPORT, found.replay.newest)
    mapping = load_mapping(now.raw / check_slug(slug))
    names = worker_names(mapping.workers, code, replay_input.id_key)
    today = list_today(Day.newest(found.counter, mapping.intervals, names), issues)
    yield table(lake_layout.WORKLISTS, today.lists)
    yield table(lake_layout.WORKLIST_ITEMS, today.items)
    yield table(lake_layout.TIMELINE, today.timeline)


def _earlier_replay(context: dg.AssetExecutionContext, lake: LakeReader) -> Replay:
    """The result of an earlier run, as far as it is there and not damaged.

    What is missing of it is worked out again: the newest report's records from the deliveries, everything
    where the totals or the revisions are gone. The records that a report knows and those that it counts are
    of one report when one run wrote both.
    """
    slug = context.partition_key
    found = {}
    for key in (*OF_THE_REPLAY, lake_layout.MEMBERS):
        try:
            found[key] = lake.find(key, slug)
        except DamagedTableError as error:
            context.log.warning(f"{error} Every delivery is replayed.")
            return Replay()
    reports, revisions, newest, members = found.values()
    if reports is None or revisions is None:
        return Replay()
    if newest is None or members is None or newest.attrs.get(RUN_ID) != members.attrs.get(RUN_ID):
        return Replay(reports, revisions)
    return Replay(reports, revisions, newest, members)
