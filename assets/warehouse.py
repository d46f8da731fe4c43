"""The one writer of the warehouse: every authority's figures published in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg
import pandas as pd

import cf_pipeline
from assets.support.policies import PUBLISH_POOL, when_authorities_are_done
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project import lake_layout
from cf_pipeline.project.input_hash import inputs_hash
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.runs.good_run import FINGERPRINT, REFUSALS
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.unfinished_runs import RUN_ID, is_run_finished
from cf_pipeline.warehouse.assemble import (
    AuthorityFigures,
    Publication,
    assemble_published,
    assemble_restricted,
)
from cf_pipeline.warehouse.earlier_figures import EarlierFigures
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
        "kpi_revision": lake_layout.REVISIONS,
        "members": lake_layout.MEMBERS,
        "people": lake_layout.PERSON,
        "deliveries": lake_layout.CORE_DELIVERIES,
        "manifest": lake_layout.CLEAN_DELIVERIES,
        "row_ledger": lake_layout.ROW_LEDGER,
        "clean_issues": lake_layout.CLEAN_ISSUES,
        "core_issues": lake_layout.CORE_ISSUES,
        "comparators": lake_layout.COMPARATORS,
        "neighbours": lake_layout.NEIGHBOURS,
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
    kpi_revision: Frames,
    members: Frames,
    people: Frames,
    deliveries: Frames,
    manifest: Frames,
    row_ledger: Frames,
    clean_issues: Frames,
    core_issues: Frames,
    comparators: pd.DataFrame,
    neighbours: pd.DataFrame,
) -> Iterator[Any]:
    """Publish every authority that has figures; where its latest run failed, those of an earlier run."""
    by_table = {
        "kpi_quarterly": kpi_quarterly,
        "kpi_forecast": kpi_forecast,
        "forecast_record": forecast_record,
        "control_limits": control_limits,
        "kpi_comparison": kpi_comparison,
        "headlines": headlines,
        "kpi_revision": kpi_revision,
        "deliveries": deliveries,
        "manifest": manifest,
        "row_ledger": row_ledger,
        "issues": {
            slug: pd.concat([clean_issues[slug], core_issues[slug]], ignore_index=True) for slug in headlines
        },
    }
    tables_of_figures = {
        lake_layout.QUARTERLY: kpi_quarterly,
        lake_layout.MEMBERS: members,
        lake_layout.REVISIONS: kpi_revision,
        lake_layout.FORECAST: kpi_forecast,
        lake_layout.CONTROL_LIMITS: control_limits,
        lake_layout.COMPARISON: kpi_comparison,
        lake_layout.HEADLINES: headlines,
    }
    unfinished = _unfinished(tables_of_figures, headlines)
    earlier = warehouse.find_earlier_figures(unfinished)
    sentences = [_unfinished_sentence(slug, earlier.get(slug)) for slug in unfinished]
    figures = {
        slug: _authority_figures(slug, by_table, context.run_id)
        for slug in sorted(headlines)
        if slug not in unfinished
    }
    if not figures:
        why = " ".join(sentences) or "No authority has figures yet: there is nothing to publish."
        raise dg.Failure(why, allow_retries=False)
    for sentence in sentences:
        context.log.warning(sentence)
    publication = _publication(context.run_id, warehouse.next_version(), manifest, settings.load())
    tables = assemble_published(figures, load_registry(), comparators, publication, neighbours, earlier)
    warehouse.publish(tables, assemble_restricted(members, people, figures, publication, earlier))
    counts = table_contract("warehouse/published").frame(
        [(name, len(frame)) for name, frame in tables.items()]
    )
    counts.attrs = {REFUSALS: sentences}
    yield table(lake_layout.PUBLISHED, counts)


def _unfinished(tables: dict[TableKey, Frames], authorities: Iterable[str]) -> list[str]:
    """The authorities whose tables are of different runs, sorted."""
    return [
        slug
        for slug in sorted(authorities)
        if not is_run_finished({key: frames.get(slug) for key, frames in tables.items()})
    ]


def _unfinished_sentence(slug: str, earlier: EarlierFigures | None) -> str:
    published = (
        "nothing of it was published before, and it is left out"
        if earlier is None
        else f"its figures published before stay, as at {earlier.as_at or 'no date'}"
    )
    return (
        f"{slug}: its last run stopped between its figures, and they do not belong together; {published}; "
        "run `cf-pipeline run` again."
    )


def _authority_figures(slug: str, by_table: dict[str, Frames], run_id: str) -> AuthorityFigures:
    """The tables of one authority; its run is the one that measured its figures, else this one."""
    tables = {name: frames[slug] for name, frames in by_table.items()}
    known, measured_by = authority(slug), tables["kpi_quarterly"].attrs.get(RUN_ID, run_id)
    return AuthorityFigures(
        authority_code=known.authority_code, slug=slug, name=known.name, run_id=str(measured_by), **tables
    )


def _publication(run_id: str, version: int, manifest: Frames, settings: Settings) -> Publication:
    received = {slug: str(frame.attrs.get(FINGERPRINT, "")) for slug, frame in manifest.items()}
    return Publication(
        version=version,
        run_id=run_id,
        published_at=dt.datetime.now(dt.UTC),
        inputs_hash=inputs_hash(received, settings.settings_that_move_figures()),
        product_version=cf_pipeline.__version__,
    )
