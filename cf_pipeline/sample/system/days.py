"""Calendar arithmetic over whole numpy arrays of days: quarters, working days, calendar months.

The sample draws its events as numpy arrays. `contracts/dates` has the same rules for pandas columns; quarters
and bank holidays are taken from there.

Belongs here: dates as numpy days, and nothing about children.
Does not belong here: drawing events, reading or writing files.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from cf_pipeline.contracts.dates.calendar import bank_holidays
from cf_pipeline.contracts.dates.quarters import Quarter

Days = npt.NDArray[np.datetime64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = np.datetime64("NaT", "D")
ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, order=True)
class QuarterDays:
    """A quarter with its first and last day as numpy days, to be compared with whole arrays of days."""

    quarter: Quarter

    @property
    def year(self) -> int:
        """The calendar year in which its financial year starts."""
        return self.quarter.year

    @property
    def number(self) -> int:
        """1 to 4."""
        return self.quarter.number

    @property
    def key(self) -> str:
        """'2019/20 Q3'."""
        return self.quarter.key

    @property
    def start(self) -> np.datetime64:
        """First day."""
        return np.datetime64(self.quarter.start, "D")

    @property
    def end(self) -> np.datetime64:
        """Last day."""
        return np.datetime64(self.quarter.end, "D")

    @property
    def year_end(self) -> np.datetime64:
        """31 March at the end of its financial year."""
        return np.datetime64(Quarter(self.year, 4).end, "D")


def quarters_of_years(first_year: int, count: int) -> list[QuarterDays]:
    """The first `count` quarters from Q1 of `first_year`/.. on, oldest first."""
    return [QuarterDays(Quarter(first_year, 1).next(step)) for step in range(count)]


@cache
def working_calendar() -> np.busdaycalendar:
    """Monday to Friday without the bank holidays of England."""
    return np.busdaycalendar(holidays=bank_holidays())


def working_days(start: Days, end: Days | np.datetime64) -> Ints:
    """Working days after `start` up to and including `end`; the same day is 0. No missing dates."""
    counted = np.busday_count(start + ONE_DAY, end + ONE_DAY, busdaycal=working_calendar())
    return np.asarray(counted, dtype=np.int64)


def add_working_days(start: Days, count: Ints | int) -> Days:
    """The day that lies `count` working days after `start` (before it when negative)."""
    moved = np.busday_offset(start, count, roll="backward", busdaycal=working_calendar())
    return np.asarray(moved, dtype="M8[D]")


def is_working_day(days: Days) -> Flags:
    """Whether each day is a working day."""
    return np.asarray(np.is_busday(days, busdaycal=working_calendar()), dtype=np.bool_)


def add_months(days: Days | np.datetime64, months: int) -> Days:
    """Each day moved by calendar months, clipped to the end of a shorter month; NaT stays NaT."""
    day = np.asarray(days, dtype="M8[D]")
    month = day.astype("M8[M]")
    target = month + np.timedelta64(months, "M")
    last = (target + np.timedelta64(1, "M")).astype("M8[D]") - ONE_DAY
    return np.asarray(np.minimum(target.astype("M8[D]") + (day - month.astype("M8[D]")), last))


def months_before(day: np.datetime64, months: int) -> np.datetime64:
    """The one day that lies so many calendar months earlier."""
    return np.datetime64(add_months(day, -months).item(), "D")


def age_on(born: Days, on: Days | np.datetime64) -> Ints:
    """Age in whole years at the last birthday; -1 for a child not yet born."""
    when = np.broadcast_to(np.asarray(on, dtype="M8[D]"), born.shape)
    months = (when.astype("M8[M]") - born.astype("M8[M]")).astype(np.int64)
    day_of_birth = (born - born.astype("M8[M]").astype("M8[D]")).astype(np.int64)
    day_now = (when - when.astype("M8[M]").astype("M8[D]")).astype(np.int64)
    complete = months - (day_now < day_of_birth)
    return np.where(complete < 0, -1, complete // 12)


def uniform_days(rng: np.random.Generator, first: Days | np.datetime64, last: Days | np.datetime64) -> Days:
    """A day drawn evenly from [first, last] for each pair; `first` where the interval is empty."""
    low, high = np.broadcast_arrays(np.asarray(first, dtype="M8[D]"), np.asarray(last, dtype="M8[D]"))
    span = np.maximum((high - low).astype(np.int64), 0)
    return np.asarray(low + rng.integers(0, span + 1).astype("m8[D]"), dtype="M8[D]")


def as_date(day: np.datetime64) -> dt.date:
    """One numpy day as a date."""
    return dt.date.fromisoformat(str(day.astype("M8[D]")))
