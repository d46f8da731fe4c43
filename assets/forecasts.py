"""Assets computed from the figures: months, forecasts, their back-test and control limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import BEATS_PRO_RATA, method_result
from assets.core import core_keys
from assets.support.partitions import authority_code
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.forecast import forecast_year_ends
from cf_pipeline.forecast.backtest import accuracy_by_method, backtest, worse_than_pro_rata
from cf_pipeline.forecast.explain import add_explanations
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.monthly import measure_months
from cf_pipeline.project import lake_layout
from cf_pipeline.spc.control_limits import control_limits as limits_of
from resources.settings import PipelineSettings


@step(
    "monthly",
    [table_spec(lake_layout.MONTHLY)],
    reads=core_keys(),
)
def monthly(context: dg.AssetExecutionContext, **tables: pd.DataFrame) -> Iterator[Any]:
    """The KPIs whose months add up to their year."""
    yield table(
        lake_layout.MONTHLY, measure_months(tables, load_registry(), authority_code(context.partition_key))
    )


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
