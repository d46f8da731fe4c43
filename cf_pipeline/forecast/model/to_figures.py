"""Year ends as figures: a count as it is, a rate over the population, a share over its own denominator."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.forecast.series.series_kind import SHARE, STOCK_SHARE


def divided(rows: pd.DataFrame, top: np.ndarray, below: np.ndarray) -> pd.DataFrame:
    """forecast, forecast_numerator and forecast_denominator; all missing where there is nothing below.

    Args:
        rows: as `history.years_so_far` gives them, with family, scale and the year to date's denominator.
        top: year ends of counts or numerators; NaN where there is none.
        below: year ends of the denominators of shares; of other families it is not read.
    """
    own = rows["denominator"].to_numpy(dtype="float64", na_value=np.nan)
    # A rate's population is known for the year; a count is over 1.
    size = np.where(is_share(rows), below, np.where(np.isnan(own), 1.0, own))
    with_cases = ~np.isnan(top) & (size > 0)
    scaled = top * rows["scale"].to_numpy(dtype="float64")
    value = np.divide(scaled, size, out=np.full(len(rows), np.nan), where=with_cases)
    columns = {
        "forecast": value,
        "forecast_numerator": np.where(with_cases, top, np.nan),
        "forecast_denominator": np.where(with_cases, size, np.nan),
    }
    return pd.DataFrame(columns, index=rows.index)


def is_share(rows: pd.DataFrame) -> np.ndarray:
    """Whether each row's KPI is a share, of a flow or of a stock."""
    return rows["family"].isin([SHARE, STOCK_SHARE]).to_numpy(dtype="bool")
