"""Birthdays and ages: the one place that knows the birthday of somebody born on 29 February.

It is 29 February where the year has one, else 1 March (docs/rulings.md#34). Whole months of a duration are in
`months.py`; they are clipped to the month's end.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.months import days_of

Days = npt.NDArray[np.datetime64]
BEFORE_BIRTH, NOT_KNOWN = -1, -2
_MONTH = 32


def birthday(births: pd.Series, years: int) -> pd.Series:
    """The day on which each person reaches this age in years; missing stays missing."""
    days = birthday_of_days(days_of(births), years)
    return pd.Series(days.astype("datetime64[us]"), index=births.index)


def birthday_of_days(born: Days, years: int) -> Days:
    """As `birthday`, of numpy days: 29 February of a year without one runs on into 1 March."""
    month = born.astype("datetime64[M]")
    target = (month + np.timedelta64(12 * years, "M")).astype("datetime64[D]")
    return np.asarray(target + (born - month.astype("datetime64[D]")), dtype="datetime64[D]")


def whole_years(births: pd.Series, dates: pd.Series) -> pd.Series:
    """The age of each person in whole years on a date, as `age_years`."""
    return pd.Series(age_years(days_of(births), days_of(dates)), index=births.index)


def age_years(born: Days, day: Days) -> npt.NDArray[np.int64]:
    """Whole years of age on a day; BEFORE_BIRTH, or NOT_KNOWN when either date is missing."""
    known = ~(np.isnat(born) | np.isnat(day))
    years = np.where(day < born, BEFORE_BIRTH, (_month_and_day(day) - _month_and_day(born)) // (12 * _MONTH))
    return np.where(known, years, NOT_KNOWN)


def _month_and_day(days: np.ndarray) -> np.ndarray:
    """For each day its month times 32 plus its day of the month; any number for a missing day.

    The difference of two, divided by 32 and rounded down, is the number of whole months between them. Days
    that outnumber those of the date range are looked up in a table over the range.
    """
    known = days[~np.isnat(days)]
    if not len(known):
        return np.zeros(len(days), dtype="int64")
    first, last = known.min(), known.max()
    if (last - first).astype("int64") >= len(days):
        return _numbers_of(days)
    number = _numbers_of(np.arange(first, last + np.timedelta64(1, "D")))
    # A missing day is the smallest int64; it is looked up as the first day.
    found: np.ndarray = number.take(np.maximum((days - first).astype("int64"), 0))
    return found


def _numbers_of(days: np.ndarray) -> np.ndarray:
    months = days.astype("datetime64[M]")
    number: np.ndarray = months.astype("int64") * _MONTH
    number += (days - months.astype("datetime64[D]")).astype("int64")
    return number
