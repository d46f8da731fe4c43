"""What is made of the figures: forecasts and their back-test, control limits, comparisons, headlines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import BEATS_PRO_RATA, NEAR_PUBLISHED, method_result, near_published_result
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.compare import kpi_comparisons
from cf_pipeline.compare.chance import add_chance
from cf_pipeline.forecast import forecast_year_ends
from cf_pipeline.forecast.backtest import accuracy_by_method, backtest, worse_than_pro_rata
from cf_pipeline.forecast.explain import add_explanations
from cf_pipeline.headlines.table import headlines as headlines_of
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project import lake_layout
from cf_pipeline.spc.control_limits import control_limits as limits_of
from resources.settings import PipelineSettings


@step(
    "forecast",
    [table_spec(lake_layout.FORECAST), table_spec(lake_layout.FORECAST_RECORD)],
    reads={"kpi_quarterly": lake_layout.QUARTERLY, "kpi_monthly": lake_layout.MONTHLY},
    checks=[BEATS_PRO_RATA],
)
def forecast(
    settings: PipelineSettings, kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame
) -> Iterator[Any]:
    """Each KPI's forecasts by its rule, and their back-test."""
    registry, choices = load_registry(), settings.load().choices
    forecasts = forecast_year_ends(kpi_quarterly, registry, choices, kpi_monthly)
    records = backtest(forecasts)
    yield table(lake_layout.FORECAST, add_explanations(forecasts, records, registry))
    yield table(
        lake_layout.FORECAST_RECORD,
        records,
        record=_as_markdown(accuracy_by_method(records, ["quarters_used"])),
    )
    yield method_result(worse_than_pro_rata(records, choices))


@step(
    "control_limits",
    [table_spec(lake_layout.CONTROL_LIMITS)],
    reads={"kpi_quarterly": lake_layout.QUARTERLY},
)
def control_limits(settings: PipelineSettings, kpi_quarterly: pd.DataFrame) -> Iterator[Any]:
    """Limits, variation and assurance of each KPI's quarters."""
    yield table(
        lake_layout.CONTROL_LIMITS, limits_of(kpi_quarterly, load_registry(), settings.load().choices)
    )


@step(
    "comparison",
    [table_spec(lake_layout.COMPARISON)],
    checks=[NEAR_PUBLISHED],
    reads={
        "kpi_quarterly": lake_layout.QUARTERLY,
        "kpi_forecast": lake_layout.FORECAST,
        "comparators": lake_layout.COMPARATORS,
        "neighbours": lake_layout.NEIGHBOURS,
    },
)
def comparison(
    settings: PipelineSettings,
    kpi_quarterly: pd.DataFrame,
    kpi_forecast: pd.DataFrame,
    comparators: pd.DataFrame,
    neighbours: pd.DataFrame,
) -> Iterator[Any]:
    """Compare each figure with earlier periods and other places."""
    registry, limits = load_registry(), settings.load().wording_limits
    rows = kpi_comparisons(kpi_quarterly, kpi_forecast, comparators, registry, limits, neighbours)
    yield table(lake_layout.COMPARISON, add_chance(rows, kpi_quarterly, registry))
    yield near_published_result(rows)


@step(
    "headlines",
    [table_spec(lake_layout.HEADLINES)],
    reads={
        "kpi_quarterly": lake_layout.QUARTERLY,
        "kpi_forecast": lake_layout.FORECAST,
        "control_limits": lake_layout.CONTROL_LIMITS,
    },
)
def headlines(
    settings: PipelineSettings,
    kpi_quarterly: pd.DataFrame,
    kpi_forecast: pd.DataFrame,
    control_limits: pd.DataFrame,
) -> Iterator[Any]:
    """Write the committee's headlines, one row an area and quarter."""
    limits = settings.load().wording_limits
    rows = headlines_of(kpi_quarterly, kpi_forecast, load_registry(), limits, control_limits)
    yield table(lake_layout.HEADLINES, rows)


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
