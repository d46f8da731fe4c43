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
    used = rows["quarters_used"]
    is_scaled = rows["rule"].isin(SCALED_RULES)
    is_early = whole_years.lt(1) & used.lt(2)
    has_no_cases = rows["value"].isna() & ~is_early

    numerator = rows["numerator"].mask(is_scaled, rows["numerator"] * QUARTERS_PER_YEAR)
    denominator = rows["denominator"].fillna(1.0)
    denominator = denominator.mask(is_scaled, denominator * used.astype("Float64"))
    # Multiplied before divided: 247 x 4 / 4 is 247 again, so the fourth quarter is the outturn to the digit.
    forecast = rows["value"].mask(is_scaled, rows["value"] * QUARTERS_PER_YEAR / used.astype("Float64"))
    is_withheld = is_early | has_no_cases
    rule_label = rows["rule"].map(LABELS).astype("object")
    label = np.select(
        [
            is_early,
            has_no_cases,
            used.eq(QUARTERS_PER_YEAR),
            whole_years.lt(1) & rule_label.eq(PRO_RATA),
        ],
        [TOO_EARLY, NO_CASES, OUTTURN, NO_SEASONALITY],
        default=rule_label,
    )
    return pd.DataFrame(
        {
            "forecast": forecast.mask(is_withheld),
            "forecast_numerator": numerator.mask(is_withheld),
            "forecast_denominator": denominator.mask(is_withheld),
            "label": label,
            "symbol": pd.Series(np.select([is_early, has_no_cases], ["x", "z"], default=""), rows.index),
        }
    ).assign(symbol=lambda frame: frame["symbol"].replace("", pd.NA))
