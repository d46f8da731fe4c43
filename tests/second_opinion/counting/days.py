"""Days, months, working days and quarters by plain arithmetic, with a calendar of its own.

England's bank holidays follow from their rules: New Year's Day, Good Friday and Easter Monday, the first
and last Monday of May, the last Monday of August, Christmas and Boxing Day, each moved to the next free
weekday when it falls on a weekend; and the days that were proclaimed or moved, typed in.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache
from typing import NamedTuple

ONE_DAY = dt.timedelta(days=1)
MONDAY, SATURDAY = 0, 5
PROCLAIMED = {
    2011: (dt.date(2011, 4, 29),),
    2012: (dt.date(2012, 6, 5),),
    2022: (dt.date(2022, 6, 3), dt.date(2022, 9, 19)),
    2023: (dt.date(2023, 5, 8),),
}
EARLY_MAY_MOVED = {2020: dt.date(2020, 5, 8)}
SPRING_MOVED = {2012: dt.date(2012, 6, 4), 2022: dt.date(2022, 6, 2)}


class Quarter(NamedTuple):
    """A quarter of the year that starts on 1 April of `year`."""

    year: int
    number: int

    @property
    def key(self) -> str:
        return f"{self.label} Q{self.number}"

    @property
    def label(self) -> str:
        return f"{self.year}/{str(self.year + 1)[2:]}"

    @property
    def start(self) -> dt.date:
        return (
            dt.date(self.year + 1, 1, 1) if self.number == 4 else dt.date(self.year, 1 + 3 * self.number, 1)
        )

    @property
    def end(self) -> dt.date:
        month, day = {1: (6, 30), 2: (9, 30), 3: (12, 31), 4: (3, 31)}[self.number]
        return dt.date(self.year + (self.number == 4), month, day)


class Period(NamedTuple):
    """What is measured: a quarter, the year up to its end, or the whole year."""

    quarter: Quarter
    basis: str

    @property
    def start(self) -> dt.date:
        return self.quarter.start if self.basis == "quarter" else dt.date(self.quarter.year, 4, 1)

    @property
    def end(self) -> dt.date:
        return self.quarter.end


def quarter_of(day: dt.date) -> Quarter:
    """The quarter a day falls in."""
    return Quarter(day.year - 1, 4) if day.month < 4 else Quarter(day.year, (day.month - 1) // 3)


def newest_quarter(day: dt.date) -> Quarter:
    """The last quarter that ended by a day."""
    quarter = quarter_of(day)
    if quarter.end <= day:
        return quarter
    return quarter_of(quarter.start - ONE_DAY)


def periods_between(first: dt.date, newest: dt.date) -> list[Period]:
    """Every period of the quarters from the one `first` falls in to the last that ended by `newest`."""
    found = []
    for year in range(first.year - 1, newest.year + 1):
        for number in (1, 2, 3, 4):
            quarter = Quarter(year, number)
            if first <= quarter.end <= newest:
                bases = ("quarter", "ytd", "year") if number == 4 else ("quarter", "ytd")
                found += [Period(quarter, basis) for basis in bases]
    return found


def easter_sunday(year: int) -> dt.date:
    """The anonymous Gregorian rule."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


def first_monday(year: int, month: int) -> dt.date:
    day = dt.date(year, month, 1)
    while day.weekday() != MONDAY:
        day += ONE_DAY
    return day


def last_monday(year: int, month: int) -> dt.date:
    day = dt.date(year, month, 31)
    while day.weekday() != MONDAY:
        day -= ONE_DAY
    return day


@cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    """England's bank holidays of a year, substitute days included."""
    easter = easter_sunday(year)
    days = {
        easter - 2 * ONE_DAY,
        easter + ONE_DAY,
        EARLY_MAY_MOVED.get(year, first_monday(year, 5)),
        SPRING_MOVED.get(year, last_monday(year, 5)),
        last_monday(year, 8),
        *PROCLAIMED.get(year, ()),
    }
    for month, day in ((1, 1), (12, 25), (12, 26)):
        holiday = dt.date(year, month, day)
        while holiday.weekday() >= SATURDAY or holiday in days:
            holiday += ONE_DAY
        days.add(holiday)
    return frozenset(days)


def working_days(first: dt.date | None, last: dt.date | None) -> int | None:
    """Working days after the first day up to and including the last; None when that cannot be said."""
    if first is None or last is None or last < first:
        return None
    return _working_days(first, last)


@cache
def _working_days(first: dt.date, last: dt.date) -> int:
    count, day = 0, first
    while day < last:
        day += ONE_DAY
        count += day.weekday() < SATURDAY and day not in bank_holidays(day.year)
    return count


def plus_working_days(day: dt.date, days: int) -> dt.date:
    """The last day on which no more than so many working days have passed."""
    last = day
    while _working_days(day, last + ONE_DAY) <= days:
        last += ONE_DAY
    return last


def plus_days(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


def plus_months(day: dt.date, months: int) -> dt.date:
    """So many calendar months later (earlier when negative), clipped to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def birthday(born: dt.date, years: int) -> dt.date:
    """The birthday of this age; on 1 March where a year has no 29 February."""
    is_missing = (born.month, born.day) == (2, 29) and not calendar.isleap(born.year + years)
    return dt.date(born.year + years, 3, 1) if is_missing else born.replace(year=born.year + years)


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years at the last birthday; -1 before birth. Somebody born on 29 February: on 1 March."""
    if day < born:
        return -1
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
