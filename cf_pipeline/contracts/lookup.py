"""Look up values by key and keep their dtype, even when there are none."""

from __future__ import annotations

import pandas as pd


def lookup(keys: pd.Series, values: pd.Series) -> pd.Series:
    """For each key the value with that index label, missing where there is none.

    `Series.map` casts to float when `values` is empty; this keeps its dtype. Labels must be unique.
    """
    return values.reindex(pd.Index(keys)).set_axis(keys.index)
