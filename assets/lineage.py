"""What is behind the figures: the records they count, and what later deliveries changed in them."""

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
from cf_pipeline.history.tables.core_tables import core_tables
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.records_behind import find_records_behind
from cf_pipeline.kpi.lineage.replay import Replay, ReplayInput, replay_deliveries
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.input_hash import edition
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.parquet_table import DamagedTableError
from resources.settings import PipelineSettings

CORE = "core_"
"""What a table of the core is called beside the cleaned list of the same name."""


@step(
    "members",
    [table_spec(lake_layout.MEMBERS)],
    reads=core_keys(),
)
def members(**tables: pd.DataFrame) -> Iterator[Any]:
    """The records behind the totals, for `restricted.kpi_member`."""
    yield table(lake_layout.MEMBERS, find_records_behind(tables, load_registry()))


@step(
    "revisions",
    [table_spec(lake_layout.REPORTED), table_spec(lake_layout.REVISIONS)],
    reads={
        "manifest": lake_layout.CLEAN_DELIVERIES,
        "population": lake_layout.POPULATION,
        "quarantine": lake_layout.QUARANTINE,
        **list_keys("clean"),
        **{CORE + name: key for name, key in core_keys().items()},
    },
)
def revisions(
    context: dg.AssetExecutionContext,
    settings: PipelineSettings,
    manifest: pd.DataFrame,
    population: pd.DataFrame,
    quarantine: pd.DataFrame,
    **tables: pd.DataFrame,
) -> Iterator[Any]:
    """Every total as at each delivery date, and what each delivery revised; unchanged results are reused.

    The check of core/row_ledger blocks it: nothing is replayed while a row of a delivery is unaccounted for.
    """
    slug, now = context.partition_key, settings.load()
    earlier = _earlier_replay(context, LakeReader(now))
    code = authority_code(slug)
    replay_input = ReplayInput(
        {name: tables[name] for name in list_contracts()},
        quarantine,
        manifest,
        {name: tables[CORE + name] for name in core_tables()},
        {"population": authority_population(population, code)},
        code,
        verified_id_key(now),
    )
    replay = replay_deliveries(replay_input, load_registry(), edition(now.raw, slug), earlier)
    yield table(lake_layout.REPORTED, replay.reports)
    yield table(lake_layout.REVISIONS, replay.revisions)


def _earlier_replay(context: dg.AssetExecutionContext, lake: LakeReader) -> Replay:
    """The result of an earlier run; empty where there was none, or its tables are damaged."""
    slug = context.partition_key
    if not (lake.has(lake_layout.REPORTED, slug) and lake.has(lake_layout.REVISIONS, slug)):
        return Replay()
    try:
        return Replay(lake.read(lake_layout.REPORTED, slug), lake.read(lake_layout.REVISIONS, slug))
    except DamagedTableError as error:
        context.log.warning(f"{error} Every delivery is replayed.")
        return Replay()
