"""The method of the committee report of 10 February 2020: the year so far, carried on at the same pace.

Counts: year to date x 4 / quarters elapsed. Percentages: the ratio of the year's sums so far, which is the
ratio of both forecasts. Stocks and shares of a stock: the latest. Different children: those so far, because
most of a year's children have been seen once (kpi rules, section 4; minimum history of the forecast rules).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.forecast.history import SERIES

SCALED = ("run_rate", "rate_of_forecast")
"""Rules whose year to date grows with the year; every other rule carries it as it is."""
QUARTERS = 4
LABELS = {
    "run_rate": "pro rata",
    "ratio_of_forecasts": "pro rata",
    "rate_of_forecast": "pro rata",
    "last_stock": "pro rata, latest value carried forward",
    "last_ratio": "pro rata, latest value carried forward",
    "distinct_carry": "pro rata, children so far this year",
    "ytd_value": "pro rata, year to date carried forward",
}
OUTTURN = "outturn"
NO_SEASONALITY = "pro rata, no seasonality"
TOO_EARLY = "no forecast: no full year before, and fewer than two quarters of this one"
NO_CASES = "no forecast: no cases so far this year"


def pro_rata(so_far: pd.DataFrame, outturns: pd.DataFrame) -> pd.DataFrame:
    """The pro rata forecast of each year so far.

    Args:
        so_far: as `history.years_so_far` gives them.
        outturns: as `history.outturns` gives them.

    Returns:
        One row a row of `so_far`: its series' columns, fiscal_year, quarters_used, forecast, last_year,
        label, symbol, forecast_numerator, forecast_denominator. No ranges: this method has none.
    """
    first_year = outturns.groupby(SERIES).agg(first_full_year=("year", "min")).reset_index()
    rows = so_far.merge(
        outturns.assign(year=outturns["year"] + 1), on=[*SERIES, "year"], how="left", validate="many_to_one"
    ).merge(first_year, on=SERIES, how="left", validate="many_to_one")
    used = rows["quarters_used"]
    pace = rows["rule"].isin(SCALED)
    has_history = rows["first_full_year"].lt(rows["year"]).fillna(False).astype(bool)
    is_outturn = used.eq(QUARTERS)
    is_early = ~has_history & used.lt(2)
    is_of_nothing = rows["value"].isna() & ~is_early

    numerator = rows["numerator"].mask(pace, rows["numerator"] * QUARTERS)
    denominator = rows["denominator"].fillna(1.0)
    denominator = denominator.mask(pace, denominator * used.astype("Float64"))
    # Multiplied before divided: 247 x 4 / 4 is 247 again, so the fourth quarter is the outturn to the digit.
    forecast = rows["value"].mask(pace, rows["value"] * QUARTERS / used.astype("Float64"))
    withheld = is_early | is_of_nothing
    label = np.select(
        [is_early, is_of_nothing, is_outturn, ~has_history],
        [TOO_EARLY, NO_CASES, OUTTURN, NO_SEASONALITY],
        default=rows["rule"].map(LABELS),
    )
    return (
        rows[[*SERIES, "fiscal_year", "quarters_used", "last_year"]]
        .assign(
            forecast=forecast.mask(withheld),
            forecast_numerator=numerator.mask(withheld),
            forecast_denominator=denominator.mask(withheld),
            label=label,
            symbol=np.select([is_early, is_of_nothing], ["x", "z"], default=""),
        )
        .assign(symbol=lambda frame: frame["symbol"].replace("", pd.NA))
    )
