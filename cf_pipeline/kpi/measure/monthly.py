"""Monthly figures of the KPIs whose months add up; forecasts take the seasons from them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cf_pipeline.kpi.definitions.registry import POPULATION, Kpi
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.periods import MONTH
from cf_pipeline.kpi.measure.population import add_populations
from cf_pipeline.kpi.measure.quarterly import measure_counted, prepare_counter

SUMMABLE_RULES = ("run_rate", "ratio_of_forecasts", "rate_of_forecast")
"""Forecast rules of KPIs that count events, so that a year's figure is the sum of its months."""


def measure_months(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], authority_code: str
) -> pd.DataFrame:
    """The KPIs whose months add up to their year: `count_months` of `prepare_counter`."""
    return count_months(prepare_counter(tables, registry), authority_code)


def count_months(counter: RecordCounter, authority_code: str) -> pd.DataFrame:
    """The KPIs whose months add up to their year, for every month of the complete quarters.

    Args:
        counter: as `prepare_counter` makes it; KPIs whose forecast is a sum or a ratio of sums are measured.
        authority_code: GSS code.

    Returns:
        The columns of `measure_kpis`, with `month` ('2019-04') in place of quarter_key, and basis 'month'.
        Rates have no value: the population is that of a year.
    """
    summable = [kpi.id for kpi in counter.registry.values() if kpi.forecast_rule in SUMMABLE_RULES]
    without_population = counter.tables | {POPULATION: add_populations({}, ())[POPULATION]}
    months = measure_counted(replace(counter, tables=without_population), authority_code, summable, [MONTH])
    return months.rename(columns={"quarter_key": "month"})
