"""The months of the KPIs that add up: what a year-end forecast reads the seasons from."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.periods import MONTH
from cf_pipeline.kpi.measure.quarterly import measure

RULES_OF_SUMS = ("run_rate", "ratio_of_forecasts", "rate_of_forecast")
"""Forecast rules of KPIs that count events: what happened in a year is what happened in its months."""


def measure_months(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], authority_code: str
) -> pd.DataFrame:
    """The KPIs whose months add up to their year, for every month of the complete quarters.

    Args:
        tables: as for `measure`.
        registry: the KPIs; those whose forecast is a sum or a ratio of sums are counted.
        authority_code: GSS code.

    Returns:
        The columns of `measure`, with `month` ('2019-04') in place of quarter_key, and basis 'month'.
    """
    adding_up = [kpi.id for kpi in registry.values() if kpi.forecast_rule in RULES_OF_SUMS]
    months = measure(tables, registry, authority_code, adding_up, [MONTH])
    return months.rename(columns={"quarter_key": "month"})
