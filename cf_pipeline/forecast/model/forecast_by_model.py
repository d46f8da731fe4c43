"""The method `model`: the averaged models where there is enough history, otherwise pro rata.

Minimum history, in whole years before and known quarters of this one: none and one quarter gives no forecast;
none and two or more quarters is pro rata without a range; one year is provisional; a stock with fewer than
three years repeats its latest value. Only the latest five years are used, and none before a declared step
change. Source: `docs/forecasts.md`, "The model, in words".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.methods.pro_rata import forecast_pro_rata
from cf_pipeline.forecast.model.exceptional_quarters import describe_exceptional_quarters
from cf_pipeline.forecast.model.ranges import LEVELS
from cf_pipeline.forecast.model.to_figures import figures_from_year_ends, is_share
from cf_pipeline.forecast.model.year_end import (
    flow_year_ends,
    percentage_year_ends,
    stock_percentage_year_ends,
    stock_year_ends,
)
from cf_pipeline.forecast.series.known_periods import LONGEST_HISTORY
from cf_pipeline.forecast.series.period_matrix import TimelinePositions
from cf_pipeline.forecast.series.series_kind import FLOW, NOT_EXTRAPOLATED, SHARE, STOCK, STOCK_SHARE

YEAR_ENDS_BY_KIND = {
    FLOW: flow_year_ends,
    SHARE: percentage_year_ends,
    STOCK: stock_year_ends,
    STOCK_SHARE: stock_percentage_year_ends,
}
LEAST_STOCK_HISTORY = 3
"""Whole years before that the model of a stock needs."""
FEWEST_CASES = 5
"""An expected year of fewer cases is too few to forecast: its range is stated, its point is not reliable."""
TOO_FEW = "too few to forecast"
BOUNDS = {(side, level): f"{side}_{100 * level:.0f}" for level in LEVELS for side in ("lower", "upper")}
"""The column of each bound, by side and level."""


def forecast_with_model(rows: pd.DataFrame, positions: TimelinePositions) -> pd.DataFrame:
    """The model's forecast of each year to date.

    Args:
        rows: as `years_so_far` returns them.
        positions: of those rows on the timelines.

    Returns:
        On the index of `rows`: forecast, forecast_numerator, forecast_denominator, lower_80, upper_80,
        lower_95, upper_95, label, symbol, exceptional_quarters (what the past quarters that were set aside
        count as; missing without one).
    """
    years = pd.Series(positions.whole_years, index=rows.index)
    is_outturn = rows["quarters_used"].eq(QUARTERS_PER_YEAR)
    # A series that is not extrapolated has no season: one outturn of a year before is history enough.
    fallback = forecast_pro_rata(rows, years.mask(rows["series_kind"].eq(NOT_EXTRAPOLATED), rows["years"]))
    is_stock = rows["series_kind"].isin([STOCK, STOCK_SHARE])
    is_latest = is_stock & fallback["forecast"].notna() & ~is_outturn
    fallback["label"] = fallback["label"].mask(is_latest, "latest value (" + _history_text(years) + ")")
    for name in BOUNDS.values():
        fallback[name] = fallback["forecast"].where(is_outturn)
    fallback["exceptional_quarters"] = pd.Series(None, rows.index, dtype="str")

    year_ends = _year_ends(rows, positions)
    found = _figures(rows, year_ends["point"]).assign(symbol=None)
    for name in BOUNDS.values():
        found[name] = _figures(rows, year_ends[name])["forecast"]
    kind = pd.Series("model", rows.index).mask(years.eq(1), "provisional")
    is_too_few = rows["series_kind"].eq(FLOW) & (year_ends["point"] < FEWEST_CASES)
    texts = pd.Series(year_ends["exceptional_quarters"], rows.index, dtype="str")
    found["exceptional_quarters"] = texts.mask(texts.eq(""))
    found["label"] = (kind + " (" + _history_text(years) + ")").mask(is_too_few, TOO_FEW)
    return (
        found[list(fallback)]
        .astype(fallback.dtypes.to_dict())
        .where(found["forecast"].notna() & ~is_outturn, fallback)
    )


def _year_ends(rows: pd.DataFrame, positions: TimelinePositions) -> dict[str, np.ndarray]:
    """The point, the bounds and the exceptional quarters of each row, by column.

    Numbers are NaN and texts '' where there is too little history.
    """
    found = {name: np.full(len(rows), np.nan) for name in ("point", *BOUNDS.values())}
    found["exceptional_quarters"] = np.full(len(rows), "", dtype="object")
    years, sides = rows["year"].to_numpy(dtype="int64"), _count_sides(rows)
    for members, kind, history in positions.group_by_shape(fewest_years=1):
        if kind in (STOCK, STOCK_SHARE) and history.whole_years < LEAST_STOCK_HISTORY:
            continue
        ends = YEAR_ENDS_BY_KIND[kind](history)
        found["point"][members] = ends.point
        for level in LEVELS:
            found[BOUNDS["lower", level]][members] = ends.lower[level]
            found[BOUNDS["upper", level]][members] = ends.upper[level]
        if ends.past is not None:
            texts = describe_exceptional_quarters(ends.past, years[members], sides[members])
            found["exceptional_quarters"][members] = texts
    return found


def _count_sides(rows: pd.DataFrame) -> np.ndarray:
    """What the counts of each row's past quarters are beside its figure; '' where they are the figure."""
    return np.select([is_share(rows), rows["scale"].ne(1)], ["denominator", "numerator"], default="")


def _figures(rows: pd.DataFrame, year_ends: np.ndarray) -> pd.DataFrame:
    """Year ends as figures; that of a share is a percentage already, so its denominator is 100."""
    return figures_from_year_ends(rows, year_ends, rows["scale"].to_numpy(dtype="float64"))


def _history_text(years: pd.Series) -> pd.Series:
    used = years.clip(upper=LONGEST_HISTORY)
    return (
        (used.astype("str") + " years of history")
        .mask(used.eq(1), "1 year of history")
        .mask(used.eq(0), "no year of history")
    )
