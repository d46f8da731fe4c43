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
from cf_pipeline.kpi.lineage.records_behind import members_of
from cf_pipeline.kpi.lineage.replay import Followed, follow
from cf_pipeline.project import lake_layout
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
    yield table(lake_layout.MEMBERS, members_of(tables, load_registry()))


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
    """Each delivery measured as it was reported; what an earlier run found of the same files is kept.

    The check of core/row_ledger stops it: nothing is followed while a row of a delivery is unaccounted for.
    """
    slug, now = context.partition_key, settings.load()
    earlier = _followed_before(context, LakeReader(now))
    code = authority_code(slug)
    found = follow(
        {name: tables[name] for name in list_contracts()},
        quarantine,
        manifest,
        {name: tables[CORE + name] for name in core_tables()},
        {"population": authority_population(population, code)},
        load_registry(),
        code,
        now.required_id_key(),
        edition(now.raw, slug),
        earlier,
    )
    yield table(lake_layout.REPORTED, found.reports)
    yield table(lake_layout.REVISIONS, found.revisions)


def _followed_before(context: dg.AssetExecutionContext, lake: LakeReader) -> Followed:
    """What an earlier run found; nothing where there was none, or its tables are damaged (made again)."""
    slug = context.partition_key
    if not (lake.has(lake_layout.REPORTED, slug) and lake.has(lake_layout.REVISIONS, slug)):
        return Followed()
    try:
        return Followed(lake.read(lake_layout.REPORTED, slug), lake.read(lake_layout.REVISIONS, slug))
    except DamagedTableError as error:
        context.log.warning(f"{error} Every delivery is followed anew.")
        return Followed()
