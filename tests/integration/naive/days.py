"""Days, months and quarters by plain arithmetic, and England's bank holidays typed in."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple

ONE_DAY = dt.timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2015, 2020
BANK_HOLIDAYS = {
    dt.date(int(year), int(day[:2]), int(day[3:]))
    for year, *days in (
        line.split()
        for line in """
        2015 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
        2016 01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27
        2017 01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26
        2018 01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26
        2019 01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26
        2020 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28
        """.strip().splitlines()
    )
    for day in days
}


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
        if self.number == 4:
            return dt.date(self.year + 1, 1, 1)
        return dt.date(self.year, 1 + 3 * self.number, 1)

    @property
    def end(self) -> dt.date:
        if self.number == 4:
            return dt.date(self.year + 1, 3, 31)
        return [dt.date(self.year, 6, 30), dt.date(self.year, 9, 30), dt.date(self.year, 12, 31)][
            self.number - 1
        ]

    def start_on(self, basis: str) -> dt.date:
        return self.start if basis == "quarter" else dt.date(self.year, 4, 1)


def quarters_of(first: dt.date, newest: dt.date) -> list[Quarter]:
    """The quarters with a day in or after `first`'s quarter that had ended by `newest`."""
    years = range(first.year - 1, newest.year + 1)
    every = [Quarter(year, number) for year in years for number in (1, 2, 3, 4)]
    return [quarter for quarter in every if first <= quarter.end <= newest]


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday and no bank holiday, inside the years of the table."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("the table of bank holidays does not reach this year")
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def working_days(first: dt.date | None, last: dt.date | None) -> int | None:
    """Working days after the first day up to and including the last; None when that cannot be said."""
    if first is None or last is None or last < first:
        return None
    count, day = 0, first
    while day < last:
        day += ONE_DAY
        if is_working_day(day):
            count += 1
    return count


def plus_months(day: dt.date, months: int) -> dt.date:
    """So many calendar months later (earlier when negative), clipped to the month's last day."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
