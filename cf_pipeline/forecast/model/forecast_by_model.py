"""The method `model`: the averaged models where there is history enough, else what stands in for them.

Minimum history (whole years before, quarters known): none and one quarter gives no forecast; none and two or
more quarters is carried on pro rata, without a range; one year is provisional; a stock with under three keeps
its latest value. Only the latest five years are used, and none before a declared step change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.forecast.methods.pro_rata import QUARTERS, pro_rata
from cf_pipeline.forecast.model.ranges import LEVELS
from cf_pipeline.forecast.model.to_figures import divided
from cf_pipeline.forecast.model.year_end import MOST_YEARS, counts, percentages, stock_percentages, stocks
from cf_pipeline.forecast.series.period_matrix import Placed
from cf_pipeline.forecast.series.series_kind import CARRIED, FLOW, SHARE, STOCK, STOCK_SHARE

METHODS = {FLOW: counts, SHARE: percentages, STOCK: stocks, STOCK_SHARE: stock_percentages}
STOCK_YEARS = 3
"""Whole years before that a stock needs."""
FEW = 5
"""An expected year of fewer cases is too few to forecast: only its range is honest."""
TOO_FEW = "too few to forecast"
BOUNDS = {(side, level): f"{side}_{100 * level:.0f}" for level in LEVELS for side in ("lower", "upper")}
"""The column of each bound."""


def modelled(rows: pd.DataFrame, placed: Placed) -> pd.DataFrame:
    """The model's forecast of each year so far.

    Args:
        rows: as `history.years_so_far` gives them.
        placed: where they lie on the timelines.

    Returns:
        One row a row: forecast, forecast_numerator, forecast_denominator, the four bounds, label, symbol.
    """
    years = pd.Series(placed.years, index=rows.index)
    is_outturn = rows["quarters_used"].eq(QUARTERS)
    # What is carried as it is has no season: a year before, by its outturn, is history enough.
    instead = pro_rata(rows, years.mask(rows["family"].eq(CARRIED), rows["years"]))
    is_latest = rows["family"].isin([STOCK, STOCK_SHARE]) & instead["forecast"].notna() & ~is_outturn
    instead["label"] = instead["label"].mask(is_latest, "latest value (" + _history(years) + ")")
    for name in BOUNDS.values():
        instead[name] = instead["forecast"].where(is_outturn)

    ends = _year_ends(rows, placed)
    found = _figures(rows, ends["point"]).assign(symbol=None)
    for name in BOUNDS.values():
        found[name] = _figures(rows, ends[name])["forecast"]
    kind = pd.Series("model", rows.index).mask(years.eq(1), "provisional")
    is_few = rows["family"].eq(FLOW) & (ends["point"] < FEW)
    found["label"] = (kind + " (" + _history(years) + ")").mask(is_few, TOO_FEW)
    return (
        found[list(instead)]
        .astype(instead.dtypes.to_dict())
        .where(found["forecast"].notna() & ~is_outturn, instead)
    )


def _year_ends(rows: pd.DataFrame, placed: Placed) -> dict[str, np.ndarray]:
    """The point and the bounds of each row; NaN where there is too little history."""
    found = {name: np.full(len(rows), np.nan) for name in ("point", *BOUNDS.values())}
    for positions, family, known in placed.shapes(1):
        if family in (STOCK, STOCK_SHARE) and known.years < STOCK_YEARS:
            continue
        ends = METHODS[family](known)
        found["point"][positions] = ends.point
        for level in LEVELS:
            found[BOUNDS["lower", level]][positions] = ends.lower[level]
            found[BOUNDS["upper", level]][positions] = ends.upper[level]
    return found


def _figures(rows: pd.DataFrame, ends: np.ndarray) -> pd.DataFrame:
    """Year ends as figures; a share's is a percentage already, so it is over a hundred."""
    return divided(rows, ends, rows["scale"].to_numpy(dtype="float64"))


def _history(years: pd.Series) -> pd.Series:
    used = years.clip(upper=MOST_YEARS)
    return (
        (used.astype("str") + " years of history")
        .mask(used.eq(1), "1 year of history")
        .mask(used.eq(0), "no year of history")
    )
