"""Working days, vectorised: Monday to Friday without the bank holidays of England.

They are counted after the first day up to and including the last, so the same day is 0 (conventions of the
department's returns; Working Together to Safeguard Children).
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.months import days_of

FIRST_YEAR, LAST_YEAR = 1990, 2050


@cache
def bank_holidays() -> np.ndarray:
    """Bank holidays of England from 1990 to 2050 as sorted numpy days.

    A file has them: the library that knows them, against which a test holds the file, takes longer to work
    them out than a small list takes to read.
    """
    path = resources.files("cf_pipeline.contracts") / "data" / "bank_holidays.csv"
    return np.array(path.read_text(encoding="utf-8").split()[1:], dtype="datetime64[D]")


@cache
def _counts_by_day() -> tuple[np.datetime64, np.ndarray]:
    """The first day of the table, and for each day the working days up to and including it."""
    first = np.datetime64(f"{FIRST_YEAR}-01-01", "D")
    days = np.arange(first, np.datetime64(f"{LAST_YEAR + 1}-01-01", "D"))
    return first, np.cumsum(np.is_busday(days, holidays=bank_holidays()))


def working_days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Working days after `start` up to and including `end`; missing when a date is, or end < start.

    Returns:
        Int64, one value a row, on the index of `start`.
    """
    first, counts = _counts_by_day()
    starts, ends = days_of(start), days_of(end)
    is_known = ~(np.isnat(starts) | np.isnat(ends))
    first_place, last_place = (
        np.clip((np.where(is_known, days, first) - first).astype("int64"), 0, len(counts) - 1)
        for days in (starts, ends)
    )
    is_ordered = is_known & (ends >= starts)
    count = counts[last_place] - counts[first_place]
    return pd.Series(count, index=start.index, dtype="Int64").where(is_ordered)


def add_working_days(dates: pd.Series, count: int) -> pd.Series:
    """For each date the last day that lies no more than `count` working days after it.

    Weekends and bank holidays that follow that day belong to it: Friday + 1 working day is Monday, Friday + 0
    is Sunday. Missing stays missing.
    """
    first, counts = _counts_by_day()
    days = days_of(dates)
    known = ~np.isnat(days)
    index = np.clip((np.where(known, days, first) - first).astype("int64"), 0, len(counts) - 1)
    last = np.searchsorted(counts, counts[index] + count, side="right") - 1
    found = np.where(known, first + last.astype("timedelta64[D]"), np.datetime64("NaT", "D"))
    return pd.Series(found.astype("datetime64[us]"), index=dates.index)
