"""Measures the history: `kpi/quarterly`, `kpi/comparison` and `kpi/headlines`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import NEAR_PUBLISHED, near_published_result
from assets.core import core_keys
from assets.support.partitions import authority_code
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.comparators import authority_population
from cf_pipeline.compare import kpi_comparisons
from cf_pipeline.compare.chance import add_chance
from cf_pipeline.headlines.table import headlines as headlines_of
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from cf_pipeline.project import lake_layout
from resources.settings import PipelineSettings


@step(
    "quarterly",
    [table_spec(lake_layout.QUARTERLY)],
    reads=core_keys() | {"population": lake_layout.POPULATION},
)
def quarterly(
    context: dg.AssetExecutionContext, population: pd.DataFrame, **tables: pd.DataFrame
) -> Iterator[Any]:
    """Measure the registry's KPIs on the core tables and the authority's population."""
    code = authority_code(context.partition_key)
    figures = measure_kpis(
        tables | {"population": authority_population(population, code)}, load_registry(), code
    )
    yield table(lake_layout.QUARTERLY, figures)


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
