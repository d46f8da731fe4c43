"""Series that cannot be forecast because of what is in them, each with words that say so.

A series with a fault is left out and told; the others go on. No value is ever in the words.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

WORDS = {
    "twice": "has more than one value; keep one",
    "no_number": "has no number; supply it or leave the years up to it out",
    "negative": "has a value below zero; correct it",
    "part": "has a count that is not a whole number; correct it",
    "gap": "comes after a period that is missing; supply the missing one or leave the years before out",
}
"""What is wrong and what to do, by fault; of several in one series the first in its time is told."""


def faults(
    rows: pd.DataFrame, values: list[str], whole: bool = True, gaps: pd.Series | bool = True
) -> pd.Series:
    """The first fault of each series that has one.

    Args:
        rows: series (any key), period (whole number, one more each period), shown (the period in words) and
            the columns of `values`.
        values: names of the columns that hold counts.
        whole: whether they must be whole numbers, as counts are; amounts need not.
        gaps: whether (or for which rows) every period must be there.

    Returns:
        The period and what is wrong, by series, such as '2019/20 Q2: has a value below zero; correct it.'
    """
    ordered = rows.assign(gaps=gaps).sort_values(["series", "period"], kind="stable")
    numbers = ordered[values].to_numpy(dtype="float64", na_value=np.nan)
    is_number = np.isfinite(numbers)
    step = ordered.groupby("series")["period"].diff()
    found = pd.DataFrame(
        {
            "twice": step.eq(0),
            "no_number": ~is_number.all(axis=1),
            "negative": (numbers < 0).any(axis=1),
            "part": (whole & is_number & (numbers != np.floor(numbers))).any(axis=1),
            "gap": step.gt(1) & ordered["gaps"],
        },
        index=ordered.index,
    )[list(WORDS)]
    at_fault = found.any(axis=1)
    first = ordered[at_fault].assign(fault=found[at_fault].idxmax(axis=1)).drop_duplicates("series")
    sentence = first["shown"].astype("str") + ": " + first["fault"].map(WORDS) + "."
    return sentence.set_axis(first["series"])
