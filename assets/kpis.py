"""From history to figures: `kpi/quarterly`, `kpi/comparison` and `kpi/headlines`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import RECONCILED, reconciled_result
from assets.core import core_keys
from assets.reference import COMPARATORS_KEY, POPULATION_KEY
from assets.support.partitions import authority_code
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.comparators import population_of
from cf_pipeline.compare import comparisons
from cf_pipeline.compare.chance import with_chance
from cf_pipeline.headlines.table import headlines as headlines_of
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure
from resources.settings import PipelineSettings

QUARTERLY = ("kpi", "quarterly")
FORECAST = ("kpi", "forecast")
RECORD = ("kpi", "forecast_record")
CONTROL_LIMITS = ("kpi", "control_limits")
COMPARISON = ("kpi", "comparison")
HEADLINES = ("kpi", "headlines")
RUN_ID = "run_id"


@step(
    "quarterly",
    [table_spec(QUARTERLY)],
    reads=core_keys() | {"population": dg.AssetKey(list(POPULATION_KEY))},
)
def quarterly(
    context: dg.AssetExecutionContext, population: pd.DataFrame, **tables: pd.DataFrame
) -> Iterator[Any]:
    """The registry's KPIs, measured on the core tables and the authority's population."""
    code = authority_code(context.partition_key)
    figures = measure(tables | {"population": population_of(population, code)}, load_registry(), code)
    figures.attrs = {RUN_ID: context.run_id}
    yield table(QUARTERLY, figures)


@step(
    "comparison",
    [table_spec(COMPARISON)],
    checks=[RECONCILED],
    reads={
        "kpi_quarterly": dg.AssetKey(list(QUARTERLY)),
        "kpi_forecast": dg.AssetKey(list(FORECAST)),
        "comparators": dg.AssetKey(list(COMPARATORS_KEY)),
    },
)
def comparison(
    settings: PipelineSettings,
    kpi_quarterly: pd.DataFrame,
    kpi_forecast: pd.DataFrame,
    comparators: pd.DataFrame,
) -> Iterator[Any]:
    """Each figure beside its references."""
    registry, bands = load_registry(), settings.load().bands
    compared = comparisons(kpi_quarterly, kpi_forecast, comparators, registry, bands)
    yield table(COMPARISON, with_chance(compared, kpi_quarterly, registry))
    yield reconciled_result(compared)


@step(
    "headlines",
    [table_spec(HEADLINES)],
    reads={
        "kpi_quarterly": dg.AssetKey(list(QUARTERLY)),
        "kpi_forecast": dg.AssetKey(list(FORECAST)),
        "control_limits": dg.AssetKey(list(CONTROL_LIMITS)),
    },
)
def headlines(
    settings: PipelineSettings,
    kpi_quarterly: pd.DataFrame,
    kpi_forecast: pd.DataFrame,
    control_limits: pd.DataFrame,
) -> Iterator[Any]:
    """One row a sentence of the table "Area | Headlines"."""
    bands = settings.load().bands
    told = headlines_of(kpi_quarterly, kpi_forecast, load_registry(), bands, control_limits)
    yield table(HEADLINES, told)
