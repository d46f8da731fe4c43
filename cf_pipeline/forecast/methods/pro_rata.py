"""The method of the committee report of 10 February 2020: the year to date, continued at the same pace.

- Counts: year to date x 4 / elapsed quarters.
- Percentages: the ratio of the sums to date, which is also the ratio of both forecasts.
- Stocks and shares of a stock: the latest value.
- Distinct children: those so far, because most of a year's children have been seen once.

Only what is continued at a pace is labelled pro rata; otherwise a reader would multiply it. Source:
`docs/rulings.md#13` and `docs/forecasts.md`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.methods.texts import select_texts

SCALED_RULES = ("run_rate", "rate_of_forecast")
"""Forecast rules whose year to date grows with the year; the other rules repeat it unchanged."""
PRO_RATA, LATEST = "pro rata", "latest value carried forward"
LABELS = {
    "run_rate": PRO_RATA,
    "ratio_of_forecasts": PRO_RATA,
    "rate_of_forecast": PRO_RATA,
    "last_stock": LATEST,
    "last_ratio": LATEST,
    "distinct_carry": "children so far this year",
    "ytd_value": "year to date carried forward",
}
"""The label of a forecast, by forecast rule."""
OUTTURN = "outturn"
NO_SEASONALITY = "pro rata, no seasonality"
TOO_EARLY = "no forecast: no full year before, and fewer than two quarters of this one"
NO_CASES = "no forecast: no cases so far this year"


def forecast_pro_rata(rows: pd.DataFrame, whole_years: pd.Series) -> pd.DataFrame:
    """The pro rata forecast of each year to date.

    Args:
        rows: as `years_so_far` returns them.
        whole_years: whole years before each row's year; with none a forecast needs two quarters.

    Returns:
        On the index of `rows`: forecast, forecast_numerator, forecast_denominator, label, symbol. The method
        has no ranges.
    """
    used = rows["quarters_used"].to_numpy(dtype="float64")
    numerator, denominator, value = (
        rows[name].to_numpy(dtype="float64", na_value=np.nan)
        for name in ("numerator", "denominator", "value")
    )
    is_scaled = rows["rule"].isin(SCALED_RULES).to_numpy(dtype="bool")
    has_no_year = whole_years.lt(1).to_numpy(dtype="bool")
    is_early = has_no_year & (used < 2)
    has_no_cases = np.isnan(value) & ~is_early
    denominator = np.where(np.isnan(denominator), 1.0, denominator)
    # Multiplied before divided: 247 x 4 / 4 is 247 again, so the fourth quarter is the outturn to the digit.
    columns = {
        "forecast": np.where(is_scaled, value * QUARTERS_PER_YEAR / used, value),
        "forecast_numerator": np.where(is_scaled, numerator * QUARTERS_PER_YEAR, numerator),
        "forecast_denominator": np.where(is_scaled, denominator * used, denominator),
    }
    columns = {name: np.where(is_early | has_no_cases, np.nan, cells) for name, cells in columns.items()}
    rule, rules = pd.factorize(rows["rule"])
    labels = [LABELS[name] for name in rules]
    is_pro_rata = np.array([label == PRO_RATA for label in labels], dtype="bool")[rule]
    label = select_texts(
        [is_early, has_no_cases, used == QUARTERS_PER_YEAR, has_no_year & is_pro_rata],
        [TOO_EARLY, NO_CASES, OUTTURN, NO_SEASONALITY],
        labels,
        rule,
    )
    symbol = select_texts([is_early, has_no_cases], ["x", "z"])
    return pd.DataFrame({**columns, "label": label, "symbol": symbol}, index=rows.index)
