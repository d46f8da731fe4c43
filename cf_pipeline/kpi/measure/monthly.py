"""Monthly figures of the KPIs whose months add up; forecasts take the seasons from them."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.periods import MONTH
from cf_pipeline.kpi.measure.quarterly import measure_kpis

SUMMABLE_RULES = ("run_rate", "ratio_of_forecasts", "rate_of_forecast")
"""Forecast rules of KPIs that count events, so that a year's figure is the sum of its months."""


def measure_months(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], authority_code: str
) -> pd.DataFrame:
    """The KPIs whose months add up to their year, for every month of the complete quarters.

    Args:
        tables: as for `measure_kpis`.
        registry: the KPIs; those whose forecast is a sum or a ratio of sums are measured.
        authority_code: GSS code.

    Returns:
        The columns of `measure_kpis`, with `month` ('2019-04') in place of quarter_key, and basis 'month'.
    """
    summable = [kpi.id for kpi in registry.values() if kpi.forecast_rule in SUMMABLE_RULES]
    months = measure_kpis(tables, registry, authority_code, summable, [MONTH])
    return months.rename(columns={"quarter_key": "month"})
