"""The methods `last_year_remainder` and `latest_value`, in frames: exact sums, no ranges."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.forecast.methods.pro_rata import LATEST, NO_CASES, QUARTERS, pro_rata
from cf_pipeline.forecast.methods.simple_methods import NAMED
from cf_pipeline.forecast.model.to_figures import divided
from cf_pipeline.forecast.series.period_matrix import Placed
from cf_pipeline.forecast.series.series_kind import CARRIED, STOCK, STOCK_SHARE

LABELS = {
    "last_year_remainder": "the year so far and the rest of last year",
    "latest_value": "the year so far and the latest quarter again",
}
STOCK_LABELS = {
    "last_year_remainder": "the latest value, moved as last year's moved",
    "latest_value": LATEST,
}
NO_YEAR = "no forecast: no full year before"


def unmodelled(method: str, rows: pd.DataFrame, placed: Placed) -> pd.DataFrame:
    """The forecast of each year so far by one of the named methods; columns as `pro_rata` gives them."""
    named = NAMED[method]
    top, below = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for positions, family, known in placed.shapes(named.years):
        carry = named.stock if family in (STOCK, STOCK_SHARE) else named.flow
        below[positions] = carry(known.denominators, known)
        # A share that moved as last year's cannot pass the whole; a count has nothing below it.
        top[positions] = np.fmin(carry(known.tops, known), below[positions])
    found = divided(rows, top, below)
    is_unknown, is_of_nothing = np.isnan(top), found["forecast"].isna()
    words = rows["family"].isin([STOCK, STOCK_SHARE]).map({True: STOCK_LABELS[method], False: LABELS[method]})
    found["label"] = words.mask(is_of_nothing, NO_CASES).mask(is_unknown, NO_YEAR)
    found["symbol"] = pd.Series(None, rows.index, dtype="str").mask(is_of_nothing, "z").mask(is_unknown, "x")
    # An outturn needs no method, and what is carried as it is every method carries alike.
    alike = pro_rata(rows, rows["years"])
    keeps = rows["family"].eq(CARRIED) | rows["quarters_used"].eq(QUARTERS)
    return found.astype(alike.dtypes.to_dict()).where(~keeps, alike)
