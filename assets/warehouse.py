"""The one writer of the warehouse: every authority's figures swapped in at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

import cf_pipeline
from assets.clean import TAKEN_KEY
from assets.ingest import FINGERPRINT
from assets.kpis import COMPARISON, CONTROL_LIMITS, FORECAST, HEADLINES, QUARTERLY, RECORD, RUN_ID
from assets.lineage import MEMBERS_KEY, REVISIONS_KEY
from assets.reference import COMPARATORS_KEY
from assets.support.policies import PUBLISH_POOL, when_authorities_are_done
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project.input_hash import inputs_hash
from cf_pipeline.warehouse.assemble import (
    AuthorityFigures,
    Publication,
    assemble,
    assemble_restricted,
)
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse

PUBLISHED_KEY = ("warehouse", "published")
Frames = dict[str, pd.DataFrame]


@step(
    "publish",
    [
        table_spec(
            PUBLISHED_KEY,
            kinds=frozenset({"sql"}),
            partitioned=False,
            automation=when_authorities_are_done(),
        )
    ],
    reads={
        "kpi_quarterly": dg.AssetKey(list(QUARTERLY)),
        "kpi_forecast": dg.AssetKey(list(FORECAST)),
        "forecast_record": dg.AssetKey(list(RECORD)),
        "control_limits": dg.AssetKey(list(CONTROL_LIMITS)),
        "kpi_comparison": dg.AssetKey(list(COMPARISON)),
        "headlines": dg.AssetKey(list(HEADLINES)),
        "revisions": dg.AssetKey(list(REVISIONS_KEY)),
        "members": dg.AssetKey(list(MEMBERS_KEY)),
        "people": dg.AssetKey(["core", "person"]),
        "deliveries": dg.AssetKey(["core", "deliveries"]),
        "manifest": dg.AssetKey(list(TAKEN_KEY)),
        "row_ledger": dg.AssetKey(["core", "row_ledger"]),
        "clean_issues": dg.AssetKey(["clean", "issues"]),
        "core_issues": dg.AssetKey(["core", "issues"]),
        "comparators": dg.AssetKey(list(COMPARATORS_KEY)),
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
    tables = assemble(figures, load_registry(), comparators, publication)
    warehouse.publish(tables, assemble_restricted(members, people, figures, publication))
    counts = [(name, len(frame)) for name, frame in tables.items()]
    yield table(PUBLISHED_KEY, table_contract("warehouse/published").frame(counts))
