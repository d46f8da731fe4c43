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
    if len(days) > 1 and (days == days[0]).all():  # as the as-at date of a delivery's rows
        later = np.full(len(days), _months_later(days[:1], months)[0])
    else:
        later = _months_later(days, months)
    return pd.Series(later.astype("datetime64[us]"), index=dates.index)


def _months_later(days: np.ndarray, months: int) -> np.ndarray:
    month = days.astype("datetime64[M]")
    target = month + np.timedelta64(months, "M")
    later: np.ndarray = target.astype("datetime64[D]") + (days - month.astype("datetime64[D]"))
    is_beyond = later.astype("datetime64[M]") != target  # a missing day is no day's equal and stays missing
    ends = (target[is_beyond] + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    later[is_beyond] = ends
    return later


def months_before(day: Dates, months: int) -> Dates:
    """The day, or each day of a column, so many calendar months earlier, clipped to the month's end."""
    return add_months(day, -months) if isinstance(day, pd.Series) else day - pd.DateOffset(months=months)
