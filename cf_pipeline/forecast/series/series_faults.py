"""Faults in series that make a forecast impossible, each as a sentence without any value.

A series with a fault is left out; the other series are forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    values = [rows[name].to_numpy(dtype="float64", na_value=np.nan) for name in value_columns]
    at, texts = find_faulty_rows(series, period, values, require_whole_numbers, require_every_period)
    faulty = rows.iloc[at]
    return write_faults(faulty["period_name"], texts).set_axis(faulty["series"])


def find_faulty_rows(
    series: np.ndarray,
    period: np.ndarray,
    values: Sequence[np.ndarray],
    require_whole_numbers: bool = True,
    require_every_period: Any = True,
) -> tuple[np.ndarray, np.ndarray]:
    """The position of the earliest faulty row of each series that has one, by series, and the fault's text.

    Args:
        series: the series of each row, a whole number.
        period: its period, as for `find_faults`.
        values: its counts or amounts, one array each.
        require_whole_numbers: as for `find_faults`.
        require_every_period: as for `find_faults`, one truth for each row or for all.
    """
    order = np.argsort(series * (period.max(initial=0) - period.min(initial=0) + 1) + period, kind="stable")
    is_twice, is_gap = np.zeros((2, len(series)), dtype="bool")
    has_earlier, step = np.diff(series[order]) == 0, np.diff(period[order])
    is_twice[order[1:]], is_gap[order[1:]] = has_earlier & (step == 0), has_earlier & (step > 1)
    found = {
        "twice": is_twice,
        "no_number": np.any([~np.isfinite(each) for each in values], axis=0),
        "negative": np.any([each < 0 for each in values], axis=0),
        "part": np.any([require_whole_numbers & (each != np.floor(each)) for each in values], axis=0),
        "gap": is_gap & np.asarray(require_every_period, dtype="bool"),
    }
    at = np.flatnonzero(np.any(list(found.values()), axis=0))
    at = at[np.lexsort((period[at], series[at]))]
    at = at[np.unique(series[at], return_index=True)[1]]
    texts = np.select([found[name][at] for name in FAULT_TEXTS], list(FAULT_TEXTS.values()), default="")
    return at, texts


def write_faults(periods: pd.Series, texts: np.ndarray) -> pd.Series:
    """The sentence of each fault, with the name of its period."""
    return periods.astype("str") + ": " + pd.Series(texts, periods.index, dtype="str") + "."
