"""Working days and calendar months, vectorised.

Working days: Monday to Friday less the bank holidays of England, counted after the first day up to
and including the last, so the same day is 0 (kpi conventions; Working Together to Safeguard
Children). Months are calendar months clipped to the month's end: 31 August + 6 months is 28 February.
"""

from __future__ import annotations

from functools import cache

import holidays
import numpy as np
import pandas as pd

FIRST_YEAR, LAST_YEAR = 1990, 2050


@cache
def bank_holidays() -> np.ndarray:
    """Bank holidays of England from 1990 to 2050 as sorted numpy days."""
    days = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1))
    return np.array(sorted(days), dtype="datetime64[D]")


@cache
def _prefix() -> tuple[np.datetime64, np.ndarray]:
    first = np.datetime64(f"{FIRST_YEAR}-01-01", "D")
    days = np.arange(first, np.datetime64(f"{LAST_YEAR + 1}-01-01", "D"))
    return first, np.cumsum(np.is_busday(days, holidays=bank_holidays()))


def working_days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Working days after `start` up to and including `end`; missing when a date is, or end < start.

    Returns:
        Int64, one value a row, on the index of `start`.
    """
    first, prefix = _prefix()
    a, b = _days(start), _days(end)
    known = ~(np.isnat(a) | np.isnat(b))
    ordered = known & (b >= a)
    index_a = np.clip(np.where(known, a, first) - first, np.timedelta64(0), np.timedelta64(len(prefix) - 1))
    index_b = np.clip(np.where(known, b, first) - first, np.timedelta64(0), np.timedelta64(len(prefix) - 1))
    count = prefix[index_b.astype("int64")] - prefix[index_a.astype("int64")]
    return pd.Series(count, index=start.index, dtype="Int64").where(ordered)


def add_months(dates: pd.Series, months: int) -> pd.Series:
    """Each date plus so many calendar months, clipped to the month's end; missing stays missing."""
    days = _days(dates)
    month = days.astype("datetime64[M]")
    day = (days - month.astype("datetime64[D]")).astype("int64")
    target = month + np.timedelta64(months, "M")
    last = (
        (target + np.timedelta64(1, "M")).astype("datetime64[D]")
        - np.timedelta64(1, "D")
        - target.astype("datetime64[D]")
    ).astype("int64")
    clipped = target.astype("datetime64[D]") + np.minimum(day, last).astype("timedelta64[D]")
    clipped = np.where(np.isnat(days), np.datetime64("NaT"), clipped)
    return pd.Series(clipped.astype("datetime64[us]"), index=dates.index)


def months_before(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """The day so many calendar months earlier, clipped to the month's end."""
    return day - pd.DateOffset(months=months)


def _days(dates: pd.Series) -> np.ndarray:
    return dates.to_numpy(dtype="datetime64[us]").astype("datetime64[D]")
