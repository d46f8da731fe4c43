"""The one writer of the warehouse: every authority's figures swapped in at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

import cf_pipeline
from assets.ingest import FINGERPRINT
from assets.kpis import RUN_ID
from assets.support.policies import PUBLISH_POOL, when_authorities_are_done
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project import lake_layout
from cf_pipeline.project.input_hash import inputs_hash
from cf_pipeline.warehouse.assemble import (
    AuthorityFigures,
    Publication,
    assemble_published,
    assemble_restricted,
)
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse

Frames = dict[str, pd.DataFrame]


@step(
    "publish",
    [
        table_spec(
            lake_layout.PUBLISHED,
            kinds=frozenset({"sql"}),
            is_partitioned=False,
            automation=when_authorities_are_done(),
        )
    ],
    reads={
        "kpi_quarterly": lake_layout.QUARTERLY,
        "kpi_forecast": lake_layout.FORECAST,
        "forecast_record": lake_layout.FORECAST_RECORD,
        "control_limits": lake_layout.CONTROL_LIMITS,
        "kpi_comparison": lake_layout.COMPARISON,
        "headlines": lake_layout.HEADLINES,
        "revisions": lake_layout.REVISIONS,
        "members": lake_layout.MEMBERS,
        "people": lake_layout.PERSON,
        "deliveries": lake_layout.CORE_DELIVERIES,
        "manifest": lake_layout.CLEAN_DELIVERIES,
        "row_ledger": lake_layout.ROW_LEDGER,
        "clean_issues": lake_layout.CLEAN_ISSUES,
        "core_issues": lake_layout.CORE_ISSUES,
        "comparators": lake_layout.COMPARATORS,
    },
    pool=PUBLISH_POOL,
)
def publish(
    context: dg.AssetExecutionContext,
    settings: PipelineSettings,
    warehouse: Warehouse,
    kpi_quarterly: Frames,
    kpi_forecast: Frames,
    forecast_record: Frames,
    control_limits: Frames,
    kpi_comparison: Frames,
    headlines: Frames,
    revisions: Frames,
    members: Frames,
    people: Frames,
    deliveries: Frames,
    manifest: Frames,
    row_ledger: Frames,
    clean_issues: Frames,
    core_issues: Frames,
    comparators: pd.DataFrame,
) -> Iterator[Any]:
    """Every authority that has figures, those of an earlier run where the latest failed."""
    figures = {
        slug: AuthorityFigures(
            authority_code=authority(slug).authority_code,
            slug=slug,
            name=authority(slug).name,
            run_id=str(kpi_quarterly[slug].attrs.get(RUN_ID, context.run_id)),
            kpi_quarterly=kpi_quarterly[slug],
            kpi_forecast=kpi_forecast[slug],
            forecast_record=forecast_record[slug],
            control_limits=control_limits[slug],
            kpi_comparison=kpi_comparison[slug],
            headlines=headlines[slug],
            kpi_revision=revisions[slug],
            deliveries=deliveries[slug],
            manifest=manifest[slug],
            row_ledger=row_ledger[slug],
            issues=pd.concat([clean_issues[slug], core_issues[slug]], ignore_index=True),
        )
        for slug in sorted(headlines)
    }
    if not figures:
        raise dg.Failure("No authority has figures yet: there is nothing to publish.", allow_retries=False)
    received = {slug: str(frame.attrs.get(FINGERPRINT, "")) for slug, frame in manifest.items()}
    publication = Publication(
        version=warehouse.next_version(),
        run_id=context.run_id,
        published_at=dt.datetime.now(dt.UTC),
        inputs_hash=inputs_hash(received, settings.load().settings_that_move_figures()),
        product_version=cf_pipeline.__version__,
    )
    tables = assemble_published(figures, load_registry(), comparators, publication)
    warehouse.publish(tables, assemble_restricted(members, people, figures, publication))
    counts = [(name, len(frame)) for name, frame in tables.items()]
    yield table(lake_layout.PUBLISHED, table_contract("warehouse/published").frame(counts))
