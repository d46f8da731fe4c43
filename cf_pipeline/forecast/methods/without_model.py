"""The methods `last_year_remainder` and `latest_value` on frames: exact sums, no ranges."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.methods.pro_rata import LATEST, NO_CASES
from cf_pipeline.forecast.methods.simple_methods import SIMPLE_METHODS
from cf_pipeline.forecast.methods.texts import replace_rows, select_texts
from cf_pipeline.forecast.model.to_figures import figures_from_year_ends
from cf_pipeline.forecast.series.period_matrix import TimelinePositions
from cf_pipeline.forecast.series.series_kind import NOT_EXTRAPOLATED, STOCK, STOCK_SHARE

FLOW_LABELS = {
    "last_year_remainder": "the year so far and the rest of last year",
    "latest_value": "the year so far and the latest quarter again",
}
STOCK_LABELS = {
    "last_year_remainder": "the latest value, moved as last year's moved",
    "latest_value": LATEST,
}
NO_YEAR = "no forecast: no full year before"


def forecast_without_model(
    method: str, rows: pd.DataFrame, positions: TimelinePositions, pro_rata: pd.DataFrame
) -> pd.DataFrame:
    """The forecast of each year to date by one of SIMPLE_METHODS, with the columns of `forecast_pro_rata`.

    Args:
        method: a name of SIMPLE_METHODS.
        rows: as `years_so_far` returns them.
        positions: of those rows on the timelines.
        pro_rata: the forecasts of those rows by `forecast_pro_rata`.
    """
    simple_method = SIMPLE_METHODS[method]
    numerators, denominators = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    years = simple_method.whole_years
    for members, kind, history in positions.group_by_shape(years, most_years=years):
        extrapolate = simple_method.stock if kind in (STOCK, STOCK_SHARE) else simple_method.flow
        denominators[members] = extrapolate(history.require_denominators(), history)
        # A numerator may not pass its denominator; that of a count is NaN, which fmin ignores.
        numerators[members] = np.fmin(extrapolate(history.numerators, history), denominators[members])
    found = figures_from_year_ends(rows, numerators, denominators)
    is_unknown, has_no_cases = np.isnan(numerators), np.isnan(found["forecast"].to_numpy())
    is_stock = rows["series_kind"].isin([STOCK, STOCK_SHARE]).to_numpy(dtype="bool")
    conditions = [is_unknown, has_no_cases, is_stock]
    found["label"] = select_texts(
        conditions, [NO_YEAR, NO_CASES, STOCK_LABELS[method]], [FLOW_LABELS[method]]
    )
    found["symbol"] = select_texts([is_unknown, has_no_cases], ["x", "z"])
    # The outturn and series that are not extrapolated are the same by every method.
    is_same = rows["series_kind"].eq(NOT_EXTRAPOLATED) | rows["quarters_used"].eq(QUARTERS_PER_YEAR)
    return replace_rows(found, pro_rata, is_same)
