"""Calendar months, vectorised and clipped to the month's end: 31 August + 6 months is 28 February."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd

_DAY = np.timedelta64(1, "D") // np.timedelta64(1, "us")
NO_DAY = np.datetime64("NaT").astype("int64")
"""The number of a missing day."""
Dates = TypeVar("Dates", pd.Timestamp, "pd.Series[pd.Timestamp]")


def days_of(dates: pd.Series) -> np.ndarray:
    """The dates as numpy days."""
    # Divided as whole numbers: numpy's own conversion takes twice as long.
    moments = dates.to_numpy(dtype="datetime64[us]").view("int64")
    days = moments // _DAY
    np.copyto(days, NO_DAY, where=moments == NO_DAY)
    return days.view("datetime64[D]")


def add_months(dates: pd.Series, months: int) -> pd.Series:
    """Each date plus so many calendar months, clipped to the month's end; missing stays missing."""
    days = days_of(dates)
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


def months_before(day: Dates, months: int) -> Dates:
    """The day, or each day of a column, so many calendar months earlier, clipped to the month's end."""
    return add_months(day, -months) if isinstance(day, pd.Series) else day - pd.DateOffset(months=months)
