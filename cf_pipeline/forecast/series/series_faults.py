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
    ordered = rows.assign(is_gap_fault=require_every_period).sort_values(["series", "period"], kind="stable")
    numbers = ordered[value_columns].to_numpy(dtype="float64", na_value=np.nan)
    is_number = np.isfinite(numbers)
    step = ordered.groupby("series")["period"].diff()
    found = pd.DataFrame(
        {
            "twice": step.eq(0),
            "no_number": ~is_number.all(axis=1),
            "negative": (numbers < 0).any(axis=1),
            "part": (require_whole_numbers & is_number & (numbers != np.floor(numbers))).any(axis=1),
            "gap": step.gt(1) & ordered["is_gap_fault"],
        },
        index=ordered.index,
    )[list(FAULT_TEXTS)]
    is_faulty = found.any(axis=1)
    first = ordered[is_faulty].assign(fault=found[is_faulty].idxmax(axis=1)).drop_duplicates("series")
    sentences = first["period_name"].astype("str") + ": " + first["fault"].map(FAULT_TEXTS) + "."
    return sentences.set_axis(first["series"])
