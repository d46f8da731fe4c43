"""What is made of the figures: forecasts and their back-test, control limits, comparisons, headlines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import BEATS_PRO_RATA, NEAR_PUBLISHED, method_result, near_published_result
from assets.pages.links import dashboard_link
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.compare.chance import add_chance
from cf_pipeline.compare.comparisons import kpi_comparisons
from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.forecast import forecast_year_ends
from cf_pipeline.forecast.backtest import accuracy_by_method, backtest, worse_than_pro_rata
from cf_pipeline.forecast.explain import add_explanations
from cf_pipeline.headlines.table import headlines as headlines_of
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project import lake_layout
from cf_pipeline.project.input_hash import FIGURES, product_hash
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.spc.control_limits import control_limits as limits_of
from resources.lake import Lake
from resources.settings import PipelineSettings


@step(
    "year",
    [
        table_spec(lake_layout.FORECAST, deps=[lake_layout.QUARTERLY, lake_layout.MONTHLY]),
        table_spec(lake_layout.FORECAST_RECORD, deps=[lake_layout.QUARTERLY, lake_layout.MONTHLY]),
        table_spec(lake_layout.CONTROL_LIMITS, deps=[lake_layout.QUARTERLY]),
        table_spec(
            lake_layout.COMPARISON,
            deps=[
                lake_layout.QUARTERLY,
                lake_layout.FORECAST,
                lake_layout.COMPARATORS,
                lake_layout.NEIGHBOURS,
            ],
        ),
        table_spec(
            lake_layout.HEADLINES,
            deps=[lake_layout.QUARTERLY, lake_layout.FORECAST, lake_layout.CONTROL_LIMITS],
        ),
    ],
    reads={
        "kpi_quarterly": lake_layout.QUARTERLY,
        "kpi_monthly": lake_layout.MONTHLY,
        "comparators": lake_layout.COMPARATORS,
        "neighbours": lake_layout.NEIGHBOURS,
    },
    checks=[BEATS_PRO_RATA, NEAR_PUBLISHED],
)
def year(
    context: dg.AssetExecutionContext,
    lake: Lake,
    settings: PipelineSettings,
    kpi_quarterly: pd.DataFrame,
    kpi_monthly: pd.DataFrame,
    comparators: pd.DataFrame,
    neighbours: pd.DataFrame,
) -> Iterator[Any]:
    """Forecast each KPI's year, find signals, compare with other periods and places, write headlines."""
    registry, now = load_registry(), settings.load()
    version, slug = product_hash(*FIGURES, store=now.code_hashes), check_slug(context.partition_key)
    stores = [LakeResults(now.lake, kind, slug, version) for kind in ("year_ends", "comparisons")]
    forecasts = forecast_year_ends(kpi_quarterly, registry, now.choices, kpi_monthly, stores[0])
    records = backtest(forecasts)
    yield table(lake_layout.FORECAST, add_explanations(forecasts, records, registry))
    yield table(
        lake_layout.FORECAST_RECORD,
        records,
        record=_as_markdown(accuracy_by_method(records, ["quarters_used"])),
    )
    yield method_result(worse_than_pro_rata(records, now.choices))
    yield table(lake_layout.CONTROL_LIMITS, limits_of(kpi_quarterly, registry, now.choices))
    kpi_forecast, control_limits = lake.read(lake_layout.FORECAST), lake.read(lake_layout.CONTROL_LIMITS)
    figures = figures_by_authority(kpi_quarterly, kpi_forecast, registry)
    rows = kpi_comparisons(figures, comparators, now.wording_limits, neighbours, stores[1])
    for store in stores:
        store.sweep()
    yield table(lake_layout.COMPARISON, add_chance(rows, kpi_quarterly, registry))
    yield near_published_result(rows)
    headlines = headlines_of(figures, registry, now.wording_limits, control_limits)
    yield table(lake_layout.HEADLINES, headlines, **dashboard_link(now, slug))


def _as_markdown(accuracy: pd.DataFrame) -> dg.MetadataValue:
    """The record as a table: mean error and shares inside the ranges, by quarters known and method."""
    lines = [
        "| quarters known | method | forecasts | mean error | in 80% range | in 95% range |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.quarters_used} | {row.method} | {row.years} | {_percent(row.error)} | {_percent(row.in_80)} "
        f"| {_percent(row.in_95)} |"
        for row in accuracy.itertuples(index=False)
    ]
    return dg.MetadataValue.md("\n".join(lines))


def _percent(share: Any) -> str:
    return "" if pd.isna(share) else f"{share:.1f}%"
