"""The method of the committee report of 10 February 2020: the year so far, carried on at the same pace.

Counts: year to date x 4 / quarters elapsed. Percentages: the ratio of the year's sums so far, which is the
ratio of both forecasts. Stocks and shares of a stock: the latest. Different children: those so far, because
most of a year's children have been seen once (kpi rules, section 4; minimum history of the forecast rules).
What is carried as it is is called so, never pro rata: a reader would multiply it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

QUARTERS = 4
SCALED = ("run_rate", "rate_of_forecast")
"""Rules whose year to date grows with the year; every other rule carries it as it is."""
PRO_RATA, LATEST = "pro rata", "latest value carried forward"
CALLED = {
    "run_rate": PRO_RATA,
    "ratio_of_forecasts": PRO_RATA,
    "rate_of_forecast": PRO_RATA,
    "last_stock": LATEST,
    "last_ratio": LATEST,
    "distinct_carry": "children so far this year",
    "ytd_value": "year to date carried forward",
}
"""What a forecast is called, by forecast rule: what is carried as it is runs at no pace, so not pro rata."""
OUTTURN = "outturn"
NO_SEASONALITY = "pro rata, no seasonality"
TOO_EARLY = "no forecast: no full year before, and fewer than two quarters of this one"
NO_CASES = "no forecast: no cases so far this year"


def pro_rata(rows: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """The pro rata forecast of each year so far.

    Args:
        rows: as `history.years_so_far` gives them.
        years: whole years before, of each row; without any a forecast needs two quarters.

    Returns:
        One row a row: forecast, forecast_numerator, forecast_denominator, label, symbol. No ranges: this
        method has none.
    """
    used = rows["quarters_used"]
    pace = rows["rule"].isin(SCALED)
    is_early = years.lt(1) & used.lt(2)
    is_of_nothing = rows["value"].isna() & ~is_early

    numerator = rows["numerator"].mask(pace, rows["numerator"] * QUARTERS)
    denominator = rows["denominator"].fillna(1.0)
    denominator = denominator.mask(pace, denominator * used.astype("Float64"))
    # Multiplied before divided: 247 x 4 / 4 is 247 again, so the fourth quarter is the outturn to the digit.
    forecast = rows["value"].mask(pace, rows["value"] * QUARTERS / used.astype("Float64"))
    withheld = is_early | is_of_nothing
    called = rows["rule"].map(CALLED).astype("object")
    label = np.select(
        [is_early, is_of_nothing, used.eq(QUARTERS), years.lt(1) & called.eq(PRO_RATA)],
        [TOO_EARLY, NO_CASES, OUTTURN, NO_SEASONALITY],
        default=called,
    )
    return pd.DataFrame(
        {
            "forecast": forecast.mask(withheld),
            "forecast_numerator": numerator.mask(withheld),
            "forecast_denominator": denominator.mask(withheld),
            "label": label,
            "symbol": pd.Series(np.select([is_early, is_of_nothing], ["x", "z"], default=""), rows.index),
        }
    ).assign(symbol=lambda frame: frame["symbol"].replace("", pd.NA))
