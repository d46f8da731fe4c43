"""Faults in series that make a forecast impossible, each as a sentence without any value.

A series with a fault is left out; the other series are forecast.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

FAULT_TEXTS = {
    "twice": "has more than one value; keep one",
    "no_number": "has no number; supply it or leave the years up to it out",
    "negative": "has a value below zero; correct it",
    "part": "has a count that is not a whole number; correct it",
    "gap": "comes after a period that is missing; supply the missing one or leave the years before out",
}
"""What is wrong and what to do, by fault. Of several faults in one period the first listed here is named."""


def find_faults(
    rows: pd.DataFrame,
    value_columns: list[str],
    require_whole_numbers: bool = True,
    require_every_period: pd.Series | bool = True,
) -> pd.Series:
    """The earliest fault of each series that has one.

    Args:
        rows: series (any key), period (a whole number that rises by 1 each period), period_name (for the
            sentence) and the columns of `value_columns`.
        value_columns: the columns that hold counts or amounts.
        require_whole_numbers: True for counts, False for amounts.
        require_every_period: whether a missing period is a fault; a Series decides it row by row.

    Returns:
        A sentence by series, such as '2019/20 Q2: has a value below zero; correct it.'
    """
    series, _ = pd.factorize(rows["series"], sort=True)
    period = rows["period"].to_numpy(dtype="int64")
    order = np.lexsort((period, series))
    series, period = series[order], period[order]
    numbers = rows[value_columns].to_numpy(dtype="float64", na_value=np.nan)[order]
    is_number = np.isfinite(numbers)
    has_earlier = np.diff(series, prepend=-2) == 0
    step = np.diff(period, prepend=0)
    is_gap_fault = np.broadcast_to(np.asarray(require_every_period, dtype="bool"), len(rows))[order]
    is_part = is_number & (numbers != np.floor(numbers))
    found = {
        "twice": has_earlier & (step == 0),
        "no_number": ~is_number.all(axis=1),
        "negative": (numbers < 0).any(axis=1),
        "part": require_whole_numbers & is_part.any(axis=1),
        "gap": has_earlier & (step > 1) & is_gap_fault,
    }
    is_faulty = np.flatnonzero(np.any(list(found.values()), axis=0))
    _, position = np.unique(series[is_faulty], return_index=True)
    first = is_faulty[position]
    texts = np.select([found[name][first] for name in FAULT_TEXTS], list(FAULT_TEXTS.values()), default="")
    faulty = rows.iloc[order[first]]
    sentences = faulty["period_name"].astype("str") + ": " + pd.Series(texts, faulty.index, dtype="str") + "."
    return sentences.set_axis(faulty["series"])
