"""Year ends as figures: a count as it is, a rate over the population, a share over its own denominator."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.forecast.series.series_kind import SHARE, STOCK_SHARE


def figures_from_year_ends(
    rows: pd.DataFrame, numerators: np.ndarray, denominators: np.ndarray
) -> pd.DataFrame:
    """Forecast (in the KPI's unit), forecast_numerator and forecast_denominator on the index of `rows`.

    All three are missing where there is no year end or the denominator is 0.

    Args:
        rows: as `years_so_far` returns them, with series_kind, scale and the year to date's denominator.
        numerators: year ends of counts or numerators; NaN where there is none.
        denominators: year ends of the denominators of shares; not read for other series.
    """
    to_date = rows["denominator"].to_numpy(dtype="float64", na_value=np.nan)
    # The population of a rate is fixed for the year; a count is divided by 1.
    denominator = np.where(is_share(rows), denominators, np.where(np.isnan(to_date), 1.0, to_date))
    has_figure = ~np.isnan(numerators) & (denominator > 0)
    scaled = numerators * rows["scale"].to_numpy(dtype="float64")
    columns = {
        "forecast": np.divide(scaled, denominator, out=np.full(len(rows), np.nan), where=has_figure),
        "forecast_numerator": np.where(has_figure, numerators, np.nan),
        "forecast_denominator": np.where(has_figure, denominator, np.nan),
    }
    return pd.DataFrame(columns, index=rows.index)


def is_share(rows: pd.DataFrame) -> np.ndarray:
    """Whether each row's KPI is a share, of a flow or of a stock."""
    return np.asarray(rows["series_kind"].eq(SHARE) | rows["series_kind"].eq(STOCK_SHARE), dtype="bool")
