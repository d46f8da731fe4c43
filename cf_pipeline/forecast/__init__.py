"""Year-end forecasts: one row a KPI, year and number of complete quarters, for each named method.

Belongs here: methods that carry a year so far to the year's end.
Does not belong here: wording, comparing, choosing what a reader sees beyond the selected method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cf_pipeline.forecast.history import outturns, years_so_far
from cf_pipeline.forecast.pro_rata import pro_rata
from cf_pipeline.forecast.shape import DTYPES, empty_forecast
from cf_pipeline.kpi.registry import Kpi

Method = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
METHODS: dict[str, Method] = {"pro_rata": pro_rata}
"""Each method by name: the years so far and last outturns in, rows of `shape.DTYPES` but the choice out."""


def forecast(
    kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi], selected: str = "pro_rata"
) -> pd.DataFrame:
    """Year-end forecasts of the totals, by every method.

    Args:
        kpi_quarterly: the measured KPIs; rows of breakdown 'total' and KPIs with a forecast rule are used.
        registry: the KPIs by id.
        selected: the method that readers are shown.

    Returns:
        The columns of fact_kpi_forecast but run_id, and forecast_numerator and forecast_denominator, from
        which the forecast is exact: their ratio, times 100 for a percentage. quarters_used runs from 1 to 4,
        only where the year to date is complete; with 4 the forecast is the outturn. Forecasts are unrounded.
        Without a full year before and under two quarters there is none: symbol 'x', and the label says why.

    Raises:
        ValueError: `selected` is not a method.
    """
    if selected not in METHODS:
        raise ValueError(f"no forecast method {selected!r}; there is {', '.join(METHODS)}")
    so_far, last_years = years_so_far(kpi_quarterly, registry), outturns(kpi_quarterly, registry)
    if so_far.empty:
        return empty_forecast()
    frames = [
        method(so_far, last_years).assign(method=name, is_selected=name == selected)
        for name, method in METHODS.items()
    ]
    return (
        pd.concat(frames, ignore_index=True)
        .reindex(columns=list(DTYPES))
        .astype(DTYPES)
        .sort_values(
            ["authority_code", "kpi_id", "fiscal_year", "quarters_used", "method"], ignore_index=True
        )
    )


__all__ = ["METHODS", "forecast"]
